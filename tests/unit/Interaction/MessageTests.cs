using MatterNano.Interaction;
using MatterNano.Tlv;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

[TestClass]
public class MessageTests
{
    private static string Written(byte[] buffer, TlvWriter writer)
    {
        // The byte behind is untouched.
        Assert.AreEqual((byte)0xa5, buffer[writer.Position]);
        return Hex.Text(buffer, 1, writer.Position - 1);
    }

    private static TlvWriter Writer(byte[] buffer)
    {
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 1, buffer.Length);
        return writer;
    }

    // Recorded between a matter.js 0.17.9 controller and light.
    [TestMethod]
    public void StatusResponse_RecordedBytes_10_7_1()
    {
        int status;
        byte[] recorded = Hex.Bytes("1524000024ff0c18");
        Assert.IsTrue(StatusResponse.TryRead(new TlvReader(), recorded, 0, recorded.Length, out status));
        Assert.AreEqual(Status.Success, status);
        byte[] buffer = Hex.Filled(20);
        TlvWriter writer = Writer(buffer);
        StatusResponse.Write(writer, status);
        Assert.AreEqual("1524000024ff0c18", Written(buffer, writer));
        for (int length = 0; length < recorded.Length; length++)
        {
            Assert.IsFalse(StatusResponse.TryRead(new TlvReader(), recorded, 0, length, out status));
        }

        byte[] none = Hex.Bytes("1524ff0c18");
        Assert.IsFalse(StatusResponse.TryRead(new TlvReader(), none, 0, none.Length, out status));
    }

    [TestMethod]
    public void TimedRequest_10_7_8()
    {
        int timeout;
        byte[] bytes = Hex.Bytes("152500e80324ff0c18");
        Assert.IsTrue(TimedRequest.TryRead(new TlvReader(), bytes, 0, bytes.Length, out timeout));
        Assert.AreEqual(1000, timeout);
        byte[] buffer = Hex.Filled(20);
        TlvWriter writer = Writer(buffer);
        TimedRequest.Write(writer, timeout);
        Assert.AreEqual("152500e80324ff0c18", Written(buffer, writer));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(TimedRequest.TryRead(new TlvReader(), bytes, 0, length, out timeout));
        }
    }

    [TestMethod]
    public void SubscribeResponse_10_7_5()
    {
        uint id;
        int interval;
        byte[] bytes = Hex.Bytes("152600efbeadde24023c24ff0c18");
        Assert.IsTrue(SubscribeResponse.TryRead(new TlvReader(), bytes, 0, bytes.Length, out id, out interval));
        Assert.AreEqual(0xdeadbeefU, id);
        Assert.AreEqual(60, interval);
        byte[] buffer = Hex.Filled(20);
        TlvWriter writer = Writer(buffer);
        SubscribeResponse.Write(writer, id, interval);
        Assert.AreEqual("152600efbeadde24023c24ff0c18", Written(buffer, writer));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(SubscribeResponse.TryRead(new TlvReader(), bytes, 0, length, out id, out interval));
        }
    }

    [TestMethod]
    public void Paths_10_6()
    {
        TlvReader reader = new TlvReader();
        byte[] bytes = Hex.Bytes("172402012403062504fcff340518");
        reader.Init(bytes, 0, bytes.Length);
        reader.Next();
        AttributePath attribute = new AttributePath();
        Assert.IsTrue(attribute.TryRead(reader));
        Assert.AreEqual(1, attribute.Endpoint);
        Assert.AreEqual(6U, attribute.Cluster);
        Assert.AreEqual(0xfffcU, attribute.Attribute);
        Assert.AreEqual(AttributePath.NewItem, attribute.ListIndex);
        byte[] buffer = Hex.Filled(30);
        TlvWriter writer = Writer(buffer);
        attribute.Write(writer, TlvTag.Anonymous);
        Assert.AreEqual("172402012403062504fcff340518", Written(buffer, writer));

        bytes = Hex.Bytes("1724020118");
        reader.Init(bytes, 0, bytes.Length);
        reader.Next();
        Assert.IsTrue(attribute.TryRead(reader));
        Assert.IsFalse(attribute.IsConcrete);
        Assert.AreEqual(InteractionModel.Wildcard, attribute.Cluster);
        Assert.AreEqual(AttributePath.NoItem, attribute.ListIndex);

        // A structure is no path; nor is one with an endpoint of 65535 or a signed cluster.
        string[] wrong = new string[] { "1524020118", "172502ffff18", "1720030618", "17290418", "1724020118".Substring(0, 8) };
        for (int i = 0; i < wrong.Length; i++)
        {
            bytes = Hex.Bytes(wrong[i]);
            reader.Init(bytes, 0, bytes.Length);
            reader.Next();
            Assert.IsFalse(attribute.TryRead(reader), wrong[i]);
        }

        bytes = Hex.Bytes("172401002402642403022904" + "18");
        reader.Init(bytes, 0, bytes.Length);
        reader.Next();
        EventPath path = new EventPath();
        Assert.IsTrue(path.TryRead(reader));
        Assert.AreEqual(0, path.Endpoint);
        Assert.AreEqual(0x64U, path.Cluster);
        Assert.AreEqual(2U, path.Event);
        Assert.IsTrue(path.IsUrgent);
        buffer = Hex.Filled(30);
        writer = Writer(buffer);
        path.Write(writer, TlvTag.Anonymous);
        Assert.AreEqual("17240100240264240302290418", Written(buffer, writer));
    }

    [TestMethod]
    public void DataVersionFilter_10_6_4()
    {
        TlvReader reader = new TlvReader();
        DataVersionFilter filter = new DataVersionFilter();
        string text = "15370024010124020618260178563412" + "18";
        byte[] bytes = Hex.Bytes(text);
        reader.Init(bytes, 0, bytes.Length);
        reader.Next();
        Assert.IsTrue(filter.TryRead(reader));
        Assert.AreEqual(1, filter.Endpoint);
        Assert.AreEqual(6U, filter.Cluster);
        Assert.AreEqual(0x12345678U, filter.DataVersion);
        byte[] buffer = Hex.Filled(30);
        TlvWriter writer = Writer(buffer);
        filter.Write(writer, TlvTag.Anonymous);
        Assert.AreEqual(text, Written(buffer, writer));
        bytes = Hex.Bytes("1537002402061826017856341218");
        reader.Init(bytes, 0, bytes.Length);
        reader.Next();
        Assert.IsFalse(filter.TryRead(reader));
    }

    [TestMethod]
    public void StatusElement_10_6_17()
    {
        byte[] buffer = Hex.Filled(30);
        TlvWriter writer = Writer(buffer);
        StatusElement.Write(writer, 1, Status.Failure, 9);
        Assert.AreEqual("350124000124010918", Written(buffer, writer));
        TlvReader reader = new TlvReader();
        reader.Init(buffer, 1, writer.Position - 1);
        reader.Next();
        Assert.AreEqual(Status.Failure | (10 << 8), StatusElement.Read(reader));
        byte[] none = Hex.Bytes("1518");
        reader.Init(none, 0, none.Length);
        reader.Next();
        Assert.AreEqual(-1, StatusElement.Read(reader));
    }

    // The tables are packed: a privilege or an id that slips into its neighbour would open or close the wrong door.
    [TestMethod]
    public void PackedElements_KeepTheirParts()
    {
        uint attribute = 0xfffdU | Element.ReadManage | Element.WriteAdminister | Element.List | Element.FabricScoped | Element.Timed | Element.ChangesOmitted;
        Assert.AreEqual(0xfffdU, Element.GetId(attribute));
        Assert.AreEqual(Privilege.Manage, Element.GetPrivilege(attribute));
        Assert.AreEqual(Privilege.Administer, Element.GetWritePrivilege(attribute));
        uint command = 0x42U | Element.InvokeOperate | Element.Response(62);
        Assert.AreEqual(Privilege.Operate, Element.GetPrivilege(command));
        Assert.AreEqual(62, Element.GetResponse(command));
        Assert.IsFalse(Element.IsTimedCommand(command));
        Assert.AreEqual(-1, Element.GetResponse(0x42U | Element.InvokeOperate | Element.Timed | Element.FabricScoped));
        Assert.AreEqual(0, Element.GetResponse(Element.Response(0)));
        Assert.AreEqual(EventPriority.Critical, Element.GetPriority(3U | Element.ReadView | Element.Critical | Element.FabricScoped));
        Assert.IsTrue((0x42U | Element.InvokeAdminister | Element.Response(62) | Element.Timed | Element.FabricScoped) != Element.End);
    }
}
