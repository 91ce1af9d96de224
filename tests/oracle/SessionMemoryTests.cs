using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Oracle;

/// <summary>What sessions and exchanges cost: nothing a message, and so much for the pools on the 32-bit CLR of the device.</summary>
public class SessionMemoryTests
{
    private readonly ITestOutputHelper _output;

    public SessionMemoryTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(Traffic.Answered)]
    [InlineData(Traffic.Lost)]
    [InlineData(Traffic.Duplicated)]
    [InlineData(Traffic.Forged)]
    [InlineData(Traffic.Strangers)]
    [InlineData(Traffic.ClosedAndReconnected)]
    public void NothingIsAllocatedPerMessage(Traffic traffic)
    {
        Pair pair = new Pair();
        for (int i = 0; i < 300; i++)
        {
            pair.Round(traffic);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2000; i++)
        {
            pair.Round(traffic);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(pair.Device.Received > 300 || traffic == Traffic.Forged || traffic == Traffic.Strangers);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void ASecureSession_CostsAtMost256Bytes_ThePoolsTogetherAtMost12KB()
    {
        Pair pair = new Pair();
        int session = OwnSize(pair.Session) + SecureSession.PackedSize;
        Assert.InRange(session, 1, 256);
        HashSet<object> seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        int exchanges = Graph(pair.Device.Exchanges, seen);
        Assert.Contains(pair.Device.Sessions, seen);
        _output.WriteLine($"secure session {session}, all sessions, records and exchanges {exchanges} bytes; message buffers {(Limits.LargeMessageBuffers * Measure(new MessageBuffer(true), null)) + ((Limits.MessageBuffers - Limits.LargeMessageBuffers) * Measure(new MessageBuffer(false), null))} more");
        Assert.InRange(exchanges, 5000, 8300);
    }

    [Fact]
    public void TheSamePeerTenThousandTimes_LeavesOneRecord()
    {
        Pair pair = new Pair();
        ResumptionRecord record = new ResumptionRecord { FabricIndex = 1, PeerNodeId = 7 };
        for (int i = 0; i < 10000; i++)
        {
            Assert.True(pair.Device.Sessions.SaveResumptionRecord(record));
        }

        Assert.Equal(1, pair.Device.Sessions.Records.Count);
        Assert.Equal(10000, pair.Device.Writes);
    }

    // An object is 12 bytes and 12 a field; an array of numbers 20 and its data in steps of 12; one of references 20 and 12 each.
    private static int Graph(object value, HashSet<object> seen)
    {
        if (value == null || value is MessageBuffer || value is Node || value is SymmetricCrypto || !seen.Add(value))
        {
            return 0;
        }

        int size = OwnSize(value);
        if (value is Array array)
        {
            if (!array.GetType().GetElementType().IsPrimitive)
            {
                foreach (object element in array)
                {
                    size += Graph(element, seen);
                }
            }

            return size;
        }

        foreach (FieldInfo field in Fields(value.GetType()))
        {
            if (!field.FieldType.IsPrimitive && field.FieldType != typeof(string) && !typeof(Delegate).IsAssignableFrom(field.FieldType))
            {
                size += Graph(field.GetValue(value), seen);
            }
        }

        return size;
    }

    private static int Measure(object value, Type stop)
    {
        int size = OwnSize(value);
        foreach (FieldInfo field in Fields(value.GetType()))
        {
            object part = field.GetValue(value);
            if (part is Array)
            {
                size += OwnSize(part);
            }
            else if (part != null && !field.FieldType.IsPrimitive && field.FieldType != stop)
            {
                throw new InvalidOperationException("not counted: " + field.Name);
            }
        }

        return size;
    }

    private static int OwnSize(object value)
    {
        if (value is Array array)
        {
            Type element = array.GetType().GetElementType();
            int bytes = element.IsPrimitive ? Buffer.ByteLength(array) : 12 * array.Length;
            return (20 + bytes + 11) / 12 * 12;
        }

        int fields = 0;
        foreach (FieldInfo _ in Fields(value.GetType()))
        {
            fields++;
        }

        return 12 + 12 * fields;
    }

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (Type t = type; t != null && t != typeof(object); t = t.BaseType)
        {
            foreach (FieldInfo field in t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }

    public enum Traffic
    {
        Answered,
        Lost,
        Duplicated,
        Forged,
        Strangers,
        ClosedAndReconnected,
    }

    private sealed class Pair
    {
        internal readonly Node Controller = new Node(1);
        internal readonly Node Device = new Node(2);
        internal SecureSession Session;
        private readonly byte[] _keys = new byte[48];
        private readonly byte[] _stranger = new byte[40];
        private ulong _strangers;

        internal Pair()
        {
            Controller.Other = Device;
            Device.Other = Controller;
            Connect();
        }

        internal void Round(Traffic traffic)
        {
            if (traffic == Traffic.Forged)
            {
                Controller.Corrupts = true;
            }

            if (traffic == Traffic.Strangers)
            {
                int start = PayloadHeader.WriteBefore(_stranger, 35, PayloadHeader.Initiator | PayloadHeader.Reliable, 0x30, 5, 0, 0);
                int length = Device.Sessions.Codec.FrameUnsecured(true, ++_strangers, 9, _stranger, start, 40 - start, out start);
                Device.Exchanges.OnDatagram(_stranger, start, length, Controller.Address);
                Device.Advance(250);
                Settle();
                return;
            }

            Exchange exchange = Controller.Exchanges.Open(Session, Controller);
            MessageBuffer message = exchange.BeginMessage();
            exchange.Send(message, 2, 100, SendFlags.Reliable | SendFlags.ExpectResponse);
            if (traffic == Traffic.Lost || traffic == Traffic.Forged)
            {
                Controller.Drop = traffic == Traffic.Lost;
                Settle();
                Controller.Drop = false;
                Controller.Corrupts = false;
                for (int i = 0; i < 60 && Controller.Exchanges.OpenExchanges > 0; i++)
                {
                    Controller.Advance(250);
                    Device.Advance(250);
                    Settle();
                }
            }
            else
            {
                Controller.Repeats = traffic == Traffic.Duplicated;
                Settle();
                Controller.Repeats = false;
            }

            Controller.Advance(250);
            Device.Advance(250);
            Settle();
            if (Controller.Exchanges.OpenExchanges != 0)
            {
                throw new InvalidOperationException("an exchange stayed open");
            }

            if (traffic == Traffic.ClosedAndReconnected)
            {
                Session.End(true);
                Settle();
                Connect();
            }
        }

        private void Connect()
        {
            int mine = Controller.Sessions.GetNextAvailableSessionId();
            int theirs = Device.Sessions.GetNextAvailableSessionId();
            Session = Controller.Sessions.CreateSecureSessionWithKeys(mine, 1, 2, theirs, _keys, 0, true, false, null, null);
            SecureSession other = Device.Sessions.CreateSecureSessionWithKeys(theirs, 1, 1, mine, _keys, 0, false, false, null, null);
            Session.SetAddress(Device.Address);
            other.SetAddress(Controller.Address);
            Controller.Sessions.Activate(Session);
            Device.Sessions.Activate(other);
        }

        private void Settle()
        {
            while (Controller.Deliver() | Device.Deliver())
            {
            }
        }
    }

    private sealed class Node : IProtocolHandler, IDatagramSender, IClock, IRandom, IFabrics, IFlash
    {
        internal readonly SessionManager Sessions;
        internal readonly ExchangeManager Exchanges;
        internal readonly NetworkAddress Address = new NetworkAddress();
        internal Node Other;
        internal bool Drop;
        internal bool Repeats;
        internal bool Corrupts;
        internal int Received;
        internal int Writes;
        private readonly byte[][] _queue = new byte[16][];
        private readonly int[] _lengths = new int[16];
        private readonly byte[] _copy = new byte[Limits.MaxReceivedMessage];
        private readonly ulong _nodeId;
        private int _queued;
        private uint _random;
        private long _now = 5000;

        internal Node(ulong nodeId)
        {
            _nodeId = nodeId;
            _random = (uint)nodeId * 77;
            for (int i = 0; i < _queue.Length; i++)
            {
                _queue[i] = new byte[Limits.MaxReceivedMessage];
            }

            Address.SetIPv4(192, 0, 2, (byte)nodeId, 5540);
            Sessions = new SessionManager(null, this, this, this, new SymmetricCrypto(), this, null);
            Sessions.InitFromStorage(this);
            Exchanges = new ExchangeManager(Sessions, this, this, this, null);
            Exchanges.Register(1, this);
        }

        public long Milliseconds => _now;

        internal void Advance(int milliseconds)
        {
            _now += milliseconds;
            Exchanges.Process(_now);
        }

        internal bool Deliver()
        {
            int count = _queued;
            for (int i = 0; i < count; i++)
            {
                for (int copy = Repeats ? 0 : 1; copy < 2; copy++)
                {
                    Array.Copy(_queue[i], _copy, _lengths[i]);
                    if (Corrupts)
                    {
                        _copy[_lengths[i] - 1] ^= 1;
                    }

                    Other.Exchanges.OnDatagram(_copy, 0, _lengths[i], Address);
                }
            }

            Array.Clear(_lengths, 0, count);
            _queued = 0;
            return count > 0;
        }

        public void Send(NetworkAddress to, byte[] buffer, int offset, int length)
        {
            if (!Drop)
            {
                Array.Copy(buffer, offset, _queue[_queued], 0, length);
                _lengths[_queued++] = length;
            }
        }

        public bool HasRoomFor(Session session, Exchange exchange, int opcode)
        {
            return true;
        }

        public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
        {
            Received++;
            if (!exchange.IsInitiator)
            {
                MessageBuffer message = exchange.BeginMessage();
                exchange.Send(message, 5, length, SendFlags.Reliable);
            }

            exchange.Close();
        }

        public void OnAcknowledged(Exchange exchange)
        {
        }

        public void OnExchangeEnded(Exchange exchange, int reason)
        {
        }

        public bool TryGetEpochSeconds(out uint seconds)
        {
            seconds = 0;
            return false;
        }

        public void Fill(byte[] buffer, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                _random = (_random * 1664525) + 1013904223;
                buffer[offset + i] = (byte)(_random >> 24);
            }
        }

        public bool ContainsFabric(int fabricIndex) => true;

        public object FindFabric(int fabricIndex) => this;

        public ulong GetNodeId(int fabricIndex) => _nodeId;

        public bool GetCompressedFabricId(int fabricIndex, byte[] buffer, int offset) => true;

        public int Read(string name, byte[] buffer, int offset, int capacity) => -1;

        public bool Write(string name, byte[] buffer, int offset, int length) => ++Writes > 0;

        public bool Delete(string name) => true;

        public string[] List() => Array.Empty<string>();
    }
}
