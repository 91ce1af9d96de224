using MatterNano.SecureChannel;
using MatterNano.Sessions;
using MatterNano.Tlv;
using nanoFramework.TestFramework;

namespace NFUnitTest.SecureChannel;

// Bytes: a commissioning, resumption and full handshake recorded between two matter.js 0.17.9 nodes; PASE without session
// parameters from matter.js packages/protocol/test/session/secure/PasePairingTest.ts (Apache-2.0).
[TestClass]
public class HandshakeMessageTests
{
    [TestMethod]
    public void PbkdfParamRequest_RecordedBytes_4_14_1_2()
    {
        byte[] bytes = Hex.Bytes("15300120f96084c01af424f7267549f16389c9a0dd7115cdb1aac1e65cd8c7c354a87d8e25020f3e240300280435052501f40125022c012503a00f24041524050c26060000060124070a2408001818");
        TlvReader reader = new TlvReader();
        PbkdfParamRequest message = new PbkdfParamRequest();
        Assert.IsTrue(message.TryRead(reader, bytes, 0, bytes.Length));
        Assert.AreEqual(4, message.RandomOffset);
        Assert.AreEqual(15887, message.SessionId);
        Assert.AreEqual(0, message.PasscodeId);
        Assert.IsFalse(message.HasPbkdfParameters);
        Assert.AreEqual(500U, message.Parameters.IdleInterval);
        Assert.AreEqual(300U, message.Parameters.ActiveInterval);
        Assert.AreEqual(4000U, message.Parameters.ActiveThreshold);
        Assert.AreEqual(21U, message.Parameters.DataModelRevision);
        Assert.AreEqual(12U, message.Parameters.InteractionModelRevision);
        Assert.AreEqual(0x01060000U, message.Parameters.SpecificationVersion);
        Assert.AreEqual(10U, message.Parameters.MaxPathsPerInvoke);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(message.TryRead(reader, bytes, 0, length));
        }
    }

    [TestMethod]
    public void PbkdfParamRequest_WithoutParameters_WritesTheSameBytes()
    {
        byte[] bytes = Hex.Bytes("15300120913cc0622eca85f8d4c132c89663c5d7afa780667be930e5c11bec865479c6172502e68b240300280418");
        PbkdfParamRequest message = new PbkdfParamRequest();
        Assert.IsTrue(message.TryRead(new TlvReader(), bytes, 0, bytes.Length));
        Assert.AreEqual(35814, message.SessionId);
        Assert.AreEqual(500U, message.Parameters.IdleInterval);
        byte[] buffer = Hex.Filled(bytes.Length + 2);
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 1, 1 + bytes.Length);
        Assert.IsTrue(PbkdfParamRequest.Write(writer, bytes, message.RandomOffset, message.SessionId, message.PasscodeId, message.HasPbkdfParameters, null));
        AssertWritten(bytes, buffer, writer);
    }

    [TestMethod]
    public void PbkdfParamRequest_SessionIdZero_IsRefused()
    {
        byte[] bytes = Hex.Bytes("15300120913cc0622eca85f8d4c132c89663c5d7afa780667be930e5c11bec865479c617240200240300280418");
        Assert.IsFalse(new PbkdfParamRequest().TryRead(new TlvReader(), bytes, 0, bytes.Length));
    }

    [TestMethod]
    public void PbkdfParamResponse_Bytes_ReadAndWritten_4_14_1_2()
    {
        byte[] bytes = Hex.Bytes("15300120913cc0622eca85f8d4c132c89663c5d7afa780667be930e5c11bec865479c6173002205682c0732b37c045ebeb416904c187a58b5341088e0172123becfb855f94a72c2503844235042501e8033002202bb41e9d75f30c2e6b2f059410c56965717cc2bf14ed6c73a169435326a896521818");
        TlvReader reader = new TlvReader();
        PbkdfParamResponse message = new PbkdfParamResponse();
        Assert.IsTrue(message.TryRead(reader, bytes, 0, bytes.Length));
        Assert.AreEqual(4, message.InitiatorRandomOffset);
        Assert.AreEqual(39, message.ResponderRandomOffset);
        Assert.AreEqual(17028, message.SessionId);
        Assert.AreEqual(1000, message.Iterations);
        Assert.AreEqual(32, message.SaltLength);
        byte[] salt = new byte[32];
        System.Array.Copy(bytes, message.SaltOffset, salt, 0, 32);
        byte[] buffer = Hex.Filled(bytes.Length + 2);
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 1, 1 + bytes.Length);
        Assert.IsTrue(PbkdfParamResponse.Write(writer, bytes, 4, bytes, 39, 17028, 1000, salt, 0, 32, null));
        AssertWritten(bytes, buffer, writer);
        writer.Init(buffer, 1, bytes.Length);
        Assert.IsFalse(PbkdfParamResponse.Write(writer, bytes, 4, bytes, 39, 17028, 1000, salt, 0, 32, null));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(message.TryRead(reader, bytes, 0, length));
        }
    }

    [TestMethod]
    public void PbkdfParamResponse_BoundsOfIterationsAndSalt_3_9()
    {
        string head = "15300120913cc0622eca85f8d4c132c89663c5d7afa780667be930e5c11bec865479c6173002205682c0732b37c045ebeb416904c187a58b5341088e0172123becfb855f94a72c250384423504";
        string salt16 = "3002102bb41e9d75f30c2e6b2f059410c56965";
        Assert.IsTrue(IsResponse(head + "2501e803" + salt16 + "1818"));
        Assert.IsFalse(IsResponse(head + "2501e703" + salt16 + "1818"));
        Assert.IsTrue(IsResponse(head + "2601a0860100" + salt16 + "1818"));
        Assert.IsFalse(IsResponse(head + "2601a1860100" + salt16 + "1818"));
        Assert.IsFalse(IsResponse(head + "2501e80330020f2bb41e9d75f30c2e6b2f059410c5691818"));
        Assert.IsFalse(IsResponse(head + "2501e8031818"));
    }

    [TestMethod]
    public void Pake1_RecordedBytes_4_14_1_2()
    {
        byte[] bytes = Hex.Bytes("15300141040a1afd21d725cbe44ba04a9a12879a59dacb81a0f26a5e59edd74fba6f7eda5b5eaae01f143e3efb04a3a0496e5b08afdd8f5e508e1efc2e527747bee4680c8718");
        TlvReader reader = new TlvReader();
        Pake1 message = new Pake1();
        Assert.IsTrue(message.TryRead(reader, bytes, 0, bytes.Length));
        Assert.AreEqual(4, message.ShareOffset);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(message.TryRead(reader, bytes, 0, length));
        }

        byte[] buffer = Hex.Filled(bytes.Length + 2);
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 1, 1 + bytes.Length);
        Assert.IsTrue(Pake1.Write(writer, bytes, 4));
        AssertWritten(bytes, buffer, writer);
        bytes[3] = 0x40;
        Assert.IsFalse(message.TryRead(reader, bytes, 0, bytes.Length));
    }

    [TestMethod]
    public void Pake2_RecordedBytes_4_14_1_2()
    {
        byte[] bytes = Hex.Bytes("1530014104b4adce45bbbcbadc91a2d35d676bbe161ceda4fd1694d120d5aaa3e7e53bd57b0a27e6e67cb087c2d7dcabfc658ff1d204c28043d938fa10a54a09fddb1614f2300220957d89b30c80af69e940c3c34ef11a1d521e65b7a6bc354610cfee75f4e6926e18");
        TlvReader reader = new TlvReader();
        Pake2 message = new Pake2();
        Assert.IsTrue(message.TryRead(reader, bytes, 0, bytes.Length));
        Assert.AreEqual(4, message.ShareOffset);
        Assert.AreEqual(72, message.ConfirmationOffset);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(message.TryRead(reader, bytes, 0, length));
        }

        byte[] buffer = Hex.Filled(bytes.Length + 2);
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 1, 1 + bytes.Length);
        Assert.IsTrue(Pake2.Write(writer, bytes, 4, bytes, 72));
        AssertWritten(bytes, buffer, writer);
    }

    [TestMethod]
    public void Pake3_RecordedBytes_4_14_1_2()
    {
        byte[] bytes = Hex.Bytes("153001204646ae627e7274daf048ee3a23a1070c0b8a2561c153fcadfffbc5417ec951c418");
        TlvReader reader = new TlvReader();
        Pake3 message = new Pake3();
        Assert.IsTrue(message.TryRead(reader, bytes, 0, bytes.Length));
        Assert.AreEqual(4, message.ConfirmationOffset);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(message.TryRead(reader, bytes, 0, length));
        }

        byte[] buffer = Hex.Filled(bytes.Length + 2);
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 1, 1 + bytes.Length);
        Assert.IsTrue(Pake3.Write(writer, bytes, 4));
        AssertWritten(bytes, buffer, writer);
    }

    [TestMethod]
    public void Sigma1_RecordedResumption_4_14_2_3()
    {
        byte[] bytes = Hex.Bytes("153001202a20c3baccb75f5da51015efbc7d9ecbdf9ade8bc99c811891757b3b03b51fb72502113e3003206d4e21b3a3e4c234837f8945b545ffb5e1472770ab9a0e97146abdc49060e4433004410492aa1f899d9534a2bb3325831b9f7cfb1f7413e14a6726a48779fd5d80c05e1aee7c9e9aa36a78ef2ddd58a21d754678b5b24a70bb7981c98faddf368ca6e4d435052501f40125022c012503a00f24041524050c26060000060124070a24080018300610ddc400fc2e6dd1dfd0ebd29521ae5b28300710b79b133c26b83d24cdb116ef9cdd11c318");
        TlvReader reader = new TlvReader();
        Sigma1 message = new Sigma1();
        Assert.IsTrue(message.TryRead(reader, bytes, 0, bytes.Length));
        Assert.AreEqual(4, message.RandomOffset);
        Assert.AreEqual(15889, message.SessionId);
        Assert.AreEqual("6d4e21b3", Hex.Text(bytes, message.DestinationIdOffset, 4));
        Assert.AreEqual("0492aa1f", Hex.Text(bytes, message.PublicKeyOffset, 4));
        Assert.IsTrue(message.HasResumptionId);
        Assert.IsTrue(message.HasResumeMic);
        Assert.AreEqual("ddc400fc", Hex.Text(bytes, message.ResumptionIdOffset, 4));
        Assert.AreEqual("b79b133c", Hex.Text(bytes, message.ResumeMicOffset, 4));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(message.TryRead(reader, bytes, 0, length));
        }
    }

    [TestMethod]
    public void Sigma1_LoneIdOrMic_IsReadAndToldApart_4_14_2_3()
    {
        byte[] filler = new byte[65];
        byte[] buffer = new byte[300];
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 0, buffer.Length);
        Assert.IsTrue(Sigma1.Write(writer, filler, 0, 7, filler, filler, new SessionParameters(), filler, null));
        Sigma1 message = new Sigma1();
        Assert.IsTrue(message.TryRead(new TlvReader(), buffer, 0, writer.Length));
        Assert.IsTrue(message.HasResumptionId);
        Assert.IsFalse(message.HasResumeMic);
        writer.Init(buffer, 0, buffer.Length);
        Assert.IsTrue(Sigma1.Write(writer, filler, 0, 7, filler, filler, null, null, filler));
        Assert.IsTrue(message.TryRead(new TlvReader(), buffer, 0, writer.Length));
        Assert.IsFalse(message.HasResumptionId);
        Assert.IsTrue(message.HasResumeMic);
        Assert.AreEqual(7, message.SessionId);
    }

    [TestMethod]
    public void Sigma2Resume_RecordedBytes_4_14_2_3()
    {
        byte[] bytes = Hex.Bytes("1530011059c4dcc952efcfedccfb5c4e9c3793e2300210bffdcbfc17f5e96721c17eda3d962c932503bec535042501f40125022c012503a00f24041524050c26060000060124070a2408001818");
        TlvReader reader = new TlvReader();
        Sigma2Resume message = new Sigma2Resume();
        Assert.IsTrue(message.TryRead(reader, bytes, 0, bytes.Length));
        Assert.AreEqual(4, message.ResumptionIdOffset);
        Assert.AreEqual(23, message.ResumeMicOffset);
        Assert.AreEqual(50622, message.SessionId);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(message.TryRead(reader, bytes, 0, length));
        }

        // Ours leave out transports (tag 8), which say nothing without TCP.
        string ours = Hex.Text(bytes, 0, 43) + "35042501f40125022c012503a00f24041524050c26060000060124070a1818";
        byte[] buffer = Hex.Filled(ours.Length / 2 + 2);
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 1, 1 + ours.Length / 2);
        Assert.IsTrue(Sigma2Resume.Write(writer, bytes, 4, bytes, 23, 50622, message.Parameters));
        AssertWritten(Hex.Bytes(ours), buffer, writer);
    }

    [TestMethod]
    public void Sigma3_CutOrTooShort_IsRefused_4_14_2_3()
    {
        byte[] bytes = Hex.Bytes("153001110102030405060708090a0b0c0d0e0f101118");
        TlvReader reader = new TlvReader();
        Sigma3 message = new Sigma3();
        Assert.IsTrue(message.TryRead(reader, bytes, 0, bytes.Length));
        Assert.AreEqual(4, message.EncryptedOffset);
        Assert.AreEqual(17, message.EncryptedLength);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.IsFalse(message.TryRead(reader, bytes, 0, length));
        }

        byte[] buffer = Hex.Filled(bytes.Length + 2);
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 1, 1 + bytes.Length);
        Assert.IsTrue(Sigma3.Write(writer, bytes, 4, 17));
        AssertWritten(bytes, buffer, writer);
        byte[] tagOnly = Hex.Bytes("153001100102030405060708090a0b0c0d0e0f1018");
        Assert.IsFalse(message.TryRead(reader, tagOnly, 0, tagOnly.Length));
    }

    [TestMethod]
    public void StatusReport_Bytes_4_11_1_3()
    {
        StatusReport report = new StatusReport();
        byte[] close = Hex.Bytes("0000000000000300");
        Assert.IsTrue(report.TryRead(close, 0, 8));
        Assert.IsTrue(report.IsCloseSession);
        Assert.IsFalse(report.IsSuccess);
        byte[] success = Hex.Bytes("0000000000000000");
        Assert.IsTrue(report.TryRead(success, 0, 8));
        Assert.IsTrue(report.IsSuccess);
        byte[] vendor = Hex.Bytes("00000000f1ff0000");
        Assert.IsTrue(report.TryRead(vendor, 0, 8));
        Assert.IsFalse(report.IsSuccess);
        Assert.AreEqual(0xfff10000U, report.ProtocolId);
        for (int length = 0; length < 8; length++)
        {
            Assert.IsFalse(report.TryRead(close, 0, length));
        }

        byte[] buffer = Hex.Filled(12);
        Assert.AreEqual(10, StatusReport.WriteBusy(buffer, 1, 5000));
        Assert.AreEqual("a508000000000004008813a5", Hex.Text(buffer, 0, 12));
        Assert.IsTrue(report.TryRead(buffer, 1, 10));
        Assert.AreEqual(StatusReport.GeneralBusy, report.GeneralCode);
        Assert.AreEqual(2, report.DataLength);
        Assert.AreEqual(9, report.DataOffset);
        Assert.AreEqual(8, StatusReport.Write(buffer, 1, StatusReport.GeneralFailure, StatusReport.InvalidParameter));
        Assert.AreEqual("a50100000000000200", Hex.Text(buffer, 0, 9));
    }

    [TestMethod]
    public void SessionParameters_DefaultsForWhatIsLeftOut_AndWideNumbers_4_13_1()
    {
        SessionParameters parameters = new SessionParameters();
        byte[] bytes = Hex.Bytes("152601ffffffff2503ffff2408021818");
        TlvReader reader = new TlvReader();
        reader.Init(bytes, 0, bytes.Length);
        Assert.IsTrue(reader.Next());
        Assert.IsTrue(parameters.TryRead(reader));
        Assert.AreEqual(0xffffffffU, parameters.IdleInterval);
        Assert.AreEqual(300U, parameters.ActiveInterval);
        Assert.AreEqual(0xffffU, parameters.ActiveThreshold);
        byte[] wide = Hex.Bytes("152603000001001818");
        reader.Init(wide, 0, wide.Length);
        Assert.IsTrue(reader.Next());
        Assert.IsFalse(parameters.TryRead(reader));
    }

    private static bool IsResponse(string hex)
    {
        byte[] bytes = Hex.Bytes(hex);
        return new PbkdfParamResponse().TryRead(new TlvReader(), bytes, 0, bytes.Length);
    }

    private static void AssertWritten(byte[] expected, byte[] buffer, TlvWriter writer)
    {
        Assert.AreEqual(expected.Length, writer.Length);
        Assert.AreEqual("a5" + Hex.Text(expected, 0, expected.Length) + "a5", Hex.Text(buffer, 0, buffer.Length));
    }
}
