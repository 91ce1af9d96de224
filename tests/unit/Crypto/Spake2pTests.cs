using MatterNano.Crypto;
using nanoFramework.TestFramework;

namespace NFUnitTest.Crypto;

/// <summary>Values: SPAKE2+ draft 01 and RFC 9383 (from rs-matter and connectedhomeip, Apache-2.0), PASE of connectedhomeip and matter.js.</summary>
[TestClass]
public class Spake2pTests
{
    [TestMethod]
    public void Draft01_BothSidesToTheSharedSecret_3_10()
    {
        byte[] w0 = Hex.Bytes("e6887cf9bdfb7579c69bf47928a84514b5e355ac034863f7ffaf4390e67d798c");
        byte[] w1 = Hex.Bytes("24b5ae4abda868ec9336ffc3b78ee31c5755bef1759227ef5372ca139b94e512");
        byte[] context = Hex.Bytes("a55350414b45322b2d503235362d5348413235362d484b44462064726166742d3031");
        byte[] l = new byte[65];
        Assert.IsTrue(Spake2p.GetVerifierPoint(w1, 0, l, 0));
        Assert.AreEqual("0495645cfb74df6e58f9748bb83a86620bab7c82e107f57d6870da8cbcb2ff9f7063a14b6402c62f99afcb9706a4d1a143273259fe76f1c605a3639745a92154b9", Hex.Text(l, 0, 65));

        SymmetricCrypto crypto = new SymmetricCrypto();
        Spake2pProver prover = new Spake2pProver(crypto);
        Assert.IsTrue(prover.Start(Hex.Bytes("5b478619804f4938d361fbba3a20648725222f0a54cc4c876139efe7d9a21786"), w0, 0, w1, 0));
        Spake2pVerifier verifier = new Spake2pVerifier(crypto);
        Assert.IsTrue(verifier.SetVerifier(w0, 0, l, 0, null, 0, null, 0));
        Assert.IsTrue(verifier.Prepare(Hex.Bytes("766770dad8c8eecba936823c0aed044b8c3c4f7655e8beec44a15dcbcaf78e5e")));
        Assert.IsTrue(verifier.IsPrepared);

        byte[] pA = Hex.Bytes("a504a6db23d001723fb01fcfc9d08746c3c2a0a3feff8635d29cad2853e7358623425cf39712e928054561ba71e2dc11f300f1760e71eb177021a8f85e78689071cd");
        byte[] pB = Hex.Filled(67);
        byte[] cB = Hex.Filled(34);
        byte[] cA = Hex.Filled(34);
        byte[] theirs = Hex.Filled(18);
        byte[] ours = Hex.Filled(18);
        Assert.IsTrue(verifier.Respond(null, context, 1, context.Length - 1, pA, 1, pB, 1, cB, 1));
        Assert.IsFalse(verifier.IsPrepared);
        Assert.AreEqual("a504390d29bf185c3abf99f150ae7c13388c82b6be0c07b1b8d90d26853e84374bbdc82becdb978ca3792f472424106a2578012752c11938fcf60a41df75ff7cf947a5", Hex.Text(pB, 0, 67));
        Assert.AreEqual("a5095dc0400355cc233fde7437811815b3c1524aae80fd4e6810cf531cf11d20e3a5", Hex.Text(cB, 0, 34));
        Assert.IsTrue(prover.Finish(context, 1, context.Length - 1, pB, 1, cB, 1, cA, 1, theirs, 1));
        Assert.AreEqual("a571d9412779b6c45a2c615c9df3f1fd93dc0aaf63104da8ece4aa1b5a3a415feaa5", Hex.Text(cA, 0, 34));
        Assert.AreEqual("a5ea3276d68334576097e04b19ee5a3a8ba5", Hex.Text(theirs, 0, 18));
        Assert.IsFalse(verifier.TakeSharedSecret(ours, 1));
        Assert.IsTrue(verifier.Confirm(cA, 1));
        Assert.IsTrue(verifier.TakeSharedSecret(ours, 1));
        Assert.AreEqual("a5ea3276d68334576097e04b19ee5a3a8ba5", Hex.Text(ours, 0, 18));
        Assert.IsFalse(verifier.TakeSharedSecret(ours, 1));
    }

    [TestMethod]
    public void SharesAndProductsOfEveryVector_3_10()
    {
        Arithmetic("e6887cf9bdfb7579c69bf47928a84514b5e355ac034863f7ffaf4390e67d798c", "24b5ae4abda868ec9336ffc3b78ee31c5755bef1759227ef5372ca139b94e512", "0495645cfb74df6e58f9748bb83a86620bab7c82e107f57d6870da8cbcb2ff9f7063a14b6402c62f99afcb9706a4d1a143273259fe76f1c605a3639745a92154b9", "8b0f3f383905cf3a3bb955ef8fb62e24849dd349a05ca79aafb18041d30cbdb6", "2e0895b0e763d6d5a9564433e64ac3cac74ff897f6c3445247ba1bab40082a91", "04af09987a593d3bac8694b123839422c3cc87e37d6b41c1d630f000dd64980e537ae704bcede04ea3bec9b7475b32fa2ca3b684be14d11645e38ea6609eb39e7e", "04417592620aebf9fd203616bbb9f121b730c258b286f890c5f19fea833a9c900cbe9057bc549a3e19975be9927f0e7614f08d1f0a108eede5fd7eb5624584a4f4", "0471a35282d2026f36bf3ceb38fcf87e3112a4452f46e9f7b47fd769cfb570145b62589c76b7aa1eb6080a832e5332c36898426912e29c40ef9e9c742eee82bf30", "046718981bf15bc4db538fc1f1c1d058cb0eececf1dbe1b1ea08a4e25275d382e82b348c8131d8ed669d169c2e03a858db7cf6ca2853a4071251a39fbe8cfc39bc");
        Arithmetic("e6887cf9bdfb7579c69bf47928a84514b5e355ac034863f7ffaf4390e67d798c", "24b5ae4abda868ec9336ffc3b78ee31c5755bef1759227ef5372ca139b94e512", "0495645cfb74df6e58f9748bb83a86620bab7c82e107f57d6870da8cbcb2ff9f7063a14b6402c62f99afcb9706a4d1a143273259fe76f1c605a3639745a92154b9", "ec82d9258337f61239c9cd68e8e532a3a6b83d12d2b1ca5d543f44def17dfb8d", "eac3f7de4b198d5fe25c443c0cd4963807add767815dd02a6f0133b4bc2c9eb0", "04230779960824076d3666a7418e4d433e2fa15b06176eabdd572f43a32ecc79a192b243d2624310a7356273b86e5fd9bd627d3ade762baeff1a320d4ad7a4e47f", "044558642e71b616b248c9583bd6d7aa1b3952c6df6a9f7492a06035ca5d92522d84443de7aa20a59380fa4de6b7438d925dbfb7f1cfe60d79acf961ee33988c7d", "04b4e8770f19f58ddf83f9220c3a9305792665e0c60989e6ee9d7fa449c775d6395f6f25f307e3903ac045a013fbb5a676e872a6abfcf4d7bb5aac69efd6140eed", "04141db83bc7d96f41b636622e7a5c552ad83211ff55319ac25ed0a09f0818bd942e8150319bfbfa686183806dc61911183f6a0f5956156023d96e0f93d275bf50");
        Arithmetic("e6887cf9bdfb7579c69bf47928a84514b5e355ac034863f7ffaf4390e67d798c", "24b5ae4abda868ec9336ffc3b78ee31c5755bef1759227ef5372ca139b94e512", "0495645cfb74df6e58f9748bb83a86620bab7c82e107f57d6870da8cbcb2ff9f7063a14b6402c62f99afcb9706a4d1a143273259fe76f1c605a3639745a92154b9", "ba0f0f5b78ef23fd07868e46aeca63b51fda519a3420501acbe23d53c2918748", "39397fbe6db47e9fbd1a263d79f5d0aaa44df26ce755f78e092644b434533a42", "04c14d28f4370fea20745106cea58bcfb60f2949fa4e131b9aff5ea13fd5aa79d507ae1d229e447e000f15eb78a9a32c2b88652e3411642043c1b2b7992cf2d4de", "04d1bee3120fd87e86fe189cb952dc688823080e62524dd2c08dffe3d22a0a8986aa64c9fe0191033cafbc9bcaefc8e2ba8ba860cd127af9efdd7f1c3a41920fe8", "04aac71cf4c8df8181b867c9ecbee9d0963caf51f1534a823429c26fe5248313ffc5c5e44ea8162161ab6b3d73b87704a45889bf6343d96fa96cd1641efa71607c", "04c7c9505365f7ce57293c92a37f1bbdc68e0322901e61edef59fee7876b17b063e0fa4a126eae0a671b37f1464cf1ccad591c33ae944e3b1f318d76e36fea9966");
        Arithmetic("e6887cf9bdfb7579c69bf47928a84514b5e355ac034863f7ffaf4390e67d798c", "24b5ae4abda868ec9336ffc3b78ee31c5755bef1759227ef5372ca139b94e512", "0495645cfb74df6e58f9748bb83a86620bab7c82e107f57d6870da8cbcb2ff9f7063a14b6402c62f99afcb9706a4d1a143273259fe76f1c605a3639745a92154b9", "5b478619804f4938d361fbba3a20648725222f0a54cc4c876139efe7d9a21786", "766770dad8c8eecba936823c0aed044b8c3c4f7655e8beec44a15dcbcaf78e5e", "04a6db23d001723fb01fcfc9d08746c3c2a0a3feff8635d29cad2853e7358623425cf39712e928054561ba71e2dc11f300f1760e71eb177021a8f85e78689071cd", "04390d29bf185c3abf99f150ae7c13388c82b6be0c07b1b8d90d26853e84374bbdc82becdb978ca3792f472424106a2578012752c11938fcf60a41df75ff7cf947", "040a150d9a62f514c9a1fedd782a0240a342721046cefb1111c3adb3be893ce9fcd2ffa137922fcf8a588d0f76ba9c55c85da2af3f1c789ca17976810387fb1d7e", "04f8e247cc263a1846272f5a3b61b68aa60a5a2665d10cd22c89cd6bad05dc0e5e650f21ff017186cc92651a4cd7e66ce88f529299f340ea80fb90a9bad094e1a6");
        Arithmetic("bb8e1bbcf3c48f62c08db243652ae55d3e5586053fca77102994f23ad95491b3", "7e945f34d78785b8a3ef44d0df5a1a97d6b3b460409a345ca7830387a74b1dba", "04eb7c9db3d9a9eb1f8adab81b5794c1f13ae3e225efbe91ea487425854c7fc00f00bfedcbd09b2400142d40a14f2064ef31dfaa903b91d1faea7093d835966efd", "d1232c8e8693d02368976c174e2088851b8365d0d79a9eee709c6a05a2fad539", "717a72348a182085109c8d3917d6c43d59b224dc6a7fc4f0483232fa6516d8b3", "04ef3bd051bf78a2234ec0df197f7828060fe9856503579bb1733009042c15c0c1de127727f418b5966afadfdd95a6e4591d171056b333dab97a79c7193e341727", "04c0f65da0d11927bdf5d560c69e1d7d939a05b0e88291887d679fcadea75810fb5cc1ca7494db39e82ff2f50665255d76173e09986ab46742c798a9a68437b048", "04bbfce7dd7f277819c8da21544afb7964705569bdf12fb92aa388059408d50091a0c5f1d3127f56813b5337f9e4e67e2ca633117a4fbd559946ab474356c41839", "0458bf27c6bca011c9ce1930e8984a797a3419797b936629a5a937cf2f11c8b9514b82b993da8a46e664f23db7c01edc87faa530db01c2ee405230b18997f16b68");
    }

    [TestMethod]
    public void BadShares_AreRefusedAndLeaveWhatIsPrepared_3_10()
    {
        Spake2pVerifier verifier = new Spake2pVerifier(new SymmetricCrypto());
        byte[] context = new byte[32];
        byte[] pB = Hex.Filled(65);
        byte[] cB = Hex.Filled(32);
        Assert.IsTrue(verifier.SetVerifier(Hex.Bytes("bb8e1bbcf3c48f62c08db243652ae55d3e5586053fca77102994f23ad95491b3"), 0, Hex.Bytes("04eb7c9db3d9a9eb1f8adab81b5794c1f13ae3e225efbe91ea487425854c7fc00f00bfedcbd09b2400142d40a14f2064ef31dfaa903b91d1faea7093d835966efd"), 0, null, 0, null, 0));
        Assert.IsTrue(verifier.Prepare(Hex.Bytes("717a72348a182085109c8d3917d6c43d59b224dc6a7fc4f0483232fa6516d8b3")));
        Assert.IsFalse(verifier.Respond(null, context, 0, 32, Hex.Bytes("04ef3bd051bf78a2234ec0df197f7828060fe9856503579bb1733009042c15c0c1de127727f418b5966afadfdd95a6e4591d171056b333dab97a79c7193e341726"), 0, pB, 0, cB, 0), "Share off the curve");
        Assert.IsFalse(verifier.Respond(null, context, 0, 32, Hex.Bytes("03ef3bd051bf78a2234ec0df197f7828060fe9856503579bb1733009042c15c0c10000000000000000000000000000000000000000000000000000000000000000"), 0, pB, 0, cB, 0), "Share in compressed form");
        Assert.IsFalse(verifier.Respond(null, context, 0, 32, Hex.Bytes("043a04152acf75cc407d2be034241cd0425ac5d85571f009635a0370cdf234ccd6202ef6b1062332f92256373f0b0795d3763942e7d1a596652b1dac85c3b0dec5"), 0, pB, 0, cB, 0), "Share equal to w0*M, so that Z is the point at infinity");
        Assert.AreEqual((byte)0xa5, pB[0]);
        Assert.AreEqual((byte)0xa5, cB[0]);
        Assert.IsTrue(verifier.IsPrepared);
        Assert.IsFalse(verifier.Confirm(new byte[32], 0));
        Assert.IsFalse(verifier.TakeSharedSecret(pB, 0));
    }

    [TestMethod]
    public void WrongConfirmation_HasOneTryAndYieldsNoSecret_4_14_1()
    {
        CountingRandom random = new CountingRandom();
        SymmetricCrypto crypto = new SymmetricCrypto();
        byte[] w0 = Hex.Bytes("0000000000000000000000000000000000000000000000000000000000001234");
        byte[] w1 = Hex.Bytes("0000000000000000000000000000000000000000000000000000000000005678");
        byte[] l = new byte[65];
        byte[] masks = new byte[130];
        Assert.IsTrue(Spake2p.GetVerifierPoint(w1, 0, l, 0));
        Assert.IsTrue(Spake2p.GetMaskPoints(w0, 0, masks, 0, masks, 65));
        Spake2pVerifier verifier = new Spake2pVerifier(crypto);
        Assert.IsTrue(verifier.SetVerifier(w0, 0, l, 0, masks, 0, masks, 65));
        Spake2pProver prover = new Spake2pProver(crypto);
        byte[] pA = new byte[65];
        byte[] pB = new byte[65];
        byte[] cA = new byte[32];
        byte[] cB = new byte[32];
        byte[] secret = Hex.Filled(16);
        byte[] context = new byte[32];
        Assert.IsTrue(prover.Start(random, w0, 0, w1, 0, pA, 0));
        Assert.IsTrue(verifier.Respond(random, context, 0, 32, pA, 0, pB, 0, cB, 0)); // nothing prepared: drawn on the spot
        cB[31] ^= 1;
        Assert.IsFalse(prover.Finish(context, 0, 32, pB, 0, cB, 0, cA, 0, secret, 0));
        Assert.AreEqual((byte)0xa5, secret[0]);
        Assert.IsFalse(verifier.Confirm(cA, 0));
        Assert.IsFalse(verifier.TakeSharedSecret(secret, 0));

        string first = Hex.Text(pB, 0, 65);
        Assert.IsTrue(prover.Start(random, w0, 0, w1, 0, pA, 0));
        Assert.IsTrue(verifier.Respond(random, context, 0, 32, pA, 0, pB, 0, cB, 0));
        Assert.IsFalse(first == Hex.Text(pB, 0, 65)); // y is never used twice
        Assert.IsTrue(prover.Finish(context, 0, 32, pB, 0, cB, 0, cA, 0, secret, 0));
        Assert.IsFalse(verifier.Confirm(new byte[32], 0));
        Assert.IsFalse(verifier.Confirm(cA, 0));
        Assert.IsFalse(verifier.TakeSharedSecret(secret, 0));
    }

    [TestMethod]
    public void VerifierOutOfRange_IsRefused_3_10()
    {
        Spake2pVerifier verifier = new Spake2pVerifier(new SymmetricCrypto());
        byte[] l = Hex.Bytes("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
        Assert.IsFalse(verifier.SetVerifier(new byte[32], 0, l, 0, null, 0, null, 0));
        Assert.IsFalse(verifier.SetVerifier(Hex.Filled(32), 0, new byte[65], 0, null, 0, null, 0));
        Assert.IsFalse(verifier.SetVerifier(Hex.Filled(32), 0, l, 0, l, 0, new byte[65], 0));
        Assert.IsTrue(verifier.SetVerifier(Hex.Filled(32), 0, l, 0, l, 0, l, 0));
    }

    [TestMethod]
    public void PaseExchanges_VerifierSide_4_14_1()
    {
        Exchange(
            "00177867f1e564cc4d9f347edfc28263ee5a50f1e21177cfb9a7dc2504437ccb",
            "04cf26d253cae2dd44c6954d443c7badc1e8811b8484eaae2d7bf43ec2f7e3173527877ea4a554513063036f55d2871e87e294dfdc18cd39edd6519fb4dfcde976",
            "de583b5685529de9544b92c9c8cba696751b14d65092d13458879b3bc9814b53",
            "64e59c36646d7b6cf4103b78228313325c275c5aa9b5f21da9a482661f7b5e88",
            "04cce1e192a645d54a3ac9a3a3f0b334f37c03400b826b14d873124dfb96a35815f80202f05c72d055b6da24942d0a6cac18caf310100ecef23248ac8fd2ced196",
            "0404f972c7232cde8911de7d93e37ad752b90ad095888ac83da5f3a1d5a7eb063288ed6d358e9092a8606dac6cd6b8fdfc0b3960df85434ed60c6b6091d23da7bb",
            "d6a13c26b6c5b7c514033a0370b1830dff5116fd53de43eb2374737e9b64e4bb",
            "05030c97e72b884cd0ebf0f2e6f91bfd377a8f37601bb7f633d468e289437cf7",
            "09609b30d7aa5d1a65550aed6ad4766b");
        Exchange(
            "501f85a83d1da77983ff6f0c1f742d6d98f6d0ab0ba740a38032200099c8981f",
            "0463e7f225296bcd9b100e605d636a3d2c84524665cbd9b8b75e737d04bca1241486b37bdba74284de76f2db9df271d2c5bda21b8e26bc0943dcbf0542665c3aa8",
            "fee695b4972a4f620951010c87390d3fe1313efce399fbc2c9c7cdc04d22b4c6",
            "15d8fb91f68f9b456a5ee4df0b0eec392e12ea8438a92c65d9b3c161a2b163b7",
            "04db4f7c7f4dbf478440753d578825da01ae177c89dad6637f9c91ef86880e8d67571b2fdc0e0564985cd6b2cbbee82ab5655b0fbae7254ff4b13f88a30076612c",
            "04cd3a2937c598cfd46e197e786e4194e65164ed1a0bf23f224947b4f4c140f72b4742792b86ae6c427ae9d4a6d345cd6e1f9ae0f950d5399d38c8031d7975ca82",
            "52b9b5cb79dafd150b8729102ede22795d0f522ad884d29452818d8c54ca7508",
            "24f14df6bb3df64e12c5916df4db02e27644932121e19c14ae32e9af392aa1b1",
            "287cf7cad39ae66e37fd915cc1317766");
    }

    [TestMethod]
    public void PasscodeToVerifier_LeadingZeroOfW0Stays_3_10()
    {
        Derivation(20202021u, "5350414b453250204b65792053616c74", 1000, "b96170aae803346884724fe9a3b287c30330c2a660375d17bb205a8cf1aecb35", "823d264225e36f4923b43ad64f8c862a30f4a129bbf9ee8074a32d6d67586a90", "0457f8ab79ee253ab6a8e46bb09e543ae422736de501e3db37d441fe344920d09548e4c18240630c4ff4913c53513839b7c07fcc0627a1b8573a149fcd1fa466cf");
        Derivation(20202021u, "03959ebc20b8fcbda262d97f9a7a9e76e32d7a1b9c5166b6a3721e88acad8808", 1000, "00177867f1e564cc4d9f347edfc28263ee5a50f1e21177cfb9a7dc2504437ccb", "0e60dc5cc1bb4b66b4547601a95bc6a1758a79f79f24f68823773fb1bb9791ca", "04cf26d253cae2dd44c6954d443c7badc1e8811b8484eaae2d7bf43ec2f7e3173527877ea4a554513063036f55d2871e87e294dfdc18cd39edd6519fb4dfcde976");
    }

    private static void Exchange(string w0, string l, string y, string context, string pA, string pB, string cB, string cA, string secret)
    {
        Spake2pVerifier verifier = new Spake2pVerifier(new SymmetricCrypto());
        byte[] share = new byte[65];
        byte[] confirmation = new byte[32];
        byte[] key = new byte[16];
        Assert.IsTrue(verifier.SetVerifier(Hex.Bytes(w0), 0, Hex.Bytes(l), 0, null, 0, null, 0));
        Assert.IsTrue(verifier.Prepare(Hex.Bytes(y)));
        Assert.IsTrue(verifier.Respond(null, Hex.Bytes(context), 0, 32, Hex.Bytes(pA), 0, share, 0, confirmation, 0));
        Assert.AreEqual(pB, Hex.Text(share, 0, 65));
        Assert.AreEqual(cB, Hex.Text(confirmation, 0, 32));
        Assert.IsTrue(verifier.Confirm(Hex.Bytes(cA), 0));
        Assert.IsTrue(verifier.TakeSharedSecret(key, 0));
        Assert.AreEqual(secret, Hex.Text(key, 0, 16));
    }

    private static void Derivation(uint passcode, string salt, int iterations, string w0, string w1, string l)
    {
        byte[] s = Hex.Bytes(salt);
        byte[] scalars = Hex.Filled(66);
        byte[] point = new byte[65];
        Spake2p.DeriveScalars(new SymmetricCrypto(), passcode, s, 0, s.Length, iterations, scalars, 1, scalars, 33);
        Assert.AreEqual("a5" + w0 + w1 + "a5", Hex.Text(scalars, 0, 66));
        Assert.IsTrue(Spake2p.GetVerifierPoint(scalars, 33, point, 0));
        Assert.AreEqual(l, Hex.Text(point, 0, 65));
    }

    private static void Arithmetic(string w0, string w1, string l, string x, string y, string shareP, string shareV, string z, string v)
    {
        byte[] point = new byte[65];
        byte[] masks = new byte[130];
        Assert.IsTrue(Spake2p.GetMaskPoints(Hex.Bytes(w0), 0, masks, 0, masks, 65));
        Assert.IsTrue(P256.GetPublicKey(Hex.Bytes(w1), 0, point, 0));
        Assert.AreEqual(l, Hex.Text(point, 0, 65));
        Assert.IsTrue(P256.Multiply(Hex.Bytes(y), 0, point, 0, point, 0));
        Assert.AreEqual(v, Hex.Text(point, 0, 65));
        Assert.IsTrue(P256.GetPublicKey(Hex.Bytes(x), 0, point, 0));
        Assert.IsTrue(Spake2p.AddPoints(point, 0, masks, 0, false, point, 0));
        Assert.AreEqual(shareP, Hex.Text(point, 0, 65));
        Assert.IsTrue(Spake2p.AddPoints(point, 0, masks, 0, true, point, 0));
        Assert.IsTrue(P256.Multiply(Hex.Bytes(y), 0, point, 0, point, 0));
        Assert.AreEqual(z, Hex.Text(point, 0, 65));
        Assert.IsTrue(P256.GetPublicKey(Hex.Bytes(y), 0, point, 0));
        Assert.IsTrue(Spake2p.AddPoints(masks, 65, point, 0, false, point, 0));
        Assert.AreEqual(shareV, Hex.Text(point, 0, 65));
    }
}
