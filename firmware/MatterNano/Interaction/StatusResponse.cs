using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>StatusResponse, sent by either side (Core 10.7.1).</summary>
/// <remarks>structure: 0 status u8 | 255 revision</remarks>
public sealed class StatusResponse
{
    /// <summary>One of <see cref="Interaction.Status"/>.</summary>
    public int Status;

    /// <summary>Reads the message.</summary>
    /// <returns>False when it is malformed.</returns>
    public bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        Status = -1;
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

                Status = (int)value;
            }
        }

        return reader.Exit() && Status >= 0;
    }

    /// <summary>Writes the message.</summary>
    public void Write(TlvWriter writer)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutUnsigned(0, (ulong)Status);
        writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
        writer.EndContainer();
    }
}
