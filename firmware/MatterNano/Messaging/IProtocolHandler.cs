using MatterNano.Sessions;

namespace MatterNano.Messaging;

/// <summary>A protocol above messaging, such as the secure channel or the interaction model. All calls come on the protocol loop.</summary>
public interface IProtocolHandler
{
    /// <summary>Whether a message can be carried out and answered now. If not, it is neither acknowledged nor remembered, so that its sender repeats it.</summary>
    /// <param name="session">The session that it came on.</param>
    /// <param name="exchange">The exchange; null when the message starts one.</param>
    /// <param name="opcode">Protocol opcode.</param>
    bool HasRoomFor(Session session, Exchange exchange, int opcode);

    /// <summary>A new, authentic message of the exchange. On the first one of a peer's exchange <see cref="Exchange.State"/> is null.</summary>
    /// <param name="exchange">The exchange. It stays open until the handler closes it.</param>
    /// <param name="opcode">Protocol opcode.</param>
    /// <param name="buffer">Holds the payload, which is valid only during this call.</param>
    /// <param name="offset">Start of the payload.</param>
    /// <param name="length">Length of the payload, 0 or more.</param>
    void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length);

    /// <summary>The last reliable message of the exchange was acknowledged; the next may be sent. Comes before the OnMessage that carried the acknowledgement.</summary>
    void OnAcknowledged(Exchange exchange);

    /// <summary>The exchange is over. Called exactly once for each exchange that a handler saw or opened; keep no reference to it afterwards.</summary>
    /// <param name="exchange">The exchange; nothing can be sent on it any more.</param>
    /// <param name="reason">One of <see cref="ExchangeEnd"/>.</param>
    void OnExchangeEnded(Exchange exchange, int reason);
}
