using MatterNano.Clusters;
using MatterNano.Interaction;
using MatterNano.Platform;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

[TestClass]
public class WifiCommissioningTests
{
    private const uint Id = NetworkCommissioningCluster.ClusterId;
    private const string Password = "x3132333435363738";

    [TestMethod]
    public void Elements_OfTheWiFiFeature()
    {
        ClusterRig rig = new ClusterRig(new FakeFlash(), new FakeWifi());
        Cluster cluster = rig.Find(0, Id);
        Assert.AreEqual(1U, cluster.FeatureMap);
        uint[] attributes = new uint[] { 0, 1, 4, 5, 6, 7, 2, 3, 8 };
        for (int i = 0; i < attributes.Length; i++)
        {
            Assert.AreEqual(attributes[i], Element.GetId(cluster.GetAttribute(i)));
        }

        Assert.AreEqual(Element.End, cluster.GetAttribute(9));
        int[] responses = new int[] { 1, 5, 5, 7, 5 };
        for (int i = 0; i < responses.Length; i++)
        {
            Assert.AreEqual((uint)(2 * i), Element.GetId(cluster.GetCommand(i)));
            Assert.AreEqual(responses[i], Element.GetResponse(cluster.GetCommand(i)));
        }

        Assert.AreEqual("[0]", rig.Read(0, Id, 8));
        Assert.AreEqual("10", rig.Read(0, Id, 2));
        Assert.AreEqual("20", rig.Read(0, Id, 3));
        Assert.AreEqual("4", rig.Read(0, Id, 0));
        Assert.AreEqual("[29,31,40,48,49,51,60,62,63,54]", rig.Read(0, 0x1d, 1));
        for (uint i = 0; i < 5; i++)
        {
            Assert.AreEqual("null", rig.Read(0, 0x36, i));
        }
    }

    [TestMethod]
    public void Scan_StrongestFirst_OneAtATime_AndFailures_11_9_7_1()
    {
        FakeWifi wifi = new FakeWifi();
        ClusterRig rig = new ClusterRig(new FakeFlash(), wifi);
        rig.UsePase();
        Assert.AreEqual(Status.Pending, rig.Invoke(0, Id, 0, "{0:null,1:9}"));
        TestInvoke scan = rig.Last;
        Assert.AreEqual(Status.Busy, rig.Invoke(0, Id, 0, "{}"));
        rig.Pass(100);
        Assert.AreEqual(TestInvoke.Waiting, scan.Completed);
        wifi.EndScan(WifiState.ScanDone);
        rig.Pass(0);
        Assert.AreEqual(Status.Success, scan.Completed);
        Assert.AreEqual(
            "{0:0,1:'',2:[{0:8,1:x62,2:x000000000001,3:2,4:0,5:i-30},{0:8,1:x61,2:x000000000000,3:1,4:0,5:i-60},{0:8,1:x63,2:x000000000002,3:3,4:0,5:i-62}]}",
            scan.Response);
        Assert.AreEqual("9", rig.Read(0, GeneralCommissioningCluster.ClusterId, 0));
        Assert.AreEqual(Status.Pending, rig.Invoke(0, Id, 0, "{0:x6162}"));
        rig.Pass(10000);
        Assert.AreEqual("{0:12,1:''}", rig.Last.Response, "no end: UnknownError");
        Assert.AreEqual("scan ;scan 6162;", wifi.Calls);
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Id, 0, "{0:x}"));
        wifi.Points = 100;
        rig.Invoke(0, Id, 0, "{}");
        wifi.EndScan(WifiState.ScanDone);
        rig.Pass(0);
        Assert.AreEqual(Status.Success, rig.Last.Completed);
        Assert.IsTrue(rig.Last.Response.StartsWith("{0:0,1:'',2:[{0:8,1:x62,"), "as many as fit");
    }

    [TestMethod]
    public void Networks_AddUpdateReorderRemove_UnderTheFailSafeOnly()
    {
        ClusterRig rig = new ClusterRig(new FakeFlash(), new FakeWifi());
        rig.UseCase(0, 0);
        Assert.AreEqual(Status.FailsafeRequired, rig.Invoke(0, Id, 2, "{0:x61,1:" + Password + "}"));
        Assert.AreEqual(Status.FailsafeRequired, rig.Invoke(0, Id, 4, "{0:x61}"));
        Assert.AreEqual(Status.FailsafeRequired, rig.Invoke(0, Id, 6, "{0:x61}"));
        Assert.AreEqual(Status.FailsafeRequired, rig.Invoke(0, Id, 8, "{0:x61,1:0}"));
        rig.UsePase();
        Assert.AreEqual("0 {0:0,1:'',2:0}", rig.Ask(Id, 2, "{0:x61,1:" + Password + ",2:5}"));
        Assert.AreEqual("5", rig.Read(0, GeneralCommissioningCluster.ClusterId, 0));
        Assert.AreEqual("0 {0:0,1:'',2:1}", rig.Ask(Id, 2, "{0:x62,1:x}"));
        Assert.AreEqual("0 {0:0,1:'',2:0}", rig.Ask(Id, 2, "{0:x61,1:" + Password + "}"), "update");
        Assert.AreEqual("0 {0:1,1:''}", rig.Ask(Id, 2, "{0:x63,1:x313233}"), "too short a passphrase");
        rig.Ask(Id, 2, "{0:x63,1:x}");
        rig.Ask(Id, 2, "{0:x64,1:x}");
        Assert.AreEqual("0 {0:2,1:''}", rig.Ask(Id, 2, "{0:x65,1:x}"), "full");
        Assert.AreEqual("0 {0:0,1:'',2:3}", rig.Ask(Id, 8, "{0:x61,1:3}"));
        Assert.AreEqual("0 {0:0,1:'',2:1}", rig.Ask(Id, 8, "{0:x64,1:1}"));
        Assert.AreEqual("[{0:x62,1:false},{0:x64,1:false},{0:x63,1:false},{0:x61,1:false}]", rig.Read(0, Id, 1));
        Assert.AreEqual("0 {0:1,1:''}", rig.Ask(Id, 8, "{0:x64,1:4}"));
        Assert.AreEqual("0 {0:3,1:''}", rig.Ask(Id, 8, "{0:x7a,1:0}"));
        Assert.AreEqual("0 {0:0,1:'',2:1}", rig.Ask(Id, 4, "{0:x64}"));
        Assert.AreEqual("0 {0:3,1:''}", rig.Ask(Id, 4, "{0:x64}"));
        Assert.AreEqual("[{0:x62,1:false},{0:x63,1:false},{0:x61,1:false}]", rig.Read(0, Id, 1));
        Assert.AreEqual("3", rig.Read(0, Id, 5), "a refusal is told too");
        Assert.AreEqual("x64", rig.Read(0, Id, 6));
        Assert.AreEqual("0 {0:3,1:'',2:null}", rig.Ask(Id, 6, "{0:x7a}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 2, "{0:x61}"));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Id, 4, "{0:x" + ClusterRig.Text(new byte[33]) + "}"));
    }

    [TestMethod]
    public void Connect_AnswersWhatHappened_11_9_7_9()
    {
        int[] reasons = new int[] { WifiState.ReasonNotFound, WifiState.ReasonAuthentication, WifiState.ReasonSecurity, WifiState.ReasonOther };
        string[] statuses = new string[] { "5", "7", "8", "9" };
        for (int i = 0; i < reasons.Length; i++)
        {
            FakeWifi wifi = new FakeWifi();
            ClusterRig rig = WithNetwork(wifi);
            Assert.AreEqual(Status.Pending, rig.Invoke(0, Id, 6, "{0:x61}"));
            wifi.Become(WifiState.Failed, reasons[i], -7);
            rig.Pass(10);
            Assert.AreEqual("{0:" + statuses[i] + ",1:'',2:i-7}", rig.Last.Response);
            Assert.AreEqual(statuses[i], rig.Read(0, Id, 5));
            Assert.AreEqual("i-7", rig.Read(0, Id, 7));
            Assert.AreEqual(Status.Pending, rig.Invoke(0, Id, 6, "{0:x61}"));
            wifi.Become(WifiState.Connected, 0, 0);
            rig.Pass(10);
            Assert.AreEqual("{0:0,1:'',2:null}", rig.Last.Response);
            Assert.AreEqual("[{0:x61,1:true}]", rig.Read(0, Id, 1));
            Assert.AreEqual("null", rig.Read(0, Id, 7));
            Assert.AreEqual("4", rig.Read(0, 0x36, 1));
            Assert.AreEqual("i-30", rig.Read(0, 0x36, 4));
        }
    }

    [TestMethod]
    public void Connect_ThatFailsWhenItsCommissionerIsGone_EndsTheFailSafe()
    {
        FakeWifi wifi = new FakeWifi();
        ClusterRig rig = WithNetwork(wifi);
        rig.Invoke(0, Id, 6, "{0:x61}");
        wifi.Become(WifiState.Failed, WifiState.ReasonAuthentication, -7);
        rig.Pass(10);
        Assert.IsTrue(rig.Root.FailSafe.IsArmed, "told, it may try another password");
        rig.Invoke(0, Id, 6, "{0:x61}");
        rig.Last.IsGone = true;
        wifi.Become(WifiState.Failed, WifiState.ReasonAuthentication, -7);
        rig.Pass(10);
        rig.Pass(0);
        Assert.IsFalse(rig.Root.FailSafe.IsArmed, "nobody could come back");
    }

    [TestMethod]
    public void Connect_WithoutAnswerOfTheRadio_FailsInTime()
    {
        FakeWifi wifi = new FakeWifi();
        ClusterRig rig = WithNetwork(wifi);
        rig.Invoke(0, Id, 6, "{0:x61}");
        Assert.AreEqual(Status.Busy, rig.Invoke(0, Id, 6, "{0:x61}"));
        rig.Pass(19999);
        Assert.AreEqual(TestInvoke.Waiting, rig.Last.Completed);
        TestInvoke none = rig.Last;
        rig.Pass(1);
        Assert.AreEqual("9", rig.Read(0, Id, 5));
        Assert.IsTrue(wifi.Calls.EndsWith("join 61/8;leave;"), wifi.Calls);
    }

    [TestMethod]
    public void NonConcurrent_SuccessLeavesFirst_ThenTheRadioJoins()
    {
        FakeWifi wifi = new FakeWifi();
        wifi.Concurrent = false;
        ClusterRig rig = WithNetwork(wifi);
        Assert.AreEqual("false", rig.Read(0, GeneralCommissioningCluster.ClusterId, 4));
        Assert.AreEqual("0 {0:0,1:'',2:null}", rig.Ask(Id, 6, "{0:x61}"));
        Assert.IsTrue(rig.Last.NotifyWhenSent);
        Assert.AreEqual("", wifi.Calls);
        rig.Find(0, Id).ResponseSent(6);
        Assert.AreEqual("join 61/8;", wifi.Calls);
    }

    [TestMethod]
    public void ProvisionalNetwork_IsNotTriedByItself_AndExpiryTakesItBack()
    {
        FakeWifi wifi = new FakeWifi();
        ClusterRig rig = WithNetwork(wifi);
        string before = new ClusterRig(new FakeFlash(), wifi).Snapshot();
        rig.Pass(1000);
        Assert.AreEqual("", wifi.Calls);
        rig.Invoke(0, Id, 6, "{0:x61}");
        wifi.Become(WifiState.Connected, 0, 0);
        rig.Pass(10);
        rig.Pass(60000);
        Assert.IsFalse(rig.Root.FailSafe.IsArmed);
        Assert.AreEqual("[]", rig.Read(0, Id, 1));
        Assert.AreEqual("join 61/8;leave;", wifi.Calls);
        Assert.AreEqual(before, rig.Snapshot());
    }

    [TestMethod]
    public void LostNetwork_IsJoinedAgainAtOnce_ThenEverySecond_AndEverMoreSlowlyWhenItRefuses()
    {
        FakeWifi wifi = new FakeWifi();
        FakeFlash flash = new FakeFlash();
        ClusterRig rig = new ClusterRig(flash, wifi);
        Assert.IsTrue(Join(rig, wifi));
        wifi.Calls = "";
        ClusterRig again = new ClusterRig(flash, wifi);
        wifi.Become(WifiState.Disconnected, 0, 0);
        again.Pass(0);
        Assert.AreEqual("join 61/8;", wifi.Calls, "at start");
        wifi.Become(WifiState.Connected, 0, 0);
        again.Pass(500);
        wifi.Become(WifiState.Disconnected, 0, 0);
        again.Pass(0);
        Assert.AreEqual("join 61/8;join 61/8;", wifi.Calls, "at once");
        wifi.Calls = "";
        int[] delays = new int[] { 1000, 1000, 1000, 2000, 4000, 8000, 15000, 15000, 1000, 15000 };
        for (int i = 0; i < delays.Length; i++)
        {
            wifi.Become(WifiState.Failed, i < 2 || i == 8 ? WifiState.ReasonNotFound : WifiState.ReasonAuthentication, 1);
            again.Pass(0);
            again.Pass(delays[i] - 1);
            Assert.AreEqual("leave;", wifi.Calls);
            again.Pass(1);
            Assert.AreEqual("leave;join 61/8;", wifi.Calls);
            wifi.Calls = "";
        }
    }

    [TestMethod]
    public void RetryThatFallsDueDuringAScan_NeverAsksToBeCalledInThePast()
    {
        FakeWifi wifi = new FakeWifi();
        ClusterRig rig = new ClusterRig(new FakeFlash(), wifi);
        Assert.IsTrue(Join(rig, wifi));
        wifi.Become(WifiState.Disconnected, 0, 0);
        rig.Pass(0);
        wifi.Become(WifiState.Failed, WifiState.ReasonNotFound, 1);
        rig.Pass(0);
        rig.UseCase(0, 0);
        Assert.AreEqual(Status.Pending, rig.Invoke(0, Id, 0, "{0:null}"));
        rig.Pass(2000);
        rig.Root.Node.RequestProcess();
        Assert.IsTrue(rig.Root.Node.Process(rig.Clock.Now) > rig.Clock.Now);
        wifi.Calls = "";
        wifi.EndScan(WifiState.ScanDone);
        rig.Pass(0);
        Assert.AreEqual("join 61/8;", wifi.Calls, "after the scan");
    }

    [TestMethod]
    public void PowerCutAtEachChange_FabricAndNetworkComeTogetherOrNotAtAll()
    {
        for (int leaves = 0; leaves < 3; leaves++)
        {
            int cut = 0;
            for (; cut < 60; cut++)
            {
                FakeWifi wifi = new FakeWifi();
                FakeFlash flash = new FakeFlash();
                ClusterRig rig = new ClusterRig(flash, wifi);
                string before = rig.Snapshot();
                flash.CutLeaves = leaves;
                flash.CutAt = flash.Changes + cut;
                try
                {
                    Join(rig, wifi);
                    cut = 100;
                }
                catch (PowerCutException)
                {
                }

                flash.CutAt = -1;
                rig = null;
                rig = new ClusterRig(flash, wifi);
                int networks = ((WifiCommissioningCluster)rig.Find(0, Id)).NetworkList.Count;
                Assert.AreEqual(rig.Services.Fabrics.Count, networks, "cut at " + cut + " leaving " + leaves);
                if (networks == 0)
                {
                    Assert.AreEqual(before, rig.Snapshot());
                }

                rig = null;

                Assert.IsNull(flash.Get("net.wifi.new"));
                Assert.IsNull(flash.Get("fab.1.p"));
            }

            Assert.AreEqual(101, cut, "every change was cut once");
        }
    }

    // A whole commissioning with a network. Throws when the power is cut.
    private static bool Join(ClusterRig rig, FakeWifi wifi)
    {
        TestAuthority authority = new TestAuthority(1, rig.Random);
        int index = rig.Commission(authority, 3);
        rig.Ask(Id, 2, "{0:x61,1:" + Password + "}");
        rig.Invoke(0, Id, 6, "{0:x61}");
        wifi.Become(WifiState.Connected, 0, 0);
        rig.Pass(10);
        rig.UseCase(index, ClusterRig.Admin);
        return rig.Ask(GeneralCommissioningCluster.ClusterId, 4, "{}") == "0 {0:0,1:''}";
    }

    private static ClusterRig WithNetwork(FakeWifi wifi)
    {
        ClusterRig rig = new ClusterRig(new FakeFlash(), wifi);
        rig.UsePase();
        rig.Ask(Id, 2, "{0:x61,1:" + Password + "}");
        return rig;
    }
}
