namespace MatterNano.Sample;

/// <summary>One of two interfaces that <see cref="Twin"/> implements apart.</summary>
public interface IFirst
{
    string Tell(int n);
}
