using MatterNano.Clusters;
using MatterNano.Interaction;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

[TestClass]
public class OnOffTests
{
    private const uint Id = OnOffCluster.ClusterId;
    private const uint OnTime = 0x4001;
    private const uint OffWaitTime = 0x4002;

    [TestMethod]
    public void OnOffToggle_ChangeReportAndTellOnce()
    {
        ClusterRig rig = new ClusterRig();
        int calls = 0;
        bool last = false;
        rig.Light.OnOff.Changed += (sender, on) =>
        {
            calls++;
            last = on;
        };
        uint version = rig.Light.OnOff.DataVersion;
        Assert.AreEqual(Status.Success, rig.Invoke(1, Id, 1, "{}"));
        Assert.IsTrue(last);
        Assert.AreEqual("true", rig.Read(1, Id, 0));
        Assert.AreEqual("1/6/0;", rig.Changes);
        Assert.AreEqual(version + 1, rig.Light.OnOff.DataVersion);
        rig.Invoke(1, Id, 1, "{}");
        Assert.AreEqual(1, calls, "on again is no change");
        Assert.AreEqual("1/6/0;", rig.Changes);
        rig.Invoke(1, Id, 2, "{}");
        Assert.IsFalse(last);
        rig.Light.OnOff.Toggle();
        Assert.IsTrue(rig.Light.OnOff.IsOn);
        rig.Invoke(1, Id, 0, "{}");
        Assert.AreEqual(4, calls);
        Assert.AreEqual("false", rig.Read(1, Id, 0));
    }

    [TestMethod]
    public void OnWithTimedOff_CountsDown_GoesOff_ThenWaits_1_5_7_6()
    {
        ClusterRig rig = new ClusterRig();
        Assert.AreEqual(Status.Success, rig.Invoke(1, Id, 0x42, "{0:0,1:30,2:20}"));
        Assert.IsTrue(rig.Light.OnOff.IsOn);
        rig.Pass(1000);
        Assert.AreEqual("20", rig.Read(1, Id, OnTime));
        Assert.AreEqual("20", rig.Read(1, Id, OffWaitTime));
        Assert.AreEqual(Status.Success, rig.Invoke(1, Id, 0x42, "{0:1,1:10,2:20}"));
        Assert.AreEqual("20", rig.Read(1, Id, OnTime), "the longer time wins");
        rig.Pass(1999);
        Assert.IsTrue(rig.Light.OnOff.IsOn);
        rig.Pass(1);
        Assert.IsFalse(rig.Light.OnOff.IsOn);
        Assert.AreEqual("0", rig.Read(1, Id, OnTime));
        Assert.AreEqual("0", rig.Read(1, Id, OffWaitTime));
    }

    [TestMethod]
    public void OffDuringOnTime_GuardsWithOffWaitTime()
    {
        ClusterRig rig = new ClusterRig();
        rig.Invoke(1, Id, 0x42, "{0:0,1:100,2:50}");
        rig.Pass(1000);
        rig.Invoke(1, Id, 0, "{}");
        Assert.AreEqual("0", rig.Read(1, Id, OnTime));
        rig.Pass(1000);
        Assert.AreEqual("40", rig.Read(1, Id, OffWaitTime));
        rig.Invoke(1, Id, 0x42, "{0:0,1:100,2:30}");
        Assert.IsFalse(rig.Light.OnOff.IsOn, "guarded");
        Assert.AreEqual("30", rig.Read(1, Id, OffWaitTime), "the shorter wait wins");
        rig.Pass(3000);
        Assert.AreEqual("0", rig.Read(1, Id, OffWaitTime));
        rig.Invoke(1, Id, 0x42, "{0:1,1:100,2:30}");
        Assert.IsFalse(rig.Light.OnOff.IsOn, "accept only when on");
        rig.Invoke(1, Id, 0x42, "{0:0,1:100,2:30}");
        Assert.IsTrue(rig.Light.OnOff.IsOn);
        rig.Invoke(1, Id, 0, "{}");
        rig.Invoke(1, Id, 1, "{}");
        Assert.AreEqual("0", rig.Read(1, Id, OffWaitTime), "On ends the wait");
        rig.Pass(100000);
        Assert.IsTrue(rig.Light.OnOff.IsOn);
    }

    [TestMethod]
    public void WrittenTimes_Run_AndForeverStandsStill()
    {
        ClusterRig rig = new ClusterRig();
        rig.Invoke(1, Id, 1, "{}");
        Assert.AreEqual(Status.Success, rig.Write(1, Id, OnTime, "5"));
        rig.Pass(500);
        Assert.IsFalse(rig.Light.OnOff.IsOn);
        rig.Invoke(1, Id, 1, "{}");
        Assert.AreEqual(Status.Success, rig.Write(1, Id, OnTime, "65535"));
        rig.Pass(100000);
        Assert.AreEqual("65535", rig.Read(1, Id, OnTime));
        Assert.IsTrue(rig.Light.OnOff.IsOn);
        Assert.AreEqual(Status.InvalidDataType, rig.Write(1, Id, OnTime, "65536"));
        Assert.AreEqual(Status.InvalidDataType, rig.Write(1, Id, OffWaitTime, "null"));
    }

    [TestMethod]
    public void OffWithEffect_AndRecall_MoveGlobalSceneControl()
    {
        ClusterRig rig = new ClusterRig();
        rig.Invoke(1, Id, 1, "{}");
        Assert.AreEqual("true", rig.Read(1, Id, 0x4000));
        Assert.AreEqual(Status.Success, rig.Invoke(1, Id, 0x40, "{0:0,1:0}"));
        Assert.AreEqual("false", rig.Read(1, Id, 0x4000));
        Assert.IsFalse(rig.Light.OnOff.IsOn);
        Assert.AreEqual(Status.Success, rig.Invoke(1, Id, 0x41, "{}"));
        Assert.IsTrue(rig.Light.OnOff.IsOn);
        Assert.AreEqual("true", rig.Read(1, Id, 0x4000));
        rig.Invoke(1, Id, 0, "{}");
        Assert.AreEqual(Status.Success, rig.Invoke(1, Id, 0x41, "{}"));
        Assert.IsFalse(rig.Light.OnOff.IsOn, "nothing to recall");
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(1, Id, 0x40, "{0:2,1:0}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(1, Id, 0x40, "{0:0}"));
    }

    [TestMethod]
    public void WrongFields_AreRefused()
    {
        ClusterRig rig = new ClusterRig();
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(1, Id, 0x42, "{0:2,1:1,2:1}"));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(1, Id, 0x42, "{0:0,1:65535,2:1}"));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(1, Id, 0x42, "{0:0,1:1,2:65535}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(1, Id, 0x42, "{0:0,1:1}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(1, Id, 0x42, "{0:0,1:true,2:1}"));
        Assert.AreEqual(Status.ConstraintError, rig.Write(1, Id, 0x4003, "3"));
        Assert.AreEqual(Status.InvalidDataType, rig.Write(1, Id, 0x4003, "true"));
        Assert.IsFalse(rig.Light.OnOff.IsOn);
    }

    [TestMethod]
    public void StateAndStartUpOnOff_SurviveARestart_1_5_6_6()
    {
        // StartUpOnOff, state before, state after; null keeps.
        string[] rows = new string[] { "null10", "null11", "00", "10", "01", "11", "20", "21" };
        bool[] after = new bool[] { false, true, false, true, false, true, true, false };
        for (int i = 0; i < rows.Length; i++)
        {
            ClusterRig rig = new ClusterRig();
            string row = rows[i];
            Assert.AreEqual(Status.Success, rig.Write(1, Id, 0x4003, row.StartsWith("null") ? "null" : row.Substring(0, 1)));
            if (row[row.Length - 1] == '1')
            {
                rig.Light.OnOff.SwitchOn();
            }

            rig.Pass(1000);
            string startUp = rig.Read(1, Id, 0x4003);
            rig = ClusterRig.Restart(ref rig);
            Assert.AreEqual(after[i], rig.Light.OnOff.IsOn, row);
            Assert.AreEqual(startUp, rig.Read(1, Id, 0x4003));
            rig = null;
        }
    }

    [TestMethod]
    public void Switch_IsInFlashSoon_AndBlinkingDoesNotWearIt()
    {
        ClusterRig rig = new ClusterRig();
        int changes = rig.Flash.Changes;
        rig.Light.OnOff.Toggle();
        rig.Pass(99);
        Assert.AreEqual(changes, rig.Flash.Changes, "the answer leaves first");
        rig.Pass(1);
        Assert.AreEqual(changes + 1, rig.Flash.Changes);
        Assert.IsTrue(new ClusterRig(rig.Flash).Light.OnOff.IsOn);
        changes = rig.Flash.Changes;
        for (int i = 0; i < 99; i++)
        {
            rig.Light.OnOff.Toggle();
            rig.Pass(100);
        }

        Assert.AreEqual(changes + 4, rig.Flash.Changes, "once in two seconds");
        rig.Pass(2000);
        Assert.AreEqual(changes + 5, rig.Flash.Changes);
        Assert.IsFalse(new ClusterRig(rig.Flash).Light.OnOff.IsOn);
        rig.Light.OnOff.Toggle();
        rig.Light.OnOff.Toggle();
        rig.Light.OnOff.Toggle();
        rig.Root.ShutDown();
        Assert.IsTrue(new ClusterRig(rig.Flash).Light.OnOff.IsOn, "an orderly stop writes at once");
        rig.Light.OnOff.Toggle();
        rig.Light.OnOff.Toggle();
        rig.Flash.Refuses = true;
        rig.Pass(2000);
        rig.Flash.Refuses = false;
        rig.Pass(60000);
        Assert.IsTrue(new ClusterRig(rig.Flash).Light.OnOff.IsOn, "a refused write is tried again");
    }
}
