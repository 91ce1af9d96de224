namespace MatterNano.Sample;

public interface INamed
{
    string Name { get; }
}
