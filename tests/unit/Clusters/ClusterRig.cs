using System;
using MatterNano.Clusters;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Devices;
using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using MatterNano.Tlv;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

/// <summary>A light without a network: its clusters are asked directly, as the engine asks them. Restart it by making another on the same flash.</summary>
internal sealed class ClusterRig : IChangeListener
{
    internal const ulong Admin = 0x1122334455667788;
    internal const ulong DeviceNode = 0x0000000000000042;
    internal const ulong FabricId = 0x2906c908d115d362;

    internal readonly FakeClock Clock;
    internal readonly FakeFlash Flash;
    internal readonly FakeRandom Random;
    internal readonly InlineWorker Worker = new InlineWorker(null);
    internal readonly NodeServices Services = new NodeServices();
    internal readonly RootNode Root;
    internal readonly OnOffLight Light;
    internal readonly TestIdentity Identity;
    internal readonly TestInvoke Asker = new TestInvoke();

    /// <summary>The last command.</summary>
    internal TestInvoke Last;

    /// <summary>Session that commands come on.</summary>
    internal SecureSession Session;

    /// <summary>What changed, as "endpoint/cluster/attribute;" for each.</summary>
    internal string Changes = "";

    internal ClusterRig()
        : this(new FakeFlash())
    {
    }

    internal ClusterRig(FakeFlash flash)
        : this(flash, null)
    {
    }

    internal ClusterRig(FakeFlash flash, FakeWifi wifi)
    {
        Flash = flash;
        Clock = new FakeClock();
        Random = new FakeRandom(77);
        Identity = new TestIdentity(Random);
        SymmetricCrypto crypto = new SymmetricCrypto();
        Services.Clock = Clock;
        Services.Flash = flash;
        Services.Random = Random;
        Services.Worker = Worker;
        Services.Crypto = crypto;
        Services.Identity = Identity;
        Services.Fabrics = new FabricTable(flash, crypto);
        Services.Sessions = new SessionManager(this, flash, Clock, Random, crypto, Services.Fabrics, null);
        Services.Window = new CommissioningWindow(Clock);
        Services.Events = new EventLog(Clock, flash, 0, 1000, 1000, Services.Fabrics.Scratch);
        RootNodeSettings settings = new RootNodeSettings();
        settings.Wifi = wifi;
        Root = new RootNode(Services, settings);
        Light = new OnOffLight(Root);
        Root.Load();
        Services.Sessions.InitFromStorage(Services.Fabrics);
        Root.Node.SetListener(this);
    }

    /// <summary>The same device started again; the one before is gone first, for two do not fit into the heap of a device.</summary>
    internal static ClusterRig Restart(ref ClusterRig rig)
    {
        FakeFlash flash = rig.Flash;
        rig = null;
        return new ClusterRig(flash);
    }

    public void OnAttributeChanged(Cluster cluster, uint attribute)
    {
        Changes += cluster.Endpoint.Number + "/" + cluster.Id + "/" + attribute + ";";
    }

    public void OnEventRecorded(int endpoint, uint cluster, uint eventId, int fabricIndex)
    {
    }

    /// <summary>Asks over PASE from here on, with a session of its own.</summary>
    internal void UsePase()
    {
        int id = Services.Sessions.GetNextPaseSessionId();
        Session = Services.Sessions.CreateSecureSessionWithKeys(id, 0, 0, 1, new byte[48], 0, false, false, null, null);
        Services.Sessions.Activate(Session);
        Root.FailSafe.OnPaseEstablished();
    }

    /// <summary>Asks over CASE from here on, with a session of its own.</summary>
    internal void UseCase(int fabricIndex, ulong nodeId)
    {
        int id = Services.Sessions.GetNextAvailableSessionId(fabricIndex, nodeId);
        Session = Services.Sessions.CreateSecureSessionWithKeys(id, fabricIndex, nodeId, 1, new byte[48], 0, false, false, null, null);
        Services.Sessions.Activate(Session);
    }

    /// <summary>Moves the clock and lets the clusters do what is due.</summary>
    internal void Pass(long milliseconds)
    {
        Clock.Now += milliseconds;
        Root.Poll();
        Root.Node.RequestProcess();
        for (int turns = 0; Root.Node.Process(Clock.Now) <= Clock.Now; turns++)
        {
            Assert.IsTrue(turns < 10, "the loop spins: a time that is past is named again and again");
        }
    }

    internal Cluster Find(int endpoint, uint cluster)
    {
        return Root.Node.FindCluster(endpoint, cluster);
    }

    /// <summary>Value of an attribute as text; "status N" when it is not told.</summary>
    internal string Read(int endpoint, uint clusterId, uint attribute)
    {
        Cluster cluster = Find(endpoint, clusterId);
        uint element = cluster.FindAttribute(attribute);
        SetSubject(Asker);
        TlvWriter writer = new TlvWriter();
        byte[] buffer = new byte[3000];
        writer.Init(buffer, 0, buffer.Length);
        if ((element & Element.List) != 0)
        {
            writer.StartArray(TlvTag.Anonymous);
            int count = cluster.GetListCount(attribute, Asker);
            for (int i = 0; i < count; i++)
            {
                cluster.ReadListItem(attribute, i, writer, TlvTag.Anonymous, Asker);
            }

            writer.EndContainer();
        }
        else
        {
            int status = cluster.ReadAttribute(attribute, writer, TlvTag.Anonymous, Asker);
            if (status != Status.Success)
            {
                return "status " + status;
            }
        }

        return TlvText.Decode(buffer, 0, writer.Position);
    }

    /// <summary>Writes an attribute as the engine does; a list is replaced.</summary>
    internal int Write(int endpoint, uint clusterId, uint attribute, string value)
    {
        Cluster cluster = Find(endpoint, clusterId);
        uint element = cluster.FindAttribute(attribute);
        SetSubject(Asker);
        byte[] bytes = TlvText.Encode(value);
        TlvReader reader = new TlvReader();
        reader.Init(bytes, 0, bytes.Length);
        reader.Next();
        if ((element & Element.List) == 0)
        {
            return cluster.WriteAttribute(attribute, reader, Asker);
        }

        int status = cluster.BeginListWrite(attribute, Asker);
        if (status != Status.Success)
        {
            return status;
        }

        reader.Enter();
        while (reader.Next())
        {
            int result = cluster.AppendListItem(attribute, reader, Asker);
            if (status == Status.Success)
            {
                status = result;
            }
        }

        int end = cluster.EndListWrite(attribute, status, Asker);
        return status == Status.Success ? end : status;
    }

    /// <summary>Invokes a command, worker included.</summary>
    internal int Invoke(int endpoint, uint clusterId, uint command, string fields)
    {
        Last = new TestInvoke();
        SetSubject(Last);
        byte[] bytes = TlvText.Encode(fields);
        TlvReader reader = new TlvReader();
        reader.Init(bytes, 0, bytes.Length);
        reader.Next();
        reader.Enter();
        int status = Find(endpoint, clusterId).Invoke(command, reader, Last);
        while (status == Status.Pending && Last.Completed == TestInvoke.Waiting && Worker.DeliverCompleted())
        {
        }

        return status == Status.Pending && Last.Completed != TestInvoke.Waiting ? Last.Completed : status;
    }

    /// <summary>Invokes on endpoint 0 and answers with the status and the response in one text.</summary>
    internal string Ask(uint clusterId, uint command, string fields)
    {
        int status = Invoke(0, clusterId, command, fields);
        return status + " " + Last.Response;
    }

    /// <summary>Commissioning up to a step: 1 CSR, 2 root, 3 AddNOC, 4 CommissioningComplete over CASE.</summary>
    /// <returns>Fabric index after step 3, else 0.</returns>
    internal int Commission(TestAuthority authority, int steps)
    {
        UsePase();
        Ask(GeneralCommissioningCluster.ClusterId, 0, "{0:60,1:1}");
        byte[] key = steps < 1 ? null : RequestCsr(false);
        if (steps < 2)
        {
            return 0;
        }

        Ask(OperationalCredentialsCluster.ClusterId, 0x0b, "{0:x" + Text(authority.Root) + "}");
        if (steps < 3)
        {
            return 0;
        }

        AddNoc(authority.Issue(DeviceNode, FabricId, key));
        int index = Session.FabricIndex;
        if (steps > 3)
        {
            UseCase(index, Admin);
            Ask(GeneralCommissioningCluster.ClusterId, 4, "{}");
        }

        return index;
    }

    /// <summary>CSRRequest.</summary>
    /// <returns>The public key of the request.</returns>
    internal byte[] RequestCsr(bool forUpdate)
    {
        string nonce = "x" + Text(new byte[32]);
        string answer = Ask(OperationalCredentialsCluster.ClusterId, 4, forUpdate ? "{0:" + nonce + ",1:true}" : "{0:" + nonce + "}");

        // The only run of 04 and 64 bytes behind the curve's name 2a8648ce3d030107 and the head of the bit string 03420004.
        int at = answer.IndexOf("2a8648ce3d03010703420004");
        return at < 0 ? null : Hex.Bytes(answer.Substring(at + 22, 130));
    }

    /// <summary>AddNOC with <see cref="Admin"/> as administrator.</summary>
    internal string AddNoc(byte[] noc)
    {
        return Ask(
            OperationalCredentialsCluster.ClusterId,
            6,
            "{0:x" + Text(noc) + ",2:x000102030405060708090a0b0c0d0e0f,3:" + Admin + ",4:65521}");
    }

    /// <summary>Data of an event of a cluster, counted from 0 at the oldest; "none" when there are not so many.</summary>
    internal string Event(uint clusterId, int index)
    {
        EventLog events = Services.Events;
        for (ulong from = 0; events.Find(from); from = events.Number + 1)
        {
            if (events.Cluster == clusterId && index-- == 0)
            {
                TlvWriter writer = new TlvWriter();
                byte[] buffer = new byte[500];
                writer.Init(buffer, 0, buffer.Length);
                events.WriteData(writer);
                return TlvText.Decode(buffer, 0, writer.Position);
            }
        }

        return "none";
    }

    /// <summary>All records but the counters that must move on, as text.</summary>
    internal string Snapshot()
    {
        string[] names = Flash.List();
        string shown = "";
        for (int i = 0; i < names.Length; i++)
        {
            int first = -1;
            for (int j = 0; j < names.Length; j++)
            {
                if (names[j] != null && (first < 0 || string.Compare(names[j], names[first]) < 0))
                {
                    first = j;
                }
            }

            string name = names[first];
            names[first] = null;
            if (name != EventLog.RecordName && name != "fab.last" && name != "diag.boots" && name != "count.group")
            {
                byte[] value = Flash.Get(name);
                shown += name + "=" + Hex.Text(value, 0, value.Length) + ";";
            }
        }

        return shown;
    }

    internal static string Text(byte[] bytes)
    {
        return Hex.Text(bytes, 0, bytes.Length);
    }

    private void SetSubject(TestInvoke context)
    {
        context.SetSession(Session);
        AccessSubject subject = context.Subject;
        subject.Clear();
        subject.AuthMode = Session == null || Session.IsPase ? AuthMode.Pase : AuthMode.Case;
        subject.FabricIndex = Session == null ? 0 : Session.FabricIndex;
        subject.NodeId = Session == null ? 0 : Session.PeerNodeId;
    }
}
