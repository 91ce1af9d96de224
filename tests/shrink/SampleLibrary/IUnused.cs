namespace MatterNano.Sample;

public interface IUnused
{
    void Unused();
}
