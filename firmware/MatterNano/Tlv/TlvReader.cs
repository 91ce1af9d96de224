using System;

namespace MatterNano.Tlv;

/// <summary>Reads Matter TLV from a byte array, element by element, without allocating (Core appendix A).</summary>
/// <remarks>
/// <see cref="Next"/> goes from element to element of one container and steps over what was not entered;
/// <see cref="Enter"/> and <see cref="Exit"/> go down and up. Malformed input sets <see cref="HasError"/> and ends every
/// further reading; nothing is thrown and nothing recurses. Containers nest 32 deep at most.
/// </remarks>
public sealed class TlvReader
{
    /// <summary>Containers inside each other that are still read.</summary>
    public const int MaxDepth = 32;

    private const int KindStructure = 1;
    private const int KindArray = 2;
    private const int KindList = 3;

    private byte[] _buffer;
    private int _position;
    private int _end;
    private int _depth;
    private bool _hasError;
    private bool _atEnd;
    private ulong _containers;

    private int _type;
    private int _tagKind;
    private uint _tagNumber;
    private int _elementOffset;
    private int _bodyOffset;
    private int _elementEnd;
    private ulong _value;

    /// <summary>Makes a reader over nothing; call <see cref="Init"/>.</summary>
    public TlvReader()
    {
        _type = TlvType.None;
    }

    /// <summary>The array being read.</summary>
    public byte[] Buffer
    {
        get { return _buffer; }
    }

    /// <summary>True once malformed input was met.</summary>
    public bool HasError
    {
        get { return _hasError; }
    }

    /// <summary>True when the whole input, or the entered container, has been read without an error.</summary>
    public bool AtEnd
    {
        get { return !_hasError && _atEnd; }
    }

    /// <summary>Containers entered and not left.</summary>
    public int Depth
    {
        get { return _depth; }
    }

    /// <summary>Type of the current element, one of <see cref="TlvType"/>; None before the first and after the last.</summary>
    public int Type
    {
        get { return _type; }
    }

    /// <summary>True when the current element is null.</summary>
    public bool IsNull
    {
        get { return _type == TlvType.Null; }
    }

    /// <summary>True when the current element is a structure, array or list.</summary>
    public bool IsContainer
    {
        get { return _type >= TlvType.Structure; }
    }

    /// <summary>Kind of the current element's tag, one of the Kind constants of <see cref="TlvTag"/>.</summary>
    public int TagKind
    {
        get { return _tagKind; }
    }

    /// <summary>The current element's tag as <see cref="TlvTag"/> writes it: a context tag is its number.</summary>
    public uint Tag
    {
        get
        {
            if (_tagKind == TlvTag.KindContext)
            {
                return _tagNumber;
            }

            if (_tagKind == TlvTag.KindAnonymous)
            {
                return TlvTag.Anonymous;
            }

            return _tagNumber > TlvTag.NumberMask ? TlvTag.Unknown : ((uint)_tagKind << 28) | _tagNumber;
        }
    }

    /// <summary>Number of the current element's tag, without its kind; all 32 bits.</summary>
    public uint TagNumber
    {
        get { return _tagNumber; }
    }

    /// <summary>Vendor of a fully qualified tag.</summary>
    public int TagVendor
    {
        get { return _tagKind == TlvTag.KindFullyQualified ? ByteOrder.ReadUInt16(_buffer, _elementOffset + 1) : 0; }
    }

    /// <summary>Profile of a fully qualified tag.</summary>
    public int TagProfile
    {
        get { return _tagKind == TlvTag.KindFullyQualified ? ByteOrder.ReadUInt16(_buffer, _elementOffset + 3) : 0; }
    }

    /// <summary>Where the bytes of the current string start in <see cref="Buffer"/>.</summary>
    public int ValueOffset
    {
        get { return IsString ? _bodyOffset + (1 << (_buffer[_elementOffset] & 3)) : 0; }
    }

    /// <summary>Length of the current string in bytes.</summary>
    public int ValueLength
    {
        get { return IsString ? _elementEnd - ValueOffset : 0; }
    }

    /// <summary>Where the current element starts in <see cref="Buffer"/>, with its control byte.</summary>
    public int ElementOffset
    {
        get { return _elementOffset; }
    }

    /// <summary>Length of the whole current element in bytes, a container's content and end included; -1 when the content is malformed.</summary>
    /// <remarks>Not for a container that has been entered.</remarks>
    public int ElementLength
    {
        get
        {
            if (_type == TlvType.None || !FindElementEnd())
            {
                return -1;
            }

            return _elementEnd - _elementOffset;
        }
    }

    // Behind the tag: the length field of a string, the value of a number, the content of a container.
    internal int BodyOffset
    {
        get { return _bodyOffset; }
    }

    internal int ElementTypeBits
    {
        get { return _buffer[_elementOffset] & 0x1f; }
    }

    /// <summary>Starts reading. There is no current element until <see cref="Next"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the array.</exception>
    public void Init(byte[] buffer, int offset, int length)
    {
        if (offset < 0 || length < 0 || offset > buffer.Length - length)
        {
            throw new ArgumentOutOfRangeException();
        }

        _buffer = buffer;
        _position = offset;
        _end = offset + length;
        _depth = 0;
        _containers = 0;
        _hasError = false;
        _atEnd = false;
        _type = TlvType.None;
    }

    /// <summary>Starts reading the current element of another reader, as if it stood alone.</summary>
    /// <returns>False when that element is malformed inside.</returns>
    public bool InitElement(TlvReader other)
    {
        int length = other.ElementLength;
        if (length < 0)
        {
            return false;
        }

        Init(other.Buffer, other.ElementOffset, length);
        return Next();
    }

    /// <summary>Becomes a copy of another reader at its present place.</summary>
    public void CopyFrom(TlvReader other)
    {
        _buffer = other._buffer;
        _position = other._position;
        _end = other._end;
        _depth = other._depth;
        _hasError = other._hasError;
        _atEnd = other._atEnd;
        _containers = other._containers;
        _type = other._type;
        _tagKind = other._tagKind;
        _tagNumber = other._tagNumber;
        _elementOffset = other._elementOffset;
        _bodyOffset = other._bodyOffset;
        _elementEnd = other._elementEnd;
        _value = other._value;
    }

    /// <summary>Goes to the next element of this container.</summary>
    /// <returns>False at the end of the container or of the input, and on an error (<see cref="HasError"/>).</returns>
    public bool Next()
    {
        if (_hasError || _atEnd || _buffer == null)
        {
            return false;
        }

        if (_type != TlvType.None)
        {
            if (!FindElementEnd())
            {
                return false;
            }

            _position = _elementEnd;
            _type = TlvType.None;
        }

        if (_position == _end)
        {
            if (_depth > 0)
            {
                return Fail();
            }

            _atEnd = true;
            return false;
        }

        if (_buffer[_position] == TlvType.EndOfContainer)
        {
            if (_depth == 0)
            {
                return Fail();
            }

            _position++;
            _atEnd = true;
            return false;
        }

        return ReadElement();
    }

    /// <summary>Goes to the next element, which must exist and have this tag and type.</summary>
    /// <returns>False, with <see cref="HasError"/> set unless the container just ended, when it is another.</returns>
    public bool Expect(uint tag, int type)
    {
        if (!Next())
        {
            return false;
        }

        return (Tag == tag && _type == type) || Fail();
    }

    /// <summary>True when the current element has this context tag.</summary>
    public bool IsContextTag(int number)
    {
        return _type != TlvType.None && _tagKind == TlvTag.KindContext && _tagNumber == number;
    }

    /// <summary>Goes into the current container; <see cref="Next"/> then gives its first member.</summary>
    /// <returns>False when the current element is no container or too deep.</returns>
    public bool Enter()
    {
        if (_hasError || _type < TlvType.Structure)
        {
            return false;
        }

        if (!Push(_type))
        {
            return false;
        }

        _position = _bodyOffset;
        _type = TlvType.None;
        return true;
    }

    /// <summary>Leaves the entered container, stepping over what is left in it; <see cref="Next"/> then gives what follows it.</summary>
    /// <returns>False when nothing was entered or the rest is malformed.</returns>
    public bool Exit()
    {
        if (_hasError || _depth == 0)
        {
            return false;
        }

        while (!_atEnd)
        {
            if (!Next() && _hasError)
            {
                return false;
            }
        }

        Pop();
        _atEnd = false;
        _type = TlvType.None;
        return true;
    }

    /// <summary>Value of an unsigned integer.</summary>
    /// <returns>False when the current element is of another type.</returns>
    public bool TryGetUnsigned(out ulong value)
    {
        value = _value;
        return _type == TlvType.UnsignedInteger;
    }

    /// <summary>Value of an unsigned integer that may not exceed a limit.</summary>
    /// <returns>False when the current element is of another type or larger than <paramref name="max"/>.</returns>
    public bool TryGetUnsigned(uint max, out uint value)
    {
        value = (uint)_value;
        return _type == TlvType.UnsignedInteger && _value <= max;
    }

    /// <summary>Value of a signed integer.</summary>
    /// <returns>False when the current element is of another type.</returns>
    public bool TryGetSigned(out long value)
    {
        // The mask keeps nanoCLR from going on with an unsigned value.
        value = -1L & (long)_value;
        return _type == TlvType.SignedInteger;
    }

    /// <summary>Value of a boolean.</summary>
    /// <returns>False when the current element is of another type.</returns>
    public bool TryGetBoolean(out bool value)
    {
        value = _value != 0;
        return _type == TlvType.Boolean;
    }

    /// <summary>Value of a 32-bit floating point number.</summary>
    /// <returns>False when the current element is of another type.</returns>
    public bool TryGetFloat(out float value)
    {
        if (_type != TlvType.Float)
        {
            value = 0;
            return false;
        }

        value = BitConverter.ToSingle(_buffer, _bodyOffset);
        return true;
    }

    /// <summary>Value of a floating point number of either width.</summary>
    /// <returns>False when the current element is of another type.</returns>
    public bool TryGetDouble(out double value)
    {
        if (_type == TlvType.Double)
        {
            value = BitConverter.ToDouble(_buffer, _bodyOffset);
            return true;
        }

        float single;
        bool found = TryGetFloat(out single);
        value = single;
        return found;
    }

    /// <summary>Text of a UTF-8 string. Allocates.</summary>
    /// <returns>False when the current element is of another type or not well-formed UTF-8.</returns>
    public bool TryGetString(out string value)
    {
        value = _type == TlvType.Utf8String ? Utf8.GetString(_buffer, ValueOffset, ValueLength) : null;
        return value != null;
    }

    /// <summary>True when the current element is a byte string of this length.</summary>
    public bool IsBytes(int length)
    {
        return _type == TlvType.ByteString && ValueLength == length;
    }

    private bool IsString
    {
        get { return _type == TlvType.ByteString || _type == TlvType.Utf8String; }
    }

    private bool Fail()
    {
        _hasError = true;
        _type = TlvType.None;
        return false;
    }

    private bool Push(int type)
    {
        if (_depth == MaxDepth)
        {
            return Fail();
        }

        ulong kind = type == TlvType.Structure ? KindStructure : type == TlvType.Array ? KindArray : (ulong)KindList;
        _containers = (_containers << 2) | kind;
        _depth++;
        return true;
    }

    private void Pop()
    {
        _containers >>= 2;
        _depth--;
    }

    // For a container that was not entered: walks over its content, however deep, and returns to it.
    private bool FindElementEnd()
    {
        if (_elementEnd >= 0)
        {
            return true;
        }

        if (_hasError)
        {
            return false;
        }

        int type = _type;
        int tagKind = _tagKind;
        uint tagNumber = _tagNumber;
        int elementOffset = _elementOffset;
        int bodyOffset = _bodyOffset;
        int depth = _depth;

        if (!Push(type))
        {
            return false;
        }

        _position = bodyOffset;
        while (_depth > depth)
        {
            if (_position == _end)
            {
                return Fail();
            }

            if (_buffer[_position] == TlvType.EndOfContainer)
            {
                _position++;
                Pop();
                continue;
            }

            if (!ReadElement())
            {
                return false;
            }

            if (_type >= TlvType.Structure)
            {
                if (!Push(_type))
                {
                    return false;
                }

                _position = _bodyOffset;
            }
            else
            {
                _position = _elementEnd;
            }
        }

        _type = type;
        _tagKind = tagKind;
        _tagNumber = tagNumber;
        _elementOffset = elementOffset;
        _bodyOffset = bodyOffset;
        _elementEnd = _position;
        _value = 0;
        return true;
    }

    // Reads control byte, tag, and length or value of the element at _position, which is before _end.
    private bool ReadElement()
    {
        int at = _position;
        int control = _buffer[at++];
        int bits = control & 0x1f;
        if (bits > TlvType.List)
        {
            return Fail();
        }

        int tagSize;
        switch (control >> 5)
        {
            case 0:
                tagSize = 0;
                break;
            case 1:
                tagSize = 1;
                break;
            case 2:
            case 4:
                tagSize = 2;
                break;
            case 3:
            case 5:
                tagSize = 4;
                break;
            case 6:
                tagSize = 6;
                break;
            default:
                tagSize = 8;
                break;
        }

        if (_end - at < tagSize)
        {
            return Fail();
        }

        ReadTag(control >> 5, at);
        at += tagSize;

        int container = _depth == 0 ? 0 : (int)(uint)(_containers & 3);
        if ((container == KindStructure && _tagKind == TlvTag.KindAnonymous) || (container == KindArray && _tagKind != TlvTag.KindAnonymous))
        {
            return Fail();
        }

        _elementOffset = _position;
        _bodyOffset = at;
        _value = 0;

        if (bits >= TlvType.Structure)
        {
            _type = bits;
            _elementEnd = -1;
            return true;
        }

        if (bits >= TlvType.Utf8String && bits < TlvType.Null)
        {
            return ReadString(bits, at);
        }

        int size = 0;
        if (bits < TlvType.Boolean)
        {
            size = 1 << (bits & 3);
        }
        else if (bits == TlvType.Float)
        {
            size = 4;
        }
        else if (bits == TlvType.Double)
        {
            size = 8;
        }

        if (_end - at < size)
        {
            return Fail();
        }

        if (bits < TlvType.Boolean)
        {
            _type = bits & 4;
            _value = ReadInteger(at, size);
            if (_type == TlvType.SignedInteger && size < 8 && (_buffer[at + size - 1] & 0x80) != 0)
            {
                _value |= 0xffffffffffffffffUL << (8 * size);
            }
        }
        else if (bits == TlvType.Boolean + 1)
        {
            _type = TlvType.Boolean;
            _value = 1;
        }
        else
        {
            _type = bits;
        }

        _elementEnd = at + size;
        return true;
    }

    private bool ReadString(int bits, int at)
    {
        int size = 1 << (bits & 3);
        if (_end - at < size)
        {
            return Fail();
        }

        ulong length = ReadInteger(at, size);
        at += size;
        if (length > (ulong)(_end - at))
        {
            return Fail();
        }

        _type = bits & 0x1c;
        _elementEnd = at + (-1 & (int)length);
        return true;
    }

    private void ReadTag(int form, int at)
    {
        switch (form)
        {
            case 0:
                _tagKind = TlvTag.KindAnonymous;
                _tagNumber = 0;
                return;
            case 1:
                _tagKind = TlvTag.KindContext;
                _tagNumber = _buffer[at];
                return;
            case 2:
            case 3:
                _tagKind = TlvTag.KindCommonProfile;
                break;
            case 4:
            case 5:
                _tagKind = TlvTag.KindImplicitProfile;
                break;
            default:
                _tagKind = TlvTag.KindFullyQualified;
                at += 4;
                break;
        }

        _tagNumber = (form & 1) != 0 ? ByteOrder.ReadUInt32(_buffer, at) : (uint)ByteOrder.ReadUInt16(_buffer, at);
    }

    private ulong ReadInteger(int at, int size)
    {
        switch (size)
        {
            case 1:
                return _buffer[at];
            case 2:
                return (uint)ByteOrder.ReadUInt16(_buffer, at);
            case 4:
                return ByteOrder.ReadUInt32(_buffer, at);
            default:
                return ByteOrder.ReadUInt64(_buffer, at);
        }
    }
}
