using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>TimedRequest, sent by the client before a timed write or invoke (Core 10.7.8).</summary>
/// <remarks>structure: 0 timeout u16 | 255 revision</remarks>
public static class TimedRequest
{
    /// <summary>Reads the message.</summary>
    /// <param name="reader">Any reader.</param>
    /// <param name="buffer">Holds the message.</param>
    /// <param name="offset">Its start.</param>
    /// <param name="length">Its length.</param>
    /// <param name="timeout">Receives the time in which the action must follow, in milliseconds, 0 to 65535.</param>
    /// <returns>False when it is malformed.</returns>
    public static bool TryRead(TlvReader reader, byte[] buffer, int offset, int length, out int timeout)
    {
        timeout = -1;
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

                timeout = (int)value;
            }
        }

        return reader.Exit() && timeout >= 0;
    }

    /// <summary>Writes the message.</summary>
    public static void Write(TlvWriter writer, int timeout)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutUnsigned(0, (ulong)timeout);
        writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
        writer.EndContainer();
    }
}
