using System;

namespace MatterNano.Sessions;

/// <summary>What resuming a CASE session needs (Core 4.14.2.2.1). A reusable value of 96 packed bytes; wipe it after use.</summary>
/// <remarks>
/// layout 1 | fabric index 1 | active threshold 2 | sequence 4 | resumption id 16 | shared secret 32 | peer node id 8 |
/// compressed fabric id 8 | CASE authenticated tags 3 * 4 | idle interval 4 | active interval 4 | CRC-32 4; little-endian.
/// The compressed fabric id is the fabric's identity: an index is used again.
/// </remarks>
public sealed class ResumptionRecord
{
    /// <summary>Bytes of a resumption id.</summary>
    public const int IdSize = 16;

    /// <summary>Bytes of the shared secret.</summary>
    public const int SecretSize = 32;

    /// <summary>Bytes of the packed form.</summary>
    public const int PackedSize = 96;

    internal const byte Layout = 1;
    internal const int FabricIndexAt = 1;
    internal const int ActiveThresholdAt = 2;
    internal const int SequenceAt = 4;
    internal const int IdAt = 8;
    internal const int SecretAt = 24;
    internal const int PeerNodeIdAt = 56;
    internal const int CompressedFabricIdAt = 64;
    internal const int TagsAt = 72;
    internal const int IdleIntervalAt = 84;
    internal const int ActiveIntervalAt = 88;
    internal const int CrcAt = 92;

    /// <summary>The packed form.</summary>
    public readonly byte[] Data = new byte[PackedSize];

    /// <summary>Fabric index, 1 to 254.</summary>
    public int FabricIndex
    {
        get { return Data[FabricIndexAt]; }
        set { Data[FabricIndexAt] = (byte)value; }
    }

    /// <summary>The peer's operational node id.</summary>
    public ulong PeerNodeId
    {
        get { return ByteOrder.ReadUInt64(Data, PeerNodeIdAt); }
        set { ByteOrder.WriteUInt64(Data, PeerNodeIdAt, value); }
    }

    /// <summary>Grows with every record written; the smallest is the least recently used. Set when saved.</summary>
    public uint Sequence
    {
        get { return ByteOrder.ReadUInt32(Data, SequenceAt); }
    }

    /// <summary>Where the resumption id starts in <see cref="Data"/>. In a record found by id it is the id that was asked for.</summary>
    public int IdOffset
    {
        get { return IdAt; }
    }

    /// <summary>Where the shared secret starts in <see cref="Data"/>.</summary>
    public int SecretOffset
    {
        get { return SecretAt; }
    }

    /// <summary>Sets the resumption id, 16 bytes.</summary>
    public void SetId(byte[] buffer, int offset)
    {
        Array.Copy(buffer, offset, Data, IdAt, IdSize);
    }

    /// <summary>Sets the shared secret, 32 bytes.</summary>
    public void SetSecret(byte[] buffer, int offset)
    {
        Array.Copy(buffer, offset, Data, SecretAt, SecretSize);
    }

    /// <summary>One of the peer's CASE authenticated tags; 0 for none.</summary>
    /// <param name="index">0 to 2.</param>
    public uint GetCaseAuthenticatedTag(int index)
    {
        return ByteOrder.ReadUInt32(Data, TagsAt + 4 * index);
    }

    /// <summary>Sets one of the peer's CASE authenticated tags.</summary>
    /// <param name="index">0 to 2.</param>
    /// <param name="tag">The tag; 0 for none.</param>
    public void SetCaseAuthenticatedTag(int index, uint tag)
    {
        ByteOrder.WriteUInt32(Data, TagsAt + 4 * index, tag);
    }

    /// <summary>Takes fabric, peer, tags and intervals from a session; id and secret are set apart.</summary>
    public void SetPeer(SecureSession session)
    {
        FabricIndex = session.FabricIndex;
        PeerNodeId = session.PeerNodeId;
        Array.Copy(session.Data, session.At + SecureSession.TagsAt, Data, TagsAt, 12);
        Array.Copy(session.Data, session.At + Session.IdleIntervalAt, Data, IdleIntervalAt, 8);
        Array.Copy(session.Data, session.At + Session.ActiveThresholdAt, Data, ActiveThresholdAt, 2);
    }

    /// <summary>Gives a resumed session the peer's tags.</summary>
    public void CopyTagsTo(SecureSession session)
    {
        Array.Copy(Data, TagsAt, session.Data, session.At + SecureSession.TagsAt, 12);
    }

    /// <summary>The peer's intervals; what the record does not hold gets its default.</summary>
    public void GetSessionParameters(SessionParameters into)
    {
        into.SetDefaults();
        into.IdleInterval = ByteOrder.ReadUInt32(Data, IdleIntervalAt);
        into.ActiveInterval = ByteOrder.ReadUInt32(Data, ActiveIntervalAt);
        into.ActiveThreshold = (uint)ByteOrder.ReadUInt16(Data, ActiveThresholdAt);
    }

    /// <summary>Wipes the record.</summary>
    public void Wipe()
    {
        Secrets.Wipe(Data);
    }
}
