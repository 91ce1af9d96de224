using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>SubscribeResponse, sent by the publisher after the first report (Core 10.7.5).</summary>
/// <remarks>structure: 0 subscription id u32 | 2 max interval u16 | 255 revision</remarks>
public sealed class SubscribeResponse
{
    /// <summary>Subscription id.</summary>
    public uint SubscriptionId;

    /// <summary>Longest time without a report, in seconds, 0 to 65535.</summary>
    public int MaxInterval;

    /// <summary>Reads the message.</summary>
    /// <returns>False when it is malformed.</returns>
    public bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        int found = 0;
        reader.Init(buffer, offset, length);
        if (!reader.Expect(TlvTag.Anonymous, TlvType.Structure) || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.IsContextTag(0))
            {
                if (!reader.TryGetUnsigned(0xffffffff, out SubscriptionId))
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

                MaxInterval = (int)value;
                found |= 2;
            }
        }

        return reader.Exit() && found == 3;
    }

    /// <summary>Writes the message.</summary>
    public void Write(TlvWriter writer)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutUnsigned(0, SubscriptionId);
        writer.PutUnsigned(2, (ulong)MaxInterval);
        writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
        writer.EndContainer();
    }
}
