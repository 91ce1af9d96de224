using System;
using MatterNano;
using MatterNano.Crypto;
using MatterNano.Messaging;
using nanoFramework.TestFramework;

namespace NFUnitTest.Messaging;

/// <summary>
/// Whole messages, Core 4.8 and 4.9. Values of connectedhomeip's TestSessionManagerDispatch, rs-matter's proto_hdr and of a
/// recording between a matter.js 0.17.9 controller and light.
/// </summary>
[TestClass]
public class MessageCodecTests
{
    private const string PaseKey = "5eded244e5532b3cdc23409dbad052d2";
    private const string GroupKey = "ca92d7a0942d1a511a0e26ad074f4c2f";
    private const string PrivacyKey = "bfe9da016a765365f2dd97a9f939e425";

    [TestMethod]
    public void UnicastMessages_AreDecrypted_4_8_2()
    {
        Decrypt(PaseKey, 0, "00b80b00393000005a989ae42e8d847f535c3007e6150cd65867f2b817db", "0564ee0e207d");
        Decrypt(PaseKey, 0, "00b80b00393000005a989ae42e8d0f7f885dfb2faa8949cf730a5728e0354610a0c4a7", "0564ee0e207d1122334455");
        Decrypt(
            "66633197439c17b97e10ee47c808804a", 0,
            "00020000f243e90031b566ec8b5bf417e480f3d5115919b5239135370bf9bf69551175877719fcf35d4b471fb05ebeb510adc6789450e5d2e080efa83af0a6af1b0235a7d1c632",
            "050870000100152800280136021537002400002401302402021835012400002c010257572402032503b80b18181818");
        Decrypt("44d43c91d227f3ba0824c5d87cb81b33", 0, "0011000029000000bd53fa7926576111994ef314240b838e88a5e36bcc81c1992a838afe16be4cf4742d9cd7e582d793491558d8", "05085828010015360015370024000124020624030118350118181818");
    }

    [TestMethod]
    public void NodeIdsInTheHeader_AreAuthenticatedOnly_4_8_2()
    {
        Decrypt(
            "412a238b0e1ef90f38c65e56d76e925f", 0xb32deeaa68d17c4eUL,
            "05bdc500f8c5be0b4e7cd168aaee2db301000000000000007af29cfbdce89c3186746abaa9b7902a3eef96614be8cbb245abf223732a",
            "0140dc0100000000000000000300");
        Decrypt(
            "bc8c0b6a8bc27721364d553bb08902e7", 0xb32deeaa68d17c4eUL,
            "05bec50032a8dc004e7cd168aaee2db30100000000000000ee6657dc3d39224c670ed04664915d6ae913897259ba1dafdfd92cfaa8132a844ad334d034101f9898661f",
            "0502de010100153600172402012403062404001818290324ff0c18");
    }

    [TestMethod]
    public void EveryWrongBit_FailsTheIntegrityCheck_4_8_2()
    {
        byte[] message = Hex.Bytes("00b80b00393000005a989ae42e8d847f535c3007e6150cd65867f2b817db");
        MessageHeader header = new MessageHeader();
        MessageCodec codec = new MessageCodec(new SymmetricCrypto());
        byte[] key = Hex.Bytes(PaseKey);
        for (int i = 1; i < message.Length; i++)
        {
            byte[] copy = new byte[message.Length];
            Array.Copy(message, copy, copy.Length);
            copy[i] ^= (byte)(1 << (i & 7));
            if (header.TryRead(copy, 0, copy.Length))
            {
                Assert.AreEqual(-1, codec.Decrypt(key, 0, 0, copy, 0, copy.Length, header), "byte " + i);
            }
        }

        header.TryRead(message, 0, message.Length);
        Assert.AreEqual(-1, codec.Decrypt(key, 0, 1, message, 0, message.Length, header), "node id");
    }

    [TestMethod]
    public void ShorterThanItsIntegrityCode_IsRefused_4_8_2()
    {
        byte[] message = Hex.Bytes("00b80b00393000005a989ae42e8d847f535c3007e6150cd6");
        MessageHeader header = new MessageHeader();
        MessageCodec codec = new MessageCodec(new SymmetricCrypto());
        for (int length = 8; length < 24; length++)
        {
            Assert.IsTrue(header.TryRead(message, 0, length));
            Assert.AreEqual(-1, codec.Decrypt(Hex.Bytes(PaseKey), 0, 0, message, 0, length, header));
        }
    }

    [TestMethod]
    public void UnicastMessage_IsEncryptedWithoutNodeIds_4_8_2()
    {
        byte[] buffer = Hex.Filled(80);
        byte[] plain = Hex.Bytes("0564ee0e207d1122334455");
        Array.Copy(plain, 0, buffer, 30, plain.Length);
        int start;
        int length = new MessageCodec(new SymmetricCrypto()).EncryptUnicast(Hex.Bytes(PaseKey), 0, 3000, 12345, 0, buffer, 30, plain.Length, out start);
        Assert.AreEqual(22, start);
        Assert.AreEqual("00b80b00393000005a989ae42e8d0f7f885dfb2faa8949cf730a5728e0354610a0c4a7", Hex.Text(buffer, start, length));
        Assert.AreEqual((byte)0xa5, buffer[start - 1]);
        Assert.AreEqual((byte)0xa5, buffer[start + length]);
    }

    [TestMethod]
    public void GroupMessages_AreEncryptedWithAndWithoutPrivacy_4_9()
    {
        MessageCodec codec = new MessageCodec(new SymmetricCrypto());
        byte[] buffer = Hex.Filled(80);
        Array.Copy(Hex.Bytes("0164ee0e207d"), 0, buffer, 30, 6);
        int start;
        int length = codec.EncryptGroup(Hex.Bytes(GroupKey), 0, null, 0, 56189, 305419896, 1, 2, buffer, 30, 6, out start);
        Assert.AreEqual("067ddb0178563412010000000000000002" + "0065c767bc6cda0106c9801323900e9b3ce6d4bb0327d6", Hex.Text(buffer, start, length));
        buffer = Hex.Filled(80);
        Array.Copy(Hex.Bytes("0164ee0e207d"), 0, buffer, 30, 6);
        length = codec.EncryptGroup(Hex.Bytes(GroupKey), 0, Hex.Bytes(PrivacyKey), 0, 56189, 305419897, 1, 2, buffer, 30, 6, out start);
        Assert.AreEqual("067ddb81d926afce24c8a0981bdd44f4e7302b2f915a66c9596290ebe4408217b3c0c921a2fca4e1", Hex.Text(buffer, start, length));
        Assert.IsTrue(codec.TogglePrivacy(Hex.Bytes(PrivacyKey), 0, buffer, start, length));
        Assert.AreEqual("067ddb8179563412010000000000000002002b2f915a66c9596290ebe4408217b3c0c921a2fca4e1", Hex.Text(buffer, start, length));
        Assert.IsFalse(codec.TogglePrivacy(Hex.Bytes(PrivacyKey), 0, buffer, start, 33), "too short for header and code");
    }

    [TestMethod]
    public void UnsecuredMessages_CarryTheInitiatorOnly_4_8_1()
    {
        MessageCodec codec = new MessageCodec(new SymmetricCrypto());
        byte[] buffer = Hex.Filled(40);
        int start;
        Assert.AreEqual(26, codec.FrameUnsecured(false, 0x52636acba7c8a07eUL, 2031257377, buffer, 20, 10, out start));
        Assert.AreEqual("a501000000218712797ea0c8a7cb6a6352", Hex.Text(buffer, start - 1, 17));
        Assert.AreEqual(26, codec.FrameUnsecured(true, 0x52636acba7c8a07eUL, 401755914, buffer, 20, 10, out start));
        Assert.AreEqual("040000000a4ff2177ea0c8a7cb6a6352", Hex.Text(buffer, start, 16));
    }

    private static void Decrypt(string key, ulong nodeId, string message, string plain)
    {
        byte[] bytes = Hex.Bytes(message);
        MessageHeader header = new MessageHeader();
        Assert.IsTrue(header.TryRead(bytes, 0, bytes.Length));
        int length = new MessageCodec(new SymmetricCrypto()).Decrypt(Hex.Bytes(key), 0, nodeId, bytes, 0, bytes.Length, header);
        Assert.AreEqual(plain, length < 0 ? "refused" : Hex.Text(bytes, header.Length, length));
    }
}
