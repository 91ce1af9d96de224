using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>CommandPathIB (Core 10.6.11). A mutable value that its owner reuses.</summary>
/// <remarks>list: 0 endpoint u16 | 1 cluster u32 | 2 command u32. Only the endpoint may be absent, in a group message.</remarks>
public sealed class CommandPath
{
    /// <summary>Endpoint number, or <see cref="InteractionModel.AnyEndpoint"/>.</summary>
    public int Endpoint;

    /// <summary>Cluster id.</summary>
    public uint Cluster;

    /// <summary>Command id.</summary>
    public uint Command;

    /// <summary>Reads the reader's current element.</summary>
    /// <returns>False when it is no well-formed path.</returns>
    public bool TryRead(TlvReader reader)
    {
        Endpoint = InteractionModel.AnyEndpoint;
        Cluster = InteractionModel.Wildcard;
        Command = InteractionModel.Wildcard;
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
                case 0:
                    uint endpoint;
                    fine = reader.TryGetUnsigned(0xfffe, out endpoint);
                    Endpoint = (int)endpoint;
                    break;
                case 1:
                    fine = reader.TryGetUnsigned(0xfffffffe, out Cluster);
                    break;
                case 2:
                    fine = reader.TryGetUnsigned(0xfffffffe, out Command);
                    break;
            }

            if (!fine)
            {
                return false;
            }
        }

        return reader.Exit() && Cluster != InteractionModel.Wildcard && Command != InteractionModel.Wildcard;
    }

    /// <summary>Writes the path; a wildcard endpoint is left out.</summary>
    public void Write(TlvWriter writer, uint tag)
    {
        writer.StartList(tag);
        if (Endpoint != InteractionModel.AnyEndpoint)
        {
            writer.PutUnsigned(0, (ulong)Endpoint);
        }

        writer.PutUnsigned(1, Cluster);
        writer.PutUnsigned(2, Command);
        writer.EndContainer();
    }
}
