using MatterNano;
using MatterNano.Interaction;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

[TestClass]
public class ReadTests
{
    private const long Any = ImMessage.Any;

    // Request and answer of a matter.js 0.17.9 controller and light, recorded after decryption.
    [TestMethod]
    public void RecordedReadOfOnOff_IsAnsweredByTheRecordedBytes()
    {
        ImLink link = new ImLink();
        link.Node.Numbers[link.OnOff.Ordinal * Node.NumbersPerCluster] = 0x50833d25;
        link.Request(InteractionModel.ReadRequest, Hex.Bytes("153600172402012403062404001818290324ff0c18"));
        Assert.AreEqual(InteractionModel.ReportData, link.Controller.LastOpcode);
        Assert.AreEqual(
            "1536011535012600253d83503701240201240306240400182802181818290424ff0c18",
            Hex.Text(link.Controller.LastPayload, 0, link.Controller.LastPayload.Length));
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void RecordedReadOfWhatIsNotThere_IsAnsweredByAnEmptyReport()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.ReadRequest, Hex.Bytes("153600172403312504fcff1817240331240401181724032a2404001818290324ff0c18"));
        Assert.AreEqual("15290424ff0c18", Hex.Text(link.Controller.LastPayload, 0, link.Controller.LastPayload.Length));
    }

    [TestMethod]
    public void GlobalAttributesAreMadeFromTheTables_7_13()
    {
        ImLink link = new ImLink();
        Assert.AreEqual(
            "0/100/65533=0403 0/100/65532=0481 0/100/65529=1604000401040304040405040618 0/100/65528=16040218 quiet",
            link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 0xfffd, 0, 100, 0xfffc, 0, 100, 0xfff9, 0, 100, 0xfff8)));
        Assert.AreEqual(
            "0/100/65531=160400040104020403040404050406040705f8ff05f9ff05fbff05fcff05fdff18 quiet",
            link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 0xfffb)));
    }

    [TestMethod]
    public void WildcardsTakeInEverythingReadable_AndSkipTheRestSilently_8_4_3_2()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("1/6/0=08 2/6/0=08 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(Any, 6, 0)));
        Assert.AreEqual("0/100/65533=0403 1/6/65533=0406 2/6/65533=0406 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(Any, Any, 0xfffd)));
        Assert.AreEqual("quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(9, Any, Any)));

        // The write-only attribute is left out, the failing one says why.
        link.Privileges = Privilege.View;
        string all = link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, Any));
        Assert.AreEqual("0/100/0=0405 0/100/1=1618 0/100/2=", all.Substring(0, 34));
        Assert.IsTrue(all.IndexOf("0/100/3=") < 0, "write-only");
        Assert.IsTrue(all.IndexOf("0/100/6=") < 0, "administer only");
        Assert.IsTrue(all.IndexOf("0/100/7!156") > 0, "its own status");
        link.DeniedCluster = 100;
        Assert.AreEqual("quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, Any)));
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void ConcretePathsSayWhatIsMissing_8_4_3_2()
    {
        ImLink link = new ImLink();
        Assert.AreEqual(
            "9/100/0!127 0/999/0!195 0/100/99!134 0/100/3!143 0/100/0=0405 quiet",
            link.Request(InteractionModel.ReadRequest, ImMessage.Read(9, 100, 0, 0, 999, 0, 0, 100, 99, 0, 100, 3, 0, 100, 0)));
        link.Privileges = Privilege.View;
        Assert.AreEqual("0/100/6!126 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 6)));

        // Without any access nobody learns what exists.
        link.Privileges = Privilege.None;
        Assert.AreEqual("9/100/0!126 0/999/0!126 0/100/0!126 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(9, 100, 0, 0, 999, 0, 0, 100, 0)));
    }

    [TestMethod]
    public void WildcardClusterWithAnAttributeThatIsNotGlobal_IsInvalidAction_8_9_2_3()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("status 128", link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, Any, 0)));
        Assert.AreEqual("status 128", link.Request(InteractionModel.ReadRequest, ImMessage.ReadEvents(0, 0, Any, 0)));
        Assert.AreEqual(2U, link.Engine.Counters[InteractionCounters.InvalidAction]);
    }

    [TestMethod]
    public void AsManyPathsAsTheLimitAreRead_OneMoreIsTooMany_2_11_2_1()
    {
        ImLink link = new ImLink();
        long[] paths = new long[Limits.PathsPerRead * 3];
        for (int i = 0; i < paths.Length; i += 3)
        {
            paths[i] = 1;
            paths[i + 1] = 6;
        }

        string all = link.Request(InteractionModel.ReadRequest, ImMessage.Read(paths));
        Assert.AreEqual((Limits.PathsPerRead * 9) + 5, all.Length);
        long[] more = new long[(Limits.PathsPerRead + 1) * 3];
        paths.CopyTo(more, 0);
        Assert.AreEqual("status 200", link.Request(InteractionModel.ReadRequest, ImMessage.Read(more)));
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void EveryCutOfARequest_IsInvalidActionAndLeavesNothing()
    {
        ImLink link = new ImLink();
        byte[] whole = ImMessage.Read(new long[] { 0, 100, 0 }, new long[] { 0, 100, 0 }, true, new uint[] { 0, 100, 5 });
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = new byte[length];
            System.Array.Copy(whole, 0, cut, 0, length);
            Assert.AreEqual("status 128", link.Request(InteractionModel.ReadRequest, cut));
            Assert.AreEqual(0, link.Leftovers());
        }
    }

    [TestMethod]
    public void KnownDataVersion_LeavesTheClusterOut_8_4_3_2()
    {
        ImLink link = new ImLink();
        uint version = link.OnOff.DataVersion;
        long[] paths = new long[] { Any, 6, 0 };
        Assert.AreEqual("2/6/0=08 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(paths, null, true, new uint[] { 1, 6, version })));
        Assert.AreEqual("1/6/0=08 2/6/0=08 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(paths, null, true, new uint[] { 1, 6, version + 1 })));
        link.OnOff.Set(true);
        Assert.AreEqual(version + 1, link.OnOff.DataVersion);
        Assert.AreEqual("1/6/0=09 2/6/0=08 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(paths, null, true, new uint[] { 1, 6, version })));
    }

    [TestMethod]
    public void FabricFilterAndSensitiveFields_7_5()
    {
        ImLink link = new ImLink();
        long[] paths = new long[] { 0, 100, 2 };
        Assert.AreEqual("0/100/2=161524010124fe011818 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(paths, null, true, null)));
        Assert.AreEqual("0/100/2=161524fe02181524010124fe01181524fe021818 quiet", link.Request(InteractionModel.ReadRequest, ImMessage.Read(paths, null, false, null)));
    }

    [TestMethod]
    public void LongReportIsChunked_EachPartWaitsForTheStatus_8_4_3_2()
    {
        ImLink link = new ImLink();
        link.Test.BlobCount = 5;
        link.Test.BlobSize = 190;

        // Twice 5 blobs of 190 do not fit; the list is not torn.
        Assert.AreEqual("0/100/1=(962) more", link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 1, 0, 100, 1, 1, 6, 0)));
        Assert.AreEqual("0/100/1=(962) 1/6/0=08 quiet", link.Confirm(Status.Success));
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void ListLongerThanAMessage_GoesOnItemByItem_8_4_3_2()
    {
        ImLink link = new ImLink();
        link.Test.BlobCount = 9;
        link.Test.BlobSize = 300;
        Assert.AreEqual("0/100/0=0405 more", link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 0, 0, 100, 1, 1, 6, 0)));
        Assert.AreEqual("0/100/1=(911) more", link.Confirm(Status.Success));
        Assert.AreEqual("0/100/1+(303) 0/100/1+(303) 0/100/1+(303) more", link.Confirm(Status.Success));
        Assert.AreEqual("0/100/1+(303) 0/100/1+(303) 0/100/1+(303) 1/6/0=08 quiet", link.Confirm(Status.Success));
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void ListThatChangesBetweenTwoParts_IsWrittenAgainFromItsStart()
    {
        ImLink link = new ImLink();
        link.Test.BlobCount = 5;
        link.Test.BlobSize = 300;
        Assert.AreEqual("0/100/1=(911) more", link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 1)));
        link.Test.BlobCount = 2;
        link.Test.Change(TestCluster.Blobs);
        Assert.AreEqual("0/100/1=(608) quiet", link.Confirm(Status.Success));
    }

    [TestMethod]
    public void ValueLargerThanAMessage_IsResourceExhausted()
    {
        ImLink link = new ImLink();
        link.Test.BlobCount = 2;
        link.Test.BlobSize = 1250;
        Assert.AreEqual("0/100/1=1618 more", link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 1)));
        Assert.AreEqual("0/100/1!137 quiet", link.Confirm(Status.Success));
    }

    [TestMethod]
    public void BadStatusOrSilenceBetweenTwoParts_EndsTheRead()
    {
        ImLink link = new ImLink();
        link.Test.BlobCount = 6;
        link.Test.BlobSize = 300;
        link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 1));
        Assert.AreEqual(1, link.Engine.OpenInteractions);
        link.Confirm(Status.Failure);
        Assert.AreEqual(0, link.Leftovers());
        link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 1));
        Assert.AreEqual("status 128", link.Continue(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 1)));
        Assert.AreEqual(0, link.Leftovers());
        link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 1));
        link.Turn(120000);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void MoreInteractionsThanSlots_AreTakenWhenTheyAreRepeated()
    {
        ImLink link = new ImLink();
        link.Test.BlobCount = 4;
        link.Test.BlobSize = 300;
        link.KeepsExchanges = true;
        for (int i = 0; i < 5; i++)
        {
            // Nobody acknowledges: what finds no long buffer waits, and is under way all the same.
            string expected = i < Limits.LargeMessageBuffers - 1 ? "0/100/1=(911) more" : string.Empty;
            Assert.AreEqual(expected, link.Request(InteractionModel.ReadRequest, ImMessage.Read(0, 100, 1)));
        }

        // The first session has its 5 exchanges; the second has a buffer that the first left it.
        MatterNano.Sessions.SecureSession second = link.Connect(1, 0xd0000001, 0xc0000002);
        Assert.AreEqual("0/100/1=(911) more", link.Request(second, InteractionModel.ReadRequest, ImMessage.Read(0, 100, 1)));
        Assert.AreEqual(Limits.Interactions, link.Engine.OpenInteractions);

        // The controller gives one up, so that it has a place for a third; the device has none.
        link.Controller.LastExchange.Close();
        MatterNano.Sessions.SecureSession third = link.Connect(1, 0xd0000001, 0xc0000003);
        Assert.AreEqual(string.Empty, link.Request(third, InteractionModel.ReadRequest, ImMessage.Read(0, 1, 1)), "neither Busy nor acknowledged");
        Assert.AreEqual(0U, link.Engine.Counters[InteractionCounters.Busy]);
        for (int i = 0; i < 12; i++)
        {
            link.Turn(10000);
        }

        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void MessagesOutOfPlace_AreInvalidAction_AStatusIsNeverAnswered()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("status 128", link.Request(InteractionModel.WriteResponse, ImMessage.StatusResponse(0)));
        Assert.AreEqual("status 128", link.Request(0x55, ImMessage.StatusResponse(0)));
        Assert.AreEqual("status 125", link.Request(InteractionModel.ReportData, ImMessage.StatusResponse(0)));
        Assert.AreEqual(string.Empty, link.Request(InteractionModel.StatusResponse, ImMessage.StatusResponse(0)));
        Assert.AreEqual(0, link.Leftovers());
    }
}
