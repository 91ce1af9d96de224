using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace MatterNano.Peer;

/// <summary>Builds Matter TLV. A tag of -1 is anonymous, 0 to 255 is a context tag.</summary>
public sealed class PeerTlv
{
    private readonly List<byte> _bytes = new();

    public PeerTlv Struct(int tag = -1) => Head(0x15, tag);

    public PeerTlv Array(int tag = -1) => Head(0x16, tag);

    public PeerTlv List(int tag = -1) => Head(0x17, tag);

    public PeerTlv End()
    {
        _bytes.Add(0x18);
        return this;
    }

    public PeerTlv U(int tag, ulong value)
    {
        int width = value <= byte.MaxValue ? 0 : value <= ushort.MaxValue ? 1 : value <= uint.MaxValue ? 2 : 3;
        Head(0x04 + width, tag);
        return Number(value, 1 << width);
    }

    public PeerTlv I(int tag, long value)
    {
        int width = value is >= sbyte.MinValue and <= sbyte.MaxValue ? 0
            : value is >= short.MinValue and <= short.MaxValue ? 1
            : value is >= int.MinValue and <= int.MaxValue ? 2 : 3;
        Head(width, tag);
        return Number(unchecked((ulong)value), 1 << width);
    }

    public PeerTlv B(int tag, bool value) => Head(value ? 0x09 : 0x08, tag);

    public PeerTlv Null(int tag) => Head(0x14, tag);

    public PeerTlv S(int tag, string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        return Text(0x0c, tag, utf8);
    }

    public PeerTlv Bytes(int tag, byte[] value) => Text(0x10, tag, value);

    /// <summary>Adds an element as it stands.</summary>
    public PeerTlv Raw(byte[] value)
    {
        _bytes.AddRange(value);
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();

    private PeerTlv Head(int type, int tag)
    {
        if (tag < 0)
        {
            _bytes.Add((byte)type);
        }
        else
        {
            _bytes.Add((byte)(type | 0x20));
            _bytes.Add((byte)tag);
        }

        return this;
    }

    private PeerTlv Number(ulong value, int bytes)
    {
        for (int i = 0; i < bytes; i++)
        {
            _bytes.Add((byte)(value >> (8 * i)));
        }

        return this;
    }

    private PeerTlv Text(int type, int tag, byte[] value)
    {
        int width = value.Length <= byte.MaxValue ? 0 : 1;
        Head(type + width, tag);
        Number((ulong)value.Length, 1 << width);
        _bytes.AddRange(value);
        return this;
    }
}

/// <summary>A read TLV element with its members.</summary>
public sealed class PeerElement
{
    /// <summary>Context tag, or -1.</summary>
    public int Tag { get; private set; } = -1;

    /// <summary>Element type without width: 0 signed, 4 unsigned, 8 boolean, 0x0a float, 0x0c text, 0x10 bytes, 0x14 null, 0x15 to 0x17 containers.</summary>
    public int Type { get; private set; }

    public ulong Unsigned { get; private set; }

    public long Signed { get; private set; }

    public byte[] Data { get; private set; } = System.Array.Empty<byte>();

    public List<PeerElement> Items { get; } = new();

    /// <summary>The element as it stands in the input.</summary>
    public byte[] Raw { get; private set; } = System.Array.Empty<byte>();

    public bool IsNull => Type == 0x14;

    public bool Boolean => Unsigned != 0;

    public string Text => Encoding.UTF8.GetString(Data);

    /// <summary>Member with a context tag, or null.</summary>
    public PeerElement this[int tag] => Items.Find(i => i.Tag == tag);

    public static PeerElement Parse(byte[] bytes)
    {
        int position = 0;
        PeerElement element = Parse(bytes, ref position);
        if (position != bytes.Length)
        {
            throw new FormatException($"{bytes.Length - position} bytes behind the element");
        }

        return element;
    }

    public override string ToString() => Type switch
    {
        0 => Signed.ToString(),
        4 => Unsigned.ToString(),
        8 => Boolean.ToString(),
        0x0c => '"' + Text + '"',
        0x10 => Convert.ToHexString(Data),
        0x14 => "null",
        >= 0x15 and <= 0x17 => "{" + string.Join(", ", Items.ConvertAll(i => (i.Tag < 0 ? "" : i.Tag + ": ") + i)) + "}",
        _ => "?" + Type,
    };

    private static PeerElement Parse(byte[] bytes, ref int position)
    {
        int start = position;
        int control = bytes[position++];
        PeerElement element = new();
        switch (control >> 5)
        {
            case 0: break;
            case 1: element.Tag = bytes[position++]; break;
            case 2: case 4: position += 2; break;
            case 3: case 5: position += 4; break;
            case 6: position += 6; break;
            default: position += 8; break;
        }

        int type = control & 0x1f;
        switch (type)
        {
            case <= 3:
                element.Type = 0;
                ulong raw = Number(bytes, ref position, 1 << type);
                int shift = 64 - (8 << type);
                element.Signed = (long)(raw << shift) >> shift;
                element.Unsigned = (ulong)element.Signed;
                break;
            case <= 7:
                element.Type = 4;
                element.Unsigned = Number(bytes, ref position, 1 << (type - 4));
                element.Signed = (long)element.Unsigned;
                break;
            case 8:
            case 9:
                element.Type = 8;
                element.Unsigned = (ulong)(type - 8);
                break;
            case 0x0a:
                element.Type = type;
                element.Unsigned = Number(bytes, ref position, 4);
                break;
            case 0x0b:
                element.Type = 0x0a;
                element.Unsigned = Number(bytes, ref position, 8);
                break;
            case >= 0x0c and <= 0x13:
                element.Type = type & 0x1c;
                int length = (int)Number(bytes, ref position, 1 << (type & 3));
                element.Data = bytes.AsSpan(position, length).ToArray();
                position += length;
                break;
            case 0x14:
                element.Type = type;
                break;
            case 0x15:
            case 0x16:
            case 0x17:
                element.Type = type;
                while (bytes[position] != 0x18)
                {
                    element.Items.Add(Parse(bytes, ref position));
                }

                position++;
                break;
            default:
                throw new FormatException("element type " + type);
        }

        element.Raw = bytes.AsSpan(start, position - start).ToArray();
        return element;
    }

    private static ulong Number(byte[] bytes, ref int position, int length)
    {
        ulong value = length switch
        {
            1 => bytes[position],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(position)),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(position)),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(position)),
        };
        position += length;
        return value;
    }
}
