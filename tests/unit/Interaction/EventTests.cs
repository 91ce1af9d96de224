using MatterNano.Interaction;
using MatterNano.Storage;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

[TestClass]
public class EventTests
{
    private const long Any = ImMessage.Any;

    [TestMethod]
    public void EventsAreReportedInOrderOfNumbers_FromTheMinimumOn_8_4_3()
    {
        ImLink link = new ImLink();
        link.Test.Happen(0, 0, 2);
        link.Test.Happen(1, 1, 2);
        link.Test.Happen(0, 0, 3);
        Assert.AreEqual("e0:0/100/0 e1:0/100/1 e2:0/100/0 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(0, Any, Any, Any)));
        Assert.AreEqual("e2:0/100/0 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(1, 0, 100, 0)));
        Assert.AreEqual("quiet", link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(3, Any, Any, Any)));
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void BytesOfAnEventReport_10_6_9()
    {
        ImLink link = new ImLink();
        link.Now = 0x1234;
        link.Test.Happen(0, 0, 1);
        link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(0, 0, 100, 0));
        Assert.AreEqual(
            "1536021535013700240100240264240300182401002402012504341235073000017718181818290424ff0c18",
            Hex.Text(link.Controller.LastPayload, 0, link.Controller.LastPayload.Length));
    }

    [TestMethod]
    public void FabricSensitiveEvents_AreSeenByTheirFabricOnly_7_14_4()
    {
        ImLink link = new ImLink();
        link.Test.Happen(1, 1, 2);
        link.Test.Happen(1, 2, 2);
        Assert.AreEqual("e0:0/100/1 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(0, Any, Any, Any)));
        link.Engine.RemoveFabric(1);
        Assert.AreEqual("quiet", link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(0, Any, Any, Any)));
    }

    [TestMethod]
    public void ConcreteEventPathsSayWhatIsMissing_8_4_3_2()
    {
        ImLink link = new ImLink();
        Assert.AreEqual(
            "0/100/9!199 0/9/0!195 9/100/0!127 quiet",
            link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(0, 0, 100, 9, 0, 9, 0, 9, 100, 0, Any, 9, Any)));
        link.Privileges = Privilege.View;
        link.Test.Happen(2, 0, 1);
        Assert.AreEqual("0/100/2!126 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(0, 0, 100, 2)));
        Assert.AreEqual("quiet", link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(0, 0, 100, Any)));
    }

    [TestMethod]
    public void ManyEvents_AreChunked()
    {
        ImLink link = new ImLink();
        for (int i = 0; i < 3; i++)
        {
            link.Test.Happen(0, 0, 100);
            link.Test.Happen(1, 1, 40);
        }

        link.Test.BlobCount = 7;
        link.Test.BlobSize = 100;
        long[] attributes = new long[] { 0, 100, 1 };
        long[] events = new long[] { 0, 100, Any };
        Assert.AreEqual(
            "0/100/1=(716) e0:0/100/0 e1:0/100/1 e2:0/100/0 e3:0/100/1 more",
            link.Request(InteractionModel.ReadRequest, ImMessage.Read(attributes, events, true, null)));
        Assert.AreEqual("e4:0/100/0 e5:0/100/1 quiet", link.Confirm(Status.Success));
    }

    [TestMethod]
    public void LowerPriorityNeverDisplacesAHigher_7_14_2()
    {
        ImLink link = new ImLink();
        ulong critical = link.Test.Happen(1, 0, 20);
        for (int i = 0; i < 50; i++)
        {
            link.Test.Happen(0, 0, 60);
            link.Test.Happen(2, 0, 20);
        }

        Assert.IsTrue(link.Events.Find(0));
        Assert.AreEqual(critical, link.Events.Number);
        Assert.AreEqual(EventPriority.Critical, link.Events.Priority);

        // The newest of each priority are there, and only they.
        Assert.IsTrue(link.Events.Find(critical + 1));
        Assert.IsTrue(link.Events.Number > 85);
        Assert.IsTrue(link.Events.Find(link.Events.NextNumber - 1));
        Assert.AreEqual(ulong.MaxValue, link.Test.Happen(0, 0, 240));
        Assert.AreEqual(1U, link.Events.Dropped);
        Assert.AreEqual(ulong.MaxValue, link.Test.Happen(2, 0, 120));
        Assert.AreEqual(2U, link.Events.Dropped);
    }

    [TestMethod]
    public void NumbersNeverRepeatOverRestarts_7_14_1_1()
    {
        MemoryFlash flash = new MemoryFlash();
        ulong last = 0;
        for (int start = 0; start < 5; start++)
        {
            ImLink link = new ImLink(flash);
            for (int i = 0; i < 3; i++)
            {
                ulong number = link.Test.Happen(0, 0, 1);
                Assert.IsTrue(number > last || (start == 0 && i == 0));
                last = number;
            }

            // Two at once do not fit into the heap of a device.
            link = null;
        }

        Assert.AreEqual((4UL * EventLog.Block) + 2, last);

        // A start without an event uses no number up.
        ulong next = new ImLink(flash).Events.NextNumber;
        Assert.AreEqual(next, new ImLink(flash).Events.NextNumber);
    }

    [TestMethod]
    public void OnlyUrgentEventsAreReportedAtOnce_8_5_3_2()
    {
        ImLink link = new ImLink();
        link.Test.Happen(0, 0, 1);
        Assert.AreEqual("sub e0:0/100/0", link.Request(
            InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, null, new long[] { 0, 100, 0 }, true)));
        link.Confirm(Status.Success);
        link.Test.Happen(1, 0, 1);
        Assert.AreEqual(string.Empty, link.Turn(0));
        link.Test.Happen(0, 0, 1);
        Assert.AreEqual("sub e2:0/100/0", link.Turn(0));
        link.Confirm(Status.Success);
        Assert.AreEqual(string.Empty, link.Turn(0));
    }

    [TestMethod]
    public void OtherEventsComeWithTheNextReport()
    {
        ImLink link = new ImLink();
        link.Request(
            InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, new long[] { 1, 6, 0 }, new long[] { Any, Any, Any }, false));
        link.Confirm(Status.Success);
        link.Test.Happen(0, 0, 1);
        Assert.AreEqual(string.Empty, link.Turn(300));
        Assert.AreEqual("sub e0:0/100/0", link.Turn(54000));
        link.Confirm(Status.Success);
        link.Test.Happen(0, 0, 1);
        link.OnOff.Set(true);
        Assert.AreEqual("sub 1/6/0=09 e1:0/100/0", link.Turn(0));
        link.Confirm(Status.Success);
        link.Test.Happen(0, 0, 1);
        link.Engine.ReportNow();
        Assert.AreEqual("sub e2:0/100/0", link.Turn(0));
    }
}
