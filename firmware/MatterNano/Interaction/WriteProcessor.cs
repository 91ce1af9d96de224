using System;
using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>Carries out the AttributeDataIBs of a WriteRequest one after the other (Core 8.7.3).</summary>
/// <remarks>
/// A list that is being written stays open in the transaction while the next path goes on with it, also into the next
/// message of a chunked write: it was checked when it was opened, so that an access control list can be replaced by
/// someone who has no access in between. An item without its list before it is Busy, and so is a list that another
/// write holds open; an item behind a list that was refused has the same status as the list.
/// </remarks>
internal sealed class WriteProcessor
{
    private readonly InteractionEngine _engine;
    private readonly Node _node;
    private readonly AccessChecker _access;
    private readonly IGroupMembership _groups;
    private readonly AttributeData _data;
    private readonly AttributePath _path;
    private readonly TlvReader _reader;
    private TlvWriter _writer;

    // Reader and paths are the engine's: it needs none of them while a write is carried out.
    internal WriteProcessor(
        InteractionEngine engine, Node node, AccessChecker access, IGroupMembership groups, TlvReader reader, AttributeData data, AttributePath path)
    {
        _engine = engine;
        _node = node;
        _access = access;
        _groups = groups;
        _reader = reader;
        _data = data;
        _path = path;
    }

    /// <summary>True when every AttributeDataIB is well-formed and names what it writes.</summary>
    internal bool IsWellFormed(WriteRequest request, bool isGroup)
    {
        if (!request.OpenWrites(_reader))
        {
            return false;
        }

        while (_reader.Next())
        {
            if (!_data.TryRead(_reader) || _data.Path.Cluster == InteractionModel.Wildcard || _data.Path.Attribute == InteractionModel.Wildcard
                || (_data.Path.Endpoint == InteractionModel.AnyEndpoint && !isGroup))
            {
                return false;
            }
        }

        return _reader.AtEnd;
    }

    /// <summary>Carries out a well-formed message and writes the AttributeStatusIBs.</summary>
    /// <param name="write">The transaction.</param>
    /// <param name="request">The message.</param>
    /// <param name="writer">Inside the array of statuses; null when nobody is answered.</param>
    internal void Apply(Transaction write, WriteRequest request, TlvWriter writer)
    {
        _writer = writer;
        request.OpenWrites(_reader);
        while (_reader.Next())
        {
            _data.TryRead(_reader);
            if (write.IsGroup)
            {
                ApplyToGroup(write);
            }
            else
            {
                Apply(write, _data.Path.Endpoint);
            }
        }

        if (request.MoreChunkedMessages)
        {
            PutListResult(write);
        }
        else
        {
            EndList(write);
        }

        _writer = null;
    }

    /// <summary>Ends a list whose write came to no end.</summary>
    internal void Abort(Transaction write)
    {
        _writer = null;
        if (write.ListStatus == Status.Success)
        {
            write.ListStatus = Status.Timeout;
        }

        EndList(write);
    }

    private void ApplyToGroup(Transaction write)
    {
        int named = _data.Path.Endpoint;
        for (int i = 0; i < _node.EndpointCount; i++)
        {
            int endpoint = _node.GetEndpoint(i).Number;
            if ((named == InteractionModel.AnyEndpoint || named == endpoint) && _groups != null
                && _groups.IsMember(write.FabricIndex, write.Subject.GroupId, endpoint))
            {
                Apply(write, endpoint);
            }
        }
    }

    private void Apply(Transaction write, int endpoint)
    {
        AttributePath path = _data.Path;
        int status;
        bool isItem = path.ListIndex == AttributePath.NewItem;
        if (isItem && write.Cluster != null && write.Cluster.Id == path.Cluster
            && write.Element == path.Attribute && write.Cluster.Endpoint.Number == endpoint)
        {
            PutListResult(write);
            AppendItem(write, _data.Data);
            return;
        }

        EndList(write);
        if (isItem && write.RefusedStatus != Status.Success && write.PathIndex == endpoint
            && write.ClusterId == path.Cluster && write.Element == path.Attribute)
        {
            PutStatus(endpoint, path.Cluster, path.Attribute, write.RefusedStatus);
            return;
        }

        write.RefusedStatus = Status.Success;
        uint element;
        Cluster cluster = Find(write, endpoint, out element, out status);
        if (cluster != null)
        {
            if ((element & Element.List) == 0)
            {
                status = path.ListIndex == AttributePath.NoItem
                    ? WriteOne(write, cluster)
                    : Status.UnsupportedWrite;
            }
            else
            {
                status = WriteList(write, cluster);
                if (status == Status.Success)
                {
                    return;
                }
            }
        }

        if (path.ListIndex == AttributePath.NoItem && status != Status.Success)
        {
            write.RefusedStatus = status;
            write.PathIndex = endpoint;
            write.ClusterId = path.Cluster;
            write.Element = path.Attribute;
        }

        PutStatus(endpoint, path.Cluster, path.Attribute, status);
    }

    private int WriteOne(Transaction write, Cluster cluster)
    {
        try
        {
            return cluster.WriteAttribute(_data.Path.Attribute, _data.Data, write);
        }
        catch (Exception e)
        {
            return _engine.Failed(e);
        }
    }

    private Cluster Find(Transaction write, int endpoint, out uint element, out int status)
    {
        AttributePath path = _data.Path;
        element = Element.End;
        Cluster cluster = _access.Find(write.Subject, endpoint, path.Cluster, out status);
        if (cluster == null)
        {
            return null;
        }

        element = cluster.FindAttribute(path.Attribute);
        int privilege = Element.GetWritePrivilege(element);
        if (element == Element.End)
        {
            status = Status.UnsupportedAttribute;
        }
        else if (privilege == Privilege.None)
        {
            status = Status.UnsupportedWrite;
        }
        else if (!_access.IsGranted(write.Subject, privilege, cluster.Endpoint, cluster.Id)
            || ((element & Element.FabricScoped) != 0 && write.FabricIndex == 0))
        {
            status = Status.UnsupportedAccess;
        }
        else if ((element & Element.Timed) != 0 && !write.IsTimed)
        {
            status = Status.NeedsTimedInteraction;
        }
        else if (_data.HasDataVersion && _data.DataVersion != cluster.DataVersion)
        {
            status = Status.DataVersionMismatch;
        }

        return status == Status.Success ? cluster : null;
    }

    private int WriteList(Transaction write, Cluster cluster)
    {
        AttributePath path = _data.Path;
        if (path.ListIndex == AttributePath.NewItem || _engine.IsListOpen(cluster, path.Attribute))
        {
            return Status.Busy;
        }

        if (path.ListIndex != AttributePath.NoItem)
        {
            return Status.UnsupportedWrite;
        }

        if (_data.Data.Type != TlvType.Array)
        {
            return Status.InvalidDataType;
        }

        int status = cluster.BeginListWrite(path.Attribute, write);
        if (status != Status.Success)
        {
            return status;
        }

        write.Cluster = cluster;
        write.Element = path.Attribute;
        write.ListStatus = Status.Success;
        write.ListResult = Status.Success;
        _data.Data.Enter();
        while (write.ListStatus == Status.Success && _data.Data.Next())
        {
            AppendItem(write, _data.Data);
        }

        return Status.Success;
    }

    private void AppendItem(Transaction write, TlvReader item)
    {
        int status = write.Cluster.AppendListItem(write.Element, item, write);
        write.ListResult = status;
        if (write.ListStatus == Status.Success)
        {
            write.ListStatus = status;
        }
    }

    // The status of the last path of an open list waits until it is known whether the list ends with it.
    private void PutListResult(Transaction write)
    {
        if (write.Cluster != null && write.ListResult >= 0)
        {
            PutStatus(write.Cluster.Endpoint.Number, write.Cluster.Id, write.Element, write.ListResult);
            write.ListResult = -1;
        }
    }

    private void EndList(Transaction write)
    {
        Cluster cluster = write.Cluster;
        if (cluster == null)
        {
            return;
        }

        int status = cluster.EndListWrite(write.Element, write.ListStatus, write);
        if (write.ListStatus == Status.Success && status != Status.Success)
        {
            write.ListResult = status;
        }

        PutListResult(write);
        write.Cluster = null;
    }

    private void PutStatus(int endpoint, uint cluster, uint attribute, int status)
    {
        if (_writer == null)
        {
            return;
        }

        _path.Endpoint = endpoint;
        _path.Cluster = cluster;
        _path.Attribute = attribute;
        _path.ListIndex = AttributePath.NoItem;
        _writer.StartStructure(TlvTag.Anonymous);
        _path.Write(_writer, 0);
        StatusElement.Write(_writer, 1, status, -1);
        _writer.EndContainer();
    }
}
