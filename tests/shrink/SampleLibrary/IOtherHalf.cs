namespace MatterNano.Sample;

/// <summary>The same member as <see cref="IHalf"/>.</summary>
public interface IOtherHalf
{
    int Count(int n);
}
