using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>DataVersionFilterIB: a cluster with this version need not be reported (Core 10.6.4). A mutable value that its owner reuses.</summary>
/// <remarks>structure: 0 cluster path, list (0 node u64 | 1 endpoint u16 | 2 cluster u32) | 1 data version u32</remarks>
public sealed class DataVersionFilter
{
    /// <summary>Endpoint number.</summary>
    public int Endpoint;

    /// <summary>Cluster id.</summary>
    public uint Cluster;

    /// <summary>Data version that the reader has.</summary>
    public uint DataVersion;

    /// <summary>Reads the reader's current element.</summary>
    /// <returns>False when it is no well-formed filter.</returns>
    public bool TryRead(TlvReader reader)
    {
        int found = 0;
        if (reader.Type != TlvType.Structure || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.IsContextTag(0))
            {
                if (reader.Type != TlvType.List || !reader.Enter())
                {
                    return false;
                }

                while (reader.Next())
                {
                    if (reader.IsContextTag(1))
                    {
                        uint endpoint;
                        if (!reader.TryGetUnsigned(0xfffe, out endpoint))
                        {
                            return false;
                        }

                        Endpoint = (int)endpoint;
                        found |= 1;
                    }
                    else if (reader.IsContextTag(2))
                    {
                        if (!reader.TryGetUnsigned(0xfffffffe, out Cluster))
                        {
                            return false;
                        }

                        found |= 2;
                    }
                }

                if (!reader.Exit())
                {
                    return false;
                }
            }
            else if (reader.IsContextTag(1))
            {
                if (!reader.TryGetUnsigned(0xffffffff, out DataVersion))
                {
                    return false;
                }

                found |= 4;
            }
        }

        return reader.Exit() && found == 7;
    }

    /// <summary>Writes the filter.</summary>
    public void Write(TlvWriter writer, uint tag)
    {
        writer.StartStructure(tag);
        writer.StartList(0);
        writer.PutUnsigned(1, (ulong)Endpoint);
        writer.PutUnsigned(2, Cluster);
        writer.EndContainer();
        writer.PutUnsigned(1, DataVersion);
        writer.EndContainer();
    }
}
