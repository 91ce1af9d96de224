namespace MatterNano.Messaging;

/// <summary>Flags of <see cref="Exchange.Send"/>.</summary>
public static class SendFlags
{
    /// <summary>No acknowledgement asked, no answer expected.</summary>
    public const int None = 0;

    /// <summary>Repeated by MRP until acknowledged (Core 4.12). Ignored on transports that are reliable by themselves.</summary>
    public const int Reliable = 1;

    /// <summary>The peer's next message on this exchange is awaited; the exchange ends with <see cref="ExchangeEnd.NoResponse"/> without it.</summary>
    public const int ExpectResponse = 2;
}
