using MatterNano.Interaction;
using MatterNano.Messaging;
using MatterNano.Sessions;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

[TestClass]
public class GroupTests
{
    private static void Send(ImLink link, int groupId, int opcode, byte[] payload)
    {
        GroupSession session = new GroupSession(link.Device.Sessions);
        session.SetNodes(1, 0, 0xc0000001);
        session.SetGroupId(groupId);
        Exchange exchange = new Exchange(link.Device.Exchanges, 0);
        exchange.Session = session;
        exchange.Flags = Exchange.FlagInUse;
        exchange.Handler = link.Engine;
        link.Engine.OnMessage(exchange, opcode, payload, 0, payload.Length);
        Assert.AreEqual(0, link.Device.Sent.Count);
        Assert.AreEqual(0, link.Engine.OpenInteractions);
    }

    [TestMethod]
    public void CommandReachesTheEndpointsOfTheGroup_AndIsNeverAnswered_8_2_1_6()
    {
        ImLink link = new ImLink();
        ExampleOnOffCluster second = (ExampleOnOffCluster)link.Node.FindCluster(2, 6);
        Send(link, 7, InteractionModel.InvokeRequest, ImMessage.Invoke(-1, 6, 1));
        Assert.IsFalse(link.OnOff.IsOn);
        link.GroupEndpoint = 2;
        Send(link, 7, InteractionModel.InvokeRequest, ImMessage.Invoke(-1, 6, 1));
        Assert.IsFalse(link.OnOff.IsOn);
        Assert.IsTrue(second.IsOn);
        link.GroupEndpoint = 0;
        Send(link, 8, InteractionModel.InvokeRequest, ImMessage.Invoke(-1, 6, 1));
        Assert.IsFalse(link.OnOff.IsOn);
        Send(link, 7, InteractionModel.InvokeRequest, ImMessage.Invoke(-1, 6, 2));
        Assert.IsTrue(link.OnOff.IsOn);
        Assert.IsFalse(second.IsOn);
        link.Privileges = Privilege.View;
        Send(link, 7, InteractionModel.InvokeRequest, ImMessage.Invoke(-1, 6, 2));
        Assert.IsTrue(link.OnOff.IsOn);
    }

    [TestMethod]
    public void FieldsAreReadForEveryEndpoint_ResponsesGoNowhere()
    {
        ImLink link = new ImLink();
        link.GroupEndpoint = 0;
        Send(link, 7, InteractionModel.InvokeRequest, ImMessage.Invoke(-1, 100, 1, false, false, 3, 1));
        Assert.AreEqual(1, link.Test.InvokeCount);
        Send(link, 7, InteractionModel.InvokeRequest, ImMessage.Invoke(-1, 100, 3, true, false, 3, 1));
        Assert.AreEqual(1, link.Test.InvokeCount);
    }

    [TestMethod]
    public void WriteReachesTheGroup_ReadsAndGarbageAreIgnored()
    {
        ImLink link = new ImLink();
        link.GroupEndpoint = 0;
        Send(link, 7, InteractionModel.WriteRequest, ImMessage.Write(false, false).PutNumber(-1, 100, 0, 66).EndWrite(false));
        Assert.AreEqual(66U, link.Test.Value);
        Send(link, 7, InteractionModel.ReadRequest, ImMessage.Read(0, 100, 0));
        Send(link, 7, InteractionModel.InvokeRequest, new byte[] { 0x15 });
        Assert.AreEqual(2U, link.Engine.Counters[InteractionCounters.InvalidAction]);
    }
}
