namespace MatterNano.Credentials;

/// <summary>Told when fabrics come, change and go: to keep fabric-scoped data, sessions and announcements in step.</summary>
public interface IFabricListener
{
    /// <summary>AddNOC succeeded; the fabric is provisional until <see cref="OnFabricCommitted"/>.</summary>
    void OnFabricAdded(Fabric fabric);

    /// <summary>UpdateNOC succeeded, or was reverted: node identifier and keys of the fabric changed; its sessions and resumption records are void.</summary>
    void OnFabricUpdated(Fabric fabric);

    /// <summary>The provisional fabric or update is now durable.</summary>
    void OnFabricCommitted(Fabric fabric);

    /// <summary>The fabric is being removed, by RemoveFabric or because AddNOC was reverted; its fields are still readable. Drop all that is scoped to it.</summary>
    void OnFabricRemoved(Fabric fabric);
}
