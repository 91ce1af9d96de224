namespace MatterNano.Credentials;

/// <summary>StatusCode of NOCResponse (NodeOperationalCertStatusEnum, Core 11.18.4.2).</summary>
public static class NodeOperationalCertStatus
{
    /// <summary>OK.</summary>
    public const int Ok = 0;

    /// <summary>The public key of the NOC is not the one of the last CSR.</summary>
    public const int InvalidPublicKey = 1;

    /// <summary>The node identifier is not an operational one.</summary>
    public const int InvalidNodeOpId = 2;

    /// <summary>The certificates break a rule.</summary>
    public const int InvalidNoc = 3;

    /// <summary>No CSR was asked for in this fail-safe period.</summary>
    public const int MissingCsr = 4;

    /// <summary>No slot is free.</summary>
    public const int TableFull = 5;

    /// <summary>CaseAdminSubject is not a node identifier or tag.</summary>
    public const int InvalidAdminSubject = 6;

    /// <summary>The fabric (root public key and fabric identifier) is there already.</summary>
    public const int FabricConflict = 9;

    /// <summary>Another fabric has this label.</summary>
    public const int LabelConflict = 10;

    /// <summary>No fabric has this index.</summary>
    public const int InvalidFabricIndex = 11;
}
