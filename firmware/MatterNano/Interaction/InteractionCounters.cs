namespace MatterNano.Interaction;

/// <summary>What the interaction model refused or lost; for diagnostics.</summary>
public sealed class InteractionCounters
{
    /// <summary>Messages that were malformed or out of place.</summary>
    public const int InvalidAction = 0;

    /// <summary>Interactions refused because all slots were in use.</summary>
    public const int Busy = 1;

    /// <summary>Answers that waited or were lost because no message buffer was free.</summary>
    public const int NoBuffer = 2;

    /// <summary>Subscriptions refused for want of a slot.</summary>
    public const int SubscriptionRefused = 3;

    /// <summary>Subscriptions ended to make room for another.</summary>
    public const int SubscriptionEvicted = 4;

    /// <summary>Reports that were not confirmed.</summary>
    public const int ReportFailed = 5;

    /// <summary>Subscriptions ended because reports failed or the subscriber did not know them.</summary>
    public const int SubscriptionLost = 6;

    /// <summary>Reports sent, keep-alives included.</summary>
    public const int Reports = 7;

    /// <summary>Number of counters.</summary>
    public const int Size = 8;

    private readonly uint[] _values = new uint[Size];

    /// <summary>Value of a counter.</summary>
    /// <param name="index">One of the constants.</param>
    public uint this[int index]
    {
        get { return _values[index]; }
    }

    internal void Count(int index)
    {
        _values[index]++;
    }
}
