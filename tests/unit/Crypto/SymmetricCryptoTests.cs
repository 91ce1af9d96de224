using MatterNano.Crypto;
using nanoFramework.TestFramework;

namespace NFUnitTest.Crypto;

/// <summary>Values: NIST CCM cases and captured messages (matter.js, rs-matter, connectedhomeip; Apache-2.0), RFC 5869, RFC 4231, RFC 7914.</summary>
[TestClass]
public class SymmetricCryptoTests
{
    [TestMethod]
    public void CcmVectors_EncryptAndDecryptInPlace_3_6()
    {
        Ccm("0953fa93e7caac9638f58820220a398e", "00800000011201000012345678", "", "fffd034b50057e400000010000", "b5e5bfdacbaf6cb7fb6bff871fb0d6dd827d35bf372fa6425dcd17d356"); // NIST tcId 0
        Ccm("0953fa93e7caac9638f58820220a398e", "00800148202345000012345678", "", "120104320308ba072f", "79d7dbc0c9b4d43eeb281508e50d58dbbd27c39597800f4733"); // NIST tcId 1
        Ccm("0953fa93e7caac9638f58820220a398e", "00802b38322fe3000012345678", "", "120104fa0205a6000a", "53273086b8c5ee00bdd52b87a8ce6290a772d472b8c62bdc13"); // NIST tcId 2
        Ccm("be635105434859f484fc798e043ce40e", "00800000021201000012345678", "", "23450100", "b0e5d0ad6078e0ddbb7cd43faea57c7051e5b4ae"); // NIST tcId 3
        Ccm("be635105434859f484fc798e043ce40e", "00800148342345000012345678", "", "120102001234567800", "5c39da1792b1fee9eca9233958aced64f2343b9d610e876440"); // NIST tcId 4
        Ccm("0953fa93e7caac9638f58820220a398e", "008b0148352345000012345678", "", "000300a6ac00000002", "0d0d730f94d7f3509ddda1694adb791652fb6ae04682f19b29"); // NIST tcId 5
        Ccm("0953fa93e7caac9638f58820220a398e", "008b0148362345000012345678", "", "000300a6ac00000003", "d85d806bbed248614fef7f4d55e47d21522ebe3d5bc735a5c5"); // NIST tcId 6
        Ccm("be635105434859f484fc798e043ce40e", "00800000031201000012345678", "", "23450101", "7777ed3535d84e18784c4bf3cb1b4c191dc555cc"); // NIST tcId 7
        Ccm("be635105434859f484fc798e043ce40e", "00800000041201000012345678", "", "23450101", "ae214660d146b28beafe7f984f9430502d07aafe"); // NIST tcId 8
        Ccm("be635105434859f484fc798e043ce40e", "00800000051201000012345678", "", "23450100", "7d3ae62a52ee03ab84e1a33365e8a61275665f71"); // NIST tcId 9
        Ccm("63964771734fbd76e3b40519d1d94a48", "010007080d1234973612345677", "f4a002c7fb1e4ca0a469a021de0db875", "ea0a00576f726c64", "de1547118463123e14604c1ddb4f5987064b1736f3923962"); // NIST tcId 10
        Ccm("bacb178b2588443d5d5b1e4559e7accc", "00221453000000000000000000", "001d350022145300", "05028d040100153600172403312504fcff18172402002403302404001817240200240330240401181724020024033024040218172402002403302404031817240200240328240402181724020024032824040418172403312404031818290324ff0118", "ec2b931025dada82ed67521c966d2454d131a271023be699e4e2796650f568e590fd9b65f456c720a60a0da127eaa53974c5d41d3d933ed7b58a9ce5b5cb96ad94a7762611c48774cf75458327e74c34668a45dc9943546f8a6aa1dcd40bd4b8014befb49954a097a60cbdff333ee3f2fd1f49"); // Matter message payload 1
        Ccm("abf227feffea8c38e688ddcbffc459f1", "000ce399000000000000000000", "00456a000ce39900", "03104f3c0000e98ceb00", "c4527bd6965518e8382edbbd28f27f42492d0766124f9961a772"); // Captured Matter message 1
        Ccm("4e4c1353a133397f7a7557c1fbd9ca38", "00ec8ceb000000000000000000", "00c7a200ec8ceb00", "0609523c01000fe399001528003601153501370024000024013e24020b1835012400001818181824ff0118", "cb50871ccd35d430b9d9f9f2a50c07f6b0e68ac78f671de670bc6622c3538b10184ac58e70475301edae3d45dd169bfad3a4367cb8eb821676b162"); // Captured Matter message 2
        Ccm("66633197439c17b97e10ee47c808804a", "00f243e9000000000000000000", "00020000f243e900", "050870000100152800280136021537002400002401302402021835012400002c010257572402032503b80b18181818", "31b566ec8b5bf417e480f3d5115919b5239135370bf9bf69551175877719fcf35d4b471fb05ebeb510adc6789450e5d2e080efa83af0a6af1b0235a7d1c632"); // chip-tool capture: InvokeRequest towards the device
        Ccm("44d43c91d227f3ba0824c5d87cb81b33", "00290000000000000000000000", "0011000029000000", "05085828010015360015370024000124020624030118350118181818", "bd53fa7926576111994ef314240b838e88a5e36bcc81c1992a838afe16be4cf4742d9cd7e582d793491558d8"); // Report towards chip-tool
        Ccm("000102030405060708090a0b0c0d0e0f", "4e434153455f5369676d615331", "", "", "48a87f32dcbfdbf6aeed934339838e64"); // Nothing to encrypt, nothing to authenticate (shape of a resume MIC)
    }

    [TestMethod]
    public void CcmWithAChangedBit_IsRefusedAndLeavesTheBuffer_3_6()
    {
        CcmRefused("66633197439c17b97e10ee47c808804a", "00f243e9000000000000000000", "00020000f243e900", "31b566ec8b5bf417e480f3d5115919b5239135370bf9bf69551175877719fcf35d4b471fb05ebeb510adc6789450e5d2e080efa83af0a6af1b0235a7d1c6cd"); // Same, last tag byte inverted
        CcmRefused("abf227feffea8c38e688ddcbffc459f1", "000ce399000000000000000000", "00446a000ce39900", "c4527bd6965518e8382edbbd28f27f42492d0766124f9961a772"); // Captured Matter message 1 with one header bit changed
        byte[] whole = Hex.Bytes("c4527bd6965518e8382edbbd28f27f42492d0766124f9961a772");
        for (int i = 0; i < whole.Length; i++)
        {
            whole[i] ^= 1;
            CcmRefused("abf227feffea8c38e688ddcbffc459f1", "000ce399000000000000000000", "00456a000ce39900", Hex.Text(whole, 0, whole.Length));
            whole[i] ^= 1;
        }
    }

    [TestMethod]
    public void CcmCutAtEveryLength_IsRefused_3_6()
    {
        byte[] whole = Hex.Bytes("c4527bd6965518e8382edbbd28f27f42492d0766124f9961a772");
        for (int i = 0; i < whole.Length; i++)
        {
            CcmRefused("abf227feffea8c38e688ddcbffc459f1", "000ce399000000000000000000", "00456a000ce39900", Hex.Text(whole, 0, i));
        }
    }

    [TestMethod]
    public void HkdfVectors_3_8()
    {
        Hkdf("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"); // RFC 5869 case 1
        Hkdf("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f", "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf", "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"); // RFC 5869 case 2 (80-byte inputs, 82-byte output)
        Hkdf("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "7ac3c1b418d0c3ad197a8f6d69298a040b51238232d1f6bda9e769905a09b6ba79811dbeb33a46fb1b8b"); // Empty salt, 80-byte info
        Hkdf("dbc94ee08a5ee674b4c1bfa7b05bfd339faa0cd67853a10d367e9790a6d064af5ea3650da79a228adfaf771970f5f31cdc3f0ebde443640185a6e0f488f0a243", "0000000000000001", "436f6d70726573736564466162726963", "ab4a2b4fba653117"); // Compressed fabric identifier
        Hkdf("235bf7e62823d358dca4ba50b1535f4b", "87e1b004e235a130", "47726f75704b65792076312e30", "a6f5306baf6d050af23ba4bd6b9dd960"); // Operational group key
        Hkdf("a6f5306baf6d050af23ba4bd6b9dd960", "", "47726f75704b657948617368", "b9f7"); // Group session identifier (big-endian 0xb9f7)
    }

    [TestMethod]
    public void Pbkdf2Vectors_3_9()
    {
        Pbkdf2("70617373776f7264", "73616c7453414c54", 1, "9a87d25e37408fd72f423d2285c7086d3a642a26");
        Pbkdf2("70617373776f7264", "73616c7453414c54", 2, "a0f30e25e8659c36a09589490d64a6b12e0c383c");
        Pbkdf2("70617373776f7264", "73616c7453414c54", 5, "861614287714d42975165eb63ea78cce8550713c");
        Pbkdf2("70617373776f7264", "73616c7453414c54", 3, "3f127837889c4a623d6e8dc88ca33c0123a29f07");
        Pbkdf2("70617373776f726450415353574f524470617373776f7264", "73616c7453414c5473616c7453414c54", 10, "281aef26fa2ddf5b768201ff3addfc680ada0787c9b4765542");
    }

    [TestMethod]
    public void HmacVectors_AllKeyLengths_Rfc4231_3_4()
    {
        Hmac("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        Hmac("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        string key = "";
        for (int i = 0; i < 131; i++)
        {
            key += "aa";
        }

        Hmac(
            key,
            "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    [TestMethod]
    public void PrivacyObfuscation_IsCtrFromBlockOne_3_7()
    {
        byte[] header = Hex.Bytes("a57956341201000000000000000200a5");
        byte[] nonce = Hex.Bytes("db7d408217b3c0c921a2fca4e1");
        byte[] key = Hex.Bytes("bfe9da016a765365f2dd97a9f939e425");
        SymmetricCrypto crypto = new SymmetricCrypto();
        crypto.AesCtr(key, 0, nonce, 0, header, 1, 14);
        Assert.AreEqual("a5d926afce24c8a0981bdd44f4e730a5", Hex.Text(header, 0, 16));
        crypto.AesCtr(key, 0, nonce, 0, header, 1, 14);
        Assert.AreEqual("a57956341201000000000000000200a5", Hex.Text(header, 0, 16));
    }

    [TestMethod]
    public void HashOfEveryCut_IsTheSameAsInOnePiece_3_3()
    {
        byte[] data = new byte[150];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)i;
        }

        byte[] whole = Hex.Filled(34);
        byte[] parts = Hex.Filled(34);
        Sha256 hash = new Sha256();
        new SymmetricCrypto().Hash(data, 0, 150, whole, 1);
        Assert.AreEqual("a5f22b2e614e92d6453612b707385038300293d2cc292b148bc5335754b5ea30fda5", Hex.Text(whole, 0, 34));
        for (int i = 0; i <= 150; i += 7)
        {
            hash.Update(data, 0, i);
            hash.Update(data, i, 150 - i);
            hash.Final(parts, 1);
            Assert.AreEqual(Hex.Text(whole, 0, 34), Hex.Text(parts, 0, 34));
        }
    }

    [TestMethod]
    public void HashPaddingAtEveryBlockEdge_3_3()
    {
        HashOfZeros(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        HashOfZeros(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        HashOfZeros(55, "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7");
        HashOfZeros(56, "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb");
        HashOfZeros(63, "c7723fa1e0127975e49e62e753db53924c1bd84b8ac1ac08df78d09270f3d971");
        HashOfZeros(64, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
        HashOfZeros(65, "98ce42deef51d40269d542f5314bef2c7468d401ad5d85168bfab4c0108f75f7");
        HashOfZeros(119, "f616b0d54e78571a9611f343c9f8e022e859e920381ab0e4d3da01e193a7bd7e");
        HashOfZeros(120, "6edd9f6f9cc92cded36e6c4a580933f9c9f1b90562b46903b806f21902a1a54f");
        HashOfZeros(128, "38723a2e5e8a17aa7950dc008209944e898f69a7bd10a23c839d341e935fd5ca");
    }

    [TestMethod]
    public void CopiedHash_GoesOnAlone()
    {
        Sha256 one = new Sha256();
        Sha256 two = new Sha256();
        byte[] text = Hex.Bytes("616263");
        byte[] digest = new byte[32];
        one.Update(text, 0, 2);
        two.CopyFrom(one);
        one.Update(text, 0, 3);
        two.Update(text, 2, 1);
        two.Final(digest, 0);
        Assert.AreEqual("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Hex.Text(digest, 0, 32));
    }

    private static void HashOfZeros(int length, string expected)
    {
        byte[] digest = new byte[32];
        new SymmetricCrypto().Hash(new byte[length], 0, length, digest, 0);
        Assert.AreEqual(expected, Hex.Text(digest, 0, 32));
    }

    private static void Ccm(string key, string nonce, string aad, string text, string cipher)
    {
        byte[] k = Hex.Bytes("a5" + key);
        byte[] n = Hex.Bytes("a5a5" + nonce);
        byte[] a = Hex.Bytes("a5" + aad);
        byte[] buffer = Hex.Bytes("a5a5a5" + text + "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5");
        int length = text.Length / 2;
        SymmetricCrypto crypto = new SymmetricCrypto();
        crypto.CcmEncrypt(k, 1, n, 2, a, 1, a.Length - 1, buffer, 3, length);
        Assert.AreEqual("a5a5a5" + cipher + "a5a5", Hex.Text(buffer, 0, buffer.Length));
        Assert.IsTrue(crypto.CcmDecrypt(k, 1, n, 2, a, 1, a.Length - 1, buffer, 3, length + 16));
        Assert.AreEqual("a5a5a5" + text, Hex.Text(buffer, 0, 3 + length));
    }

    private static void CcmRefused(string key, string nonce, string aad, string cipher)
    {
        byte[] buffer = Hex.Bytes(cipher);
        byte[] a = Hex.Bytes(aad);
        Assert.IsFalse(new SymmetricCrypto().CcmDecrypt(Hex.Bytes(key), 0, Hex.Bytes(nonce), 0, a, 0, a.Length, buffer, 0, buffer.Length));
        Assert.AreEqual(cipher, Hex.Text(buffer, 0, buffer.Length));
    }

    private static void Hkdf(string ikm, string salt, string info, string expected)
    {
        byte[] i = Hex.Bytes(ikm);
        byte[] s = Hex.Bytes(salt);
        byte[] f = Hex.Bytes(info);
        int length = expected.Length / 2;
        byte[] output = Hex.Filled(length + 2);
        new SymmetricCrypto().Hkdf(i, 0, i.Length, s.Length == 0 ? null : s, 0, s.Length, f, 0, f.Length, output, 1, length);
        Assert.AreEqual("a5" + expected + "a5", Hex.Text(output, 0, output.Length));
    }

    private static void Pbkdf2(string password, string salt, int iterations, string expected)
    {
        byte[] p = Hex.Bytes(password);
        byte[] s = Hex.Bytes(salt);
        int length = expected.Length / 2;
        byte[] output = Hex.Filled(length + 2);
        new SymmetricCrypto().Pbkdf2(p, 0, p.Length, s, 0, s.Length, iterations, output, 1, length);
        Assert.AreEqual("a5" + expected + "a5", Hex.Text(output, 0, output.Length));
    }

    private static void Hmac(string key, string data, string expected)
    {
        byte[] k = Hex.Bytes(key);
        byte[] d = Hex.Bytes(data);
        byte[] output = Hex.Filled(34);
        SymmetricCrypto crypto = new SymmetricCrypto();
        crypto.HmacSha256(d, 0, d.Length, k, 0, k.Length, output, 1); // a first key must not stay
        crypto.HmacSha256(k, 0, k.Length, d, 0, d.Length, output, 1);
        Assert.AreEqual("a5" + expected + "a5", Hex.Text(output, 0, 34));
    }
}
