using System;

namespace MatterNano.Tlv;

/// <summary>Writes Matter TLV into a byte array without allocating; integers and lengths in their shortest form (Core appendix A).</summary>
/// <remarks>
/// What does not fit is left out whole and sets <see cref="Overflow"/>; from then on nothing is written until
/// <see cref="Rollback"/>. Each open container keeps one byte for its end, so a message can always be closed.
/// </remarks>
public sealed class TlvWriter
{
    private byte[] _buffer;
    private int _offset;
    private int _position;
    private int _limit;
    private int _reserved;
    private int _depth;
    private bool _overflow;

    // Vendor u16 and profile u16 of fully qualified tags.
    private uint _profile;

    /// <summary>The array being written.</summary>
    public byte[] Buffer
    {
        get { return _buffer; }
    }

    /// <summary>Index in the array of the next byte.</summary>
    public int Position
    {
        get { return _position; }
    }

    /// <summary>Bytes written since <see cref="Init"/>.</summary>
    public int Length
    {
        get { return _position - _offset; }
    }

    // Bytes can lie in the buffer until they are written as a byte string of less than 64 KB with a short tag: behind its head.
    internal const int BorrowGap = 4;

    internal int BorrowAt
    {
        get { return _position + BorrowGap; }
    }

    // How many; not positive when there is no room or the message has overflown.
    internal int Borrowable
    {
        get { return _overflow ? 0 : Available - BorrowGap; }
    }

    /// <summary>Bytes that can still be written before the ends of the open containers and the reserve.</summary>
    public int Available
    {
        get { return _limit - _reserved - _depth - _position; }
    }

    /// <summary>Containers open.</summary>
    public int Depth
    {
        get { return _depth; }
    }

    /// <summary>True once something did not fit; the output is then incomplete.</summary>
    public bool Overflow
    {
        get { return _overflow; }
    }

    /// <summary>Starts writing.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Index of the first byte.</param>
    /// <param name="limit">Index behind the last byte that may be written.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the array.</exception>
    public void Init(byte[] buffer, int offset, int limit)
    {
        if (offset < 0 || limit < offset || limit > buffer.Length)
        {
            throw new ArgumentOutOfRangeException();
        }

        _buffer = buffer;
        _offset = offset;
        _position = offset;
        _limit = limit;
        _reserved = 0;
        _depth = 0;
        _overflow = false;
    }

    /// <summary>Vendor and profile of the fully qualified tags that follow.</summary>
    public void SetProfile(int vendor, int profile)
    {
        _profile = ((uint)vendor << 16) | (uint)profile;
    }

    /// <summary>Keeps bytes free for what must follow, in addition to the ends of containers.</summary>
    /// <returns>False, and <see cref="Overflow"/>, when they are not there.</returns>
    public bool Reserve(int bytes)
    {
        if (_overflow || bytes > Available)
        {
            _overflow = true;
            return false;
        }

        _reserved += bytes;
        return true;
    }

    /// <summary>Gives back bytes kept with <see cref="Reserve"/>.</summary>
    public void Release(int bytes)
    {
        _reserved -= bytes;
    }

    /// <summary>Remembers the place and the open containers, for <see cref="Rollback"/>.</summary>
    public int Mark()
    {
        return (_depth << 24) | _position;
    }

    /// <summary>Forgets everything written since the mark, overflow included. Reserves stay as they are.</summary>
    public void Rollback(int mark)
    {
        _position = mark & 0xffffff;
        _depth = mark >> 24;
        _overflow = false;
    }

    /// <summary>Writes an unsigned integer.</summary>
    public void PutUnsigned(uint tag, ulong value)
    {
        int width = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffff ? 2 : 3;
        if (Head(TlvType.UnsignedInteger | width, tag, 1 << width))
        {
            Integer(value, width);
        }
    }

    /// <summary>Writes a signed integer.</summary>
    public void PutSigned(uint tag, long value)
    {
        int width = value >= -0x80 && value <= 0x7f ? 0
            : value >= -0x8000 && value <= 0x7fff ? 1
            : value >= -0x80000000L && value <= 0x7fffffffL ? 2 : 3;
        if (Head(TlvType.SignedInteger | width, tag, 1 << width))
        {
            Integer((ulong)value, width);
        }
    }

    /// <summary>Writes a boolean.</summary>
    public void PutBoolean(uint tag, bool value)
    {
        Head(value ? TlvType.Boolean + 1 : TlvType.Boolean, tag, 0);
    }

    /// <summary>Writes null.</summary>
    public void PutNull(uint tag)
    {
        Head(TlvType.Null, tag, 0);
    }

    /// <summary>Writes a 32-bit floating point number.</summary>
    public void PutFloat(uint tag, float value)
    {
        if (Head(TlvType.Float, tag, 4))
        {
            CopyIn(BitConverter.GetBytes(value), 0, 4);
        }
    }

    /// <summary>Writes a 64-bit floating point number.</summary>
    public void PutDouble(uint tag, double value)
    {
        if (Head(TlvType.Double, tag, 8))
        {
            CopyIn(BitConverter.GetBytes(value), 0, 8);
        }
    }

    /// <summary>Writes a byte string.</summary>
    public void PutBytes(uint tag, byte[] value, int offset, int length)
    {
        if (StringHead(TlvType.ByteString, tag, length))
        {
            CopyIn(value, offset, length);
        }
    }

    /// <summary>Writes a UTF-8 string given as bytes.</summary>
    public void PutUtf8(uint tag, byte[] value, int offset, int length)
    {
        if (StringHead(TlvType.Utf8String, tag, length))
        {
            CopyIn(value, offset, length);
        }
    }

    /// <summary>Writes a UTF-8 string.</summary>
    public void PutString(uint tag, string value)
    {
        if (StringHead(TlvType.Utf8String, tag, Utf8.GetByteCount(value)))
        {
            _position = Utf8.GetBytes(value, _buffer, _position);
        }
    }

    /// <summary>Writes the head of a byte string and leaves its content, which the caller fills in.</summary>
    /// <returns>Index of the content in <see cref="Buffer"/>, or -1 when there is no room.</returns>
    public int PutBytesInPlace(uint tag, int length)
    {
        if (!StringHead(TlvType.ByteString, tag, length))
        {
            return -1;
        }

        _position += length;
        return _position - length;
    }

    /// <summary>Opens a structure.</summary>
    public void StartStructure(uint tag)
    {
        Start(TlvType.Structure, tag);
    }

    /// <summary>Opens an array; its members are written with <see cref="TlvTag.Anonymous"/>.</summary>
    public void StartArray(uint tag)
    {
        Start(TlvType.Array, tag);
    }

    /// <summary>Opens a list.</summary>
    public void StartList(uint tag)
    {
        Start(TlvType.List, tag);
    }

    /// <summary>Closes the innermost open container. There is always room for it.</summary>
    /// <exception cref="InvalidOperationException">No container is open.</exception>
    public void EndContainer()
    {
        if (_overflow)
        {
            return;
        }

        if (_depth == 0)
        {
            throw new InvalidOperationException();
        }

        _depth--;
        _buffer[_position++] = TlvType.EndOfContainer;
    }

    /// <summary>Writes bytes that are TLV already: whole elements.</summary>
    public void PutRaw(byte[] value, int offset, int length)
    {
        if (Fits(length))
        {
            CopyIn(value, offset, length);
        }
    }

    /// <summary>Writes a copy of the reader's current element, a container with all its content, under another tag.</summary>
    /// <returns>False when that element is malformed inside; nothing is written then.</returns>
    public bool CopyElement(uint tag, TlvReader reader)
    {
        int length = reader.ElementLength;
        if (length < 0)
        {
            return false;
        }

        int body = length - (reader.BodyOffset - reader.ElementOffset);
        if (Head(reader.ElementTypeBits, tag, body))
        {
            CopyIn(reader.Buffer, reader.BodyOffset, body);
        }

        return true;
    }

    private void Start(int type, uint tag)
    {
        // One byte more is asked for, the one that will end it.
        if (Head(type, tag, 1))
        {
            _depth++;
        }
    }

    private bool Fits(int length)
    {
        if (_overflow || length > _limit - _reserved - _depth - _position)
        {
            _overflow = true;
            return false;
        }

        return true;
    }

    private bool StringHead(int type, uint tag, int length)
    {
        int width = length <= 0xff ? 0 : length <= 0xffff ? 1 : 2;
        if (!Head(type | width, tag, (1 << width) + length))
        {
            return false;
        }

        Integer((uint)length, width);
        return true;
    }

    // Writes control byte and tag when they and the body fit.
    private bool Head(int type, uint tag, int body)
    {
        if (tag <= 0xff)
        {
            if (!Fits(2 + body))
            {
                return false;
            }

            _buffer[_position] = (byte)(0x20 | type);
            _buffer[_position + 1] = (byte)tag;
            _position += 2;
            return true;
        }

        int kind = TlvTag.KindOf(tag);
        if (kind == TlvTag.KindAnonymous)
        {
            if (!Fits(1 + body))
            {
                return false;
            }

            _buffer[_position++] = (byte)type;
            return true;
        }

        uint number = tag & TlvTag.NumberMask;
        int wide = number > 0xffff ? 1 : 0;
        int size = (wide == 0 ? 2 : 4) + (kind == TlvTag.KindFullyQualified ? 4 : 0);
        if (!Fits(1 + size + body))
        {
            return false;
        }

        int form = kind == TlvTag.KindCommonProfile ? 2 : kind == TlvTag.KindImplicitProfile ? 4 : 6;
        _buffer[_position++] = (byte)(((form | wide) << 5) | type);
        if (kind == TlvTag.KindFullyQualified)
        {
            ByteOrder.WriteUInt16(_buffer, _position, _profile >> 16);
            ByteOrder.WriteUInt16(_buffer, _position + 2, _profile & 0xffff);
            _position += 4;
        }

        Integer(number, wide + 1);
        return true;
    }

    // Room has been made.
    private void Integer(ulong value, int width)
    {
        switch (width)
        {
            case 0:
                _buffer[_position] = (byte)value;
                break;
            case 1:
                ByteOrder.WriteUInt16(_buffer, _position, (uint)value);
                break;
            case 2:
                ByteOrder.WriteUInt32(_buffer, _position, (uint)value);
                break;
            default:
                ByteOrder.WriteUInt64(_buffer, _position, value);
                break;
        }

        _position += 1 << width;
    }

    private void CopyIn(byte[] value, int offset, int length)
    {
        Array.Copy(value, offset, _buffer, _position, length);
        _position += length;
    }
}
