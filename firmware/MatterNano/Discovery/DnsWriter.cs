namespace MatterNano.Discovery;

/// <summary>Writes one DNS message with name compression (RFC 1035 4.1). Reused; nothing is allocated. What does not fit sets <see cref="Overflow"/>.</summary>
public sealed class DnsWriter
{
    // Places of names that a later one may point to; more only cost bytes.
    private const int MaxPlaces = 48;

    private readonly ushort[] _places = new ushort[MaxPlaces];
    private byte[] _buffer;
    private int _start;
    private int _limit;
    private int _position;
    private int _placeCount;
    private int _lengthAt;

    /// <summary>True when something did not fit. Stays until <see cref="Rollback"/> or <see cref="Init"/>.</summary>
    public bool Overflow { get; private set; }

    /// <summary>Bytes written, the header included.</summary>
    public int Length
    {
        get { return _position - _start; }
    }

    /// <summary>Starts a message.</summary>
    /// <param name="limit">Index behind the last byte that may be written.</param>
    public void Init(byte[] buffer, int offset, int limit, int id, int flags)
    {
        _buffer = buffer;
        _start = offset;
        _limit = limit;
        _position = offset;
        _placeCount = 0;
        Overflow = false;
        PutUInt16(id);
        PutUInt16(flags);
        PutUInt32(0);
        PutUInt32(0);
    }

    /// <summary>Sets the number of entries in a section.</summary>
    /// <param name="section">0 questions, 1 answers, 2 authorities, 3 additionals.</param>
    public void SetCount(int section, int count)
    {
        ByteOrder.WriteUInt16BigEndian(_buffer, _start + 4 + 2 * section, (uint)count);
    }

    /// <summary>The place reached, for <see cref="Rollback"/>.</summary>
    public int Mark()
    {
        return _position;
    }

    /// <summary>Takes back what was written since a <see cref="Mark"/>.</summary>
    public void Rollback(int mark)
    {
        _position = mark;
        Overflow = false;
        while (_placeCount > 0 && _places[_placeCount - 1] >= mark - _start)
        {
            _placeCount--;
        }
    }

    /// <summary>Writes a name; its end may become a pointer to an equal one.</summary>
    /// <param name="name">Labels, each after its length, and a zero.</param>
    public void PutName(byte[] name, int offset)
    {
        while (name[offset] != 0 && !Overflow)
        {
            int place = Find(name, offset);
            if (place >= 0)
            {
                PutUInt16(0xc000 | place);
                return;
            }

            if (_placeCount < MaxPlaces && _position - _start < 0x4000)
            {
                _places[_placeCount++] = (ushort)(_position - _start);
            }

            int count = name[offset] + 1;
            PutBytes(name, offset, count);
            offset += count;
        }

        PutByte(0);
    }

    /// <summary>Writes a name in full, as a legacy querier needs it in SRV data (RFC 6762 18.14).</summary>
    public void PutNameInFull(byte[] name, int offset, int length)
    {
        PutBytes(name, offset, length);
    }

    /// <summary>Writes type, class and time to live after the name of a record, and leaves room for the length of its data.</summary>
    public void BeginData(int type, int classBits, uint ttl)
    {
        PutUInt16(type);
        PutUInt16(classBits);
        PutUInt32(ttl);
        _lengthAt = _position;
        PutUInt16(0);
    }

    /// <summary>Ends the data of a record.</summary>
    public void EndData()
    {
        if (!Overflow)
        {
            ByteOrder.WriteUInt16BigEndian(_buffer, _lengthAt, (uint)(_position - _lengthAt - 2));
        }
    }

    /// <summary>Writes one byte.</summary>
    public void PutByte(int value)
    {
        if (Reserve(1))
        {
            _buffer[_position++] = (byte)value;
        }
    }

    /// <summary>Writes 2 bytes, most significant first.</summary>
    public void PutUInt16(int value)
    {
        if (Reserve(2))
        {
            ByteOrder.WriteUInt16BigEndian(_buffer, _position, (uint)value);
            _position += 2;
        }
    }

    /// <summary>Writes 4 bytes, most significant first.</summary>
    public void PutUInt32(uint value)
    {
        if (Reserve(4))
        {
            ByteOrder.WriteUInt32BigEndian(_buffer, _position, value);
            _position += 4;
        }
    }

    /// <summary>Copies bytes.</summary>
    public void PutBytes(byte[] source, int offset, int count)
    {
        if (Reserve(count))
        {
            System.Array.Copy(source, offset, _buffer, _position, count);
            _position += count;
        }
    }

    private bool Reserve(int count)
    {
        if (Overflow || count > _limit - _position)
        {
            Overflow = true;
            return false;
        }

        return true;
    }

    // Place of an equal name from the start of the message.
    private int Find(byte[] name, int offset)
    {
        for (int i = 0; i < _placeCount; i++)
        {
            if (Matches(_start + _places[i], name, offset))
            {
                return _places[i];
            }
        }

        return -1;
    }

    // The written name at a place; its pointers are our own and lead backwards.
    private bool Matches(int place, byte[] name, int offset)
    {
        while (true)
        {
            int count = _buffer[place];
            if (count >= 0xc0)
            {
                place = _start + (((count & 0x3f) << 8) | _buffer[place + 1]);
                continue;
            }

            if (count != name[offset])
            {
                return false;
            }

            if (count == 0)
            {
                return true;
            }

            for (int i = 1; i <= count; i++)
            {
                if (_buffer[place + i] != name[offset + i])
                {
                    return false;
                }
            }

            place += count + 1;
            offset += count + 1;
        }
    }
}
