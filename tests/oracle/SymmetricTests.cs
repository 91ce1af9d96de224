using System;
using System.Linq;
using System.Security.Cryptography;
using MatterNano.Crypto;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Xunit;

namespace MatterNano.Oracle;

/// <summary>Digest, key derivation and ciphers against .NET and BouncyCastle, with random inputs of every small length.</summary>
public class SymmetricTests
{
    private readonly SymmetricCrypto _crypto = new SymmetricCrypto();

    [Fact]
    public void Digests_InOddPieces()
    {
        SeededRandom random = new SeededRandom(1);
        Sha256 hash = new Sha256();
        for (int i = 0; i < 400; i++)
        {
            byte[] data = random.Bytes(i < 200 ? i : random.Below(3000));
            byte[] digest = new byte[32];
            int at = 0;
            while (at < data.Length)
            {
                int part = Math.Min(data.Length - at, random.Below(100));
                hash.Update(data, at, part);
                at += part;
            }

            hash.Final(digest, 0);
            Assert.Equal(SHA256.HashData(data), digest);
        }
    }

    [Fact]
    public void Hmac_OfEveryKeyLength()
    {
        SeededRandom random = new SeededRandom(2);
        for (int i = 0; i < 200; i++)
        {
            byte[] key = random.Bytes(i);
            byte[] data = random.Bytes(random.Below(200));
            byte[] mac = new byte[32];
            _crypto.HmacSha256(key, 0, key.Length, data, 0, data.Length, mac, 0);
            Assert.Equal(HMACSHA256.HashData(key, data), mac);
        }
    }

    [Fact]
    public void KeyDerivation_OfEveryLength()
    {
        SeededRandom random = new SeededRandom(3);
        for (int i = 1; i < 200; i++)
        {
            byte[] ikm = random.Bytes(1 + random.Below(100));
            byte[] salt = random.Bytes(random.Below(100));
            byte[] info = random.Bytes(random.Below(100));
            byte[] key = Enumerable.Repeat((byte)0xa5, i + 2).ToArray();
            _crypto.Hkdf(ikm, 0, ikm.Length, salt, 0, salt.Length, info, 0, info.Length, key, 1, i);
            Assert.Equal(HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, i, salt, info), key[1..^1]);
            Assert.Equal(0xa5, key[0]);
            Assert.Equal(0xa5, key[i + 1]);

            int iterations = 1 + random.Below(5);
            _crypto.Pbkdf2(ikm, 0, ikm.Length, salt, 0, salt.Length, iterations, key, 1, i);
            Assert.Equal(Rfc2898DeriveBytes.Pbkdf2(ikm, salt, iterations, HashAlgorithmName.SHA256, i), key[1..^1]);
        }
    }

    [Fact]
    public void Ccm_OfEveryLength()
    {
        SeededRandom random = new SeededRandom(4);
        for (int i = 0; i < 400; i++)
        {
            int length = i < 100 ? i : random.Below(1300);
            byte[] key = random.Bytes(16);
            byte[] nonce = random.Bytes(13);
            byte[] aad = random.Bytes(i % 3 == 0 ? random.Below(3) : random.Below(100));
            byte[] text = random.Bytes(length);
            byte[] buffer = Enumerable.Repeat((byte)0xa5, length + 18).ToArray();
            text.CopyTo(buffer, 1);
            _crypto.CcmEncrypt(key, 0, nonce, 0, aad, 0, aad.Length, buffer, 1, length);

            CcmBlockCipher cipher = new CcmBlockCipher(new AesEngine());
            cipher.Init(true, new AeadParameters(new KeyParameter(key), 128, nonce, aad));
            byte[] expected = new byte[length + 16];
            cipher.DoFinal(expected, cipher.ProcessBytes(text, 0, length, expected, 0));
            Assert.Equal(expected, buffer[1..^1]);
            Assert.Equal(0xa5, buffer[0]);
            Assert.Equal(0xa5, buffer[^1]);

            int bit = random.Below(8 * (length + 16));
            buffer[1 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            byte[] broken = (byte[])buffer.Clone();
            Assert.False(_crypto.CcmDecrypt(key, 0, nonce, 0, aad, 0, aad.Length, buffer, 1, length + 16));
            Assert.Equal(broken, buffer);
            buffer[1 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            Assert.True(_crypto.CcmDecrypt(key, 0, nonce, 0, aad, 0, aad.Length, buffer, 1, length + 16));
            Assert.Equal(text, buffer[1..(length + 1)]);
        }
    }

    [Fact]
    public void Ctr_FromBlockOne()
    {
        SeededRandom random = new SeededRandom(5);
        for (int i = 0; i < 70; i++)
        {
            byte[] key = random.Bytes(16);
            byte[] nonce = random.Bytes(13);
            byte[] text = random.Bytes(i);
            byte[] buffer = (byte[])text.Clone();
            _crypto.AesCtr(key, 0, nonce, 0, buffer, 0, i);
            IBufferedCipher cipher = new BufferedBlockCipher(new SicBlockCipher(new AesEngine()));
            cipher.Init(true, new ParametersWithIV(new KeyParameter(key), new byte[] { 1 }.Concat(nonce).Append((byte)0).Append((byte)1).ToArray()));
            Assert.Equal(cipher.DoFinal(text), buffer);
        }
    }
}
