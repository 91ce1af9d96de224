using System;
using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.Sessions;

/// <summary>The resumption records: 15 slots in memory, each a record of its own on flash.</summary>
/// <remarks>
/// One slot, one atomic write: after a power cut a slot is old, new or absent. One record a peer, and a peer is fabric and
/// node. When all are taken the least recently used goes, but never one of a fabric that has no more than its three, unless
/// the newcomer is of that fabric.
/// </remarks>
public sealed class ResumptionRecords
{
    /// <summary>Names on flash start with this; the slot number follows.</summary>
    public const string NamePrefix = "resume.";

    private const byte Used = 1;
    private const byte Changed = 2;
    private const byte HasPending = 4;

    private readonly IFlash _flash;
    private readonly Counters _counters;
    private readonly byte[] _slots = new byte[Limits.ResumptionRecords * ResumptionRecord.PackedSize];
    private readonly byte[] _pendingIds = new byte[Limits.ResumptionRecords * ResumptionRecord.IdSize];
    private readonly byte[] _flags = new byte[Limits.ResumptionRecords];
    private readonly byte[] _compressed = new byte[8];
    private IFabrics _fabrics;
    private uint _sequence;

    /// <summary>Creates empty slots; reads nothing.</summary>
    public ResumptionRecords(IFlash flash, IFabrics fabrics, Counters counters)
    {
        _flash = flash;
        _fabrics = fabrics;
        _counters = counters;
    }

    /// <summary>Records held.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _flags.Length; i++)
            {
                if ((_flags[i] & Used) != 0)
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
        for (int i = 0; i < _flags.Length; i++)
        {
            _flags[i] = 0;
            int at = i * ResumptionRecord.PackedSize;
            int length = _flash.Read(NameOf(i), _slots, at, ResumptionRecord.PackedSize);
            if (length == -1)
            {
                Secrets.Wipe(_slots, at, ResumptionRecord.PackedSize);
                continue;
            }

            bool valid = length == ResumptionRecord.PackedSize
                && _slots[at] == ResumptionRecord.Layout
                && ByteOrder.ReadUInt32(_slots, at + ResumptionRecord.CrcAt) == Crc32(_slots, at, ResumptionRecord.CrcAt)
                && IsOfLivingFabric(at);
            if (valid)
            {
                int twin = FindPeer(_slots, at);
                _flags[i] = Used;
                uint sequence = SequenceAt(i);
                if (twin >= 0)
                {
                    bool twinIsOlder = SequenceAt(twin) < sequence;
                    _counters.Count(Counters.RecordDropped);
                    Free(twinIsOlder ? twin : i);
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
    }

    /// <summary>Finds a record by its id or by the id it will get when the peer has proved to know that.</summary>
    /// <param name="id">Holds the id.</param>
    /// <param name="offset">Start of its 16 bytes.</param>
    /// <param name="into">Receives the record, with the id asked for.</param>
    /// <returns>False when there is none; a record whose fabric is gone is freed.</returns>
    public bool TryFindById(byte[] id, int offset, ResumptionRecord into)
    {
        for (int i = 0; i < _flags.Length; i++)
        {
            if ((_flags[i] & Used) == 0)
            {
                continue;
            }

            int at = i * ResumptionRecord.PackedSize;
            bool matches = Secrets.AreEqual(_slots, at + ResumptionRecord.IdAt, id, offset, ResumptionRecord.IdSize);
            if ((_flags[i] & HasPending) != 0)
            {
                matches |= Secrets.AreEqual(_pendingIds, i * ResumptionRecord.IdSize, id, offset, ResumptionRecord.IdSize);
            }

            if (matches)
            {
                if (!CopyOut(i, into))
                {
                    return false;
                }

                into.SetId(id, offset);
                return true;
            }
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
        return slot >= 0 && CopyOut(slot, into);
    }

    /// <summary>Keeps a record: the peer's slot, else a free one, else the least recently used one. One write.</summary>
    /// <returns>False when it could not be kept at all: its fabric is gone.</returns>
    public bool Save(ResumptionRecord record)
    {
        if (!_fabrics.GetCompressedFabricId(record.FabricIndex, record.Data, ResumptionRecord.CompressedFabricIdAt))
        {
            return false;
        }

        int slot = FindPeer(record.Data, 0);
        if (slot < 0)
        {
            slot = FindFree();
        }

        if (slot < 0)
        {
            slot = FindVictim(record.FabricIndex);
        }

        Array.Copy(record.Data, 0, _slots, slot * ResumptionRecord.PackedSize, ResumptionRecord.PackedSize);
        _flags[slot] = Used;
        Touch(slot);
        return true;
    }

    /// <summary>Lets a new id match besides the old one, until <see cref="CommitPending"/> or the next full handshake. No write.</summary>
    /// <returns>The slot, 0 or more; -1 when the peer has no record.</returns>
    public int SetPending(int fabricIndex, ulong nodeId, byte[] newId, int offset)
    {
        int slot = FindPeer(fabricIndex, nodeId);
        if (slot >= 0)
        {
            Array.Copy(newId, offset, _pendingIds, slot * ResumptionRecord.IdSize, ResumptionRecord.IdSize);
            _flags[slot] |= HasPending;
        }

        return slot;
    }

    /// <summary>Replaces a record's id by the pending one, which the peer has proved to know. One write.</summary>
    /// <param name="slot">From <see cref="SetPending"/>.</param>
    /// <param name="fabricIndex">Fabric of the session that proved it.</param>
    /// <param name="nodeId">Its peer. Nothing happens when the slot has become another peer's.</param>
    public void CommitPending(int slot, int fabricIndex, ulong nodeId)
    {
        int at = slot * ResumptionRecord.PackedSize;
        if ((_flags[slot] & (Used | HasPending)) == (Used | HasPending)
            && _slots[at + ResumptionRecord.FabricIndexAt] == fabricIndex
            && ByteOrder.ReadUInt64(_slots, at + ResumptionRecord.PeerNodeIdAt) == nodeId)
        {
            Array.Copy(_pendingIds, slot * ResumptionRecord.IdSize, _slots, at + ResumptionRecord.IdAt, ResumptionRecord.IdSize);
            _flags[slot] = Used;
            Touch(slot);
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
        for (int i = 0; i < _flags.Length; i++)
        {
            if ((_flags[i] & Used) != 0 && _slots[i * ResumptionRecord.PackedSize + ResumptionRecord.FabricIndexAt] == fabricIndex)
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
        for (int i = 0; i < _flags.Length; i++)
        {
            Free(i);
        }
    }

    /// <summary>Writes or deletes again what flash refused before. Normally nothing.</summary>
    public void Store()
    {
        for (int i = 0; i < _flags.Length; i++)
        {
            if ((_flags[i] & Changed) != 0)
            {
                Write(i);
            }
        }
    }

    /// <summary>Copies the record of a slot without its secret, for diagnostics.</summary>
    /// <param name="slot">0 to <see cref="Limits.ResumptionRecords"/> - 1.</param>
    /// <param name="into">Receives it.</param>
    /// <returns>False for a free slot.</returns>
    public bool TryGetSlot(int slot, ResumptionRecord into)
    {
        if ((_flags[slot] & Used) == 0)
        {
            return false;
        }

        Array.Copy(_slots, slot * ResumptionRecord.PackedSize, into.Data, 0, ResumptionRecord.PackedSize);
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

    private void Touch(int slot)
    {
        int at = slot * ResumptionRecord.PackedSize;
        _sequence++;
        _slots[at] = ResumptionRecord.Layout;
        ByteOrder.WriteUInt32(_slots, at + ResumptionRecord.SequenceAt, _sequence);
        ByteOrder.WriteUInt32(_slots, at + ResumptionRecord.CrcAt, Crc32(_slots, at, ResumptionRecord.CrcAt));
        Write(slot);
    }

    private void Free(int slot)
    {
        bool wasEmpty = _flags[slot] == 0 && _flash.Read(NameOf(slot), _slots, slot * ResumptionRecord.PackedSize, ResumptionRecord.PackedSize) == -1;
        Secrets.Wipe(_slots, slot * ResumptionRecord.PackedSize, ResumptionRecord.PackedSize);
        Secrets.Wipe(_pendingIds, slot * ResumptionRecord.IdSize, ResumptionRecord.IdSize);
        _flags[slot] = 0;
        if (!wasEmpty)
        {
            Write(slot);
        }
    }

    private void Write(int slot)
    {
        bool done = (_flags[slot] & Used) != 0
            ? _flash.Write(NameOf(slot), _slots, slot * ResumptionRecord.PackedSize, ResumptionRecord.PackedSize)
            : _flash.Delete(NameOf(slot));
        if (done)
        {
            _flags[slot] = (byte)(_flags[slot] & ~Changed);
        }
        else
        {
            _flags[slot] |= Changed;
            _counters.Count(Counters.RecordWriteFailed);
        }
    }

    private bool CopyOut(int slot, ResumptionRecord into)
    {
        int at = slot * ResumptionRecord.PackedSize;
        if (!IsOfLivingFabric(at))
        {
            Free(slot);
            return false;
        }

        Array.Copy(_slots, at, into.Data, 0, ResumptionRecord.PackedSize);
        return true;
    }

    private bool IsOfLivingFabric(int at)
    {
        int fabricIndex = _slots[at + ResumptionRecord.FabricIndexAt];
        return _fabrics.ContainsFabric(fabricIndex)
            && _fabrics.GetCompressedFabricId(fabricIndex, _compressed, 0)
            && Secrets.AreEqual(_compressed, 0, _slots, at + ResumptionRecord.CompressedFabricIdAt, 8);
    }

    private int FindPeer(int fabricIndex, ulong nodeId)
    {
        for (int i = 0; i < _flags.Length; i++)
        {
            int at = i * ResumptionRecord.PackedSize;
            if ((_flags[i] & Used) != 0 && _slots[at + ResumptionRecord.FabricIndexAt] == fabricIndex
                && ByteOrder.ReadUInt64(_slots, at + ResumptionRecord.PeerNodeIdAt) == nodeId)
            {
                return i;
            }
        }

        return -1;
    }

    private int FindPeer(byte[] record, int offset)
    {
        return FindPeer(record[offset + ResumptionRecord.FabricIndexAt], ByteOrder.ReadUInt64(record, offset + ResumptionRecord.PeerNodeIdAt));
    }

    private int FindFree()
    {
        for (int i = 0; i < _flags.Length; i++)
        {
            if ((_flags[i] & Used) == 0)
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
        for (int i = 0; i < _flags.Length; i++)
        {
            int fabric = _slots[i * ResumptionRecord.PackedSize + ResumptionRecord.FabricIndexAt];
            bool candidate = fabric == fabricIndex ? mayTakeOwn : CountFabric(fabric) > Limits.CaseSessionsPerFabric;
            if (candidate && (victim < 0 || SequenceAt(i) < oldest))
            {
                victim = i;
                oldest = SequenceAt(i);
            }
        }

        // With slots for every fabric's share one of the two cases always holds.
        return victim < 0 ? 0 : victim;
    }

    private int CountFabric(int fabricIndex)
    {
        int count = 0;
        for (int i = 0; i < _flags.Length; i++)
        {
            if ((_flags[i] & Used) != 0 && _slots[i * ResumptionRecord.PackedSize + ResumptionRecord.FabricIndexAt] == fabricIndex)
            {
                count++;
            }
        }

        return count;
    }

    private uint SequenceAt(int slot)
    {
        return ByteOrder.ReadUInt32(_slots, slot * ResumptionRecord.PackedSize + ResumptionRecord.SequenceAt);
    }
}
