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

    // The exchanges' own: rows of numbers, and the messages that they wait with.
    internal readonly long[] Times = new long[Limits.Exchanges * Exchange.TimesSize];
    internal readonly uint[] Numbers = new uint[Limits.Exchanges * Exchange.NumbersSize];
    internal readonly MessageBuffer[] Buffers = new MessageBuffer[Limits.MessageBuffers];

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

        for (int i = 0; i < Buffers.Length; i++)
        {
            Buffers[i] = new MessageBuffer(i < Limits.LargeMessageBuffers);
        }

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
        get
        {
            int count = 0;
            for (int i = 0; i < Buffers.Length; i++)
            {
                if (Buffers[i].IsFree)
                {
                    count++;
                }
            }

            return count;
        }
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

        Exchange exchange = TakeExchange();
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

    /// <summary>Number of exchanges open on a session.</summary>
    public int CountExchanges(Session session)
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

    /// <summary>Takes a received datagram. Decrypts in its buffer.</summary>
    /// <param name="buffer">Holds the datagram; its content is destroyed.</param>
    /// <param name="offset">Start of the datagram.</param>
    /// <param name="length">Its length.</param>
    /// <param name="source">Where it came from.</param>
    public void OnDatagram(byte[] buffer, int offset, int length, NetworkAddress source)
    {
        if (length > Limits.MaxReceivedMessage)
        {
            _counters.Count(Messaging.Counters.TooLong);
            return;
        }

        if (length < MessageHeader.MinSize)
        {
            _counters.Count(Messaging.Counters.Malformed);
            return;
        }

        int type = buffer[offset + 3] & MessageHeader.TypeMask;
        if (type == MessageHeader.Group)
        {
            OnGroupMessage(buffer, offset, length);
            return;
        }

        if (type != MessageHeader.Unicast || !_header.TryRead(buffer, offset, length))
        {
            _counters.Count(Messaging.Counters.Malformed);
            return;
        }

        if ((_header.SecurityFlags & (MessageHeader.Privacy | MessageHeader.Control)) != 0 || _header.DestinationKind == MessageHeader.GroupDestination)
        {
            _counters.Count(Messaging.Counters.Unsupported);
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

    internal MessageBuffer TakeBuffer(bool isLong)
    {
        MessageBuffer message = isLong ? null : FindFree(Limits.LargeMessageBuffers, Buffers.Length);
        message ??= FindFree(0, Limits.LargeMessageBuffers);
        if (message == null)
        {
            _counters.Count(Messaging.Counters.NoBuffer);
            return null;
        }

        message.Take();
        return message;
    }

    internal void ReleaseBuffer(MessageBuffer message)
    {
        if (message != null)
        {
            message.Release();
        }
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

    /// <summary>Place of a buffer in the pool, from 1; 0 for null.</summary>
    internal int PlaceOf(MessageBuffer message)
    {
        int place = message == null ? 0 : Buffers.Length;
        while (place > 0 && Buffers[place - 1] != message)
        {
            place--;
        }

        return place;
    }

    internal bool Send(Exchange exchange, MessageBuffer message, int opcode, int payloadLength, int flags)
    {
        if (message == null || message.IsFree)
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

        message.SetMessage(start, total);
        long now = _clock.Milliseconds;
        exchange.LastActivity = now;
        session.GetAddress(_address);
        _sender.Send(_address, message.Data, start, total);
        session.NotifyActivity(false);
        if (mrp)
        {
            exchange.Pending = Shorten(message);
            exchange.Transmissions = 1;
            exchange.RetransmitAt = now + RetransmissionDelay(session.RetransmissionBase, 1, NextJitter());
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

        _counters.Count(Messaging.Counters.Retransmission);
        Transmit(exchange);
        return true;
    }

    internal void AssumeAcknowledged(Exchange exchange)
    {
        if (exchange.IsAwaitingAcknowledgement && exchange.IsOpen)
        {
            ReleaseBuffer(exchange.Pending);
            exchange.Pending = null;
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
        if (!exchange.IsAwaitingAcknowledgement)
        {
            Finish(exchange, ExchangeEnd.Closed);
        }
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
            _counters.Count(Messaging.Counters.UnknownSession);
            if (_log != null && _log.IsEnabled(LogLevel.Debug))
            {
                _log.Write(LogLevel.Debug, "exchange", "no session " + _header.SessionId + ", port " + source.Port);
            }

            return;
        }

        int plain = session.Decode(buffer, offset, length, _header);
        if (plain < 0)
        {
            _counters.Count(Messaging.Counters.DecryptFailed);
            return;
        }

        int payload = offset + _header.Length;
        if (!_payload.TryRead(buffer, payload, plain))
        {
            _counters.Count(Messaging.Counters.Malformed);
            return;
        }

        bool isNew = session.UpdateMessageCounter(_header.Counter);
        if (isNew)
        {
            // A replayed datagram must not redirect the session, so only new ones move the address.
            session.SetAddress(source);
        }

        session.NotifyActivity(true);
        if (isNew && session.State == SessionState.Establishing)
        {
            _sessions.Activate(session);
            if (session.State < SessionState.Active)
            {
                return;
            }
        }

        Deliver(session, buffer, payload, plain, isNew, source);

        // A command may have carried an epoch key or the network's password.
        Secrets.Wipe(buffer, payload, plain);
    }

    private void OnUnsecuredMessage(byte[] buffer, int offset, int length, NetworkAddress source)
    {
        int payload = offset + _header.Length;
        int plain = length - _header.Length;
        if (!_payload.TryRead(buffer, payload, plain))
        {
            _counters.Count(Messaging.Counters.Malformed);
            return;
        }

        InsecureSession session;
        if (_header.HasSource)
        {
            session = _sessions.GetUnsecureSession(_header.SourceNodeId, false);
        }
        else if (_header.DestinationKind == MessageHeader.NodeDestination)
        {
            session = _sessions.GetUnsecureSession(_header.Destination, true);
            if (session == null)
            {
                _counters.Count(Messaging.Counters.NoUnsecuredContext);
                return;
            }
        }
        else
        {
            _counters.Count(Messaging.Counters.NoUnsecuredContext);
            return;
        }

        if (session == null)
        {
            session = _sessions.AcceptUnsecureSession(_header.SourceNodeId, source);
            if (session == null)
            {
                _counters.Count(Messaging.Counters.UnsecuredFull);
                AnswerBusy(_header.SourceNodeId, source);
                return;
            }
        }

        bool isNew = session.UpdateMessageCounter(_header.Counter);
        session.NotifyActivity(true);
        Deliver(session, buffer, payload, plain, isNew, source);
        _sessions.ReleaseIfUnused(session);
    }

    private void OnGroupMessage(byte[] buffer, int offset, int length)
    {
        if ((buffer[offset + 3] & MessageHeader.Control) != 0)
        {
            _counters.Count(Messaging.Counters.Unsupported);
            return;
        }

        MessageBuffer scratch = TakeBuffer(true);
        if (scratch == null)
        {
            return;
        }

        GroupSession session = null;
        if (length <= scratch.Data.Length)
        {
            session = _sessions.ReceiveGroupMessage(buffer, offset, length, _header, scratch.Data);
        }

        ReleaseBuffer(scratch);
        if (session != null)
        {
            DeliverGroupMessage(session, buffer, offset, length);

            // The group key stands in it while its message is handled.
            session.Wipe();
        }
    }

    private void DeliverGroupMessage(GroupSession session, byte[] buffer, int offset, int length)
    {
        int payload = offset + _header.Length;
        int plain = length - _header.Length - MessageCodec.MicSize;
        if (!_payload.TryRead(buffer, payload, plain))
        {
            _counters.Count(Messaging.Counters.Malformed);
            return;
        }

        IProtocolHandler handler = FindHandler(_payload.ProtocolId);
        if (handler == null || _payload.ProtocolId == ProtocolId.SecureChannel || (_payload.Flags & PayloadHeader.Initiator) == 0)
        {
            _counters.Count(Messaging.Counters.WrongProtocol);
            return;
        }

        Exchange exchange = TakeExchange();
        if (exchange == null)
        {
            _counters.Count(Messaging.Counters.ExchangesFull);
            return;
        }

        Start(exchange, session, _payload.ExchangeId, _payload.ProtocolId, handler, 0);
        handler.OnMessage(exchange, _payload.Opcode, buffer, payload + _payload.Length, plain - _payload.Length);
        if (exchange.Session == session)
        {
            Finish(exchange, ExchangeEnd.Closed);
        }
    }

    private void Deliver(Session session, byte[] buffer, int payload, int plain, bool isNew, NetworkAddress source)
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
        Exchange exchange = Find(session, exchangeId, !fromInitiator);
        if (!isNew)
        {
            _counters.Count(Messaging.Counters.Duplicate);
            if (wantsAck && !isAck)
            {
                SendAck(session, exchangeId, !fromInitiator, counter, source);
                if (exchange != null && exchange.AckCounter == counter)
                {
                    exchange.Flags &= ~Exchange.FlagAckDue;
                }
            }

            return;
        }

        if ((flags & PayloadHeader.Acknowledgement) != 0)
        {
            Acknowledged(session, _payload.AcknowledgedCounter);

            // A handler may have closed exchange or session on the news.
            exchange = Find(session, exchangeId, !fromInitiator);
            if (session.State < SessionState.Active)
            {
                return;
            }
        }

        if (isAck)
        {
            return;
        }

        if (exchange == null)
        {
            if (IsCloseSession(session, fromInitiator, protocol, opcode, body, bodyLength, buffer))
            {
                _counters.Count(Messaging.Counters.CloseReceived);
                if (wantsAck)
                {
                    SendAck(session, exchangeId, false, counter, source);
                }

                _sessions.OnCloseReceived((SecureSession)session);
                return;
            }

            exchange = Accept(session, fromInitiator, protocol, opcode, exchangeId, counter, wantsAck, source);
            if (exchange == null)
            {
                return;
            }
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

    /// <summary>Opens an exchange for the first message of a peer's exchange, or refuses it by the rules of Core 4.10.5.2.</summary>
    private Exchange Accept(Session session, bool fromInitiator, int protocol, int opcode, int exchangeId, uint counter, bool wantsAck, NetworkAddress source)
    {
        IProtocolHandler handler = FindHandler(protocol);
        int refusal = -1;
        if (!fromInitiator || session.State == SessionState.Closing)
        {
            refusal = Messaging.Counters.NoExchange;
        }
        else if (handler == null || session.IsSecure == (protocol == ProtocolId.SecureChannel))
        {
            refusal = Messaging.Counters.WrongProtocol;
        }
        else if (!session.IsSecure && opcode != SecureChannelProtocol.PbkdfParamRequest && opcode != SecureChannelProtocol.Sigma1)
        {
            refusal = Messaging.Counters.NoExchange;
        }

        if (refusal >= 0)
        {
            _counters.Count(refusal);
            if (wantsAck)
            {
                SendAck(session, exchangeId, !fromInitiator, counter, source);
            }

            return null;
        }

        Exchange exchange = CountExchanges(session) < MaxExchangesPerSession ? TakeExchange() : null;
        if (exchange == null)
        {
            _counters.Count(Messaging.Counters.ExchangesFull);
            if (!session.IsSecure)
            {
                AnswerBusy(session.NodeId, source);
            }

            return null;
        }

        Start(exchange, session, exchangeId, protocol, handler, 0);
        return exchange;
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
        for (int i = 0; i < _exchanges.Length; i++)
        {
            Exchange exchange = _exchanges[i];
            if (exchange.Session == session && exchange.IsAwaitingAcknowledgement && exchange.Pending.Counter == counter)
            {
                ReleaseBuffer(exchange.Pending);
                exchange.Pending = null;
                exchange.LastActivity = _clock.Milliseconds;
                if (exchange.IsClosing)
                {
                    Finish(exchange, ExchangeEnd.Closed);
                }
                else
                {
                    exchange.Handler.OnAcknowledged(exchange);
                }

                return;
            }
        }

        _counters.Count(Messaging.Counters.LateAcknowledgement);
    }

    /// <summary>A full pool answers a Sigma1 with Busy, without any state; everything else with silence, so that MRP tries again.</summary>
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

    /// <summary>Moves a short message that waits for its acknowledgement out of the way of the next one.</summary>
    private MessageBuffer Shorten(MessageBuffer message)
    {
        MessageBuffer shorter = message.Data.Length == Limits.MaxShortMessage || message.Length > Limits.MaxShortMessage ? null : FindFree(Limits.LargeMessageBuffers, Buffers.Length);
        if (shorter == null)
        {
            return message;
        }

        Array.Copy(message.Data, message.Start, shorter.Data, 0, message.Length);
        shorter.SetMessage(0, message.Length);
        ReleaseBuffer(message);
        return shorter;
    }

    private MessageBuffer FindFree(int from, int end)
    {
        for (int i = from; i < end; i++)
        {
            if (Buffers[i].IsFree)
            {
                return Buffers[i];
            }
        }

        return null;
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

    private void Transmit(Exchange exchange)
    {
        MessageBuffer message = exchange.Pending;
        exchange.Session.GetAddress(_address);
        _sender.Send(_address, message.Data, message.Start, message.Length);
        exchange.Session.NotifyActivity(false);
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
            if (now >= exchange.RetransmitAt)
            {
                if (exchange.Transmissions >= MaxTransmissions)
                {
                    _counters.Count(Messaging.Counters.GaveUp);
                    _sessions.MarkDefunct(exchange.Session);
                    Finish(exchange, ExchangeEnd.NoAcknowledgement);
                    return;
                }

                exchange.Transmissions++;
                _counters.Count(Messaging.Counters.Retransmission);
                Transmit(exchange);
                exchange.RetransmitAt = now + RetransmissionDelay(exchange.Session.RetransmissionBase, exchange.Transmissions, NextJitter());
            }

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
            deadline = exchange.RetransmitAt;
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

    /// <summary>A free exchange; when there is none, the one that has lingered longest on an unsecured session.</summary>
    private Exchange TakeExchange()
    {
        Exchange oldest = null;
        for (int i = 0; i < _exchanges.Length; i++)
        {
            Exchange exchange = _exchanges[i];
            if (exchange.IsFree)
            {
                return exchange;
            }

            if (exchange.IsClosing && (exchange.Flags & Exchange.FlagEnding) == 0 && !exchange.Session.IsSecure
                && (oldest == null || exchange.LastActivity < oldest.LastActivity))
            {
                oldest = exchange;
            }
        }

        if (oldest != null)
        {
            _counters.Count(Messaging.Counters.Reclaimed);
            Finish(oldest, ExchangeEnd.Reclaimed);
            if (!oldest.IsFree)
            {
                return null;
            }
        }

        return oldest;
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
            ReleaseBuffer(exchange.Pending);
            exchange.Pending = null;
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
