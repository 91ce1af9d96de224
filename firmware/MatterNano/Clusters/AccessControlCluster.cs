using System;
using MatterNano.Interaction;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Access Control (Core 9.10), revision 2: shows and changes the <see cref="AccessControlList"/>.</summary>
public sealed class AccessControlCluster : Cluster, IAccessControlListener
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x001f;

    private const uint Acl = 0;
    private const uint SubjectsPerEntry = 2;
    private const uint TargetsPerEntry = 3;
    private const uint EntriesPerFabric = 4;
    private const uint EntryChanged = 0;

    private readonly AccessControlList _list;
    private ulong _adminNodeId;
    private bool _adminIsPase;

    /// <summary>Creates the cluster and makes it the list's listener.</summary>
    public AccessControlCluster(AccessControlList list)
        : base(ClusterId)
    {
        _list = list;
        list.Listener = this;
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 2; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        switch (index)
        {
            case 0: return Acl | Element.ReadAdminister | Element.WriteAdminister | Element.List | Element.FabricScoped;
            case 1: return SubjectsPerEntry | Element.ReadView;
            case 2: return TargetsPerEntry | Element.ReadView;
            case 3: return EntriesPerFabric | Element.ReadView;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override uint GetEvent(int index)
    {
        return index == 0 ? EntryChanged | Element.ReadAdminister | Element.Info | Element.FabricScoped : Element.End;
    }

    /// <summary>Says who makes the next changes of the list, for their events. Cluster writes do so themselves.</summary>
    /// <param name="subject">An administrator over CASE, or a commissioner over PASE.</param>
    public void SetAdministrator(AccessSubject subject)
    {
        _adminIsPase = subject.AuthMode == AuthMode.Pase;
        _adminNodeId = subject.NodeId;
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case SubjectsPerEntry:
                writer.PutUnsigned(tag, Limits.AclSubjects);
                return Status.Success;
            case TargetsPerEntry:
                writer.PutUnsigned(tag, Limits.AclTargets);
                return Status.Success;
            case EntriesPerFabric:
                writer.PutUnsigned(tag, Limits.AclEntriesPerFabric);
                return Status.Success;
            default:
                return Status.UnsupportedAttribute;
        }
    }

    /// <inheritdoc/>
    public override int GetListCount(uint attribute, InteractionContext context)
    {
        return _list.TotalCount;
    }

    /// <inheritdoc/>
    public override int GetListItemFabric(uint attribute, int index)
    {
        return _list.FabricAt(index);
    }

    /// <inheritdoc/>
    public override void ReadListItem(uint attribute, int index, TlvWriter writer, uint tag, InteractionContext context)
    {
        int fabricIndex = _list.FabricAt(index);
        if (context.ShowsSensitiveOf(fabricIndex))
        {
            WriteEntry(writer, tag, _list.Data, _list.EntryAt(index), fabricIndex);
        }
        else
        {
            // Everything but the fabric index is fabric-sensitive.
            writer.StartStructure(tag);
            writer.PutUnsigned(FabricIndexTag, (uint)fabricIndex);
            writer.EndContainer();
        }
    }

    /// <inheritdoc/>
    public override int BeginListWrite(uint attribute, InteractionContext context)
    {
        return _list.Begin(context.FabricIndex) ? Status.Success : Status.ResourceExhausted;
    }

    /// <inheritdoc/>
    public override int AppendListItem(uint attribute, TlvReader item, InteractionContext context)
    {
        byte[] entry = Node.Events.Scratch;
        int status = ReadEntry(item, entry);
        return status == Status.Success ? _list.Stage(entry, 0, context.FabricIndex) : status;
    }

    /// <inheritdoc/>
    public override int EndListWrite(uint attribute, int status, InteractionContext context)
    {
        if (status != Status.Success)
        {
            // One bad entry takes back the whole write: half an access control list may lock everybody out.
            _list.Cancel(context.FabricIndex);
            return status;
        }

        SetAdministrator(context.Subject);
        return _list.Commit(context.FabricIndex);
    }

    /// <inheritdoc/>
    public void OnEntryChanged(int change, int fabricIndex, byte[] data, int offset)
    {
        if (Node == null)
        {
            return;
        }

        TlvWriter writer = BeginEvent(EntryChanged, fabricIndex);
        if (_adminIsPase)
        {
            writer.PutNull(1);
            writer.PutUnsigned(2, 0);
        }
        else
        {
            writer.PutUnsigned(1, _adminNodeId);
            writer.PutNull(2);
        }

        writer.PutUnsigned(3, (uint)change);
        WriteEntry(writer, 4, data, offset, fabricIndex);
        writer.PutUnsigned(FabricIndexTag, (uint)fabricIndex);
        EndEvent();
    }

    /// <inheritdoc/>
    public void OnListChanged()
    {
        SetChanged(Acl);
    }

    private static void WriteEntry(TlvWriter writer, uint tag, byte[] data, int offset, int fabricIndex)
    {
        writer.StartStructure(tag);
        writer.PutUnsigned(1, data[offset + AccessControlEntry.Privilege]);
        writer.PutUnsigned(2, data[offset + AccessControlEntry.AuthMode]);
        int subjects = data[offset + AccessControlEntry.SubjectCount];
        if (subjects == 0)
        {
            writer.PutNull(3);
        }
        else
        {
            writer.StartArray(3);
            for (int i = 0; i < subjects; i++)
            {
                writer.PutUnsigned(TlvTag.Anonymous, ByteOrder.ReadUInt64(data, offset + AccessControlEntry.Subjects + (i * 8)));
            }

            writer.EndContainer();
        }

        int targets = data[offset + AccessControlEntry.TargetCount];
        if (targets == 0)
        {
            writer.PutNull(4);
        }
        else
        {
            writer.StartArray(4);
            for (int i = 0; i < targets; i++)
            {
                WriteTarget(writer, data, offset + AccessControlEntry.Targets + (i * AccessControlEntry.TargetSize));
            }

            writer.EndContainer();
        }

        writer.PutUnsigned(FabricIndexTag, (uint)fabricIndex);
        writer.EndContainer();
    }

    private static void WriteTarget(TlvWriter writer, byte[] data, int offset)
    {
        int flags = data[offset];
        writer.StartStructure(TlvTag.Anonymous);
        if ((flags & AccessControlEntry.TargetHasCluster) != 0)
        {
            writer.PutUnsigned(0, ByteOrder.ReadUInt32(data, offset + 1));
        }
        else
        {
            writer.PutNull(0);
        }

        if ((flags & AccessControlEntry.TargetHasEndpoint) != 0)
        {
            writer.PutUnsigned(1, (uint)ByteOrder.ReadUInt16(data, offset + 5));
        }
        else
        {
            writer.PutNull(1);
        }

        if ((flags & AccessControlEntry.TargetHasDeviceType) != 0)
        {
            writer.PutUnsigned(2, ByteOrder.ReadUInt32(data, offset + 7));
        }
        else
        {
            writer.PutNull(2);
        }

        writer.EndContainer();
    }

    // Reads on after an error, so that the reader always leaves the item whole.
    private static int ReadEntry(TlvReader item, byte[] entry)
    {
        Array.Clear(entry, 0, AccessControlEntry.Size);
        if (item.Type != TlvType.Structure || !item.Enter())
        {
            return Status.InvalidDataType;
        }

        int status = Status.Success;
        uint value;
        while (item.Next())
        {
            int result = Status.Success;
            if (item.IsContextTag(1) || item.IsContextTag(2))
            {
                int at = item.IsContextTag(1) ? AccessControlEntry.Privilege : AccessControlEntry.AuthMode;
                if (item.TryGetUnsigned(0xff, out value))
                {
                    entry[at] = (byte)value;
                }
                else
                {
                    result = Status.InvalidDataType;
                }
            }
            else if (item.IsContextTag(3))
            {
                result = ReadSubjects(item, entry);
            }
            else if (item.IsContextTag(4))
            {
                result = ReadTargets(item, entry);
            }

            if (status == Status.Success)
            {
                status = result;
            }
        }

        return item.Exit() ? status : Status.InvalidAction;
    }

    private static int ReadSubjects(TlvReader item, byte[] entry)
    {
        if (item.IsNull)
        {
            return Status.Success;
        }

        if (item.Type != TlvType.Array || !item.Enter())
        {
            return Status.InvalidDataType;
        }

        int status = Status.Success;
        int count = 0;
        ulong value;
        while (item.Next())
        {
            if (!item.TryGetUnsigned(out value))
            {
                status = Status.InvalidDataType;
            }
            else if (count < Limits.AclSubjects)
            {
                ByteOrder.WriteUInt64(entry, AccessControlEntry.Subjects + (count++ * 8), value);
            }
            else if (status == Status.Success)
            {
                status = Status.ResourceExhausted;
            }
        }

        entry[AccessControlEntry.SubjectCount] = (byte)count;
        return item.Exit() ? status : Status.InvalidAction;
    }

    private static int ReadTargets(TlvReader item, byte[] entry)
    {
        if (item.IsNull)
        {
            return Status.Success;
        }

        if (item.Type != TlvType.Array || !item.Enter())
        {
            return Status.InvalidDataType;
        }

        int status = Status.Success;
        int count = 0;
        while (item.Next())
        {
            if (item.Type != TlvType.Structure)
            {
                status = Status.InvalidDataType;
            }
            else if (count < Limits.AclTargets)
            {
                int result = ReadTarget(item, entry, AccessControlEntry.Targets + (count++ * AccessControlEntry.TargetSize));
                if (status == Status.Success)
                {
                    status = result;
                }
            }
            else if (status == Status.Success)
            {
                status = Status.ResourceExhausted;
            }
        }

        entry[AccessControlEntry.TargetCount] = (byte)count;
        return item.Exit() ? status : Status.InvalidAction;
    }

    private static int ReadTarget(TlvReader item, byte[] entry, int offset)
    {
        if (!item.Enter())
        {
            return Status.InvalidDataType;
        }

        int status = Status.Success;
        uint value;
        while (item.Next())
        {
            if (item.IsNull || item.TagKind != TlvTag.KindContext || item.Tag > 2)
            {
                continue;
            }

            uint field = item.Tag;
            if (!item.TryGetUnsigned(field == 1 ? 0xffff : 0xffffffff, out value))
            {
                status = Status.InvalidDataType;
            }
            else if (field == 0)
            {
                entry[offset] |= AccessControlEntry.TargetHasCluster;
                ByteOrder.WriteUInt32(entry, offset + 1, value);
            }
            else if (field == 1)
            {
                entry[offset] |= AccessControlEntry.TargetHasEndpoint;
                ByteOrder.WriteUInt16(entry, offset + 5, value);
            }
            else
            {
                entry[offset] |= AccessControlEntry.TargetHasDeviceType;
                ByteOrder.WriteUInt32(entry, offset + 7, value);
            }
        }

        return item.Exit() ? status : Status.InvalidAction;
    }
}
