using System;
using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Which groups the endpoints are in, for every fabric: behind the Groups clusters and GroupKeyManagement's GroupTable.</summary>
/// <remarks>
/// One record "groups.N" a fabric index N: layout 1 | count 1 | entries of group id 2 | endpoints, a bit each, 4 | length of the name 1 |
/// name 16. Names stay there, because they are shown on request only. Endpoints 0 to 31 only.
/// </remarks>
public sealed class GroupTable : IGroupMembership
{
    /// <summary>Longest name of a group in bytes.</summary>
    public const int MaxName = 16;

    private const int Layout = 1;
    private const int Header = 2;
    private const int EndpointsAt = 2;
    private const int NameLengthAt = 6;
    private const int NameAt = 7;
    private const int EntrySize = NameAt + MaxName;

    // In RAM: fabric index 1 | count 1 | entries of group id and endpoints.
    private const int KeptSize = NameLengthAt;

    private readonly IFlash _flash;
    private readonly int _capacity;
    private readonly int _blockSize;
    private readonly byte[] _table;

    /// <summary>Creates an empty table; <see cref="Load"/> fills it.</summary>
    /// <param name="flash">Keeps the records.</param>
    /// <param name="endpoints">Endpoints with a Groups cluster, 1 to 10: the table has room for <see cref="Limits.GroupsPerFabric"/> groups for each.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of endpoints is out of range.</exception>
    public GroupTable(IFlash flash, int endpoints)
    {
        if (endpoints < 1 || endpoints > 10)
        {
            throw new ArgumentOutOfRangeException();
        }

        _flash = flash;
        _capacity = Limits.GroupsPerFabric * endpoints;
        _blockSize = Header + (_capacity * KeptSize);
        _table = new byte[Limits.Fabrics * _blockSize];
    }

    /// <summary>Groups a fabric can have: MaxGroupsPerFabric.</summary>
    public int Capacity
    {
        get { return _capacity; }
    }

    /// <summary>Number of groups of all fabrics.</summary>
    public int Total
    {
        get
        {
            int count = 0;
            for (int block = 0; block < _table.Length; block += _blockSize)
            {
                count += _table[block + 1];
            }

            return count;
        }
    }

    // Reports changes as attribute GroupTable.
    internal GroupKeyManagementCluster Manager { get; set; }

    /// <summary>Grows with every change, so that whoever joins multicast groups can poll it for free.</summary>
    public int ChangeCount { get; private set; }

    /// <summary>Reads the groups of a fabric at start. A damaged record counts as none.</summary>
    /// <returns>False when there was no usable record.</returns>
    public bool Load(int fabricIndex)
    {
        byte[] record = new byte[RecordSize];
        int block = BlockFor(fabricIndex);
        if (block < 0 || !Read(fabricIndex, record, 0))
        {
            return false;
        }

        Install(record, block, fabricIndex);
        return true;
    }

    /// <summary>Forgets a fabric, in RAM and flash.</summary>
    /// <returns>False when the flash refused to delete.</returns>
    public bool RemoveFabric(int fabricIndex)
    {
        int block = fabricIndex == 0 ? -1 : FindBlock(fabricIndex);
        if (block >= 0)
        {
            Array.Clear(_table, block, _blockSize);
            Notify();
        }

        return _flash.Delete(RecordName(fabricIndex));
    }

    /// <summary>Puts an endpoint into a group; a group that is there gets the new name.</summary>
    /// <param name="fabricIndex">Fabric of the group.</param>
    /// <param name="groupId">1 to 65535.</param>
    /// <param name="endpoint">0 to 31.</param>
    /// <param name="buffer">Holds the name in UTF-8.</param>
    /// <param name="nameOffset">Where it begins.</param>
    /// <param name="nameLength">0 to <see cref="MaxName"/>.</param>
    /// <returns>Success, ResourceExhausted, or Failure when the flash refused.</returns>
    public int Add(int fabricIndex, int groupId, int endpoint, byte[] buffer, int nameOffset, int nameLength)
    {
        int block = BlockFor(fabricIndex);
        byte[] staged = block < 0 ? null : Staging.Make(RecordSize);
        if (staged == null)
        {
            return Status.ResourceExhausted;
        }

        if (!Stage(fabricIndex, staged))
        {
            return Status.Failure;
        }

        int entry = FindGroup(staged, 0, groupId, EntrySize);
        if (entry < 0)
        {
            if (staged[1] >= _capacity)
            {
                return Status.ResourceExhausted;
            }

            entry = Header + (staged[1]++ * EntrySize);
            Array.Clear(staged, entry, EntrySize);
            ByteOrder.WriteUInt16(staged, entry, (uint)groupId);
        }

        Array.Clear(staged, entry + NameLengthAt, 1 + MaxName);
        staged[entry + NameLengthAt] = (byte)nameLength;
        Array.Copy(buffer, nameOffset, staged, entry + NameAt, nameLength);
        ByteOrder.WriteUInt32(staged, entry + EndpointsAt, ByteOrder.ReadUInt32(staged, entry + EndpointsAt) | (1u << endpoint));
        return Store(staged, block, fabricIndex);
    }

    /// <summary>Takes an endpoint out of a group, or out of all.</summary>
    /// <param name="fabricIndex">Fabric of the group.</param>
    /// <param name="groupId">The group; -1 for all.</param>
    /// <param name="endpoint">0 to 31.</param>
    /// <returns>Success, NotFound, or Failure when the flash refused.</returns>
    public int Remove(int fabricIndex, int groupId, int endpoint)
    {
        int block = FindBlock(fabricIndex);
        byte[] staged = null;
        if (block >= 0)
        {
            staged = Staging.Make(RecordSize);
            if (staged == null)
            {
                return Status.ResourceExhausted;
            }

            if (!Stage(fabricIndex, staged))
            {
                return Status.Failure;
            }
        }

        bool found = false;
        int kept = 0;
        for (int i = 0; staged != null && i < staged[1]; i++)
        {
            int entry = Header + (i * EntrySize);
            uint endpoints = ByteOrder.ReadUInt32(staged, entry + EndpointsAt);
            uint bit = 1u << endpoint;
            if ((groupId < 0 || ByteOrder.ReadUInt16(staged, entry) == groupId) && (endpoints & bit) != 0)
            {
                found = true;
                endpoints &= ~bit;
                ByteOrder.WriteUInt32(staged, entry + EndpointsAt, endpoints);
            }

            if (endpoints != 0)
            {
                Array.Copy(staged, entry, staged, Header + (kept++ * EntrySize), EntrySize);
            }
        }

        if (!found)
        {
            return groupId < 0 ? Status.Success : Status.NotFound;
        }

        Array.Clear(staged, Header + (kept * EntrySize), (staged[1] - kept) * EntrySize);
        staged[1] = (byte)kept;
        return Store(staged, block, fabricIndex);
    }

    /// <inheritdoc/>
    public bool IsMember(int fabricIndex, int groupId, int endpoint)
    {
        int block = fabricIndex == 0 ? -1 : FindBlock(fabricIndex);
        int entry = block < 0 ? -1 : FindGroup(_table, block, groupId, KeptSize);
        return entry >= 0 && endpoint < 32 && (ByteOrder.ReadUInt32(_table, entry + EndpointsAt) & (1u << endpoint)) != 0;
    }

    /// <summary>Room left for groups of a fabric.</summary>
    public int GetFree(int fabricIndex)
    {
        int block = fabricIndex == 0 ? -1 : FindBlock(fabricIndex);
        return block < 0 ? _capacity : _capacity - _table[block + 1];
    }

    /// <summary>Group id by number within a fabric.</summary>
    /// <returns>-1 when there are not so many.</returns>
    public int GetGroup(int fabricIndex, int index)
    {
        int block = fabricIndex == 0 ? -1 : FindBlock(fabricIndex);
        return block < 0 || index >= _table[block + 1] ? -1 : ByteOrder.ReadUInt16(_table, block + Header + (index * KeptSize));
    }

    /// <summary>Writes the name of a group.</summary>
    internal void PutName(int fabricIndex, int groupId, TlvWriter writer, uint tag)
    {
        // The record is read into the message, behind the place where the name will stand.
        int at = writer.BorrowAt;
        if (writer.Borrowable < RecordSize)
        {
            writer.Reserve(RecordSize + TlvWriter.BorrowGap);
            return;
        }

        int entry = Read(fabricIndex, writer.Buffer, at) ? FindGroup(writer.Buffer, at, groupId, EntrySize) : -1;
        writer.PutUtf8(tag, writer.Buffer, entry + NameAt, entry < 0 ? 0 : writer.Buffer[entry + NameLengthAt]);
    }

    /// <summary>Fabric of a group, counted over all fabrics; 0 when there are not so many.</summary>
    public int FabricAt(int index)
    {
        int block = BlockOf(ref index);
        return block < 0 ? 0 : _table[block];
    }

    /// <summary>Id of a group, counted over all fabrics; -1 when there are not so many.</summary>
    public int GroupAt(int index)
    {
        int block = BlockOf(ref index);
        return block < 0 ? -1 : ByteOrder.ReadUInt16(_table, block + Header + (index * KeptSize));
    }

    /// <summary>Writes a GroupInfoMapStruct, counted over all fabrics.</summary>
    internal void WriteEntry(int index, TlvWriter writer, uint tag)
    {
        int block = BlockOf(ref index);
        int entry = block + Header + (index * KeptSize);
        writer.StartStructure(tag);
        writer.PutUnsigned(1, (uint)ByteOrder.ReadUInt16(_table, entry));
        writer.StartArray(2);
        uint endpoints = ByteOrder.ReadUInt32(_table, entry + EndpointsAt);
        for (uint i = 0; i < 32; i++)
        {
            if ((endpoints & (1u << (int)i)) != 0)
            {
                writer.PutUnsigned(TlvTag.Anonymous, i);
            }
        }

        writer.EndContainer();
        PutName(_table[block], ByteOrder.ReadUInt16(_table, entry), writer, 3);
        writer.PutUnsigned(Cluster.FabricIndexTag, _table[block]);
        writer.EndContainer();
    }

    private int BlockOf(ref int index)
    {
        for (int block = 0; block < _table.Length; block += _blockSize)
        {
            if (index < _table[block + 1])
            {
                return block;
            }

            index -= _table[block + 1];
        }

        return -1;
    }

    private int RecordSize
    {
        get { return Header + (_capacity * EntrySize); }
    }

    // The fabric's record, or an empty one. False when flash does not give it.
    private bool Stage(int fabricIndex, byte[] staged)
    {
        return FindBlock(fabricIndex) < 0 || Read(fabricIndex, staged, 0);
    }

    // False when there is no usable record.
    private bool Read(int fabricIndex, byte[] record, int at)
    {
        int length = _flash.Read(RecordName(fabricIndex), record, at, RecordSize);
        bool usable = length >= Header && record[at] == Layout && record[at + 1] <= _capacity && length == Header + (record[at + 1] * EntrySize);
        for (int i = 0; usable && i < record[at + 1]; i++)
        {
            usable = record[at + Header + (i * EntrySize) + NameLengthAt] <= MaxName;
        }

        return usable;
    }

    private int Store(byte[] staged, int block, int fabricIndex)
    {
        staged[0] = Layout;
        if (!_flash.Write(RecordName(fabricIndex), staged, 0, Header + (staged[1] * EntrySize)))
        {
            return Status.Failure;
        }

        Install(staged, block, fabricIndex);
        Notify();
        return Status.Success;
    }

    private void Install(byte[] record, int block, int fabricIndex)
    {
        Array.Clear(_table, block, _blockSize);
        _table[block] = (byte)fabricIndex;
        _table[block + 1] = record[1];
        for (int i = 0; i < record[1]; i++)
        {
            Array.Copy(record, Header + (i * EntrySize), _table, block + Header + (i * KeptSize), KeptSize);
        }
    }

    private void Notify()
    {
        ChangeCount++;
        if (Manager != null)
        {
            Manager.OnGroupsChanged();
        }
    }

    private static int FindGroup(byte[] data, int block, int groupId, int entrySize)
    {
        for (int i = 0; i < data[block + 1]; i++)
        {
            int entry = block + Header + (i * entrySize);
            if (ByteOrder.ReadUInt16(data, entry) == groupId)
            {
                return entry;
            }
        }

        return -1;
    }

    private int BlockFor(int fabricIndex)
    {
        int block = FindBlock(fabricIndex);
        return block < 0 ? FindBlock(0) : block;
    }

    private int FindBlock(int fabricIndex)
    {
        for (int block = 0; block < _table.Length; block += _blockSize)
        {
            if (_table[block] == fabricIndex)
            {
                return block;
            }
        }

        return -1;
    }

    private static string RecordName(int fabricIndex)
    {
        return "groups." + fabricIndex.ToString();
    }
}
