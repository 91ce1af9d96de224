using System;

namespace MatterNano.Credentials;

/// <summary>One fabric this node belongs to: what sessions and CASE need of it at hand. Its certificates lie in flash.</summary>
/// <remarks>An object of the table's fixed pool: after removal it is used again for another fabric. Keep the index, not the object.</remarks>
public sealed class Fabric
{
    /// <summary>Identity protection keys: one for each epoch key of key set 0.</summary>
    public const int MaxIdentityProtectionKeys = 3;

    /// <summary>Chains of peers remembered as verified.</summary>
    public const int KnownChains = 3;

    /// <summary>Where the compressed fabric identifier (8 bytes, big-endian) is in <see cref="Data"/>.</summary>
    public const int CompressedIdOffset = 0;

    /// <summary>Where the root public key (65 bytes) is in <see cref="Data"/>.</summary>
    public const int RootPublicKeyOffset = 8;

    /// <summary>Where the operational private key (32 bytes) is in <see cref="Data"/>.</summary>
    public const int PrivateKeyOffset = RootPublicKeyOffset + 65;

    /// <summary>Where the identity protection keys (operational, 16 bytes each) are in <see cref="Data"/>.</summary>
    public const int IdentityProtectionKeysOffset = PrivateKeyOffset + 32;

    internal const int KnownChainsOffset = IdentityProtectionKeysOffset + (16 * MaxIdentityProtectionKeys);
    internal const int DataLength = KnownChainsOffset + (32 * KnownChains);

    internal int FabricIndex;
    internal ulong Id;
    internal ulong Node;
    internal int Vendor;
    internal string Name;
    internal int KeyCount;
    internal int Generation;
    internal bool Provisional;
    internal bool Removing;
    internal int KnownCount;
    internal int KnownNext;

    private readonly byte[] _data;

    internal Fabric()
    {
        _data = new byte[DataLength];
        Name = string.Empty;
    }

    /// <summary>Fabric index, 1 to 254; 0 while the object is not used.</summary>
    public int Index
    {
        get { return FabricIndex; }
    }

    /// <summary>Fabric identifier.</summary>
    public ulong FabricId
    {
        get { return Id; }
    }

    /// <summary>Our operational node identifier.</summary>
    public ulong NodeId
    {
        get { return Node; }
    }

    /// <summary>Vendor of the administrator that added the fabric.</summary>
    public int VendorId
    {
        get { return Vendor; }
    }

    /// <summary>Label, 32 bytes of UTF-8 at most.</summary>
    public string Label
    {
        get { return Name; }
    }

    /// <summary>True after AddNOC until it is committed.</summary>
    public bool IsProvisional
    {
        get { return Provisional; }
    }

    /// <summary>Identity protection keys, 1 to 3.</summary>
    public int IdentityProtectionKeyCount
    {
        get { return KeyCount; }
    }

    /// <summary>Packed keys, see the offsets. Secret; never write to it.</summary>
    public byte[] Data
    {
        get { return _data; }
    }

    internal void Clear()
    {
        FabricIndex = 0;
        Id = 0;
        Node = 0;
        Vendor = 0;
        Name = string.Empty;
        KeyCount = 0;
        Generation = 0;
        Provisional = false;
        Removing = false;
        KnownCount = 0;
        KnownNext = 0;
        Secrets.Wipe(_data);
    }

    // Layout 1 of the record "fab.N": layout, generation, key count, label length, fabric id 8, node id 8, vendor 2, compressed id,
    // root public key, private key, keys; label 32. The medium detects damage; the layout byte detects an older program.
    internal const int RecordLength = 4 + 18 + KnownChainsOffset + MaxLabelLength;
    internal const int MaxLabelLength = 32;
    private const int Layout = 1;
    private const int RecordData = 22;
    private const int RecordLabel = RecordData + KnownChainsOffset;

    internal void WriteRecord(byte[] record)
    {
        Array.Clear(record, 0, RecordLength);
        record[0] = Layout;
        record[1] = (byte)Generation;
        record[2] = (byte)KeyCount;
        ByteOrder.WriteUInt64(record, 4, Id);
        ByteOrder.WriteUInt64(record, 12, Node);
        ByteOrder.WriteUInt16(record, 20, (uint)Vendor);
        Array.Copy(_data, 0, record, RecordData, KnownChainsOffset);
        WriteLabel(record);
    }

    internal void WriteLabel(byte[] record)
    {
        Array.Clear(record, RecordLabel, MaxLabelLength);
        record[3] = (byte)(Tlv.Utf8.GetBytes(Name, record, RecordLabel) - RecordLabel);
    }

    internal void WriteKeys(byte[] record)
    {
        record[2] = (byte)KeyCount;
        int at = IdentityProtectionKeysOffset;
        Array.Copy(_data, at, record, RecordData + at, KnownChainsOffset - at);
    }

    internal bool ReadRecord(byte[] record, int length)
    {
        if (length != RecordLength || record[0] != Layout || record[1] > 1 || record[2] < 1 || record[2] > MaxIdentityProtectionKeys || record[3] > MaxLabelLength)
        {
            return false;
        }

        string name = Tlv.Utf8.GetString(record, RecordLabel, record[3]);
        ulong id = ByteOrder.ReadUInt64(record, 4);
        ulong node = ByteOrder.ReadUInt64(record, 12);
        if (name == null || id == 0 || node == 0)
        {
            return false;
        }

        Generation = record[1];
        KeyCount = record[2];
        Name = name;
        Id = id;
        Node = node;
        Vendor = ByteOrder.ReadUInt16(record, 20);
        Array.Copy(record, RecordData, _data, 0, KnownChainsOffset);
        return true;
    }
}
