using System;
using System.Collections.Generic;
using System.Text;
using MatterNano.Discovery;
using MatterNano.Platform;
using Xunit;

namespace MatterNano.Host.Tests;

/// <summary>The responder under load: what needs .NET to measure. Its rules are tested in tests/unit/Discovery.</summary>
public class DiscoveryTests
{
    private static readonly string[] Names =
    {
        "_matterc._udp.local", "_matter._tcp.local", "_services._dns-sd._udp.local", "_L3840._sub._matterc._udp.local",
        "_CM._sub._matterc._udp.local", "2906C908D115D362-8FC7772401CD0696._matter._tcp.local", "_googlecast._tcp.local",
    };

    [Fact]
    public void Queries_AreAnsweredWithoutAllocation()
    {
        Network network = new();
        MdnsResponder responder = Start(network);
        List<byte[]> queries = new();
        foreach (string name in Names)
        {
            foreach (int type in new[] { 12, 16, 33, 255 })
            {
                queries.Add(Query(name, type, 1, false));
                queries.Add(Query(name, type, 0x8001, false));
                queries.Add(Query(name, type, 1, true));
            }
        }

        long now = 10000;
        long before = 0;
        for (int round = 0; round < 40; round++)
        {
            if (round == 20)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            foreach (byte[] query in queries)
            {
                network.Waiting = query;
                responder.Process(now);
                now += 50;
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(network.Sent > 1000);
        Assert.True(responder.GetCounter(MdnsResponder.Suppressed) > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MutatedQueries_NeverThrowNorSilenceTheResponder(int seed)
    {
        Network network = new();
        MdnsResponder responder = Start(network);
        Random random = new(seed);
        long now = 10000;
        for (int i = 0; i < 20000; i++)
        {
            byte[] query = Query(Names[random.Next(Names.Length)], random.Next(2) == 0 ? 12 : 255, 1, random.Next(2) == 0);
            for (int changes = random.Next(5); changes > 0; changes--)
            {
                query[random.Next(query.Length)] = random.Next(3) == 0 ? (byte)0xc0 : (byte)random.Next(256);
            }

            network.Waiting = query[..random.Next(query.Length + 1)];
            network.SourcePort = random.Next(2) == 0 ? 5353 : 40000;
            responder.Process(now);
            now += random.Next(200);
        }

        now += 5000;
        responder.Process(now);
        network.SourcePort = 40000;
        long sent = network.Sent;
        network.Waiting = Query(Names[5], 33, 1, false);
        responder.Process(now);
        Assert.Equal(sent + 1, network.Sent);
        Assert.True(responder.GetCounter(MdnsResponder.Malformed) > 1000);
    }

    private static MdnsResponder Start(Network network)
    {
        MdnsResponder responder = new(network, network, network, network, new byte[MdnsResponder.ReceiveSize], new NetworkAddress(), new byte[DnsReader.MaxName], null);
        responder.SetSessionParameters(500, 300, 4000);
        responder.Start(1000);
        responder.Process(2000);
        return responder;
    }

    private static byte[] Query(string name, int type, int classBits, bool known)
    {
        byte[] buffer = new byte[512];
        DnsWriter writer = new();
        writer.Init(buffer, 0, buffer.Length, 7, 0);
        writer.PutName(Wire(name), 0);
        writer.PutUInt16(type);
        writer.PutUInt16(classBits);
        writer.SetCount(0, 1);
        if (known)
        {
            writer.PutName(Wire(name), 0);
            writer.BeginData(12, 1, 4500);
            writer.PutName(Wire(Names[5]), 0);
            writer.EndData();
            writer.SetCount(1, 1);
        }

        return buffer[..writer.Length];
    }

    private static byte[] Wire(string name)
    {
        List<byte> wire = new();
        foreach (string label in name.Split('.'))
        {
            wire.Add((byte)label.Length);
            wire.AddRange(Encoding.ASCII.GetBytes(label));
        }

        wire.Add(0);
        return wire.ToArray();
    }

    /// <summary>A network that holds one waiting datagram and counts what is sent.</summary>
    private sealed class Network : IUdp, IUdpSocket, IRandom, ILog, IAdvertisedServices
    {
        public byte[] Waiting;
        public int SourcePort = 5353;
        public long Sent;

        public int ChangeCount => 1;

        public int Port => 5353;

        public int ServicePort => 5540;

        public IUdpSocket Open(int port, bool shared) => this;

        public int GetAddresses(byte[] buffer)
        {
            Array.Clear(buffer, 0, 32);
            buffer[0] = 0xfe;
            buffer[1] = 0x80;
            buffer[15] = 1;
            buffer[26] = 0xff;
            buffer[27] = 0xff;
            buffer[28] = 10;
            buffer[31] = 1;
            return 2;
        }

        public void Send(NetworkAddress destination, byte[] buffer, int offset, int length) => Sent++;

        public int TryReceive(byte[] buffer, int offset, int capacity, NetworkAddress source)
        {
            if (Waiting == null)
            {
                return 0;
            }

            int length = Waiting.Length;
            Waiting.CopyTo(buffer, offset);
            Waiting = null;
            source.SetIPv4(10, 0, 0, 2, SourcePort);
            return length;
        }

        public void JoinGroup(NetworkAddress group)
        {
        }

        public void LeaveGroup(NetworkAddress group)
        {
        }

        public void Close()
        {
        }

        public void Fill(byte[] buffer, int offset, int count) => Array.Fill(buffer, (byte)5, offset, count);

        public bool IsEnabled(int level) => false;

        public void Write(int level, string area, string text)
        {
        }

        public bool TryGetCommissionable(CommissionableService service)
        {
            service.Discriminator = 3840;
            service.CommissioningMode = 1;
            service.VendorId = 0xfff1;
            service.ProductId = 0x8001;
            service.DeviceType = 256;
            service.DeviceName = "L\u00e4mpchen";
            return true;
        }

        public bool TryGetOperational(int index, out ulong compressedFabricId, out ulong nodeId)
        {
            compressedFabricId = 0x2906C908D115D362UL + (ulong)index;
            nodeId = 0x8FC7772401CD0696UL + (ulong)index;
            return true;
        }
    }
}
