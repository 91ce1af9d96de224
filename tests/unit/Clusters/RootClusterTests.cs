using MatterNano;
using MatterNano.Clusters;
using MatterNano.Interaction;
using MatterNano.Onboarding;
using MatterNano.SecureChannel;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

[TestClass]
public class RootClusterTests
{
    private const uint Basic = BasicInformationCluster.ClusterId;
    private const uint Commissioning = GeneralCommissioningCluster.ClusterId;
    private const uint Diagnostics = GeneralDiagnosticsCluster.ClusterId;
    private const uint Window = AdministratorCommissioningCluster.ClusterId;
    private const string Salt = "x000102030405060708090a0b0c0d0e0f";

    [TestMethod]
    public void NodeLabelAndLocation_LengthsPersistenceAndRealChanges()
    {
        ClusterRig rig = new ClusterRig();
        Assert.AreEqual("''", rig.Read(0, Basic, 5));
        Assert.AreEqual("'XX'", rig.Read(0, Basic, 6));
        Assert.AreEqual(Status.Success, rig.Write(0, Basic, 5, "'12345678901234567890123456789012'"));
        Assert.AreEqual(Status.ConstraintError, rig.Write(0, Basic, 5, "'123456789012345678901234567890123'"));
        Assert.AreEqual(Status.InvalidDataType, rig.Write(0, Basic, 5, "5"));
        Assert.AreEqual(Status.Success, rig.Write(0, Basic, 6, "'DE'"));
        Assert.AreEqual(Status.ConstraintError, rig.Write(0, Basic, 6, "'D'"));
        Assert.AreEqual("0/40/5;0/40/6;", rig.Changes);
        rig.Write(0, Basic, 6, "'DE'");
        Assert.AreEqual("0/40/5;0/40/6;", rig.Changes);
        rig = ClusterRig.Restart(ref rig);
        Assert.AreEqual("'12345678901234567890123456789012'", rig.Read(0, Basic, 5));
        Assert.AreEqual("'DE'", rig.Read(0, Basic, 6));
        Assert.AreEqual(Status.Success, rig.Write(0, Basic, 5, "''"));
        rig = ClusterRig.Restart(ref rig);
        Assert.AreEqual("''", rig.Read(0, Basic, 5));
        rig.Flash.Refuses = true;
        Assert.AreEqual(Status.Failure, rig.Write(0, Basic, 5, "'x'"));
        Assert.AreEqual("''", rig.Read(0, Basic, 5));
    }

    [TestMethod]
    public void UniqueId_StaysOverRestarts_AndIsAnotherAfterAReset()
    {
        ClusterRig rig = new ClusterRig();
        string id = rig.Read(0, Basic, 0x12);
        Assert.AreEqual(34, id.Length);
        Assert.AreEqual(id, new ClusterRig(rig.Flash).Read(0, Basic, 0x12));
        byte[] unique = new byte[64];
        BasicInformationCluster other = new BasicInformationCluster(new DeviceInformation(), new FakeFlash(), new FakeRandom(5));
        MatterNano.Tlv.TlvWriter writer = new MatterNano.Tlv.TlvWriter();
        writer.Init(unique, 0, 64);
        other.ReadAttribute(0x12, writer, MatterNano.Tlv.TlvTag.Anonymous, rig.Asker);
        Assert.IsTrue(id != TlvText.Decode(unique, 0, writer.Position));
    }

    [TestMethod]
    public void Capabilities_AreThoseOfTheTables()
    {
        ClusterRig rig = new ClusterRig();
        Assert.AreEqual("{0:3,1:3}", rig.Read(0, Basic, 0x13));
        Assert.AreEqual("1", rig.Read(0, Basic, 0x16));
        Assert.AreEqual("17039616", rig.Read(0, Basic, 0x15));
        Assert.AreEqual("5", rig.Read(0, 0x3e, 2));
        Assert.AreEqual("4", rig.Read(0, 0x1f, 2));
        Assert.AreEqual("3", rig.Read(0, 0x1f, 3));
        Assert.AreEqual("4", rig.Read(0, 0x1f, 4));
        Assert.AreEqual("4", rig.Read(0, 0x3f, 2));
        Assert.AreEqual("3", rig.Read(0, 0x3f, 3));
        Assert.AreEqual("{0:60,1:900}", rig.Read(0, Commissioning, 1));
    }

    [TestMethod]
    public void BootEvents_StartUpFirst_ShutDownLast()
    {
        ClusterRig rig = new ClusterRig();
        rig.Root.RecordBoot();
        rig.Root.ShutDown();
        EventLog events = rig.Services.Events;
        Assert.IsTrue(events.Find(0));
        Assert.AreEqual(Basic, events.Cluster);
        Assert.AreEqual("{0:1}", rig.Event(Basic, 0));
        Assert.AreEqual("{0:0}", rig.Event(Diagnostics, 0));
        Assert.AreEqual("{}", rig.Event(Basic, 1));
    }

    [TestMethod]
    public void RebootCount_UpTime_AndTimeSnapshot()
    {
        ClusterRig rig = new ClusterRig();
        Assert.AreEqual("0", rig.Read(0, Diagnostics, 1), "the first start is no reboot");
        rig = new ClusterRig(rig.Flash);
        Assert.AreEqual("1", rig.Read(0, Diagnostics, 1));
        rig.Clock.Now += 61999;
        Assert.AreEqual("61", rig.Read(0, Diagnostics, 2));
        Assert.AreEqual("0 {0:61999,1:null}", rig.Ask(Diagnostics, 1, "{}"));
        Assert.AreEqual("[{0:'eth0',1:false,2:null,3:null,4:x000000000000,5:[],6:[],7:2}]", rig.Read(0, Diagnostics, 0));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Diagnostics, 0, "{0:" + Salt + ",1:5}"), "test triggers are off");
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Diagnostics, 0, "{0:x00,1:5}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Diagnostics, 0, "{0:" + Salt + "}"));
    }

    [TestMethod]
    public void Ethernet_OneNetwork_AndTheOnlyInterfaceStaysOn()
    {
        ClusterRig rig = new ClusterRig();
        Assert.AreEqual("[{0:x65746830,1:true}]", rig.Read(0, 0x31, 1));
        Assert.AreEqual("1", rig.Read(0, 0x31, 0));
        Assert.AreEqual("null", rig.Read(0, 0x31, 5));
        Assert.AreEqual(Status.InvalidAction, rig.Write(0, 0x31, 4, "false"));
        Assert.AreEqual(Status.Success, rig.Write(0, 0x31, 4, "true"));
        Assert.AreEqual("true", rig.Read(0, 0x31, 4));
    }

    [TestMethod]
    public void ArmFailSafeAndRegulatoryConfig_FieldsAndErrors()
    {
        ClusterRig rig = new ClusterRig();
        rig.UsePase();
        Assert.AreEqual("0 {0:0,1:''}", rig.Ask(Commissioning, 0, "{0:100,1:7}"));
        Assert.AreEqual("7", rig.Read(0, Commissioning, 0));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Commissioning, 0, "{0:100}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Commissioning, 0, "{0:65536,1:7}"));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Commissioning, 2, "{0:3,1:'DE',2:1}"));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Commissioning, 2, "{0:1,1:'DEU',2:1}"));
        Assert.AreEqual("0 {0:0,1:''}", rig.Ask(Commissioning, 2, "{0:0,1:'DE',2:9}"));
        Assert.AreEqual("0", rig.Read(0, Commissioning, 2));
        Assert.AreEqual("9", rig.Read(0, Commissioning, 0));
        Assert.AreEqual(Status.Success, rig.Write(0, Commissioning, 0, "18446744073709551615"));
        Assert.AreEqual("18446744073709551615", rig.Read(0, Commissioning, 0));
        Assert.AreEqual("0 {0:0,1:''}", rig.Ask(Commissioning, 0, "{0:0,1:1}"));
        Assert.IsTrue(rig.Root.FailSafe.IsArmed, "the answer leaves first");
        rig.Pass(0);
        Assert.IsFalse(rig.Root.FailSafe.IsArmed);
        Assert.IsNull(rig.Services.Sessions.GetPaseSession());
    }

    [TestMethod]
    public void RegulatoryConfig_SurvivesARestart_OnceItIsFinal_11_10_5_3()
    {
        ClusterRig rig = Commissioned();
        Assert.AreEqual("0 {0:0,1:''}", rig.Ask(Commissioning, 2, "{0:1,1:'DE',2:0}"));
        ClusterRig again = ClusterRig.Restart(ref rig);
        Assert.AreEqual("1", again.Read(0, Commissioning, 2));
        again.UseCase(1, ClusterRig.Admin);
        again.Ask(Commissioning, 0, "{0:60,1:1}");
        Assert.AreEqual("0 {0:0,1:''}", again.Ask(Commissioning, 2, "{0:0,1:'DE',2:0}"));
        Assert.AreEqual("1", new ClusterRig(again.Flash).Read(0, Commissioning, 2), "under a fail-safe it is not final");
        again.Ask(Commissioning, 4, "{}");
        Assert.AreEqual("0", new ClusterRig(again.Flash).Read(0, Commissioning, 2));
        again.Flash.Refuses = true;
        Assert.AreEqual(Status.Failure, again.Invoke(0, Commissioning, 2, "{0:1,1:'DE',2:0}"));
    }

    [TestMethod]
    public void Location_IsText()
    {
        ClusterRig rig = Commissioned();
        byte[] broken = new byte[] { 0x0c, 2, 0xff, 0xfe };
        MatterNano.Tlv.TlvReader reader = new MatterNano.Tlv.TlvReader();
        reader.Init(broken, 0, broken.Length);
        reader.Next();
        Assert.AreEqual(Status.ConstraintError, rig.Root.BasicInformation.WriteAttribute(6, reader, rig.Asker));
        Assert.AreEqual("'XX'", rig.Read(0, Basic, 6));
    }

    [TestMethod]
    public void RootWithoutFabric_IsReportedWhenItGoes()
    {
        ClusterRig rig = new ClusterRig();
        rig.Commission(new TestAuthority(1, rig.Random), 2);
        rig.Changes = "";
        rig.Root.FailSafe.Expire();
        Assert.IsTrue(rig.Changes.IndexOf("0/62/4;") >= 0, rig.Changes);
        Assert.AreEqual("[]", rig.Read(0, 0x3e, 4));
    }

    [TestMethod]
    public void OpenWindow_Rules_11_19_8_1()
    {
        ClusterRig rig = Commissioned();
        string verifier = Verifier();
        string good = "{0:180,1:" + verifier + ",2:3840,3:1000,4:" + Salt + "}";
        Assert.AreEqual(3, Refused(rig, 0, "{0:180,1:x00,2:3840,3:1000,4:" + Salt + "}"), "verifier");
        Assert.AreEqual(3, Refused(rig, 0, "{0:180,1:" + verifier.Substring(0, verifier.Length - 1) + "4,2:3840,3:1000,4:" + Salt + "}"), "L is not on the curve");
        Assert.AreEqual(3, Refused(rig, 0, "{0:180,1:" + verifier + ",2:3840,3:999,4:" + Salt + "}"), "iterations");
        Assert.AreEqual(3, Refused(rig, 0, "{0:180,1:" + verifier + ",2:3840,3:100001,4:" + Salt + "}"), "iterations");
        Assert.AreEqual(3, Refused(rig, 0, "{0:180,1:" + verifier + ",2:3840,3:1000,4:x00}"), "salt");
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Window, 0, "{0:179,1:" + verifier + ",2:3840,3:1000,4:" + Salt + "}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Window, 0, "{0:901,1:" + verifier + ",2:3840,3:1000,4:" + Salt + "}"));
        Assert.AreEqual(Status.ConstraintError, rig.Invoke(0, Window, 0, "{0:180,1:" + verifier + ",2:4096,3:1000,4:" + Salt + "}"));
        Assert.AreEqual(Status.InvalidCommand, rig.Invoke(0, Window, 0, "{0:180}"));
        rig.Ask(Commissioning, 0, "{0:60,1:1}");
        Assert.AreEqual(2, Refused(rig, 0, good), "fail-safe armed");
        rig.Root.FailSafe.Expire();
        rig.Changes = "";
        Assert.AreEqual(Status.Success, rig.Invoke(0, Window, 0, good));
        Assert.AreEqual("0/60/0;0/60/1;0/60/2;", rig.Changes);
        Assert.AreEqual("1", rig.Read(0, Window, 0));
        Assert.AreEqual("1", rig.Read(0, Window, 1));
        Assert.AreEqual("65521", rig.Read(0, Window, 2));
        CommissioningWindow window = rig.Services.Window;
        Assert.AreEqual(3840, window.Discriminator);
        Assert.AreEqual(1000, window.Iterations);
        Assert.AreEqual(16, window.SaltLength);
        Assert.AreEqual((byte)15, window.Salt[window.SaltOffset + 15]);
        Assert.AreEqual((byte)4, window.Secret[window.VerifierOffset + 32]);
        Assert.AreEqual(2, Refused(rig, 0, good), "open already");
        Assert.AreEqual(FailSafe.BusyWithOtherAdmin.ToString(), rig.Ask(Commissioning, 0, "{0:60,1:1}").Substring(5, 1));
        rig.Pass(180000);
        Assert.AreEqual("0", rig.Read(0, Window, 0));
        Assert.AreEqual("null", rig.Read(0, Window, 1));
        Assert.AreEqual("null", rig.Read(0, Window, 2));
        Assert.AreEqual(4, Refused(rig, 2, "{}"), "nothing to revoke");
    }

    [TestMethod]
    public void Revoke_ClosesTheWindow_AndExpiresTheFailSafe()
    {
        ClusterRig rig = Commissioned();
        rig.Invoke(0, Window, 0, "{0:180,1:" + Verifier() + ",2:3840,3:1000,4:" + Salt + "}");
        MatterNano.Sessions.SecureSession admin = rig.Session;
        byte[] secret = rig.Services.Window.Secret;
        Assert.AreEqual((byte)4, secret[32]);
        rig.UsePase();
        rig.Session = admin;
        Assert.IsTrue(rig.Root.FailSafe.IsArmed);
        Assert.AreEqual(Status.Success, rig.Invoke(0, Window, 2, "{}"));
        Assert.IsFalse(rig.Root.FailSafe.IsArmed);
        Assert.IsFalse(rig.Services.Window.IsOpen);
        Assert.IsNull(rig.Services.Sessions.GetPaseSession());
        for (int i = 0; i < secret.Length; i++)
        {
            Assert.AreEqual((byte)0, secret[i], "the verifier is wiped");
        }
    }

    [TestMethod]
    public void Window_InitialIsNotTold_TwentyFailuresCloseIt_PaseHoldsItOpen_5_5()
    {
        ClusterRig rig = new ClusterRig();
        CommissioningWindow window = rig.Services.Window;
        byte[] factory = new byte[CommissioningWindow.VerifierSize];
        factory[0] = 0x77;
        window.SetFactoryParameters(factory, 1000, new byte[32], 0xf00);
        window.OpenInitial(900);
        Assert.AreEqual("0", rig.Read(0, Window, 0));
        Assert.IsTrue(window.IsOpen && window.IsInitial);
        Assert.AreEqual((byte)0x77, window.Secret[0]);
        Assert.AreEqual(0xf00, window.Discriminator);
        for (int i = 1; i < 20; i++)
        {
            Assert.IsFalse(window.CountFailure());
        }

        Assert.IsTrue(window.CountFailure());
        Assert.IsFalse(window.IsOpen);
        window.OpenInitial(900);
        Assert.AreEqual(0, window.Failures);
        window.SetPaseActive(true);
        rig.Pass(900000);
        Assert.IsTrue(window.IsOpen, "not under a running commissioning");
        window.SetPaseActive(false);
        rig.Pass(0);
        Assert.IsFalse(window.IsOpen);
    }

    [TestMethod]
    public void Window_LosesItsAdministratorWithTheFabric()
    {
        ClusterRig rig = Commissioned();
        rig.Invoke(0, Window, 0, "{0:180,1:" + Verifier() + ",2:3840,3:1000,4:" + Salt + "}");
        rig.Ask(OperationalCredentialsCluster.ClusterId, 0x0a, "{0:1}");
        rig.Session = null;
        Assert.AreEqual("1", rig.Read(0, Window, 0));
        Assert.AreEqual("null", rig.Read(0, Window, 1));
        Assert.AreEqual("65521", rig.Read(0, Window, 2));
    }

    private static ClusterRig Commissioned()
    {
        ClusterRig rig = new ClusterRig();
        rig.Commission(new TestAuthority(1, rig.Random), 4);
        return rig;
    }

    private static int Refused(ClusterRig rig, uint command, string fields)
    {
        Assert.AreEqual(Status.Failure, rig.Invoke(0, Window, command, fields));
        return rig.Last.ClusterStatus;
    }

    private static string Verifier()
    {
        // w0 is 1, L the base point.
        return "x0100000000000000000000000000000000000000000000000000000000000000"
            + "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    }
}
