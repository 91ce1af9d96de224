using System;
using System.Security.Cryptography;
using MatterNano.Crypto;

namespace MatterNano.Esp32;

/// <summary>HMAC-SHA256 and AES-128 of the firmware. A message costs one call for the key stream and one for the MAC, however long it is.</summary>
/// <remarks>
/// The native calls take and give whole arrays. What goes in lies in arrays of few sizes that are kept; what comes out is
/// new each time, the only memory a message takes. Longer texts than any kept array are left to the managed code.
/// </remarks>
public sealed class NativeCrypto : SymmetricCrypto
{
    private const int Block = 16;

    // Longest text: B0 or S0, the blocks of additional data and of the text must fit into the largest array.
    private const int Classes = 5;
    private const int SmallestClass = 96;

    private readonly byte[][] _blocks = new byte[Classes][];
    private readonly byte[] _key = new byte[KeySize];
    private readonly byte[] _zero = new byte[Block];
    private readonly byte[] _tag = new byte[TagSize];
    private readonly Aes _ecb = new Aes(CipherMode.ECB);
    private readonly Aes _cbc = new Aes(CipherMode.CBC);

    /// <inheritdoc/>
    public override void HmacSha256(byte[] key, int keyOffset, int keyLength, byte[] data, int offset, int length, byte[] output, int outputOffset)
    {
        if (keyLength == 0 || length == 0)
        {
            base.HmacSha256(key, keyOffset, keyLength, data, offset, length, output, outputOffset);
            return;
        }

        // HashData, not an HMACSHA256 object: that keeps the caller's key array and wipes it when it is disposed.
        byte[] keyCopy = Cut(key, keyOffset, keyLength);
        byte[] dataCopy = Cut(data, offset, length);
        byte[] hash = HMACSHA256.HashData(keyCopy, dataCopy);
        Array.Copy(hash, 0, output, outputOffset, HashSize);
        Secrets.Wipe(hash);
        Wipe(keyCopy, key);
        Wipe(dataCopy, data);
    }

    /// <inheritdoc/>
    public override void CcmEncrypt(byte[] key, int keyOffset, byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadLength, byte[] buffer, int offset, int length)
    {
        if (!Fits(aadLength, length))
        {
            base.CcmEncrypt(key, keyOffset, nonce, nonceOffset, aad, aadOffset, aadLength, buffer, offset, length);
            return;
        }

        SetKey(key, keyOffset);
        Authenticate(nonce, nonceOffset, aad, aadOffset, aadLength, buffer, offset, length);
        byte[] stream = KeyStream(nonce, nonceOffset, 0, length);
        Xor(stream, 0, _tag, 0, TagSize);
        Xor(stream, Block, buffer, offset, length);
        Array.Copy(_tag, 0, buffer, offset + length, TagSize);
        Finish(stream);
    }

    /// <inheritdoc/>
    public override bool CcmDecrypt(byte[] key, int keyOffset, byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadLength, byte[] buffer, int offset, int length)
    {
        int text = length - TagSize;
        if (text < 0)
        {
            return false;
        }

        if (!Fits(aadLength, text))
        {
            return base.CcmDecrypt(key, keyOffset, nonce, nonceOffset, aad, aadOffset, aadLength, buffer, offset, length);
        }

        SetKey(key, keyOffset);
        byte[] stream = KeyStream(nonce, nonceOffset, 0, text);
        Xor(stream, Block, buffer, offset, text);
        Authenticate(nonce, nonceOffset, aad, aadOffset, aadLength, buffer, offset, text);
        Xor(stream, 0, _tag, 0, TagSize);
        bool authentic = Secrets.AreEqual(_tag, 0, buffer, offset + text, TagSize);
        if (!authentic)
        {
            // As it was, so that another key can be tried.
            Xor(stream, Block, buffer, offset, text);
        }

        Finish(stream);
        return authentic;
    }

    /// <inheritdoc/>
    public override void AesCtr(byte[] key, int keyOffset, byte[] nonce, int nonceOffset, byte[] buffer, int offset, int length)
    {
        if (!Fits(0, length))
        {
            base.AesCtr(key, keyOffset, nonce, nonceOffset, buffer, offset, length);
            return;
        }

        SetKey(key, keyOffset);
        byte[] stream = KeyStream(nonce, nonceOffset, 1, length);
        Xor(stream, 0, buffer, offset, length);
        Finish(stream);
    }

    private static byte[] Cut(byte[] array, int offset, int length)
    {
        if (offset == 0 && length == array.Length)
        {
            return array;
        }

        byte[] copy = new byte[length];
        Array.Copy(array, offset, copy, 0, length);
        return copy;
    }

    private static void Wipe(byte[] copy, byte[] original)
    {
        if (copy != original)
        {
            Secrets.Wipe(copy);
        }
    }

    private static void Xor(byte[] stream, int streamOffset, byte[] target, int offset, int length)
    {
        for (int i = 0; i < length; i++)
        {
            target[offset + i] ^= stream[streamOffset + i];
        }
    }

    private static int ClassSize(int index)
    {
        return SmallestClass << index;
    }

    private static int RoundUp(int length)
    {
        return (length + Block - 1) & ~(Block - 1);
    }

    private static bool Fits(int aadLength, int length)
    {
        int aad = aadLength == 0 ? 0 : RoundUp(aadLength + 2);
        return Block + aad + RoundUp(length) <= ClassSize(Classes - 1);
    }

    // The array of blocks for a length; made at its first use.
    private byte[] Blocks(int length)
    {
        int index = 0;
        while (ClassSize(index) < length)
        {
            index++;
        }

        byte[] blocks = _blocks[index];
        if (blocks == null)
        {
            blocks = new byte[ClassSize(index)];
            _blocks[index] = blocks;
        }

        return blocks;
    }

    private void SetKey(byte[] key, int keyOffset)
    {
        Array.Copy(key, keyOffset, _key, 0, KeySize);
        _ecb.Key = _key;
        _cbc.Key = _key;
    }

    // Encrypted counter blocks from a counter on; more than asked for, up to the size of the array.
    private byte[] KeyStream(byte[] nonce, int nonceOffset, int counter, int length)
    {
        int count = (counter == 0 ? 1 : 0) + (RoundUp(length) / Block);
        byte[] blocks = Blocks(count * Block);
        for (int i = 0; i < count; i++)
        {
            int at = i * Block;
            int number = counter + i;
            blocks[at] = 1; // L - 1: two bytes of length
            Array.Copy(nonce, nonceOffset, blocks, at + 1, NonceSize);
            blocks[at + 14] = (byte)(number >> 8);
            blocks[at + 15] = (byte)number;
        }

        return _ecb.Encrypt(blocks);
    }

    // CBC-MAC into the tag: the last block that counts of one CBC encryption without IV (NIST 800-38C, A.2).
    private void Authenticate(byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadLength, byte[] buffer, int offset, int length)
    {
        int aadBlocks = aadLength == 0 ? 0 : RoundUp(aadLength + 2);
        int total = Block + aadBlocks + RoundUp(length);
        byte[] blocks = Blocks(total);
        Array.Clear(blocks, 0, blocks.Length);
        blocks[0] = (byte)((aadLength == 0 ? 0 : 0x40) | (((TagSize - 2) / 2) << 3) | 1);
        Array.Copy(nonce, nonceOffset, blocks, 1, NonceSize);
        blocks[14] = (byte)(length >> 8);
        blocks[15] = (byte)length;
        if (aadLength > 0)
        {
            blocks[Block] = (byte)(aadLength >> 8);
            blocks[Block + 1] = (byte)aadLength;
            Array.Copy(aad, aadOffset, blocks, Block + 2, aadLength);
        }

        if (length > 0)
        {
            Array.Copy(buffer, offset, blocks, Block + aadBlocks, length);
        }

        // The constructor of the cipher draws an IV, and what a call leaves there is not told.
        Array.Clear(_zero, 0, Block);
        _cbc.IV = _zero;
        byte[] chain = _cbc.Encrypt(blocks);
        Array.Copy(chain, total - Block, _tag, 0, TagSize);
        Secrets.Wipe(chain);
        Secrets.Wipe(blocks);
    }

    private void Finish(byte[] stream)
    {
        Secrets.Wipe(stream);
        Secrets.Wipe(_key);
        Secrets.Wipe(_tag);
    }
}
