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

    /// <summary>Milliseconds after its last message for which a node stays active, 0 to 65535.</summary>
    public uint ActiveThreshold;

    /// <summary>Data model revision.</summary>
    public uint DataModelRevision;

    /// <summary>Interaction model revision.</summary>
    public uint InteractionModelRevision;

    /// <summary>Specification version, 0 when not told.</summary>
    public uint SpecificationVersion;

    /// <summary>Commands that one invoke may carry.</summary>
    public uint MaxPathsPerInvoke;

    /// <summary>Creates the parameters of a peer that tells nothing.</summary>
    public SessionParameters()
    {
        SetDefaults();
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
            bool fits = true;
            switch (reader.Tag)
            {
                case 1:
                    fits = reader.TryGetUnsigned(uint.MaxValue, out IdleInterval);
                    break;
                case 2:
                    fits = reader.TryGetUnsigned(uint.MaxValue, out ActiveInterval);
                    break;
                case 3:
                    fits = reader.TryGetUnsigned(0xffff, out ActiveThreshold);
                    break;
                case 4:
                    fits = reader.TryGetUnsigned(0xffff, out DataModelRevision);
                    break;
                case 5:
                    fits = reader.TryGetUnsigned(0xffff, out InteractionModelRevision);
                    break;
                case 6:
                    fits = reader.TryGetUnsigned(uint.MaxValue, out SpecificationVersion);
                    break;
                case 7:
                    fits = reader.TryGetUnsigned(0xffff, out MaxPathsPerInvoke);
                    break;
            }

            if (!fits)
            {
                return false;
            }
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
}
