using MatterNano.Interaction;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Groups (Application Clusters 1.3), revision 4, with group names: which groups this endpoint is in.</summary>
public sealed class GroupsCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0004;

    private const uint NameSupport = 0;
    private const uint AddGroup = 0;
    private const uint ViewGroup = 1;
    private const uint GetGroupMembership = 2;
    private const uint RemoveGroup = 3;
    private const uint RemoveAllGroups = 4;
    private const uint AddGroupIfIdentifying = 5;

    private readonly GroupTable _groups;
    private readonly GroupKeyStore _keys;
    private readonly IdentifyCluster _identify;

    /// <summary>Creates the cluster.</summary>
    /// <param name="groups">The node's groups.</param>
    /// <param name="keys">The node's group keys: a group needs one.</param>
    /// <param name="identify">Identify of the same endpoint.</param>
    public GroupsCluster(GroupTable groups, GroupKeyStore keys, IdentifyCluster identify)
        : base(ClusterId)
    {
        _groups = groups;
        _keys = keys;
        _identify = identify;
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 4; }
    }

    /// <inheritdoc/>
    public override uint FeatureMap
    {
        get { return 1; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        return index == 0 ? NameSupport | Element.ReadView : Element.End;
    }

    /// <inheritdoc/>
    public override uint GetCommand(int index)
    {
        const uint Manage = Element.InvokeManage | Element.FabricScoped;
        const uint Operate = Element.InvokeOperate | Element.FabricScoped;
        switch (index)
        {
            case 0: return AddGroup | Manage | Element.Response(0);
            case 1: return ViewGroup | Operate | Element.Response(1);
            case 2: return GetGroupMembership | Operate | Element.Response(2);
            case 3: return RemoveGroup | Manage | Element.Response(3);
            case 4: return RemoveAllGroups | Manage;
            case 5: return AddGroupIfIdentifying | Manage;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        writer.PutUnsigned(tag, 0x80);
        return Status.Success;
    }

    /// <inheritdoc/>
    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        if (command == GetGroupMembership)
        {
            return Membership(fields, context);
        }

        if (command == RemoveAllGroups)
        {
            return _groups.Remove(context.FabricIndex, -1, Endpoint.Number);
        }

        uint groupId = 0;
        int found = 0;
        int nameOffset = 0;
        int nameLength = 0;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.TryGetUnsigned(0xffff, out groupId))
                {
                    return Status.InvalidCommand;
                }

                found |= 1;
            }
            else if (fields.IsContextTag(1))
            {
                if (fields.Type != TlvType.Utf8String)
                {
                    return Status.InvalidCommand;
                }

                nameOffset = fields.ValueOffset;
                nameLength = fields.ValueLength;
                found |= 2;
            }
        }

        bool adds = command == AddGroup || command == AddGroupIfIdentifying;
        if (adds ? found != 3 : (found & 1) == 0)
        {
            return Status.InvalidCommand;
        }

        int id = (int)groupId;
        int status;
        if (adds)
        {
            if (command == AddGroupIfIdentifying && !_identify.IsIdentifying)
            {
                return Status.Success;
            }

            status = Add(context.FabricIndex, id, fields.Buffer, nameOffset, nameLength);
            return command == AddGroup ? Respond(context, 0, status, id) : status;
        }

        if (id == 0)
        {
            status = Status.ConstraintError;
        }
        else if (command == RemoveGroup)
        {
            status = _groups.Remove(context.FabricIndex, id, Endpoint.Number);
        }
        else
        {
            status = _groups.IsMember(context.FabricIndex, id, Endpoint.Number) ? Status.Success : Status.NotFound;
        }

        if (command == RemoveGroup)
        {
            return Respond(context, 3, status, id);
        }

        Respond(context, 1, status, id);
        return Status.Success;
    }

    private int Add(int fabricIndex, int groupId, byte[] buffer, int nameOffset, int nameLength)
    {
        if (groupId == 0 || nameLength > GroupTable.MaxName || !Utf8.IsValid(buffer, nameOffset, nameLength))
        {
            return Status.ConstraintError;
        }

        // A group whose messages could not be read is of no use.
        if (!_keys.HasKey(fabricIndex, groupId))
        {
            return Status.UnsupportedAccess;
        }

        return _groups.Add(fabricIndex, groupId, Endpoint.Number, buffer, nameOffset, nameLength);
    }

    private int Respond(InvokeContext context, uint response, int status, int groupId)
    {
        TlvWriter writer = context.StartResponse(response);
        writer.PutUnsigned(0, (uint)status);
        writer.PutUnsigned(1, (uint)groupId);
        if (response == 1)
        {
            if (status == Status.Success)
            {
                _groups.PutName(context.FabricIndex, groupId, writer, 2);
            }
            else
            {
                writer.PutString(2, "");
            }
        }

        return Status.Success;
    }

    // The list asked for is walked once for each group of ours, so that nothing has to be kept.
    private int Membership(TlvReader fields, InvokeContext context)
    {
        bool found = false;
        int wanted = 0;
        uint value;
        TlvWriter writer = null;
        while (fields.Next())
        {
            if (!fields.IsContextTag(0))
            {
                continue;
            }

            if (fields.Type != TlvType.Array || !fields.Enter())
            {
                return Status.InvalidCommand;
            }

            found = true;
            writer = context.StartResponse(2);
            writer.PutUnsigned(0, Capacity(context.FabricIndex));
            writer.StartArray(1);
            while (fields.Next())
            {
                if (!fields.TryGetUnsigned(0xffff, out value))
                {
                    return Status.InvalidCommand;
                }

                wanted++;
                if (_groups.IsMember(context.FabricIndex, (int)value, Endpoint.Number))
                {
                    writer.PutUnsigned(TlvTag.Anonymous, value);
                }
            }

            if (!fields.Exit())
            {
                return Status.InvalidCommand;
            }
        }

        if (!found)
        {
            return Status.InvalidCommand;
        }

        if (wanted == 0)
        {
            for (int i = 0; ; i++)
            {
                int group = _groups.GetGroup(context.FabricIndex, i);
                if (group < 0)
                {
                    break;
                }

                if (_groups.IsMember(context.FabricIndex, group, Endpoint.Number))
                {
                    writer.PutUnsigned(TlvTag.Anonymous, (uint)group);
                }
            }
        }

        writer.EndContainer();
        return Status.Success;
    }

    private uint Capacity(int fabricIndex)
    {
        // 0xfe: at least one more, without a promise how many.
        int free = _groups.GetFree(fabricIndex);
        return free > 0xfd ? 0xfe : (uint)free;
    }
}
