using System;
using MatterNano.Interaction;
using MatterNano.Platform;

namespace MatterNano.Clusters;

/// <summary>The access control entries of every fabric, and the check of Core 6.6.6.</summary>
/// <remarks>
/// Fixed room for <see cref="Limits.AclEntriesPerFabric"/> entries in each of <see cref="Limits.Fabrics"/> fabrics; one flash record a fabric.
/// A change reaches flash before RAM, so that a refused write leaves both as they were.
/// </remarks>
public sealed class AccessControlList : IAccessControl
{
    /// <summary>Change of an entry: another value.</summary>
    public const int Changed = 0;

    /// <summary>Change of an entry: new.</summary>
    public const int Added = 1;

    /// <summary>Change of an entry: gone.</summary>
    public const int Removed = 2;

    private const int Layout = 1;
    private const int Header = 2;
    private const int BlockSize = Header + Limits.AclEntriesPerFabric * AccessControlEntry.Size;

    private readonly IFlash _flash;
    private readonly byte[] _table = new byte[Limits.Fabrics * BlockSize];

    // A candidate block: byte 0 layout, byte 1 count, then entries; what flash gets. Null while no list is begun.
    private byte[] _staged;

    // Whose list _staged is; 0 for nobody's.
    private int _stagedFabric;

    /// <summary>Creates an empty table; <see cref="Load"/> fills it.</summary>
    /// <param name="flash">Keeps one record "acl.N" a fabric index N.</param>
    public AccessControlList(IFlash flash)
    {
        _flash = flash;
    }

    /// <summary>Hears of each changed entry; null for none.</summary>
    public IAccessControlListener Listener { get; set; }

    /// <summary>Reads the entries of a fabric at start. A damaged record counts as none.</summary>
    /// <param name="fabricIndex">1 to 254.</param>
    /// <returns>False when there was no usable record.</returns>
    public bool Load(int fabricIndex)
    {
        byte[] record = new byte[BlockSize];
        int length = _flash.Read(RecordName(fabricIndex), record, 0, BlockSize);
        if (length < Header || record[0] != Layout || record[1] > Limits.AclEntriesPerFabric
            || length != Header + record[1] * AccessControlEntry.Size)
        {
            return false;
        }

        for (int i = 0; i < record[1]; i++)
        {
            int entry = Header + i * AccessControlEntry.Size;
            if (record[entry + AccessControlEntry.SubjectCount] > Limits.AclSubjects
                || record[entry + AccessControlEntry.TargetCount] > Limits.AclTargets
                || !AccessControlEntry.IsValid(record, entry))
            {
                return false;
            }
        }

        int block = FindBlock(fabricIndex);
        if (block < 0)
        {
            block = FindBlock(0);
        }

        if (block < 0)
        {
            return false;
        }

        Install(record, block, fabricIndex);
        return true;
    }

    /// <summary>Number of entries of a fabric.</summary>
    public int Count(int fabricIndex)
    {
        int block = FindBlock(fabricIndex);
        return block < 0 || fabricIndex == 0 ? 0 : _table[block + 1];
    }

    /// <summary>Number of entries of all fabrics.</summary>
    internal int TotalCount
    {
        get
        {
            int count = 0;
            for (int block = 0; block < _table.Length; block += BlockSize)
            {
                count += _table[block + 1];
            }

            return count;
        }
    }

    /// <summary>Offset in <see cref="Data"/> of an entry, counted over all fabrics; -1 when there is none.</summary>
    internal int EntryAt(int index)
    {
        int block = BlockOf(ref index);
        return block < 0 ? -1 : block + Header + index * AccessControlEntry.Size;
    }

    /// <summary>Fabric of an entry, counted over all fabrics; 0 when there is none.</summary>
    internal int FabricAt(int index)
    {
        int block = BlockOf(ref index);
        return block < 0 ? 0 : _table[block];
    }

    /// <summary>The array that holds every entry; read with <see cref="Entry"/>.</summary>
    internal byte[] Data
    {
        get { return _table; }
    }

    /// <summary>Offset in <see cref="Data"/> of entry <paramref name="index"/> of a fabric; -1 when there is none.</summary>
    internal int Entry(int fabricIndex, int index)
    {
        int block = fabricIndex == 0 ? -1 : FindBlock(fabricIndex);
        return block < 0 || index < 0 || index >= _table[block + 1] ? -1 : block + Header + index * AccessControlEntry.Size;
    }

    /// <summary>Begins a new list for a fabric; the present one stays in force until <see cref="Commit"/>.</summary>
    /// <param name="fabricIndex">1 to 254.</param>
    /// <returns>False when there is no memory for it.</returns>
    /// <remarks>One list at a time: beginning another, as AddNOC does, ends a list that a chunked write had begun.</remarks>
    public bool Begin(int fabricIndex)
    {
        _staged = Staging.Make(BlockSize);
        _stagedFabric = 0;
        if (_staged == null)
        {
            return false;
        }

        _staged[0] = Layout;
        _stagedFabric = fabricIndex;
        return true;
    }

    /// <summary>Drops the list begun for a fabric, if it is the last one begun.</summary>
    public void Cancel(int fabricIndex)
    {
        if (_stagedFabric == fabricIndex)
        {
            _stagedFabric = 0;
            _staged = null;
        }
    }

    /// <summary>Adds an entry to the list begun with <see cref="Begin"/>.</summary>
    /// <param name="data">Holds the entry as <see cref="AccessControlEntry"/>.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="fabricIndex">The fabric of <see cref="Begin"/>.</param>
    /// <returns><see cref="Status.Success"/>, <see cref="Status.ConstraintError"/>, <see cref="Status.ResourceExhausted"/>, or <see cref="Status.Busy"/> when another list was begun meanwhile.</returns>
    public int Stage(byte[] data, int offset, int fabricIndex)
    {
        if (_stagedFabric != fabricIndex)
        {
            return Status.Busy;
        }

        if (!AccessControlEntry.IsValid(data, offset))
        {
            return Status.ConstraintError;
        }

        if (_staged[1] >= Limits.AclEntriesPerFabric)
        {
            return Status.ResourceExhausted;
        }

        Array.Copy(data, offset, _staged, Header + _staged[1] * AccessControlEntry.Size, AccessControlEntry.Size);
        _staged[1]++;
        return Status.Success;
    }

    /// <summary>Puts the new list in force: flash, then RAM, with one call of the listener for each entry that differs.</summary>
    /// <param name="fabricIndex">1 to 254; a fabric without entries gets its place here.</param>
    /// <returns><see cref="Status.Success"/>, <see cref="Status.ResourceExhausted"/> when every place belongs to other fabrics, <see cref="Status.Busy"/> when another list was begun meanwhile, or <see cref="Status.Failure"/>.</returns>
    public int Commit(int fabricIndex)
    {
        if (_stagedFabric != fabricIndex)
        {
            return Status.Busy;
        }

        int status = Replace(fabricIndex);
        Cancel(fabricIndex);
        return status;
    }

    /// <summary>Gives a new fabric its first entry: Administer for one CASE subject (Core 11.18.6.8).</summary>
    /// <returns>As <see cref="Commit"/>; <see cref="Status.ConstraintError"/> for an impossible subject.</returns>
    public int AddAdministrator(int fabricIndex, ulong subject)
    {
        if (!Begin(fabricIndex))
        {
            return Status.ResourceExhausted;
        }

        AccessControlEntry.SetAdministrator(_staged, Header, subject);
        if (!AccessControlEntry.IsValid(_staged, Header))
        {
            Cancel(fabricIndex);
            return Status.ConstraintError;
        }

        _staged[1] = 1;
        return Commit(fabricIndex);
    }

    /// <summary>Forgets a fabric, in RAM and flash, without events: they would belong to a fabric that is gone.</summary>
    /// <returns>False when the flash refused to delete.</returns>
    public bool RemoveFabric(int fabricIndex)
    {
        int block = FindBlock(fabricIndex);
        if (block >= 0 && fabricIndex != 0)
        {
            Array.Clear(_table, block, BlockSize);
            if (Listener != null)
            {
                Listener.OnListChanged();
            }
        }

        return _flash.Delete(RecordName(fabricIndex));
    }

    /// <summary>Decides whether a subject may do what needs a privilege (Core 6.6.6.1).</summary>
    public bool IsGranted(AccessSubject subject, int privilege, EndpointDefinition endpoint, uint cluster)
    {
        if (subject.AuthMode == AuthMode.Pase)
        {
            // A commissioner administers implicitly for as long as its PASE session lives (Core 6.6.2.9).
            return true;
        }

        int block = subject.FabricIndex == 0 ? -1 : FindBlock(subject.FabricIndex);
        if (block < 0)
        {
            return false;
        }

        int count = _table[block + 1];
        for (int i = 0; i < count; i++)
        {
            int entry = block + Header + i * AccessControlEntry.Size;
            if (_table[entry + AccessControlEntry.AuthMode] == subject.AuthMode
                && AccessControlEntry.Grants(_table[entry + AccessControlEntry.Privilege], privilege)
                && MatchesSubject(entry, subject)
                && MatchesTarget(entry, endpoint, cluster))
            {
                return true;
            }
        }

        return false;
    }

    private bool MatchesSubject(int entry, AccessSubject subject)
    {
        int count = _table[entry + AccessControlEntry.SubjectCount];
        if (count == 0)
        {
            return true;
        }

        bool isCase = subject.AuthMode == AuthMode.Case;
        ulong own = isCase ? subject.NodeId : subject.NodeId & 0xffff;
        for (int i = 0; i < count; i++)
        {
            ulong allowed = ByteOrder.ReadUInt64(_table, entry + AccessControlEntry.Subjects + i * 8);
            if (isCase && (uint)(allowed >> 32) == AccessControlEntry.CaseTagPrefix)
            {
                uint tag = (uint)allowed;
                if (MatchesTag(tag, subject.Tag0) || MatchesTag(tag, subject.Tag1) || MatchesTag(tag, subject.Tag2))
                {
                    return true;
                }
            }
            else if (allowed == own)
            {
                return true;
            }
        }

        return false;
    }

    // Same identifier, and the subject's version is at least the entry's (Core 6.6.2.1.2).
    private static bool MatchesTag(uint allowed, uint tag)
    {
        return tag != 0 && (allowed >> 16) == (tag >> 16) && (tag & 0xffff) >= (allowed & 0xffff);
    }

    private bool MatchesTarget(int entry, EndpointDefinition endpoint, uint cluster)
    {
        int count = _table[entry + AccessControlEntry.TargetCount];
        if (count == 0)
        {
            return true;
        }

        for (int i = 0; i < count; i++)
        {
            int target = entry + AccessControlEntry.Targets + i * AccessControlEntry.TargetSize;
            int flags = _table[target];
            if ((flags & AccessControlEntry.TargetHasCluster) != 0 && ByteOrder.ReadUInt32(_table, target + 1) != cluster)
            {
                continue;
            }

            if ((flags & AccessControlEntry.TargetHasEndpoint) != 0
                && (endpoint == null || ByteOrder.ReadUInt16(_table, target + 5) != endpoint.Number))
            {
                continue;
            }

            if ((flags & AccessControlEntry.TargetHasDeviceType) != 0
                && (endpoint == null || !endpoint.HasDeviceType(ByteOrder.ReadUInt32(_table, target + 7))))
            {
                continue;
            }

            return true;
        }

        return false;
    }

    // Makes the index one within the block returned; -1 when there are not so many entries.
    private int BlockOf(ref int index)
    {
        for (int block = 0; block < _table.Length; block += BlockSize)
        {
            if (index < _table[block + 1])
            {
                return block;
            }

            index -= _table[block + 1];
        }

        return -1;
    }

    private int Replace(int fabricIndex)
    {
        int block = FindBlock(fabricIndex);
        int oldCount = 0;
        if (block >= 0)
        {
            oldCount = _table[block + 1];
        }
        else
        {
            block = FindBlock(0);
            if (block < 0)
            {
                return Status.ResourceExhausted;
            }
        }

        int newCount = _staged[1];
        bool differs = oldCount != newCount;
        for (int i = 0; !differs && i < newCount; i++)
        {
            differs = !SameEntry(block, i);
        }

        if (!differs)
        {
            return Status.Success;
        }

        if (!_flash.Write(RecordName(fabricIndex), _staged, 0, Header + newCount * AccessControlEntry.Size))
        {
            return Status.Failure;
        }

        IAccessControlListener listener = Listener;
        if (listener != null)
        {
            int most = oldCount > newCount ? oldCount : newCount;
            for (int i = 0; i < most; i++)
            {
                int entry = Header + i * AccessControlEntry.Size;
                if (i >= newCount)
                {
                    listener.OnEntryChanged(Removed, fabricIndex, _table, block + entry);
                }
                else if (i >= oldCount)
                {
                    listener.OnEntryChanged(Added, fabricIndex, _staged, entry);
                }
                else if (!SameEntry(block, i))
                {
                    listener.OnEntryChanged(Changed, fabricIndex, _staged, entry);
                }
            }
        }

        Install(_staged, block, fabricIndex);
        if (listener != null)
        {
            listener.OnListChanged();
        }

        return Status.Success;
    }

    // _staged against what is in force, same position.
    private bool SameEntry(int block, int index)
    {
        int entry = Header + index * AccessControlEntry.Size;
        for (int i = 0; i < AccessControlEntry.Size; i++)
        {
            if (_staged[entry + i] != _table[block + entry + i])
            {
                return false;
            }
        }

        return true;
    }

    private void Install(byte[] record, int block, int fabricIndex)
    {
        int used = Header + record[1] * AccessControlEntry.Size;
        Array.Clear(_table, block, BlockSize);
        Array.Copy(record, 0, _table, block, used);
        _table[block] = (byte)fabricIndex;
    }

    // Byte 0 of a block is its fabric index; 0 is free.
    private int FindBlock(int fabricIndex)
    {
        for (int block = 0; block < _table.Length; block += BlockSize)
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
        return "acl." + fabricIndex.ToString();
    }
}
