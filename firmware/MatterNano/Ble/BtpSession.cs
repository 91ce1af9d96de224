using System;

namespace MatterNano.Ble;

/// <summary>The peripheral's end of one BTP connection (Core 4.19): segments, sequence numbers, acknowledgements.</summary>
/// <remarks>
/// Single-threaded and timed by the caller's clock. A peer's mistake ends the session: a caller that gets false drops the
/// link. Buffers live only as long as a connection does.
/// </remarks>
public sealed class BtpSession
{
    /// <summary>Packets accepted unacknowledged; what connectedhomeip offers. Fewer than 4 makes two ends acknowledge acknowledgements for ever.</summary>
    public const int OfferedWindow = 6;

    /// <summary>Smallest segment: ATT MTU 23 less the ATT header.</summary>
    public const int MinSegment = 20;

    /// <summary>Largest segment (Core 4.19.3.2).</summary>
    public const int MaxSegment = 244;

    /// <summary>Data is acknowledged after this time at the latest, in milliseconds: half of what the peer waits before it worries.</summary>
    public const int AcknowledgeAfter = 2500;

    /// <summary>A pure acknowledgement is answered no sooner than this, in milliseconds; the answer keeps an idle link alive.</summary>
    public const int KeepAliveAfter = 7500;

    /// <summary>A packet not acknowledged for this long ends the session, in milliseconds (Core 4.19.4.2).</summary>
    public const int AcknowledgeTimeout = 15000;

    /// <summary>Handshake request and subscription must both arrive within this time of the connection, in milliseconds.</summary>
    public const int HandshakeTimeout = 15000;

    /// <summary>A session without any packet from the peer for this long ends, in milliseconds.</summary>
    public const int IdleTimeout = 30000;

    /// <summary>
    /// With one slot left, nothing to acknowledge and no acknowledgement for this long, in milliseconds, data takes the last slot. matter.js
    /// can forget an acknowledgement until the next packet comes; as everything of the peer's is acknowledged, it can always answer.
    /// </summary>
    public const int StallAfter = 500;

    private const int AttHeader = 3;
    private const int SegmentTolerance = 3;
    private const int MinWindow = 2;
    private const int QueueSize = 2 * (Limits.MaxSentMessage + 2);

    private const byte Closed = 0;
    private const byte Connected = 1;
    private const byte Open = 2;

    private readonly IBtpHandler _handler;
    private readonly BtpHandshakeRequest _request = new BtpHandshakeRequest();
    private readonly BtpPacket _packet = new BtpPacket();
    private byte[] _received;
    private byte[] _queue;
    private byte[] _frame;
    private byte _state;
    private bool _subscribed;
    private bool _requested;
    private int _attMtu;
    private int _segment;
    private int _window;
    private int _receivedLength;
    private int _messageLength;
    private int _lastReceived;
    private int _unacknowledged;
    private int _lastAcknowledged;
    private int _lastSent;
    private bool _resend;
    private bool _inRadio;
    private int _frameLength;
    private int _queueLength;
    private int _sentOfFirst;
    private long _acknowledgeBy;
    private long _acknowledgedBy;
    private long _idleBy;
    private long _stalledAt;
    private bool _delivering;

    /// <summary>Creates a session in the closed state; it holds no buffers until a central connects.</summary>
    public BtpSession(IBtpHandler handler)
    {
        _handler = handler;
        Clear();
    }

    /// <summary>True after the handshake.</summary>
    public bool IsOpen
    {
        get { return _state == Open; }
    }

    /// <summary>Bytes of one segment with its header; 0 before the handshake.</summary>
    public int SegmentSize
    {
        get { return _segment; }
    }

    /// <summary>Packets either side may leave unacknowledged; 0 before the handshake.</summary>
    public int Window
    {
        get { return _window; }
    }

    /// <summary>True when everything given to <see cref="Send"/> has left the radio, or the session is closed.</summary>
    public bool IsDrained
    {
        get { return _state != Open || (_queueLength == 0 && !_resend && !_inRadio); }
    }

    /// <summary>When <see cref="Process"/> wants to be called next, in clock milliseconds.</summary>
    public long NextDeadline
    {
        get
        {
            if (_state == Closed)
            {
                return long.MaxValue;
            }

            long next = _idleBy;
            if (_acknowledgeBy < next)
            {
                next = _acknowledgeBy;
            }

            if (IsStalling && _stalledAt < next)
            {
                next = _stalledAt;
            }

            return _acknowledgedBy < next ? _acknowledgedBy : next;
        }
    }

    /// <summary>A central connected.</summary>
    /// <param name="attMtu">ATT MTU in force, 0 when unknown.</param>
    /// <param name="now">Clock milliseconds.</param>
    public void OnConnected(int attMtu, long now)
    {
        Clear();
        _state = Connected;
        _attMtu = attMtu;
        _received = new byte[Limits.MaxReceivedMessage];
        _queue = new byte[QueueSize];
        _frame = new byte[MaxSegment];
        _idleBy = now + HandshakeTimeout;
    }

    /// <summary>The link is gone, or the session failed; everything queued is lost and the buffers are given back.</summary>
    public void Close()
    {
        Clear();
    }

    /// <summary>The central subscribed to C2; with the request this opens the session.</summary>
    /// <returns>False when the session failed.</returns>
    public bool OnSubscribed(long now)
    {
        if (_state != Connected || _subscribed)
        {
            return _state != Closed;
        }

        _subscribed = true;
        return TryOpen(now);
    }

    /// <summary>The central wrote C1.</summary>
    /// <returns>False when it broke the protocol or reassembly would overflow: drop the link.</returns>
    public bool OnWritten(byte[] buffer, int offset, int length, long now)
    {
        if (_state == Connected)
        {
            if (_requested || !_request.TryRead(buffer, offset, length) || !_request.OffersVersion4 || _request.Window < MinWindow)
            {
                return false;
            }

            _requested = true;
            return TryOpen(now);
        }

        return _state == Open && OnPacket(buffer, offset, length, now);
    }

    /// <summary>The radio can take the next value.</summary>
    public void OnSent(long now)
    {
        _inRadio = false;
        Pump(now);
    }

    /// <summary>Queues one message.</summary>
    /// <returns>False when the session is not open or the queue is full; the caller drops the link, for BTP loses nothing.</returns>
    public bool Send(byte[] buffer, int offset, int length, long now)
    {
        if (_state != Open || length == 0 || _queueLength + 2 + length > QueueSize)
        {
            return false;
        }

        ByteOrder.WriteUInt16(_queue, _queueLength, (uint)length);
        Array.Copy(buffer, offset, _queue, _queueLength + 2, length);
        _queueLength += 2 + length;

        // While a received message is being answered, its acknowledgement rides on the answer.
        if (!_delivering)
        {
            Pump(now);
        }

        return true;
    }

    /// <summary>Runs what is due.</summary>
    /// <returns>False when the session timed out: drop the link.</returns>
    public bool Process(long now)
    {
        if (_state == Closed)
        {
            return true;
        }

        if (now >= _idleBy || now >= _acknowledgedBy)
        {
            return false;
        }

        if (now >= _acknowledgeBy)
        {
            _acknowledgeBy = now;
            Pump(now);
        }
        else if (IsStalling && now >= _stalledAt)
        {
            Pump(now);
        }

        return true;
    }

    // Data waits for an acknowledgement that the peer owes.
    private bool IsStalling
    {
        get { return _queueLength > 0 && !_resend && _unacknowledged == 0 && ((_lastSent - _lastAcknowledged) & 0xff) == _window - 1; }
    }

    private bool TryOpen(long now)
    {
        if (!_subscribed || !_requested)
        {
            return true;
        }

        int mtu = _attMtu;
        if (_request.AttMtu > MinSegment + AttHeader && (mtu == 0 || _request.AttMtu < mtu))
        {
            mtu = _request.AttMtu;
        }
        else if (mtu == 0)
        {
            mtu = MinSegment + AttHeader;
        }

        int segment = mtu - AttHeader;
        _segment = segment < MinSegment ? MinSegment : segment > MaxSegment ? MaxSegment : segment;
        _window = _request.Window < OfferedWindow ? _request.Window : OfferedWindow;

        // Open from here on: the central may write data before it confirms this response. The response is packet 0.
        _state = Open;
        _lastSent = 0;
        _lastAcknowledged = 255;
        _acknowledgedBy = now + AcknowledgeTimeout;
        _idleBy = now + IdleTimeout;
        _frameLength = BtpHandshakeResponse.Write(_frame, 0, _segment, _window);
        GiveToRadio();
        return true;
    }

    private bool OnPacket(byte[] buffer, int offset, int length, long now)
    {
        // Tested peers write up to 3 bytes more than the segment size.
        if (length > _segment + SegmentTolerance
            || !_packet.TryRead(buffer, offset, length)
            || _packet.Sequence != ((_lastReceived + 1) & 0xff)
            || _unacknowledged >= _window)
        {
            return false;
        }

        if (_packet.Acknowledged >= 0 && !OnAcknowledged(_packet.Acknowledged, now))
        {
            return false;
        }

        _lastReceived = _packet.Sequence;
        _unacknowledged++;
        _idleBy = now + IdleTimeout;
        Schedule(now + (_packet.HasData ? AcknowledgeAfter : KeepAliveAfter));
        if (_packet.HasData && !OnSegment(buffer))
        {
            return false;
        }

        // Few slots left: acknowledge at once, but never a pure acknowledgement, or two ends would never stop.
        if (_packet.HasData && _window - _unacknowledged <= 2)
        {
            Schedule(now);
        }

        if (_state == Open)
        {
            Pump(now);
        }

        return true;
    }

    private bool OnAcknowledged(int number, long now)
    {
        // Numbers run modulo 256: what is acknowledged lies between the last acknowledged and the last sent.
        int distance = (number - _lastAcknowledged) & 0xff;
        int outstanding = (_lastSent - _lastAcknowledged) & 0xff;
        if (distance == 0 || distance > outstanding)
        {
            return false;
        }

        _lastAcknowledged = number;
        _stalledAt = now + StallAfter;
        _acknowledgedBy = distance == outstanding ? long.MaxValue : now + AcknowledgeTimeout;
        return true;
    }

    private bool OnSegment(byte[] buffer)
    {
        if ((_packet.Flags & BtpPacket.Beginning) != 0)
        {
            if (_messageLength >= 0 || _packet.MessageLength == 0 || _packet.MessageLength > _received.Length)
            {
                return false;
            }

            _messageLength = _packet.MessageLength;
            _receivedLength = 0;
        }
        else if (_messageLength < 0)
        {
            return false;
        }

        if (_receivedLength + _packet.SegmentLength > _messageLength)
        {
            return false;
        }

        Array.Copy(buffer, _packet.SegmentOffset, _received, _receivedLength, _packet.SegmentLength);
        _receivedLength += _packet.SegmentLength;
        if ((_packet.Flags & BtpPacket.Ending) == 0)
        {
            return true;
        }

        if (_receivedLength != _messageLength)
        {
            return false;
        }

        _messageLength = -1;
        _delivering = true;
        _handler.OnBtpMessage(_received, 0, _receivedLength);
        _delivering = false;
        return true;
    }

    private void Schedule(long time)
    {
        if (time < _acknowledgeBy)
        {
            _acknowledgeBy = time;
        }
    }

    /// <summary>Sends as much as radio and window allow: what the radio refused, data, else a due acknowledgement.</summary>
    private void Pump(long now)
    {
        while (_state == Open)
        {
            if (_resend)
            {
                GiveToRadio();
                if (_resend)
                {
                    return;
                }
            }

            int outstanding = (_lastSent - _lastAcknowledged) & 0xff;
            bool acknowledge = _unacknowledged > 0;

            // The last slot is kept for a packet that acknowledges, or both ends could wait for each other for ever.
            bool mayData = _queueLength > 0 && (outstanding < _window - 1 || (outstanding == _window - 1 && (acknowledge || now >= _stalledAt)));
            bool mustAcknowledge = acknowledge && now >= _acknowledgeBy && outstanding < _window;
            if (!mayData && !mustAcknowledge)
            {
                return;
            }

            BuildFrame(mayData, acknowledge ? _lastReceived : -1);
            if (acknowledge)
            {
                _unacknowledged = 0;
                _acknowledgeBy = long.MaxValue;
            }

            if (outstanding == 0)
            {
                _acknowledgedBy = now + AcknowledgeTimeout;
            }

            _stalledAt = now + StallAfter;
            GiveToRadio();
        }
    }

    private void GiveToRadio()
    {
        bool taken = _handler.TrySendBtpPacket(_frame, 0, _frameLength);
        _resend = !taken;
        _inRadio |= taken;
    }

    private void BuildFrame(bool data, int acknowledged)
    {
        _lastSent = (_lastSent + 1) & 0xff;
        if (!data)
        {
            _frameLength = BtpPacket.WriteHeader(_frame, 0, 0, acknowledged, _lastSent, 0);
            return;
        }

        int messageLength = ByteOrder.ReadUInt16(_queue, 0);
        int left = messageLength - _sentOfFirst;
        int flags = _sentOfFirst == 0 ? BtpPacket.Beginning : BtpPacket.Continuing;
        int header = 2 + (acknowledged >= 0 ? 1 : 0) + (_sentOfFirst == 0 ? 2 : 0);
        int count = left;
        if (count <= _segment - header)
        {
            flags |= BtpPacket.Ending;
        }
        else
        {
            count = _segment - header;
        }

        BtpPacket.WriteHeader(_frame, 0, flags, acknowledged, _lastSent, messageLength);
        Array.Copy(_queue, 2 + _sentOfFirst, _frame, header, count);
        _frameLength = header + count;
        _sentOfFirst += count;
        if (_sentOfFirst == messageLength)
        {
            int used = 2 + messageLength;
            Array.Copy(_queue, used, _queue, 0, _queueLength - used);
            _queueLength -= used;
            _sentOfFirst = 0;
        }
    }

    private void Clear()
    {
        _state = Closed;
        _subscribed = false;
        _requested = false;
        _received = null;
        _queue = null;
        _frame = null;
        _segment = 0;
        _window = 0;
        _receivedLength = 0;
        _messageLength = -1;
        _lastReceived = 255;
        _unacknowledged = 0;
        _lastAcknowledged = 255;
        _lastSent = 255;
        _resend = false;
        _inRadio = false;
        _frameLength = 0;
        _queueLength = 0;
        _sentOfFirst = 0;
        _acknowledgeBy = long.MaxValue;
        _acknowledgedBy = long.MaxValue;
        _idleBy = long.MaxValue;
        _stalledAt = long.MaxValue;
        _delivering = false;
    }
}
