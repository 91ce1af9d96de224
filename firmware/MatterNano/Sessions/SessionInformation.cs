namespace MatterNano.Sessions;

/// <summary>One session, for display. A copy that does not follow the session.</summary>
public sealed class SessionInformation
{
    /// <summary>Name for logs.</summary>
    public string Name;

    /// <summary>Our handle.</summary>
    public int Id;

    /// <summary>One of <see cref="SessionState"/>.</summary>
    public int State;

    /// <summary>Our node id on the fabric.</summary>
    public ulong NodeId;

    /// <summary>The peer's node id.</summary>
    public ulong PeerNodeId;

    /// <summary>The fabric, or null.</summary>
    public object Fabric;

    /// <summary>Index of the fabric.</summary>
    public int FabricIndex;

    /// <summary>True while the peer is active.</summary>
    public bool IsPeerActive;

    /// <summary>True for sessions with keys.</summary>
    public bool Secure;

    /// <summary>Last activity in either direction, in milliseconds of the clock.</summary>
    public long LastInteractionTimestamp;

    /// <summary>Last message received, in milliseconds of the clock; 0 when never.</summary>
    public long LastActiveTimestamp;

    /// <summary>Subscriptions the session carries.</summary>
    public int NumberOfActiveSubscriptions;
}
