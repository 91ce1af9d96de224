using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>AttributeDataIB as a client writes it (Core 10.6.4). A mutable value that its owner reuses.</summary>
/// <remarks>structure: 0 data version u32, optional | 1 path | 2 data</remarks>
public sealed class AttributeData
{
    /// <summary>Path of the attribute.</summary>
    public readonly AttributePath Path;

    /// <summary>Stands on the data, in the message that was read.</summary>
    public readonly TlvReader Data;

    /// <summary>True when the write counts only for <see cref="DataVersion"/>.</summary>
    public bool HasDataVersion;

    /// <summary>Data version that the writer has seen.</summary>
    public uint DataVersion;

    /// <summary>Makes an empty item.</summary>
    /// <param name="path">Will receive the path.</param>
    /// <param name="data">Will stand on the data.</param>
    public AttributeData(AttributePath path, TlvReader data)
    {
        Path = path;
        Data = data;
    }

    /// <summary>Reads the reader's current element.</summary>
    /// <returns>False when it is malformed.</returns>
    public bool TryRead(TlvReader reader)
    {
        HasDataVersion = false;
        bool path = false;
        bool data = false;
        if (reader.Type != TlvType.Structure || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.IsContextTag(0))
            {
                HasDataVersion = true;
                if (!reader.TryGetUnsigned(0xffffffff, out DataVersion))
                {
                    return false;
                }
            }
            else if (reader.IsContextTag(1))
            {
                path = true;
                if (!Path.TryRead(reader))
                {
                    return false;
                }
            }
            else if (reader.IsContextTag(2))
            {
                data = true;
                if (!Data.InitElement(reader))
                {
                    return false;
                }
            }
        }

        return reader.Exit() && path && data;
    }
}
