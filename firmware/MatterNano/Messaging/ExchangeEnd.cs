namespace MatterNano.Messaging;

/// <summary>Why an exchange ended; the argument of <see cref="IProtocolHandler.OnExchangeEnded"/>.</summary>
public static class ExchangeEnd
{
    /// <summary>Closed by its handler. What was sent last was acknowledged, or asked for no acknowledgement, or is repeated by MRP without the exchange.</summary>
    public const int Closed = 0;

    /// <summary>MRP gave up: the last message was sent five times without an acknowledgement (Core 4.12.8).</summary>
    public const int NoAcknowledgement = 1;

    /// <summary>The expected message did not come in time.</summary>
    public const int NoResponse = 2;

    /// <summary>Its session ended: CloseSession, eviction, fabric removal, shutdown, or a lost BLE link.</summary>
    public const int SessionClosed = 3;

    /// <summary>Nothing happened on it for a minute and nothing was expected; or its peer let it wait while another had no exchange.</summary>
    public const int Reclaimed = 4;
}
