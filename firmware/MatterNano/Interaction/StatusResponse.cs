using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>StatusResponse, sent by either side (Core 10.7.1).</summary>
/// <remarks>structure: 0 status u8 | 255 revision</remarks>
public static class StatusResponse
{
    /// <summary>Reads the message.</summary>
    /// <param name="reader">Any reader.</param>
    /// <param name="buffer">Holds the message.</param>
    /// <param name="offset">Its start.</param>
    /// <param name="length">Its length.</param>
    /// <param name="status">Receives one of <see cref="Status"/>.</param>
    /// <returns>False when it is malformed.</returns>
    public static bool TryRead(TlvReader reader, byte[] buffer, int offset, int length, out int status)
    {
        status = -1;
        reader.Init(buffer, offset, length);
        if (!reader.Expect(TlvTag.Anonymous, TlvType.Structure) || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.IsContextTag(0))
            {
                uint value;
                if (!reader.TryGetUnsigned(0xff, out value))
                {
                    return false;
                }

                status = (int)value;
            }
        }

        return reader.Exit() && status >= 0;
    }

    /// <summary>Writes the message.</summary>
    public static void Write(TlvWriter writer, int status)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutUnsigned(0, (ulong)status);
        writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
        writer.EndContainer();
    }
}
