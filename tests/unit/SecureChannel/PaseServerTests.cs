using System;
using MatterNano.Crypto;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using MatterNano.Tlv;
using nanoFramework.TestFramework;

namespace NFUnitTest.SecureChannel;

[TestClass]
public class PaseServerTests
{
    [TestMethod]
    public void RightPasscode_MakesASession_4_14_1()
    {
        HandshakeBench bench = new HandshakeBench();
        OpenWindow(bench);
        Assert.IsTrue(RunUntilPake3(bench, 0));
        Assert.IsTrue(bench.IsReport(StatusReport.GeneralSuccess, StatusReport.SessionEstablished));
        SecureSession session = bench.Sessions.GetPaseSession();
        Assert.IsNotNull(session);
        Assert.AreEqual(SessionState.Active, session.State);
        Assert.AreEqual(4711, session.PeerSessionId);
        Assert.AreEqual(1U, bench.Handler.Counters.Get(SecureChannelCounters.PaseEstablished));
    }

    [TestMethod]
    public void WrongConfirmation_IsInvalidParameter_AndCounts_TC_SC_2_3()
    {
        HandshakeBench bench = new HandshakeBench();
        OpenWindow(bench);
        Assert.IsTrue(RunUntilPake3(bench, 1));
        Assert.IsTrue(bench.IsReport(StatusReport.GeneralFailure, StatusReport.InvalidParameter));
        Assert.IsNull(bench.Sessions.GetPaseSession());
        Assert.AreEqual(1, bench.Window.Failures);
    }

    [TestMethod]
    public void ClosedWindow_IsSilent_TC_CADMIN_1_5()
    {
        HandshakeBench bench = new HandshakeBench();
        SendRequest(bench);
        Assert.AreEqual(-1, bench.Opcode);
        Assert.AreEqual(1U, bench.Handler.Counters.Get(SecureChannelCounters.PaseNoWindow));
    }

    // The verifier that every example device uses: passcode 20202021, salt "SPAKE2P Key Salt", 1000 iterations
    // (connectedhomeip scripts/tools/spake2p/README.md, Apache-2.0).
    private static void OpenWindow(HandshakeBench bench)
    {
        byte[] verifier = Hex.Bytes("b96170aae803346884724fe9a3b287c30330c2a660375d17bb205a8cf1aecb350457f8ab79ee253ab6a8e46bb09e543ae422736de501e3db37d441fe344920d09548e4c18240630c4ff4913c53513839b7c07fcc0627a1b8573a149fcd1fa466cf");
        byte[] salt = Hex.Bytes("5350414b453250204b65792053616c74");
        bench.Window.OpenEnhanced(900, 0, 0, verifier, 0, 1000, salt, 0, salt.Length, 3840);
    }

    private static byte[] SendRequest(HandshakeBench bench)
    {
        TlvWriter writer = new TlvWriter();
        byte[] buffer = new byte[100];
        writer.Init(buffer, 0, buffer.Length);
        Assert.IsTrue(PbkdfParamRequest.Write(writer, new byte[32], 0, 4711, 0, false, null));
        byte[] request = new byte[writer.Length];
        Array.Copy(buffer, 0, request, 0, request.Length);
        bench.NewExchange();
        bench.Send(PbkdfParamRequest.Opcode, request, request.Length);
        return request;
    }

    // Up to and with Pake3, whose confirmation is changed by the given bits.
    private static bool RunUntilPake3(HandshakeBench bench, byte spoil)
    {
        byte[] request = SendRequest(bench);
        TlvReader reader = new TlvReader();
        PbkdfParamResponse response = new PbkdfParamResponse();
        Assert.AreEqual(PbkdfParamResponse.Opcode, bench.Opcode);
        Assert.IsTrue(response.TryRead(reader, bench.Payload, 0, bench.Payload.Length));
        Assert.AreEqual(1000, response.Iterations);
        Assert.AreEqual(16, response.SaltLength);
        byte[] text = Hex.Bytes("434849502050414b4520563120436f6d6d697373696f6e696e67");
        byte[] context = new byte[32];
        Sha256 sha = new Sha256();
        sha.Init();
        sha.Update(text, 0, text.Length);
        sha.Update(request, 0, request.Length);
        sha.Update(bench.Payload, 0, bench.Payload.Length);
        sha.Final(context, 0);

        byte[] w0 = Hex.Bytes("b96170aae803346884724fe9a3b287c30330c2a660375d17bb205a8cf1aecb35");
        byte[] w1 = Hex.Bytes("823d264225e36f4923b43ad64f8c862a30f4a129bbf9ee8074a32d6d67586a90");
        byte[] share = new byte[65];
        byte[] confirmation = new byte[32];
        byte[] secret = new byte[16];
        byte[] buffer = new byte[120];
        Spake2pProver prover = new Spake2pProver(bench.Crypto);
        TlvWriter writer = new TlvWriter();
        Assert.IsTrue(prover.Start(bench.Random, w0, 0, w1, 0, share, 0));
        writer.Init(buffer, 0, buffer.Length);
        Pake1.Write(writer, share, 0);
        bench.Send(Pake1.Opcode, buffer, writer.Length);
        Pake2 pake2 = new Pake2();
        Assert.AreEqual(Pake2.Opcode, bench.Opcode);
        Assert.IsTrue(pake2.TryRead(reader, bench.Payload, 0, bench.Payload.Length));
        bool isRight = prover.Finish(
            context, 0, 32, bench.Payload, pake2.ShareOffset, bench.Payload, pake2.ConfirmationOffset, confirmation, 0, secret, 0);
        confirmation[7] ^= spoil;
        writer.Init(buffer, 0, buffer.Length);
        Pake3.Write(writer, confirmation, 0);
        bench.Send(Pake3.Opcode, buffer, writer.Length);
        return isRight;
    }
}
