using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>AttributePathIB (Core 10.6.2). A mutable value that its owner reuses.</summary>
/// <remarks>list: 0 enable tag compression | 1 node u64 | 2 endpoint u16 | 3 cluster u32 | 4 attribute u32 | 5 list index u16 or null. Absent: wildcard.</remarks>
public sealed class AttributePath
{
    /// <summary>List index: the path names no item.</summary>
    public const int NoItem = -1;

    /// <summary>List index: null, an item to be appended.</summary>
    public const int NewItem = -2;

    /// <summary>Endpoint number, or <see cref="InteractionModel.AnyEndpoint"/>.</summary>
    public int Endpoint;

    /// <summary>Cluster id, or <see cref="InteractionModel.Wildcard"/>.</summary>
    public uint Cluster;

    /// <summary>Attribute id, or <see cref="InteractionModel.Wildcard"/>.</summary>
    public uint Attribute;

    /// <summary>0 to 65534, <see cref="NoItem"/> or <see cref="NewItem"/>.</summary>
    public int ListIndex;

    /// <summary>True when endpoint, cluster and attribute are all named.</summary>
    public bool IsConcrete
    {
        get { return Endpoint != InteractionModel.AnyEndpoint && Cluster != InteractionModel.Wildcard && Attribute != InteractionModel.Wildcard; }
    }

    /// <summary>Reads the reader's current element.</summary>
    /// <returns>False when it is no well-formed path.</returns>
    public bool TryRead(TlvReader reader)
    {
        Endpoint = InteractionModel.AnyEndpoint;
        Cluster = InteractionModel.Wildcard;
        Attribute = InteractionModel.Wildcard;
        ListIndex = NoItem;
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

            uint value;
            switch (reader.Tag)
            {
                case 2:
                    if (!reader.TryGetUnsigned(0xfffe, out value))
                    {
                        return false;
                    }

                    Endpoint = (int)value;
                    break;
                case 3:
                    if (!reader.TryGetUnsigned(0xfffffffe, out Cluster))
                    {
                        return false;
                    }

                    break;
                case 4:
                    if (!reader.TryGetUnsigned(0xfffffffe, out Attribute))
                    {
                        return false;
                    }

                    break;
                case 5:
                    if (reader.IsNull)
                    {
                        ListIndex = NewItem;
                    }
                    else if (reader.TryGetUnsigned(0xfffe, out value))
                    {
                        ListIndex = (int)value;
                    }
                    else
                    {
                        return false;
                    }

                    break;
            }
        }

        return reader.Exit();
    }

    /// <summary>Writes the path; wildcards are left out.</summary>
    public void Write(TlvWriter writer, uint tag)
    {
        writer.StartList(tag);
        if (Endpoint != InteractionModel.AnyEndpoint)
        {
            writer.PutUnsigned(2, (ulong)Endpoint);
        }

        if (Cluster != InteractionModel.Wildcard)
        {
            writer.PutUnsigned(3, Cluster);
        }

        if (Attribute != InteractionModel.Wildcard)
        {
            writer.PutUnsigned(4, Attribute);
        }

        if (ListIndex == NewItem)
        {
            writer.PutNull(5);
        }
        else if (ListIndex != NoItem)
        {
            writer.PutUnsigned(5, (ulong)ListIndex);
        }

        writer.EndContainer();
    }
}
