using System;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;

namespace MatterNano.Messaging;

/// <summary>All exchanges, MRP, and the way of a datagram from the network to its handler (Core 4.10, 4.12).</summary>
/// <remarks>
/// Order for a received message: header, session, integrity, counter, exchange, handler. A step that fails counts and
/// drops. Not re-entrant: <see cref="IDatagramSender"/> must not call back into <see cref="OnDatagram"/>.
/// </remarks>
public sealed class ExchangeManager
{
    /// <summary>Times a reliable message is sent before it is given up (Core 4.12.8).</summary>
    public const int MaxTransmissions = 5;

    /// <summary>Milliseconds after which an acknowledgement that found no message to ride on is sent alone (Core 4.12.8).</summary>
    public const int StandaloneAckDelay = 200;

    /// <summary>Milliseconds after which an exchange that nobody uses is taken back.</summary>
    public const int IdleLimit = 60000;

    /// <summary>Exchanges that a peer may have open on one session (Core 4.10.5.2).</summary>
    public const int MaxExchangesPerSession = 5;

    /// <summary>Milliseconds after which an exchange that waits for its peer gives way, when a peer with fewer has none.</summary>
    public const int StaleAfter = 3000;

    /// <summary>Milliseconds granted to a peer to compute an answer, beyond the time its and our retransmissions need.</summary>
    public const int ResponseProcessing = 30000;

    private const int MaxHandlers = 4;
    private const int ControlRoom = MessageHeader.MaxWrittenSize + PayloadHeader.MaxWrittenSize;
    private const int ControlSize = ControlRoom + StatusReport.BusySize + MessageCodec.MicSize;

    private readonly SessionManager _sessions;
    private readonly IDatagramSender _sender;
    private readonly IClock _clock;
    private readonly IRandom _random;
    private readonly ILog _log;
    private readonly Counters _counters;
    private readonly Exchange[] _exchanges = new Exchange[Limits.Exchanges];

    // The exchanges' own: rows of numbers.
    internal readonly long[] Times = new long[Limits.Exchanges * Exchange.TimesSize];
    internal readonly uint[] Numbers = new uint[Limits.Exchanges * Exchange.NumbersSize];

    private readonly MessageBufferPool _pool;
    private readonly IProtocolHandler[] _handlers = new IProtocolHandler[MaxHandlers];
    private readonly byte[] _handlerIds = new byte[MaxHandlers];
    private readonly MessageHeader _header = new MessageHeader();
    private readonly PayloadHeader _payload = new PayloadHeader();
    private readonly NetworkAddress _address = new NetworkAddress();
    private readonly byte[] _control = new byte[ControlSize];
    private int _nextExchangeId;
    private int _handlerCount;
    private int _highWater;

    /// <summary>Creates the pools; nothing is allocated later.</summary>
    /// <param name="sessions">The sessions; knows this manager from now on.</param>
    /// <param name="sender">Where messages leave.</param>
    /// <param name="clock">Milliseconds.</param>
    /// <param name="random">For exchange ids and retransmission jitter.</param>
    /// <param name="log">Diagnostics; may be null.</param>
    public ExchangeManager(SessionManager sessions, IDatagramSender sender, IClock clock, IRandom random, ILog log)
    {
        _sessions = sessions;
        _sender = sender;
        _clock = clock;
        _random = random;
        _log = log;
        _counters = sessions.Counters;
        for (int i = 0; i < _exchanges.Length; i++)
        {
            _exchanges[i] = new Exchange(this, i);
        }

        _pool = new MessageBufferPool(this);
        random.Fill(_control, 0, 2);
        _nextExchangeId = ByteOrder.ReadUInt16(_control, 0);
        sessions.Exchanges = this;
    }

    /// <summary>The sessions.</summary>
    public SessionManager Sessions
    {
        get { return _sessions; }
    }

    /// <summary>What was refused, lost or evicted; shared with the sessions.</summary>
    public Counters Counters
    {
        get { return _counters; }
    }

    /// <summary>Exchanges in use.</summary>
    public int OpenExchanges
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _exchanges.Length; i++)
            {
                if (!_exchanges[i].IsFree)
                {
                    count++;
                }
            }

            return count;
        }
    }

    /// <summary>Exchanges free.</summary>
    public int FreeExchanges
    {
        get { return _exchanges.Length - OpenExchanges; }
    }

    /// <summary>Most exchanges that were ever in use at once.</summary>
    public int ExchangesHighWater
    {
        get { return _highWater; }
    }

    /// <summary>Message buffers free.</summary>
    public int FreeBuffers
    {
        get { return _pool.FreeBuffers; }
    }

    /// <summary>Messages that wait for their acknowledgement, of exchanges that are over too.</summary>
    public int WaitingMessages
    {
        get { return _pool.Waiting; }
    }

    /// <summary>Names the handler of a protocol. At start only.</summary>
    /// <param name="protocolId">Protocol id of the standard vendor, 0 to 255.</param>
    /// <param name="handler">Gets the exchanges that peers start.</param>
    /// <exception cref="ArgumentException">More than four protocols, or one twice.</exception>
    public void Register(int protocolId, IProtocolHandler handler)
    {
        if (_handlerCount == MaxHandlers || FindHandler(protocolId) != null)
        {
            throw new ArgumentException();
        }

        _handlers[_handlerCount] = handler;
        _handlerIds[_handlerCount] = (byte)protocolId;
        _handlerCount++;
    }

    /// <summary>Opens an exchange of our own on a session, for the protocol the handler is registered for.</summary>
    /// <returns>Null when the pool is full or the session cannot carry one.</returns>
    /// <exception cref="ArgumentException">The handler is not registered.</exception>
    public Exchange Open(Session session, IProtocolHandler handler)
    {
        int place = PlaceOf(handler);
        if (place == 0)
        {
            throw new ArgumentException();
        }

        return Open(session, _handlerIds[place - 1], handler);
    }

    /// <summary>Opens an exchange of our own on a session.</summary>
    /// <param name="session">An active secure session, or an unsecured one.</param>
    /// <param name="protocolId">Protocol id of the standard vendor.</param>
    /// <param name="handler">Gets the answers; registered.</param>
    /// <returns>Null when the pool is full or the session cannot carry one.</returns>
    /// <exception cref="ArgumentException">The handler is not registered.</exception>
    public Exchange Open(Session session, int protocolId, IProtocolHandler handler)
    {
        if (PlaceOf(handler) == 0)
        {
            throw new ArgumentException();
        }

        if (session == null || session.State != SessionState.Active || session.IsGroup)
        {
            return null;
        }

        Exchange exchange = HasExchange(session, true) ? FindFree() : null;
        if (exchange == null)
        {
            _counters.Count(Messaging.Counters.ExchangesFull);
            return null;
        }

        do
        {
            _nextExchangeId = (_nextExchangeId + 1) & 0xffff;
        }
        while (Find(session, _nextExchangeId, true) != null);

        Start(exchange, session, _nextExchangeId, protocolId, handler, Exchange.FlagInitiator);
        return exchange;
    }

    /// <summary>Number of exchanges open on a session, and of those that are over but for a last acknowledgement.</summary>
    public int CountExchanges(Session session)
    {
        return CountOpen(session) + _pool.CountLingering(session);
    }

    /// <summary>Takes a received datagram. Decrypts in its buffer.</summary>
    /// <param name="buffer">Holds the datagram; its content is destroyed.</param>
    /// <param name="offset">Start of the datagram.</param>
    /// <param name="length">Its length.</param>
    /// <param name="source">Where it came from.</param>
    public void OnDatagram(byte[] buffer, int offset, int length, NetworkAddress source)
    {
        _header.SessionId = 0;
        if (length > Limits.MaxReceivedMessage)
        {
            Drop(Messaging.Counters.TooLong, "longer than a message may be", source);
            return;
        }

        if (length < MessageHeader.MinSize)
        {
            Drop(Messaging.Counters.Malformed, "no message header", source);
            return;
        }

        int type = buffer[offset + 3] & MessageHeader.TypeMask;
        if (type == MessageHeader.Group)
        {
            OnGroupMessage(buffer, offset, length, source);
            return;
        }

        if (type != MessageHeader.Unicast || !_header.TryRead(buffer, offset, length))
        {
            Drop(Messaging.Counters.Malformed, "no message header", source);
            return;
        }

        if ((_header.SecurityFlags & (MessageHeader.Privacy | MessageHeader.Control)) != 0 || _header.DestinationKind == MessageHeader.GroupDestination)
        {
            Drop(Messaging.Counters.Unsupported, "privacy, control or group id in a unicast message", source);
            return;
        }

        if (_header.SessionId == 0)
        {
            OnUnsecuredMessage(buffer, offset, length, source);
        }
        else
        {
            OnSecureMessage(buffer, offset, length, source);
        }
    }

    /// <summary>Does what is due: retransmissions, acknowledgements, time-outs, and what the sessions have to do.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <returns>Time of the next deadline in milliseconds of the clock; long.MaxValue when there is none.</returns>
    public long Process(long now)
    {
        for (int i = 0; i < _exchanges.Length; i++)
        {
            Process(_exchanges[i], now);
        }

        Retransmit(now);
        long next = _sessions.Process(now);
        long own = NextDeadline;
        return own < next ? own : next;
    }

    /// <summary>Time of the next deadline of an exchange in milliseconds of the clock; long.MaxValue when there is none.</summary>
    public long NextDeadline
    {
        get
        {
            long next = long.MaxValue;
            for (int i = 0; i < _exchanges.Length; i++)
            {
                Exchange exchange = _exchanges[i];
                if (exchange.IsFree)
                {
                    continue;
                }

                long deadline = DeadlineOf(exchange);
                if (deadline < next)
                {
                    next = deadline;
                }
            }

            for (int at = _pool.Next(-1); at >= 0; at = _pool.Next(at))
            {
                long again = _pool.GetAgain(at);
                if (again < next)
                {
                    next = again;
                }
            }

            return next;
        }
    }

    /// <summary>Milliseconds until a transmission is repeated (Core 4.12.2.1): base * 1.1 * 1.6^max(0, n - 1) * (1 to 1.25).</summary>
    /// <param name="interval">The peer's active or idle interval in milliseconds.</param>
    /// <param name="transmission">Transmissions made so far, 1 to 5.</param>
    /// <param name="random">0 to 255; stretches by up to a quarter.</param>
    public static int RetransmissionDelay(int interval, int transmission, int random)
    {
        long delay = (long)interval * 11 / 10;
        for (int i = 2; i < transmission; i++)
        {
            delay = delay * 8 / 5;
        }

        return (int)(delay + delay * random / 1020);
    }

    /// <summary>Milliseconds an answer is waited for: both sides' retransmissions and the peer's computing.</summary>
    public int ResponseTimeout(Session session)
    {
        // Five intervals at their longest are 1.1 * 1.25 * 10.256 = 14.1 times the base.
        long peer = (long)session.RetransmissionBase * 141 / 10;
        long own = session.UsesMrp ? (long)SessionParameters.DefaultActiveInterval * 141 / 10 : 0;
        return (int)(peer + own + ResponseProcessing);
    }

    // Called by Exchange

    internal MessageBuffer TakeBuffer(bool isLong, Session session, bool isOwn)
    {
        MessageBuffer message = _pool.Take(isLong, session, isOwn);
        if (message == null)
        {
            _counters.Count(Messaging.Counters.NoBuffer);
        }

        return message;
    }

    /// <summary>A buffer for what waits for nobody.</summary>
    internal MessageBuffer TakeBuffer(bool isLong)
    {
        return TakeBuffer(isLong, null, false);
    }

    internal void ReleaseBuffer(MessageBuffer message)
    {
        _pool.Release(message);
    }

    /// <summary>Whether an answer on this session will find a buffer; makes room for it.</summary>
    internal bool HasRoom(Session session, bool isLong)
    {
        return _pool.MakeRoom(isLong, session, false);
    }

    internal long Now
    {
        get { return _clock.Milliseconds; }
    }

    /// <summary>Handler at a place; null for 0.</summary>
    internal IProtocolHandler HandlerAt(int place)
    {
        return place == 0 ? null : _handlers[place - 1];
    }

    /// <summary>Place of a registered handler, from 1; 0 for null and others.</summary>
    internal int PlaceOf(IProtocolHandler handler)
    {
        int place = handler == null ? 0 : _handlerCount;
        while (place > 0 && _handlers[place - 1] != handler)
        {
            place--;
        }

        return place;
    }

    internal bool Send(Exchange exchange, MessageBuffer message, int opcode, int payloadLength, int flags)
    {
        if (message == null || !message.IsTaken)
        {
            throw new ArgumentException();
        }

        if (payloadLength < 0 || payloadLength > message.PayloadLimit - MessageBuffer.HeaderRoom)
        {
            ReleaseBuffer(message);
            throw new ArgumentOutOfRangeException();
        }

        Session session = exchange.Session;
        bool reliable = (flags & SendFlags.Reliable) != 0;
        if (!exchange.IsOpen || session.IsGroup || (reliable && exchange.IsAwaitingAcknowledgement))
        {
            ReleaseBuffer(message);
            return false;
        }

        bool mrp = reliable && session.UsesMrp;
        int headerFlags = mrp ? PayloadHeader.Reliable : 0;
        int total;
        int start = FrameAndEncode(exchange, message.Data, MessageBuffer.HeaderRoom, headerFlags, opcode, payloadLength, out total);
        if (start < 0)
        {
            ReleaseBuffer(message);
            return false;
        }

        long now = _clock.Milliseconds;
        exchange.LastActivity = now;
        session.GetAddress(_address);
        _sender.Send(_address, message.Data, start, total);
        session.NotifyActivity(false);
        if (mrp)
        {
            long again = now + RetransmissionDelay(session.RetransmissionBase, 1, NextJitter());
            _pool.Keep(message, start, total, session, exchange.Place, now, again);
            exchange.Flags |= Exchange.FlagAwaiting;
        }
        else
        {
            ReleaseBuffer(message);
        }

        if ((flags & SendFlags.ExpectResponse) != 0)
        {
            exchange.Flags |= Exchange.FlagExpecting;
            exchange.ResponseAt = now + ResponseTimeout(session);
        }

        return true;
    }

    internal void AcknowledgeNow(Exchange exchange)
    {
        if ((exchange.Flags & Exchange.FlagAckDue) != 0)
        {
            exchange.Flags &= ~Exchange.FlagAckDue;
            Session session = exchange.Session;
            session.GetAddress(_address);
            SendAck(session, exchange.Id, exchange.IsInitiator, exchange.AckCounter, _address);
        }
    }

    internal bool Resend(Exchange exchange)
    {
        if (!exchange.IsAwaitingAcknowledgement)
        {
            return false;
        }

        Transmit(_pool.Find(exchange.Place));
        return true;
    }

    internal void AssumeAcknowledged(Exchange exchange)
    {
        if (exchange.IsAwaitingAcknowledgement && exchange.IsOpen)
        {
            Forget(exchange);
        }
    }

    internal void ExpectResponseWithin(Exchange exchange, int milliseconds)
    {
        if (exchange.IsOpen)
        {
            exchange.Flags |= Exchange.FlagExpecting;
            exchange.ResponseAt = _clock.Milliseconds + milliseconds;
        }
    }

    internal void Close(Exchange exchange)
    {
        if (!exchange.IsOpen)
        {
            return;
        }

        AcknowledgeNow(exchange);
        exchange.Flags = (exchange.Flags | Exchange.FlagClosing) & ~Exchange.FlagExpecting;
        if (exchange.IsAwaitingAcknowledgement && exchange.State != null && exchange.Session.IsSecure)
        {
            return;
        }

        if (exchange.IsAwaitingAcknowledgement)
        {
            exchange.Flags &= ~Exchange.FlagAwaiting;
            _pool.Detach(_pool.Find(exchange.Place));
        }

        Finish(exchange, ExchangeEnd.Closed);
    }

    // Called by SessionManager

    /// <summary>Ends all exchanges of a session that goes away.</summary>
    internal void EndAll(Session session, int reason)
    {
        for (int i = 0; i < _exchanges.Length; i++)
        {
            if (_exchanges[i].Session == session)
            {
                Finish(_exchanges[i], reason);
            }
        }

        for (int at = _pool.FindOf(session); at >= 0; at = _pool.FindOf(session))
        {
            _pool.Remove(at);
        }
    }

    /// <summary>True when all that is left on a session are exchanges that wait for a last acknowledgement.</summary>
    internal bool OnlyLingers(Session session)
    {
        for (int i = 0; i < _exchanges.Length; i++)
        {
            if (_exchanges[i].Session == session && !_exchanges[i].IsClosing)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells the peer that we forget the session: unreliable, on an exchange of its own (Core 4.11.1.4).</summary>
    internal void SendCloseSession(SecureSession session)
    {
        StatusReport.Write(_control, ControlRoom, StatusReport.GeneralSuccess, StatusReport.CloseSession);
        _nextExchangeId = (_nextExchangeId + 1) & 0xffff;
        session.GetAddress(_address);
        SendControl(session, _nextExchangeId, PayloadHeader.Initiator, SecureChannelProtocol.StatusReport, 0, StatusReport.MinSize, _address);
    }

    // Receiving

    private void OnSecureMessage(byte[] buffer, int offset, int length, NetworkAddress source)
    {
        SecureSession session = _sessions.GetSession(_header.SessionId);
        if (session == null || session.State < SessionState.Establishing)
        {
            Drop(Messaging.Counters.UnknownSession, "no such session", source);
            return;
        }

        int plain = session.Decode(buffer, offset, length, _header);
        if (plain < 0)
        {
            Drop(Messaging.Counters.DecryptFailed, "wrong integrity code", source);
            return;
        }

        int payload = offset + _header.Length;
        if (!_payload.TryRead(buffer, payload, plain))
        {
            Drop(Messaging.Counters.Malformed, "no protocol header", source);
            return;
        }

        Deliver(session, buffer, payload, plain, source);

        // A command may have carried an epoch key or the network's password.
        Secrets.Wipe(buffer, payload, plain);
    }

    private void OnUnsecuredMessage(byte[] buffer, int offset, int length, NetworkAddress source)
    {
        int payload = offset + _header.Length;
        int plain = length - _header.Length;
        if (!_payload.TryRead(buffer, payload, plain))
        {
            Drop(Messaging.Counters.Malformed, "no protocol header", source);
            return;
        }

        InsecureSession session;
        if (_header.HasSource)
        {
            session = _sessions.AcceptUnsecureSession(_header.SourceNodeId, source);
            if (session == null)
            {
                Drop(Messaging.Counters.UnsecuredFull, "all unsecured sessions are taken", source);
                AnswerBusy(_header.SourceNodeId, source);
                return;
            }
        }
        else
        {
            session = _header.DestinationKind == MessageHeader.NodeDestination ? _sessions.GetUnsecureSession(_header.Destination, true) : null;
            if (session == null)
            {
                Drop(Messaging.Counters.NoUnsecuredContext, "unsecured, of no handshake", source);
                return;
            }
        }

        Deliver(session, buffer, payload, plain, source);
        _sessions.ReleaseIfUnused(session);
    }

    private void OnGroupMessage(byte[] buffer, int offset, int length, NetworkAddress source)
    {
        if ((buffer[offset + 3] & MessageHeader.Control) != 0)
        {
            Drop(Messaging.Counters.Unsupported, "group control message", source);
            return;
        }

        MessageBuffer scratch = TakeBuffer(true);
        if (scratch == null)
        {
            Tell("no buffer for a group message", source);
            return;
        }

        GroupSession session = null;
        if (length <= scratch.Data.Length)
        {
            session = _sessions.ReceiveGroupMessage(buffer, offset, length, _header, scratch.Data);
        }

        ReleaseBuffer(scratch);
        if (session == null)
        {
            Tell("group message without a key, or a duplicate", source);
        }
        else
        {
            DeliverGroupMessage(session, buffer, offset, length, source);

            // The group key stands in it while its message is handled.
            session.Wipe();
        }
    }

    private void DeliverGroupMessage(GroupSession session, byte[] buffer, int offset, int length, NetworkAddress source)
    {
        int payload = offset + _header.Length;
        int plain = length - _header.Length - MessageCodec.MicSize;
        if (!_payload.TryRead(buffer, payload, plain))
        {
            Drop(Messaging.Counters.Malformed, "no protocol header", source);
            return;
        }

        IProtocolHandler handler = FindHandler(_payload.ProtocolId);
        bool isFor = handler != null && _payload.ProtocolId != ProtocolId.SecureChannel && (_payload.Flags & PayloadHeader.Initiator) != 0;
        if (isFor && (!handler.HasRoomFor(session, null, _payload.Opcode) || (FindFree() == null && !Reclaim(session, false))))
        {
            // Not remembered, so that a copy of it is carried out.
            Drop(Messaging.Counters.ExchangesFull, "no room for a group message", source);
            return;
        }

        session.UpdateMessageCounter(_header.Counter);
        if (!isFor)
        {
            _counters.Count(Messaging.Counters.WrongProtocol);
            return;
        }

        Exchange exchange = FindFree();
        Start(exchange, session, _payload.ExchangeId, _payload.ProtocolId, handler, 0);
        handler.OnMessage(exchange, _payload.Opcode, buffer, payload + _payload.Length, plain - _payload.Length);
        if (exchange.Session == session)
        {
            Finish(exchange, ExchangeEnd.Closed);
        }
    }

    /// <summary>Counts a message that goes no further, and says why: nobody else will.</summary>
    private void Drop(int counter, string why, NetworkAddress source)
    {
        _counters.Count(counter);
        Tell(why, source);
    }

    private void Tell(string why, NetworkAddress source)
    {
        if (_log != null && _log.IsEnabled(LogLevel.Debug))
        {
            _log.Write(LogLevel.Debug, "exchange", "dropped, " + why + "; session " + _header.SessionId.ToString() + ", port " + source.Port.ToString());
        }
    }

    private void Deliver(Session session, byte[] buffer, int payload, int plain, NetworkAddress source)
    {
        uint counter = _header.Counter;
        int flags = _payload.Flags;
        int opcode = _payload.Opcode;
        int protocol = _payload.ProtocolId;
        int exchangeId = _payload.ExchangeId;
        int body = payload + _payload.Length;
        int bodyLength = plain - _payload.Length;
        bool fromInitiator = (flags & PayloadHeader.Initiator) != 0;
        bool wantsAck = (flags & PayloadHeader.Reliable) != 0 && session.UsesMrp;
        bool isAck = protocol == ProtocolId.SecureChannel && opcode == SecureChannelProtocol.StandaloneAck;
        Exchange exchange;
        if (!session.IsNewMessageCounter(counter))
        {
            session.NotifyActivity(true);
            _counters.Count(Messaging.Counters.Duplicate);
            if (wantsAck && !isAck)
            {
                SendAck(session, exchangeId, !fromInitiator, counter, source);
                exchange = Find(session, exchangeId, !fromInitiator);
                if (exchange != null && exchange.AckCounter == counter)
                {
                    exchange.Flags &= ~Exchange.FlagAckDue;
                }
            }

            return;
        }

        // What it acknowledges is right even if it cannot be taken itself, and may be what makes room for it.
        if ((flags & PayloadHeader.Acknowledgement) != 0)
        {
            Acknowledged(session, _payload.AcknowledgedCounter);
            if (session.State < SessionState.Establishing)
            {
                return;
            }
        }

        exchange = isAck ? null : Find(session, exchangeId, !fromInitiator);
        IProtocolHandler handler = null;
        bool isClose = false;
        int refusal = -1;
        if (exchange == null && !isAck)
        {
            isClose = IsCloseSession(session, fromInitiator, protocol, opcode, body, bodyLength, buffer);
            handler = FindHandler(protocol);
            refusal = isClose ? -1 : GetRefusal(session, fromInitiator, handler, protocol, opcode);
        }

        if (!isAck && !isClose && refusal < 0 && !IsTakable(session, exchange, handler, protocol, opcode))
        {
            // Nothing is remembered of it and nobody is told: its sender repeats it (Core 4.12).
            _counters.Count(Messaging.Counters.ExchangesFull);
            if (!session.IsSecure && exchange == null && !HasExchange(session, false))
            {
                // Others are being served, which takes its time; a buffer is free again by the repetition.
                AnswerBusy(session.NodeId, source);
            }

            return;
        }

        // A replayed datagram must not redirect the session, nor one that is late: only the newest moves the address.
        bool isNewest = session.IsNewest(counter);
        session.UpdateMessageCounter(counter);
        session.NotifyActivity(true);
        if (session.IsSecure && isNewest)
        {
            session.SetAddress(source);
        }

        if (session.State == SessionState.Establishing)
        {
            _sessions.Activate((SecureSession)session);
            if (session.State < SessionState.Active)
            {
                return;
            }
        }

        if (isAck)
        {
            return;
        }

        if (refusal >= 0)
        {
            _counters.Count(refusal);
            if (wantsAck)
            {
                SendAck(session, exchangeId, !fromInitiator, counter, source);
            }

            return;
        }

        if (isClose)
        {
            _counters.Count(Messaging.Counters.CloseReceived);
            if (wantsAck)
            {
                SendAck(session, exchangeId, false, counter, source);
            }

            _sessions.OnCloseReceived((SecureSession)session);
            return;
        }

        if (exchange == null)
        {
            exchange = FindFree();
            Start(exchange, session, exchangeId, protocol, handler, 0);
        }

        exchange.LastActivity = _clock.Milliseconds;
        if (wantsAck)
        {
            AcknowledgeNow(exchange);
            exchange.AckCounter = counter;
            exchange.AckAt = exchange.LastActivity + StandaloneAckDelay;
            exchange.Flags |= Exchange.FlagAckDue | Exchange.FlagAckKnown;
        }

        if (exchange.Protocol != protocol || exchange.IsClosing)
        {
            _counters.Count(Messaging.Counters.WrongProtocol);
            AcknowledgeNow(exchange);
            return;
        }

        exchange.Flags &= ~Exchange.FlagExpecting;
        exchange.Handler.OnMessage(exchange, opcode, buffer, body, bodyLength);
        if (!session.IsSecure && exchange.Session == session && exchange.Id == exchangeId && exchange.IsOpen
            && exchange.State == null && !exchange.IsAwaitingAcknowledgement && (exchange.Flags & Exchange.FlagExpecting) == 0)
        {
            Close(exchange);
        }
    }

    /// <summary>Why a message that belongs to no exchange is not one that could be answered (Core 4.10.5.2): it is acknowledged and forgotten.</summary>
    /// <returns>A count; -1 when it may start an exchange.</returns>
    private static int GetRefusal(Session session, bool fromInitiator, IProtocolHandler handler, int protocol, int opcode)
    {
        if (!fromInitiator)
        {
            return Messaging.Counters.NoExchange;
        }

        if (handler == null || session.IsSecure == (protocol == ProtocolId.SecureChannel))
        {
            return Messaging.Counters.WrongProtocol;
        }

        bool opens = session.IsSecure || opcode == SecureChannelProtocol.PbkdfParamRequest || opcode == SecureChannelProtocol.Sigma1;
        return opens ? -1 : Messaging.Counters.NoExchange;
    }

    /// <summary>Whether a message will be answered: there are an exchange and whatever its handler needs. May end other exchanges to that end.</summary>
    private bool IsTakable(Session session, Exchange exchange, IProtocolHandler handler, int protocol, int opcode)
    {
        if (exchange == null)
        {
            return session.State != SessionState.Closing && handler.HasRoomFor(session, null, opcode) && HasExchange(session, false);
        }

        if (exchange.IsClosing || exchange.Protocol != protocol)
        {
            return true;
        }

        return exchange.Handler.HasRoomFor(session, exchange, opcode) && exchange.IsOpen;
    }

    private static bool IsCloseSession(Session session, bool fromInitiator, int protocol, int opcode, int body, int bodyLength, byte[] buffer)
    {
        return session.IsSecure && fromInitiator && protocol == ProtocolId.SecureChannel && opcode == SecureChannelProtocol.StatusReport
            && bodyLength >= StatusReport.MinSize
            && ByteOrder.ReadUInt16(buffer, body) == StatusReport.GeneralSuccess
            && ByteOrder.ReadUInt32(buffer, body + 2) == ProtocolId.SecureChannel
            && ByteOrder.ReadUInt16(buffer, body + 6) == StatusReport.CloseSession;
    }

    private void Acknowledged(Session session, uint counter)
    {
        // By session and counter alone: a peer may set the initiator flag of a late acknowledgement wrongly.
        int at = _pool.Find(session, counter);
        if (at < 0)
        {
            _counters.Count(Messaging.Counters.LateAcknowledgement);
            return;
        }

        int place = _pool.GetExchange(at);
        _pool.Remove(at);
        if (place < 0)
        {
            _sessions.OnExchangeEnded(session);
            return;
        }

        Exchange exchange = _exchanges[place];
        exchange.Flags &= ~Exchange.FlagAwaiting;
        exchange.LastActivity = _clock.Milliseconds;
        if (exchange.IsClosing)
        {
            Finish(exchange, ExchangeEnd.Closed);
        }
        else
        {
            exchange.Handler.OnAcknowledged(exchange);
        }
    }

    /// <summary>A full pool answers a Sigma1 with Busy, without any state; everything else with silence.</summary>
    private void AnswerBusy(ulong initiator, NetworkAddress source)
    {
        if (_payload.ProtocolId != ProtocolId.SecureChannel || _payload.Opcode != SecureChannelProtocol.Sigma1)
        {
            return;
        }

        _counters.Count(Messaging.Counters.Busy);
        StatusReport.WriteBusy(_control, ControlRoom, 1000 + NextJitter());
        bool acknowledge = (_payload.Flags & PayloadHeader.Reliable) != 0 && source.Transport == NetworkAddress.Udp;
        int start = PayloadHeader.WriteBefore(
            _control, ControlRoom, acknowledge ? PayloadHeader.Acknowledgement : 0, SecureChannelProtocol.StatusReport,
            _payload.ExchangeId, ProtocolId.SecureChannel, _header.Counter);
        int messageStart;
        int total = _sessions.Codec.FrameUnsecured(
            false, initiator, _sessions.NextUnsecuredCounter(), _control, start, ControlRoom + StatusReport.BusySize - start, out messageStart);
        _sender.Send(source, _control, messageStart, total);
    }

    // Sending

    /// <summary>Writes the protocol header, with the acknowledgement that is known, and lets the session finish the message.</summary>
    private int FrameAndEncode(Exchange exchange, byte[] data, int payloadOffset, int flags, int opcode, int payloadLength, out int total)
    {
        if (exchange.IsInitiator)
        {
            flags |= PayloadHeader.Initiator;
        }

        if ((exchange.Flags & Exchange.FlagAckKnown) != 0)
        {
            flags |= PayloadHeader.Acknowledgement;
        }

        int start = PayloadHeader.WriteBefore(data, payloadOffset, flags, opcode, exchange.Id, exchange.Protocol, exchange.AckCounter);
        total = exchange.Session.Encode(data, start, payloadOffset - start + payloadLength, out start);
        if (total < 0)
        {
            return -1;
        }

        exchange.Flags &= ~(Exchange.FlagAckKnown | Exchange.FlagAckDue);
        return start;
    }

    private void SendAck(Session session, int exchangeId, bool isInitiator, uint counter, NetworkAddress to)
    {
        int flags = PayloadHeader.Acknowledgement | (isInitiator ? PayloadHeader.Initiator : 0);
        SendControl(session, exchangeId, flags, SecureChannelProtocol.StandaloneAck, counter, 0, to);
    }

    /// <summary>Sends a short message of the secure channel protocol from the buffer kept for that, unreliably.</summary>
    private void SendControl(Session session, int exchangeId, int flags, int opcode, uint acknowledged, int payloadLength, NetworkAddress to)
    {
        int start = PayloadHeader.WriteBefore(_control, ControlRoom, flags, opcode, exchangeId, ProtocolId.SecureChannel, acknowledged);
        int messageStart;
        int total = session.Encode(_control, start, ControlRoom - start + payloadLength, out messageStart);
        if (total > 0)
        {
            _sender.Send(to, _control, messageStart, total);
            session.NotifyActivity(false);
        }
    }

    private void Transmit(int at)
    {
        Session session = _pool.GetSession(at);
        _counters.Count(Messaging.Counters.Retransmission);
        session.GetAddress(_address);
        _sender.Send(_address, _pool.GetData(at), MessageBufferPool.GetStart(at), _pool.GetLength(at));
        session.NotifyActivity(false);
    }

    /// <summary>Sends again what is due, and gives up what was sent often enough.</summary>
    private void Retransmit(long now)
    {
        for (int at = _pool.Next(-1); at >= 0;)
        {
            if (now < _pool.GetAgain(at))
            {
                at = _pool.Next(at);
            }
            else if (_pool.GetTransmissions(at) < MaxTransmissions)
            {
                Transmit(at);
                int delay = RetransmissionDelay(_pool.GetSession(at).RetransmissionBase, _pool.GetTransmissions(at) + 1, NextJitter());
                _pool.SetAgain(at, now + delay);
                at = _pool.Next(at);
            }
            else
            {
                _counters.Count(Messaging.Counters.GaveUp);
                _sessions.MarkDefunct(_pool.GetSession(at));
                End(at, ExchangeEnd.NoAcknowledgement);

                // Its handler may have done anything.
                at = _pool.Next(-1);
            }
        }
    }

    /// <summary>A message has waited too long for its acknowledgement, and another has no room.</summary>
    internal void GiveWay(int at)
    {
        _counters.Count(Messaging.Counters.Reclaimed);
        End(at, ExchangeEnd.NoAcknowledgement);
    }

    private void End(int at, int reason)
    {
        Session session = _pool.GetSession(at);
        int place = _pool.GetExchange(at);
        _pool.Remove(at);
        if (place < 0)
        {
            _sessions.OnExchangeEnded(session);
        }
        else
        {
            _exchanges[place].Flags &= ~Exchange.FlagAwaiting;
            Finish(_exchanges[place], reason);
        }
    }

    private void Forget(Exchange exchange)
    {
        exchange.Flags &= ~Exchange.FlagAwaiting;
        _pool.Remove(_pool.Find(exchange.Place));
    }

    private void Process(Exchange exchange, long now)
    {
        if (exchange.IsFree)
        {
            return;
        }

        if ((exchange.Flags & Exchange.FlagAckDue) != 0 && now >= exchange.AckAt)
        {
            AcknowledgeNow(exchange);
        }

        if (exchange.IsAwaitingAcknowledgement)
        {
            return;
        }

        if ((exchange.Flags & Exchange.FlagExpecting) != 0)
        {
            if (now >= exchange.ResponseAt)
            {
                _counters.Count(Messaging.Counters.NoResponse);
                Finish(exchange, ExchangeEnd.NoResponse);
            }
        }
        else if (now - exchange.LastActivity >= IdleLimit)
        {
            _counters.Count(Messaging.Counters.Reclaimed);
            Finish(exchange, ExchangeEnd.Reclaimed);
        }
    }

    private static long DeadlineOf(Exchange exchange)
    {
        long deadline;
        if (exchange.IsAwaitingAcknowledgement)
        {
            deadline = long.MaxValue;
        }
        else if ((exchange.Flags & Exchange.FlagExpecting) != 0)
        {
            deadline = exchange.ResponseAt;
        }
        else
        {
            deadline = exchange.LastActivity + IdleLimit;
        }

        if ((exchange.Flags & Exchange.FlagAckDue) != 0 && exchange.AckAt < deadline)
        {
            deadline = exchange.AckAt;
        }

        return deadline;
    }

    // The pool

    private Exchange Find(Session session, int exchangeId, bool isInitiator)
    {
        for (int i = 0; i < _exchanges.Length; i++)
        {
            Exchange exchange = _exchanges[i];
            if (exchange.Session == session && exchange.Id == exchangeId && exchange.IsInitiator == isInitiator
                && (exchange.Flags & (Exchange.FlagInUse | Exchange.FlagEnding)) == Exchange.FlagInUse)
            {
                return exchange;
            }
        }

        return null;
    }

    private Exchange FindFree()
    {
        for (int i = 0; i < _exchanges.Length; i++)
        {
            if (_exchanges[i].IsFree)
            {
                return _exchanges[i];
            }
        }

        return null;
    }

    /// <summary>Whether there is a free exchange for a session. Those of strangers and of handshakes, and those of sessions, are counted apart.</summary>
    private bool HasExchange(Session session, bool isOwn)
    {
        int mine = 0;
        int alike = 0;
        for (int i = 0; i < _exchanges.Length; i++)
        {
            Exchange exchange = _exchanges[i];
            if (!exchange.IsFree && exchange.Session.IsSecure == session.IsSecure)
            {
                alike++;
                mine += exchange.Session == session && !exchange.IsInitiator ? 1 : 0;
            }
        }

        int limit = session.IsSecure ? Limits.Interactions : Limits.HandshakeExchanges;
        if (session.IsSecure && !isOwn && (mine > 0 || _pool.Holds(session)))
        {
            // Who has something under way leaves one to who has nothing.
            limit--;
        }

        return (isOwn || mine < MaxExchangesPerSession || Reclaim(session, true)) && (alike < limit || Reclaim(session, false));
    }

    /// <summary>Ends an exchange that has waited too long for its peer, so that another can be had.</summary>
    /// <param name="session">Who asks.</param>
    /// <param name="onlyOwn">Only one of this session; otherwise of a session that has more.</param>
    internal bool Reclaim(Session session, bool onlyOwn)
    {
        Exchange victim = null;
        int most = onlyOwn || session.IsGroup ? 0 : CountOpen(session);
        for (int i = 0; i < _exchanges.Length; i++)
        {
            Exchange exchange = _exchanges[i];
            bool waits = exchange.IsAwaitingAcknowledgement || (exchange.Flags & Exchange.FlagExpecting) != 0;
            if (exchange.IsFree || !waits || (exchange.Flags & Exchange.FlagEnding) != 0 || exchange.Session.IsSecure != session.IsSecure
                || (onlyOwn && exchange.Session != session) || Now - exchange.LastActivity < StaleAfter)
            {
                continue;
            }

            // A handshake has its own rules, unless it is over.
            int count = !session.IsSecure ? (exchange.IsClosing ? most + 1 : 0) : CountOpen(exchange.Session);
            if (count > most || (victim != null && count == most && exchange.LastActivity < victim.LastActivity))
            {
                victim = exchange;
                most = count;
            }
        }

        if (victim == null)
        {
            return false;
        }

        _counters.Count(Messaging.Counters.Reclaimed);
        Finish(victim, ExchangeEnd.Reclaimed);
        return FindFree() != null;
    }

    private int CountOpen(Session session)
    {
        int count = 0;
        for (int i = 0; i < _exchanges.Length; i++)
        {
            if (_exchanges[i].Session == session)
            {
                count++;
            }
        }

        return count;
    }

    private void Start(Exchange exchange, Session session, int id, int protocol, IProtocolHandler handler, int flags)
    {
        exchange.Reset(Exchange.FlagInUse | flags);
        exchange.SetIds(id, protocol);
        exchange.Session = session;
        exchange.Handler = handler;
        exchange.State = null;
        exchange.LastActivity = _clock.Milliseconds;
        int open = OpenExchanges;
        if (open > _highWater)
        {
            _highWater = open;
        }
    }

    private void Finish(Exchange exchange, int reason)
    {
        if ((exchange.Flags & (Exchange.FlagInUse | Exchange.FlagEnding)) != Exchange.FlagInUse)
        {
            return;
        }

        exchange.Flags |= Exchange.FlagEnding;
        if (exchange.IsAwaitingAcknowledgement)
        {
            Forget(exchange);
        }

        Session session = exchange.Session;
        exchange.Handler.OnExchangeEnded(exchange, reason);
        exchange.Session = null;
        exchange.State = null;
        exchange.Reset(0);
        _sessions.OnExchangeEnded(session);
    }

    private IProtocolHandler FindHandler(int protocolId)
    {
        for (int i = 0; i < _handlerCount; i++)
        {
            if (_handlerIds[i] == protocolId)
            {
                return _handlers[i];
            }
        }

        return null;
    }

    private int NextJitter()
    {
        _random.Fill(_control, 0, 1);
        return _control[0];
    }
}
