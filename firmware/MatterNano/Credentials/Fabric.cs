using System;

namespace MatterNano.Credentials;

/// <summary>One fabric this node belongs to: what sessions and CASE need of it at hand. Its certificates lie in flash.</summary>
/// <remarks>An object of the table's fixed pool: after removal it is used again for another fabric. Keep the index, not the object.</remarks>
public sealed class Fabric
{
    /// <summary>Identity protection keys: one for each epoch key of key set 0.</summary>
    public const int MaxIdentityProtectionKeys = 3;

    /// <summary>Chains of peers remembered as verified, in flash.</summary>
    public const int KnownChains = 3;

    /// <summary>Where the compressed fabric identifier (8 bytes, big-endian) is in <see cref="Data"/>.</summary>
    public const int CompressedIdOffset = 0;

    /// <summary>Where the root public key (65 bytes) is in <see cref="Data"/>.</summary>
    public const int RootPublicKeyOffset = 8;

    /// <summary>Where the operational private key (32 bytes) is in <see cref="Data"/>.</summary>
    public const int PrivateKeyOffset = RootPublicKeyOffset + 65;

    /// <summary>Where the identity protection keys (operational, 16 bytes each) are in <see cref="Data"/>.</summary>
    public const int IdentityProtectionKeysOffset = PrivateKeyOffset + 32;

    // Keys and what is derived from them; behind them: fabric id 8, node id 8, vendor 2, index, generation, count of keys, state.
    internal const int KeysLength = IdentityProtectionKeysOffset + (16 * MaxIdentityProtectionKeys);
    private const int IdAt = KeysLength;
    private const int NodeAt = IdAt + 8;
    private const int VendorAt = NodeAt + 8;
    private const int IndexAt = VendorAt + 2;
    private const int GenerationAt = IndexAt + 1;
    private const int KeyCountAt = GenerationAt + 1;
    private const int StateAt = KeyCountAt + 1;
    private const int DataLength = StateAt + 1;

    private const int ProvisionalFlag = 1;
    private const int RemovingFlag = 2;

    internal string Name;

    private readonly byte[] _data;

    internal Fabric()
    {
        _data = new byte[DataLength];
        Name = string.Empty;
    }

    internal int FabricIndex
    {
        get { return _data[IndexAt]; }
        set { _data[IndexAt] = (byte)value; }
    }

    internal ulong Id
    {
        get { return ByteOrder.ReadUInt64(_data, IdAt); }
        set { ByteOrder.WriteUInt64(_data, IdAt, value); }
    }

    internal ulong Node
    {
        get { return ByteOrder.ReadUInt64(_data, NodeAt); }
        set { ByteOrder.WriteUInt64(_data, NodeAt, value); }
    }

    internal int Vendor
    {
        get { return ByteOrder.ReadUInt16(_data, VendorAt); }
        set { ByteOrder.WriteUInt16(_data, VendorAt, (uint)value); }
    }

    internal int KeyCount
    {
        get { return _data[KeyCountAt]; }
        set { _data[KeyCountAt] = (byte)value; }
    }

    internal int Generation
    {
        get { return _data[GenerationAt]; }
        set { _data[GenerationAt] = (byte)value; }
    }

    internal bool Provisional
    {
        get { return (_data[StateAt] & ProvisionalFlag) != 0; }
        set { _data[StateAt] = (byte)(value ? _data[StateAt] | ProvisionalFlag : _data[StateAt] & ~ProvisionalFlag); }
    }

    internal bool Removing
    {
        get { return (_data[StateAt] & RemovingFlag) != 0; }
        set { _data[StateAt] = (byte)(value ? _data[StateAt] | RemovingFlag : _data[StateAt] & ~RemovingFlag); }
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
        Name = string.Empty;
        Secrets.Wipe(_data);
    }

    // Layout 1 of the record "fab.N": layout, generation, key count, label length, fabric id 8, node id 8, vendor 2, compressed id,
    // root public key, private key, keys; label 32. The medium detects damage; the layout byte detects an older program.
    internal const int RecordLength = 4 + 18 + KeysLength + MaxLabelLength;
    internal const int MaxLabelLength = 32;
    private const int Layout = 1;
    private const int RecordData = 22;
    private const int RecordLabel = RecordData + KeysLength;

    internal void WriteRecord(byte[] record)
    {
        Array.Clear(record, 0, RecordLength);
        record[0] = Layout;
        record[1] = (byte)Generation;
        record[2] = (byte)KeyCount;
        ByteOrder.WriteUInt64(record, 4, Id);
        ByteOrder.WriteUInt64(record, 12, Node);
        ByteOrder.WriteUInt16(record, 20, (uint)Vendor);
        Array.Copy(_data, 0, record, RecordData, KeysLength);
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
        Array.Copy(_data, at, record, RecordData + at, KeysLength - at);
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
        Array.Copy(record, RecordData, _data, 0, KeysLength);
        return true;
    }
}
