using MatterNano;
using MatterNano.Clusters;
using MatterNano.Interaction;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

[TestClass]
public class AccessControlTests
{
    private const uint Id = AccessControlCluster.ClusterId;
    private const string Administrator = "{1:5,2:2,3:[1234605616436508552],4:null,254:1}";

    [TestMethod]
    public void Privileges_EachGrantsItselfAndWhatIsBelow_6_6_2()
    {
        // Row: granted; column: needed; View, ProxyView, Operate, Manage, Administer.
        string[] grants = new string[] { "10000", "11000", "10100", "10110", "11111" };
        for (int granted = 1; granted <= 5; granted++)
        {
            for (int needed = 1; needed <= 5; needed++)
            {
                Assert.AreEqual(grants[granted - 1][needed - 1] == '1', AccessControlEntry.Grants(granted, needed), granted + " for " + needed);
            }
        }
    }

    [TestMethod]
    public void Pase_AdministersImplicitly_OthersNeedAnEntry()
    {
        ClusterRig rig = Commissioned();
        Assert.IsTrue(IsGranted(rig, AuthMode.Pase, 0, 0, 0, 5, 0, 0x1f));
        Assert.IsTrue(IsGranted(rig, AuthMode.Case, 1, ClusterRig.Admin, 0, 5, 0, 0x1f));
        Assert.IsFalse(IsGranted(rig, AuthMode.Case, 1, ClusterRig.Admin + 1, 0, 1, 0, 0x1f));
        Assert.IsFalse(IsGranted(rig, AuthMode.Case, 2, ClusterRig.Admin, 0, 1, 0, 0x1f), "another fabric");
        Assert.IsFalse(IsGranted(rig, AuthMode.Case, 0, ClusterRig.Admin, 0, 1, 0, 0x1f), "no fabric");
        Assert.IsFalse(IsGranted(rig, AuthMode.Group, 1, 0xffffffffffff0007, 0, 1, 1, 6));
        Assert.IsFalse(IsGranted(rig, AuthMode.None, 1, ClusterRig.Admin, 0, 1, 0, 0x1f));
    }

    [TestMethod]
    public void Tag_MatchesItsIdentifierAndThisVersionOrALater_6_6_2_1_2()
    {
        ClusterRig rig = Commissioned();

        // 0xFFFFFFFD_ABCD0002
        Assert.AreEqual(Status.Success, rig.Write(0, Id, 0, "[" + Administrator + ",{1:3,2:2,3:[18446744063706988546],4:null}]"));
        Assert.IsFalse(IsGranted(rig, AuthMode.Case, 1, 5, 0xabcd0001, 3, 1, 6));
        Assert.IsTrue(IsGranted(rig, AuthMode.Case, 1, 5, 0xabcd0002, 3, 1, 6));
        Assert.IsTrue(IsGranted(rig, AuthMode.Case, 1, 5, 0xabcd0003, 3, 1, 6));
        Assert.IsFalse(IsGranted(rig, AuthMode.Case, 1, 5, 0xabce0003, 3, 1, 6));
        Assert.IsFalse(IsGranted(rig, AuthMode.Case, 1, 5, 0xabcd0003, 4, 1, 6));
    }

    [TestMethod]
    public void Targets_ByClusterEndpointAndDeviceType()
    {
        ClusterRig rig = Commissioned();
        string entry = "{1:3,2:2,3:null,4:[{0:6,1:null,2:null},{0:null,1:0,2:null},{0:3,1:null,2:256}]}";
        Assert.AreEqual(Status.Success, rig.Write(0, Id, 0, "[" + Administrator + "," + entry + "]"));
        Assert.IsTrue(IsGranted(rig, AuthMode.Case, 1, 5, 0, 3, 1, 6), "cluster");
        Assert.IsTrue(IsGranted(rig, AuthMode.Case, 1, 5, 0, 3, 0, 0x28), "endpoint");
        Assert.IsTrue(IsGranted(rig, AuthMode.Case, 1, 5, 0, 3, 1, 3), "cluster of a device type");
        Assert.IsFalse(IsGranted(rig, AuthMode.Case, 1, 5, 0, 3, 1, 4));
    }

    [TestMethod]
    public void Groups_AreMatchedByGroupId_AndNeverAdminister()
    {
        ClusterRig rig = Commissioned();
        Assert.AreEqual(Status.Success, rig.Write(0, Id, 0, "[" + Administrator + ",{1:3,2:3,3:[7],4:null}]"));
        Assert.IsTrue(IsGranted(rig, AuthMode.Group, 1, 0xffffffffffff0007, 0, 3, 1, 6));
        Assert.IsFalse(IsGranted(rig, AuthMode.Group, 1, 0xffffffffffff0008, 0, 3, 1, 6));
        Assert.IsFalse(IsGranted(rig, AuthMode.Case, 1, 7, 0, 3, 1, 6));
        Assert.AreEqual(Status.ConstraintError, rig.Write(0, Id, 0, "[{1:5,2:3,3:[7],4:null}]"));
    }

    [TestMethod]
    public void WrongEntries_AreRefused_AndTheOldListStays_9_10_5_6()
    {
        string[] entries = new string[]
        {
            "{1:0,2:2,3:null,4:null}", "{1:6,2:2,3:null,4:null}", "{2:2,3:null,4:null}",
            "{1:5,2:1,3:null,4:null}", "{1:5,2:0,3:null,4:null}", "{1:5,2:4,3:null,4:null}", "{1:5,3:null,4:null}",
            "{1:5,2:2,3:[0],4:null}", "{1:5,2:2,3:[18446744063706988544],4:null}", "{1:5,2:2,3:[18446744073709551615],4:null}",
            "{1:3,2:3,3:[0],4:null}", "{1:3,2:3,3:[65536],4:null}",
            "{1:3,2:2,3:null,4:[{0:null,1:null,2:null}]}", "{1:3,2:2,3:null,4:[{0:null,1:1,2:256}]}",
            "{1:3,2:2,3:null,4:[{0:32768,1:null,2:null}]}", "{1:3,2:2,3:null,4:[{0:null,1:65535,2:null}]}",
            "{1:3,2:2,3:null,4:[{0:null,1:null,2:49152}]}",
        };
        ClusterRig rig = Commissioned();
        for (int i = 0; i < entries.Length; i++)
        {
            Assert.AreEqual(Status.ConstraintError, rig.Write(0, Id, 0, "[" + Administrator + "," + entries[i] + "]"), entries[i]);
        }

        Assert.AreEqual(Status.InvalidDataType, rig.Write(0, Id, 0, "[5]"));
        Assert.AreEqual(Status.InvalidDataType, rig.Write(0, Id, 0, "[{1:true,2:2}]"));
        Assert.AreEqual(Status.InvalidDataType, rig.Write(0, Id, 0, "[{1:5,2:2,3:5}]"));
        Assert.AreEqual("[" + Administrator + "]", rig.Read(0, Id, 0));
    }

    [TestMethod]
    public void ListsAreOneShortFullAndOneOver_9_10_6()
    {
        ClusterRig rig = Commissioned();
        string view = "{1:1,2:2,3:null,4:null}";
        string subjects = "{1:1,2:2,3:[1,2,3,4],4:[{0:6},{0:3},{0:4}]}";
        Assert.AreEqual(Status.Success, rig.Write(0, Id, 0, "[" + Administrator + "," + view + "," + subjects + "]"));
        Assert.AreEqual(Status.Success, rig.Write(0, Id, 0, "[" + Administrator + "," + view + "," + view + "," + subjects + "]"));
        Assert.AreEqual(4, rig.Root.Access.Count(1));
        Assert.AreEqual(Status.ResourceExhausted, rig.Write(0, Id, 0, "[" + Administrator + "," + view + "," + view + "," + view + "," + view + "]"));
        Assert.AreEqual(Status.ResourceExhausted, rig.Write(0, Id, 0, "[{1:1,2:2,3:[1,2,3,4,5],4:null}]"));
        Assert.AreEqual(Status.ResourceExhausted, rig.Write(0, Id, 0, "[{1:1,2:2,3:null,4:[{0:6},{0:6},{0:6},{0:6}]}]"));
        Assert.AreEqual(4, rig.Root.Access.Count(1));
        ClusterRig again = new ClusterRig(rig.Flash);
        again.UseCase(1, ClusterRig.Admin);
        Assert.AreEqual(rig.Read(0, Id, 0), again.Read(0, Id, 0));
    }

    [TestMethod]
    public void OneEventAnEntryThatChanges_9_10_9_1()
    {
        ClusterRig rig = Commissioned();
        Assert.AreEqual("{1:null,2:0,3:1,4:" + Administrator + ",254:1}", Event(rig, 0), "AddNOC over PASE");
        rig.Changes = "";
        uint version = rig.Find(0, Id).DataVersion;
        string view = "{1:1,2:2,3:null,4:null,254:1}";
        Assert.AreEqual(Status.Success, rig.Write(0, Id, 0, "[" + Administrator + "," + view + "]"));
        string head = "{1:1234605616436508552,2:null,3:";
        Assert.AreEqual(head + "1,4:" + view + ",254:1}", Event(rig, 1));
        Assert.AreEqual("0/31/0;", rig.Changes);
        Assert.AreEqual(version + 1, rig.Find(0, Id).DataVersion);
        Assert.AreEqual(Status.Success, rig.Write(0, Id, 0, "[" + Administrator + "," + view + "]"));
        Assert.AreEqual("none", Event(rig, 2), "the same list is no change");
        Assert.AreEqual(version + 1, rig.Find(0, Id).DataVersion);
        string manage = "{1:4,2:2,3:null,4:null,254:1}";
        Assert.AreEqual(Status.Success, rig.Write(0, Id, 0, "[" + manage + "]"));
        Assert.AreEqual(head + "0,4:" + manage + ",254:1}", Event(rig, 2));
        Assert.AreEqual(head + "2,4:" + view + ",254:1}", Event(rig, 3));
        Assert.AreEqual("none", Event(rig, 4));
    }

    [TestMethod]
    public void AnotherFabric_SeesNothingSensitive()
    {
        ClusterRig rig = Commissioned();
        rig.Commission(new TestAuthority(2, rig.Random), 4);
        Assert.AreEqual("[{254:1},{1:5,2:2,3:[1234605616436508552],4:null,254:2}]", rig.Read(0, Id, 0));
    }

    [TestMethod]
    public void PowerCutAtAWrite_OldOrNew_AndADamagedRecordIsDropped()
    {
        for (int leaves = 0; leaves < 3; leaves++)
        {
            ClusterRig rig = Commissioned();
            rig.Flash.CutLeaves = leaves;
            rig.Flash.CutAt = rig.Flash.Changes;
            try
            {
                rig.Write(0, Id, 0, "[" + Administrator + ",{1:1,2:2,3:null,4:null}]");
                Assert.IsTrue(false, "no cut");
            }
            catch (PowerCutException)
            {
            }

            rig.Flash.CutAt = -1;
            rig = ClusterRig.Restart(ref rig);
            Assert.AreEqual(leaves == FakeFlash.CutLeavesOld ? 1 : leaves == FakeFlash.CutLeavesNew ? 2 : 0, rig.Root.Access.Count(1));
            rig = null;
        }

        FakeFlash damaged = Commissioned().Flash;
        byte[] record = damaged.Get("acl.1");
        for (int i = 0; i < 4; i++)
        {
            record[i] ^= 0x40;
            Assert.AreEqual(0, new ClusterRig(damaged).Root.Access.Count(1), "byte " + i);
            record[i] ^= 0x40;
        }

        Assert.AreEqual(1, new ClusterRig(damaged).Root.Access.Count(1));
    }

    [TestMethod]
    public void RefusedWrite_LeavesTheListAsItWas()
    {
        ClusterRig rig = Commissioned();
        rig.Flash.Refuses = true;
        Assert.AreEqual(Status.Failure, rig.Write(0, Id, 0, "[]"));
        Assert.AreEqual(1, rig.Root.Access.Count(1));
    }

    private static ClusterRig Commissioned()
    {
        ClusterRig rig = new ClusterRig();
        rig.Commission(new TestAuthority(1, rig.Random), 4);
        return rig;
    }

    private static bool IsGranted(ClusterRig rig, int mode, int fabric, ulong node, uint tag, int privilege, int endpoint, uint cluster)
    {
        AccessSubject subject = new AccessSubject();
        subject.AuthMode = mode;
        subject.FabricIndex = fabric;
        subject.NodeId = node;
        subject.Tag1 = tag;
        return rig.Root.Access.IsGranted(subject, privilege, rig.Root.Node.FindEndpoint(endpoint), cluster);
    }

    // Data of the n-th event of the cluster.
    private static string Event(ClusterRig rig, int index)
    {
        return rig.Event(Id, index);
    }
}
