namespace MatterNano.Interaction;

/// <summary>Paths of a read or subscription, packed in words: endpoint u16, kind above it | cluster | attribute or event.</summary>
internal static class PathTable
{
    /// <summary>Words of one path.</summary>
    internal const int Size = 3;

    /// <summary>Bytes of one path in a record.</summary>
    internal const int PackedSize = 4 * Size;

    /// <summary>Kind: attribute path.</summary>
    internal const int Attribute = 0;

    /// <summary>Kind: event path.</summary>
    internal const int Event = 1;

    /// <summary>Kind: event path whose events are urgent.</summary>
    internal const int UrgentEvent = 3;

    internal static void Write(uint[] paths, int at, int kind, int endpoint, uint cluster, uint element)
    {
        paths[at] = (uint)endpoint | ((uint)kind << 16);
        paths[at + 1] = cluster;
        paths[at + 2] = element;
    }

    internal static int GetKind(uint[] paths, int at)
    {
        return -1 & (int)(paths[at] >> 16);
    }

    internal static int GetEndpoint(uint[] paths, int at)
    {
        return -1 & (int)(paths[at] & 0xffff);
    }

    internal static uint GetCluster(uint[] paths, int at)
    {
        return paths[at + 1];
    }

    internal static uint GetElement(uint[] paths, int at)
    {
        return paths[at + 2];
    }

    /// <summary>Writes paths as a record holds them: kind u8 | 0 | endpoint u16 | cluster u32 | element u32 for each.</summary>
    internal static void Pack(uint[] paths, int at, int count, byte[] record, int offset)
    {
        for (int i = 0; i < count; i++)
        {
            record[offset] = (byte)GetKind(paths, at);
            record[offset + 1] = 0;
            ByteOrder.WriteUInt16(record, offset + 2, (uint)GetEndpoint(paths, at));
            ByteOrder.WriteUInt32(record, offset + 4, paths[at + 1]);
            ByteOrder.WriteUInt32(record, offset + 8, paths[at + 2]);
            at += Size;
            offset += PackedSize;
        }
    }

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    internal static void Unpack(byte[] record, int offset, int count, uint[] paths, int at)
    {
        for (int i = 0; i < count; i++)
        {
            Write(
                paths, at, record[offset], ByteOrder.ReadUInt16(record, offset + 2),
                ByteOrder.ReadUInt32(record, offset + 4), ByteOrder.ReadUInt32(record, offset + 8));
            at += Size;
            offset += PackedSize;
        }
    }

    /// <summary>True when the path, whatever its kind, takes in this place.</summary>
    internal static bool Matches(uint[] paths, int at, int endpoint, uint cluster, uint element)
    {
        int pathEndpoint = GetEndpoint(paths, at);
        if (pathEndpoint != InteractionModel.AnyEndpoint && pathEndpoint != endpoint)
        {
            return false;
        }

        uint value = paths[at + 1];
        if (value != InteractionModel.Wildcard && value != cluster)
        {
            return false;
        }

        value = paths[at + 2];
        return value == InteractionModel.Wildcard || value == element;
    }

    /// <summary>True when nothing in the path is a wildcard.</summary>
    internal static bool IsConcrete(uint[] paths, int at)
    {
        return GetEndpoint(paths, at) != InteractionModel.AnyEndpoint
            && paths[at + 1] != InteractionModel.Wildcard
            && paths[at + 2] != InteractionModel.Wildcard;
    }
}
