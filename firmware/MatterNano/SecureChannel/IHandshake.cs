using MatterNano.Messaging;

namespace MatterNano.SecureChannel;

/// <summary>One running handshake: the <see cref="Exchange.State"/> of its exchange.</summary>
internal interface IHandshake
{
    /// <summary>A further message of the exchange.</summary>
    void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length);

    /// <summary>The peer acknowledged our last message.</summary>
    void OnAcknowledged(Exchange exchange);

    /// <summary>The exchange is over: closed by us, given up by MRP, without answer, or its link is lost.</summary>
    void OnExchangeEnded(Exchange exchange, int reason);
}
