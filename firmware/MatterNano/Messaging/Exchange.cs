using System;
using MatterNano.Sessions;

namespace MatterNano.Messaging;

/// <summary>One conversation on a session (Core 4.10). A slot of a pool; valid until its OnExchangeEnded returns.</summary>
/// <remarks>
/// One reliable message is outstanding at a time; several may follow each other. The handler closes the exchange when it
/// has sent its last message; the exchange then lingers until that message is acknowledged or given up.
/// </remarks>
public sealed class Exchange
{
    internal const int FlagInUse = 0x01;
    internal const int FlagInitiator = 0x02;
    internal const int FlagClosing = 0x04;
    internal const int FlagAckDue = 0x08;
    internal const int FlagAckKnown = 0x10;
    internal const int FlagExpecting = 0x20;
    internal const int FlagEnding = 0x40;

    internal readonly ExchangeManager Manager;
    internal MessageBuffer Pending;
    internal int Flags;
    internal int Transmissions;
    internal uint AckCounter;
    internal uint PendingCounter;
    internal long RetransmitAt;
    internal long AckAt;
    internal long ResponseAt;
    internal long LastActivity;

    private int _ids;

    internal Exchange(ExchangeManager manager)
    {
        Manager = manager;
    }

    /// <summary>The session. Null once the exchange is over.</summary>
    public Session Session { get; internal set; }

    /// <summary>Who gets the messages. May be handed over to another handler of the same protocol.</summary>
    public IProtocolHandler Handler { get; set; }

    /// <summary>The handler's own. On an unsecured session, setting it in the first OnMessage adopts the exchange; so does an answer.</summary>
    public object State { get; set; }

    /// <summary>Exchange id, 0 to 65535; unique with session and role.</summary>
    public int Id
    {
        get { return _ids & 0xffff; }
    }

    /// <summary>Protocol id of the standard vendor.</summary>
    public int Protocol
    {
        get { return (_ids >> 16) & 0x7fff; }
    }

    /// <summary>True when we started the exchange.</summary>
    public bool IsInitiator
    {
        get { return (Flags & FlagInitiator) != 0; }
    }

    /// <summary>True from Close on.</summary>
    public bool IsClosing
    {
        get { return (Flags & FlagClosing) != 0; }
    }

    /// <summary>True while the exchange can be used.</summary>
    public bool IsOpen
    {
        get { return (Flags & (FlagInUse | FlagClosing | FlagEnding)) == FlagInUse; }
    }

    /// <summary>True while a reliable message waits for its acknowledgement.</summary>
    public bool IsAwaitingAcknowledgement
    {
        get { return Pending != null; }
    }

    /// <summary>Takes a buffer for the next message.</summary>
    /// <returns>Null when none is free or the exchange is over. Give it back with Send or Cancel.</returns>
    public MessageBuffer BeginMessage()
    {
        return IsOpen ? Manager.TakeBuffer(true) : null;
    }

    /// <summary>The same for a payload of at most <see cref="MessageBuffer.MaxShortPayload"/> bytes: a status finds room where long messages fill the pool.</summary>
    public MessageBuffer BeginShortMessage()
    {
        return IsOpen ? Manager.TakeBuffer(false) : null;
    }

    /// <summary>Gives back a buffer unused.</summary>
    public void Cancel(MessageBuffer message)
    {
        Manager.ReleaseBuffer(message);
    }

    /// <summary>Sends a message. The buffer is given away, whatever the result.</summary>
    /// <param name="message">From <see cref="BeginMessage"/>, with the payload at its PayloadOffset.</param>
    /// <param name="opcode">Opcode of the exchange's protocol, 0 to 255.</param>
    /// <param name="payloadLength">Length of the payload, 0 to <see cref="MessageBuffer.MaxPayload"/>.</param>
    /// <param name="flags">Flags of <see cref="SendFlags"/>.</param>
    /// <returns>False when nothing was sent: the exchange is over, a reliable message is still outstanding, the session has no counter left, or it is a group session.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The payload does not fit the buffer.</exception>
    /// <exception cref="ArgumentException">The buffer was not taken from the pool.</exception>
    public bool Send(MessageBuffer message, int opcode, int payloadLength, int flags)
    {
        return Manager.Send(this, message, opcode, payloadLength, flags);
    }

    /// <summary>Acknowledges what was received now, by a message of its own. For use before slow work; the next message repeats the acknowledgement.</summary>
    public void AcknowledgeNow()
    {
        Manager.AcknowledgeNow(this);
    }

    /// <summary>Sends the outstanding reliable message again at once, byte for byte; does not count as one of its five transmissions.</summary>
    /// <returns>False when none is outstanding.</returns>
    public bool Resend()
    {
        return Manager.Resend(this);
    }

    /// <summary>Takes the outstanding reliable message as received: the peer's next message proves it, though the acknowledgement was lost.</summary>
    public void AssumeAcknowledged()
    {
        Manager.AssumeAcknowledged(this);
    }

    /// <summary>Replaces the response time-out that SendFlags.ExpectResponse has set, or sets one without sending.</summary>
    /// <param name="milliseconds">From now; 1 or more.</param>
    public void ExpectResponseWithin(int milliseconds)
    {
        Manager.ExpectResponseWithin(this, milliseconds);
    }

    /// <summary>Ends the exchange once its last reliable message is acknowledged. OnExchangeEnded comes then, or within this call. Repeated calls do nothing.</summary>
    public void Close()
    {
        Manager.Close(this);
    }

    internal void SetIds(int id, int protocol)
    {
        _ids = id | (protocol << 16);
    }
}
