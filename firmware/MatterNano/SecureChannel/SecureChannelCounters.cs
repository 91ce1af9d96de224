namespace MatterNano.SecureChannel;

/// <summary>Counts of handshakes. For diagnostics; wraps.</summary>
public sealed class SecureChannelCounters
{
    /// <summary>PASE sessions made.</summary>
    public const int PaseEstablished = 0;

    /// <summary>PASE handshakes that failed; those in which a passcode was tried count against the commissioning window.</summary>
    public const int PaseFailed = 1;

    /// <summary>PASE requests met with silence because no window is open.</summary>
    public const int PaseNoWindow = 2;

    /// <summary>PASE requests that came again while their handshake ran.</summary>
    public const int PaseIgnored = 3;

    /// <summary>CASE sessions made by a full handshake.</summary>
    public const int CaseEstablished = 4;

    /// <summary>CASE sessions resumed.</summary>
    public const int CaseResumed = 5;

    /// <summary>Full CASE handshakes and resumptions that failed or were given up.</summary>
    public const int CaseFailed = 6;

    /// <summary>Resumptions offered that had to go on as full handshakes.</summary>
    public const int ResumptionRefused = 7;

    /// <summary>Sigma1 for a fabric that is not ours.</summary>
    public const int NoSharedTrustRoots = 8;

    /// <summary>Busy reports sent.</summary>
    public const int Busy = 9;

    /// <summary>Handshakes replaced because their peer was silent.</summary>
    public const int Replaced = 10;

    /// <summary>Sigma1 that came again and was answered from the cache.</summary>
    public const int Repeated = 11;

    /// <summary>Malformed first messages.</summary>
    public const int Malformed = 12;

    /// <summary>CASE sessions that we resumed as their initiator.</summary>
    public const int CaseInitiated = 13;

    /// <summary>Attempts of our own that did not open a session.</summary>
    public const int InitiationFailed = 14;

    /// <summary>Number of counters.</summary>
    public const int Size = 15;

    private readonly uint[] _values = new uint[Size];

    /// <summary>One of the counts.</summary>
    /// <param name="index">A constant of this class.</param>
    public uint Get(int index)
    {
        return _values[index];
    }

    /// <summary>Adds one.</summary>
    /// <param name="index">A constant of this class.</param>
    public void Count(int index)
    {
        _values[index]++;
    }
}
