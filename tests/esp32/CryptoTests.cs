extern alias board;
using System;
using MatterNano.Crypto;
using Xunit;

namespace MatterNano.Esp32.Tests;

/// <summary>The native ciphers against the stack's own, at every length around a block and a size of the kept arrays.</summary>
public sealed class CryptoTests
{
    private readonly Random _random = new Random(5);
    private readonly SymmetricCrypto _native = new board::MatterNano.Esp32.NativeCrypto();
    private readonly SymmetricCrypto _managed = new SymmetricCrypto();

    [Fact]
    public void CcmIsTheSame()
    {
        foreach (int aadLength in new[] { 0, 8, 13, 14, 15, 24, 32 })
        {
            foreach (int length in new[] { 0, 1, 15, 16, 17, 31, 32, 64, 79, 80, 81, 95, 96, 200, 400, 1200, 1280, 1400, 2000 })
            {
                byte[] key = Draw(20);
                byte[] nonce = Draw(16);
                byte[] aad = Draw(aadLength + 2);
                byte[] expected = Draw(length + 20);
                byte[] actual = (byte[])expected.Clone();
                byte[] plain = (byte[])expected.Clone();
                _managed.CcmEncrypt(key, 3, nonce, 2, aad, 1, aadLength, expected, 2, length);
                _native.CcmEncrypt(key, 3, nonce, 2, aad, 1, aadLength, actual, 2, length);
                Assert.Equal(expected, actual);
                byte[] broken = (byte[])actual.Clone();
                broken[2 + _random.Next(length + 16)] ^= 0x10;
                byte[] before = (byte[])broken.Clone();
                Assert.False(_native.CcmDecrypt(key, 3, nonce, 2, aad, 1, aadLength, broken, 2, length + 16));
                Assert.Equal(before, broken);
                Assert.True(_native.CcmDecrypt(key, 3, nonce, 2, aad, 1, aadLength, actual, 2, length + 16));
                Assert.Equal(plain.AsSpan(0, 2 + length).ToArray(), actual.AsSpan(0, 2 + length).ToArray());
                Assert.False(_native.CcmDecrypt(key, 3, nonce, 2, aad, 1, aadLength, actual, 2, 15));
            }
        }
    }

    [Fact]
    public void CtrIsTheSame()
    {
        foreach (int length in new[] { 0, 1, 15, 16, 17, 40, 96, 97, 1600 })
        {
            byte[] key = Draw(16);
            byte[] nonce = Draw(13);
            byte[] expected = Draw(length + 2);
            byte[] actual = (byte[])expected.Clone();
            _managed.AesCtr(key, 0, nonce, 0, expected, 1, length);
            _native.AesCtr(key, 0, nonce, 0, actual, 1, length);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void HmacHkdfAndPbkdf2AreTheSame_AndTheCallersKeyIsLeft()
    {
        foreach (int keyLength in new[] { 0, 1, 16, 32, 64, 65, 100 })
        {
            byte[] key = Draw(keyLength);
            byte[] kept = (byte[])key.Clone();
            byte[] data = Draw(50);
            byte[] expected = new byte[40];
            byte[] actual = new byte[40];
            _managed.HmacSha256(key, 0, keyLength, data, 3, 40, expected, 4);
            _native.HmacSha256(key, 0, keyLength, data, 3, 40, actual, 4);
            Assert.Equal(expected, actual);
            Assert.Equal(kept, key);
            _managed.Hkdf(data, 0, 32, key, 0, keyLength, data, 0, 20, expected, 0, 40);
            _native.Hkdf(data, 0, 32, key, 0, keyLength, data, 0, 20, actual, 0, 40);
            Assert.Equal(expected, actual);
        }

        byte[] password = Draw(4);
        byte[] salt = Draw(32);
        byte[] first = new byte[80];
        byte[] second = new byte[80];
        _managed.Pbkdf2(password, 0, 4, salt, 0, 32, 50, first, 0, 80);
        _native.Pbkdf2(password, 0, 4, salt, 0, 32, 50, second, 0, 80);
        Assert.Equal(first, second);
    }

    private byte[] Draw(int length)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }
}
