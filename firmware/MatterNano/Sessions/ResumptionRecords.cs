using System;
using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.Sessions;

/// <summary>The resumption records: 15 slots, each a record of its own on flash; memory holds what finds and ranks them.</summary>
/// <remarks>
/// One slot, one atomic write: after a power cut a slot is old, new or absent. One record a peer, and a peer is fabric and
/// node. When all are taken the least recently used goes, but never one of a fabric that has no more than its three, unless
/// the newcomer is of that fabric. Secrets are in memory while a record is in use, and while flash refuses one.
/// </remarks>
public sealed class ResumptionRecords
{
    /// <summary>Names on flash start with this; the slot number follows.</summary>
    public const string NamePrefix = "resume.";

    private const byte Used = 1;
    private const byte Changed = 2;
    private const byte HasPending = 4;

    // Of each slot: flags 1 | fabric 1 | start of the id 4 | sequence 4 | peer node id 8 | pending id 16.
    private const int FlagsAt = 0;
    private const int FabricAt = 1;
    private const int IdAt = 2;
    private const int SequenceAt = 6;
    private const int NodeAt = 10;
    private const int PendingAt = 18;
    private const int EntrySize = PendingAt + ResumptionRecord.IdSize;

    private readonly IFlash _flash;
    private readonly Counters _counters;
    private readonly byte[] _index = new byte[Limits.ResumptionRecords * EntrySize];
    private readonly ResumptionRecord _scratch;

    // Records that flash refused, each at its slot's place; null when there is none.
    private byte[] _refused;
    private IFabrics _fabrics;
    private uint _sequence;

    /// <summary>Creates empty slots; reads nothing.</summary>
    public ResumptionRecords(IFlash flash, IFabrics fabrics, Counters counters)
        : this(flash, fabrics, counters, new ResumptionRecord())
    {
    }

    /// <summary>Creates empty slots; reads nothing.</summary>
    /// <param name="scratch">Overwritten by every call but the Find methods, which write into what they are given.</param>
    internal ResumptionRecords(IFlash flash, IFabrics fabrics, Counters counters, ResumptionRecord scratch)
    {
        _flash = flash;
        _fabrics = fabrics;
        _counters = counters;
        _scratch = scratch;
    }

    /// <summary>Records held.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < Limits.ResumptionRecords; i++)
            {
                if (IsUsed(i))
                {
                    count++;
                }
            }

            return count;
        }
    }

    /// <summary>Reads all slots. Drops, here and on flash, what is damaged, of another layout, of a fabric that is gone, or an older record of the same peer.</summary>
    public void Init(IFabrics fabrics)
    {
        _fabrics = fabrics;
        _sequence = 0;
        _refused = null;
        Secrets.Wipe(_index);
        byte[] data = _scratch.Data;
        for (int i = 0; i < Limits.ResumptionRecords; i++)
        {
            int length = _flash.Read(NameOf(i), data, 0, ResumptionRecord.PackedSize);
            if (length == -1)
            {
                continue;
            }

            bool valid = length == ResumptionRecord.PackedSize
                && data[0] == ResumptionRecord.Layout
                && ByteOrder.ReadUInt32(data, ResumptionRecord.CrcAt) == Crc32(data, 0, ResumptionRecord.CrcAt)
                && IsOfLivingFabric(data);
            if (valid)
            {
                int twin = FindPeer(_scratch.FabricIndex, _scratch.PeerNodeId);
                uint sequence = _scratch.Sequence;
                SetEntry(i, data);
                if (twin >= 0)
                {
                    _counters.Count(Counters.RecordDropped);
                    Free(SequenceOf(twin) < sequence ? twin : i);
                }

                if (sequence > _sequence)
                {
                    _sequence = sequence;
                }
            }
            else
            {
                _counters.Count(Counters.RecordDropped);
                Free(i);
            }
        }

        _scratch.Wipe();
    }

    /// <summary>Finds a record by its id or by the id it will get when the peer has proved to know that.</summary>
    /// <param name="id">Holds the id.</param>
    /// <param name="offset">Start of its 16 bytes.</param>
    /// <param name="into">Receives the record, with the id asked for.</param>
    /// <returns>False when there is none; a record whose fabric is gone is freed.</returns>
    public bool TryFindById(byte[] id, int offset, ResumptionRecord into)
    {
        uint start = ByteOrder.ReadUInt32(id, offset);
        for (int i = 0; i < Limits.ResumptionRecords; i++)
        {
            if (!IsUsed(i))
            {
                continue;
            }

            int at = i * EntrySize;
            bool isPending = (_index[at + FlagsAt] & HasPending) != 0 && Secrets.AreEqual(_index, at + PendingAt, id, offset, ResumptionRecord.IdSize);
            if (!isPending && ByteOrder.ReadUInt32(_index, at + IdAt) != start)
            {
                continue;
            }

            // Ids are told in clear, so their start may decide which record is read.
            if (!Load(i, into))
            {
                return false;
            }

            if (isPending || Secrets.AreEqual(into.Data, ResumptionRecord.IdAt, id, offset, ResumptionRecord.IdSize))
            {
                into.SetId(id, offset);
                return true;
            }

            into.Wipe();
        }

        return false;
    }

    /// <summary>Finds the record of a peer.</summary>
    /// <param name="fabricIndex">Fabric index.</param>
    /// <param name="nodeId">The peer's node id on it.</param>
    /// <param name="into">Receives the record.</param>
    /// <returns>False when there is none.</returns>
    public bool TryFindByPeer(int fabricIndex, ulong nodeId, ResumptionRecord into)
    {
        int slot = FindPeer(fabricIndex, nodeId);
        return slot >= 0 && Load(slot, into);
    }

    /// <summary>Keeps a record: the peer's slot, else a free one, else the least recently used one. One write.</summary>
    /// <returns>False when it could not be kept at all: its fabric is gone.</returns>
    public bool Save(ResumptionRecord record)
    {
        if (!_fabrics.GetCompressedFabricId(record.FabricIndex, record.Data, ResumptionRecord.CompressedFabricIdAt))
        {
            return false;
        }

        int slot = FindPeer(record.FabricIndex, record.PeerNodeId);
        if (slot < 0)
        {
            slot = FindFree();
        }

        if (slot < 0)
        {
            slot = FindVictim(record.FabricIndex);
        }

        Put(slot, record.Data);
        return true;
    }

    /// <summary>Lets a new id match besides the old one, until <see cref="CommitPending"/> or the next full handshake. No write.</summary>
    /// <returns>The slot, 0 or more; -1 when the peer has no record.</returns>
    public int SetPending(int fabricIndex, ulong nodeId, byte[] newId, int offset)
    {
        int slot = FindPeer(fabricIndex, nodeId);
        if (slot >= 0)
        {
            int at = slot * EntrySize;
            Array.Copy(newId, offset, _index, at + PendingAt, ResumptionRecord.IdSize);
            _index[at + FlagsAt] |= HasPending;
        }

        return slot;
    }

    /// <summary>Replaces a record's id by the pending one, which the peer has proved to know. One write.</summary>
    /// <param name="slot">From <see cref="SetPending"/>.</param>
    /// <param name="fabricIndex">Fabric of the session that proved it.</param>
    /// <param name="nodeId">Its peer. Nothing happens when the slot has become another peer's.</param>
    public void CommitPending(int slot, int fabricIndex, ulong nodeId)
    {
        int at = slot * EntrySize;
        if ((_index[at + FlagsAt] & HasPending) != 0 && IsOf(slot, fabricIndex, nodeId) && Load(slot, _scratch))
        {
            _scratch.SetId(_index, at + PendingAt);
            Put(slot, _scratch.Data);
            _scratch.Wipe();
        }
    }

    /// <summary>Deletes the record of a peer. No flash operation when there is none.</summary>
    /// <returns>True when there was one.</returns>
    public bool Remove(int fabricIndex, ulong nodeId)
    {
        int slot = FindPeer(fabricIndex, nodeId);
        if (slot < 0)
        {
            return false;
        }

        Free(slot);
        return true;
    }

    /// <summary>Deletes all records of a fabric. Works by index, so it may be called before or after the fabric is gone, but before its index is used again.</summary>
    /// <returns>Number of records deleted.</returns>
    public int RemoveFabric(int fabricIndex)
    {
        int count = 0;
        for (int i = 0; i < Limits.ResumptionRecords; i++)
        {
            if (IsUsed(i) && _index[i * EntrySize + FabricAt] == fabricIndex)
            {
                Free(i);
                count++;
            }
        }

        return count;
    }

    /// <summary>Deletes all records, at factory reset.</summary>
    public void Clear()
    {
        for (int i = 0; i < Limits.ResumptionRecords; i++)
        {
            Free(i);
        }
    }

    /// <summary>Writes or deletes again what flash refused before. Normally nothing.</summary>
    public void Store()
    {
        bool anyRefused = false;
        for (int i = 0; i < Limits.ResumptionRecords; i++)
        {
            int at = i * EntrySize + FlagsAt;
            if ((_index[at] & Changed) == 0)
            {
                continue;
            }

            if ((_index[at] & Used) != 0)
            {
                Write(i, _refused, i * ResumptionRecord.PackedSize);
            }
            else
            {
                Write(i, null, 0);
            }

            anyRefused |= _index[at] == (Used | Changed);
        }

        if (!anyRefused)
        {
            _refused = null;
        }
    }

    /// <summary>Copies the record of a slot without its secret, for diagnostics.</summary>
    /// <param name="slot">0 to <see cref="Limits.ResumptionRecords"/> - 1.</param>
    /// <param name="into">Receives it.</param>
    /// <returns>False for a free slot.</returns>
    public bool TryGetSlot(int slot, ResumptionRecord into)
    {
        if (!IsUsed(slot) || !Read(slot, into))
        {
            return false;
        }

        Secrets.Wipe(into.Data, ResumptionRecord.SecretAt, ResumptionRecord.SecretSize);
        return true;
    }

    /// <summary>CRC-32 of IEEE 802.3, without a table: one is needed a handshake.</summary>
    internal static uint Crc32(byte[] buffer, int offset, int length)
    {
        uint crc = 0xffffffff;
        for (int i = 0; i < length; i++)
        {
            crc ^= buffer[offset + i];
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static string NameOf(int slot)
    {
        return NamePrefix + slot.ToString();
    }

    // Makes it the most recently used record, in this slot.
    private void Put(int slot, byte[] record)
    {
        _sequence++;
        record[0] = ResumptionRecord.Layout;
        ByteOrder.WriteUInt32(record, ResumptionRecord.SequenceAt, _sequence);
        ByteOrder.WriteUInt32(record, ResumptionRecord.CrcAt, Crc32(record, 0, ResumptionRecord.CrcAt));
        SetEntry(slot, record);
        Write(slot, record, 0);
    }

    private void SetEntry(int slot, byte[] record)
    {
        int at = slot * EntrySize;
        _index[at + FlagsAt] = Used;
        _index[at + FabricAt] = record[ResumptionRecord.FabricIndexAt];
        Array.Copy(record, ResumptionRecord.IdAt, _index, at + IdAt, 4);
        Array.Copy(record, ResumptionRecord.SequenceAt, _index, at + SequenceAt, 4);
        Array.Copy(record, ResumptionRecord.PeerNodeIdAt, _index, at + NodeAt, 8);
    }

    private void Free(int slot)
    {
        int at = slot * EntrySize;
        bool wasEmpty = _index[at + FlagsAt] == 0 && _flash.Read(NameOf(slot), _scratch.Data, 0, ResumptionRecord.PackedSize) == -1;
        Secrets.Wipe(_index, at, EntrySize);
        if (_refused != null)
        {
            Secrets.Wipe(_refused, slot * ResumptionRecord.PackedSize, ResumptionRecord.PackedSize);
        }

        if (!wasEmpty)
        {
            Write(slot, null, 0);
        }
    }

    // Writes the record, or deletes the slot's when there is none. What flash refuses is kept for Store.
    private void Write(int slot, byte[] record, int offset)
    {
        int at = slot * EntrySize + FlagsAt;
        if (record != null ? _flash.Write(NameOf(slot), record, offset, ResumptionRecord.PackedSize) : _flash.Delete(NameOf(slot)))
        {
            _index[at] = (byte)(_index[at] & ~Changed);
            if (_refused != null)
            {
                Secrets.Wipe(_refused, slot * ResumptionRecord.PackedSize, ResumptionRecord.PackedSize);
            }

            return;
        }

        _index[at] |= Changed;
        _counters.Count(Counters.RecordWriteFailed);
        if (record != null && record != _refused)
        {
            if (_refused == null)
            {
                _refused = new byte[Limits.ResumptionRecords * ResumptionRecord.PackedSize];
            }

            Array.Copy(record, offset, _refused, slot * ResumptionRecord.PackedSize, ResumptionRecord.PackedSize);
        }
    }

    // A slot's record; one whose fabric is gone, or that flash has lost, is freed.
    private bool Load(int slot, ResumptionRecord into)
    {
        if (!Read(slot, into))
        {
            _counters.Count(Counters.RecordDropped);
        }
        else if (IsOfLivingFabric(into.Data))
        {
            return true;
        }

        Free(slot);
        into.Wipe();
        return false;
    }

    // What was read at the start was whole, and flash tells what it damaged since: fabric, node and sequence show that it is the record meant.
    private bool Read(int slot, ResumptionRecord into)
    {
        int at = slot * EntrySize;
        if ((_index[at + FlagsAt] & Changed) != 0)
        {
            Array.Copy(_refused, slot * ResumptionRecord.PackedSize, into.Data, 0, ResumptionRecord.PackedSize);
            return true;
        }

        return _flash.Read(NameOf(slot), into.Data, 0, ResumptionRecord.PackedSize) == ResumptionRecord.PackedSize
            && into.Data[0] == ResumptionRecord.Layout
            && IsOf(slot, into.FabricIndex, into.PeerNodeId)
            && into.Sequence == SequenceOf(slot);
    }

    private bool IsOfLivingFabric(byte[] record)
    {
        ulong compressed = ByteOrder.ReadUInt64(record, ResumptionRecord.CompressedFabricIdAt);
        int fabricIndex = record[ResumptionRecord.FabricIndexAt];
        return _fabrics.ContainsFabric(fabricIndex)
            && _fabrics.GetCompressedFabricId(fabricIndex, record, ResumptionRecord.CompressedFabricIdAt)
            && ByteOrder.ReadUInt64(record, ResumptionRecord.CompressedFabricIdAt) == compressed;
    }

    private bool IsUsed(int slot)
    {
        return (_index[slot * EntrySize + FlagsAt] & Used) != 0;
    }

    private bool IsOf(int slot, int fabricIndex, ulong nodeId)
    {
        int at = slot * EntrySize;
        return IsUsed(slot) && _index[at + FabricAt] == fabricIndex && ByteOrder.ReadUInt64(_index, at + NodeAt) == nodeId;
    }

    private int FindPeer(int fabricIndex, ulong nodeId)
    {
        for (int i = 0; i < Limits.ResumptionRecords; i++)
        {
            if (IsOf(i, fabricIndex, nodeId))
            {
                return i;
            }
        }

        return -1;
    }

    private int FindFree()
    {
        for (int i = 0; i < Limits.ResumptionRecords; i++)
        {
            if (!IsUsed(i))
            {
                return i;
            }
        }

        return -1;
    }

    private int FindVictim(int fabricIndex)
    {
        int victim = -1;
        uint oldest = 0;
        bool mayTakeOwn = CountFabric(fabricIndex) >= Limits.CaseSessionsPerFabric;
        for (int i = 0; i < Limits.ResumptionRecords; i++)
        {
            int fabric = _index[i * EntrySize + FabricAt];
            bool candidate = fabric == fabricIndex ? mayTakeOwn : CountFabric(fabric) > Limits.CaseSessionsPerFabric;
            if (candidate && (victim < 0 || SequenceOf(i) < oldest))
            {
                victim = i;
                oldest = SequenceOf(i);
            }
        }

        // With slots for every fabric's share one of the two cases always holds.
        return victim < 0 ? 0 : victim;
    }

    private int CountFabric(int fabricIndex)
    {
        int count = 0;
        for (int i = 0; i < Limits.ResumptionRecords; i++)
        {
            if (IsUsed(i) && _index[i * EntrySize + FabricAt] == fabricIndex)
            {
                count++;
            }
        }

        return count;
    }

    private uint SequenceOf(int slot)
    {
        return ByteOrder.ReadUInt32(_index, slot * EntrySize + SequenceAt);
    }
}
