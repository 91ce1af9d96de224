using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace MatterNano.Peer;

/// <summary>What a peer runs on: a virtual network or a real socket. Everything happens on one thread.</summary>
public interface IPeerHost
{
    /// <summary>Milliseconds.</summary>
    long Now { get; }

    /// <summary>Sends a datagram to the node under test.</summary>
    void Send(byte[] datagram);

    /// <summary>Runs an action later, on the same thread; the returned action cancels it.</summary>
    Action Schedule(long delay, Action action);
}

/// <summary>A session as the controller sees it.</summary>
public sealed class PeerSession
{
    /// <summary>0 for an unsecured session.</summary>
    public ushort LocalId;
    public ushort PeerId;
    public byte[] EncryptKey;
    public byte[] DecryptKey;
    public byte[] AttestationChallenge;
    public ulong LocalNodeId;
    public ulong PeerNodeId;

    /// <summary>Ephemeral id of an unsecured session: its initiator's.</summary>
    public ulong EphemeralId;

    /// <summary>True for an unsecured session that the node began.</summary>
    public bool IsResponder;

    public uint Counter;

    /// <summary>True once the node sent CloseSession.</summary>
    public bool ClosedByNode;

    /// <summary>Counters received, to tell duplicates.</summary>
    public HashSet<uint> Received { get; } = new();

    public bool IsSecure => LocalId != 0;
}

/// <summary>A Matter controller in a few hundred lines: messages, MRP, exchanges. Sessions come from <see cref="PaseInitiator"/> and <see cref="CaseInitiator"/>.</summary>
public sealed class MatterPeer
{
    public const int Transmissions = 5;

    private readonly List<PeerSession> _sessions = new();
    private readonly List<PeerExchange> _exchanges = new();
    private ushort _nextSessionId;
    private ushort _nextExchangeId;
    private uint _unsecuredCounter;

    public MatterPeer(IPeerHost host, int seed)
    {
        Host = host;
        Random = new Random(seed);
        _nextSessionId = (ushort)Random.Next(1, 0xffff);
        _nextExchangeId = (ushort)Random.Next(0x10000);
        _unsecuredCounter = (uint)Random.Next(1, 1 << 28);
    }

    public IPeerHost Host { get; }

    public Random Random { get; }

    /// <summary>matter.js writes both node ids into every secure header, connectedhomeip none.</summary>
    public bool WritesNodeIds { get; set; }

    /// <summary>Base of the retransmission interval in milliseconds.</summary>
    public int RetryInterval { get; set; } = 300;

    /// <summary>False stops all retransmissions.</summary>
    public bool Retransmits { get; set; } = true;

    /// <summary>False over a transport that is reliable by itself, as BLE is.</summary>
    public bool UsesMrp { get; set; } = true;

    /// <summary>False makes a peer that never acknowledges, as one that died.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>Milliseconds until an acknowledgement that nothing carries leaves by itself; 200 is the most allowed (Core 4.12.8).</summary>
    public int AcknowledgementDelay { get; set; } = 200;

    /// <summary>False leaves the last acknowledgement of an exchange to its delay, too.</summary>
    public bool AcknowledgesAtClose { get; set; } = true;

    /// <summary>Every message received, in order, duplicates included.</summary>
    public List<PeerMessage> Log { get; } = new();

    /// <summary>Number of messages sent again.</summary>
    public int Retransmissions { get; private set; }

    /// <summary>Sees exchanges that the node starts, except for CloseSession.</summary>
    public Action<PeerExchange, PeerMessage> Incoming { get; set; }

    /// <summary>Sees handshakes that the node begins; without it they get no answer.</summary>
    public Action<PeerExchange, PeerMessage> IncomingHandshake { get; set; }

    /// <summary>Sees the node's CloseSession.</summary>
    public Action<PeerSession> Closed { get; set; }

    public byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        Random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Opens the unsecured session of one handshake.</summary>
    public PeerSession OpenUnsecured()
    {
        PeerSession session = new() { EphemeralId = ((ulong)Random.NextInt64() & 0x0fffffffffffffff) | 1 };
        _sessions.Add(session);
        return session;
    }

    /// <summary>A session id of ours that is free.</summary>
    public ushort NextSessionId()
    {
        if (++_nextSessionId == 0)
        {
            _nextSessionId = 1;
        }

        return _nextSessionId;
    }

    /// <summary>Takes a secure session into use.</summary>
    public PeerSession AddSecure(ushort localId, ushort peerId, byte[] keys, ulong localNodeId, ulong peerNodeId)
    {
        PeerSession session = new()
        {
            LocalId = localId,
            PeerId = peerId,
            EncryptKey = keys.AsSpan(0, 16).ToArray(),
            DecryptKey = keys.AsSpan(16, 16).ToArray(),
            AttestationChallenge = keys.AsSpan(32, 16).ToArray(),
            LocalNodeId = localNodeId,
            PeerNodeId = peerNodeId,
            Counter = (uint)Random.Next(1, 1 << 28),
        };
        _sessions.Add(session);
        return session;
    }

    /// <summary>Forgets a session without a word, as a crash does.</summary>
    public void Forget(PeerSession session)
    {
        _sessions.Remove(session);
        foreach (PeerExchange exchange in _exchanges.FindAll(e => e.Session == session))
        {
            exchange.Abandon();
        }
    }

    /// <summary>Sends CloseSession and forgets the session.</summary>
    public void Close(PeerSession session)
    {
        OpenExchange(session).Send(0, 0x40, PeerStatus.Build(0, 3), reliable: false);
        Forget(session);
    }

    public PeerExchange OpenExchange(PeerSession session) => Add(new PeerExchange(this, session, _nextExchangeId++, true));

    /// <summary>Takes a datagram from the node.</summary>
    public void OnDatagram(byte[] datagram)
    {
        PeerMessage message = PeerMessage.ReadHeader(datagram);
        message.Time = Host.Now;
        PeerSession session = message.SessionId != 0
            ? _sessions.Find(s => s.LocalId == message.SessionId)
            : message.SourceNodeId == null
                ? _sessions.Find(s => !s.IsSecure && !s.IsResponder && s.EphemeralId == message.DestinationNodeId)
                : SessionOfInitiator(message.SourceNodeId.Value);
        if (session == null)
        {
            return;
        }

        byte[] plain = message.Body;
        if (session.IsSecure)
        {
            plain = PeerCrypto.Decrypt(session.DecryptKey, Nonce(message.SecurityFlags, message.Counter, session.PeerNodeId), message.Body, message.Header);
            if (plain == null)
            {
                return;
            }
        }

        message.ReadBody(plain);
        Log.Add(message);
        PeerExchange exchange = _exchanges.Find(e => e.Session == session && e.Id == message.ExchangeId && e.IsInitiator != message.IsInitiator);
        bool isDuplicate = !session.Received.Add(message.Counter);
        if (message.AcknowledgedCounter != null)
        {
            foreach (PeerExchange any in _exchanges.FindAll(e => e.Session == session))
            {
                any.OnAcknowledged(message.AcknowledgedCounter.Value);
            }
        }

        if (message.ProtocolId == 0 && message.Opcode == 0x10)
        {
            return;
        }

        bool isNew = exchange == null;
        if (isNew)
        {
            exchange = Add(new PeerExchange(this, session, message.ExchangeId, !message.IsInitiator));
        }

        if (message.NeedsAck && Acknowledges)
        {
            exchange.NeedAck(message.Counter, isDuplicate);
        }

        if (isDuplicate)
        {
            if (isNew)
            {
                exchange.Close();
            }

            return;
        }

        if (isNew)
        {
            if (!message.IsInitiator)
            {
                exchange.Close();
                return;
            }

            if (message.ProtocolId == 0 && message.Opcode == 0x40 && session.IsSecure && PeerStatus.Parse(message.Payload) is { General: 0, Protocol: 0, Code: 3 })
            {
                session.ClosedByNode = true;
                Forget(session);
                Closed?.Invoke(session);
                return;
            }

            Action<PeerExchange, PeerMessage> incoming = session.IsSecure ? Incoming : IncomingHandshake;
            if (incoming == null)
            {
                exchange.Close();
                return;
            }

            incoming(exchange, message);
            return;
        }

        exchange.OnMessage(message);
    }

    /// <summary>Builds a datagram as this peer would send it.</summary>
    internal byte[] Encode(PeerSession session, int flags, int opcode, int exchangeId, int protocolId, uint? acknowledged, byte[] payload, bool isInitiator, out uint counter)
    {
        byte[] body = PeerMessage.WriteBody(flags, opcode, exchangeId, protocolId, acknowledged, payload);
        if (!session.IsSecure)
        {
            counter = ++_unsecuredCounter;
            ulong? id = session.EphemeralId;
            return PeerCrypto.Concat(PeerMessage.WriteHeader(0, counter, session.IsResponder ? null : id, session.IsResponder ? id : null), body);
        }

        counter = ++session.Counter;
        byte[] header = WritesNodeIds
            ? PeerMessage.WriteHeader(session.PeerId, counter, session.LocalNodeId, session.PeerNodeId)
            : PeerMessage.WriteHeader(session.PeerId, counter, null, null);
        return PeerCrypto.Concat(header, PeerCrypto.Encrypt(session.EncryptKey, Nonce(0, counter, session.LocalNodeId), body, header));
    }

    internal void OnRetransmission() => Retransmissions++;

    internal void Remove(PeerExchange exchange) => _exchanges.Remove(exchange);

    private PeerSession SessionOfInitiator(ulong ephemeralId)
    {
        PeerSession session = _sessions.Find(s => s.IsResponder && s.EphemeralId == ephemeralId);
        if (session == null && IncomingHandshake != null)
        {
            session = new PeerSession { EphemeralId = ephemeralId, IsResponder = true };
            _sessions.Add(session);
        }

        return session;
    }

    private PeerExchange Add(PeerExchange exchange)
    {
        _exchanges.Add(exchange);
        return exchange;
    }

    private static byte[] Nonce(int securityFlags, uint counter, ulong nodeId)
    {
        byte[] nonce = new byte[13];
        nonce[0] = (byte)securityFlags;
        BinaryPrimitives.WriteUInt32LittleEndian(nonce.AsSpan(1), counter);
        BinaryPrimitives.WriteUInt64LittleEndian(nonce.AsSpan(5), nodeId);
        return nonce;
    }
}

/// <summary>One exchange of a <see cref="MatterPeer"/> with reliable messages (Core 4.10, 4.12).</summary>
public sealed class PeerExchange
{
    private readonly MatterPeer _peer;
    private readonly Queue<PeerMessage> _received = new();
    private TaskCompletionSource<PeerMessage> _waiting;
    private Action _cancelWait;
    private byte[] _unacknowledged;
    private uint _unacknowledgedCounter;
    private int _sent;
    private Action _cancelRetry;
    private uint? _pendingAck;
    private Action _cancelAck;
    private bool _closed;

    internal PeerExchange(MatterPeer peer, PeerSession session, ushort id, bool isInitiator)
    {
        _peer = peer;
        Session = session;
        Id = id;
        IsInitiator = isInitiator;
    }

    public PeerSession Session { get; }

    public ushort Id { get; }

    public bool IsInitiator { get; }

    /// <summary>True once all transmissions of a message went without acknowledgement.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>True while a reliable message of ours is not acknowledged.</summary>
    public bool IsUnacknowledged => _unacknowledged != null;

    /// <summary>The datagram sent last.</summary>
    public byte[] LastSent { get; private set; }

    /// <summary>Sends a message; a reliable one is repeated until acknowledged.</summary>
    public void Send(int protocolId, int opcode, byte[] payload, bool reliable = true)
    {
        uint? ack = _pendingAck;
        _pendingAck = null;
        _cancelAck?.Invoke();
        reliable &= _peer.UsesMrp;
        int flags = (IsInitiator ? 1 : 0) | (reliable ? 4 : 0);
        byte[] datagram = _peer.Encode(Session, flags, opcode, Id, protocolId, ack, payload, IsInitiator, out uint counter);
        LastSent = datagram;
        if (reliable)
        {
            _cancelRetry?.Invoke();
            _unacknowledged = datagram;
            _unacknowledgedCounter = counter;
            _sent = 1;
            Retry();
        }

        _peer.Host.Send(datagram);
    }

    /// <summary>Waits for the next message.</summary>
    public async Task<PeerMessage> ReceiveAsync(long timeout = 30000)
    {
        if (_received.Count != 0)
        {
            return _received.Dequeue();
        }

        if (GaveUp)
        {
            throw new TimeoutException("the node acknowledged nothing");
        }

        TaskCompletionSource<PeerMessage> waiting = new();
        _waiting = waiting;
        _cancelWait = _peer.Host.Schedule(timeout, () => Fail("no message in " + timeout + " ms"));
        return await waiting.Task.ConfigureAwait(false);
    }

    /// <summary>Sends and waits for the answer.</summary>
    public Task<PeerMessage> RequestAsync(int protocolId, int opcode, byte[] payload, long timeout = 30000)
    {
        Task<PeerMessage> answer = ReceiveAsync(timeout);
        Send(protocolId, opcode, payload);
        return answer;
    }

    /// <summary>Ends the exchange; an acknowledgement that is due goes out, a message still unacknowledged goes on being repeated.</summary>
    public void Close()
    {
        if (_pendingAck != null && _peer.AcknowledgesAtClose)
        {
            SendAck(_pendingAck.Value);
        }

        _closed = true;
        if (_unacknowledged == null && _pendingAck == null)
        {
            _peer.Remove(this);
        }
    }

    /// <summary>Ends the exchange without a word.</summary>
    public void Abandon()
    {
        _cancelAck?.Invoke();
        _cancelRetry?.Invoke();
        _pendingAck = null;
        _unacknowledged = null;
        _closed = true;
        _peer.Remove(this);
    }

    internal void OnMessage(PeerMessage message)
    {
        if (_waiting != null)
        {
            TaskCompletionSource<PeerMessage> waiting = _waiting;
            _waiting = null;
            _cancelWait();
            waiting.SetResult(message);
        }
        else
        {
            _received.Enqueue(message);
        }
    }

    internal void OnAcknowledged(uint counter)
    {
        if (_unacknowledged != null && counter == _unacknowledgedCounter)
        {
            _unacknowledged = null;
            _cancelRetry();
            if (_closed)
            {
                _peer.Remove(this);
            }
        }
    }

    internal void NeedAck(uint counter, bool now)
    {
        if (_pendingAck != null || now || _closed)
        {
            SendAck(_pendingAck ?? counter);
        }

        if (!now && !_closed)
        {
            _pendingAck = counter;
            _cancelAck?.Invoke();
            _cancelAck = _peer.Host.Schedule(_peer.AcknowledgementDelay, () =>
            {
                if (_pendingAck != null)
                {
                    SendAck(_pendingAck.Value);
                }

                if (_closed && _unacknowledged == null)
                {
                    _peer.Remove(this);
                }
            });
        }
    }

    private void SendAck(uint counter)
    {
        _pendingAck = null;
        _cancelAck?.Invoke();
        byte[] datagram = _peer.Encode(Session, IsInitiator ? 1 : 0, 0x10, Id, 0, counter, Array.Empty<byte>(), IsInitiator, out _);
        _peer.Host.Send(datagram);
    }

    private void Retry()
    {
        double interval = _peer.RetryInterval * 1.1 * Math.Pow(1.6, Math.Max(0, _sent - 2)) * (1 + (_peer.Random.NextDouble() * 0.25));
        _cancelRetry = _peer.Host.Schedule((long)interval, () =>
        {
            if (_unacknowledged == null)
            {
                return;
            }

            if (!_peer.Retransmits || _sent == MatterPeer.Transmissions)
            {
                GaveUp = true;
                _unacknowledged = null;
                Fail("the node acknowledged nothing");
                return;
            }

            _sent++;
            _peer.OnRetransmission();
            Retry();
            _peer.Host.Send(_unacknowledged);
        });
    }

    private void Fail(string reason)
    {
        TaskCompletionSource<PeerMessage> waiting = _waiting;
        _waiting = null;
        _cancelWait?.Invoke();
        waiting?.SetException(new TimeoutException(reason));
        if (_closed)
        {
            _peer.Remove(this);
        }
    }
}
