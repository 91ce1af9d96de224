using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.SecureChannel;
using nanoFramework.TestFramework;

namespace NFUnitTest.SecureChannel;

// Values: matter.js packages/protocol/test/session/secure/CasePairingTest.ts (Apache-2.0), and a resumption recorded between
// two matter.js 0.17.9 nodes.
[TestClass]
public class CaseKeysTests
{
    [TestMethod]
    public void Sigma2_IsSignedAndEncrypted_4_14_2_3()
    {
        byte[] plain = Hex.Bytes("153001f1153001010124020137032414001826048012542826058015203b370624150124115a1824070124080130094104531a14e4c1b4cc7ac69aa5e403d5ccc3c5152c29fddedc29ac98ecff6c8f8695317446029cf3eb3e295ee18f0fd0ba9f06f7fa229138db0bc8d8c6f9875c9707370a3501280118240201360304020401183004149038f60c3542d5e610f29abc5f42ac09b07ee0d7300514e766069362d7e35b79687161644d222bdde93a6818300b40cbd9a06e77e9a7bcd19d02da0f2e50042f7d78201e8be26e793e995ca8f02f1094b34d0fd53b1f1458908d0d29183f2611e6132c6401d15dfff081d1021358ad183003401736972364d84c4ae069f642f491256c6e74c86eda9f5ed4d89dfd7cadb68b67574f032afa2764fcc890e9218eaedcc484576d2d65e4df1ae22dd916f12ab59e3004108731f8cec507136df7558fca9360e9fc18");
        byte[] encrypted = Hex.Bytes("7db57138c40bd8f37deb377764270e35143ec2cadfa73ef138d5ff3818ca3f003db767061051a19cb2cb1756ff214a855b6c32a07798c22756ff22338928928baa9ed8ab9484e3a662612616a95a7dbd11ac8d84ebe33b141366349452e47ebac98423140dffa764c83257c079c29a925f5a065ba98c491ae54289fc3d09d8bd8519e9f82dd51dfe4317e22b8481ada14462f01a1b837dc7af1000a3869bc1f9539d69cf73e0eb2377e35b5f9799ccb38b14dab2735edf37660a641669031820133122b5b62267b8b543e797977278b4bef14b6a820749ce66617251356ab8b759ccb3b3cdb376ec1862268aacb46145527f7940794fbc77c852a02bafb64e8e461e50349a342c34f493ac20abc7442ecf78531b4e07047af37dbe2e4746fb344169dd302f1ecc9339cb54a40b11957e2d395e4bcfb98a560247dffa5c22454febdb94b82c40838a279143a089b6ef8df76222ecdf4e04bcd6e6e222");

        // Secret, identity protection key, responder's random and key, hash of Sigma1, initiator's key.
        byte[] data = Hex.Bytes("08ec3182f7111854fd22fe527951527e4fe905d29a959f99013279cd9c9299f1" + "0c677d9b5ac585827b577470bd9bd516" + "75d1443943a23371699bb017958a87e9ec6bbcad5f990aa3822a45bec7786489" + "04e2690445cc017a388853eaeca3a1ffd2712f6898e0bb523b8b496590804a39bf1555300bbd2a159e927b428397fb07a41e26c8cdf858ec62a310d0480d94eb64" + "df506d7014c72ed4a18169954cf24a5cacf44fc7c13eb39906c06a50864f8106" + "04ae6e458cf40ad53761ee90bc458aa577e6a1acf75410524551bb0bc4c708832c6525991ee2eed47df35ce2d83dad743bff6769ebbf731395d62453cb37303e03" + "0000000000000000000000000000000000000000000000000000000000000000");
        SignedData.Hash(new Sha256(), plain, 4, 241, 0, 0, data, 80, 177, 242);
        Assert.AreEqual("4679684cfb45b6dfdfd5333adf753d05e1940477ebdbbb08b91be41dd3ae9dfe", Hex.Text(data, 242, 32));
        Assert.IsTrue(P256.Verify(plain, 48, data, 242, Hex.Bytes("1736972364d84c4ae069f642f491256c6e74c86eda9f5ed4d89dfd7cadb68b67574f032afa2764fcc890e9218eaedcc484576d2d65e4df1ae22dd916f12ab59e"), 0));
        byte[] buffer = Hex.Filled(plain.Length + 18);
        System.Array.Copy(plain, 0, buffer, 1, plain.Length);
        new CaseKeys(new SymmetricCrypto()).EncryptSigma2(data, 0, 32, 48, 145, buffer, 1, plain.Length);
        Assert.AreEqual("a5" + Hex.Text(encrypted, 0, encrypted.Length) + "a5", Hex.Text(buffer, 0, buffer.Length));
    }

    [TestMethod]
    public void Sigma3_DecryptsOnce_AndNotWithOneBitWrong_4_14_2_3()
    {
        byte[] encrypted = Hex.Bytes("d3e009b49a46a2492a96fc8391dd90a53ad5de4fadc911a524036bbaf439577bf4ce9bb4b5cab2942c8c6e8d5666b3ce7449e0fb290833291641f40a366a4a9fd5573b5913b932914e23f13d25353d4cad0ad6e2ecbb85163800580dfb7ea88c56bb67565e94542f49c2f0fe4a7de22ee0fecc85a28da31e32508c3ce1d30b4cfe7b7bb84d5c4425f20336ea816f4b9a04c6c0828e4f4b24eb4aacf29a4b6b419d85dcf02d222c9826691aa73864f9cd6b8ebfd94680b0db75f7356018284e2c9b3bcea807f73f5adaff5db005550e441921420ddc65500a2bd4a177875f71be4e293c35c8221867bf206c016d6d5add4ceba754fb3ad375a03061634d3a0b0ae6b0bafe272640c545f07cf7742d960f399a12c09b7bf7833678e048e039ee7b1a66e365817fff0d0d7e28edb7beae205a2974b3273ae23909e9bb482cdc5b05363265d78eb747536336b7ef");
        byte[] data = Hex.Bytes("c1466cab85d7809732786f63cb3b014a51cd49d01f494fcd56665ba8e00e5502" + "0c677d9b5ac585827b577470bd9bd516" + "78d8306a4055524d843215d1e697791dd53abd3db440370264bf9d191f1cb786");
        CaseKeys keys = new CaseKeys(new SymmetricCrypto());
        data[79] ^= 1;
        Assert.IsFalse(Decrypt(keys, data, encrypted));
        data[79] ^= 1;
        encrypted[encrypted.Length - 1] ^= 1;
        Assert.IsFalse(Decrypt(keys, data, encrypted));
        encrypted[encrypted.Length - 1] ^= 1;
        Assert.IsTrue(Decrypt(keys, data, encrypted));

        // TBEData3 without intermediate certificate: NOC of 244 bytes, signature.
        Assert.AreEqual("153001f4", Hex.Text(encrypted, 0, 4));
        Assert.AreEqual("300340b474e61e26d3a4bb243890632e2c12a82263a9433f31e9c0303d7b3ffc61799bce5b219679c90c820eebb9af5fb8066c7d459b69cef49e37ccbb8c66534240f218", Hex.Text(encrypted, 248, 68));
    }

    [TestMethod]
    public void SignedData_LongAndShortCertificates_UseTheShortestLength_4_14_2_3()
    {
        // 300 bytes need two bytes of length, 5 need one.
        byte[] certificates = Hex.Filled(305);
        byte[] keys = new byte[162];
        SignedData.Hash(new Sha256(), certificates, 0, 300, 300, 5, keys, 0, 65, 130);
        byte[] expected = new byte[1 + 304 + 8 + 68 + 68 + 1];
        byte[] hash = new byte[32];
        Sha256 sha = new Sha256();
        expected[0] = 0x15;
        expected[1] = 0x31;
        expected[2] = 1;
        expected[3] = 0x2c;
        expected[4] = 1;
        System.Array.Copy(certificates, 0, expected, 5, 300);
        expected[305] = 0x30;
        expected[306] = 2;
        expected[307] = 5;
        System.Array.Copy(certificates, 0, expected, 308, 5);
        expected[313] = 0x30;
        expected[314] = 3;
        expected[315] = 65;
        expected[381] = 0x30;
        expected[382] = 4;
        expected[383] = 65;
        expected[449] = 0x18;
        sha.Init();
        sha.Update(expected, 0, 450);
        sha.Final(hash, 0);
        Assert.AreEqual(Hex.Text(hash, 0, 32), Hex.Text(keys, 130, 32));
    }

    [TestMethod]
    public void Fingerprint_KeepsChainsApart()
    {
        HandshakeBench bench = new HandshakeBench();
        CertificateChain chain = new CertificateChain(bench.Clock);
        byte[] root = new byte[400];
        int length = bench.Fabrics.ReadCertificate(bench.Fabrics.Find(1), CertificateKind.Root, root, 0, root.Length);
        Assert.AreEqual(CertificateStatus.Ok, chain.LoadRoot(root, 0, length));
        string first = Fingerprint(chain, 1, 2);
        Assert.AreEqual(first, Fingerprint(chain, 1, 2));
        Assert.AreNotEqual(first, Fingerprint(chain, 2, 1));
        Assert.AreNotEqual(first, Fingerprint(chain, 3, 0));
    }

    [TestMethod]
    public void ResumeMics_OldIdForSigma1_NewIdForSigma2Resume_4_14_2_2()
    {
        byte[] secret = Hex.Bytes("fee5da0945b3a97fe384b360ebf28ccabe2d6f4dc273960f41568228b3b4244f");
        byte[] random = Hex.Bytes("2a20c3baccb75f5da51015efbc7d9ecbdf9ade8bc99c811891757b3b03b51fb7");
        byte[] oldId = Hex.Bytes("ddc400fc2e6dd1dfd0ebd29521ae5b28");
        byte[] newId = Hex.Bytes("59c4dcc952efcfedccfb5c4e9c3793e2");
        CaseKeys keys = new CaseKeys(new SymmetricCrypto());
        byte[] first = Hex.Filled(18);
        byte[] key = new byte[33];
        keys.ExtractResumption(secret, 0, random, 0, oldId, 0, key, 1);
        keys.ExpandMicKey(false, key, 1, first, 1);
        keys.MakeMic(false, first, 1, first, 1);
        Assert.AreEqual("a5b79b133c26b83d24cdb116ef9cdd11c3a5", Hex.Text(first, 0, 18));
        keys.ExtractResumption(secret, 0, random, 0, newId, 0, key, 1);
        byte[] second = Hex.Filled(18);
        keys.ExpandMicKey(true, key, 1, first, 1);
        keys.MakeMic(true, first, 1, second, 1);
        Assert.AreEqual("a5bffdcbfc17f5e96721c17eda3d962c93a5", Hex.Text(second, 0, 18));
    }

    [TestMethod]
    public void KeysOfAResumedSession_TwoSteps_AreThoseOfHkdf_4_14_2_6()
    {
        SymmetricCrypto crypto = new SymmetricCrypto();
        CaseKeys keys = new CaseKeys(crypto);
        byte[] secret = Hex.Filled(32);
        byte[] salt = new byte[48];
        salt[0] = 1;
        salt[47] = 2;
        byte[] info = Hex.Bytes("53657373696f6e526573756d7074696f6e4b657973");
        byte[] expected = new byte[48];
        crypto.Hkdf(secret, 0, 32, salt, 0, 48, info, 0, info.Length, expected, 0, 48);
        byte[] key = new byte[32];
        byte[] actual = Hex.Filled(50);
        keys.ExtractResumption(secret, 0, salt, 0, salt, 32, key, 0);
        keys.ExpandResumptionKeys(key, 0, actual, 1, false);
        keys.ExpandResumptionKeys(key, 0, actual, 1, true);
        Assert.AreEqual("a5" + Hex.Text(expected, 0, 48) + "a5", Hex.Text(actual, 0, 50));
    }

    private static string Fingerprint(CertificateChain chain, int nocLength, int icacLength)
    {
        byte[] print = new byte[32];
        byte[] keys = new byte[162];
        Sha256 fork = new Sha256();
        SignedData.Hash(new Sha256(), Hex.Bytes("010203"), 0, nocLength, nocLength, icacLength, keys, 0, 65, 130, fork);
        chain.GetFingerprint(fork, print, 0);
        return Hex.Text(print, 0, 32);
    }

    private static bool Decrypt(CaseKeys keys, byte[] data, byte[] encrypted)
    {
        byte[] key = new byte[CaseKeys.KeySize];
        keys.DeriveSigma3Key(data, 0, 32, 48, key, 0);
        return keys.DecryptSigma3(key, 0, encrypted, 0, encrypted.Length);
    }
}
