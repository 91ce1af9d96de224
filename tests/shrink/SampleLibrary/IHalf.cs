namespace MatterNano.Sample;

/// <summary>Implemented by <see cref="Pair"/> alone.</summary>
public interface IHalf
{
    int Count(int n);
}
