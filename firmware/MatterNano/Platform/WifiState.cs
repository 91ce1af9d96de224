namespace MatterNano.Platform;

/// <summary>Values of <see cref="IWifi"/>.</summary>
public static class WifiState
{
    /// <summary>State: on no network.</summary>
    public const int Disconnected = 0;

    /// <summary>State: joining.</summary>
    public const int Connecting = 1;

    /// <summary>State: joined, with an address.</summary>
    public const int Connected = 2;

    /// <summary>State: joining failed.</summary>
    public const int Failed = 3;

    /// <summary>Reason: none told.</summary>
    public const int ReasonOther = 0;

    /// <summary>Reason: the network was not heard.</summary>
    public const int ReasonNotFound = 1;

    /// <summary>Reason: wrong credentials.</summary>
    public const int ReasonAuthentication = 2;

    /// <summary>Reason: the access point wants a security that the radio lacks.</summary>
    public const int ReasonSecurity = 3;

    /// <summary>Scan state: none has run.</summary>
    public const int ScanIdle = 0;

    /// <summary>Scan state: running.</summary>
    public const int ScanRunning = 1;

    /// <summary>Scan state: done, results are there.</summary>
    public const int ScanDone = 2;

    /// <summary>Scan state: failed.</summary>
    public const int ScanFailed = 3;
}
