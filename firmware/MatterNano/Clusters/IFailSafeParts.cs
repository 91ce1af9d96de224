namespace MatterNano.Clusters;

/// <summary>What a fail-safe undoes or keeps. Each step may find nothing to do, and must bear being repeated after a power cut.</summary>
public interface IFailSafeParts
{
    /// <summary>Ends every PASE session, and with it the commissioner's implicit privilege.</summary>
    void ClosePaseSessions();

    /// <summary>Ends the CASE sessions of a fabric.</summary>
    void CloseCaseSessions(int fabricIndex);

    /// <summary>Puts the Networks list back to what it was when the fail-safe was armed.</summary>
    void RestoreNetworks();

    /// <summary>Undoes UpdateNOC: the fabric's former certificates and key are in force again.</summary>
    void RevertFabric(int fabricIndex);

    /// <summary>Undoes AddNOC as RemoveFabric does, in every fabric-scoped table and record, also when only some of them were written.</summary>
    void RemoveFabric(int fabricIndex);

    /// <summary>Wipes a key made by CSRRequest and a root certificate that no fabric uses.</summary>
    void DropPendingCredentials();

    /// <summary>Writes down what is still only in RAM so that it survives, while a power cut still undoes it. First half of a completion.</summary>
    /// <returns>False when the flash refused; the fail-safe then goes on.</returns>
    bool PrepareCommit();

    /// <summary>Makes it final. Called after the marker is gone, and at boot when there is none, so it must bear being repeated.</summary>
    void Commit();

    /// <summary>CommissioningComplete succeeded: closes the window, ends PASE.</summary>
    void OnCompleted();

    /// <summary>The fail-safe was armed, disarmed or its Breadcrumb moved.</summary>
    /// <param name="expired">True when it has just expired: counts as a failed attempt in the commissioning window.</param>
    void OnFailSafeChanged(bool expired);
}
