using MatterNano.Crypto;
using nanoFramework.TestFramework;

namespace NFUnitTest.Crypto;

/// <summary>Values: RFC 6979, connectedhomeip and rs-matter (Apache-2.0); the multiples of the generator were computed with integers.</summary>
[TestClass]
public class P256Tests
{
    private const string Order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private const string Prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    private const string Generator = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    [TestMethod]
    public void ExtremeScalars_OfTheGeneratorAndOfAPoint()
    {
        Multiples("0000000000000000000000000000000000000000000000000000000000000001", "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", "9fad84aeae08bbef7f010014d82cef6a09de2b0cf871b5ce0c4f1d13a59a5934");
        Multiples("0000000000000000000000000000000000000000000000000000000000000002", "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc4766997807775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1", "b3d44b21c45ce2d9f3165252dec93b017ba6f2fd35b1b4422314d9924a37b636");
        Multiples("0000000000000000000000000000000000000000000000000000000000000003", "5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d5032", "7620e2b897c2204accf33d3a7c21ee58d80e115869a6fdbbba6ffd1e01432e25");
        Multiples("0000000000000000000000000000000000000000000000000000000000000004", "e2534a3532d08fbba02dde659ee62bd0031fe2db785596ef509302446b030852e0f1575a4c633cc719dfee5fda862d764efc96c3f30ee0055c42c23f184ed8c6", "49482b2c0dc2f4236f8a99864b2a008178ea5de9856c0045f6bde9ddfa53c5cd");
        Multiples("000000000000000000000000000000000000000000000000000000000000000f", "f0454dc6971abae7adfb378999888265ae03af92de3a0ef163668c63e59b9d5fb5b93ee3592e2d1f4e6594e51f9643e62a3b21ce75b5fa3f47e59cde0d034f36", "e6aa946f8ada7687f0d942df51dde78a58073bdca3599d206f5243dacde9ced5");
        Multiples("0000000000000000000000000000000000000000000000000000000000000010", "76a94d138a6b41858b821c629836315fcd28392eff6ca038a5eb4787e1277c6ea985fe61341f260e6cb0a1b5e11e87208599a0040fc78baa0e9ddd724b8c5110", "b72675a165d57f2e428be85386ed1235d8fab1c817bac8069fc11e0e8cbbe50d");
        Multiples("0000000000000000000000000000000000000000000000000000000000000011", "47776904c0f1cc3a9c0984b66f75301a5fa68678f0d64af8ba1abce34738a73eaa005ee6b5b957286231856577648e8381b2804428d5733f32f787ff71f1fcdc", "e066f69c3b5e6dc6fadefad6c7130b2bb42ac3147f2e090d7be23bda31ead073");
        Multiples("000000000000000000000000000000000000000000000000000000000000001f", "301d9e502dc7e05da85da026a7ae9aa0fac9db7d52a95b3e3e3f9aa0a1b45b8b6551b6f6b3061223e0d23c026b017d72298d9ae46887ca61d58db6aea17ee267", "d109241ebed4385be615eb2c72f3f35d533d72cb94471027201b2514f3103d9d");
        Multiples("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a", "9fad84aeae08bbef7f010014d82cef6a09de2b0cf871b5ce0c4f1d13a59a5934");
        Multiples("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f", "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978f888aaee24712fc0d6c26539608bcf244582521ac3167dd661fb4862dd878c2e", "b3d44b21c45ce2d9f3165252dec93b017ba6f2fd35b1b4422314d9924a37b636");
        Multiples("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e", "5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c78cb9bf2b6670082c8b4f931e59b5d1327d54fcac7b047c265864ed85d82afcd", "7620e2b897c2204accf33d3a7c21ee58d80e115869a6fdbbba6ffd1e01432e25");
        Multiples("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254d", "e2534a3532d08fbba02dde659ee62bd0031fe2db785596ef509302446b0308521f0ea8a4b39cc339e62011a02579d289b103693d0cf11ffaa3bd3dc0e7b12739", "49482b2c0dc2f4236f8a99864b2a008178ea5de9856c0045f6bde9ddfa53c5cd");
        Multiples("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632541", "76a94d138a6b41858b821c629836315fcd28392eff6ca038a5eb4787e1277c6e567a019dcbe0d9f2934f5e4a1ee178df7a665ffcf0387455f162228db473aeef", "b72675a165d57f2e428be85386ed1235d8fab1c817bac8069fc11e0e8cbbe50d");
        Multiples("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632540", "47776904c0f1cc3a9c0984b66f75301a5fa68678f0d64af8ba1abce34738a73e55ffa1184a46a8d89dce7a9a889b717c7e4d7fbcd72a8cc0cd0878008e0e0323", "e066f69c3b5e6dc6fadefad6c7130b2bb42ac3147f2e090d7be23bda31ead073");
        Multiples("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8", "2afa386b3f2bdcdb83f4d83f8fa3874d7b74dcb454bd644fdd6bf3d1f2da8db672184be1caa8563462b536f10852d665ae8a64fdf1eb8d4c946ad589796f729c", "960c524cdc21beaa01392d93d90a2d103968f142d00269bffb6ba8485e3cbfb2");
        Multiples("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9", "2afa386b3f2bdcdb83f4d83f8fa3874d7b74dcb454bd644fdd6bf3d1f2da8db68de7b41d3557a9cc9d4ac90ef7ad299a51759b030e1472b36b952a7686908d63", "960c524cdc21beaa01392d93d90a2d103968f142d00269bffb6ba8485e3cbfb2");
        Multiples("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a7", "d897744db0ca3e5a506e1b02b731d784541db35865c2debc1dad0e1a757d18fcce2410d5d114d47f2e9aecf2684e349bb98cbc6152fcefc38ddbbe8788b61bbb", "bd61ef241b750129ea4f0a7a24a95a8a0bafe2828583b21ad7954d590930838e");
        Multiples("8000000000000000000000000000000000000000000000000000000000000000", "77b20a912e6b23135066e911891524bc4efe3560e3e92350b52dec8f375f2b54a3dc291825cea3f7f7b10bfcdd038a72df623da1e850e0f1caa801fcd6cc67ff", "470716079361ae4673533962802a80873d80713919d3e610139491e11d8ec9db");
        Multiples("1000000000000000000000000000000000000000000000000000000000000001", "0db7d28cf6e57fda2dbb7c74328aaa47613557cac5815d6206f0b94fa222bb63463e62dcc2b2577ff3c80ca9cbff2cc7ca8af40d6735fdf2beeac57b32b44bed", "8fd056dfad52bf324cbeada83e9450a67086bf114801ee4f12d79f230ac95701");
    }

    [TestMethod]
    public void ScalarsOutOfRange_AreRefused_3_5()
    {
        Refused("0000000000000000000000000000000000000000000000000000000000000000");
        Refused("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        Refused("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552");
        Refused("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
    }

    [TestMethod]
    public void PointsOffTheCurveOutOfRangeOrOfAnotherForm_AreRefused_3_5()
    {
        byte[] point = Hex.Bytes("a5" + Generator);
        Assert.IsTrue(P256.IsValidPublicKey(point, 1));
        for (int i = 0; i < 65; i += 4)
        {
            point[1 + i] ^= 0x10;
            Assert.IsFalse(P256.IsValidPublicKey(point, 1), i.ToString());
            point[1 + i] ^= 0x10;
        }

        Assert.IsTrue(P256.IsValidPublicKey(Hex.Bytes("040000000000000000000000000000000000000000000000000000000000000005459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc"), 0), "A small x");
        Assert.IsFalse(P256.IsValidPublicKey(Hex.Bytes("04ffffffff00000001000000000000000000000001000000000000000000000004459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc"), 0), "The same x plus p");
        Assert.IsFalse(P256.IsValidPublicKey(Hex.Bytes("0400000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"), 0), "Infinity as zeros");
        Assert.IsFalse(P256.IsValidPublicKey(Hex.Bytes("04ffffffff00000001000000000000000000000000ffffffffffffffffffffffff66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4"), 0), "p as a coordinate");
        Assert.IsTrue(P256.IsValidPublicKey(Hex.Bytes("04000000000000000000000000000000000000000000000000000000000000000066485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4"), 0), "x = 0");
        Assert.IsFalse(P256.IsValidPublicKey(Hex.Bytes("026b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"), 0), "Compressed form in a long buffer");
        Assert.IsFalse(P256.IsValidPublicKey(Hex.Bytes("04ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"), 0), "All ones");
    }

    [TestMethod]
    public void EcdhVectors_LeadingZeroOfTheSecretStays_3_5_4()
    {
        byte[] secret = Hex.Filled(34);
        Assert.IsTrue(P256.Ecdh(Hex.Bytes("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534"), 0, Hex.Bytes("04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac"), 0, secret, 1));
        Assert.AreEqual("a546fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7ba5", Hex.Text(secret, 0, 34));
        Assert.IsTrue(P256.Ecdh(Hex.Bytes("f5f8e0174610a661277979b58ce5c90fee6c9b3bb346a90a7196255e40b132ef"), 0, Hex.Bytes("0433e82092a0f1fb38f5649d5867fba28b503172b7035574bf8e5b7100a3052792f2cf6b601e0a05945e335550bf648d782f46186c772c0f20d3cd0d6b8ca14b2f"), 0, secret, 1));
        Assert.AreEqual("a5664e45d5bba4ac931cd65d52017e4be9b19a515f669bea4703542a2c525cd3d3a5", Hex.Text(secret, 0, 34));
        Assert.IsTrue(P256.Ecdh(Hex.Bytes("7ae67afcf2505c12b7600fa225859afe36fa01e7b0789cf59b06a1c9b8ef90d2"), 0, Hex.Bytes("04196c32a9901bdc8170280c78947132b92c9a7b8d4f597a18337125458ccf92561ba3809ec1b9668a29036866e6d8458911013e2e78f9296e86d6817f7ae6f309"), 0, secret, 1));
        Assert.AreEqual("a50013b576c6c02702b1b66c67fab46da854880a39d75fa744641ffa6111823a4ea5", Hex.Text(secret, 0, 34));
        secret = Hex.Filled(34);
        Assert.IsFalse(P256.Ecdh(Hex.Bytes("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534"), 0, Hex.Bytes("04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ad"), 0, secret, 1));
        Assert.AreEqual((byte)0xa5, secret[1]);
    }

    [TestMethod]
    public void SignaturesWithGivenNonce_Rfc6979_3_5_3()
    {
        Signature("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299", "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf", "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"); // RFC 6979 A.2.5 'sample'
        Signature("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "d16b6ae827f17175e040871a1c7ec3500192c4c92677336ec2537acaee0008e0", "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"); // RFC 6979 A.2.5 'test' (s has a leading 01)
        Signature("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299", "ffffffffe27b5c35e208f7f6dfbbf75b9862c5dc176a7c5339bd31f31977f9e1", "571bfb1f8564c3ea76f4cfb6b19e1ca32675bac6246d624256b44f4939dfe2e9", "249e5a94ce567b42c0cbfcf559ce5f951d5aa1f5c54a100c1700a99139db93593371c6287975549a3481d9fb5e10db17ff7c90e1a673b79ac0589a53787b1e38"); // Hash above the group order, case 1
        Signature("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299", "ffffffff52cef0aaa8e6641a377c4a51b421fff346b5ce1c2eabaeb5847147d4", "c03e5836e0515965d45acc0b7754ca644b42e24e45f67786d55319d217c27599", "df7132a800459024d64acebd350f064d3a2e4070ab8566924a8548d44b3ab8abbd5de594d3dedd1a16f5fb15b1144124ed3bf8b77fa96ddfc488f06e68ded71a"); // Hash above the group order, case 2
        Signature("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299", "2bf6b062df3e3e0638192224f7ee2e85920ea9254c6d5afc9ea1718d7f241ae3", "2ff23c500da43103815188712e6bb56682f56448e233a9905c422500bccde2eb", "adc7be41408e47176c470d9578ce5d1af778a27f4b637d1a7c3fa67bd6ddde74b3425059b4d06ff80b4be8754907e49d17121474cee38d1ffb30756c39d64cd3"); // First candidate nonce above the group order, so the derivation repeats
    }

    [TestMethod]
    public void Verification_RefusesWhatIsOutOfRangeOrChanged_3_5_3()
    {
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "71b9574cc7094a594ed041729ed06322632082c50733200a08e115eec4160a2b", "2016d0131ed0b39d442516ea9cf27244d7b0f4ae4aa43732cd6a797a4c48036defe6268239280922c89aded5139fc54025852c69e0db6a795b218213b020b969", true, "Signature over the body of a node certificate");
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "7ed76fe6338a82adc48e0b4fced9368c0c8ea5f3544136d308788141d545fd13", "2016d0131ed0b39d442516ea9cf27244d7b0f4ae4aa43732cd6a797a4c48036defe6268239280922c89aded5139fc54025852c69e0db6a795b218213b020b969", false, "Same signature, message changed in three places");
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "71b9574cc7094a594ed041729ed06322632082c50733200a08e115eec4160a2b", "0000000000000000000000000000000000000000000000000000000000000000efe6268239280922c89aded5139fc54025852c69e0db6a795b218213b020b969", false, "r is zero");
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "71b9574cc7094a594ed041729ed06322632082c50733200a08e115eec4160a2b", "2016d0131ed0b39d442516ea9cf27244d7b0f4ae4aa43732cd6a797a4c48036d0000000000000000000000000000000000000000000000000000000000000000", false, "s is zero");
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "71b9574cc7094a594ed041729ed06322632082c50733200a08e115eec4160a2b", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551efe6268239280922c89aded5139fc54025852c69e0db6a795b218213b020b969", false, "r equals the group order");
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "71b9574cc7094a594ed041729ed06322632082c50733200a08e115eec4160a2b", "efe6268239280922c89aded5139fc54025852c69e0db6a795b218213b020b9692016d0131ed0b39d442516ea9cf27244d7b0f4ae4aa43732cd6a797a4c48036d", false, "r and s exchanged");
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "71b9574cc7094a594ed041729ed06322632082c50733200a08e115eec4160a2b", "2016d0131ed0b39d442516ea9cf27244d7b0f4ae4aa43732cd6a797a4c48036dffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", false, "s is the order");
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "71b9574cc7094a594ed041729ed06322632082c50733200a08e115eec4160a2b", "2016d0131ed0b39d442516ea9cf27244d7b0f4ae4aa43732cd6a797a4c48036dffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false, "s is above the order");
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "71b9574cc7094a594ed041729ed06322632082c50733200a08e115eec4160a2b", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffefe6268239280922c89aded5139fc54025852c69e0db6a795b218213b020b969", false, "r is all ones");
        Verification("04561977183fd4ff2b583de9793466dfe900fb6da1efe0ccdc7730c06fb62dffbe54a095750b8b07bc55db9cb6551308b8df02e3406bae34f50cbac9f2bff1e750", "71b9574cc7094a594ed041729ed06322632082c50733200a08e115eec4160a2b", "2016d0131ed0b39d442516ea9cf27244d7b0f4ae4aa43732cd6a797a4c48036d1019d97cc6d7f6de3765212aec603abf9761ce43c63c340b989848af4c426be8", true, "n - s is a signature too");
    }

    [TestMethod]
    public void Verification_WhoseSumMeetsEqualOppositeOrInfinitePoints_IsExact()
    {
        Verification("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978", "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc476699787cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978", true, "equal");
        Verification("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c29629d05c193da77b710e86323538b77e1acedfffab4b4137430a7758374b31a025", true, "both large and equal");
        Verification("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254a", "00000000000000000000000000000000000000000000000000000000000000079999999900000000999999999999999971576334fddaf8b62bd5e00e976eaffc", false, "opposite: infinity");
        Verification("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a", "0000000000000000000000000000000000000000000000000000000000000007", "0000000000000000000000000000000000000000000000000000000000000007e38e38e2aaaaaaab8e38e38e38e38e38a7e9c2617814feaf1188b43b8b02cbd7", false, "opposite key");
        Verification("045821b002dba277251a9d18eb72d5c720f4efe021b38029c017d871340893be7b23ec12d67a538534df9b62f63fff5866869c04f125ded1c31bbe9540e59f2363", "0000000000000000000000000000000000000000000000000000000000000000", "5bdd9c1d00d92f1beb844f01603e8e62b98bfb0e4b4822a82e7c0343affe262fc949deb3aaf30fb4a3d6c500756a2f76111dfacdddd2753b5ca532ede2ec259b", true, "hash 0");
        Verification("045821b002dba277251a9d18eb72d5c720f4efe021b38029c017d871340893be7b23ec12d67a538534df9b62f63fff5866869c04f125ded1c31bbe9540e59f2363", "4bc4927b7bb21131e659286ccb2031f5c845a1e2280434201e8a1ed3418106c5", "b43b6d83844deecf19a6d79334dfce09f4a158cb7f136a64d52fabefbae21e8cb43b6d83844deecf19a6d79334dfce09f4a158cb7f136a64d52fabefbae21e8c", true, "u2 = 1");
        Verification("047cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc4766997807775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1", "5c7efb7517bd16d4af9c5f1ddbc96ec5cdc6c29f4ad9143fe182f9a85086649b", "ae3f7dba0bde8b6ad7ce2f8eede4b762c556dea678f859626a9e6235a674c4f65571fbed805ef45ba6be717c776f25bb0132e54b77ff24549f7f026e9c12a1d1", true, "key is twice the generator");
        Verification("04d7f71bb939d6657c9554b2b668816f30559ec55e0d7a287cff9e601dc318d1cb7cd3259942bf5340bea0add68bfbf047d15869ed47f52dee4827b4d8ded2451f", "4c1bf7fb81f1de7813922f29d6ad6ca268f76dda72c91ff2e7924e1c5b07f6d3", "0000000000000000000000000000000000000000000000000000000000000003667c48a1eed700687fb0011c8dabfa4489d939faaabd29f3a99b7c659939449e", true, "x of the sum is above n");
    }

    [TestMethod]
    public void NonceAndKeyPair_ServeOnce()
    {
        CountingRandom random = new CountingRandom();
        SignatureNonce nonce = new SignatureNonce();
        byte[] key = Hex.Bytes("000000000000000000000000000000000000000000000000000000000000004d");
        byte[] hash = new byte[32];
        byte[] signature = Hex.Filled(66);
        Assert.IsFalse(P256.Sign(key, 0, hash, 0, signature, 1, nonce));
        nonce.Draw(random);
        Assert.IsTrue(nonce.IsReady);
        Assert.IsTrue(P256.Sign(key, 0, hash, 0, signature, 1, nonce));
        Assert.AreEqual((byte)0xa5, signature[0]);
        Assert.AreEqual((byte)0xa5, signature[65]);
        Assert.IsFalse(nonce.IsReady);
        byte[] second = Hex.Filled(66);
        Assert.IsFalse(P256.Sign(key, 0, hash, 0, second, 1, nonce));
        Assert.AreEqual((byte)0xa5, second[1]);

        nonce.Draw(random);
        Assert.IsFalse(P256.Sign(new byte[32], 0, hash, 0, second, 1, nonce)); // a bad key uses the nonce up as well
        Assert.IsFalse(nonce.IsReady);

        EphemeralKeyPair pair = new EphemeralKeyPair();
        byte[] publicKey = Hex.Filled(67);
        byte[] privateKey = Hex.Filled(34);
        Assert.IsFalse(pair.Take(privateKey, 1, publicKey, 1));
        Assert.AreEqual((byte)0xa5, privateKey[1]);
        pair.Draw(random);
        Assert.IsTrue(pair.Take(privateKey, 1, publicKey, 1));
        Assert.AreEqual((byte)0xa5, privateKey[33]);
        Assert.AreEqual((byte)0xa5, publicKey[66]);
        byte[] again = new byte[65];
        Assert.IsTrue(P256.GetPublicKey(privateKey, 1, again, 0));
        Assert.AreEqual(Hex.Text(publicKey, 1, 65), Hex.Text(again, 0, 65));
        Assert.IsFalse(pair.Take(privateKey, 1, publicKey, 1));
    }

    [TestMethod]
    public void DrawnKeys_AreDrawnAgainWhenOutOfRange()
    {
        CountingRandom random = new CountingRandom();
        random.OutOfRangeFirst = true;
        byte[] privateKey = new byte[32];
        byte[] publicKey = new byte[65];
        P256.GenerateKeyPair(random, privateKey, 0, publicKey, 0);
        Assert.AreEqual(2, random.Calls);
        Assert.IsTrue(P256.IsValidPrivateKey(privateKey, 0));
        Assert.IsTrue(P256.IsValidPublicKey(publicKey, 0));
    }

    private static void Multiples(string scalar, string ofGenerator, string xOfPoint)
    {
        byte[] k = Hex.Bytes(scalar);
        byte[] point = Hex.Filled(67);
        Assert.IsTrue(P256.GetPublicKey(k, 0, point, 1));
        Assert.AreEqual("a504" + ofGenerator + "a5", Hex.Text(point, 0, 67), scalar);
        byte[] secret = new byte[32];
        Assert.IsTrue(P256.Ecdh(k, 0, Hex.Bytes("049fad84aeae08bbef7f010014d82cef6a09de2b0cf871b5ce0c4f1d13a59a593407cb45769f1070e2c2470fe5b1bfe63133c0b0cdc64ea4bf3791a8ec2a07fd4f"), 0, secret, 0));
        Assert.AreEqual(xOfPoint, Hex.Text(secret, 0, 32), scalar);
    }

    private static void Refused(string scalar)
    {
        byte[] k = Hex.Bytes(scalar);
        byte[] point = Hex.Filled(65);
        Assert.IsFalse(P256.IsValidPrivateKey(k, 0));
        Assert.IsFalse(P256.GetPublicKey(k, 0, point, 0));
        Assert.IsFalse(P256.Ecdh(k, 0, Hex.Bytes(Generator), 0, point, 0));
        Assert.IsFalse(P256.Sign(k, 0, new byte[32], 0, point, 0, new CountingRandom()));
        Assert.AreEqual((byte)0xa5, point[0]);
    }

    private static void Signature(string privateKey, string publicKey, string hash, string k, string expected)
    {
        SignatureNonce nonce = new SignatureNonce();
        byte[] signature = Hex.Filled(66);
        Assert.IsTrue(nonce.Set(Hex.Bytes(k), 0));
        Assert.IsTrue(P256.Sign(Hex.Bytes(privateKey), 0, Hex.Bytes(hash), 0, signature, 1, nonce));
        Assert.AreEqual("a5" + expected + "a5", Hex.Text(signature, 0, 66));
        Assert.IsTrue(P256.Verify(Hex.Bytes(publicKey), 0, Hex.Bytes(hash), 0, signature, 1));
    }

    private static void Verification(string publicKey, string hash, string signature, bool valid, string name)
    {
        Assert.AreEqual(valid, P256.Verify(Hex.Bytes(publicKey), 0, Hex.Bytes(hash), 0, Hex.Bytes(signature), 0), name);
    }
}
