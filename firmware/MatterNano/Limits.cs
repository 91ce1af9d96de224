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

    /// <summary>Exchanges open at once, over all sessions. What only waits for a last acknowledgement holds none.</summary>
    public const int Exchanges = 10;

    /// <summary>Of these, what strangers and handshakes can have and nobody else: one an unsecured session.</summary>
    public const int HandshakeExchanges = UnsecuredSessions;

    /// <summary>Message buffers: the large ones, and a short one in which a status finds room where long messages fill the pool.</summary>
    public const int MessageBuffers = LargeMessageBuffers + 1;

    /// <summary>Buffers of full size. Messages are written in one, and wait together in what others leave free.</summary>
    public const int LargeMessageBuffers = 4;

    /// <summary>Longest message of a short buffer, in bytes with all headers: responses to commands, single attributes, status.</summary>
    public const int MaxShortMessage = 160;

    /// <summary>Peers whose group counters are remembered; the least recently heard is forgotten.</summary>
    public const int GroupPeers = 8;

    /// <summary>Resumption records: one a CASE session that can be held.</summary>
    public const int ResumptionRecords = Fabrics * CaseSessionsPerFabric;

    /// <summary>Subscriptions a fabric (Core 2.11.2.2: 3 at least).</summary>
    public const int SubscriptionsPerFabric = 3;

    /// <summary>Subscriptions.</summary>
    public const int Subscriptions = Fabrics * SubscriptionsPerFabric;

    /// <summary>Attribute and event paths that every subscription can have (Core 2.11.2.2: 3 at least).</summary>
    public const int PathsPerSubscription = 3;

    /// <summary>Paths in the pool beyond those of every subscription: controllers that list many paths share them.</summary>
    public const int SharedSubscriptionPaths = 12;

    /// <summary>Paths of all subscriptions: 3 for each, and the shared ones.</summary>
    public const int SubscriptionPaths = Subscriptions * PathsPerSubscription + SharedSubscriptionPaths;

    /// <summary>Most paths that one subscription can have.</summary>
    public const int MaxPathsPerSubscription = PathsPerRead;

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

    /// <summary>Reads, writes, commands, first and later reports that run at once.</summary>
    public const int Interactions = Exchanges - HandshakeExchanges;

    /// <summary>Reports to subscribers under way at once, so that exchanges are left for what controllers ask.</summary>
    public const int ReportsInFlight = 4;

    /// <summary>Compares every size with the least the specification allows.</summary>
    /// <exception cref="System.InvalidOperationException">One is too small; the text names it and the section.</exception>
    public static void Check()
    {
        Require(Fabrics, 5, "Fabrics: Core 11.18.5.3");
        Require(CaseSessionsPerFabric, 3, "CaseSessionsPerFabric: Core 4.14.2.8");
        Require(SecureSessions, Fabrics * CaseSessionsPerFabric + 2, "SecureSessions: Core 4.14.2.8, one more for CASE and one for PASE");
        Require(UnsecuredSessions, 2, "UnsecuredSessions: Core 4.14, one handshake and one that waits");
        Require(Exchanges, 5, "Exchanges: Core 4.10.5.2");
        Require(LargeMessageBuffers, 4, "LargeMessageBuffers: a handshake, a command under way, what waits, and what is answered meanwhile");
        Require(ResumptionRecords, Fabrics * CaseSessionsPerFabric, "ResumptionRecords: Core 4.14.2.2");
        Require(SubscriptionsPerFabric, 3, "SubscriptionsPerFabric: Core 2.11.2.2");
        Require(Subscriptions, Fabrics * SubscriptionsPerFabric, "Subscriptions: Core 2.11.2.2");
        Require(PathsPerSubscription, 3, "PathsPerSubscription: Core 2.11.2.2");
        Require(MaxPathsPerSubscription, PathsPerSubscription, "MaxPathsPerSubscription: Core 2.11.2.2");
        Require(SubscriptionPaths, Subscriptions * PathsPerSubscription, "SubscriptionPaths: Core 2.11.2.2, three for every subscription");
        Require(PathsPerRead, 9, "PathsPerRead: Core 2.11.2.1");
        Require(Interactions, ReportsInFlight + 1, "Interactions: one besides the reports, for what controllers ask");
        Require(ReplayWindow, 32, "ReplayWindow: Core 4.6.5");
        Require(MaxReceivedMessage, 1280, "MaxReceivedMessage: Core 4.4.4");
    }

    internal static void Require(int value, int least, string rule)
    {
        if (value < least)
        {
            throw new System.InvalidOperationException(rule);
        }
    }
}
