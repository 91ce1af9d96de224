namespace MatterNano;

/// <summary>Every size of the stack, each with its unit and reason. What the node reports as its capacity is computed from here.</summary>
public static class Limits
{
    /// <summary>Fabrics (Core 11.18.5.3: 5 to 254).</summary>
    public const int Fabrics = 5;

    /// <summary>CASE sessions a fabric (Core 4.14.2.8: 3 at least).</summary>
    public const int CaseSessionsPerFabric = 3;

    /// <summary>Secure sessions: 3 CASE a fabric, 1 held for the next handshake, 1 PASE.</summary>
    public const int SecureSessions = Fabrics * CaseSessionsPerFabric + 2;

    /// <summary>Unsecured sessions: one a running or just finished handshake.</summary>
    public const int UnsecuredSessions = 4;

    /// <summary>Exchanges open at once, over all sessions.</summary>
    public const int Exchanges = 8;

    /// <summary>Resumption records: one a CASE session that can be held.</summary>
    public const int ResumptionRecords = Fabrics * CaseSessionsPerFabric;

    /// <summary>Subscriptions a fabric (Core 2.11.2.2: 3 at least).</summary>
    public const int SubscriptionsPerFabric = 3;

    /// <summary>Subscriptions.</summary>
    public const int Subscriptions = Fabrics * SubscriptionsPerFabric;

    /// <summary>Attribute and event paths of one subscription (Core 2.11.2.2: 3 at least).</summary>
    public const int PathsPerSubscription = 3;

    /// <summary>Attribute and event paths of one read (Core 2.11.2.1: 9 at least).</summary>
    public const int PathsPerRead = 9;

    /// <summary>Width of the replay window in messages (Core 4.6.5: 32 at least; a uint here).</summary>
    public const int ReplayWindow = 32;

    /// <summary>Largest datagram accepted, in bytes with all headers (Core 4.4.4).</summary>
    public const int MaxReceivedMessage = 1280;

    /// <summary>Largest datagram sent, in bytes with all headers; what matter.js also keeps to.</summary>
    public const int MaxSentMessage = 1232;

    /// <summary>Operational certificates, in bytes of Matter TLV (Core 6.1.3).</summary>
    public const int MaxCertificate = 400;

    /// <summary>Access control entries a fabric (Core 9.10.6).</summary>
    public const int AclEntriesPerFabric = 4;

    /// <summary>Subjects of an access control entry.</summary>
    public const int AclSubjects = 4;

    /// <summary>Targets of an access control entry.</summary>
    public const int AclTargets = 3;

    /// <summary>Group key sets a fabric, the identity protection key set included.</summary>
    public const int GroupKeySetsPerFabric = 3;

    /// <summary>Groups an endpoint can be in, for one fabric.</summary>
    public const int GroupsPerFabric = 4;

    /// <summary>Commands of one invoke request (MaxPathsPerInvoke, Core 11.1.5.22).</summary>
    public const int PathsPerInvoke = 1;
}
