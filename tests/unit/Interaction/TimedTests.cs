using MatterNano.Interaction;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

[TestClass]
public class TimedTests
{
    [TestMethod]
    public void TimedInvokeAndWrite_AreServedInTime_8_5()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("0/100/3!198", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 3)));
        Assert.AreEqual("status 0", link.Request(InteractionModel.TimedRequest, ImMessage.Timed(500)));
        link.Now += 500;
        Assert.AreEqual("0/100/3!0", link.Continue(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 3, true, false, -1, 1)));
        Assert.AreEqual("status 0", link.Request(InteractionModel.TimedRequest, ImMessage.Timed(500)));
        Assert.AreEqual("0/100/4!0", link.Continue(InteractionModel.WriteRequest, ImMessage.Write(true, false).PutNumber(0, 100, 4, 9).EndWrite(false)));
        Assert.AreEqual(9U, link.Test.Value);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void TooLate_IsTimeout_TC_IDM_5_2()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.TimedRequest, ImMessage.Timed(500));
        link.Now += 501;
        Assert.AreEqual("status 148", link.Continue(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 3, true, false, -1, 1)));
        link.Request(InteractionModel.TimedRequest, ImMessage.Timed(500));
        link.Now += 501;
        Assert.AreEqual("status 148", link.Continue(InteractionModel.WriteRequest, ImMessage.Write(true, false).PutNumber(0, 100, 4, 9).EndWrite(false)));
        Assert.AreEqual(0, link.Test.InvokeCount);
        Assert.AreEqual(5U, link.Test.Value);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void LongTimeout_KeepsTheExchangeUntilItIsOver()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.TimedRequest, ImMessage.Timed(55000));
        link.Turn(300);
        link.Turn(54700);
        Assert.AreEqual("0/100/3!0", link.Continue(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 3, true, false, -1, 1)));
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void TimedWriteInSeveralMessages_IsInvalidAction()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.TimedRequest, ImMessage.Timed(500));
        Assert.AreEqual("status 128", link.Continue(InteractionModel.WriteRequest, ImMessage.Write(true, false).PutNumber(0, 100, 4, 9).EndWrite(true)));
        Assert.AreEqual(5U, link.Test.Value);
    }

    [TestMethod]
    public void FlagAndTimedRequestMustAgree_TC_IDM_5_2()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("status 201", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 3, true, false, -1, 1)));
        Assert.AreEqual("status 201", link.Request(InteractionModel.WriteRequest, ImMessage.Write(true, false).PutNumber(0, 100, 4, 9).EndWrite(false)));
        link.Request(InteractionModel.TimedRequest, ImMessage.Timed(500));
        Assert.AreEqual("status 201", link.Continue(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 3)));
        Assert.AreEqual(0, link.Test.InvokeCount);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void AnythingElseAfterATimedRequest_IsInvalidAction()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.TimedRequest, ImMessage.Timed(500));
        Assert.AreEqual("status 128", link.Continue(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 0)));
        Assert.AreEqual("status 128", link.Request(InteractionModel.TimedRequest, Hex.Bytes("1524ff0c18")));
        Assert.AreEqual("status 128", link.Request(InteractionModel.TimedRequest, Hex.Bytes("1526000000010024ff0c18")));
        Assert.AreEqual(0, link.Leftovers());
    }
}
