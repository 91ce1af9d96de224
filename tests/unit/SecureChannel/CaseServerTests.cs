using System;
using MatterNano.Crypto;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using MatterNano.Tlv;
using nanoFramework.TestFramework;

namespace NFUnitTest.SecureChannel;

[TestClass]
public class CaseServerTests
{
    private const int InitiatorSessionId = 815;

    [TestMethod]
    public void FullHandshake_ThenResumption_4_14_2()
    {
        HandshakeBench bench = new HandshakeBench();
        RunFull(bench, 0);
        Assert.IsTrue(bench.IsReport(StatusReport.GeneralSuccess, StatusReport.SessionEstablished));
        SecureSession session = bench.Sessions.GetSessionForNode(1, HandshakeBench.PeerNodeId);
        Assert.IsNotNull(session);
        Assert.AreEqual(SessionState.Active, session.State);
        Assert.AreEqual(InitiatorSessionId, session.PeerSessionId);
        Assert.AreEqual(HandshakeBench.DeviceNodeId, session.NodeId);
        Assert.AreEqual(1, bench.Sessions.Records.Count);

        byte[] id = new byte[16];
        byte[] secret = new byte[32];
        ResumptionRecord record = bench.Sessions.FindResumptionRecordByNodeId(1, HandshakeBench.PeerNodeId);
        Array.Copy(record.Data, record.IdOffset, id, 0, 16);
        Array.Copy(record.Data, record.SecretOffset, secret, 0, 32);
        Resume(bench, id, secret);

        // Its first message decides, or the report: until then the old identifier is good too.
        session = bench.Sessions.GetSessionForNode(1, HandshakeBench.PeerNodeId);
        Assert.IsFalse(session.IsResumption);
        byte[] report = new byte[8];
        bench.Clock.Now += 10;
        bench.Send(SecureChannelProtocol.StatusReport, report, StatusReport.Write(report, 0, 0, 0));
        session = bench.Sessions.GetSessionForNode(1, HandshakeBench.PeerNodeId);
        Assert.IsTrue(session.IsResumption);
        Assert.AreEqual(1, bench.Sessions.Records.Count);
        Assert.IsNull(bench.Sessions.FindResumptionRecordById(id, 0));
    }

    [TestMethod]
    public void WrongSignature_IsInvalidParameter_TC_SC_3_4()
    {
        HandshakeBench bench = new HandshakeBench();
        RunFull(bench, 1);
        Assert.IsTrue(bench.IsReport(StatusReport.GeneralFailure, StatusReport.InvalidParameter));
        Assert.IsNull(bench.Sessions.GetSessionForNode(1, HandshakeBench.PeerNodeId));
        Assert.AreEqual(0, bench.Sessions.Records.Count);
    }

    [TestMethod]
    public void UnknownDestination_IsNoSharedTrustRoots_4_14_2_3()
    {
        HandshakeBench bench = new HandshakeBench();
        byte[] buffer = new byte[300];
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 0, buffer.Length);
        Sigma1.Write(writer, new byte[32], 0, InitiatorSessionId, new byte[32], new byte[65], null, null, null);
        bench.NewExchange();
        bench.Send(Sigma1.Opcode, buffer, writer.Length);
        Assert.IsTrue(bench.IsReport(StatusReport.GeneralFailure, StatusReport.NoSharedTrustRoots));
    }

    private static int WriteSigma1(HandshakeBench bench, byte[] random, byte[] publicKey, byte[] id, byte[] mic, byte[] buffer)
    {
        byte[] destination = new byte[32];
        byte[] root = Hex.Bytes(HandshakeBench.RootPublicKey);
        new MatterNano.Credentials.FabricKeys(bench.Crypto).ComputeDestinationId(
            Hex.Bytes(HandshakeBench.ProtectionKey), 0, random, 0, root, 0, HandshakeBench.FabricId, HandshakeBench.DeviceNodeId, destination, 0);
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 0, buffer.Length);
        Assert.IsTrue(Sigma1.Write(writer, random, 0, InitiatorSessionId, destination, publicKey, new SessionParameters(), id, mic));
        return writer.Length;
    }

    private static void Resume(HandshakeBench bench, byte[] id, byte[] secret)
    {
        byte[] random = new byte[32];
        byte[] key = new byte[16];
        byte[] mic = new byte[16];
        bench.Random.Fill(random, 0, 32);
        Derive(bench, secret, random, id, "Sigma1_Resume", key);
        bench.Crypto.CcmEncrypt(key, 0, Ascii("NCASE_SigmaS1"), 0, key, 0, 0, mic, 0, 0);
        byte[] buffer = new byte[400];
        int length = WriteSigma1(bench, random, new byte[65], id, mic, buffer);
        bench.NewExchange();
        bench.Send(Sigma1.Opcode, buffer, length);
        Sigma2Resume answer = new Sigma2Resume();
        Assert.AreEqual(Sigma2Resume.Opcode, bench.Opcode);
        Assert.IsTrue(answer.TryRead(new TlvReader(), bench.Payload, 0, bench.Payload.Length));
        byte[] newId = new byte[16];
        Array.Copy(bench.Payload, answer.ResumptionIdOffset, newId, 0, 16);
        Derive(bench, secret, random, newId, "Sigma2_Resume", key);
        Assert.IsTrue(bench.Crypto.CcmDecrypt(key, 0, Ascii("NCASE_SigmaS2"), 0, key, 0, 0, bench.Payload, answer.ResumeMicOffset, 16));
    }

    private static void RunFull(HandshakeBench bench, byte spoil)
    {
        byte[] random = new byte[32];
        byte[] privateKey = new byte[32];
        byte[] keys = new byte[162];
        byte[] sigma1 = new byte[300];
        bench.Random.Fill(random, 0, 32);
        P256.GenerateKeyPair(bench.Random, privateKey, 0, keys, 0);
        byte[] ownKey = new byte[65];
        Array.Copy(keys, 0, ownKey, 0, 65);
        int length = WriteSigma1(bench, random, ownKey, null, null, sigma1);
        bench.NewExchange();
        bench.Send(Sigma1.Opcode, sigma1, length);
        Assert.AreEqual(Sigma2.Opcode, bench.Opcode);
        Sigma2 sigma2 = new Sigma2();
        Assert.IsTrue(sigma2.TryRead(new TlvReader(), bench.Payload, 0, bench.Payload.Length));

        byte[] secret = new byte[32];
        byte[] salt = new byte[48];
        byte[] key = new byte[16];
        byte[] noc = Hex.Bytes(HandshakeBench.PeerNoc);
        byte[] signature = new byte[64];
        Assert.IsTrue(P256.Ecdh(privateKey, 0, bench.Payload, sigma2.PublicKeyOffset, secret, 0));
        Array.Copy(bench.Payload, sigma2.PublicKeyOffset, keys, 65, 65);
        SignedData.Hash(new Sha256(), noc, 0, noc.Length, 0, 0, keys, 0, 65, 130);
        Assert.IsTrue(P256.Sign(Hex.Bytes(HandshakeBench.PeerKey), 0, keys, 130, signature, 0, bench.Random));
        signature[50] ^= spoil;
        Array.Copy(Hex.Bytes(HandshakeBench.ProtectionKey), 0, salt, 0, 16);
        Sha256 sha = new Sha256();
        sha.Init();
        sha.Update(sigma1, 0, length);
        sha.Update(bench.Payload, 0, bench.Payload.Length);
        sha.Final(salt, 16);
        bench.Crypto.Hkdf(secret, 0, 32, salt, 0, 48, Ascii("Sigma3"), 0, 6, key, 0, 16);

        byte[] plain = new byte[500];
        TlvWriter writer = new TlvWriter();
        writer.Init(plain, 0, plain.Length);
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, noc, 0, noc.Length);
        writer.PutBytes(3, signature, 0, 64);
        writer.EndContainer();
        int plainLength = writer.Length;
        bench.Crypto.CcmEncrypt(key, 0, Ascii("NCASE_Sigma3N"), 0, key, 0, 0, plain, 0, plainLength);
        byte[] sigma3 = new byte[520];
        writer.Init(sigma3, 0, sigma3.Length);
        Assert.IsTrue(Sigma3.Write(writer, plain, 0, plainLength + 16));
        bench.Send(Sigma3.Opcode, sigma3, writer.Length);
    }

    private static void Derive(HandshakeBench bench, byte[] secret, byte[] random, byte[] id, string info, byte[] key)
    {
        byte[] salt = new byte[48];
        Array.Copy(random, 0, salt, 0, 32);
        Array.Copy(id, 0, salt, 32, 16);
        bench.Crypto.Hkdf(secret, 0, 32, salt, 0, 48, Ascii(info), 0, info.Length, key, 0, 16);
    }

    private static byte[] Ascii(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)text[i];
        }

        return bytes;
    }
}
