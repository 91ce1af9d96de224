using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>SubscribeResponse, sent by the publisher after the first report (Core 10.7.5).</summary>
/// <remarks>structure: 0 subscription id u32 | 2 max interval u16 | 255 revision</remarks>
public static class SubscribeResponse
{
    /// <summary>Reads the message.</summary>
    /// <param name="reader">Any reader.</param>
    /// <param name="buffer">Holds the message.</param>
    /// <param name="offset">Its start.</param>
    /// <param name="length">Its length.</param>
    /// <param name="subscriptionId">Receives the subscription id.</param>
    /// <param name="maxInterval">Receives the longest time without a report, in seconds, 0 to 65535.</param>
    /// <returns>False when it is malformed.</returns>
    public static bool TryRead(TlvReader reader, byte[] buffer, int offset, int length, out uint subscriptionId, out int maxInterval)
    {
        int found = 0;
        subscriptionId = 0;
        maxInterval = 0;
        reader.Init(buffer, offset, length);
        if (!reader.Expect(TlvTag.Anonymous, TlvType.Structure) || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.IsContextTag(0))
            {
                if (!reader.TryGetUnsigned(0xffffffff, out subscriptionId))
                {
                    return false;
                }

                found |= 1;
            }
            else if (reader.IsContextTag(2))
            {
                uint value;
                if (!reader.TryGetUnsigned(0xffff, out value))
                {
                    return false;
                }

                maxInterval = (int)value;
                found |= 2;
            }
        }

        return reader.Exit() && found == 3;
    }

    /// <summary>Writes the message.</summary>
    public static void Write(TlvWriter writer, uint subscriptionId, int maxInterval)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutUnsigned(0, subscriptionId);
        writer.PutUnsigned(2, (ulong)maxInterval);
        writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
        writer.EndContainer();
    }
}
