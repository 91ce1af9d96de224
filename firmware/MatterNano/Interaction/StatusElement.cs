using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>StatusIB (Core 10.6.17).</summary>
/// <remarks>structure: 0 status u8 | 1 cluster status u8, optional</remarks>
public static class StatusElement
{
    /// <summary>Writes a status.</summary>
    /// <param name="writer">Where.</param>
    /// <param name="tag">Tag of the structure.</param>
    /// <param name="status">One of <see cref="Status"/>.</param>
    /// <param name="clusterStatus">0 to 255; -1 for none.</param>
    public static void Write(TlvWriter writer, uint tag, int status, int clusterStatus)
    {
        writer.StartStructure(tag);
        writer.PutUnsigned(0, (ulong)status);
        if (clusterStatus >= 0)
        {
            writer.PutUnsigned(1, (ulong)clusterStatus);
        }

        writer.EndContainer();
    }

    /// <summary>Reads the reader's current element.</summary>
    /// <returns>Status in the low byte, cluster status + 1 above it (0: none); -1 when it is no well-formed status.</returns>
    public static int Read(TlvReader reader)
    {
        int result = -1;
        if (reader.Type != TlvType.Structure || !reader.Enter())
        {
            return -1;
        }

        while (reader.Next())
        {
            uint value;
            if (reader.IsContextTag(0))
            {
                if (!reader.TryGetUnsigned(0xff, out value))
                {
                    return -1;
                }

                result = (int)value;
            }
            else if (reader.IsContextTag(1))
            {
                if (result < 0 || !reader.TryGetUnsigned(0xff, out value))
                {
                    return -1;
                }

                result |= ((int)value + 1) << 8;
            }
        }

        return reader.Exit() ? result : -1;
    }
}
