using System;
using MatterNano.Crypto;
using MatterNano.Platform;

/// <summary>
/// The cost of each primitive on nanoCLR. A line that starts with #IL is answered by a nanoCLR that counts with the instructions
/// since the line before; on a device the program prints the lines only, so put a clock beside them.
/// </summary>
public class CryptoCost
{
    private static readonly string[] s_scalars =
    {
        "0000000000000000000000000000000000000000000000000000000000000001",
        "0000000000000000000000000000000000000000000000000000000000000002",
        "0000000000000000000000000000000000000000000000000000000000000003",
        "8000000000000000000000000000000000000000000000000000000000000000",
        "8888888888888888888888888888888888888888888888888888888888888888",
        "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
    };

    public static void Main()
    {
        Counter random = new Counter();
        SymmetricCrypto crypto = new SymmetricCrypto();
        byte[] key = new byte[32];
        byte[] publicKey = new byte[65];
        byte[] secret = new byte[32];
        byte[] hash = new byte[32];
        byte[] signature = new byte[64];
        byte[] data = new byte[256];
        random.Fill(hash, 0, 32);
        P256.GenerateKeyPair(random, key, 0, publicKey, 0);

        Mark("#IL start");
        P256.Ecdh(key, 0, publicKey, 0, secret, 0);
        Mark("#IL variable base: ECDH with its checks");
        P256.GetPublicKey(key, 0, publicKey, 0);
        Mark("#IL fixed base: public key");
        SignatureNonce nonce = new SignatureNonce();
        nonce.Draw(random);
        Mark("#IL signature, part done ahead");
        P256.Sign(key, 0, hash, 0, signature, 0, nonce);
        Mark("#IL signature, rest");
        bool valid = P256.Verify(publicKey, 0, hash, 0, signature, 0);
        Mark("#IL verification");
        Mark(valid ? "valid" : "NOT VALID");

        byte[] masks = new byte[130];
        Spake2p.GetMaskPoints(key, 0, masks, 0, masks, 65);
        Spake2pVerifier verifier = new Spake2pVerifier(crypto);
        verifier.SetVerifier(key, 0, publicKey, 0, masks, 0, masks, 65);
        Mark("#IL -");
        verifier.Prepare(random);
        Mark("#IL SPAKE2+ verifier, part done ahead");
        verifier.Respond(random, hash, 0, 32, publicKey, 0, masks, 0, secret, 0);
        Mark("#IL SPAKE2+ verifier, Pake1 to Pake2");
        verifier.Confirm(secret, 0);
        Mark("#IL SPAKE2+ verifier, Pake3");

        crypto.Hash(data, 0, 119, secret, 0);
        Mark("#IL SHA-256, two blocks");
        crypto.HmacSha256(key, 0, 32, data, 0, 24, secret, 0);
        Mark("#IL HMAC of 24 bytes");
        crypto.Hkdf(key, 0, 32, hash, 0, 16, data, 0, 16, data, 100, 48);
        Mark("#IL HKDF of 48 bytes");
        crypto.CcmEncrypt(key, 0, data, 0, data, 20, 24, data, 100, 64);
        Mark("#IL AES-CCM, the table and 64 + 24 bytes");
        crypto.CcmEncrypt(key, 0, data, 0, data, 20, 24, data, 100, 64);
        Mark("#IL AES-CCM encryption, 64 + 24 bytes");
        crypto.CcmDecrypt(key, 0, data, 0, data, 20, 24, data, 100, 80);
        Mark("#IL AES-CCM decryption, 64 + 24 bytes");

        // The same count for every scalar.
        for (int i = 0; i < s_scalars.Length; i++)
        {
            byte[] scalar = Bytes(s_scalars[i]);
            Mark("#IL -");
            P256.Ecdh(scalar, 0, publicKey, 0, secret, 0);
            Mark("#IL variable base, extreme scalar");
            P256.GetPublicKey(scalar, 0, masks, 0);
            Mark("#IL fixed base, extreme scalar");
            nonce.Set(scalar, 0);
            Mark("#IL nonce, extreme scalar");
        }
    }

    private static void Mark(string text)
    {
        Console.WriteLine(text);
    }

    private static byte[] Bytes(string text)
    {
        byte[] bytes = new byte[text.Length / 2];
        for (int i = 0; i < text.Length; i++)
        {
            int digit = text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10;
            bytes[i / 2] = (byte)((bytes[i / 2] << 4) | digit);
        }

        return bytes;
    }

    private sealed class Counter : IRandom
    {
        private uint _state = 7;

        public void Fill(byte[] buffer, int offset, int count)
        {
            for (int i = 0; i < count; i++)
            {
                _state = (_state * 1664525u) + 1013904223u;
                buffer[offset + i] = (byte)(_state >> 24);
            }
        }
    }
}
