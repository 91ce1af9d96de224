namespace MatterNano.Sessions;

/// <summary>Life of a session slot. One way only: free, reserved, establishing, active, closing, free.</summary>
public static class SessionState
{
    /// <summary>In nobody's hands.</summary>
    public const int Free = 0;

    /// <summary>Holds a handle for a handshake; has no keys.</summary>
    public const int Reserved = 1;

    /// <summary>Has keys; the peer has not proved that it has them.</summary>
    public const int Establishing = 2;

    /// <summary>Usable.</summary>
    public const int Active = 3;

    /// <summary>Takes no new exchange of the peer; ends with its last exchange.</summary>
    public const int Closing = 4;
}
