using System;

namespace MatterNano.Credentials;

/// <summary>Writes DER into a byte array (X.690). A length is set when its element ends, which moves longer contents up by one or two bytes.</summary>
public sealed class DerWriter
{
    /// <summary>BOOLEAN.</summary>
    public const int Boolean = 0x01;

    /// <summary>INTEGER.</summary>
    public const int Integer = 0x02;

    /// <summary>BIT STRING.</summary>
    public const int BitString = 0x03;

    /// <summary>OCTET STRING.</summary>
    public const int OctetString = 0x04;

    /// <summary>OBJECT IDENTIFIER.</summary>
    public const int ObjectIdentifier = 0x06;

    /// <summary>UTF8String.</summary>
    public const int Utf8String = 0x0c;

    /// <summary>PrintableString.</summary>
    public const int PrintableString = 0x13;

    /// <summary>IA5String.</summary>
    public const int Ia5String = 0x16;

    /// <summary>UTCTime.</summary>
    public const int UtcTime = 0x17;

    /// <summary>GeneralizedTime.</summary>
    public const int GeneralizedTime = 0x18;

    /// <summary>SEQUENCE.</summary>
    public const int Sequence = 0x30;

    /// <summary>SET.</summary>
    public const int Set = 0x31;

    private byte[] _buffer;
    private int _offset;
    private int _position;
    private int _limit;
    private bool _overflow;

    /// <summary>Index of the next byte.</summary>
    public int Position
    {
        get { return _position; }
    }

    /// <summary>Bytes written, or -1 after an overflow.</summary>
    public int Length
    {
        get { return _overflow ? -1 : _position - _offset; }
    }

    /// <summary>True once something did not fit.</summary>
    public bool Overflow
    {
        get { return _overflow; }
    }

    /// <summary>Starts writing.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Index of the first byte.</param>
    /// <param name="limit">Index behind the last byte that may be written.</param>
    public void Init(byte[] buffer, int offset, int limit)
    {
        _buffer = buffer;
        _offset = offset;
        _position = offset;
        _limit = limit;
        _overflow = false;
    }

    /// <summary>Opens an element.</summary>
    /// <returns>What <see cref="End"/> needs.</returns>
    public int Start(int tag)
    {
        int mark = _position;
        if (Fits(2))
        {
            _buffer[_position] = (byte)tag;
            _position += 2;
        }

        return mark;
    }

    /// <summary>Closes an element. Inner ones are closed first.</summary>
    public void End(int mark)
    {
        if (_overflow)
        {
            return;
        }

        int content = mark + 2;
        int length = _position - content;
        int more = length < 0x80 ? 0 : length < 0x100 ? 1 : 2;
        if (!Fits(more))
        {
            return;
        }

        if (more == 0)
        {
            _buffer[mark + 1] = (byte)length;
            return;
        }

        Array.Copy(_buffer, content, _buffer, content + more, length);
        _buffer[mark + 1] = (byte)(0x80 | more);
        if (more == 1)
        {
            _buffer[content] = (byte)length;
        }
        else
        {
            ByteOrder.WriteUInt16BigEndian(_buffer, content, (uint)length);
        }

        _position += more;
    }

    /// <summary>Writes one byte of content.</summary>
    public void PutByte(int value)
    {
        if (Fits(1))
        {
            _buffer[_position++] = (byte)value;
        }
    }

    /// <summary>Writes the lowest <paramref name="count"/> bytes of a number, most significant first: a literal.</summary>
    public void PutLiteral(ulong value, int count)
    {
        if (!Fits(count))
        {
            return;
        }

        for (int i = count - 1; i >= 0; i--)
        {
            _buffer[_position + i] = (byte)value;
            value >>= 8;
        }

        _position += count;
    }

    /// <summary>Writes bytes as they are.</summary>
    public void PutBytes(byte[] value, int offset, int length)
    {
        if (Fits(length))
        {
            Array.Copy(value, offset, _buffer, _position, length);
            _position += length;
        }
    }

    /// <summary>Writes an element with this content.</summary>
    public void PutElement(int tag, byte[] value, int offset, int length)
    {
        int mark = Start(tag);
        PutBytes(value, offset, length);
        End(mark);
    }

    /// <summary>Writes an object identifier of up to 8 bytes, given as a literal.</summary>
    public void PutObjectIdentifier(ulong literal, int count)
    {
        int mark = Start(ObjectIdentifier);
        PutLiteral(literal, count);
        End(mark);
    }

    /// <summary>Writes a number as INTEGER in shortest form.</summary>
    /// <param name="value">Where the number is, most significant byte first, not negative.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Its length, 1 at least.</param>
    public void PutUnsignedInteger(byte[] value, int offset, int length)
    {
        while (length > 1 && value[offset] == 0)
        {
            offset++;
            length--;
        }

        int mark = Start(Integer);
        if (value[offset] >= 0x80)
        {
            PutByte(0);
        }

        PutBytes(value, offset, length);
        End(mark);
    }

    /// <summary>Writes SubjectPublicKeyInfo of a P-256 key (RFC 5480).</summary>
    /// <param name="key">65 bytes, uncompressed.</param>
    /// <param name="offset">Its first byte.</param>
    public void PutP256PublicKey(byte[] key, int offset)
    {
        int info = Start(Sequence);
        int algorithm = Start(Sequence);
        PutObjectIdentifier(0x2a8648ce3d0201UL, 7);
        PutObjectIdentifier(0x2a8648ce3d030107UL, 8);
        End(algorithm);
        int bits = Start(BitString);
        PutByte(0);
        PutBytes(key, offset, 65);
        End(bits);
        End(info);
    }

    /// <summary>Writes the AlgorithmIdentifier ecdsa-with-SHA256 (RFC 5758).</summary>
    public void PutEcdsaWithSha256()
    {
        int algorithm = Start(Sequence);
        PutObjectIdentifier(0x2a8648ce3d040302UL, 8);
        End(algorithm);
    }

    /// <summary>Writes a signature as BIT STRING of a DER sequence, the way certificates and requests end.</summary>
    /// <param name="signature">64 bytes, r then s.</param>
    /// <param name="offset">Its first byte.</param>
    public void PutSignatureBits(byte[] signature, int offset)
    {
        int bits = Start(BitString);
        PutByte(0);
        PutSignature(signature, offset);
        End(bits);
    }

    /// <summary>Writes a signature as a DER sequence of two integers (RFC 3279 2.2.3).</summary>
    /// <param name="signature">64 bytes, r then s.</param>
    /// <param name="offset">Its first byte.</param>
    public void PutSignature(byte[] signature, int offset)
    {
        int pair = Start(Sequence);
        PutUnsignedInteger(signature, offset, 32);
        PutUnsignedInteger(signature, offset + 32, 32);
        End(pair);
    }

    private bool Fits(int count)
    {
        if (_overflow || count > _limit - _position)
        {
            _overflow = true;
            return false;
        }

        return true;
    }
}
