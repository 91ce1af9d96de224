namespace MatterNano.Messaging;

/// <summary>Counts of what sessions and exchanges refused, lost or evicted. For diagnostics; wraps.</summary>
public sealed class Counters
{
    /// <summary>Datagrams longer than 1280 bytes.</summary>
    public const int TooLong = 0;

    /// <summary>Message or protocol headers cut, of another version, or of a reserved form.</summary>
    public const int Malformed = 1;

    /// <summary>Messages for a session that does not exist.</summary>
    public const int UnknownSession = 2;

    /// <summary>Integrity check failed.</summary>
    public const int DecryptFailed = 3;

    /// <summary>Duplicates, replays included.</summary>
    public const int Duplicate = 4;

    /// <summary>Control messages, and unicast messages with privacy.</summary>
    public const int Unsupported = 5;

    /// <summary>Messages that belong to no exchange and may not start one.</summary>
    public const int NoExchange = 6;

    /// <summary>Messages of a protocol nobody registered, or not allowed on that kind of session.</summary>
    public const int WrongProtocol = 7;

    /// <summary>New exchanges refused because the pool, or the session's share of it, was full.</summary>
    public const int ExchangesFull = 8;

    /// <summary>Busy reports sent because a pool was full.</summary>
    public const int Busy = 9;

    /// <summary>Unsecured messages refused because all unsecured sessions were taken.</summary>
    public const int UnsecuredFull = 10;

    /// <summary>Unsecured messages with neither source nor destination id, or without a matching context.</summary>
    public const int NoUnsecuredContext = 11;

    /// <summary>Requests for a message buffer when none was free.</summary>
    public const int NoBuffer = 12;

    /// <summary>Messages sent again by MRP.</summary>
    public const int Retransmission = 13;

    /// <summary>Messages MRP gave up.</summary>
    public const int GaveUp = 14;

    /// <summary>Expected answers that did not come.</summary>
    public const int NoResponse = 15;

    /// <summary>Acknowledgements that matched nothing outstanding.</summary>
    public const int LateAcknowledgement = 16;

    /// <summary>Exchanges taken back from handlers that left them idle, or for a newer one.</summary>
    public const int Reclaimed = 17;

    /// <summary>Secure sessions evicted for a newer one.</summary>
    public const int Evicted = 18;

    /// <summary>Handles asked for when nothing could be evicted.</summary>
    public const int NoSessionSlot = 19;

    /// <summary>Group messages for which no key is installed or no key fits.</summary>
    public const int GroupNoKey = 20;

    /// <summary>Exceptions thrown by event listeners.</summary>
    public const int ListenerFailed = 21;

    /// <summary>Resumption records that flash refused to write or delete.</summary>
    public const int RecordWriteFailed = 22;

    /// <summary>Resumption records dropped: damaged, of another layout, or at boot of a fabric that is gone.</summary>
    public const int RecordDropped = 23;

    /// <summary>Sessions closed because their counter ran out.</summary>
    public const int CounterExhausted = 24;

    /// <summary>CloseSession messages received.</summary>
    public const int CloseReceived = 25;

    /// <summary>Unsecured session ids that random could not make unique.</summary>
    public const int RandomFailed = 26;

    /// <summary>Subscriptions that found the table full.</summary>
    public const int SubscriptionsFull = 27;

    /// <summary>Blocks of a persisted counter that flash refused to reserve.</summary>
    public const int CounterWriteFailed = 28;

    /// <summary>Number of counters.</summary>
    public const int Size = 29;

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
