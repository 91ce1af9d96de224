using MatterNano.Clusters;

namespace NFUnitTest.Clusters;

/// <summary>Notes in which order a fail-safe asks for what.</summary>
internal sealed class RecordingParts : IFailSafeParts
{
    internal string Calls = "";
    internal bool RefusesToPrepare;

    public void ClosePaseSessions()
    {
        Calls += "pase ";
    }

    public void CloseCaseSessions(int fabricIndex)
    {
        Calls += "case" + fabricIndex + " ";
    }

    public void RestoreNetworks()
    {
        Calls += "networks ";
    }

    public void RevertFabric(int fabricIndex)
    {
        Calls += "revert" + fabricIndex + " ";
    }

    public void RemoveFabric(int fabricIndex)
    {
        Calls += "remove" + fabricIndex + " ";
    }

    public void DropPendingCredentials()
    {
        Calls += "drop ";
    }

    public bool PrepareCommit()
    {
        Calls += "prepare ";
        return !RefusesToPrepare;
    }

    public void Commit()
    {
        Calls += "commit ";
    }

    public void OnCompleted()
    {
        Calls += "completed ";
    }

    public void OnFailSafeChanged(bool expired)
    {
        Calls += expired ? "expired " : "changed ";
    }
}
