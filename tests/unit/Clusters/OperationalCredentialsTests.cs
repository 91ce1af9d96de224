using MatterNano;
using MatterNano.Clusters;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Interaction;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

[TestClass]
public class OperationalCredentialsTests
{
    private const uint Id = OperationalCredentialsCluster.ClusterId;
    private const uint Commissioning = GeneralCommissioningCluster.ClusterId;

    [TestMethod]
    public void CommissioningWhole_LeavesAFabricItsAdministratorAndNoMarker()
    {
        ClusterRig rig = new ClusterRig();
        rig.Services.Window.OpenInitial(900);
        int index = rig.Commission(new TestAuthority(1, rig.Random), 4);
        Assert.AreEqual(1, index);
        Assert.AreEqual("{0:0,1:''}", rig.Last.Response);
        Assert.IsFalse(rig.Root.FailSafe.IsArmed);
        Assert.IsNull(rig.Flash.Get("failsafe"));
        Assert.IsNull(rig.Services.Sessions.GetPaseSession());
        Assert.IsFalse(rig.Services.Window.IsOpen);
        Assert.AreEqual("1", rig.Read(0, Id, 3));
        Assert.AreEqual("1", rig.Read(0, Id, 5));
        Assert.AreEqual(
            "[{1:5,2:2,3:[1234605616436508552],4:null,254:1}]",
            rig.Read(0, AccessControlCluster.ClusterId, 0));

        ClusterRig again = new ClusterRig(rig.Flash);
        Assert.AreEqual(1, again.Services.Fabrics.Count);
        Assert.AreEqual(1, again.Root.Access.Count(1));
        Assert.AreEqual(ClusterRig.DeviceNode, again.Services.Fabrics.Find(1).NodeId);
        Assert.IsNull(again.Flash.Get("fab.1.p"));
    }

    [TestMethod]
    public void AttestationSignature_IsOverElementsAndChallenge_11_18_4_5()
    {
        ClusterRig rig = new ClusterRig();
        rig.UsePase();
        string answer = rig.Ask(Id, 0, "{0:x" + ClusterRig.Text(new byte[32]) + "}");
        string start = "0 {0:x";
        Assert.AreEqual(start, answer.Substring(0, 6));
        int end = answer.IndexOf(',');
        byte[] elements = Hex.Bytes(answer.Substring(6, end - 6));
        byte[] signature = Hex.Bytes(answer.Substring(end + 4, 128));
        Assert.AreEqual("{1:xd3d3d3d3,2:x" + ClusterRig.Text(new byte[32]) + ",3:0}", TlvText.Decode(elements, 0, elements.Length));
        Sha256 sha = new Sha256();
        byte[] hash = new byte[32];
        sha.Init();
        sha.Update(elements, 0, elements.Length);
        sha.Update(new byte[16], 0, 16);
        sha.Final(hash, 0);
        Assert.IsTrue(P256.Verify(rig.Identity.PublicKey, 0, hash, 0, signature, 0));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 0, "{0:x00}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 0, "{}"));
    }

    [TestMethod]
    public void CertificateChainRequest_TellsDacAndPai_AndRefusesOthers()
    {
        ClusterRig rig = new ClusterRig();
        rig.UsePase();
        Assert.AreEqual("0 {0:xd1d1d1d1}", rig.Ask(Id, 2, "{0:1}"));
        Assert.AreEqual("0 {0:xd2d2d2d2}", rig.Ask(Id, 2, "{0:2}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 2, "{0:0}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 2, "{0:3}"));
    }

    [TestMethod]
    public void WithoutFailSafe_CsrRootAndNocs_AreRefused_11_18_6()
    {
        ClusterRig rig = new ClusterRig();
        rig.UsePase();
        rig.Root.FailSafe.Expire();
        rig.UsePase();
        rig.Root.FailSafe.Expire();
        rig.UseCase(0, 0);
        string nonce = "{0:x" + ClusterRig.Text(new byte[32]) + "}";
        Assert.AreEqual(Status.FailsafeRequired, rig.Invoke(0, Id, 4, nonce));
        Assert.AreEqual(Status.FailsafeRequired, rig.Invoke(0, Id, 0x0b, "{0:x00}"));
        Assert.AreEqual("202 none", rig.AddNoc(new byte[10]));
    }

    [TestMethod]
    public void SecondRoot_ConstraintError_11_18_6_13()
    {
        ClusterRig rig = new ClusterRig();
        TestAuthority authority = new TestAuthority(1, rig.Random);
        rig.Commission(authority, 2);
        Assert.AreEqual("[x" + ClusterRig.Text(authority.Root) + "]", rig.Read(0, Id, 4));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Id, 0x0b, "{0:x" + ClusterRig.Text(authority.Root) + "}"));
    }

    [TestMethod]
    public void BadRoot_InvalidCommand_AndAnotherMayFollow()
    {
        ClusterRig rig = new ClusterRig();
        TestAuthority authority = new TestAuthority(1, rig.Random);
        rig.Commission(authority, 1);
        byte[] bad = Copy(authority.Root);
        bad[bad.Length - 3] ^= 1;
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 0x0b, "{0:x" + ClusterRig.Text(bad) + "}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 0x0b, "{0:x15}"));
        Assert.AreEqual(Status.Success, rig.Invoke(0, Id, 0x0b, "{0:x" + ClusterRig.Text(authority.Root) + "}"));
    }

    [TestMethod]
    public void AddNoc_Refusals_11_18_6_8()
    {
        ClusterRig rig = new ClusterRig();
        TestAuthority authority = new TestAuthority(1, rig.Random);
        rig.Commission(authority, 0);
        Assert.AreEqual("0 {0:4}", rig.AddNoc(new byte[10]), "no CSR");
        byte[] key = rig.RequestCsr(false);
        Assert.AreEqual("0 {0:3}", rig.AddNoc(new byte[10]), "no root");
        rig.Ask(Id, 0x0b, "{0:x" + ClusterRig.Text(authority.Root) + "}");
        byte[] noc = authority.Issue(ClusterRig.DeviceNode, ClusterRig.FabricId, key);
        Assert.AreEqual("0 {0:6}", rig.Ask(Id, 6, "{0:x00,2:x000102030405060708090a0b0c0d0e0f,3:0,4:65521}"), "admin subject");
        Assert.AreEqual("0 {0:6}", rig.Ask(Id, 6, "{0:x00,2:x000102030405060708090a0b0c0d0e0f,3:18446744063706988544,4:65521}"), "tag of version 0");
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 6, "{0:x00,2:x00,3:1,4:65521}"), "short key");
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 6, "{0:x00,2:x000102030405060708090a0b0c0d0e0f,3:1,4:0}"), "vendor");
        byte[] bad = Copy(noc);
        bad[bad.Length - 3] ^= 1;
        Assert.AreEqual("0 {0:3}", rig.AddNoc(bad), "signature");
        Assert.AreEqual("0 {0:1}", rig.AddNoc(authority.Issue(ClusterRig.DeviceNode, ClusterRig.FabricId, rig.Identity.PublicKey)), "key");
        Assert.AreEqual("0 {0:0,1:1}", rig.AddNoc(noc));
        Assert.AreEqual("135 none", rig.AddNoc(noc), "second AddNOC");
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Id, 4, "{0:x" + ClusterRig.Text(new byte[32]) + "}"), "CSR after AddNOC");
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Id, 0x0b, "{0:x00}"), "root after AddNOC");
    }

    [TestMethod]
    public void AddNoc_TakesTheSessionAndTheContextToTheNewFabric()
    {
        ClusterRig rig = new ClusterRig();
        rig.Commission(new TestAuthority(1, rig.Random), 3);
        Assert.AreEqual(1, rig.Session.FabricIndex);
        Assert.AreEqual(1, rig.Root.FailSafe.FabricIndex);
        Assert.IsNotNull(rig.Flash.Get("failsafe"));
        Assert.AreEqual(FailSafe.InvalidAuthentication.ToString(), rig.Ask(Commissioning, 4, "{}").Substring(5, 1));
        Assert.IsTrue(rig.Root.FailSafe.IsArmed);
    }

    [TestMethod]
    public void SecondCommissionerOfTheSameFabric_FabricConflict()
    {
        ClusterRig rig = new ClusterRig();
        TestAuthority authority = new TestAuthority(1, rig.Random);
        rig.Commission(authority, 4);
        rig.Commission(authority, 2);
        byte[] key = rig.RequestCsr(false);
        Assert.AreEqual("0 {0:9}", rig.AddNoc(authority.Issue(9, ClusterRig.FabricId, key)));
    }

    [TestMethod]
    public void SixthFabric_TableFull_1_19()
    {
        ClusterRig rig = new ClusterRig();
        for (uint i = 1; i <= Limits.Fabrics; i++)
        {
            Assert.AreEqual((int)i, rig.Commission(new TestAuthority(i, rig.Random), 4));
        }

        Assert.AreEqual("5", rig.Read(0, Id, 3));
        TestAuthority authority = new TestAuthority(6, rig.Random);
        rig.Commission(authority, 1);
        byte[] key = rig.RequestCsr(false);
        rig.Ask(Id, 0x0b, "{0:x" + ClusterRig.Text(authority.Root) + "}");
        Assert.AreEqual("0 {0:5}", rig.AddNoc(authority.Issue(9, ClusterRig.FabricId, key)));
    }

    [TestMethod]
    public void UpdateNoc_OverCaseOnly_BoundToItsCsr_AndKeptByCompletion()
    {
        ClusterRig rig = new ClusterRig();
        TestAuthority authority = new TestAuthority(1, rig.Random);
        int index = rig.Commission(authority, 4);
        Assert.AreEqual("0 {0:0,1:''}", rig.Ask(Commissioning, 0, "{0:60,1:1}"));
        byte[] key = rig.RequestCsr(true);
        byte[] noc = authority.Issue(77, ClusterRig.FabricId, key);
        Assert.AreEqual("135 none", rig.AddNoc(noc), "CSR was for UpdateNOC");
        Assert.AreEqual("0 {0:0,1:1}", rig.Ask(Id, 7, "{0:x" + ClusterRig.Text(noc) + "}"));
        Assert.AreEqual(77UL, rig.Services.Fabrics.Find(index).NodeId);
        Assert.AreEqual("135 none", rig.Ask(Id, 7, "{0:x" + ClusterRig.Text(noc) + "}"), "second UpdateNOC");
        Assert.AreEqual("0 {0:0,1:''}", rig.Ask(Commissioning, 4, "{}"));
        Assert.AreEqual(77UL, new ClusterRig(rig.Flash).Services.Fabrics.Find(index).NodeId);
    }

    [TestMethod]
    public void UpdateNoc_AfterRootOrWithoutCsr_IsRefused()
    {
        ClusterRig rig = new ClusterRig();
        TestAuthority authority = new TestAuthority(1, rig.Random);
        rig.Commission(authority, 4);
        rig.Ask(Commissioning, 0, "{0:60,1:1}");
        Assert.AreEqual("0 {0:4}", rig.Ask(Id, 7, "{0:x00}"));
        rig.RequestCsr(false);
        Assert.AreEqual("135 none", rig.Ask(Id, 7, "{0:x00}"), "CSR was for AddNOC");
        rig.RequestCsr(true);
        rig.Ask(Id, 0x0b, "{0:x" + ClusterRig.Text(new TestAuthority(2, rig.Random).Root) + "}");
        Assert.AreEqual("135 none", rig.Ask(Id, 7, "{0:x00}"), "after a root");
    }

    [TestMethod]
    public void CsrForUpdate_OverPase_InvalidCommand_11_18_6_5()
    {
        ClusterRig rig = new ClusterRig();
        rig.UsePase();
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 4, "{0:x" + ClusterRig.Text(new byte[32]) + ",1:true}"));
    }

    [TestMethod]
    public void FabricLabel_Conflict_Length_AndRestart()
    {
        ClusterRig rig = new ClusterRig();
        rig.Commission(new TestAuthority(1, rig.Random), 4);
        Assert.AreEqual("0 {0:0,1:1}", rig.Ask(Id, 9, "{0:'home'}"));
        rig.Commission(new TestAuthority(2, rig.Random), 4);
        Assert.AreEqual("0 {0:10,1:2}", rig.Ask(Id, 9, "{0:'home'}"));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Id, 9, "{0:'123456789012345678901234567890123'}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Id, 9, "{}"));
        Assert.AreEqual("home", new ClusterRig(rig.Flash).Services.Fabrics.Find(1).Label);
    }

    [TestMethod]
    public void RemoveFabric_LeavesNothingOfIt_InNoTableAndNoRecord()
    {
        ClusterRig rig = new ClusterRig();
        rig.Commission(new TestAuthority(1, rig.Random), 4);
        string before = rig.Snapshot();
        int index = rig.Commission(new TestAuthority(2, rig.Random), 4);
        Assert.AreEqual(2, index);
        uint keys = GroupKeyManagementCluster.ClusterId;
        Assert.AreEqual(Status.Success, rig.Invoke(0, keys, 0, "{0:{0:7,1:0,2:x000102030405060708090a0b0c0d0e0f,3:1,4:null,5:null,6:null,7:null}}"));
        Assert.AreEqual(Status.Success, rig.Write(0, keys, 0, "[{1:5,2:7}]"));
        Assert.AreEqual(Status.Success, rig.Invoke(1, GroupsCluster.ClusterId, 0, "{0:5,1:'x'}"));
        rig.UseCase(1, ClusterRig.Admin);
        Assert.AreEqual("0 {0:0,1:2}", rig.Ask(Id, 0x0a, "{0:2}"));
        Assert.AreEqual(before, rig.Snapshot());
        Assert.AreEqual("[]", rig.Read(0, keys, 0));
        Assert.AreEqual("[]", rig.Read(0, keys, 1));
        Assert.AreEqual(0, rig.Root.Access.Count(2));
        Assert.IsNull(rig.Services.Sessions.GetSessionForNode(2, ClusterRig.Admin));
        Assert.AreEqual("0 {0:11}", rig.Ask(Id, 0x0a, "{0:2}"));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Id, 0x0a, "{0:0}"));
    }

    [TestMethod]
    public void RemoveFabric_PowerCutAtEachChange_LeavesTheFabricWholeOrGone()
    {
        for (int leaves = 0; leaves < 3; leaves++)
        {
            int cut = 0;
            for (; cut < 60; cut++)
            {
                ClusterRig rig = new ClusterRig();
                string empty = rig.Snapshot();
                rig.Commission(new TestAuthority(1, rig.Random), 4);
                string whole = rig.Snapshot();
                rig.Flash.CutLeaves = leaves;
                rig.Flash.CutAt = rig.Flash.Changes + cut;
                try
                {
                    rig.Invoke(0, Id, 0x0a, "{0:1}");
                    cut = 100;
                }
                catch (PowerCutException)
                {
                }

                rig.Flash.CutAt = -1;
                rig = ClusterRig.Restart(ref rig);
                string after = rig.Snapshot();
                Assert.IsTrue(after == empty || after == whole, after);
                Assert.AreEqual(after == empty ? 0 : 1, rig.Services.Fabrics.Count);
                Assert.AreEqual(after == empty ? 0 : 1, rig.Root.Access.Count(1));
                rig = null;
            }

            Assert.AreEqual(101, cut, "every change was cut once");
        }
    }

    [TestMethod]
    public void FailSafeExpiry_AfterEachStep_RestoresTheFlash()
    {
        for (int steps = 0; steps <= 3; steps++)
        {
            ClusterRig rig = new ClusterRig();
            rig.Services.Window.OpenInitial(900);
            string before = rig.Snapshot();
            rig.Commission(new TestAuthority(1, rig.Random), steps);
            rig.Ask(Commissioning, 2, "{0:1,1:'DE',2:5}");
            Assert.AreEqual("'DE'", rig.Read(0, BasicInformationCluster.ClusterId, 6));
            rig.Pass(60001);
            Assert.AreEqual(before, rig.Snapshot(), "after step " + steps);
            Assert.IsFalse(rig.Root.FailSafe.IsArmed);
            Assert.AreEqual(0, rig.Services.Fabrics.Count);
            Assert.AreEqual(0, rig.Services.Sessions.UsedSecureSessions);
            Assert.AreEqual("0", rig.Read(0, Commissioning, 0));
            Assert.AreEqual("'XX'", rig.Read(0, BasicInformationCluster.ClusterId, 6));
            Assert.AreEqual("2", rig.Read(0, Commissioning, 2));
            Assert.IsTrue(rig.Services.Window.IsOpen);
            Assert.AreEqual(1, rig.Services.Window.Failures);
            rig.Session = null;
            Assert.AreEqual(1 + (steps / 4), rig.Commission(new TestAuthority(2, rig.Random), 4), "a second attempt succeeds");
        }
    }

    [TestMethod]
    public void RestartAfterEachStep_IsAnExpiry()
    {
        for (int steps = 0; steps <= 3; steps++)
        {
            ClusterRig rig = new ClusterRig();
            string before = rig.Snapshot();
            rig.Commission(new TestAuthority(1, rig.Random), steps);
            rig = ClusterRig.Restart(ref rig);
            Assert.AreEqual(before, rig.Snapshot(), "after step " + steps);
            Assert.AreEqual(0, rig.Services.Fabrics.Count);
            Assert.AreEqual(0, rig.Root.Access.Count(1));
            rig = null;
        }
    }

    [TestMethod]
    public void Commissioning_PowerCutAtEachChange_LeavesAllOrNothing()
    {
        for (int leaves = 0; leaves < 3; leaves++)
        {
            int cut = 0;
            for (; cut < 60; cut++)
            {
                ClusterRig rig = new ClusterRig();
                string before = rig.Snapshot();
                TestAuthority authority = new TestAuthority(1, rig.Random);
                rig.Flash.CutLeaves = leaves;
                rig.Flash.CutAt = rig.Flash.Changes + cut;
                bool completed = false;
                try
                {
                    completed = rig.Commission(authority, 4) != 0;
                    cut = 100;
                }
                catch (PowerCutException)
                {
                }

                rig.Flash.CutAt = -1;
                rig = ClusterRig.Restart(ref rig);
                if (rig.Services.Fabrics.Count == 0)
                {
                    Assert.IsFalse(completed);
                    Assert.AreEqual(before, rig.Snapshot());
                }
                else
                {
                    Assert.AreEqual(1, rig.Root.Access.Count(1));
                    Assert.AreEqual(ClusterRig.DeviceNode, rig.Services.Fabrics.Find(1).NodeId);
                }

                Assert.IsNull(rig.Flash.Get("failsafe"));
                string settled = rig.Snapshot();
                rig = ClusterRig.Restart(ref rig);
                Assert.AreEqual(settled, rig.Snapshot(), "a second start changes nothing");
                rig = null;
            }

            Assert.AreEqual(101, cut, "every change was cut once");
        }
    }

    [TestMethod]
    public void UpdateNoc_ExpiryOrRestart_BringsBackTheOldCertificate()
    {
        for (int restart = 0; restart < 2; restart++)
        {
            ClusterRig rig = new ClusterRig();
            TestAuthority authority = new TestAuthority(1, rig.Random);
            int index = rig.Commission(authority, 4);
            string before = rig.Snapshot();
            rig.Ask(Commissioning, 0, "{0:60,1:1}");
            byte[] noc = authority.Issue(77, ClusterRig.FabricId, rig.RequestCsr(true));
            Assert.AreEqual("0 {0:0,1:1}", rig.Ask(Id, 7, "{0:x" + ClusterRig.Text(noc) + "}"));
            if (restart == 0)
            {
                rig.Pass(60001);
                Assert.IsNull(rig.Services.Sessions.GetSessionForNode(index, ClusterRig.Admin));
            }
            else
            {
                rig = new ClusterRig(rig.Flash);
            }

            Assert.AreEqual(before, rig.Snapshot());
            Assert.AreEqual(ClusterRig.DeviceNode, rig.Services.Fabrics.Find(index).NodeId);
        }
    }

    [TestMethod]
    public void ExpiredWhileTheWorkerComputes_ChangesNothing()
    {
        ClusterRig rig = new ClusterRig();
        string before = rig.Snapshot();
        TestAuthority authority = new TestAuthority(1, rig.Random);
        rig.Commission(authority, 1);
        byte[] fields = TlvText.Encode("{0:x" + ClusterRig.Text(authority.Root) + "}");
        MatterNano.Tlv.TlvReader reader = new MatterNano.Tlv.TlvReader();
        reader.Init(fields, 0, fields.Length);
        reader.Next();
        reader.Enter();
        TestInvoke late = new TestInvoke();
        late.SetSession(rig.Session);
        late.Subject.AuthMode = AuthMode.Pase;
        Assert.AreEqual(Status.Pending, rig.Find(0, Id).Invoke(0x0b, reader, late));
        Assert.AreEqual(Status.Busy, rig.Invoke(0, Id, 2, "{0:1}"), "one at a time");
        rig.Pass(60001);
        rig.Worker.DeliverCompleted();
        Assert.AreEqual(Status.FailsafeRequired, late.Completed);
        Assert.AreEqual(before, rig.Snapshot());
    }

    [TestMethod]
    public void FullFlash_RefusesEachStep_AndLosesNothing()
    {
        ClusterRig rig = new ClusterRig();
        string before = rig.Snapshot();
        TestAuthority authority = new TestAuthority(1, rig.Random);
        rig.Commission(authority, 0);
        byte[] key = rig.RequestCsr(false);
        rig.Flash.Refuses = true;
        Assert.AreEqual(Status.ResourceExhausted, rig.Invoke(0, Id, 0x0b, "{0:x" + ClusterRig.Text(authority.Root) + "}"));
        rig.Flash.Refuses = false;
        Assert.AreEqual(Status.Success, rig.Invoke(0, Id, 0x0b, "{0:x" + ClusterRig.Text(authority.Root) + "}"));
        rig.Flash.Refuses = true;
        Assert.AreEqual(Status.ResourceExhausted.ToString() + " none", rig.AddNoc(authority.Issue(1, 2, key)));
        rig.Flash.Refuses = false;
        rig.Pass(60001);
        Assert.AreEqual(before, rig.Snapshot());
    }

    private static byte[] Copy(byte[] bytes)
    {
        byte[] copy = new byte[bytes.Length];
        System.Array.Copy(bytes, 0, copy, 0, bytes.Length);
        return copy;
    }
}
