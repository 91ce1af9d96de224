using MatterNano.Interaction;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

[TestClass]
public class WriteTests
{
    [TestMethod]
    public void EachPathHasItsStatus_8_7_3_2()
    {
        ImLink link = new ImLink();
        byte[] write = ImMessage.Write(false, false)
            .PutNumber(0, 100, 0, 42).PutNumber(0, 100, 0, 101).PutNumber(0, 100, 7, 1).PutNumber(0, 100, 99, 1)
            .PutNumber(0, 999, 0, 1).PutNumber(9, 100, 0, 1).PutNumber(0, 100, 4, 1).PutNumber(0, 100, 3, 43).EndWrite(false);
        Assert.AreEqual(
            "0/100/0!0 0/100/0!135 0/100/7!136 0/100/99!134 0/999/0!195 9/100/0!127 0/100/4!198 0/100/3!0",
            link.Request(InteractionModel.WriteRequest, write));
        Assert.AreEqual(43U, link.Test.Value);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void WriteNeedsItsPrivilege_8_7_3_2()
    {
        ImLink link = new ImLink();
        link.Privileges = Privilege.View;
        Assert.AreEqual("0/100/0!126", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutNumber(0, 100, 0, 1).EndWrite(false)));
        link.Privileges = Privilege.None;
        Assert.AreEqual("9/9/0!126", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutNumber(9, 9, 0, 1).EndWrite(false)));
        Assert.AreEqual(5U, link.Test.Value);
    }

    [TestMethod]
    public void DataVersionMustMatch_8_7_3_2()
    {
        ImLink link = new ImLink();
        uint version = link.Test.DataVersion;
        Assert.AreEqual("0/100/0!146", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutNumber(version + 1, 100, 0, 1, true).EndWrite(false)));
        Assert.AreEqual("0/100/0!0", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutNumber(version, 100, 0, 1, true).EndWrite(false)));
        Assert.AreEqual(version + 1, link.Test.DataVersion);
        Assert.AreEqual("0/100/0!146", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutNumber(version, 100, 0, 2, true).EndWrite(false)));
    }

    [TestMethod]
    public void ListIsReplacedInOnePiece()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("0/100/1!0 0/100/0!0", link.Request(
            InteractionModel.WriteRequest, ImMessage.Write(false, false).PutList(0, 100, 1, 3).PutNumber(0, 100, 0, 6).EndWrite(false)));
        Assert.AreEqual(3, link.Test.BlobCount);
        Assert.AreEqual(1, link.Test.Begun);
        Assert.AreEqual(1, link.Test.Ended);
        Assert.AreEqual("0/100/1!141", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutNumber(0, 100, 1, 3).EndWrite(false)));
        Assert.AreEqual(1, link.Test.Begun);
    }

    [TestMethod]
    public void EmptyListThenItems_IsOneWriteOfOneList()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("0/100/1!0 0/100/1!0 0/100/1!0", link.Request(
            InteractionModel.WriteRequest,
            ImMessage.Write(false, false).PutList(0, 100, 1, 0).PutItem(0, 100, 1, true).PutItem(0, 100, 1, true).EndWrite(false)));
        Assert.AreEqual(2, link.Test.BlobCount);
        Assert.AreEqual(1, link.Test.Begun);
        Assert.AreEqual(1, link.Test.Ended);
        Assert.AreEqual(Status.Success, link.Test.EndStatus);

        // Items without a list before them are refused.
        Assert.AreEqual("0/100/1!156", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutItem(0, 100, 1, true).EndWrite(false)));
        Assert.AreEqual(2, link.Test.BlobCount);
    }

    [TestMethod]
    public void ItemsBehindARefusedList_AreRefusedLikeIt()
    {
        ImLink link = new ImLink();
        link.Privileges = Privilege.Operate;
        Assert.AreEqual("0/100/1!126 0/100/1!126 0/100/1!126", link.Request(
            InteractionModel.WriteRequest,
            ImMessage.Write(false, false).PutList(0, 100, 1, 0).PutItem(0, 100, 1, true).PutItem(0, 100, 1, true).EndWrite(false)));
        Assert.AreEqual(0, link.Test.Begun);
    }

    [TestMethod]
    public void ListThatAnotherWriteHoldsOpen_IsBusy()
    {
        ImLink link = new ImLink();
        link.KeepsExchanges = true;
        Assert.AreEqual("0/100/1!0", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutList(0, 100, 1, 2).EndWrite(true)));
        MatterNano.Messaging.Exchange first = link.Controller.LastExchange;
        Assert.AreEqual("0/100/1!156 0/100/1!156 0/100/0!0", link.Request(
            InteractionModel.WriteRequest,
            ImMessage.Write(false, false).PutList(0, 100, 1, 0).PutItem(0, 100, 1, true).PutNumber(0, 100, 0, 8).EndWrite(false)));
        Assert.AreEqual("0/100/1!0", link.Send(first, InteractionModel.WriteRequest, ImMessage.Write(false, false).PutItem(0, 100, 1, true).EndWrite(false)));
        Assert.AreEqual(3, link.Test.BlobCount);
    }

    [TestMethod]
    public void RefusedItem_HasItsOwnStatus_AndTheListLearnsOfIt()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("0/100/1!0 0/100/1!141 0/100/1!0", link.Request(
            InteractionModel.WriteRequest,
            ImMessage.Write(false, false).PutList(0, 100, 1, 1).PutItem(0, 100, 1, false).PutItem(0, 100, 1, true).EndWrite(false)));
        Assert.AreEqual(Status.InvalidDataType, link.Test.EndStatus);
    }

    [TestMethod]
    public void StatusOfTheEnd_IsToldWithTheLastItem()
    {
        ImLink link = new ImLink();
        link.Test.EndAnswer = Status.ResourceExhausted;
        Assert.AreEqual("0/100/1!0 0/100/1!137", link.Request(
            InteractionModel.WriteRequest, ImMessage.Write(false, false).PutList(0, 100, 1, 0).PutItem(0, 100, 1, true).EndWrite(false)));
    }

    [TestMethod]
    public void ChunkedWrite_KeepsTheListOpenOverMessages_8_7_2_3()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("0/100/1!0", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutList(0, 100, 1, 2).EndWrite(true)));
        Assert.AreEqual(0, link.Test.Ended);

        // Checked when it was opened: access lost in between does not matter to the same list.
        link.Privileges = Privilege.None;
        Assert.AreEqual("0/100/1!0", link.Continue(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutItem(0, 100, 1, true).EndWrite(true)));
        Assert.AreEqual("0/100/1!0 0/100/0!126", link.Continue(
            InteractionModel.WriteRequest, ImMessage.Write(false, false).PutItem(0, 100, 1, true).PutNumber(0, 100, 0, 9).EndWrite(false)));
        Assert.AreEqual(4, link.Test.BlobCount);
        Assert.AreEqual(1, link.Test.Begun);
        Assert.AreEqual(1, link.Test.Ended);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void ChunkedWriteThatStops_EndsTheList()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, false).PutList(0, 100, 1, 2).EndWrite(true));
        link.Turn(300);
        Assert.AreEqual(0, link.Test.Ended);
        link.Turn(120000);
        Assert.AreEqual(1, link.Test.Ended);
        Assert.AreEqual(Status.Timeout, link.Test.EndStatus);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void SuppressedResponse_IsWrittenAndNotAnswered()
    {
        ImLink link = new ImLink();
        Assert.AreEqual(string.Empty, link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, true).PutNumber(0, 100, 0, 33).EndWrite(false)));
        Assert.AreEqual(33U, link.Test.Value);
        Assert.AreEqual("status 128", link.Request(InteractionModel.WriteRequest, ImMessage.Write(false, true).PutNumber(0, 100, 0, 34).EndWrite(true)));
        Assert.AreEqual(33U, link.Test.Value);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void WildcardOrMalformedPath_IsInvalidAction_AndNothingIsWritten()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("status 128", link.Request(
            InteractionModel.WriteRequest, ImMessage.Write(false, false).PutNumber(0, 100, 0, 77).PutNumber(-1, 100, 0, 78).EndWrite(false)));
        Assert.AreEqual(5U, link.Test.Value);
        byte[] whole = ImMessage.Write(false, false).PutNumber(0, 100, 0, 77).EndWrite(false);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = new byte[length];
            System.Array.Copy(whole, 0, cut, 0, length);
            Assert.AreEqual("status 128", link.Request(InteractionModel.WriteRequest, cut));
            link.Turn(201);
        }

        Assert.AreEqual(5U, link.Test.Value);
    }

    [TestMethod]
    public void MoreStatusesThanAMessageHolds_IsResourceExhausted()
    {
        ImLink link = new ImLink();
        ImMessage write = ImMessage.Write(false, false);
        for (int i = 0; i < 60; i++)
        {
            write.PutNumber(0, 100, 0, i);
        }

        Assert.AreEqual("status 137", link.Request(InteractionModel.WriteRequest, write.EndWrite(false)));
        Assert.AreEqual(0, link.Leftovers());
    }
}
