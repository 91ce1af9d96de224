using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>EventPathIB (Core 10.6.8). A mutable value that its owner reuses.</summary>
/// <remarks>list: 0 node u64 | 1 endpoint u16 | 2 cluster u32 | 3 event u32 | 4 is urgent. Absent: wildcard.</remarks>
public sealed class EventPath
{
    /// <summary>Endpoint number, or <see cref="InteractionModel.AnyEndpoint"/>.</summary>
    public int Endpoint;

    /// <summary>Cluster id, or <see cref="InteractionModel.Wildcard"/>.</summary>
    public uint Cluster;

    /// <summary>Event id, or <see cref="InteractionModel.Wildcard"/>.</summary>
    public uint Event;

    /// <summary>True when an event of this path is to be reported without waiting for the next report.</summary>
    public bool IsUrgent;

    /// <summary>Reads the reader's current element.</summary>
    /// <returns>False when it is no well-formed path.</returns>
    public bool TryRead(TlvReader reader)
    {
        Endpoint = InteractionModel.AnyEndpoint;
        Cluster = InteractionModel.Wildcard;
        Event = InteractionModel.Wildcard;
        IsUrgent = false;
        if (reader.Type != TlvType.List || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.TagKind != TlvTag.KindContext)
            {
                continue;
            }

            bool fine = true;
            switch (reader.Tag)
            {
                case 1:
                    uint endpoint;
                    fine = reader.TryGetUnsigned(0xfffe, out endpoint);
                    Endpoint = (int)endpoint;
                    break;
                case 2:
                    fine = reader.TryGetUnsigned(0xfffffffe, out Cluster);
                    break;
                case 3:
                    fine = reader.TryGetUnsigned(0xfffffffe, out Event);
                    break;
                case 4:
                    fine = reader.TryGetBoolean(out IsUrgent);
                    break;
            }

            if (!fine)
            {
                return false;
            }
        }

        return reader.Exit();
    }

    /// <summary>Writes the path; wildcards are left out, IsUrgent when it is false.</summary>
    public void Write(TlvWriter writer, uint tag)
    {
        writer.StartList(tag);
        if (Endpoint != InteractionModel.AnyEndpoint)
        {
            writer.PutUnsigned(1, (ulong)Endpoint);
        }

        if (Cluster != InteractionModel.Wildcard)
        {
            writer.PutUnsigned(2, Cluster);
        }

        if (Event != InteractionModel.Wildcard)
        {
            writer.PutUnsigned(3, Event);
        }

        if (IsUrgent)
        {
            writer.PutBoolean(4, true);
        }

        writer.EndContainer();
    }
}
