using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Onboarding;
using MatterNano.Platform;
using MatterNano.Storage;
using nanoFramework.TestFramework;

namespace NFUnitTest.Onboarding;

[TestClass]
public class DeviceAttestationTests
{
    [TestMethod]
    public void Items_ComeFromTheirRecords_AndAbsentOnesAreMinusOne()
    {
        MemoryFlash flash = new MemoryFlash();
        flash.Write("identity.dac", new byte[] { 1, 2, 3 }, 0, 3);
        flash.Write("identity.pai", new byte[] { 4, 5 }, 0, 2);
        flash.Write("identity.cd", new byte[] { 6 }, 0, 1);
        DeviceAttestation attestation = new DeviceAttestation(flash, new CountingRandom());
        byte[] buffer = new byte[4];
        Assert.AreEqual(3, attestation.Read(AttestationItem.DeviceAttestationCertificate, buffer, 1, 3));
        Assert.AreEqual((byte)1, buffer[1]);
        Assert.AreEqual(2, attestation.Read(AttestationItem.ProductAttestationIntermediate, buffer, 0, 4));
        Assert.AreEqual((byte)4, buffer[0]);
        Assert.AreEqual(1, attestation.Read(AttestationItem.CertificationDeclaration, buffer, 0, 4));
        Assert.AreEqual(-1, attestation.Read(AttestationItem.DeviceAttestationCertificate, buffer, 0, 2), "too long");
        Assert.AreEqual(-1, attestation.Read(9, buffer, 0, 4));
        Assert.IsFalse(attestation.Sign(new byte[32], 0, new byte[64], 0), "no key");
        flash.Delete("identity.pai");
        Assert.AreEqual(-1, attestation.Read(AttestationItem.ProductAttestationIntermediate, buffer, 0, 4));
    }

    [TestMethod]
    public void Signature_IsOfTheStoredKey()
    {
        MemoryFlash flash = new MemoryFlash();
        byte[] key = new byte[32];
        byte[] publicKey = new byte[65];
        CountingRandom random = new CountingRandom();
        P256.GenerateKeyPair(random, key, 0, publicKey, 0);
        flash.Write("identity.key", key, 0, 32);
        DeviceAttestation attestation = new DeviceAttestation(flash, random);
        byte[] hash = new byte[33];
        hash[1] = 7;
        byte[] signature = new byte[66];
        Assert.IsTrue(attestation.Sign(hash, 1, signature, 1));
        Assert.IsTrue(P256.Verify(publicKey, 0, hash, 1, signature, 1));
        Assert.AreEqual((byte)0, signature[0]);
        Assert.AreEqual((byte)0, signature[65]);
    }

    private class CountingRandom : IRandom
    {
        private byte _next = 1;

        public void Fill(byte[] buffer, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                buffer[offset + i] = _next++;
            }
        }
    }
}
