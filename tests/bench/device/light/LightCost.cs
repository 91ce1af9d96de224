using System;
using MatterNano.Crypto;
using MatterNano.Devices;
using MatterNano.Onboarding;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using MatterNano.Tlv;

/// <summary>
/// What a whole light costs on nanoCLR: its heap after the start and with full pools, and the instructions of each handshake and
/// message. Lines that start with #MAP, #GC and #IL are answered by a nanoCLR that counts (docs/HEAP.md).
/// </summary>
public class LightCost
{
    private static LightBoard s_board;
    private static LightPeer s_peer;
    private static MatterNode s_node;
    private static OnOffLight s_light;

    public static void Main()
    {
        s_board = new LightBoard();
        s_peer = new LightPeer(s_board);
        s_peer.StoreFabric();
        Marks.Write("#MAP the measuring program alone");
        MakeNode();
        s_light = new OnOffLight(s_node.Root);
        Marks.Write("#GC made");
        s_node.Start();
        s_node.Root.Access.AddAdministrator(1, s_peer.NodeId);
        Marks.Write("#GC started");
        s_node.OpenCommissioningWindow(180);
        Settle();
        Marks.Write("#MAP started, all secrets drawn ahead");

        Pase();
        Settle();
        Marks.Write("#GC after PASE");
        Case("Sigma3 to StatusReport, chain not known");
        Case("Sigma3 to StatusReport, chain remembered");
        Settle();
        Resume();
        Settle();
        Marks.Write("#GC after CASE");
        Messages();
        Marks.Write("#MAP in use");
    }

    private static void MakeNode()
    {
        DeviceIdentity identity = new DeviceIdentity();
        identity.VendorId = 0xfff1;
        identity.ProductId = 0x8001;
        identity.VendorName = "MatterNano";
        identity.ProductName = "Light";
        identity.HardwareVersion = 1;
        identity.HardwareVersionString = "1";
        identity.SerialNumber = "1";
        identity.DeviceType = 0x100;
        identity.Discriminator = 3840;
        identity.Iterations = 1000;
        identity.Salt = LightPeer.Bytes("5350414b453250204b65792053616c74");

        // The verifier that every example device uses: passcode 20202021, salt "SPAKE2P Key Salt", 1000 iterations
        // (connectedhomeip scripts/tools/spake2p/README.md, Apache-2.0).
        identity.Verifier = LightPeer.Bytes("b96170aae803346884724fe9a3b287c30330c2a660375d17bb205a8cf1aecb350457f8ab79ee253ab6a8e46bb09e543ae422736de501e3db37d441fe344920d09548e4c18240630c4ff4913c53513839b7c07fcc0627a1b8573a149fcd1fa466cf");
        identity.Points = new byte[DeviceIdentity.PointsSize];
        Spake2p.GetMaskPoints(identity.Verifier, 0, identity.Points, 0, identity.Points, 65);
        MatterNodeOptions options = new MatterNodeOptions();
        options.Clock = s_board;
        options.Random = s_board;
        options.Flash = s_board;
        options.Udp = s_board;
        options.Signal = s_board;
        options.Worker = s_board;
        options.Ble = s_board;
        options.Settings.Wifi = s_board;
        options.Attestation = s_board;
        options.Identity = identity;
        s_node = new MatterNode(options);
    }

    private static void Pase()
    {
        Marks.Write("-- PASE");
        s_peer.Writer.Init(s_peer.Message, 0, 900);
        PbkdfParamRequest.Write(s_peer.Writer, new byte[32], 0, 4711, 0, false, null);
        byte[] request = new byte[s_peer.Writer.Length];
        Array.Copy(s_peer.Message, 0, request, 0, request.Length);
        s_peer.NewExchange();
        s_peer.SendPlain(PbkdfParamRequest.Opcode, request, request.Length);
        Until("PBKDFParamRequest to PBKDFParamResponse", PbkdfParamResponse.Opcode, null);
        byte[] context = new byte[32];
        Sha256 sha = new Sha256();
        sha.Init();
        byte[] text = LightPeer.Bytes("434849502050414b4520563120436f6d6d697373696f6e696e67");
        sha.Update(text, 0, text.Length);
        sha.Update(request, 0, request.Length);
        sha.Update(s_board.Sent, s_peer.PayloadAt, s_peer.PayloadLength);
        sha.Final(context, 0);

        byte[] w0 = LightPeer.Bytes("b96170aae803346884724fe9a3b287c30330c2a660375d17bb205a8cf1aecb35");
        byte[] w1 = LightPeer.Bytes("823d264225e36f4923b43ad64f8c862a30f4a129bbf9ee8074a32d6d67586a90");
        byte[] share = new byte[65];
        byte[] confirmation = new byte[32];
        byte[] secret = new byte[16];
        Spake2pProver prover = new Spake2pProver(s_peer.Crypto);
        prover.Start(s_board, w0, 0, w1, 0, share, 0);
        s_peer.Writer.Init(s_peer.Message, 0, 900);
        Pake1.Write(s_peer.Writer, share, 0);
        s_peer.SendPlain(Pake1.Opcode, s_peer.Message, s_peer.Writer.Length);
        Until("Pake1 to Pake2", Pake2.Opcode, null);
        Pake2 pake2 = new Pake2();
        pake2.TryRead(new TlvReader(), s_board.Sent, s_peer.PayloadAt, s_peer.PayloadLength);
        prover.Finish(context, 0, 32, s_board.Sent, pake2.ShareOffset, s_board.Sent, pake2.ConfirmationOffset, confirmation, 0, secret, 0);
        s_peer.Writer.Init(s_peer.Message, 0, 900);
        Pake3.Write(s_peer.Writer, confirmation, 0);
        s_peer.SendPlain(Pake3.Opcode, s_peer.Message, s_peer.Writer.Length);
        Until("Pake3 to StatusReport", SecureChannelProtocol.StatusReport, null);
        s_peer.Acknowledge(null);
        Marks.Write(s_node.Sessions.GetPaseSession() != null ? "established" : "NOT ESTABLISHED");
    }

    private static void Case(string text)
    {
        Settle();
        Marks.Write("-- CASE");
        s_peer.WriteSigma1(false);
        Until("Sigma1 to Sigma2", Sigma2.Opcode, null);
        Marks.Write("#GC Sigma2 sent");

        // While the peer computes Sigma3.
        s_board.Work();
        Marks.Write("#IL   worker, ahead of Sigma3");
        Settle();
        s_peer.WriteSigma3();
        Until(text, SecureChannelProtocol.StatusReport, null);
        s_peer.Acknowledge(null);
        Marks.Write(s_node.Sessions.GetSessionForNode(1, s_peer.NodeId) != null ? "established" : "NOT ESTABLISHED");
    }

    private static void Resume()
    {
        Marks.Write("-- CASE, resumed");
        s_board.Now += 1000;
        Settle();
        ResumptionRecord record = s_node.Sessions.FindResumptionRecordByNodeId(1, s_peer.NodeId);
        Array.Copy(record.Data, record.IdOffset, s_peer.Id, 0, 16);
        Array.Copy(record.Data, record.SecretOffset, s_peer.Secret, 0, 32);
        s_peer.WriteSigma1(true);
        Until("Sigma1 to Sigma2Resume", Sigma2Resume.Opcode, null);
        StatusReport.Write(s_peer.Message, 0, 0, 0);
        s_board.Now += 10;
        s_peer.SendPlain(SecureChannelProtocol.StatusReport, s_peer.Message, 8);
        Settle();
        SecureSession session = s_node.Sessions.GetSessionForNode(1, s_peer.NodeId);
        Marks.Write(session != null && session.IsResumption ? "established" : "NOT ESTABLISHED");
    }

    private static void Messages()
    {
        SecureSession session = s_node.Sessions.GetSessionForNode(1, s_peer.NodeId);
        for (int round = 0; round < 2; round++)
        {
            Marks.Write("-- messages");
            Request(session, "read of one attribute", 2, 5);
            Request(session, "toggle", 8, 9);
        }

        Request(session, "subscription, first report", 3, 5);
        s_peer.Confirm(session);
        Until("subscription, SubscribeResponse", 4, session);
        Acknowledge(session);
        for (int round = 0; round < 2; round++)
        {
            s_board.Now += 5000;
            s_light.OnOff.Toggle();
            Until("report", 5, session);
            s_peer.Confirm(session);
            Settle();
        }
    }

    private static void Request(SecureSession session, string text, int opcode, int answer)
    {
        TlvWriter writer = s_peer.Writer;
        writer.Init(s_peer.Message, 0, 900);
        writer.StartStructure(TlvTag.Anonymous);
        if (opcode == 8)
        {
            writer.PutBoolean(0, false);
            writer.PutBoolean(1, false);
            writer.StartArray(2);
            writer.StartStructure(TlvTag.Anonymous);
            writer.StartList(0);
            writer.PutUnsigned(0, 1);
            writer.PutUnsigned(1, 6);
            writer.PutUnsigned(2, 2);
            writer.EndContainer();
            writer.EndContainer();
            writer.EndContainer();
        }
        else
        {
            if (opcode == 3)
            {
                writer.PutBoolean(0, true);
                writer.PutUnsigned(1, 0);
                writer.PutUnsigned(2, 60);
            }

            writer.StartArray(opcode == 3 ? 3u : 0);
            writer.StartList(TlvTag.Anonymous);
            writer.PutUnsigned(2, 1);
            writer.PutUnsigned(3, 6);
            writer.PutUnsigned(4, 0);
            writer.EndContainer();
            writer.EndContainer();
            writer.PutBoolean(opcode == 3 ? 7u : 3, true);
        }

        writer.PutUnsigned(255, 12);
        writer.EndContainer();
        s_peer.NewExchange();
        s_peer.SendSecure(session, opcode, 1, writer.Length);
        Until(text, answer, session);
        if (opcode != 3)
        {
            Acknowledge(session);
        }
    }

    private static void Acknowledge(SecureSession session)
    {
        s_peer.Acknowledge(session);
        Settle();
    }

    // Steps until the light has sent a message with this opcode; prints the instructions of the loop's and the worker's parts.
    private static void Until(string text, int opcode, SecureSession session)
    {
        Marks.Write(text);
        s_board.Counts = true;
        Marks.Write("#IL   -");
        for (int i = 0; i < 40; i++)
        {
            int sent = s_board.SentCount;
            s_node.Step();
            Marks.Write(LightBoard.StepEnded);
            if (s_board.SentCount != sent)
            {
                int received = s_peer.Take(session);
                Marks.Write("#IL   (controller)");
                if (received == opcode)
                {
                    s_board.Counts = false;
                    return;
                }
            }

            if (s_board.Waiting != 0)
            {
                s_board.Work();
                Marks.Write(LightBoard.JobEnded);
            }
        }

        Marks.Write("NO ANSWER");
    }

    private static void Settle()
    {
        while (s_node.Step() == 0 || s_board.Waiting != 0)
        {
            if (s_board.Waiting != 0)
            {
                s_board.Work();
            }
        }
    }
}
