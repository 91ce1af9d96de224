using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>InvokeRequest with one CommandDataIB (Core 10.7.9, 10.6.12).</summary>
/// <remarks>
/// structure: 0 suppress response | 1 timed request | 2 commands, array of structure (0 path | 1 fields, optional |
/// 2 reference u16, optional) | 255 revision
/// </remarks>
public sealed class InvokeRequest
{
    /// <summary>Path of the first command.</summary>
    public readonly CommandPath Path;

    /// <summary>Stands before the first field of the first command; empty when it has no fields.</summary>
    public readonly TlvReader Fields;

    /// <summary>No InvokeResponse is wanted.</summary>
    public bool SuppressResponse;

    /// <summary>The message says that it follows a TimedRequest.</summary>
    public bool IsTimed;

    /// <summary>Commands of the message; only the first is kept.</summary>
    public int Count;

    /// <summary>Reference of the first command, 0 to 65535; -1 for none.</summary>
    public int Reference;

    /// <summary>Makes an empty message.</summary>
    /// <param name="path">Will receive the path.</param>
    /// <param name="fields">Will stand before the fields.</param>
    public InvokeRequest(CommandPath path, TlvReader fields)
    {
        Path = path;
        Fields = fields;
    }

    /// <summary>Reads the message. The fields stay where they are in it.</summary>
    /// <returns>False when it is malformed.</returns>
    public bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        SuppressResponse = false;
        IsTimed = false;
        Count = 0;
        Reference = -1;
        int found = 0;
        reader.Init(buffer, offset, length);
        if (!reader.Expect(TlvTag.Anonymous, TlvType.Structure) || !reader.Enter())
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
                    fine = reader.TryGetBoolean(out SuppressResponse);
                    found |= 1;
                    break;
                case 1:
                    fine = reader.TryGetBoolean(out IsTimed);
                    found |= 2;
                    break;
                case 2:
                    fine = ReadCommands(reader);
                    found |= 4;
                    break;
            }

            if (!fine)
            {
                return false;
            }
        }

        return reader.Exit() && found == 7 && Count > 0;
    }

    private bool ReadCommands(TlvReader reader)
    {
        if (reader.Type != TlvType.Array || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (Count++ == 0 && !ReadCommand(reader))
            {
                return false;
            }
        }

        return reader.Exit();
    }

    private bool ReadCommand(TlvReader reader)
    {
        bool path = false;
        Fields.Init(reader.Buffer, reader.ElementOffset, 0);
        if (reader.Type != TlvType.Structure || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            uint value;
            if (reader.IsContextTag(0))
            {
                path = true;
                if (!Path.TryRead(reader))
                {
                    return false;
                }
            }
            else if (reader.IsContextTag(1))
            {
                if (reader.Type != TlvType.Structure || !Fields.InitElement(reader) || !Fields.Enter())
                {
                    return false;
                }
            }
            else if (reader.IsContextTag(2))
            {
                if (!reader.TryGetUnsigned(0xffff, out value))
                {
                    return false;
                }

                Reference = (int)value;
            }
        }

        return reader.Exit() && path;
    }
}
