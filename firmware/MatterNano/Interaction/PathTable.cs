namespace MatterNano.Interaction;

/// <summary>Paths of a read or subscription, packed: kind u8 | unused u8 | endpoint u16 | cluster u32 | attribute or event u32.</summary>
internal static class PathTable
{
    /// <summary>Bytes of one path.</summary>
    internal const int Size = 12;

    /// <summary>Kind: attribute path.</summary>
    internal const int Attribute = 0;

    /// <summary>Kind: event path.</summary>
    internal const int Event = 1;

    /// <summary>Kind: event path whose events are urgent.</summary>
    internal const int UrgentEvent = 3;

    internal static void Write(byte[] paths, int at, int kind, int endpoint, uint cluster, uint element)
    {
        paths[at] = (byte)kind;
        paths[at + 1] = 0;
        ByteOrder.WriteUInt16(paths, at + 2, (uint)endpoint);
        ByteOrder.WriteUInt32(paths, at + 4, cluster);
        ByteOrder.WriteUInt32(paths, at + 8, element);
    }

    internal static int GetKind(byte[] paths, int at)
    {
        return paths[at];
    }

    internal static int GetEndpoint(byte[] paths, int at)
    {
        return ByteOrder.ReadUInt16(paths, at + 2);
    }

    internal static uint GetCluster(byte[] paths, int at)
    {
        return ByteOrder.ReadUInt32(paths, at + 4);
    }

    internal static uint GetElement(byte[] paths, int at)
    {
        return ByteOrder.ReadUInt32(paths, at + 8);
    }

    /// <summary>True when the path, whatever its kind, takes in this place.</summary>
    internal static bool Matches(byte[] paths, int at, int endpoint, uint cluster, uint element)
    {
        int pathEndpoint = GetEndpoint(paths, at);
        if (pathEndpoint != InteractionModel.AnyEndpoint && pathEndpoint != endpoint)
        {
            return false;
        }

        uint value = GetCluster(paths, at);
        if (value != InteractionModel.Wildcard && value != cluster)
        {
            return false;
        }

        value = GetElement(paths, at);
        return value == InteractionModel.Wildcard || value == element;
    }

    /// <summary>True when nothing in the path is a wildcard.</summary>
    internal static bool IsConcrete(byte[] paths, int at)
    {
        return GetEndpoint(paths, at) != InteractionModel.AnyEndpoint
            && GetCluster(paths, at) != InteractionModel.Wildcard
            && GetElement(paths, at) != InteractionModel.Wildcard;
    }
}
