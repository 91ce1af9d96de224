using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>TimedRequest, sent by the client before a timed write or invoke (Core 10.7.8).</summary>
/// <remarks>structure: 0 timeout u16 | 255 revision</remarks>
public sealed class TimedRequest
{
    /// <summary>Time in which the action must follow, in milliseconds, 0 to 65535.</summary>
    public int Timeout;

    /// <summary>Reads the message.</summary>
    /// <returns>False when it is malformed.</returns>
    public bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        Timeout = -1;
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
                if (!reader.TryGetUnsigned(0xffff, out value))
                {
                    return false;
                }

                Timeout = (int)value;
            }
        }

        return reader.Exit() && Timeout >= 0;
    }

    /// <summary>Writes the message.</summary>
    public void Write(TlvWriter writer)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutUnsigned(0, (ulong)Timeout);
        writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
        writer.EndContainer();
    }
}
