using MatterNano;
using MatterNano.Interaction;
using MatterNano.Sessions;
using MatterNano.Storage;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

[TestClass]
public class SubscribeTests
{
    private const long Any = ImMessage.Any;

    private static string Subscribe(ImLink link, SecureSession session, bool keep, int floor, int ceiling)
    {
        string report = link.Request(
            session, InteractionModel.SubscribeRequest, ImMessage.Subscribe(keep, floor, ceiling, new long[] { 1, 6, 0 }, null, false));
        return report.StartsWith("sub") ? link.Confirm(Status.Success) : report;
    }

    [TestMethod]
    public void FirstReportThenResponseThenChanges_8_5_3()
    {
        ImLink link = new ImLink();
        byte[] subscribe = ImMessage.Subscribe(false, 0, 60, new long[] { 1, 6, 0, 9, 9, 9 }, null, false);
        Assert.AreEqual("sub 1/6/0=08 9/9/9!127", link.Request(InteractionModel.SubscribeRequest, subscribe));
        Assert.IsFalse(link.Engine.GetSubscription(0).IsActive);
        Assert.AreEqual("subscribed 60", link.Confirm(Status.Success));
        Assert.IsTrue(link.Engine.GetSubscription(0).IsActive);
        Assert.AreEqual(1, link.DeviceSession.NumberOfActiveSubscriptions);

        // The report leaves at the next turn, without any delay, and has what changed only.
        link.OnOff.Set(true);
        Assert.AreEqual("sub 1/6/0=09", link.Turn(0));
        Assert.AreEqual(string.Empty, link.Confirm(Status.Success));
        Assert.AreEqual(string.Empty, link.Turn(0));
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void AnswerToACommandComesBeforeTheReportOfItsChange()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        Assert.AreEqual("1/6/2!0", link.Request(InteractionModel.InvokeRequest, ImMessage.Invoke(1, 6, 2)));
        Assert.AreEqual("sub 1/6/0=09", link.Turn(0));
    }

    [TestMethod]
    public void MinIntervalHoldsBack_AndMergesChanges_8_5_3_2()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 5, 60);
        link.OnOff.Set(true);
        Assert.AreEqual(string.Empty, link.Turn(4000));
        link.OnOff.Set(false);
        Assert.AreEqual(string.Empty, link.Turn(999));
        Assert.AreEqual(1000000 + 5000L, link.NextDeadline);
        Assert.AreEqual("sub 1/6/0=08", link.Turn(1));
        link.Confirm(Status.Success);
        Assert.AreEqual(string.Empty, link.Turn(0));
    }

    [TestMethod]
    public void KeepAliveIsEmptyAndComesBeforeTheMaxInterval_8_5_3_2()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        link.Turn(300);
        Assert.AreEqual(string.Empty, link.Turn(47699));
        Assert.AreEqual(1000000 + 48000L, link.NextDeadline);
        Assert.AreEqual("sub", link.Turn(1));
        link.Confirm(Status.Success);
        link.Turn(300);
        Assert.AreEqual(string.Empty, link.Turn(47000));
        Assert.AreEqual("sub", link.Turn(700));
        link.Confirm(Status.Success);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void MaxIntervalIsTheCeilingWithinReason_TC_IDM_4_2()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("subscribed 2", Subscribe(link, link.Session, false, 0, 0));
        Assert.AreEqual("subscribed 3600", Subscribe(link, link.Session, false, 0, 65535));
        Assert.AreEqual("subscribed 4000", Subscribe(link, link.Session, false, 4000, 65535));
        Assert.AreEqual("status 128", Subscribe(link, link.Session, true, 11, 10));
        Assert.AreEqual(1, link.Engine.SubscriptionCount);
    }

    [TestMethod]
    public void SubscribingToNothingThatCanBeRead_IsInvalidAction_TC_IDM_4_3()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("status 128", link.Request(InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, null, null, false)));
        Assert.AreEqual("status 128", link.Request(InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, new long[] { 9, 6, 0 }, null, false)));
        Assert.AreEqual("status 128", link.Request(InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, new long[] { Any, 7, Any }, null, false)));
        Assert.AreEqual("status 128", link.Request(InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, new long[] { 1, 6, 9 }, null, false)));
        Assert.AreEqual("status 128", link.Request(InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, null, new long[] { 1, 6, 0 }, false)));
        link.Privileges = Privilege.None;
        Assert.AreEqual("status 128", link.Request(InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, new long[] { Any, Any, Any }, null, false)));
        Assert.AreEqual(0, link.Engine.SubscriptionCount);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void MorePathsThanASubscriptionHolds_IsPathsExhausted_2_11_2_2()
    {
        ImLink link = new ImLink();
        Assert.AreEqual("status 200", link.Request(
            InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, Paths(Limits.MaxPathsPerSubscription + 1), null, false)));
        Assert.AreEqual(0, link.Engine.SubscriptionPathsUsed);
    }

    private static long[] Paths(int count)
    {
        long[] paths = new long[3 * count];
        for (int i = 0; i < paths.Length; i += 3)
        {
            paths[i] = 1;
            paths[i + 1] = 6;
        }

        return paths;
    }

    private static string SubscribeTo(ImLink link, SecureSession session, bool keep, long[] paths)
    {
        string report = link.Request(session, InteractionModel.SubscribeRequest, ImMessage.Subscribe(keep, 0, 60, paths, null, false));
        return report.StartsWith("sub") ? link.Confirm(Status.Success) : report;
    }

    [TestMethod]
    public void ManyPathsShareAPool_AndThreeStayForEverySubscription_2_11_2_2()
    {
        ImLink link = new ImLink();
        int large = Limits.SharedSubscriptionPaths / (Limits.MaxPathsPerSubscription - Limits.PathsPerSubscription);
        for (int i = 0; i < large; i++)
        {
            Assert.AreEqual("subscribed 60", SubscribeTo(link, link.Session, true, Paths(Limits.MaxPathsPerSubscription)));
            link.Turn(300);
        }

        // One more of them would take what is promised; three paths are had until all subscriptions are.
        Assert.AreEqual("status 200", SubscribeTo(link, link.Session, true, Paths(Limits.MaxPathsPerSubscription)));
        for (int i = large; i < Limits.Subscriptions; i++)
        {
            Assert.AreEqual("subscribed 60", SubscribeTo(link, link.Session, true, Paths(Limits.PathsPerSubscription)));
            link.Turn(300);
        }

        Assert.AreEqual(Limits.Subscriptions, link.Engine.SubscriptionCount);
        Assert.AreEqual(
            (large * Limits.MaxPathsPerSubscription) + ((Limits.Subscriptions - large) * Limits.PathsPerSubscription), link.Engine.SubscriptionPathsUsed);

        // All gone, and the pool is whole.
        Assert.AreEqual("subscribed 60", SubscribeTo(link, link.Session, false, Paths(Limits.MaxPathsPerSubscription)));
        Assert.AreEqual(Limits.MaxPathsPerSubscription, link.Engine.SubscriptionPathsUsed);
        link.Turn(300);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void EndOfOneSubscription_LeavesThePathsOfTheOthers()
    {
        ImLink link = new ImLink();
        SecureSession other = link.Connect(1, 0xd0000001, 0xc0000002);
        Assert.AreEqual("subscribed 60", SubscribeTo(link, other, true, new long[] { 0, 100, 4, 0, 100, 4, 0, 100, 4, 0, 100, 4, 0, 100, 4 }));
        Assert.AreEqual("subscribed 60", SubscribeTo(link, link.Session, true, new long[] { 1, 6, 0 }));
        Assert.AreEqual("subscribed 60", SubscribeTo(link, link.Session, true, new long[] { 0, 100, 4 }));
        Assert.AreEqual("subscribed 60", SubscribeTo(link, other, false, new long[] { 0, 100, 0 }));
        Assert.AreEqual(3, link.Engine.SubscriptionPathsUsed);
        link.Turn(300);
        link.OnOff.Set(true);
        Assert.AreEqual("sub 1/6/0=09", link.Turn(0));
        link.Confirm(Status.Success);
        link.Test.Change(TestCluster.TimedNumber);
        Assert.AreEqual("sub 0/100/4=0405", link.Turn(0));
        link.Confirm(Status.Success);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void SubscriberOutOfReach_IsRememberedUntilItIsFound_2_11_2_2()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        link.Turn(2500);
        uint id = link.Engine.GetSubscription(0).Id;
        link.Controller.IsDeaf = true;
        link.OnOff.Set(true);
        for (int i = 0; i < 1000 && link.Engine.SubscriptionCount > 0; i++)
        {
            link.Turn(100);
        }

        int fabricIndex;
        ulong nodeId;
        Assert.AreEqual(0, link.Engine.SubscriptionCount);
        Assert.AreEqual(0, link.DeviceSession.NumberOfActiveSubscriptions);
        Assert.IsTrue(link.Engine.GetStoredSubscriber(0, out fabricIndex, out nodeId));
        MatterNano.Platform.NetworkAddress address = new MatterNano.Platform.NetworkAddress();
        Assert.IsTrue(link.Engine.GetStoredAddress(0, address));

        link.Controller.IsDeaf = false;
        Assert.AreEqual(1, link.Engine.ResumeSubscriptions(link.DeviceSession));
        Assert.AreEqual("sub 1/6/0=09", link.Turn(0));
        link.Confirm(Status.Success);
        Assert.AreEqual(id, link.Engine.GetSubscription(0).Id);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void AddressIsWrittenAgain_OnlyWhenItHasChanged()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        link.Turn(2500);
        int writes = link.Flash.ChangeCount;
        link.OnOff.Set(true);
        link.Turn(0);
        link.Confirm(Status.Success);
        link.Turn(2500);
        Assert.AreEqual(writes, link.Flash.ChangeCount);

        // The subscriber has another port from now on.
        link.Controller.Address.Port ^= 1;
        link.OnOff.Set(false);
        link.Turn(0);
        link.Confirm(Status.Success);
        link.Turn(2500);
        Assert.AreEqual(writes + 1, link.Flash.ChangeCount);
    }

    [TestMethod]
    public void ChangeOfSomethingElse_SendsNothing()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        Assert.AreEqual(0, link.Leftovers());
        link.Test.Change(TestCluster.Number);
        Assert.AreEqual(string.Empty, link.Turn(0));
        Assert.AreEqual(0, link.Device.Exchanges.OpenExchanges);
        Assert.AreEqual(1U, link.Engine.Counters[InteractionCounters.Reports]);
    }

    [TestMethod]
    public void OmittedChangesAndLostAccess_SendNothing()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, new long[] { 0, 100, Any }, null, false));
        link.Confirm(Status.Success);
        link.Test.Change(TestCluster.UpTime);
        Assert.AreEqual(string.Empty, link.Turn(0));
        link.DeniedCluster = 100;
        link.Test.Change(TestCluster.Number);
        Assert.AreEqual(string.Empty, link.Turn(0));
        link.DeniedCluster = InteractionModel.Wildcard;
        link.Test.Change(TestCluster.TimedNumber);
        Assert.AreEqual("sub 0/100/4=0405", link.Turn(0));
    }

    [TestMethod]
    public void ChangeWhileAReportIsUnderWay_GoesIntoTheNext_OneAtATime()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        link.OnOff.Set(true);
        Assert.AreEqual("sub 1/6/0=09", link.Turn(0));
        link.OnOff.Set(false);
        Assert.AreEqual(string.Empty, link.Turn(0));
        link.Controller.LastOpcode = 0;
        link.Confirm(Status.Success);
        Assert.AreEqual("sub 1/6/0=08", link.Turn(0));
        link.Confirm(Status.Success);
        Assert.AreEqual(string.Empty, link.Turn(0));
    }

    [TestMethod]
    public void LongReportOfASubscription_IsChunked()
    {
        ImLink link = new ImLink();
        link.Test.BlobCount = 7;
        link.Test.BlobSize = 300;
        Assert.AreEqual("sub 0/100/1=(911) more", link.Request(
            InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, new long[] { 0, 100, 1, 1, 6, 0 }, null, false)));
        Assert.AreEqual("sub 0/100/1+(303) 0/100/1+(303) 0/100/1+(303) more", link.Confirm(Status.Success));
        Assert.AreEqual("sub 0/100/1+(303) 1/6/0=08", link.Confirm(Status.Success));
        Assert.AreEqual("subscribed 60", link.Confirm(Status.Success));
        link.Test.Change(TestCluster.Blobs);
        Assert.AreEqual("sub 0/100/1=(911) more", link.Turn(0));
        Assert.AreEqual("sub 0/100/1+(303) 0/100/1+(303) 0/100/1+(303) more", link.Confirm(Status.Success));
        link.OnOff.Set(true);
        Assert.AreEqual("sub 0/100/1+(303) 1/6/0=09", link.Confirm(Status.Success));
        link.Confirm(Status.Success);

        // Changed after the report began: told once more rather than lost.
        Assert.AreEqual("sub 1/6/0=09", link.Turn(0));
    }

    [TestMethod]
    public void UnconfirmedReport_IsRepeatedWithTheValueOfThen()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        link.Turn(300);
        link.Controller.IsDeaf = true;
        link.OnOff.Set(true);
        link.Turn(0);
        for (int i = 0; i < 100 && link.Engine.Counters[InteractionCounters.ReportFailed] == 0; i++)
        {
            link.Turn(100);
        }

        Assert.AreEqual(1U, link.Engine.Counters[InteractionCounters.ReportFailed]);
        link.Controller.IsDeaf = false;
        Assert.AreEqual(string.Empty, link.Turn(900));
        Assert.AreEqual("sub 1/6/0=09", link.Turn(100));
        link.Confirm(Status.Success);
        Assert.AreEqual(1, link.Engine.SubscriptionCount);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void ThreeUnconfirmedReports_EndTheSubscription()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        link.Controller.IsDeaf = true;
        link.OnOff.Set(true);
        int turns = 0;
        while (link.Engine.SubscriptionCount > 0 && turns < 1000)
        {
            link.Turn(100);
            turns++;
        }

        Assert.AreEqual(3U, link.Engine.Counters[InteractionCounters.ReportFailed]);
        Assert.AreEqual(1U, link.Engine.Counters[InteractionCounters.SubscriptionLost]);
        Assert.AreEqual(0, link.DeviceSession.NumberOfActiveSubscriptions);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void SubscriberThatDoesNotKnowIt_EndsIt()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        link.OnOff.Set(true);
        link.Turn(0);
        link.Confirm(Status.InvalidSubscription);
        Assert.AreEqual(0, link.Engine.SubscriptionCount);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void FirstReportRefused_LeavesNoSubscription()
    {
        ImLink link = new ImLink();
        link.Request(InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, new long[] { 1, 6, 0 }, null, false));
        link.Confirm(Status.Failure);
        Assert.AreEqual(0, link.Engine.SubscriptionCount);
        link.Request(InteractionModel.SubscribeRequest, ImMessage.Subscribe(true, 0, 60, new long[] { 1, 6, 0 }, null, false));
        link.Turn(300);
        link.Turn(120000);
        Assert.AreEqual(0, link.Engine.SubscriptionCount);
        Assert.AreEqual(0, link.Leftovers());
    }

    [TestMethod]
    public void KeepSubscriptionsFalse_EndsThoseOfTheSamePeerOnly_8_5_3()
    {
        ImLink link = new ImLink();
        SecureSession other = link.Connect(1, 0xd0000001, 0xc0000002);
        Subscribe(link, link.Session, true, 0, 60);
        Subscribe(link, link.Session, true, 0, 60);
        Subscribe(link, other, true, 0, 60);
        Assert.AreEqual(3, link.Engine.SubscriptionCount);
        Subscribe(link, link.Session, false, 0, 60);
        Assert.AreEqual(2, link.Engine.SubscriptionCount);
        Subscribe(link, other, false, 0, 60);
        Assert.AreEqual(2, link.Engine.SubscriptionCount);
    }

    [TestMethod]
    public void FullTable_GivesEachFabricItsShare_2_11_2_2()
    {
        ImLink link = new ImLink();
        SecureSession second = link.Connect(2, 0xd0000002, 0xc0000002);
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            Assert.AreEqual("subscribed 60", Subscribe(link, link.Session, true, 0, 60));
        }

        Assert.AreEqual(Limits.Subscriptions, link.Engine.SubscriptionCount);

        // Fabric 2 takes three from fabric 1, a fourth replaces its own oldest.
        uint[] first = new uint[] { 0, 0 };
        for (int i = 0; i < 4; i++)
        {
            Assert.AreEqual("subscribed 60", Subscribe(link, second, true, 0, 60));
            link.Turn(300);
        }

        int ofSecond = 0;
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            if (link.Engine.GetSubscription(i).FabricIndex == 2)
            {
                first[ofSecond & 1] = link.Engine.GetSubscription(i).Id;
                ofSecond++;
            }
        }

        Assert.AreEqual(3, ofSecond);
        Assert.AreEqual(4U, link.Engine.Counters[InteractionCounters.SubscriptionEvicted]);
        Assert.AreEqual(Limits.Subscriptions, link.Engine.SubscriptionCount);

        // All get the change, at most four reports at once.
        link.OnOff.Set(true);
        link.Turn(0);
        Assert.AreEqual(Limits.ReportsInFlight, link.Engine.ReportsInFlight);
    }

    [TestMethod]
    public void OrderlyStop_ReportsEverythingAtOnce_AndFlashRemembers()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 30, 60);
        link.Turn(300);
        Assert.AreEqual(0, link.Flash.List().Length);
        link.Turn(2000);
        Assert.AreEqual(1, link.Flash.List().Length);
        link.OnOff.Set(true);
        Assert.AreEqual(string.Empty, link.Turn(0));
        link.Engine.ReportNow();
        Assert.AreEqual("sub 1/6/0=09", link.Turn(0));
        link.Confirm(Status.Success);
        link.OnOff.Set(false);
        link.DeviceSession.End(true);
        link.Settle();
        Assert.AreEqual("sub 1/6/0=08", link.Controller.Told);
        Assert.AreEqual(0, link.Engine.SubscriptionCount);

        // The next start finds it and goes on with a report of everything under the same id.
        MemoryFlash flash = link.Flash;
        link = null;
        ImLink again = new ImLink(flash);
        int fabricIndex;
        ulong nodeId;
        Assert.IsTrue(again.Engine.GetStoredSubscriber(0, out fabricIndex, out nodeId));
        Assert.AreEqual(1, fabricIndex);
        Assert.AreEqual(0xc0000001UL, nodeId);
        Assert.AreEqual(1, again.Engine.ResumeSubscriptions(again.DeviceSession));
        Assert.IsFalse(again.Engine.GetStoredSubscriber(0, out fabricIndex, out nodeId));
        Assert.AreEqual("sub 1/6/0=08", again.Turn(0));
        again.Confirm(Status.Success);
        Assert.AreEqual(string.Empty, again.Turn(1000));
        again.OnOff.Set(true);
        Assert.AreEqual(string.Empty, again.Turn(1000));
        Assert.AreEqual("sub 1/6/0=09", again.Turn(28000));
    }

    [TestMethod]
    public void RemovedFabric_LeavesNoSubscriptionAndNoRecord()
    {
        ImLink link = new ImLink();
        int records = link.Flash.List().Length;
        Subscribe(link, link.Session, true, 0, 60);
        link.Turn(2500);
        Assert.AreEqual(records + 1, link.Flash.List().Length);
        link.Engine.RemoveFabric(1);
        Assert.AreEqual(0, link.Engine.SubscriptionCount);
        Assert.AreEqual(records, link.Flash.List().Length);

        Subscribe(link, link.Session, true, 0, 60);
        link.Turn(2500);
        link.DeviceSession.End(false);
        MemoryFlash flash = link.Flash;
        link = null;
        ImLink again = new ImLink(flash);
        again.Engine.RemoveFabric(1);
        Assert.AreEqual(records, flash.List().Length);
    }

    [TestMethod]
    public void SubscriptionMovesToAnotherSessionOfItsPeer()
    {
        ImLink link = new ImLink();
        Subscribe(link, link.Session, true, 0, 60);
        SecureSession newer = link.Connect(1, 0xd0000001, 0xc0000001);
        SecureSession deviceNewer = link.Device.Sessions.GetSession(newer.PeerSessionId);
        link.Engine.GetSubscription(0).OnSessionChanged(deviceNewer);
        link.OnOff.Set(true);
        link.Turn(0);
        Assert.AreSame(newer, link.Controller.LastExchange.Session);
        link.Confirm(Status.Success);
        link.DeviceSession.RemoveSubscription(link.Engine.GetSubscription(0));
        link.DeviceSession.Destroy(false, false);
        Assert.AreEqual(1, link.Engine.SubscriptionCount);
    }

    [TestMethod]
    public void SessionThatIsDestroyed_TakesItsSubscriptionAlong()
    {
        ImLink link = new ImLink();
        int records = link.Flash.List().Length;
        Subscribe(link, link.Session, true, 0, 60);
        link.Turn(2500);
        link.DeviceSession.Destroy(false, false);
        Assert.AreEqual(0, link.Engine.SubscriptionCount);
        Assert.AreEqual(records, link.Flash.List().Length);
        link.OnOff.Set(true);
        Assert.AreEqual(string.Empty, link.Turn(0));
    }

    [TestMethod]
    public void EveryCutOfASubscribeRequest_IsInvalidAction()
    {
        ImLink link = new ImLink();
        byte[] whole = ImMessage.Subscribe(true, 1, 60, new long[] { 1, 6, 0 }, new long[] { 0, 100, 0 }, true);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = new byte[length];
            System.Array.Copy(whole, 0, cut, 0, length);
            Assert.AreEqual("status 128", link.Request(InteractionModel.SubscribeRequest, cut));
            link.Turn(201);
        }

        Assert.AreEqual(0, link.Engine.SubscriptionCount);
    }
}
