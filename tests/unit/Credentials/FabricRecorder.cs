using MatterNano.Credentials;

namespace NFUnitTest.Credentials;

/// <summary>Writes down what a fabric table tells: a letter and the index.</summary>
internal sealed class FabricRecorder : IFabricListener
{
    internal string Heard = string.Empty;

    public void OnFabricAdded(Fabric fabric)
    {
        Heard += "A" + fabric.Index.ToString();
    }

    public void OnFabricUpdated(Fabric fabric)
    {
        Heard += "U" + fabric.Index.ToString();
    }

    public void OnFabricCommitted(Fabric fabric)
    {
        Heard += "C" + fabric.Index.ToString();
    }

    public void OnFabricRemoved(Fabric fabric)
    {
        Heard += "R" + fabric.Index.ToString();
    }
}
