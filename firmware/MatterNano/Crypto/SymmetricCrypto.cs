using System;

namespace MatterNano.Crypto;

/// <summary>The symmetric primitives of Matter (Core 3.4 to 3.9): HMAC-SHA256, HKDF, PBKDF2, AES-128-CCM, AES-128-CTR.</summary>
/// <remarks>
/// Owns its scratch memory, so one object serves one thread at a time and a message allocates nothing. A board with
/// native HMAC or AES overrides the virtual members; the 2 KB AES table exists only after the first managed AES call.
/// </remarks>
public class SymmetricCrypto
{
    /// <summary>Bytes of an AES-128 key (Core 3.6).</summary>
    public const int KeySize = 16;

    /// <summary>Bytes of the CCM and CTR nonce (Core 3.6).</summary>
    public const int NonceSize = 13;

    /// <summary>Bytes of the CCM tag (Core 3.6).</summary>
    public const int TagSize = 16;

    /// <summary>Bytes of an HMAC or a digest.</summary>
    public const int HashSize = 32;

    private readonly Sha256 _sha256 = new Sha256();

    // Of HMAC: behind the inner padding, behind the outer one.
    private readonly uint[] _padded = new uint[16];
    private Aes128 _aes;
    private bool _keepKey;
    private bool _keyReady;

    /// <summary>The digest that all others here are made with: free for the same thread between two calls.</summary>
    internal Sha256 Digest
    {
        get { return _sha256; }
    }

    /// <summary>SHA-256 of one range (Core 3.3).</summary>
    public void Hash(byte[] data, int offset, int length, byte[] output, int outputOffset)
    {
        _sha256.Init();
        _sha256.Update(data, offset, length);
        _sha256.Final(output, outputOffset);
    }

    /// <summary>HMAC-SHA256 (FIPS 198-1; Core 3.4). Writes 32 bytes; the output may overlap the input.</summary>
    public virtual void HmacSha256(byte[] key, int keyOffset, int keyLength, byte[] data, int offset, int length, byte[] output, int outputOffset)
    {
        if (!_keyReady)
        {
            PrepareKey(key, keyOffset, keyLength);
            _keyReady = _keepKey;
        }

        _sha256.Resume(_padded, 0);
        _sha256.Update(data, offset, length);
        byte[] inner = _sha256.Block;
        _sha256.Final(inner, 0);
        _sha256.Resume(_padded, 8);
        _sha256.Update(inner, 0, HashSize);
        _sha256.Final(output, outputOffset);
        if (!_keepKey)
        {
            ForgetKey();
        }
    }

    /// <summary>HKDF with SHA-256 (RFC 5869; Core 3.8).</summary>
    /// <param name="ikm">Input keying material.</param>
    /// <param name="ikmOffset">Its first byte.</param>
    /// <param name="ikmLength">Its length in bytes.</param>
    /// <param name="salt">Salt; may be null when its length is 0.</param>
    /// <param name="saltOffset">Its first byte.</param>
    /// <param name="saltLength">Its length in bytes, 0 for none.</param>
    /// <param name="info">Context; may be null when its length is 0.</param>
    /// <param name="infoOffset">Its first byte.</param>
    /// <param name="infoLength">Its length in bytes.</param>
    /// <param name="output">Receives the key.</param>
    /// <param name="outputOffset">Its first byte.</param>
    /// <param name="length">Bytes to derive, 1 to 8160.</param>
    /// <exception cref="ArgumentException"><paramref name="length"/> is out of range.</exception>
    public virtual void Hkdf(
        byte[] ikm,
        int ikmOffset,
        int ikmLength,
        byte[] salt,
        int saltOffset,
        int saltLength,
        byte[] info,
        int infoOffset,
        int infoLength,
        byte[] output,
        int outputOffset,
        int length)
    {
        if (length < 1 || length > 255 * HashSize)
        {
            throw new ArgumentException();
        }

        byte[] key = new byte[HashSize];
        if (saltLength == 0)
        {
            salt = key; // an absent salt is as many zeros as the digest has bytes
            saltOffset = 0;
            saltLength = HashSize;
        }

        HmacSha256(salt, saltOffset, saltLength, ikm, ikmOffset, ikmLength, key, 0);
        HkdfExpand(key, 0, info, infoOffset, infoLength, output, outputOffset, length);
        Secrets.Wipe(key);
    }

    /// <summary>The second half of HKDF (RFC 5869, 2.3); the first is the HMAC of the keying material under the salt. For who divides the work.</summary>
    /// <param name="key">The pseudorandom key, 32 bytes.</param>
    /// <param name="keyOffset">Its first byte.</param>
    /// <param name="info">Context; may be null when its length is 0.</param>
    /// <param name="infoOffset">Its first byte.</param>
    /// <param name="infoLength">Its length in bytes.</param>
    /// <param name="output">Receives the derived key.</param>
    /// <param name="outputOffset">Its first byte.</param>
    /// <param name="length">Bytes to derive, 1 to 8160.</param>
    public void HkdfExpand(byte[] key, int keyOffset, byte[] info, int infoOffset, int infoLength, byte[] output, int outputOffset, int length)
    {
        byte[] block = new byte[HashSize + infoLength + 1];
        if (infoLength > 0)
        {
            Array.Copy(info, infoOffset, block, HashSize, infoLength);
        }

        _keepKey = true;
        int start = HashSize;
        while (length > 0)
        {
            block[HashSize + infoLength]++;
            HmacSha256(key, keyOffset, HashSize, block, start, block.Length - start, block, 0);
            int part = length < HashSize ? length : HashSize;
            Array.Copy(block, 0, output, outputOffset, part);
            outputOffset += part;
            length -= part;
            start = 0;
        }

        ForgetKey();
        Secrets.Wipe(block);
    }

    /// <summary>PBKDF2 with HMAC-SHA256 (NIST 800-132; Core 3.9). Four SHA-256 blocks an iteration at most: work for a PC.</summary>
    /// <param name="password">Password; in PASE the passcode, 4 bytes little-endian.</param>
    /// <param name="passwordOffset">Its first byte.</param>
    /// <param name="passwordLength">Its length in bytes.</param>
    /// <param name="salt">Salt, in PASE 16 to 32 bytes.</param>
    /// <param name="saltOffset">Its first byte.</param>
    /// <param name="saltLength">Its length in bytes.</param>
    /// <param name="iterations">Iterations, 1 or more; in PASE 1,000 to 100,000.</param>
    /// <param name="output">Receives the key.</param>
    /// <param name="outputOffset">Its first byte.</param>
    /// <param name="length">Bytes to derive, 1 or more.</param>
    /// <exception cref="ArgumentException"><paramref name="iterations"/> or <paramref name="length"/> is out of range.</exception>
    public virtual void Pbkdf2(
        byte[] password,
        int passwordOffset,
        int passwordLength,
        byte[] salt,
        int saltOffset,
        int saltLength,
        int iterations,
        byte[] output,
        int outputOffset,
        int length)
    {
        if (iterations < 1 || length < 1)
        {
            throw new ArgumentException();
        }

        byte[] first = new byte[saltLength + 4];
        byte[] u = new byte[HashSize];
        byte[] sum = new byte[HashSize];
        if (saltLength > 0)
        {
            Array.Copy(salt, saltOffset, first, 0, saltLength);
        }

        _keepKey = true;
        uint index = 0;
        while (length > 0)
        {
            index++;
            ByteOrder.WriteUInt32BigEndian(first, saltLength, index);
            HmacSha256(password, passwordOffset, passwordLength, first, 0, first.Length, u, 0);
            Array.Copy(u, sum, HashSize);
            for (int i = 1; i < iterations; i++)
            {
                HmacSha256(password, passwordOffset, passwordLength, u, 0, HashSize, u, 0);
                for (int j = 0; j < HashSize; j++)
                {
                    sum[j] ^= u[j];
                }
            }

            int part = length < HashSize ? length : HashSize;
            Array.Copy(sum, 0, output, outputOffset, part);
            outputOffset += part;
            length -= part;
        }

        ForgetKey();
        Secrets.Wipe(u);
        Secrets.Wipe(sum);
    }

    /// <summary>AES-128-CCM encryption in place (NIST 800-38C; Core 3.6): 13-byte nonce, 16-byte tag behind the text.</summary>
    /// <param name="key">Key, 16 bytes.</param>
    /// <param name="keyOffset">Its first byte.</param>
    /// <param name="nonce">Nonce, 13 bytes, never twice with one key.</param>
    /// <param name="nonceOffset">Its first byte.</param>
    /// <param name="aad">Additional data that is authenticated only; may be null when its length is 0.</param>
    /// <param name="aadOffset">Its first byte.</param>
    /// <param name="aadLength">Its length in bytes, below 65,280.</param>
    /// <param name="buffer">Text, with room for the tag behind it.</param>
    /// <param name="offset">First byte of the text.</param>
    /// <param name="length">Bytes of text without the tag, 0 to 65,535.</param>
    public virtual void CcmEncrypt(byte[] key, int keyOffset, byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadLength, byte[] buffer, int offset, int length)
    {
        Aes128 aes = Aes();
        aes.SetKey(key, keyOffset);
        aes.Authenticate(nonce, nonceOffset, aad, aadOffset, aadLength, buffer, offset, length);
        aes.WriteTag(nonce, nonceOffset, buffer, offset + length);
        aes.Counter(nonce, nonceOffset, 1, buffer, offset, length);
        aes.Wipe();
    }

    /// <summary>AES-128-CCM decryption in place. A wrong tag leaves the buffer as it was, so that another key can be tried.</summary>
    /// <param name="key">Key, 16 bytes.</param>
    /// <param name="keyOffset">Its first byte.</param>
    /// <param name="nonce">Nonce, 13 bytes.</param>
    /// <param name="nonceOffset">Its first byte.</param>
    /// <param name="aad">Additional data that is authenticated only; may be null when its length is 0.</param>
    /// <param name="aadOffset">Its first byte.</param>
    /// <param name="aadLength">Its length in bytes, below 65,280.</param>
    /// <param name="buffer">Cipher text and tag; receives the text, the tag stays.</param>
    /// <param name="offset">First byte of the cipher text.</param>
    /// <param name="length">Bytes of cipher text and tag together; less than 16 is refused.</param>
    /// <returns>True when the tag is right.</returns>
    public virtual bool CcmDecrypt(byte[] key, int keyOffset, byte[] nonce, int nonceOffset, byte[] aad, int aadOffset, int aadLength, byte[] buffer, int offset, int length)
    {
        length -= TagSize;
        if (length < 0)
        {
            return false;
        }

        Aes128 aes = Aes();
        aes.SetKey(key, keyOffset);
        aes.Counter(nonce, nonceOffset, 1, buffer, offset, length);
        aes.Authenticate(nonce, nonceOffset, aad, aadOffset, aadLength, buffer, offset, length);
        bool authentic = aes.TagEquals(nonce, nonceOffset, buffer, offset + length);
        if (!authentic)
        {
            aes.Counter(nonce, nonceOffset, 1, buffer, offset, length);
        }

        aes.Wipe();
        return authentic;
    }

    /// <summary>AES-128-CTR in place, both ways, for the privacy of message headers (Core 3.7, 4.9.3).</summary>
    /// <param name="key">Privacy key, 16 bytes.</param>
    /// <param name="keyOffset">Its first byte.</param>
    /// <param name="nonce">Privacy nonce, 13 bytes.</param>
    /// <param name="nonceOffset">Its first byte.</param>
    /// <param name="buffer">Text.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Its length in bytes.</param>
    public virtual void AesCtr(byte[] key, int keyOffset, byte[] nonce, int nonceOffset, byte[] buffer, int offset, int length)
    {
        Aes128 aes = Aes();
        aes.SetKey(key, keyOffset);
        aes.Counter(nonce, nonceOffset, 1, buffer, offset, length);
        aes.Wipe();
    }

    private Aes128 Aes()
    {
        if (_aes == null)
        {
            _aes = new Aes128();
        }

        return _aes;
    }

    private void PrepareKey(byte[] key, int keyOffset, int keyLength)
    {
        byte[] pad = _sha256.Block;
        Array.Clear(pad, 0, Sha256.BlockSize);
        _sha256.Init();
        if (keyLength > Sha256.BlockSize)
        {
            _sha256.Update(key, keyOffset, keyLength);
            _sha256.Final(pad, 0);
        }
        else if (keyLength > 0)
        {
            Array.Copy(key, keyOffset, pad, 0, keyLength);
        }

        for (int i = 0; i < Sha256.BlockSize; i++)
        {
            pad[i] ^= 0x36;
        }

        _sha256.Update(pad, 0, Sha256.BlockSize);
        _sha256.Save(_padded, 0);
        for (int i = 0; i < Sha256.BlockSize; i++)
        {
            pad[i] ^= 0x36 ^ 0x5c;
        }

        _sha256.Init();
        _sha256.Update(pad, 0, Sha256.BlockSize);
        _sha256.Save(_padded, 8);
    }

    private void ForgetKey()
    {
        _keepKey = false;
        _keyReady = false;
        Secrets.Wipe(_sha256.Block);
        Array.Clear(_padded, 0, 16);
    }
}
