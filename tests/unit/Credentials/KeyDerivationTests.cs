using MatterNano.Credentials;
using MatterNano.Crypto;
using nanoFramework.TestFramework;

namespace NFUnitTest.Credentials;

/// <summary>Values from connectedhomeip and matter.js (Apache-2.0), matter-kit (MIT), and one recorded commissioning.</summary>
[TestClass]
public class KeyDerivationTests
{
    [TestMethod]
    public void CompressedFabricIds_AreThePrintedOnes_4_3_2_2()
    {
        CheckCompressed("044a9f42b1ca4840d37292bbc7f6a7e11e22200c976fc900dbc98a7a383a641cb8254a2e56d4e295a847943b4e3897c4a773e930277b4d9fbede8a052686bfacfa", 0x2906c908d115d362UL, "87e1b004e235a130");
        CheckCompressed("04dbc94ee08a5ee674b4c1bfa7b05bfd339faa0cd67853a10d367e9790a6d064af5ea3650da79a228adfaf771970f5f31cdc3f0ebde443640185a6e0f488f0a243", 0x0000000000000001UL, "ab4a2b4fba653117");
        CheckCompressed("04059275f0815b3d329d5616fcf4a0a428fb55af37699d0714da9af14ea265e906f57dbf5f88ef3f74b5ab6691328df429b8ddc6880e82b76f4e9834de18483361", 0x4cc9d31d0c46cba3UL, "66ff176e98d13e38");
    }

    [TestMethod]
    public void OperationalKeys_AreThePrintedOnes_4_17_2()
    {
        CheckOperational("4a71cdd7b2a3ca9024f96f3c96a19dee", "87e1b004e235a130", "9bc61cd9c62a2df6d64dfcaa9dc472d4");
        CheckOperational("235bf7e62823d358dca4ba50b1535f4b", "87e1b004e235a130", "a6f5306baf6d050af23ba4bd6b9dd960");
        CheckOperational("c515295ccaa4eb22f93b244871e423ea", "66ff176e98d13e38", "07f72db540e2a727d40be2af98e9a45f");
    }

    [TestMethod]
    public void DestinationIds_AreThePrintedOnes_4_14_2_4()
    {
        CheckDestination(
            "9bc61cd9c62a2df6d64dfcaa9dc472d4",
            "7e171231568dfa17206b3accf8faec2f4d21b580113196f47c7c4deb810a73dc",
            "044a9f42b1ca4840d37292bbc7f6a7e11e22200c976fc900dbc98a7a383a641cb8254a2e56d4e295a847943b4e3897c4a773e930277b4d9fbede8a052686bfacfa",
            0x2906c908d115d362UL,
            0xcd5544aa7b13ef14UL,
            "dc35dd5fc9134cc5544538c9c3fc4297c1ec3370c839136a80e10796451d4c53");
        CheckDestination(
            "6624ed691e9b53b1f286d98117918c3a",
            "0b2a71876d3d090d37cb5286168ab9be0d2e7e0ccbedc1f55331b8a8051ee02f",
            "04d89eb7e3f3226d0918f4b85832457bb9981bca7aaef58c18fb5ec07525e472b2bd1617fb75ee41bd388f94ae6a6070efc896777516a5c54aff74ec0804cdde9d",
            0x0000000000000001UL,
            0x0000000000000055UL,
            "b1ce1a45fd930831203024286cd609ec4f9bbe71ed8e10c2c4cab0be49a87e8a");
        CheckDestination(
            "07f72db540e2a727d40be2af98e9a45f",
            "289c4977f6c6d27e093988cbadf63c01d667469fc64ee9d1c8a2fdce8ae3a2c6",
            "04059275f0815b3d329d5616fcf4a0a428fb55af37699d0714da9af14ea265e906f57dbf5f88ef3f74b5ab6691328df429b8ddc6880e82b76f4e9834de18483361",
            0x4cc9d31d0c46cba3UL,
            0x0000000000000001UL,
            "229a1bbd2ac13e6fb30a6617446325bb36c3d6d5315441ac40ddba236760657a");
    }

    [TestMethod]
    public void GroupKeys_AreThePrintedOnes_4_17_3()
    {
        CheckGroup("00000000000000000000000000000000", "87e1b004e235a130", "c5f2690187115150c356ad93b385bb0f", "f5ce81881d1118c5c891c9060bc77009", 18334);
        CheckGroup("101112131415161718191a1b1c1d1e1f", "87e1b004e235a130", "aed95695f375d2ce78556a41730c3f43", "dc90db2e61765a42607fafaf1637400a", 42258);
        CheckGroup("202122232425262728292a2b2c2d2e2f", "87e1b004e235a130", "35ca346e5e24bbbe889cf4d35c5e820a", "b1fb3e79a2ff27f3704d2be9192db607", 55296);
        CheckGroup("b0b1b2b3b4b5b6b7b8b9babbbcbdbebf", "87e1b004e235a130", "ca92d7a0942d1a511a0e26ad074f4c2f", "bfe9da016a765365f2dd97a9f939e425", 56189);
        CheckGroup("235bf7e62823d358dca4ba50b1535f4b", "87e1b004e235a130", "a6f5306baf6d050af23ba4bd6b9dd960", "01f8d1927126f194082572d49b1fdc73", 47607);
    }

    private static void CheckCompressed(string rootPublicKey, ulong fabricId, string expected)
    {
        byte[] output = Hex.Filled(10);
        new FabricKeys(new SymmetricCrypto()).DeriveCompressedId(Hex.Bytes("ff" + rootPublicKey), 1, fabricId, output, 1);
        Assert.AreEqual("a5" + expected + "a5", Hex.Text(output, 0, 10));
    }

    private static void CheckOperational(string epochKey, string compressed, string expected)
    {
        byte[] output = Hex.Filled(18);
        new GroupKeyDerivation(new SymmetricCrypto()).DeriveOperationalKey(Hex.Bytes("ff" + epochKey), 1, Hex.Bytes("ff" + compressed), 1, output, 1);
        Assert.AreEqual("a5" + expected + "a5", Hex.Text(output, 0, 18));
    }

    private static void CheckDestination(string key, string random, string rootPublicKey, ulong fabricId, ulong nodeId, string expected)
    {
        byte[] output = Hex.Filled(34);
        new FabricKeys(new SymmetricCrypto()).ComputeDestinationId(Hex.Bytes("ff" + key), 1, Hex.Bytes("ff" + random), 1, Hex.Bytes("ff" + rootPublicKey), 1, fabricId, nodeId, output, 1);
        Assert.AreEqual("a5" + expected + "a5", Hex.Text(output, 0, 34));
    }

    private static void CheckGroup(string epochKey, string compressed, string operational, string privacy, int sessionId)
    {
        CheckOperational(epochKey, compressed, operational);
        GroupKeyDerivation derivation = new GroupKeyDerivation(new SymmetricCrypto());
        byte[] output = Hex.Filled(18);
        derivation.DerivePrivacyKey(Hex.Bytes("ff" + operational), 1, output, 1);
        Assert.AreEqual("a5" + privacy + "a5", Hex.Text(output, 0, 18));
        Assert.AreEqual(sessionId, derivation.DeriveSessionId(Hex.Bytes("ff" + operational), 1));
    }
}
