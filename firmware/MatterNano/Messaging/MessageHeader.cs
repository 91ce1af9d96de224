namespace MatterNano.Messaging;

/// <summary>Message header, in clear in front of every message (Core 4.4.1). A reusable value.</summary>
/// <remarks>
/// flags 1 (version 4 bits, S 0x04, DSIZ 0x03) | session id 2 | security flags 1 (P 0x80, C 0x40, MX 0x20, type 0x03) |
/// counter 4 | [source node 8] | [destination node 8 or group 2] | [extension length 2, extension]; little-endian; 8 bytes or more.
/// </remarks>
public sealed class MessageHeader
{
    /// <summary>Least size in bytes.</summary>
    public const int MinSize = 8;

    /// <summary>Largest size that <see cref="Write"/> produces: with source node and group.</summary>
    public const int MaxWrittenSize = 24;

    /// <summary>Bytes in front of what privacy obfuscates (Core 4.9.3).</summary>
    public const int ClearSize = 4;

    /// <summary>Security flag: privacy.</summary>
    public const int Privacy = 0x80;

    /// <summary>Security flag: control message.</summary>
    public const int Control = 0x40;

    /// <summary>Security flag: a message extension follows the addresses.</summary>
    public const int Extension = 0x20;

    /// <summary>Security flags: mask of the session type.</summary>
    public const int TypeMask = 0x03;

    /// <summary>Session type: unicast (unsecured when the session id is 0).</summary>
    public const int Unicast = 0;

    /// <summary>Session type: group.</summary>
    public const int Group = 1;

    /// <summary>Destination: none given.</summary>
    public const int NoDestination = 0;

    /// <summary>Destination: a node id.</summary>
    public const int NodeDestination = 1;

    /// <summary>Destination: a group id.</summary>
    public const int GroupDestination = 2;

    internal const int SourceFlag = 0x04;

    /// <summary>Session id, 0 to 65535; 0 with type unicast is unsecured.</summary>
    public int SessionId;

    /// <summary>Security flags as on the wire.</summary>
    public int SecurityFlags;

    /// <summary>Message counter.</summary>
    public uint Counter;

    /// <summary>True when a source node id is carried.</summary>
    public bool HasSource;

    /// <summary>Source node id; 0 when not carried.</summary>
    public ulong SourceNodeId;

    /// <summary>One of <see cref="NoDestination"/>, <see cref="NodeDestination"/>, <see cref="GroupDestination"/>.</summary>
    public int DestinationKind;

    /// <summary>Destination node id or group id; 0 when not carried.</summary>
    public ulong Destination;

    /// <summary>Length in bytes of the header read or written, extension included.</summary>
    public int Length;

    /// <summary>True for the type group.</summary>
    public bool IsGroup
    {
        get { return (SecurityFlags & TypeMask) == Group; }
    }

    /// <summary>Length of the header without extension, told by its first byte.</summary>
    /// <returns>8 to 24; -1 for a version other than 0 or the reserved form of destination.</returns>
    public static int SizeOf(byte messageFlags)
    {
        int kind = messageFlags & 0x03;
        if ((messageFlags & 0xf0) != 0 || kind == 3)
        {
            return -1;
        }

        int size = MinSize;
        if ((messageFlags & SourceFlag) != 0)
        {
            size += 8;
        }

        if (kind == NodeDestination)
        {
            size += 8;
        }
        else if (kind == GroupDestination)
        {
            size += 2;
        }

        return size;
    }

    /// <summary>Reads the header. What privacy hides must be in clear by then.</summary>
    /// <returns>False when it is cut, of another version, or of a reserved form; the fields are then meaningless.</returns>
    public bool TryRead(byte[] buffer, int offset, int length)
    {
        if (length < MinSize)
        {
            return false;
        }

        int flags = buffer[offset];
        int size = SizeOf((byte)flags);
        if (size < 0 || size > length)
        {
            return false;
        }

        SessionId = ByteOrder.ReadUInt16(buffer, offset + 1);
        SecurityFlags = buffer[offset + 3];
        Counter = ByteOrder.ReadUInt32(buffer, offset + 4);
        HasSource = (flags & SourceFlag) != 0;
        DestinationKind = flags & 0x03;
        int position = offset + MinSize;
        SourceNodeId = 0;
        if (HasSource)
        {
            SourceNodeId = ByteOrder.ReadUInt64(buffer, position);
            position += 8;
        }

        Destination = 0;
        if (DestinationKind == NodeDestination)
        {
            Destination = ByteOrder.ReadUInt64(buffer, position);
        }
        else if (DestinationKind == GroupDestination)
        {
            Destination = (uint)ByteOrder.ReadUInt16(buffer, position);
        }

        if ((SecurityFlags & Extension) != 0)
        {
            if (size + 2 > length)
            {
                return false;
            }

            size += 2 + ByteOrder.ReadUInt16(buffer, offset + size);
            if (size > length)
            {
                return false;
            }
        }

        Length = size;
        return true;
    }

    /// <summary>Size that <see cref="Write"/> will need, 8 to 24 bytes.</summary>
    public int WrittenSize
    {
        get
        {
            int size = HasSource ? MinSize + 8 : MinSize;
            if (DestinationKind == NodeDestination)
            {
                size += 8;
            }
            else if (DestinationKind == GroupDestination)
            {
                size += 2;
            }

            return size;
        }
    }

    /// <summary>Writes the header without extension (the flag MX is cleared).</summary>
    /// <returns>Its length.</returns>
    public int Write(byte[] buffer, int offset)
    {
        WriteFixed(buffer, offset, (HasSource ? SourceFlag : 0) | DestinationKind, SessionId, SecurityFlags & ~Extension, Counter);
        int position = offset + MinSize;
        if (HasSource)
        {
            ByteOrder.WriteUInt64(buffer, position, SourceNodeId);
            position += 8;
        }

        if (DestinationKind == NodeDestination)
        {
            ByteOrder.WriteUInt64(buffer, position, Destination);
            position += 8;
        }
        else if (DestinationKind == GroupDestination)
        {
            ByteOrder.WriteUInt16(buffer, position, (uint)Destination);
            position += 2;
        }

        Length = position - offset;
        return Length;
    }

    /// <summary>Writes the first 8 bytes of a header; addresses follow as the message flags say.</summary>
    internal static void WriteFixed(byte[] buffer, int offset, int messageFlags, int sessionId, int securityFlags, uint counter)
    {
        buffer[offset] = (byte)messageFlags;
        ByteOrder.WriteUInt16(buffer, offset + 1, (uint)sessionId);
        buffer[offset + 3] = (byte)securityFlags;
        ByteOrder.WriteUInt32(buffer, offset + 4, counter);
    }

    /// <summary>Makes this the header of a message without addresses.</summary>
    public void Set(int sessionId, int securityFlags, uint counter)
    {
        SessionId = sessionId;
        SecurityFlags = securityFlags;
        Counter = counter;
        HasSource = false;
        SourceNodeId = 0;
        DestinationKind = NoDestination;
        Destination = 0;
        Length = MinSize;
    }
}
