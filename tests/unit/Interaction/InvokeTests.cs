using MatterNano.Interaction;
using MatterNano.Messaging;
using MatterNano.Sessions;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

[TestClass]
public class InvokeTests
{
    // Toggle of a matter.js 0.17.9 controller and its light's answer, recorded after decryption.
    [TestMethod]
    public void RecordedToggle_IsAnsweredByTheRecordedBytes()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.InvokeRequest, Hex.Bytes("1528002801360215370024000124010624020218350118181824ff0b18"));
        Assert.AreEqual(
            "152800360115350137002400012401062402021835012400001818181824ff0c18",
            Hex.Text(link.Controller.LastPayload, 0, link.Controller.LastPayload.Length));
        Assert.IsTrue(link.OnOff.IsOn);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void ResponseCommandCarriesItsFields_8_8_3_2()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 1, false, false, 7, 1));
        Assert.AreEqual(
            "1528003601153500370024000024016424020218350124000818181818".Substring(0, 54) + "181824ff0c18",
            Hex.Text(link.Controller.LastPayload, 0, link.Controller.LastPayload.Length));
        Assert.AreEqual("0/100/2:1524000818", link.Controller.Told);
    }

    [TestMethod]
    public void CommandThatFindsNoBuffer_IsNotAcknowledged_AndObeyedWhenItIsRepeated()
    {
        ImLink link = new ImLink();
        MessageBuffer[] taken = new MessageBuffer[MatterNano.Limits.LargeMessageBuffers];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = link.Device.Exchanges.TakeBuffer(true);
        }

        Assert.AreEqual(string.Empty, link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(1, 6, 2)));
        Assert.IsFalse(link.OnOff.IsOn);
        Assert.AreEqual(0, link.Engine.OpenInteractions + link.Device.Exchanges.OpenExchanges);
        Assert.AreEqual(string.Empty, link.Turn(ExchangeManager.StandaloneAckDelay + 1), "no acknowledgement either");
        link.Device.Exchanges.ReleaseBuffer(taken[0]);
        Assert.AreEqual("1/6/2!0", link.Turn(413));
        Assert.IsTrue(link.OnOff.IsOn, "once");
        Assert.AreEqual("0/100/0!0", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutNumber(0, 100, 0, 1).EndWrite(false)));
    }

    [TestMethod]
    public void WrongPaths_8_8_3_2()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("0/100/99!129", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 99)));
        Assert.AreEqual("0/99/0!195", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 99, 0)));
        Assert.AreEqual("9/100/0!127", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(9, 100, 0)));
        link.Privileges = Privilege.View;
        Assert.AreEqual("0/100/99!129", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 99)));
        Assert.AreEqual("0/100/0!126", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 0)));
        link.Privileges = Privilege.None;
        Assert.AreEqual("9/100/0!126", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(9, 100, 0)));
        Assert.AreEqual(0, link.Test.InvokeCount);
    }

    [TestMethod]
    public void StatusesOfTheCommand_ReplaceAStartedResponse()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("0/100/1!135", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 1, false, false, 200, 1)));
        Assert.AreEqual("0/100/1!133", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 1, false, false, 256, 1)));
        Assert.AreEqual("0/100/6!1.9", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 6)));
        Assert.AreEqual(0, link.Leftovers());
        Assert.AreEqual(1, link.Test.SentResponses);
    }

    [TestMethod]
    public void TwoCommands_AreMoreThanMaxPathsPerInvoke_InvalidAction_TC_IDM_1_4()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("status 128", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 0, false, false, -1, 2)));
        Assert.AreEqual("status 128", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 0, false, false, -1, 0)));
        Assert.AreEqual("status 128", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(-1, 100, 0)));
        Assert.AreEqual(0, link.Test.InvokeCount);
        byte[] whole = ImMessage.Invoke(0, 100, 0, false, false, 3, 1);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = new byte[length];
            System.Array.Copy(whole, 0, cut, 0, length);
            Assert.AreEqual("status 128", link.Request(InteractionModel.InvokeRequest, cut));
            link.Turn(201);
        }

        Assert.AreEqual(0, link.Test.InvokeCount);
    }

    [TestMethod]
    public void FabricScopedCommandWithoutFabric_IsUnsupportedAccess()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("0/100/4!0", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 4)));
        SecureSession pase = link.Connect(0, 0, 0);
        Assert.AreEqual("0/100/4!126", link.Request(pase, InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 4)));
        Assert.AreEqual("0/100/0!0", link.Request(pase, InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 0)));
        Assert.AreEqual(2, link.Test.InvokeCount);
    }

    [TestMethod]
    public void SuppressedResponse_IsObeyedAndNotAnswered()
    {
        ImLink link = new ImLink();
        Assert.AreEqual(string.Empty, link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 1, false, true, 1, 1)));
        Assert.AreEqual(1, link.Test.InvokeCount);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void PendingCommand_IsAcknowledgedAtOnceAndAnsweredLater()
    {
        ImLink link = new ImLink();
        link.KeepsExchanges = true;
        Assert.AreEqual(string.Empty, link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 5)));
        Assert.AreEqual(1, link.Engine.OpenInteractions);

        // Others go on meanwhile.
        Assert.AreEqual("0/100/2:1524000818", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 1, false, false, 7, 1)));
        Assert.IsTrue(link.Test.Pending.IsAlive);
        link.Test.Pending.StartResponse(2).PutUnsigned(0, 77);
        link.Test.Pending.Complete(Status.Success);
        link.Settle();
        Assert.AreEqual("0/100/2:1524004d18", link.Controller.Told);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void PendingCommandWhoseSessionEnds_CompletesIntoNowhere()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 5));
        InvokeContext pending = link.Test.Pending;
        link.DeviceSession.Destroy(false, false);
        Assert.IsFalse(pending.IsAlive);
        Assert.IsNull(pending.Session);
        pending.StartResponse(2).PutUnsigned(0, 77);
        pending.Complete(Status.Success);
        Assert.AreEqual(0, link.Engine.OpenInteractions);
        Assert.AreEqual(MatterNano.Limits.MessageBuffers, link.Device.Exchanges.FreeBuffers);
        Assert.ThrowsException(typeof(System.InvalidOperationException), () => pending.Complete(Status.Success));
    }

    [TestMethod]
    public void ResponseSent_ComesAfterTheAnswerIsAcknowledged_OrGivenUp()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 6));
        Assert.AreEqual(0, link.Test.SentResponses);
        link.Turn(1);
        Assert.AreEqual(0, link.Test.SentResponses);
        Assert.AreEqual(0, link.Leftovers());
        Assert.AreEqual(1, link.Test.SentResponses);

        link.Controller.IsDeaf = true;
        link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(0, 100, 6));
        for (int i = 0; i < 100; i++)
        {
            link.Turn(200);
        }

        Assert.AreEqual(2, link.Test.SentResponses);
    }
}
