using MatterNano.Tlv;

namespace MatterNano.Sessions;

/// <summary>What a node says of itself in a handshake (session-parameter-struct, Core 4.13.1).</summary>
/// <remarks>
/// 1 session idle interval u32 | 2 session active interval u32 | 3 session active threshold u16 | 4 data model revision u16 |
/// 5 interaction model revision u16 | 6 specification version u32 | 7 max paths per invoke u16; all optional. Transports (8)
/// and the TCP size (9) mean nothing to a node without TCP and are passed over.
/// </remarks>
public sealed class SessionParameters
{
    /// <summary>Idle interval of a peer that names none, in milliseconds.</summary>
    public const uint DefaultIdleInterval = 500;

    /// <summary>Active interval of a peer that names none, in milliseconds.</summary>
    public const uint DefaultActiveInterval = 300;

    /// <summary>Active threshold of a peer that names none, in milliseconds.</summary>
    public const uint DefaultActiveThreshold = 4000;

    /// <summary>Milliseconds between retransmissions to a peer that has been quiet.</summary>
    public uint IdleInterval;

    /// <summary>Milliseconds between retransmissions to a peer that is active.</summary>
    public uint ActiveInterval;

    /// <summary>Specification version, 0 when not told.</summary>
    public uint SpecificationVersion;

    // Threshold and commands, data model and interaction model: 16 bits each.
    private uint _limits;
    private uint _revisions;

    /// <summary>Creates the parameters of a peer that tells nothing.</summary>
    public SessionParameters()
    {
        SetDefaults();
    }

    /// <summary>Milliseconds after its last message for which a node stays active, 0 to 65535.</summary>
    public uint ActiveThreshold
    {
        get { return _limits & 0xffff; }
        set { _limits = (_limits & 0xffff0000) | (value & 0xffff); }
    }

    /// <summary>Commands that one invoke may carry, 0 to 65535.</summary>
    public uint MaxPathsPerInvoke
    {
        get { return _limits >> 16; }
        set { _limits = (_limits & 0xffff) | (value << 16); }
    }

    /// <summary>Data model revision, 0 to 65535.</summary>
    public uint DataModelRevision
    {
        get { return _revisions & 0xffff; }
        set { _revisions = (_revisions & 0xffff0000) | (value & 0xffff); }
    }

    /// <summary>Interaction model revision, 0 to 65535.</summary>
    public uint InteractionModelRevision
    {
        get { return _revisions >> 16; }
        set { _revisions = (_revisions & 0xffff) | (value << 16); }
    }

    /// <summary>Sets what holds for a peer that tells nothing.</summary>
    public void SetDefaults()
    {
        IdleInterval = DefaultIdleInterval;
        ActiveInterval = DefaultActiveInterval;
        ActiveThreshold = DefaultActiveThreshold;
        DataModelRevision = 17;
        InteractionModelRevision = 11;
        SpecificationVersion = 0;
        MaxPathsPerInvoke = 1;
    }

    /// <summary>Reads the structure the reader stands at; what it leaves out keeps its default.</summary>
    /// <returns>False when it is not a structure, or a field is of a wrong type or too large.</returns>
    public bool TryRead(TlvReader reader)
    {
        SetDefaults();
        if (reader.Type != TlvType.Structure || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            uint tag = reader.Tag;
            bool isLong = tag == 1 || tag == 2 || tag == 6;
            uint value;
            if (tag < 1 || tag > 7)
            {
                continue;
            }

            if (!reader.TryGetUnsigned(isLong ? uint.MaxValue : 0xffff, out value))
            {
                return false;
            }

            Set(tag, value);
        }

        return !reader.HasError && reader.Exit();
    }

    /// <summary>Writes the structure with all its fields: released connectedhomeip refuses a node that sends it empty.</summary>
    public void Write(TlvWriter writer, uint tag)
    {
        writer.StartStructure(tag);
        writer.PutUnsigned(1, IdleInterval);
        writer.PutUnsigned(2, ActiveInterval);
        writer.PutUnsigned(3, ActiveThreshold);
        writer.PutUnsigned(4, DataModelRevision);
        writer.PutUnsigned(5, InteractionModelRevision);
        writer.PutUnsigned(6, SpecificationVersion);
        writer.PutUnsigned(7, MaxPathsPerInvoke);
        writer.EndContainer();
    }

    private void Set(uint tag, uint value)
    {
        switch (tag)
        {
            case 1:
                IdleInterval = value;
                break;
            case 2:
                ActiveInterval = value;
                break;
            case 3:
                ActiveThreshold = value;
                break;
            case 4:
                DataModelRevision = value;
                break;
            case 5:
                InteractionModelRevision = value;
                break;
            case 6:
                SpecificationVersion = value;
                break;
            default:
                MaxPathsPerInvoke = value;
                break;
        }
    }
}
