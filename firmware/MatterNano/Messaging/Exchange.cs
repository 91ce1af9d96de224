using System;
using MatterNano.Sessions;

namespace MatterNano.Messaging;

/// <summary>One conversation on a session (Core 4.10). A slot of a pool; valid until its OnExchangeEnded returns.</summary>
/// <remarks>
/// One reliable message is outstanding at a time; several may follow each other. The handler closes the exchange when it
/// has sent its last message; the slot is then free, though MRP goes on with that message, unless the handler left its
/// State set because it wants to hear of the acknowledgement. Its numbers are rows of the manager's arrays, because on
/// nanoCLR a field costs 12 bytes whatever it holds.
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
    internal const int FlagAwaiting = 0x80;

    // Rows of the manager's arrays: Times holds three a slot, Numbers two.
    internal const int TimesSize = 3;
    internal const int NumbersSize = 2;
    private const int AckTime = 0;
    private const int ResponseTime = 1;
    private const int ActivityTime = 2;
    private const int Ids = 0;
    private const int AckNumber = 1;

    // Above the flags: place of the handler with the manager, from 1 on; place of the exchange.
    private const int HandlerShift = 18;
    private const int SlotShift = 24;
    private const int HandlerMask = 0x3f << HandlerShift;
    private const int SlotMask = 0x7f << SlotShift;

    internal readonly ExchangeManager Manager;

    /// <summary>Flags in the lower byte, and the numbers above.</summary>
    internal int Flags;

    internal Exchange(ExchangeManager manager, int slot)
    {
        Manager = manager;
        Flags = slot << SlotShift;
    }

    internal bool IsFree
    {
        get { return (Flags & FlagInUse) == 0; }
    }

    /// <summary>Place of the exchange with the manager.</summary>
    internal int Place
    {
        get { return Flags >> SlotShift; }
    }

    internal uint AckCounter
    {
        get { return Manager.Numbers[Place * NumbersSize + AckNumber]; }
        set { Manager.Numbers[Place * NumbersSize + AckNumber] = value; }
    }

    internal long AckAt
    {
        get { return Manager.Times[Place * TimesSize + AckTime]; }
        set { Manager.Times[Place * TimesSize + AckTime] = value; }
    }

    internal long ResponseAt
    {
        get { return Manager.Times[Place * TimesSize + ResponseTime]; }
        set { Manager.Times[Place * TimesSize + ResponseTime] = value; }
    }

    internal long LastActivity
    {
        get { return Manager.Times[Place * TimesSize + ActivityTime]; }
        set { Manager.Times[Place * TimesSize + ActivityTime] = value; }
    }

    /// <summary>The session. Null once the exchange is over.</summary>
    public Session Session { get; internal set; }

    /// <summary>Who gets the messages. May be handed over to another registered handler; null once the exchange is over.</summary>
    public IProtocolHandler Handler
    {
        get { return Manager.HandlerAt((Flags & HandlerMask) >> HandlerShift); }
        set { Flags = (Flags & ~HandlerMask) | (Manager.PlaceOf(value) << HandlerShift); }
    }

    /// <summary>The handler's own. On an unsecured session, setting it in the first OnMessage adopts the exchange; so does an answer.</summary>
    public object State { get; set; }

    /// <summary>Exchange id, 0 to 65535; unique with session and role.</summary>
    public int Id
    {
        get { return (int)(IdsNumber & 0xffff); }
    }

    /// <summary>Protocol id of the standard vendor.</summary>
    public int Protocol
    {
        get { return (int)((IdsNumber >> 16) & 0x7fff); }
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
        get { return (Flags & FlagAwaiting) != 0; }
    }

    /// <summary>Takes a buffer for the next message.</summary>
    /// <returns>Null when none is free or the exchange is over. Give it back with Send or Cancel.</returns>
    public MessageBuffer BeginMessage()
    {
        return IsOpen ? Manager.TakeBuffer(true, Session, IsInitiator) : null;
    }

    /// <summary>The same for a payload of at most <see cref="MessageBuffer.MaxShortPayload"/> bytes: a status finds room where long messages fill the pool.</summary>
    public MessageBuffer BeginShortMessage()
    {
        return IsOpen ? Manager.TakeBuffer(false, Session, IsInitiator) : null;
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

    /// <summary>Ends the exchange. A last message that waits for its acknowledgement is repeated without it; only where State is set on a secure session does OnExchangeEnded wait for that. Repeated calls do nothing.</summary>
    public void Close()
    {
        Manager.Close(this);
    }

    /// <summary>Takes a free slot into use, or gives it back with flags 0.</summary>
    internal void Reset(int flags)
    {
        Flags = (Flags & SlotMask) | flags;
    }

    internal void SetIds(int id, int protocol)
    {
        Manager.Numbers[Place * NumbersSize + Ids] = (uint)(id | (protocol << 16));
    }

    private uint IdsNumber
    {
        get { return Manager.Numbers[Place * NumbersSize + Ids]; }
    }
}
