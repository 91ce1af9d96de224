using System;
using MatterNano.Credentials;
using MatterNano.Interaction;
using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.Clusters;

/// <summary>Group key sets and the map from groups to them, of every fabric (Core 4.17.3, 11.2).</summary>
/// <remarks>
/// Epoch keys are not kept: nobody may read them, and the operational keys derived from them do the work. Key set 0, the identity
/// protection key set, has its keys in the fabric. Start times are shown on request only and stay in flash, and so does all of set 0.
/// </remarks>
public sealed class GroupKeyStore : IGroupKeys
{
    /// <summary>Id of the identity protection key set.</summary>
    public const int IdentityProtectionSet = 0;

    /// <summary>Keys of one set at most.</summary>
    public const int KeysPerSet = 3;

    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 16;

    /// <summary>Where the start times begin in the data of a set, behind its keys: 8 bytes each.</summary>
    public const int StartTimesOffset = KeySize * KeysPerSet;

    /// <summary>Bytes of the data of a set: epoch keys, then start times.</summary>
    public const int SetDataSize = StartTimesOffset + (8 * KeysPerSet);

    private const int Layout = 1;
    private const int OwnSets = Limits.GroupKeySetsPerFabric - 1;

    // Record "gkeys.N" of fabric index N: layout 1 | entries of the map 1 | set 0 | other sets | map.
    // Set: used 1 | id 2 | count 1 | 3 x start time 8 | 3 x key 16 | 3 x session id 2; set 0 without keys and session ids.
    private const int MapCountAt = 1;
    private const int SetsAt = 2;
    private const int UsedAt = 0;
    private const int IdAt = 1;
    private const int CountAt = 3;
    private const int StartTimesAt = 4;
    private const int KeysAt = StartTimesAt + (8 * KeysPerSet);
    private const int SessionIdsAt = KeysAt + (KeySize * KeysPerSet);
    private const int SetSize = SessionIdsAt + (2 * KeysPerSet);
    private const int OwnSetsAt = SetsAt + KeysAt;
    private const int MapAt = OwnSetsAt + (OwnSets * SetSize);
    private const int MapEntrySize = 4;

    // Block in RAM: fabric index 1 | entries of the map 1 | other sets without start times | map.
    private const int KeptSetsAt = 2;
    private const int KeptKeysAt = StartTimesAt;
    private const int KeptSessionIdsAt = KeptKeysAt + (KeySize * KeysPerSet);
    private const int KeptSetSize = KeptSessionIdsAt + (2 * KeysPerSet);
    private const int KeptMapAt = KeptSetsAt + (OwnSets * KeptSetSize);

    // A key is named outside by its place: fabric block, set, key.
    private const int Places = Limits.Fabrics * OwnSets * KeysPerSet;

    private readonly IFlash _flash;
    private readonly FabricTable _fabrics;
    private readonly GroupKeyDerivation _derivation;
    private readonly int _groups;
    private readonly int _blockSize;
    private readonly byte[] _table;

    // The record that is being changed; null while none is.
    private byte[] _staged;

    // Whose map is begun in _staged; 0 for nobody's, because another change has taken its place.
    private int _mapFabric;

    /// <summary>Creates an empty store; <see cref="Load"/> fills it.</summary>
    /// <param name="flash">Keeps the records.</param>
    /// <param name="fabrics">Hold the identity protection keys.</param>
    /// <param name="groups">Groups that a fabric can map to a key: MaxGroupsPerFabric.</param>
    public GroupKeyStore(IFlash flash, FabricTable fabrics, int groups)
    {
        _groups = groups;
        _blockSize = KeptMapAt + (groups * MapEntrySize);
        _table = new byte[Limits.Fabrics * _blockSize];
        _flash = flash;
        _fabrics = fabrics;
        _derivation = fabrics.Derivation;
    }

    // Reports changes as attribute GroupKeyMap.
    internal GroupKeyManagementCluster Manager { get; set; }

    /// <summary>Reads the sets of a fabric at start. A damaged record counts as none.</summary>
    /// <returns>False when there was no usable record.</returns>
    public bool Load(int fabricIndex)
    {
        byte[] record = new byte[RecordSize];
        bool usable = Read(fabricIndex, record);
        int block = FindBlock(fabricIndex);
        if (block < 0)
        {
            block = FindBlock(0);
        }

        if (usable && block >= 0)
        {
            Install(record, block, fabricIndex);
        }

        Secrets.Wipe(record);
        return usable && block >= 0;
    }

    /// <summary>Forgets a fabric, in RAM and flash.</summary>
    /// <returns>False when the flash refused to delete.</returns>
    public bool RemoveFabric(int fabricIndex)
    {
        int block = fabricIndex == 0 ? -1 : FindBlock(fabricIndex);
        if (block >= 0)
        {
            bool mapChanges = _table[block + MapCountAt] != 0;
            Secrets.Wipe(_table, block, _blockSize);
            if (mapChanges && Manager != null)
            {
                Manager.OnMapChanged();
            }
        }

        return _flash.Delete(RecordName(fabricIndex));
    }

    /// <summary>Writes a key set: the new one, or another in place of it.</summary>
    /// <param name="fabricIndex">Fabric that owns it.</param>
    /// <param name="id">Id of the set; 0 is the identity protection key set.</param>
    /// <param name="data">Epoch keys, 16 bytes each, and from <see cref="StartTimesOffset"/> on their start times in microseconds.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="count">Keys, 1 to 3.</param>
    /// <returns>Success, ResourceExhausted, NotFound for an unknown fabric, or Failure when the flash refused.</returns>
    public int WriteSet(int fabricIndex, int id, byte[] data, int offset, int count)
    {
        Fabric fabric = _fabrics.Find(fabricIndex);
        if (fabric == null)
        {
            return Status.NotFound;
        }

        int block;
        int status = Stage(fabricIndex, out block);
        if (status != Status.Success)
        {
            return status;
        }

        int set = FindSet(id);
        if (set < 0)
        {
            set = FindFreeSet(id);
        }

        if (set < 0)
        {
            Drop();
            return Status.ResourceExhausted;
        }

        Secrets.Wipe(_staged, set, id == IdentityProtectionSet ? KeysAt : SetSize);
        _staged[set + UsedAt] = 1;
        ByteOrder.WriteUInt16(_staged, set + IdAt, (uint)id);
        _staged[set + CountAt] = (byte)count;
        Array.Copy(data, offset + StartTimesOffset, _staged, set + StartTimesAt, 8 * count);
        for (int i = 0; i < count && id != IdentityProtectionSet; i++)
        {
            int key = set + KeysAt + (KeySize * i);
            _derivation.DeriveOperationalKey(data, offset + (KeySize * i), fabric.Data, Fabric.CompressedIdOffset, _staged, key);
            ByteOrder.WriteUInt16(_staged, set + SessionIdsAt + (2 * i), (uint)_derivation.DeriveSessionId(_staged, key));
        }

        if (id == IdentityProtectionSet && !_fabrics.SetIdentityProtectionKeys(fabric, data, offset, count))
        {
            Drop();
            return Status.Failure;
        }

        return Store(block, fabricIndex);
    }

    /// <summary>Finds a key set.</summary>
    /// <param name="fabricIndex">Fabric that owns it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="data">Receives the start times, from <see cref="StartTimesOffset"/> on.</param>
    /// <param name="offset">Where the data begins.</param>
    /// <param name="count">Receives the number of its keys.</param>
    /// <returns>Success; NotFound when there is no such set; ResourceExhausted; Failure when flash does not give it.</returns>
    public int ReadSet(int fabricIndex, int id, byte[] data, int offset, out int count)
    {
        count = 0;
        if (_fabrics.Find(fabricIndex) == null)
        {
            return Status.NotFound;
        }

        int block;
        int status = FindBlock(fabricIndex) < 0 ? Status.NotFound : Stage(fabricIndex, out block);
        if (status == Status.Success)
        {
            int set = FindSet(id);
            if (set >= 0)
            {
                count = _staged[set + CountAt];
                Array.Copy(_staged, set + StartTimesAt, data, offset + StartTimesOffset, 8 * count);
            }

            Drop();
            status = count == 0 ? Status.NotFound : Status.Success;
        }

        if (status == Status.NotFound && id == IdentityProtectionSet)
        {
            // Every fabric has its identity protection key from AddNOC on, valid from the beginning of time.
            Array.Clear(data, offset + StartTimesOffset, 8);
            count = 1;
            status = Status.Success;
        }

        return status;
    }

    /// <summary>Id of a key set by number, for KeySetReadAllIndices.</summary>
    /// <param name="fabricIndex">Fabric that owns it.</param>
    /// <param name="index">0 and up; 0 is the identity protection key set.</param>
    /// <returns>-1 when there are not so many.</returns>
    public int GetSetId(int fabricIndex, int index)
    {
        if (index == 0)
        {
            return _fabrics.Find(fabricIndex) == null ? -1 : IdentityProtectionSet;
        }

        int block = fabricIndex == 0 ? -1 : FindBlock(fabricIndex);
        for (int i = 0; block >= 0 && i < OwnSets; i++)
        {
            int set = block + KeptSetsAt + (i * KeptSetSize);
            if (_table[set + UsedAt] != 0 && --index == 0)
            {
                return ByteOrder.ReadUInt16(_table, set + IdAt);
            }
        }

        return -1;
    }

    /// <summary>Removes a key set and the map entries that lead to it.</summary>
    /// <param name="fabricIndex">Fabric that owns it.</param>
    /// <param name="id">Its id, not 0.</param>
    /// <param name="mapChanged">True when the map lost an entry.</param>
    /// <returns>Success, NotFound or Failure.</returns>
    public int RemoveSet(int fabricIndex, int id, out bool mapChanged)
    {
        mapChanged = false;
        int block = fabricIndex == 0 ? -1 : FindBlock(fabricIndex);
        if (block < 0 || !HasSet(block, id))
        {
            return Status.NotFound;
        }

        int status = Stage(fabricIndex, out block);
        if (status != Status.Success)
        {
            return status;
        }

        Secrets.Wipe(_staged, FindSet(id), SetSize);
        int kept = 0;
        int count = _staged[MapCountAt];
        for (int i = 0; i < count; i++)
        {
            int entry = MapAt + (i * MapEntrySize);
            if (ByteOrder.ReadUInt16(_staged, entry + 2) != id)
            {
                Array.Copy(_staged, entry, _staged, MapAt + (kept++ * MapEntrySize), MapEntrySize);
            }
        }

        Array.Clear(_staged, MapAt + (kept * MapEntrySize), (_groups - kept) * MapEntrySize);
        _staged[MapCountAt] = (byte)kept;
        mapChanged = kept != count;
        return Store(block, fabricIndex);
    }

    /// <summary>Number of map entries of all fabrics.</summary>
    public int MapTotal
    {
        get
        {
            int count = 0;
            for (int block = 0; block < _table.Length; block += _blockSize)
            {
                count += _table[block + MapCountAt];
            }

            return count;
        }
    }

    /// <summary>One map entry, counted over all fabrics.</summary>
    /// <param name="index">0 to <see cref="MapTotal"/> - 1.</param>
    /// <param name="groupId">Receives the group.</param>
    /// <param name="setId">Receives the key set.</param>
    /// <returns>Its fabric; 0 when there is none.</returns>
    public int GetMapEntry(int index, out int groupId, out int setId)
    {
        for (int block = 0; block < _table.Length; block += _blockSize)
        {
            if (index < _table[block + MapCountAt])
            {
                int entry = block + KeptMapAt + (index * MapEntrySize);
                groupId = ByteOrder.ReadUInt16(_table, entry);
                setId = ByteOrder.ReadUInt16(_table, entry + 2);
                return _table[block];
            }

            index -= _table[block + MapCountAt];
        }

        groupId = 0;
        setId = 0;
        return 0;
    }

    /// <summary>True when a group is mapped to a key set that exists: what AddGroup asks for (Application Clusters 1.3.7.1).</summary>
    public bool HasKey(int fabricIndex, int groupId)
    {
        int block = fabricIndex == 0 ? -1 : FindBlock(fabricIndex);
        if (block < 0)
        {
            return false;
        }

        for (int i = 0; i < _table[block + MapCountAt]; i++)
        {
            int entry = block + KeptMapAt + (i * MapEntrySize);
            if (ByteOrder.ReadUInt16(_table, entry) == groupId && HasSet(block, ByteOrder.ReadUInt16(_table, entry + 2)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Begins a new map for a fabric; the present one stays in force until <see cref="CommitMap"/>.</summary>
    /// <returns>Success; ResourceExhausted when every place belongs to other fabrics or there is no memory; Failure when flash does not give the record.</returns>
    public int BeginMap(int fabricIndex)
    {
        int block;
        int status = Stage(fabricIndex, out block);
        if (status != Status.Success)
        {
            return status;
        }

        _staged[MapCountAt] = 0;
        Array.Clear(_staged, MapAt, _groups * MapEntrySize);
        _mapFabric = fabricIndex;
        return Status.Success;
    }

    /// <summary>Adds an entry to the map begun.</summary>
    /// <param name="fabricIndex">The fabric of <see cref="BeginMap"/>.</param>
    /// <param name="groupId">1 to 65535.</param>
    /// <param name="setId">Key set, 1 to 65535.</param>
    /// <returns>Success; ConstraintError for group 0, the identity protection key set or a group that is there already; ResourceExhausted; Busy when the key sets were changed since the map was begun.</returns>
    public int StageMapEntry(int fabricIndex, int groupId, int setId)
    {
        if (_mapFabric != fabricIndex)
        {
            return Status.Busy;
        }

        if (groupId == 0 || setId == IdentityProtectionSet)
        {
            return Status.ConstraintError;
        }

        int count = _staged[MapCountAt];
        for (int i = 0; i < count; i++)
        {
            if (ByteOrder.ReadUInt16(_staged, MapAt + (i * MapEntrySize)) == groupId)
            {
                return Status.ConstraintError;
            }
        }

        if (count >= _groups)
        {
            return Status.ResourceExhausted;
        }

        ByteOrder.WriteUInt16(_staged, MapAt + (count * MapEntrySize), (uint)groupId);
        ByteOrder.WriteUInt16(_staged, MapAt + (count * MapEntrySize) + 2, (uint)setId);
        _staged[MapCountAt] = (byte)(count + 1);
        return Status.Success;
    }

    /// <summary>Puts the new map in force.</summary>
    /// <param name="fabricIndex">The fabric of <see cref="BeginMap"/>.</param>
    /// <param name="changed">True when it is another one.</param>
    /// <returns>Success; Busy when the key sets were changed since the map was begun; Failure when the flash refused.</returns>
    public int CommitMap(int fabricIndex, out bool changed)
    {
        changed = false;
        if (_mapFabric != fabricIndex)
        {
            return Status.Busy;
        }

        _mapFabric = 0;
        int block = FindBlock(fabricIndex);
        int place = block < 0 ? FindBlock(0) : block;
        changed = _table[place + MapCountAt] != _staged[MapCountAt];
        for (int i = 0; i < _groups * MapEntrySize && !changed; i++)
        {
            changed = _table[place + KeptMapAt + i] != _staged[MapAt + i];
        }

        if (!changed)
        {
            Drop();
            return Status.Success;
        }

        int status = Store(place, fabricIndex);
        changed = status == Status.Success;
        return status;
    }

    /// <summary>Drops the map begun.</summary>
    public void CancelMap()
    {
        _mapFabric = 0;
        Drop();
    }

    /// <inheritdoc/>
    public int FindNext(int previous, int groupSessionId)
    {
        for (int place = previous + 1; place < Places; place++)
        {
            int set = SetOfPlace(place);
            int key = place % KeysPerSet;
            if (key < _table[set + CountAt] && ByteOrder.ReadUInt16(_table, set + KeptSessionIdsAt + (2 * key)) == groupSessionId)
            {
                return place;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public int GetFabricIndex(int key)
    {
        return _table[key / (OwnSets * KeysPerSet) * _blockSize];
    }

    /// <inheritdoc/>
    public void GetOperationalKey(int key, byte[] buffer, int offset)
    {
        Array.Copy(_table, KeyOfPlace(key), buffer, offset, KeySize);
    }

    /// <inheritdoc/>
    public void GetPrivacyKey(int key, byte[] buffer, int offset)
    {
        _derivation.DerivePrivacyKey(_table, KeyOfPlace(key), buffer, offset);
    }

    /// <inheritdoc/>
    public bool IsGroupMapped(int key, int groupId)
    {
        int block = key / (OwnSets * KeysPerSet) * _blockSize;
        int id = ByteOrder.ReadUInt16(_table, SetOfPlace(key) + IdAt);
        for (int i = 0; i < _table[block + MapCountAt]; i++)
        {
            int entry = block + KeptMapAt + (i * MapEntrySize);
            if (ByteOrder.ReadUInt16(_table, entry) == groupId && ByteOrder.ReadUInt16(_table, entry + 2) == id)
            {
                return true;
            }
        }

        return false;
    }

    private int KeyOfPlace(int place)
    {
        return SetOfPlace(place) + KeptKeysAt + (KeySize * (place % KeysPerSet));
    }

    private int SetOfPlace(int place)
    {
        int block = place / (OwnSets * KeysPerSet) * _blockSize;
        return block + KeptSetsAt + (place / KeysPerSet % OwnSets * KeptSetSize);
    }

    private int RecordSize
    {
        get { return MapAt + (_groups * MapEntrySize); }
    }

    // Reads the fabric's record, or an empty one, to _staged; block is where it is or will be kept.
    private int Stage(int fabricIndex, out int block)
    {
        _mapFabric = 0;
        Drop();
        block = FindBlock(fabricIndex);
        bool isNew = block < 0;
        if (isNew)
        {
            block = FindBlock(0);
        }

        _staged = block < 0 ? null : Staging.Make(RecordSize);
        if (_staged == null)
        {
            return Status.ResourceExhausted;
        }

        if (!isNew && !Read(fabricIndex, _staged))
        {
            Drop();
            return Status.Failure;
        }

        return Status.Success;
    }

    private void Drop()
    {
        if (_staged != null)
        {
            Secrets.Wipe(_staged);
            _staged = null;
        }
    }

    // False when there is no usable record.
    private bool Read(int fabricIndex, byte[] record)
    {
        int length = _flash.Read(RecordName(fabricIndex), record, 0, RecordSize);
        bool usable = length == RecordSize && record[0] == Layout && record[MapCountAt] <= _groups && record[SetsAt + CountAt] <= KeysPerSet;
        for (int i = 0; usable && i < OwnSets; i++)
        {
            usable = record[OwnSetsAt + (i * SetSize) + CountAt] <= KeysPerSet;
        }

        return usable;
    }

    // Flash first, so that a refused write leaves both as they were.
    private int Store(int block, int fabricIndex)
    {
        _staged[0] = Layout;
        bool written = _flash.Write(RecordName(fabricIndex), _staged, 0, RecordSize);
        if (written)
        {
            Install(_staged, block, fabricIndex);
        }

        Drop();
        return written ? Status.Success : Status.Failure;
    }

    // What group messages need of a record.
    private void Install(byte[] record, int block, int fabricIndex)
    {
        _table[block] = (byte)fabricIndex;
        _table[block + MapCountAt] = record[MapCountAt];
        for (int i = 0; i < OwnSets; i++)
        {
            int from = OwnSetsAt + (i * SetSize);
            int to = block + KeptSetsAt + (i * KeptSetSize);
            Array.Copy(record, from, _table, to, StartTimesAt);
            Array.Copy(record, from + KeysAt, _table, to + KeptKeysAt, SetSize - KeysAt);
        }

        Array.Copy(record, MapAt, _table, block + KeptMapAt, _groups * MapEntrySize);
    }

    // In RAM; key set 0 is not.
    private bool HasSet(int block, int id)
    {
        for (int i = 0; i < OwnSets; i++)
        {
            int set = block + KeptSetsAt + (i * KeptSetSize);
            if (_table[set + UsedAt] != 0 && ByteOrder.ReadUInt16(_table, set + IdAt) == id)
            {
                return true;
            }
        }

        return false;
    }

    // In _staged.
    private int FindSet(int id)
    {
        if (id == IdentityProtectionSet)
        {
            return _staged[SetsAt + UsedAt] != 0 ? SetsAt : -1;
        }

        for (int i = 0; i < OwnSets; i++)
        {
            int set = OwnSetsAt + (i * SetSize);
            if (_staged[set + UsedAt] != 0 && ByteOrder.ReadUInt16(_staged, set + IdAt) == id)
            {
                return set;
            }
        }

        return -1;
    }

    private int FindFreeSet(int id)
    {
        if (id == IdentityProtectionSet)
        {
            return SetsAt;
        }

        for (int i = 0; i < OwnSets; i++)
        {
            int set = OwnSetsAt + (i * SetSize);
            if (_staged[set + UsedAt] == 0)
            {
                return set;
            }
        }

        return -1;
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
        return "gkeys." + fabricIndex.ToString();
    }
}
