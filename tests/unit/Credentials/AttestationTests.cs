using MatterNano;
using MatterNano.Credentials;
using MatterNano.Crypto;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Credentials;

[TestClass]
public class AttestationTests
{
    [TestMethod]
    public void Request_IsTheKnownOne_6_4_6_1()
    {
        // From matter.js, packages/protocol/test/certificate/TestCertificates.ts, Apache-2.0: key pair and CertificationRequestInfo.
        byte[] privateKey = Hex.Bytes("727f1005cba47ed7822a9d930943621617cfd3b79d9af528b801ecf9f1992204");
        string publicKey = "0462e2b6e1baff8d74a6fd8216c4cb67a3363a31e691492792e61aee610261481396725ef95e142686ba98f339b0ff65bc338bec7b9e8be0bdf3b2774982476220";
        string info = "3070020100300e310c300a060355040a0c034353523059301306072a8648ce3d020106082a8648ce3d03010703420004" + publicKey.Substring(2) + "a000";
        byte[] buffer = Hex.Filled(Csr.MaxLength + 2);
        int length = Csr.Write(new FakeRandom(7), privateKey, 0, Hex.Bytes(publicKey), 0, buffer, 1, Csr.MaxLength);
        string csr = Hex.Text(buffer, 1, length);
        Assert.AreEqual(3, csr.IndexOf(info) / 2);
        Assert.AreEqual("3081", csr.Substring(0, 4));
        Assert.AreEqual(length - 3, (int)buffer[3]);
        Assert.AreEqual("300a06082a8648ce3d04030203", csr.Substring(6 + info.Length, 26));
        Assert.AreEqual((byte)0xa5, buffer[0]);
        Assert.AreEqual((byte)0xa5, buffer[1 + length]);

        // Behind the bit string's head and its count of unused bits is the signature over the info.
        int at = 1 + 3 + (info.Length / 2) + 12 + 3;
        byte[] signature = new byte[64];
        Assert.IsTrue(EcdsaSignature.FromDer(buffer, at, 1 + length - at, signature, 0));
        byte[] infoBytes = Hex.Bytes(info);
        byte[] hash = new byte[32];
        Sha256 sha = new Sha256();
        sha.Init();
        sha.Update(infoBytes, 0, infoBytes.Length);
        sha.Final(hash, 0);
        Assert.IsTrue(P256.Verify(Hex.Bytes(publicKey), 0, hash, 0, signature, 0));

        for (int capacity = 0; capacity < 200; capacity += 37)
        {
            Assert.AreEqual(-1, Csr.Write(new FakeRandom(7), privateKey, 0, Hex.Bytes(publicKey), 0, buffer, 1, capacity));
        }
    }

    [TestMethod]
    public void AttestationElements_HaveTheirOrder_11_18_4_5()
    {
        byte[] nonce = new byte[32];
        nonce[0] = 0x11;
        string tail = "300220" + Hex.Text(nonce, 0, 32);
        byte[] buffer = Hex.Filled(700);
        TestProvider provider = new TestProvider(3);
        int length = new Attestation(provider).WriteElements(nonce, 0, 0, buffer, 1, 699);
        Assert.AreEqual("15" + "300103" + "070707" + tail + "240300" + "18", Hex.Text(buffer, 1, length));
        Assert.AreEqual((byte)0xa5, buffer[0]);
        length = new Attestation(provider).WriteElements(nonce, 0, 0x12345678, buffer, 1, 699);
        Assert.AreEqual(tail + "2603" + "78563412" + "18", Hex.Text(buffer, 8, length - 7));

        provider = new TestProvider(255);
        length = new Attestation(provider).WriteElements(nonce, 0, 0, buffer, 1, 699);
        Assert.AreEqual("15" + "3001ff" + "07", Hex.Text(buffer, 1, 5));
        Assert.AreEqual("0707" + tail + "240300" + "18", Hex.Text(buffer, length - 40, 41));
        provider = new TestProvider(256);
        length = new Attestation(provider).WriteElements(nonce, 0, 0, buffer, 1, 699);
        Assert.AreEqual("15" + "31010001" + "07", Hex.Text(buffer, 1, 6));
        Assert.AreEqual("0707" + tail + "240300" + "18", Hex.Text(buffer, length - 40, 41));
        Assert.AreEqual(1 + 4 + 256 + 35 + 3 + 1, length);

        buffer = Hex.Filled(700);
        for (int capacity = 0; capacity < length; capacity++)
        {
            Assert.AreEqual(-1, new Attestation(provider).WriteElements(nonce, 0, 0, buffer, 1, capacity));
            Assert.AreEqual((byte)0xa5, buffer[1 + capacity]);
        }

        Assert.AreEqual(-1, new Attestation(new TestProvider(-1)).WriteElements(nonce, 0, 0, buffer, 0, 700));
    }

    [TestMethod]
    public void NocsrElements_HaveTheirOrder_11_18_4_7()
    {
        byte[] nonce = new byte[32];
        byte[] csr = Hex.Bytes("a1a2a3");
        byte[] buffer = Hex.Filled(60);
        Attestation attestation = new Attestation(new TestProvider(3));
        int length = attestation.WriteNocsrElements(csr, 0, 3, nonce, 0, buffer, 1, 59);
        Assert.AreEqual("15" + "300103a1a2a3" + "300220" + Hex.Text(nonce, 0, 32) + "18", Hex.Text(buffer, 1, length));
        Assert.AreEqual(-1, attestation.WriteNocsrElements(csr, 0, 3, nonce, 0, buffer, 1, length - 1));
    }

    [TestMethod]
    public void Signature_CoversElementsAndChallenge_11_18_4_5()
    {
        TestProvider provider = new TestProvider(3);
        Attestation attestation = new Attestation(provider);
        byte[] elements = Hex.Bytes("00010203");
        byte[] challenge = Hex.Bytes("000102030405060708090a0b0c0d0e0f10");
        byte[] signature = Hex.Filled(66);
        Assert.IsTrue(attestation.Sign(elements, 1, 3, challenge, 1, signature, 1));

        // The provider gives back what it was asked to sign: SHA-256 of both together.
        byte[] both = Hex.Bytes("0102030102030405060708090a0b0c0d0e0f10");
        Sha256 sha = new Sha256();
        sha.Init();
        sha.Update(both, 0, both.Length);
        byte[] hash = new byte[32];
        sha.Final(hash, 0);
        Assert.AreEqual("a5" + Hex.Text(hash, 0, 32), Hex.Text(signature, 0, 33));
        provider.Refuses = true;
        Assert.IsFalse(attestation.Sign(elements, 1, 3, challenge, 1, signature, 1));
    }

    private sealed class TestProvider : IAttestationProvider
    {
        internal bool Refuses;

        private readonly int _length;

        internal TestProvider(int length)
        {
            _length = length;
        }

        public int Read(int item, byte[] buffer, int offset, int capacity)
        {
            if (item != AttestationItem.CertificationDeclaration || _length < 0 || _length > capacity)
            {
                return -1;
            }

            for (int i = 0; i < _length; i++)
            {
                buffer[offset + i] = 7;
            }

            return _length;
        }

        public bool Sign(byte[] hash, int hashOffset, byte[] signature, int signatureOffset)
        {
            System.Array.Copy(hash, hashOffset, signature, signatureOffset, 32);
            return !Refuses;
        }
    }
}
