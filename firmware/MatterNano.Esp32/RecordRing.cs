using System;

namespace MatterNano.Esp32;

/// <summary>Byte records in the order of their arrival, in one block of memory: what a driver hands to the loop. Its owner locks.</summary>
/// <remarks>length u16 | head, always of one size | body.</remarks>
internal sealed class RecordRing
{
    private const int LengthSize = 2;

    private readonly byte[] _data;
    private readonly byte[] _length = new byte[LengthSize];
    private readonly int _headSize;
    private int _first;
    private int _used;

    /// <summary>Makes the ring.</summary>
    /// <param name="size">Bytes held in all.</param>
    /// <param name="headSize">Bytes of each record's head.</param>
    internal RecordRing(int size, int headSize)
    {
        _data = new byte[size];
        _headSize = headSize;
    }

    /// <summary>True when nothing waits.</summary>
    internal bool IsEmpty
    {
        get { return _used == 0; }
    }

    /// <summary>Adds a record.</summary>
    /// <returns>False when it does not fit; nothing was added.</returns>
    internal bool Put(byte[] head, byte[] body, int offset, int length)
    {
        if (length < 0 || length > 0xffff || LengthSize + _headSize + length > _data.Length - _used)
        {
            return false;
        }

        _length[0] = (byte)length;
        _length[1] = (byte)(length >> 8);
        Append(_length, 0, LengthSize);
        Append(head, 0, _headSize);
        Append(body, offset, length);
        return true;
    }

    /// <summary>Takes the oldest record.</summary>
    /// <returns>Length of its body; -1 when none waits; -2 when it was longer than <paramref name="capacity"/> and is lost.</returns>
    internal int Take(byte[] head, byte[] buffer, int offset, int capacity)
    {
        if (_used == 0)
        {
            return -1;
        }

        Remove(_length, 0, LengthSize);
        int length = _length[0] | (_length[1] << 8);
        Remove(head, 0, _headSize);
        if (length > capacity)
        {
            Skip(length);
            return -2;
        }

        Remove(buffer, offset, length);
        return length;
    }

    /// <summary>Forgets all records.</summary>
    internal void Clear()
    {
        _first = 0;
        _used = 0;
        Secrets.Wipe(_data);
    }

    private void Append(byte[] source, int offset, int length)
    {
        if (length == 0)
        {
            return;
        }

        int at = _first + _used;
        if (at >= _data.Length)
        {
            at -= _data.Length;
        }

        int part = _data.Length - at < length ? _data.Length - at : length;
        Array.Copy(source, offset, _data, at, part);
        Array.Copy(source, offset + part, _data, 0, length - part);
        _used += length;
    }

    private void Remove(byte[] target, int offset, int length)
    {
        if (length == 0)
        {
            return;
        }

        int part = _data.Length - _first < length ? _data.Length - _first : length;
        Array.Copy(_data, _first, target, offset, part);
        Array.Copy(_data, 0, target, offset + part, length - part);
        Skip(length);
    }

    private void Skip(int length)
    {
        _used -= length;
        _first += length;
        if (_first >= _data.Length)
        {
            _first -= _data.Length;
        }
    }
}
