using MatterNano.Clusters;
using MatterNano.Interaction;
using MatterNano.Platform;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

[TestClass]
public class EndpointClusterTests
{
    private const uint Keys = GroupKeyManagementCluster.ClusterId;
    private const uint Groups = GroupsCluster.ClusterId;
    private const string Key = "x000102030405060708090a0b0c0d0e0f";

    [TestMethod]
    public void Identify_CountsDown_TellsBeginAndEnd_ReportsBothOnly()
    {
        ClusterRig rig = new ClusterRig();
        string seen = "";
        rig.Light.Identify.Changed += (sender, identifying) => seen += identifying ? "begin " : "end ";
        Assert.AreEqual(Status.Success, rig.Invoke(1, 3, 0, "{0:10}"));
        rig.Pass(3500);
        Assert.AreEqual("7", rig.Read(1, 3, 0));
        Assert.AreEqual("1/3/0;", rig.Changes);
        rig.Pass(6500);
        Assert.AreEqual("0", rig.Read(1, 3, 0));
        Assert.AreEqual("begin end ", seen);
        Assert.AreEqual("1/3/0;1/3/0;", rig.Changes);
        Assert.AreEqual(Status.Success, rig.Write(1, 3, 0, "5"));
        Assert.IsTrue(rig.Light.Identify.IsIdentifying);
        Assert.AreEqual(Status.Success, rig.Invoke(1, 3, 0, "{0:0}"));
        Assert.IsFalse(rig.Light.Identify.IsIdentifying);
        Assert.AreEqual("1", rig.Read(1, 3, 1));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(1, 3, 0, "{}"));
        Assert.AreEqual(Status.InvalidDataType, rig.Write(1, 3, 0, "65536"));
    }

    [TestMethod]
    public void TriggerEffect_KnownOnes_1_2_6_3()
    {
        ClusterRig rig = new ClusterRig();
        int effect = -1;
        rig.Light.Identify.EffectTriggered += (sender, which, variant) => effect = which;
        int[] known = new int[] { 0, 1, 2, 0x0b, 0xfe, 0xff };
        for (int i = 0; i < known.Length; i++)
        {
            Assert.AreEqual(Status.Success, rig.Invoke(1, 3, 0x40, "{0:" + known[i] + ",1:0}"));
            Assert.AreEqual(known[i], effect);
        }

        Assert.AreEqual(Status.ConstraintError, rig.Invoke(1, 3, 0x40, "{0:3,1:0}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(1, 3, 0x40, "{0:0}"));
        Assert.AreEqual(255, effect);
    }

    [TestMethod]
    public void KeySets_WriteReadListRemove_11_2_7()
    {
        ClusterRig rig = Commissioned();
        string nulls = "4:null,5:null,6:null,7:null}}";
        Assert.AreEqual(Status.Success, rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:" + Key + ",3:1," + nulls));
        Assert.AreEqual(Status.Success, rig.Invoke(0, Keys, 0, "{0:{0:2,1:0,2:" + Key + ",3:1,4:" + Key + ",5:2,6:" + Key + ",7:3}}"));
        Assert.AreEqual(Status.ResourceExhausted, rig.Invoke(0, Keys, 0, "{0:{0:3,1:0,2:" + Key + ",3:1," + nulls));
        Assert.AreEqual("0 {0:[0,1,2]}", rig.Ask(Keys, 4, "{}"));
        Assert.AreEqual("0 {0:{0:2,1:0,2:null,3:1,4:null,5:2,6:null,7:3}}", rig.Ask(Keys, 1, "{0:2}"), "keys are never shown");
        Assert.AreEqual("0 {0:{0:0,1:0,2:null,3:0,4:null,5:null,6:null,7:null}}", rig.Ask(Keys, 1, "{0:0}"));
        Assert.AreEqual(Status.NotFound, rig.Invoke(0, Keys, 1, "{0:9}"));
        Assert.AreEqual(Status.Success, rig.Write(0, Keys, 0, "[{1:5,2:1},{1:6,2:2}]"));
        ClusterRig again = new ClusterRig(rig.Flash);
        again.UseCase(1, ClusterRig.Admin);
        Assert.AreEqual("[{1:5,2:1,254:1},{1:6,2:2,254:1}]", again.Read(0, Keys, 0));
        Assert.AreEqual("0 {0:[0,1,2]}", again.Ask(Keys, 4, "{}"));
        Assert.AreEqual(Status.Success, again.Invoke(0, Keys, 3, "{0:1}"));
        Assert.AreEqual("[{1:6,2:2,254:1}]", again.Read(0, Keys, 0), "a removed set leaves the map");
        Assert.AreEqual(Status.NotFound, again.Invoke(0, Keys, 3, "{0:1}"));
        Assert.AreEqual(Status.InvalidCommand, again.Invoke(0, Keys, 3, "{0:0}"), "never the identity protection keys");
    }

    [TestMethod]
    public void WrongKeySets_AreRefused()
    {
        ClusterRig rig = Commissioned();
        string end = ",4:null,5:null,6:null,7:null}}";
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:null,3:1" + end));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:" + Key + ",3:0" + end));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Keys, 0, "{0:{0:1,1:1,2:" + Key + ",3:1" + end), "CacheAndSync");
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Keys, 0, "{0:{0:1,1:2,2:" + Key + ",3:1" + end));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:x00,3:1" + end));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:" + Key + ",3:5,4:" + Key + ",5:5,6:null,7:null}}"), "not later");
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:" + Key + ",3:1,4:null,5:null,6:" + Key + ",7:3}}"), "gap");
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Keys, 0, "{}"));
        Assert.AreEqual("0 {0:[0]}", rig.Ask(Keys, 4, "{}"));
        Assert.AreEqual(Status.ConstraintError, rig.Write(0, Keys, 0, "[{1:5,2:0}]"), "identity protection set");
        Assert.AreEqual(Status.ConstraintError, rig.Write(0, Keys, 0, "[{1:0,2:1}]"));
        Assert.AreEqual(Status.ConstraintError, rig.Write(0, Keys, 0, "[{1:5,2:1},{1:5,2:2}]"));
        Assert.AreEqual(Status.ResourceExhausted, rig.Write(0, Keys, 0, "[{1:1,2:1},{1:2,2:1},{1:3,2:1},{1:4,2:1},{1:5,2:1}]"));
        Assert.AreEqual("[]", rig.Read(0, Keys, 0));
    }

    [TestMethod]
    public void GroupKey_IsFoundBySessionId_WithItsFabricAndMap_4_17_2()
    {
        ClusterRig rig = Commissioned();
        rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:" + Key + ",3:1,4:null,5:null,6:null,7:null}}");
        rig.Write(0, Keys, 0, "[{1:5,2:1}]");
        byte[] epoch = Hex.Bytes(Key.Substring(1));
        byte[] compressed = new byte[8];
        rig.Services.Fabrics.GetCompressedFabricId(1, compressed, 0);
        byte[] expected = new byte[16];
        byte[] found = new byte[16];
        MatterNano.Credentials.GroupKeyDerivation derivation = new MatterNano.Credentials.GroupKeyDerivation(rig.Services.Crypto);
        derivation.DeriveOperationalKey(epoch, 0, compressed, 0, expected, 0);
        int session = derivation.DeriveSessionId(expected, 0);
        GroupKeyStore store = rig.Root.GroupKeys;
        int key = store.FindNext(-1, session);
        Assert.IsTrue(key >= 0);
        Assert.AreEqual(-1, store.FindNext(key, session));
        Assert.AreEqual(-1, store.FindNext(-1, session ^ 1));
        Assert.AreEqual(1, store.GetFabricIndex(key));
        Assert.IsTrue(store.IsGroupMapped(key, 5));
        Assert.IsFalse(store.IsGroupMapped(key, 6));
        store.GetOperationalKey(key, found, 0);
        Assert.AreEqual(ClusterRig.Text(expected), ClusterRig.Text(found));
        derivation.DerivePrivacyKey(expected, 0, expected, 0);
        store.GetPrivacyKey(key, found, 0);
        Assert.AreEqual(ClusterRig.Text(expected), ClusterRig.Text(found));
    }

    [TestMethod]
    public void IdentityProtectionKeys_MayBeRenewed_AndSurvive()
    {
        ClusterRig rig = Commissioned();
        Assert.AreEqual(Status.Success, rig.Invoke(0, Keys, 0, "{0:{0:0,1:0,2:" + Key + ",3:5,4:" + Key + ",5:6,6:null,7:null}}"));
        Assert.AreEqual(2, rig.Services.Fabrics.Find(1).IdentityProtectionKeyCount);
        ClusterRig again = new ClusterRig(rig.Flash);
        again.UseCase(1, ClusterRig.Admin);
        Assert.AreEqual("0 {0:{0:0,1:0,2:null,3:5,4:null,5:6,6:null,7:null}}", again.Ask(Keys, 1, "{0:0}"));
        Assert.AreEqual(2, again.Services.Fabrics.Find(1).IdentityProtectionKeyCount);
    }

    [TestMethod]
    public void Groups_AddViewListRemove_AndSurvive_1_3_7()
    {
        ClusterRig rig = Commissioned();
        Assert.AreEqual("0 {0:126,1:5}", AskLight(rig, 0, "{0:5,1:'a'}"), "no key: UnsupportedAccess");
        rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:" + Key + ",3:1,4:null,5:null,6:null,7:null}}");
        rig.Write(0, Keys, 0, "[{1:5,2:1},{1:6,2:1},{1:7,2:1},{1:8,2:1}]");
        Assert.AreEqual("0 {0:135,1:0}", AskLight(rig, 0, "{0:0,1:'a'}"));
        Assert.AreEqual("0 {0:135,1:5}", AskLight(rig, 0, "{0:5,1:'12345678901234567'}"));
        Assert.AreEqual("0 {0:0,1:5}", AskLight(rig, 0, "{0:5,1:'1234567890123456'}"));
        Assert.AreEqual("0 {0:0,1:5}", AskLight(rig, 0, "{0:5,1:'kitchen'}"), "again: the new name");
        Assert.AreEqual("0 {0:0,1:6}", AskLight(rig, 0, "{0:6,1:''}"));
        ClusterRig again = new ClusterRig(rig.Flash);
        again.UseCase(1, ClusterRig.Admin);
        Assert.AreEqual("0 {0:0,1:5,2:'kitchen'}", AskLight(again, 1, "{0:5}"));
        Assert.AreEqual("0 {0:139,1:7,2:''}", AskLight(again, 1, "{0:7}"));
        Assert.AreEqual("0 {0:2,1:[5,6]}", AskLight(again, 2, "{0:[]}"));
        Assert.AreEqual("0 {0:2,1:[6]}", AskLight(again, 2, "{0:[7,6]}"));
        Assert.AreEqual("[{1:5,2:[1],3:'kitchen',254:1},{1:6,2:[1],3:'',254:1}]", again.Read(0, Keys, 1));
        Assert.IsTrue(again.Root.Groups.IsMember(1, 5, 1));
        Assert.IsFalse(again.Root.Groups.IsMember(1, 5, 0));
        Assert.IsFalse(again.Root.Groups.IsMember(2, 5, 1));
        again.Changes = "";
        Assert.AreEqual("0 {0:0,1:5}", AskLight(again, 3, "{0:5}"));
        Assert.AreEqual("0/63/1;", again.Changes);
        Assert.AreEqual("0 {0:139,1:5}", AskLight(again, 3, "{0:5}"));
        Assert.AreEqual("0 {0:135,1:0}", AskLight(again, 3, "{0:0}"));
        Assert.AreEqual("0 none", AskLight(again, 4, "{}"));
        Assert.AreEqual("[]", again.Read(0, Keys, 1));
        Assert.AreEqual(Status.InvalidCommand, again.Invoke(1, Groups, 0, "{0:5}"));
        Assert.AreEqual(Status.InvalidCommand, again.Invoke(1, Groups, 2, "{}"));
    }

    [TestMethod]
    public void Groups_AreJoinedAsMulticast_AndLeft_2_5_6_2()
    {
        ClusterRig rig = Commissioned();
        NFUnitTest.Fakes.FakeUdp udp = new NFUnitTest.Fakes.FakeUdp();
        MatterNano.Devices.GroupMulticast multicast = new MatterNano.Devices.GroupMulticast(rig.Services.Fabrics, rig.Root.Groups, udp, new NetworkAddress());
        multicast.Start(udp);
        Assert.AreEqual("", udp.Groups);
        rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:" + Key + ",3:1,4:null,5:null,6:null,7:null}}");
        rig.Write(0, Keys, 0, "[{1:258,2:1},{1:6,2:1}]");
        AskLight(rig, 0, "{0:258,1:'a'}");
        AskLight(rig, 0, "{0:6,1:'b'}");
        multicast.Poll();
        multicast.Poll();
        string kitchen = "ff350040fd2906c908d115d362000102;";
        string hall = "ff350040fd2906c908d115d362000006;";
        Assert.AreEqual(kitchen + hall, udp.Groups);
        udp.ChangeCount++;
        multicast.Poll();
        Assert.AreEqual(kitchen + hall + kitchen + hall, udp.Groups, "again on a new address");
        udp.Groups = "";
        AskLight(rig, 3, "{0:258}");
        multicast.Poll();
        Assert.AreEqual("-" + kitchen, udp.Groups);
        ClusterRig again = new ClusterRig(rig.Flash);
        udp.Groups = "";
        multicast = new MatterNano.Devices.GroupMulticast(again.Services.Fabrics, again.Root.Groups, udp, new NetworkAddress());
        multicast.Start(udp);
        Assert.AreEqual(hall, udp.Groups, "flash remembers it");
        again.Changes = "";
        again.Services.Fabrics.Remove(1);
        multicast.Poll();
        Assert.AreEqual(hall + "-" + hall, udp.Groups);
        Assert.AreEqual(0, multicast.Count);
        Assert.IsTrue(again.Changes.IndexOf("0/63/0;") >= 0, "GroupKeyMap went with the fabric");
    }

    [TestMethod]
    public void GroupKeyMap_HoldsAsManyGroupsAsTheTable_AndIsNotMixedWithAKeySet()
    {
        ClusterRig rig = Commissioned();
        GroupKeyStore store = new GroupKeyStore(rig.Flash, rig.Services.Fabrics, 8);
        byte[] set = new byte[GroupKeyStore.SetDataSize];
        set[GroupKeyStore.StartTimesOffset] = 1;
        Assert.AreEqual(Status.Success, store.WriteSet(1, 1, set, 0, 1));
        Assert.AreEqual(Status.Success, store.BeginMap(1));
        for (int group = 1; group <= 8; group++)
        {
            Assert.AreEqual(Status.Success, store.StageMapEntry(1, group, 1));
        }

        bool changed;
        Assert.AreEqual(Status.ResourceExhausted, store.StageMapEntry(1, 9, 1));
        Assert.AreEqual(Status.Success, store.CommitMap(1, out changed));
        Assert.AreEqual(8, store.MapTotal);
        Assert.AreEqual(Status.Success, store.BeginMap(1));
        Assert.AreEqual(Status.Success, store.StageMapEntry(1, 20, 1));
        Assert.AreEqual(Status.Success, store.WriteSet(1, 2, set, 0, 1), "between two messages of the write");
        Assert.AreEqual(Status.Busy, store.StageMapEntry(1, 21, 1));
        Assert.AreEqual(Status.Busy, store.CommitMap(1, out changed));
        Assert.AreEqual(8, store.MapTotal);
        Assert.AreEqual(2, store.GetSetId(1, 2), "no key set is lost");
    }

    [TestMethod]
    public void AccessControlList_IsNotMixedWithANewFabrics()
    {
        AccessControlList list = new AccessControlList(new FakeFlash());
        byte[] entry = new byte[AccessControlEntry.Size];
        AccessControlEntry.SetAdministrator(entry, 0, ClusterRig.Admin);
        Assert.AreEqual(Status.Success, list.AddAdministrator(1, ClusterRig.Admin));
        list.Begin(1);
        Assert.AreEqual(Status.Success, list.Stage(entry, 0, 1));
        Assert.AreEqual(Status.Success, list.AddAdministrator(2, 5));
        Assert.AreEqual(Status.Busy, list.Stage(entry, 0, 1));
        Assert.AreEqual(Status.Busy, list.Commit(1));
        Assert.AreEqual(1, list.Count(1));
        Assert.AreEqual(1, list.Count(2));
    }

    [TestMethod]
    public void AddGroupIfIdentifying_WhileIdentifyingOnly()
    {
        ClusterRig rig = Commissioned();
        rig.Invoke(0, Keys, 0, "{0:{0:1,1:0,2:" + Key + ",3:1,4:null,5:null,6:null,7:null}}");
        rig.Write(0, Keys, 0, "[{1:5,2:1}]");
        Assert.AreEqual(Status.Success, rig.Invoke(1, Groups, 5, "{0:5,1:'a'}"));
        Assert.IsFalse(rig.Root.Groups.IsMember(1, 5, 1));
        rig.Invoke(1, 3, 0, "{0:10}");
        Assert.AreEqual(Status.Success, rig.Invoke(1, Groups, 5, "{0:5,1:'a'}"));
        Assert.IsTrue(rig.Root.Groups.IsMember(1, 5, 1));
    }

    [TestMethod]
    public void GroupTable_FullAndOneOver()
    {
        FakeFlash flash = new FakeFlash();
        GroupTable table = new GroupTable(flash, 1);
        byte[] name = new byte[1];
        for (int i = 1; i <= 4; i++)
        {
            Assert.AreEqual(Status.Success, table.Add(1, i, 1, name, 0, 0));
        }

        Assert.AreEqual(Status.ResourceExhausted, table.Add(1, 5, 1, name, 0, 0));
        Assert.AreEqual(Status.Success, table.Add(1, 4, 2, name, 0, 0), "the same group of another endpoint");
        Assert.AreEqual(Status.Success, table.Add(2, 5, 1, name, 0, 0), "another fabric");
        Assert.AreEqual(Status.Success, table.Remove(1, -1, 1));
        Assert.AreEqual(4, table.GetGroup(1, 0));
        Assert.AreEqual(-1, table.GetGroup(1, 1));
        flash.Refuses = true;
        Assert.AreEqual(Status.Failure, table.Remove(1, 4, 2));
        Assert.IsTrue(table.IsMember(1, 4, 2));
    }

    [TestMethod]
    public void Sensors_ReportRealChangesOnly()
    {
        ClusterRig rig = new ClusterRig();
        TemperatureMeasurementCluster temperature = new TemperatureMeasurementCluster(-1000, 5000);
        BooleanStateCluster contact = new BooleanStateCluster();
        EndpointDefinition endpoint = new EndpointDefinition(9, new uint[] { 0x302, 2 }, 2, null);
        endpoint.Add(temperature);
        endpoint.Add(contact);
        Node node = new Node(1, rig.Services.Events, rig.Services.Random);
        node.Add(endpoint);
        uint version = temperature.DataVersion;
        uint contactVersion = contact.DataVersion;
        temperature.SetTemperature(2150);
        temperature.SetTemperature(2150);
        temperature.SetTemperature(9000);
        temperature.SetTemperature(5001);
        temperature.SetUnknown();
        temperature.SetUnknown();
        Assert.AreEqual(version + 3, temperature.DataVersion);
        contact.Value = true;
        contact.Value = true;
        Assert.AreEqual(contactVersion + 1, contact.DataVersion);
        Assert.ThrowsException(typeof(System.ArgumentOutOfRangeException), () => new TemperatureMeasurementCluster(5, 5));
    }

    private static ClusterRig Commissioned()
    {
        ClusterRig rig = new ClusterRig();
        rig.Commission(new TestAuthority(1, rig.Random), 4);
        return rig;
    }

    private static string AskLight(ClusterRig rig, uint command, string fields)
    {
        int status = rig.Invoke(1, Groups, command, fields);
        return status + " " + rig.Last.Response;
    }
}
