namespace MatterNano.Sample;

/// <summary>Has one implementation in the whole image.</summary>
public interface IOnly
{
    int Twice(int n);
}
