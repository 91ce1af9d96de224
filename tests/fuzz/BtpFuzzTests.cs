using System;
using MatterNano.Ble;
using Xunit;

namespace MatterNano.Fuzz;

/// <summary>A central that mostly speaks BTP and often not: nothing throws or grows, and a fresh handshake works after anything.</summary>
public class BtpFuzzTests
{
    private const int WindowOffered = 6;

    [Fact]
    public void AMillionRandomAndMutatedPackets_NoException_NoGrowth_AFreshHandshakeAlwaysWorks()
    {
        int packets = Rounds.Of(1000000);
        Central central = new Central(new Random(4));
        central.Connect(true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long connections = central.Connections;
        for (int i = 0; i < packets; i++)
        {
            if (!central.Step())
            {
                central.Connect(i % 16 == 0);
            }

            if (i % 5000 == 0)
            {
                central.Connect(true);
                central.AssertEchoes();
                central.Connect(true);
            }
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        connections = central.Connections - connections;

        // A connection has a reassembly buffer, a queue and a frame; packets have nothing.
        Assert.True(allocated < connections * 4300, $"{allocated} bytes in {connections} connections");
        Assert.True(central.Delivered > packets / 50, $"only {central.Delivered} messages got through");
        Assert.True(connections > packets / 100, $"only {connections} connections");
        central.Connect(true);
        central.AssertEchoes();
    }

    [Fact]
    public void RandomHandshakes_OpenOrRefuse_AndNeverSpoilTheNext()
    {
        Random random = new Random(5);
        Central central = new Central(random);
        byte[] request = new byte[12];
        for (int i = 0; i < Rounds.Of(100000); i++)
        {
            Convert.FromHexString("656c04000000f70006").CopyTo(request, 0);
            int length = 9;
            int changes = random.Next(4);
            for (int j = 0; j < changes; j++)
            {
                request[random.Next(9)] = (byte)random.Next(256);
            }

            if (random.Next(8) == 0)
            {
                length = random.Next(13);
            }

            central.Reset();
            central.Session.OnConnected(random.Next(3) == 0 ? 0 : random.Next(600), 0);
            if (random.Next(2) == 0)
            {
                central.Session.OnSubscribed(0);
            }

            bool good = central.Session.OnWritten(request, 0, length, 0);
            central.Session.OnSubscribed(0);
            Assert.True(!central.Session.IsOpen || (good && central.Session.SegmentSize >= 20 && central.Session.SegmentSize <= 244
                && central.Session.Window >= 2 && central.Session.Window <= WindowOffered));
            if (i % 100 == 0)
            {
                central.Connect(true);
                central.AssertEchoes();
            }
        }
    }

    /// <summary>The other end: knows what would be right, and does it or not. Allocates nothing while it steps.</summary>
    private sealed class Central : IBtpHandler
    {
        private readonly Random _random;
        private readonly byte[] _packet = new byte[300];
        private readonly byte[] _message = new byte[3000];
        private long _now;
        private int _next;
        private int _left;
        private int _lastReceived;
        private int _acknowledged;
        private bool _ready = true;
        private bool _echoes;
        private bool _answered;
        private int _expectedLength;

        internal Central(Random random)
        {
            _random = random;
            Session = new BtpSession(this);
        }

        internal BtpSession Session { get; }

        internal int Connections { get; private set; }

        internal int Delivered { get; private set; }

        /// <summary>Lost link.</summary>
        internal void Reset()
        {
            Session.Close();
            _ready = true;
            _next = 0;
            _left = 0;
            _lastReceived = -1;
            _acknowledged = -1;
        }

        /// <summary>Lost link and fresh handshake, which must work.</summary>
        internal void Connect(bool ordinary)
        {
            Connections++;
            Reset();
            int mtu = ordinary ? 247 : _random.Next(0, 300);
            byte window = ordinary ? (byte)WindowOffered : (byte)_random.Next(2, 256);
            Session.OnConnected(mtu, _now);
            ReadOnlySpan<byte> request = stackalloc byte[] { 0x65, 0x6c, 4, 0, 0, 0, (byte)mtu, (byte)(mtu >> 8), window };
            request.CopyTo(_packet);
            Assert.True(Session.OnWritten(_packet, 0, 9, _now) && Session.OnSubscribed(_now) && Session.IsOpen);
        }

        /// <summary>An ordinary exchange of messages, after an ordinary handshake.</summary>
        internal void AssertEchoes()
        {
            _echoes = true;
            for (int i = 0; i < 3; i++)
            {
                _answered = false;
                _expectedLength = 1 + _random.Next(1200);
                _random.NextBytes(_message.AsSpan(0, _expectedLength));
                _left = 0;
                bool first = true;
                int at = 0;
                while (at < _expectedLength)
                {
                    int header = 3 + (first ? 2 : 0);
                    int count = Math.Min(_expectedLength - at, Session.SegmentSize - header);
                    int end = at + count == _expectedLength ? BtpPacket.Ending : 0;
                    int flags = (first ? BtpPacket.Beginning : BtpPacket.Continuing) | end;
                    int acknowledge = TakeAcknowledgement();
                    int length = BtpPacket.WriteHeader(_packet, 0, flags, acknowledge, _next, _expectedLength);
                    Array.Copy(_message, at, _packet, length, count);
                    _next = (_next + 1) & 0xff;
                    at += count;
                    first = false;
                    Assert.True(Session.OnWritten(_packet, 0, length + count, _now));
                }

                Assert.True(_answered);
                while (TakeAcknowledgement() is int number and >= 0)
                {
                    int length = BtpPacket.WriteHeader(_packet, 0, 0, number, _next, 0);
                    _next = (_next + 1) & 0xff;
                    Assert.True(Session.OnWritten(_packet, 0, length, _now));
                }
            }

            _echoes = false;
        }

        /// <summary>One packet, right or wrong, or time.</summary>
        /// <returns>False when the session has failed.</returns>
        internal bool Step()
        {
            int kind = _random.Next(64);
            if (kind < 4)
            {
                _now += _random.Next(kind == 0 ? 20000 : 1500);
                return Session.Process(_now);
            }

            if (kind < 8)
            {
                _ready = !_ready;
                if (_ready)
                {
                    Session.OnSent(_now);
                }

                return true;
            }

            int length = kind < 10 ? Random() : Ordinary();
            if (kind is 10 or 11)
            {
                int changes = 1 + _random.Next(3);
                for (int i = 0; i < changes; i++)
                {
                    _packet[_random.Next(Math.Min(length, 8))] ^= (byte)(1 << _random.Next(8));
                }
            }
            else if (kind == 12)
            {
                length = _random.Next(length);
            }
            else if (kind == 13)
            {
                length = Math.Min(length + _random.Next(1, 20), 280);
            }

            int padding = _random.Next(8);
            _packet.AsSpan(0, length).CopyTo(_packet.AsSpan(padding));
            return Session.OnWritten(_packet, padding, length, _now);
        }

        public void OnBtpMessage(byte[] buffer, int offset, int length)
        {
            Delivered++;
            Check(length >= 1 && length <= Limits.MaxReceivedMessage, "message length");
            if (_echoes)
            {
                _answered = true;
                Assert.True(buffer.AsSpan(offset, length).SequenceEqual(_message.AsSpan(0, _expectedLength)));
                Assert.True(Session.Send(buffer, offset, length, _now));
            }
            else if (_random.Next(2) == 0)
            {
                Session.Send(buffer, offset, 1 + _random.Next(length), _now);
            }
        }

        public bool TrySendBtpPacket(byte[] buffer, int offset, int length)
        {
            if (!_ready)
            {
                return false;
            }

            Check(length >= 2 && length <= Session.SegmentSize, "segment length");
            int sequence = 0;
            if (buffer[offset] != BtpPacket.HandshakeFlags)
            {
                sequence = buffer[offset + ((buffer[offset] & BtpPacket.Acknowledgement) != 0 ? 2 : 1)];
            }

            Check(sequence == ((_lastReceived + 1) & 0xff), "sequence");
            _lastReceived = sequence;
            Check(((_lastReceived - _acknowledged) & 0xff) <= Session.Window, "window");
            return true;
        }

        // Assert would allocate.
        private static void Check(bool right, string what)
        {
            if (!right)
            {
                Assert.Fail(what);
            }
        }

        private int TakeAcknowledgement()
        {
            if (_lastReceived == _acknowledged)
            {
                return -1;
            }

            _acknowledged = _lastReceived;
            return _acknowledged;
        }

        private int Random()
        {
            int length = _random.Next(260);
            _random.NextBytes(_packet.AsSpan(0, length));
            return length;
        }

        private int Ordinary()
        {
            int acknowledge = _random.Next(4) == 0 ? -1 : TakeAcknowledgement();
            if (_left == 0 && acknowledge >= 0 && _random.Next(2) == 0)
            {
                return Header(0, acknowledge, 0);
            }

            int flags = BtpPacket.Continuing;
            int message = 0;
            if (_left == 0)
            {
                flags = BtpPacket.Beginning;
                message = _random.Next(32) == 0 ? _random.Next(65536) : 1 + _random.Next(500);
                _left = message;
            }

            int room = Session.SegmentSize - 5;
            int count = Math.Min(_left, 1 + _random.Next(room));
            _left -= count;
            if (_left == 0)
            {
                flags |= BtpPacket.Ending;
            }

            return Header(flags, acknowledge, message) + count;
        }

        private int Header(int flags, int acknowledge, int message)
        {
            int length = BtpPacket.WriteHeader(_packet, 0, flags, acknowledge, _next, message);
            _next = (_next + 1) & 0xff;
            return length;
        }
    }
}
