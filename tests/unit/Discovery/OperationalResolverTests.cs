using MatterNano.Discovery;
using MatterNano.Platform;
using nanoFramework.TestFramework;

namespace NFUnitTest.Discovery;

[TestClass]
public class OperationalResolverTests
{
    private const int Srv = 33;
    private const int Aaaa = 28;
    private const int A = 1;
    private const ulong FabricId = 0x87E1B004E235A130;
    private const ulong NodeId = 0x8FC7772401CD0696;

    // The example of Core 4.3.2.
    private const string Instance = "87E1B004E235A130-8FC7772401CD0696";

    private static byte[] Name(string first, bool isService)
    {
        byte[] name = new byte[120];
        int at = Label(name, 0, first);
        if (isService)
        {
            at = Label(name, at, "_matter");
            at = Label(name, at, "_tcp");
        }

        Label(name, at, "local");
        return name;
    }

    private static int Label(byte[] name, int at, string label)
    {
        name[at++] = (byte)label.Length;
        for (int i = 0; i < label.Length; i++)
        {
            name[at++] = (byte)label[i];
        }

        return at;
    }

    private static void PutService(DnsWriter writer, string instance, string host, int port)
    {
        writer.PutName(Name(instance, true), 0);
        writer.BeginData(Srv, 0x8001, 120);
        writer.PutUInt32(0);
        writer.PutUInt16(port);
        writer.PutName(Name(host, false), 0);
        writer.EndData();
    }

    private static void PutAddress(DnsWriter writer, string host, bool isIPv4, byte first, byte last)
    {
        writer.PutName(Name(host, false), 0);
        writer.BeginData(isIPv4 ? A : Aaaa, 0x8001, 120);
        byte[] ip = new byte[isIPv4 ? 4 : 16];
        ip[0] = first;
        ip[1] = first == 0xfe ? (byte)0x80 : (byte)0;
        ip[ip.Length - 1] = last;
        writer.PutBytes(ip, 0, ip.Length);
        writer.EndData();
    }

    private static void Begin(DnsWriter writer, byte[] buffer, int answers, int additionals)
    {
        writer.Init(buffer, 0, buffer.Length, 0, 0x8400);
        writer.SetCount(1, answers);
        writer.SetCount(3, additionals);
    }

    private static void Give(OperationalResolver resolver, byte[] buffer, int length)
    {
        DnsReader reader = new DnsReader();
        NetworkAddress source = new NetworkAddress();
        source.Scope = 7;
        if (reader.Init(buffer, 0, length))
        {
            resolver.OnResponse(reader, buffer, new byte[300], source, 1000);
        }
    }

    [TestMethod]
    public void AsksForTheServiceThreeTimes_AndGivesUp_4_3_2()
    {
        OperationalResolver resolver = new OperationalResolver();
        DnsWriter writer = new DnsWriter();
        byte[] query = new byte[300];
        resolver.Start(FabricId, NodeId, false, 1000);
        for (int i = 0; i < 3; i++)
        {
            Assert.AreEqual(1000L + (1000 * i), resolver.NextDeadline);
            Assert.IsTrue(resolver.WriteQuery(writer, query, 1000 + (1000 * i)));
            Assert.IsFalse(resolver.WriteQuery(writer, query, 1000 + (1000 * i)));
        }

        DnsReader reader = new DnsReader();
        Assert.IsTrue(reader.Init(query, 0, writer.Length));
        Assert.AreEqual(1, reader.QuestionCount);
        Assert.IsTrue(reader.ReadQuestion());
        Assert.AreEqual(Srv, reader.Type);
        Assert.AreEqual(1, reader.Class);
        byte[] expected = Name(Instance, true);
        for (int i = 0; i < reader.NameLength; i++)
        {
            Assert.AreEqual(expected[i], reader.Name[i]);
        }

        Assert.IsFalse(resolver.WriteQuery(writer, query, 5000));
        Assert.AreEqual(OperationalResolver.NotFound, resolver.State);
    }

    [TestMethod]
    public void ServiceAndAddressesInOneMessage_AreTakenInAnyOrder()
    {
        OperationalResolver resolver = new OperationalResolver();
        DnsWriter writer = new DnsWriter();
        byte[] message = new byte[400];
        Begin(writer, message, 3, 2);
        PutAddress(writer, "B75AFB458ECD", false, 0xfd, 9);
        PutService(writer, "87E1B004E235A130-0000000000000001", "B75AFB458ECD", 1111);
        PutService(writer, Instance, "B75AFB458ECD", 5555);
        PutAddress(writer, "B75AFB458ECD", true, 192, 4);
        PutAddress(writer, "somebodyelse", false, 0xfd, 1);
        resolver.Start(FabricId, NodeId, false, 1000);
        Give(resolver, message, writer.Length);
        Assert.AreEqual(OperationalResolver.Found, resolver.State);
        Assert.AreEqual(5555, resolver.Address.Port);
        Assert.AreEqual((byte)0xfd, resolver.Address.Ip[0]);
        Assert.AreEqual((byte)9, resolver.Address.Ip[15]);
        Assert.AreEqual(0U, resolver.Address.Scope);

        resolver.Start(FabricId, NodeId, true, 1000);
        Give(resolver, message, writer.Length);
        Assert.IsTrue(resolver.Address.IsIPv4);
        Assert.AreEqual((byte)4, resolver.Address.Ip[15]);
        Assert.AreEqual(5555, resolver.Address.Port);
    }

    [TestMethod]
    public void ServiceWithoutAddress_IsFollowedByAQuestionForItsHost()
    {
        OperationalResolver resolver = new OperationalResolver();
        DnsWriter writer = new DnsWriter();
        byte[] message = new byte[400];
        Begin(writer, message, 1, 0);
        PutService(writer, Instance, "B75AFB458ECD", 5555);
        resolver.Start(FabricId, NodeId, false, 1000);
        Give(resolver, message, writer.Length);
        Assert.AreEqual(OperationalResolver.Asking, resolver.State);
        Assert.IsTrue(resolver.WriteQuery(writer, message, 1000));
        DnsReader reader = new DnsReader();
        reader.Init(message, 0, writer.Length);
        Assert.AreEqual(2, reader.QuestionCount);
        Assert.IsTrue(reader.ReadQuestion());
        Assert.AreEqual(Aaaa, reader.Type);
        Assert.IsTrue(reader.ReadQuestion());
        Assert.AreEqual(A, reader.Type);

        // A link-local address is reached through where the answer came from.
        Begin(writer, message, 1, 0);
        PutAddress(writer, "B75AFB458ECD", false, 0xfe, 3);
        Give(resolver, message, writer.Length);
        Assert.AreEqual(OperationalResolver.Found, resolver.State);
        Assert.AreEqual(7U, resolver.Address.Scope);
        Assert.AreEqual(5555, resolver.Address.Port);
    }

    [TestMethod]
    public void DamagedResponse_IsNoAnswer()
    {
        DnsWriter writer = new DnsWriter();
        byte[] message = new byte[400];
        Begin(writer, message, 1, 1);
        PutService(writer, Instance, "B75AFB458ECD", 5555);
        PutAddress(writer, "B75AFB458ECD", false, 0xfd, 9);
        for (int length = 0; length < writer.Length; length++)
        {
            OperationalResolver resolver = new OperationalResolver();
            resolver.Start(FabricId, NodeId, false, 1000);
            byte[] cut = new byte[length];
            System.Array.Copy(message, 0, cut, 0, length);
            Give(resolver, cut, length);
            Assert.AreEqual(OperationalResolver.Asking, resolver.State);
        }
    }
}
