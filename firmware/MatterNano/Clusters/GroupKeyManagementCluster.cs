using MatterNano.Credentials;
using MatterNano.Interaction;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Group Key Management (Core 11.2), revision 2: shows and changes the <see cref="GroupKeyStore"/>, shows the <see cref="GroupTable"/>.</summary>
public sealed class GroupKeyManagementCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x003f;

    private const uint GroupKeyMap = 0;
    private const uint GroupTableAttribute = 1;
    private const uint MaxGroupsPerFabric = 2;
    private const uint MaxGroupKeysPerFabric = 3;

    private const uint KeySetWrite = 0;
    private const uint KeySetRead = 1;
    private const uint KeySetRemove = 3;
    private const uint KeySetReadAllIndices = 4;

    // A key set in the scratch array, behind what the derivation of keys uses of it.
    private const int DataAt = GroupKeyDerivation.ScratchLength;

    private readonly GroupKeyStore _keys;
    private readonly GroupTable _groups;

    /// <summary>Creates the cluster.</summary>
    public GroupKeyManagementCluster(GroupKeyStore keys, GroupTable groups)
        : base(ClusterId)
    {
        _keys = keys;
        _groups = groups;
        groups.Manager = this;
        keys.Manager = this;
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
            case 0: return GroupKeyMap | Element.ReadView | Element.WriteManage | Element.List | Element.FabricScoped;
            case 1: return GroupTableAttribute | Element.ReadView | Element.List | Element.FabricScoped;
            case 2: return MaxGroupsPerFabric | Element.ReadView;
            case 3: return MaxGroupKeysPerFabric | Element.ReadView;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override uint GetCommand(int index)
    {
        const uint Common = Element.InvokeAdminister | Element.FabricScoped;
        switch (index)
        {
            case 0: return KeySetWrite | Common;
            case 1: return KeySetRead | Common | Element.Response(2);
            case 2: return KeySetRemove | Common;
            case 3: return KeySetReadAllIndices | Common | Element.Response(5);
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        writer.PutUnsigned(tag, attribute == MaxGroupsPerFabric ? (uint)_groups.Capacity : Limits.GroupKeySetsPerFabric);
        return Status.Success;
    }

    /// <inheritdoc/>
    public override int GetListCount(uint attribute, InteractionContext context)
    {
        return attribute == GroupKeyMap ? _keys.MapTotal : _groups.Total;
    }

    /// <inheritdoc/>
    public override int GetListItemFabric(uint attribute, int index)
    {
        int groupId;
        int setId;
        return attribute == GroupKeyMap ? _keys.GetMapEntry(index, out groupId, out setId) : _groups.FabricAt(index);
    }

    /// <inheritdoc/>
    public override void ReadListItem(uint attribute, int index, TlvWriter writer, uint tag, InteractionContext context)
    {
        if (attribute == GroupTableAttribute)
        {
            _groups.WriteEntry(index, writer, tag);
            return;
        }

        int groupId;
        int setId;
        int fabricIndex = _keys.GetMapEntry(index, out groupId, out setId);
        writer.StartStructure(tag);
        writer.PutUnsigned(1, (uint)groupId);
        writer.PutUnsigned(2, (uint)setId);
        writer.PutUnsigned(FabricIndexTag, (uint)fabricIndex);
        writer.EndContainer();
    }

    /// <inheritdoc/>
    public override int BeginListWrite(uint attribute, InteractionContext context)
    {
        return _keys.BeginMap(context.FabricIndex);
    }

    /// <inheritdoc/>
    public override int AppendListItem(uint attribute, TlvReader item, InteractionContext context)
    {
        if (item.Type != TlvType.Structure || !item.Enter())
        {
            return Status.InvalidDataType;
        }

        uint groupId = 0;
        uint setId = 0;
        bool ok = true;
        while (item.Next())
        {
            if (item.IsContextTag(1))
            {
                ok &= item.TryGetUnsigned(0xffff, out groupId);
            }
            else if (item.IsContextTag(2))
            {
                ok &= item.TryGetUnsigned(0xffff, out setId);
            }
        }

        if (!item.Exit() || !ok)
        {
            return Status.InvalidDataType;
        }

        return _keys.StageMapEntry(context.FabricIndex, (int)groupId, (int)setId);
    }

    /// <inheritdoc/>
    public override int EndListWrite(uint attribute, int status, InteractionContext context)
    {
        if (status != Status.Success)
        {
            _keys.CancelMap();
            return status;
        }

        bool changed;
        int result = _keys.CommitMap(context.FabricIndex, out changed);
        if (changed)
        {
            SetChanged(GroupKeyMap);
        }

        return result;
    }

    /// <inheritdoc/>
    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        if (command == KeySetWrite)
        {
            byte[] data = Node.Events.Scratch;
            System.Array.Clear(data, DataAt, GroupKeyStore.SetDataSize);
            int status = Write(fields, context, data);
            Secrets.Wipe(data, DataAt, GroupKeyStore.SetDataSize);
            return status;
        }

        if (command == KeySetReadAllIndices)
        {
            return ReadAllIndices(context);
        }

        uint id = 0;
        bool found = false;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.TryGetUnsigned(0xffff, out id))
                {
                    return Status.InvalidCommand;
                }

                found = true;
            }
        }

        if (!found)
        {
            return Status.InvalidCommand;
        }

        return command == KeySetRead ? Read((int)id, context) : Remove((int)id, context);
    }

    /// <summary>The group table changed: reports it.</summary>
    internal void OnGroupsChanged()
    {
        SetChanged(GroupTableAttribute);
    }

    /// <summary>A fabric took its map entries with it: reports it.</summary>
    internal void OnMapChanged()
    {
        SetChanged(GroupKeyMap);
    }

    private int Write(TlvReader fields, InvokeContext context, byte[] data)
    {
        uint id = 0;
        uint policy = 0;
        int found = 0;
        while (fields.Next())
        {
            if (!fields.IsContextTag(0))
            {
                continue;
            }

            if (fields.Type != TlvType.Structure || !fields.Enter())
            {
                return Status.InvalidCommand;
            }

            while (fields.Next())
            {
                uint tag = fields.TagKind == TlvTag.KindContext ? fields.Tag : 255;
                if (tag == 0 && fields.TryGetUnsigned(0xffff, out id))
                {
                    found |= 1;
                }
                else if (tag == 1 && fields.TryGetUnsigned(0xff, out policy))
                {
                    found |= 2;
                }
                else if (tag < 2)
                {
                    return Status.InvalidCommand;
                }
                else if (tag <= 7)
                {
                    int status = ReadKeyField((int)tag, fields, data, ref found);
                    if (status != Status.Success)
                    {
                        return status;
                    }
                }
            }

            if (!fields.Exit())
            {
                return Status.InvalidCommand;
            }
        }

        if ((found & 3) != 3)
        {
            return Status.InvalidCommand;
        }

        if (policy > 1)
        {
            return Status.ConstraintError;
        }

        // CacheAndSync is a feature of its own, not supported. Keys come in pairs with a start time, without gaps, later ones later.
        int keys = (found >> 2) & 0x3f;
        if (policy == 1 || (keys != 0x03 && keys != 0x0f && keys != 0x3f) || StartTime(data, 0) == 0)
        {
            return Status.InvalidCommand;
        }

        int count = keys == 0x03 ? 1 : keys == 0x0f ? 2 : 3;
        for (int i = 1; i < count; i++)
        {
            if (StartTime(data, i) <= StartTime(data, i - 1))
            {
                return Status.InvalidCommand;
            }
        }

        return _keys.WriteSet(context.FabricIndex, (int)id, data, DataAt, count);
    }

    private static ulong StartTime(byte[] data, int index)
    {
        return ByteOrder.ReadUInt64(data, DataAt + GroupKeyStore.StartTimesOffset + (8 * index));
    }

    private static int ReadKeyField(int tag, TlvReader fields, byte[] data, ref int found)
    {
        if (fields.IsNull)
        {
            return Status.Success;
        }

        int index = (tag - 2) / 2;
        if ((tag & 1) == 0)
        {
            if (fields.Type != TlvType.ByteString)
            {
                return Status.InvalidCommand;
            }

            if (fields.ValueLength != GroupKeyStore.KeySize)
            {
                return Status.ConstraintError;
            }

            System.Array.Copy(fields.Buffer, fields.ValueOffset, data, DataAt + (index * GroupKeyStore.KeySize), GroupKeyStore.KeySize);
        }
        else
        {
            ulong time;
            if (!fields.TryGetUnsigned(out time))
            {
                return Status.InvalidCommand;
            }

            ByteOrder.WriteUInt64(data, DataAt + GroupKeyStore.StartTimesOffset + (8 * index), time);
        }

        found |= 1 << tag;
        return Status.Success;
    }

    private int Read(int id, InvokeContext context)
    {
        byte[] data = Node.Events.Scratch;
        int count;
        int status = _keys.ReadSet(context.FabricIndex, id, data, DataAt, out count);
        if (status != Status.Success)
        {
            return status;
        }

        TlvWriter writer = context.StartResponse(2);
        writer.StartStructure(0);
        writer.PutUnsigned(0, (uint)id);
        writer.PutUnsigned(1, 0);
        for (int i = 0; i < GroupKeyStore.KeysPerSet; i++)
        {
            // Keys are never shown.
            writer.PutNull((uint)(2 + (2 * i)));
            if (i < count)
            {
                writer.PutUnsigned((uint)(3 + (2 * i)), StartTime(data, i));
            }
            else
            {
                writer.PutNull((uint)(3 + (2 * i)));
            }
        }

        writer.EndContainer();
        return Status.Success;
    }

    private int Remove(int id, InvokeContext context)
    {
        if (id == GroupKeyStore.IdentityProtectionSet)
        {
            return Status.InvalidCommand;
        }

        bool mapChanged;
        int status = _keys.RemoveSet(context.FabricIndex, id, out mapChanged);
        if (status == Status.Success && mapChanged)
        {
            SetChanged(GroupKeyMap);
        }

        return status;
    }

    private int ReadAllIndices(InvokeContext context)
    {
        TlvWriter writer = context.StartResponse(5);
        writer.StartArray(0);
        for (int i = 0; ; i++)
        {
            int id = _keys.GetSetId(context.FabricIndex, i);
            if (id < 0)
            {
                break;
            }

            writer.PutUnsigned(TlvTag.Anonymous, (uint)id);
        }

        writer.EndContainer();
        return Status.Success;
    }
}
