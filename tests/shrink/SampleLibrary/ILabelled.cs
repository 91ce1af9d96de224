namespace MatterNano.Sample;

/// <summary>The same member as <see cref="INamed"/>, implemented apart.</summary>
public interface ILabelled
{
    string Name { get; }
}
