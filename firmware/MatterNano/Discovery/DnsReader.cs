namespace MatterNano.Discovery;

/// <summary>Reads one DNS message (RFC 1035 4.1) in place. Reused for every message; nothing is allocated.</summary>
/// <remarks>
/// id u16 | flags u16 | questions u16 | answers u16 | authorities u16 | additionals u16, big-endian, then the sections.
/// A name may point to an earlier one. Each pointer must lead before the place where the reading of its name last
/// started, so that no message can make a loop.
/// </remarks>
public sealed class DnsReader
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 12;

    /// <summary>Longest name on the wire, the closing zero included (RFC 1035 2.3.4).</summary>
    public const int MaxName = 255;

    private byte[] _buffer;
    private int _start;
    private int _end;
    private int _position;

    // Where the type of the last question or record stands, behind its name: type 2 | class 2 | [ttl 4 | data length 2 | data].
    private int _type;

    /// <summary>The name of the last question or record: labels, each after its length, and a zero. Scratch space for whoever needs that name no more.</summary>
    public readonly byte[] Name;

    /// <summary>Bytes of <see cref="Name"/> in use, the closing zero included.</summary>
    public int NameLength { get; private set; }

    /// <summary>True once something did not fit the message; all further reading fails.</summary>
    public bool HasError { get; private set; }

    /// <summary>Message id.</summary>
    public int Id
    {
        get { return ByteOrder.ReadUInt16BigEndian(_buffer, _start); }
    }

    /// <summary>Flags: 0x8000 response, 0x7800 opcode, 0x0200 truncated, 0x000f result.</summary>
    public int Flags
    {
        get { return ByteOrder.ReadUInt16BigEndian(_buffer, _start + 2); }
    }

    /// <summary>Number of questions that the header announces.</summary>
    public int QuestionCount
    {
        get { return ByteOrder.ReadUInt16BigEndian(_buffer, _start + 4); }
    }

    /// <summary>Number of answers that the header announces.</summary>
    public int AnswerCount
    {
        get { return ByteOrder.ReadUInt16BigEndian(_buffer, _start + 6); }
    }

    /// <summary>Number of records in the authority section.</summary>
    public int AuthorityCount
    {
        get { return ByteOrder.ReadUInt16BigEndian(_buffer, _start + 8); }
    }

    /// <summary>Number of additional records.</summary>
    public int AdditionalCount
    {
        get { return ByteOrder.ReadUInt16BigEndian(_buffer, _start + 10); }
    }

    /// <summary>Type of the last question or record.</summary>
    public int Type
    {
        get { return ByteOrder.ReadUInt16BigEndian(_buffer, _type); }
    }

    /// <summary>Class of the last question or record without its top bit; 1 is the Internet, 255 any.</summary>
    public int Class
    {
        get { return ByteOrder.ReadUInt16BigEndian(_buffer, _type + 2) & 0x7fff; }
    }

    /// <summary>Top bit of the class: unicast answer wanted in a question, flush the cache in a record (RFC 6762 5.4, 10.2).</summary>
    public bool IsTopBitSet
    {
        get { return (_buffer[_type + 2] & 0x80) != 0; }
    }

    /// <summary>Time to live of the last record, in seconds.</summary>
    public uint Ttl
    {
        get { return ByteOrder.ReadUInt32BigEndian(_buffer, _type + 4); }
    }

    /// <summary>Where the data of the last record start in the buffer.</summary>
    public int DataOffset
    {
        get { return _type + 10; }
    }

    /// <summary>Bytes of data of the last record.</summary>
    public int DataLength
    {
        get { return ByteOrder.ReadUInt16BigEndian(_buffer, _type + 8); }
    }

    /// <summary>Creates a reader with room for a name of its own.</summary>
    public DnsReader()
        : this(new byte[MaxName])
    {
    }

    /// <summary>Creates a reader.</summary>
    /// <param name="name">Room for a name, <see cref="MaxName"/> bytes or more; becomes <see cref="Name"/>.</param>
    public DnsReader(byte[] name)
    {
        Name = name;
    }

    /// <summary>Starts a message.</summary>
    /// <returns>False when even the header is not there.</returns>
    public bool Init(byte[] buffer, int offset, int length)
    {
        _buffer = buffer;
        _start = offset;
        _end = offset + length;
        _position = offset + HeaderSize;
        _type = offset;
        HasError = length < HeaderSize;
        NameLength = 0;
        return !HasError;
    }

    /// <summary>Goes back to the first question.</summary>
    public void Rewind()
    {
        _position = _start + HeaderSize;
    }

    /// <summary>Reads the next question. The caller counts.</summary>
    public bool ReadQuestion()
    {
        return ReadNameTypeClass();
    }

    /// <summary>Reads the next record. The caller counts.</summary>
    public bool ReadRecord()
    {
        if (!ReadNameTypeClass())
        {
            return false;
        }

        if (_end - _position < 6)
        {
            return Fail();
        }

        int length = DataLength;
        if (length > _end - DataOffset)
        {
            return Fail();
        }

        _position = DataOffset + length;
        return true;
    }

    /// <summary>Reads a name inside the data of the last record, such as the target of a PTR.</summary>
    /// <param name="skip">Bytes of data before the name.</param>
    /// <param name="target">Receives up to <see cref="MaxName"/> bytes.</param>
    /// <returns>Its length with the closing zero; -1 when there is none or it does not end with the data.</returns>
    public int ReadDataName(int skip, byte[] target)
    {
        if (HasError || skip >= DataLength)
        {
            return -1;
        }

        int next;
        int length = Expand(DataOffset + skip, DataOffset + DataLength, target, out next);
        return length > 0 && next == DataOffset + DataLength ? length : -1;
    }

    private bool ReadNameTypeClass()
    {
        if (HasError)
        {
            return false;
        }

        int next;
        NameLength = Expand(_position, _end, Name, out next);
        if (NameLength < 0 || _end - next < 4)
        {
            return Fail();
        }

        _type = next;
        _position = next + 4;
        return true;
    }

    private bool Fail()
    {
        HasError = true;
        NameLength = 0;
        return false;
    }

    private int Expand(int position, int end, byte[] target, out int next)
    {
        next = -1;
        int length = 0;
        int bound = position;
        while (position < end)
        {
            int count = _buffer[position];
            if (count == 0)
            {
                target[length] = 0;
                if (next < 0)
                {
                    next = position + 1;
                }

                return length + 1;
            }

            if (count >= 0xc0)
            {
                if (position + 1 >= end)
                {
                    return -1;
                }

                if (next < 0)
                {
                    next = position + 2;
                }

                position = _start + (((count & 0x3f) << 8) | _buffer[position + 1]);
                if (position < _start + HeaderSize || position >= bound)
                {
                    return -1;
                }

                bound = position;
                end = _end;
                continue;
            }

            // One byte stays for the closing zero.
            if (count > 63 || position + 1 + count > end || length + 1 + count > MaxName - 1)
            {
                return -1;
            }

            for (int i = 0; i <= count; i++)
            {
                target[length++] = _buffer[position++];
            }
        }

        return -1;
    }
}
