using System;
using MatterNano.Credentials;
using MatterNano.Interaction;
using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.Clusters;

/// <summary>Group key sets and the map from groups to them, of every fabric (Core 4.17.3, 11.2).</summary>
/// <remarks>
/// Epoch keys are not kept: nobody may read them, and the operational keys derived from them do the work. Key set 0, the identity
/// protection key set, has its keys in the fabric; only its start times are here. One record "gkeys.N" a fabric index N:
/// layout 1, then the block without its first byte.
/// </remarks>
public sealed class GroupKeyStore : IGroupKeys
{
    /// <summary>Id of the identity protection key set.</summary>
    public const int IdentityProtectionSet = 0;

    /// <summary>Keys of one set at most.</summary>
    public const int KeysPerSet = 3;

    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 16;

    private const int Layout = 1;
    private const int OwnSets = Limits.GroupKeySetsPerFabric - 1;

    // Block: fabric index 1 | entries of the map 1 | set 0 | other sets | map.
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

    // A key is named outside by its place: fabric block, set, key.
    private const int Places = Limits.Fabrics * OwnSets * KeysPerSet;

    private readonly IFlash _flash;
    private readonly FabricTable _fabrics;
    private readonly GroupKeyDerivation _derivation;
    private readonly int _groups;
    private readonly int _blockSize;
    private readonly byte[] _table;
    private readonly byte[] _staged;

    // Whose map is begun in _staged; 0 for nobody's, because another change has taken its place.
    private int _mapFabric;

    /// <summary>Creates an empty store; <see cref="Load"/> fills it.</summary>
    /// <param name="flash">Keeps the records.</param>
    /// <param name="fabrics">Hold the identity protection keys.</param>
    /// <param name="groups">Groups that a fabric can map to a key: MaxGroupsPerFabric.</param>
    public GroupKeyStore(IFlash flash, FabricTable fabrics, int groups)
    {
        _groups = groups;
        _blockSize = MapAt + (groups * MapEntrySize);
        _table = new byte[Limits.Fabrics * _blockSize];
        _staged = new byte[_blockSize];
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
        int length = _flash.Read(RecordName(fabricIndex), _staged, 0, _blockSize);
        bool usable = length == _blockSize && _staged[0] == Layout && _staged[MapCountAt] <= _groups
            && _staged[SetsAt + CountAt] <= KeysPerSet;
        for (int i = 0; usable && i < OwnSets; i++)
        {
            usable = _staged[OwnSetsAt + (i * SetSize) + CountAt] <= KeysPerSet;
        }

        int block = FindBlock(fabricIndex);
        if (block < 0)
        {
            block = FindBlock(0);
        }

        if (usable && block >= 0)
        {
            Array.Copy(_staged, 0, _table, block, _blockSize);
            _table[block] = (byte)fabricIndex;
        }

        Secrets.Wipe(_staged);
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
    /// <param name="epochKeys">Epoch keys, 16 bytes each, one behind the other.</param>
    /// <param name="startTimes">Their start times in microseconds.</param>
    /// <param name="count">Keys, 1 to 3.</param>
    /// <returns>Success, ResourceExhausted, NotFound for an unknown fabric, or Failure when the flash refused.</returns>
    public int WriteSet(int fabricIndex, int id, byte[] epochKeys, ulong[] startTimes, int count)
    {
        Fabric fabric = _fabrics.Find(fabricIndex);
        if (fabric == null)
        {
            return Status.NotFound;
        }

        int block = Stage(fabricIndex);
        if (block < 0)
        {
            return Status.ResourceExhausted;
        }

        int set = FindSet(_staged, 0, id);
        if (set < 0)
        {
            set = FindFreeSet(_staged, 0, id);
        }

        if (set < 0)
        {
            Secrets.Wipe(_staged);
            return Status.ResourceExhausted;
        }

        Secrets.Wipe(_staged, set, id == IdentityProtectionSet ? KeysAt : SetSize);
        _staged[set + UsedAt] = 1;
        ByteOrder.WriteUInt16(_staged, set + IdAt, (uint)id);
        _staged[set + CountAt] = (byte)count;
        for (int i = 0; i < count; i++)
        {
            ByteOrder.WriteUInt64(_staged, set + StartTimesAt + (8 * i), startTimes[i]);
            if (id != IdentityProtectionSet)
            {
                int key = set + KeysAt + (KeySize * i);
                _derivation.DeriveOperationalKey(epochKeys, KeySize * i, fabric.Data, Fabric.CompressedIdOffset, _staged, key);
                ByteOrder.WriteUInt16(_staged, set + SessionIdsAt + (2 * i), (uint)_derivation.DeriveSessionId(_staged, key));
            }
        }

        if (id == IdentityProtectionSet && !_fabrics.SetIdentityProtectionKeys(fabric, epochKeys, 0, count))
        {
            Secrets.Wipe(_staged);
            return Status.Failure;
        }

        return Store(block, fabricIndex);
    }

    /// <summary>Finds a key set.</summary>
    /// <param name="fabricIndex">Fabric that owns it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="startTimes">Receives the start times; room for 3.</param>
    /// <returns>Number of its keys; 0 when there is no such set.</returns>
    public int ReadSet(int fabricIndex, int id, ulong[] startTimes)
    {
        int block = FindBlock(fabricIndex);
        int set = block < 0 || fabricIndex == 0 ? -1 : FindSet(_table, block, id);
        if (set < 0)
        {
            // Every fabric has its identity protection key from AddNOC on, valid from the beginning of time.
            startTimes[0] = 0;
            return id == IdentityProtectionSet && _fabrics.Find(fabricIndex) != null ? 1 : 0;
        }

        int count = _table[set + CountAt];
        for (int i = 0; i < count; i++)
        {
            startTimes[i] = ByteOrder.ReadUInt64(_table, set + StartTimesAt + (8 * i));
        }

        return count;
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
            int set = block + OwnSetsAt + (i * SetSize);
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
        if (block < 0 || FindSet(_table, block, id) < 0)
        {
            return Status.NotFound;
        }

        Stage(fabricIndex);
        Secrets.Wipe(_staged, FindSet(_staged, 0, id), SetSize);
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
                int entry = block + MapAt + (index * MapEntrySize);
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
            int entry = block + MapAt + (i * MapEntrySize);
            if (ByteOrder.ReadUInt16(_table, entry) == groupId && FindSet(_table, block, ByteOrder.ReadUInt16(_table, entry + 2)) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Begins a new map for a fabric; the present one stays in force until <see cref="CommitMap"/>.</summary>
    /// <returns>False when every place belongs to other fabrics.</returns>
    public bool BeginMap(int fabricIndex)
    {
        if (Stage(fabricIndex) < 0)
        {
            return false;
        }

        _staged[MapCountAt] = 0;
        Array.Clear(_staged, MapAt, _groups * MapEntrySize);
        _mapFabric = fabricIndex;
        return true;
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
        for (int i = MapAt; i < _blockSize && !changed; i++)
        {
            changed = _table[place + i] != _staged[i];
        }

        if (!changed)
        {
            Secrets.Wipe(_staged);
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
        Secrets.Wipe(_staged);
    }

    /// <inheritdoc/>
    public int FindNext(int previous, int groupSessionId)
    {
        for (int place = previous + 1; place < Places; place++)
        {
            int set = SetOfPlace(place);
            int key = place % KeysPerSet;
            if (key < _table[set + CountAt] && ByteOrder.ReadUInt16(_table, set + SessionIdsAt + (2 * key)) == groupSessionId)
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
            int entry = block + MapAt + (i * MapEntrySize);
            if (ByteOrder.ReadUInt16(_table, entry) == groupId && ByteOrder.ReadUInt16(_table, entry + 2) == id)
            {
                return true;
            }
        }

        return false;
    }

    private int KeyOfPlace(int place)
    {
        return SetOfPlace(place) + KeysAt + (KeySize * (place % KeysPerSet));
    }

    private int SetOfPlace(int place)
    {
        int block = place / (OwnSets * KeysPerSet) * _blockSize;
        return block + OwnSetsAt + (place / KeysPerSet % OwnSets * SetSize);
    }

    // Copies the fabric's block, or an empty one, to _staged. Returns where the block is or will be; -1 for nowhere.
    private int Stage(int fabricIndex)
    {
        _mapFabric = 0;
        int block = FindBlock(fabricIndex);
        if (block >= 0)
        {
            Array.Copy(_table, block, _staged, 0, _blockSize);
            return block;
        }

        Secrets.Wipe(_staged);
        return FindBlock(0);
    }

    // Flash first, so that a refused write leaves both as they were.
    private int Store(int block, int fabricIndex)
    {
        _staged[0] = Layout;
        bool written = _flash.Write(RecordName(fabricIndex), _staged, 0, _blockSize);
        if (written)
        {
            Array.Copy(_staged, 0, _table, block, _blockSize);
            _table[block] = (byte)fabricIndex;
        }

        Secrets.Wipe(_staged);
        return written ? Status.Success : Status.Failure;
    }

    private static int FindSet(byte[] data, int block, int id)
    {
        if (id == IdentityProtectionSet)
        {
            return data[block + SetsAt + UsedAt] != 0 ? block + SetsAt : -1;
        }

        for (int i = 0; i < OwnSets; i++)
        {
            int set = block + OwnSetsAt + (i * SetSize);
            if (data[set + UsedAt] != 0 && ByteOrder.ReadUInt16(data, set + IdAt) == id)
            {
                return set;
            }
        }

        return -1;
    }

    private static int FindFreeSet(byte[] data, int block, int id)
    {
        if (id == IdentityProtectionSet)
        {
            return block + SetsAt;
        }

        for (int i = 0; i < OwnSets; i++)
        {
            int set = block + OwnSetsAt + (i * SetSize);
            if (data[set + UsedAt] == 0)
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
