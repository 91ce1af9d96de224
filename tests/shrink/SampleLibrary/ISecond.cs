namespace MatterNano.Sample;

/// <summary>The same member as <see cref="IFirst"/>.</summary>
public interface ISecond
{
    string Tell(int n);
}
