using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>ReportData: writes as much of a read, first report or later report as one message holds (Core 8.4.3, 10.7.3).</summary>
/// <remarks>
/// structure: 0 subscription id | 1 attribute reports, array of structure (0 status: path, status | 1 data: version, path,
/// data) | 2 event reports, array of structure (0 status | 1 data: path, number u64, priority, 4 system time, 7 data) |
/// 3 more chunked messages | 4 suppress response | 255 revision. Written straight into the message; what does not fit is
/// rolled back and begins the next one. A list goes into one message if it can; a longer one is written as its
/// first items, then item by item with a null list index.
/// </remarks>
internal sealed class ReportBuilder
{
    // More chunked messages 2, suppress response 2, revision 3.
    private const int TailRoom = 7;

    // Index of the first global attribute in a walk over the attributes of a cluster.
    private const int Globals = 0x10000;

    private const int NoArray = 0;
    private const int AttributeArray = 1;
    private const int EventArray = 2;

    private readonly Node _node;
    private readonly AccessChecker _access;
    private readonly ChangeTable _changes;
    private readonly AttributePath _path;
    private readonly EventPath _eventPath;
    private TlvWriter _writer;
    private int _array;
    private bool _hasContent;

    internal ReportBuilder(Node node, AccessChecker access, ChangeTable changes, AttributePath path, EventPath eventPath)
    {
        _node = node;
        _access = access;
        _changes = changes;
        _path = path;
        _eventPath = eventPath;
    }

    /// <summary>True when the last report built holds any attribute or event.</summary>
    internal bool HasContent
    {
        get { return _hasContent; }
    }

    /// <summary>Writes the next message of a report.</summary>
    /// <returns>True when more messages follow.</returns>
    internal bool Build(Transaction report, TlvWriter writer)
    {
        _writer = writer;
        _array = NoArray;
        _hasContent = false;
        writer.StartStructure(TlvTag.Anonymous);
        if (report.Subscription != null)
        {
            writer.PutUnsigned(0, report.Subscription.Id);
        }

        writer.Reserve(TailRoom);
        bool complete = true;
        if (report.Phase == Transaction.PhaseAttributes)
        {
            complete = BuildAttributes(report);
            if (complete)
            {
                report.Phase = report.Kind == Transaction.Report ? Transaction.PhaseEvents : Transaction.PhaseEventStatus;
                report.PathIndex = 0;
            }
        }

        if (complete && report.Phase == Transaction.PhaseEventStatus)
        {
            complete = BuildEventStatus(report);
            if (complete)
            {
                report.Phase = Transaction.PhaseEvents;
            }
        }

        if (complete)
        {
            complete = BuildEvents(report);
        }

        if (_array != NoArray)
        {
            writer.EndContainer();
        }

        writer.Release(TailRoom);
        if (!complete)
        {
            writer.PutBoolean(3, true);
        }
        else if (report.Kind == Transaction.Read)
        {
            writer.PutBoolean(4, true);
        }

        writer.PutUnsigned(InteractionModel.RevisionTag, InteractionModel.Revision);
        writer.EndContainer();
        return !complete;
    }

    private bool BuildAttributes(Transaction report)
    {
        while (report.PathIndex < report.PathCount)
        {
            int at = report.PathsAt + (report.PathIndex * PathTable.Size);
            if (PathTable.GetKind(report.Paths, at) == PathTable.Attribute)
            {
                bool complete = PathTable.IsConcrete(report.Paths, at) ? BuildConcrete(report, at) : BuildWildcard(report, at);
                if (!complete)
                {
                    return false;
                }
            }

            report.PathIndex++;
            report.ResetPath();
        }

        return true;
    }

    private bool BuildConcrete(Transaction report, int at)
    {
        int endpoint = PathTable.GetEndpoint(report.Paths, at);
        uint cluster = PathTable.GetCluster(report.Paths, at);
        uint attribute = PathTable.GetElement(report.Paths, at);
        uint element;
        int status;
        Cluster found = _access.FindAttribute(report.Subject, endpoint, cluster, attribute, out element, out status);
        if (found == null)
        {
            return report.Kind == Transaction.Report || PutAttributeStatus(endpoint, cluster, attribute, status);
        }

        return !IsWanted(report, found, attribute) || PutAttribute(report, found, element);
    }

    private bool BuildWildcard(Transaction report, int at)
    {
        int endpoint = PathTable.GetEndpoint(report.Paths, at);
        uint cluster = PathTable.GetCluster(report.Paths, at);
        uint attribute = PathTable.GetElement(report.Paths, at);
        int i = report.EndpointIndex;
        for (int j = report.ClusterIndex; i < _node.EndpointCount; i++, j = 0)
        {
            EndpointDefinition definition = _node.GetEndpoint(i);
            if (endpoint != InteractionModel.AnyEndpoint && endpoint != definition.Number)
            {
                continue;
            }

            for (; j < definition.ClusterCount; j++)
            {
                Cluster found = definition.GetCluster(j);
                if ((cluster == InteractionModel.Wildcard || cluster == found.Id) && !BuildCluster(report, found, attribute))
                {
                    // The next message goes on here.
                    report.EndpointIndex = i;
                    report.ClusterIndex = j;
                    return false;
                }
            }
        }

        return true;
    }

    private bool BuildCluster(Transaction report, Cluster cluster, uint attribute)
    {
        if (report.Kind == Transaction.Report ? cluster.LastChange <= report.Since : report.IsVersionKnown(cluster.Ordinal))
        {
            return true;
        }

        int checkedPrivilege = Privilege.None;
        bool granted = false;
        for (int i = report.AttributeIndex; ; i++)
        {
            uint element;
            if (attribute != InteractionModel.Wildcard)
            {
                element = i == 0 ? cluster.FindAttribute(attribute) : Element.End;
            }
            else if (i < Globals)
            {
                element = cluster.GetAttribute(i);
                if (element == Element.End)
                {
                    i = Globals;
                    element = GlobalAttribute.Get(0);
                }
            }
            else
            {
                element = GlobalAttribute.Get(i - Globals);
            }

            if (element == Element.End)
            {
                report.AttributeIndex = 0;
                return true;
            }

            int privilege = Element.GetPrivilege(element);
            if (privilege == Privilege.None || !IsWanted(report, cluster, Element.GetId(element)))
            {
                continue;
            }

            if (privilege != checkedPrivilege)
            {
                checkedPrivilege = privilege;
                granted = _access.IsGranted(report.Subject, privilege, cluster.Endpoint, cluster.Id);
            }

            if (granted && !PutAttribute(report, cluster, element))
            {
                report.AttributeIndex = i;
                return false;
            }
        }
    }

    private bool IsWanted(Transaction report, Cluster cluster, uint attribute)
    {
        return report.Kind == Transaction.Report
            ? report.ListIndex >= 0 || _changes.IsChanged(cluster, attribute, report.Since)
            : !report.IsVersionKnown(cluster.Ordinal);
    }

    private bool PutAttribute(Transaction report, Cluster cluster, uint element)
    {
        uint attribute = Element.GetId(element);
        bool isGlobal = attribute >= GlobalAttribute.GeneratedCommandList;
        bool isList = !isGlobal && (element & Element.List) != 0;
        if (report.ListIndex >= 0)
        {
            if (isList && report.ListVersion == cluster.DataVersion)
            {
                return PutMoreItems(report, cluster, element);
            }

            // The list changed between two messages: all of it again.
            report.ListIndex = -1;
        }

        int mark = _writer.Mark();
        int array = _array;
        int status = Status.Success;
        StartAttribute(cluster, attribute, AttributePath.NoItem);
        if (isGlobal)
        {
            PutGlobal(cluster, attribute);
        }
        else if (isList)
        {
            _writer.StartArray(2);
            int count = cluster.GetListCount(attribute, report);
            for (int i = 0; i < count && !_writer.Overflow; i++)
            {
                if (IsVisible(report, cluster, element, i))
                {
                    cluster.ReadListItem(attribute, i, _writer, TlvTag.Anonymous, report);
                }
            }

            _writer.EndContainer();
        }
        else
        {
            status = cluster.ReadAttribute(attribute, _writer, 2, report);
        }

        bool overflow = _writer.Overflow;
        if (!overflow && status == Status.Success)
        {
            EndAttribute();
            return true;
        }

        Rollback(mark, array);
        if (!overflow)
        {
            return PutAttributeStatus(cluster.Endpoint.Number, cluster.Id, attribute, status);
        }

        if (_hasContent)
        {
            return false;
        }

        if (!isList)
        {
            return PutAttributeStatus(cluster.Endpoint.Number, cluster.Id, attribute, Status.ResourceExhausted);
        }

        PutFirstItems(report, cluster, element);
        return false;
    }

    private void PutFirstItems(Transaction report, Cluster cluster, uint element)
    {
        uint attribute = Element.GetId(element);
        StartAttribute(cluster, attribute, AttributePath.NoItem);
        _writer.StartArray(2);
        int count = cluster.GetListCount(attribute, report);
        int i = 0;
        for (; i < count; i++)
        {
            if (!IsVisible(report, cluster, element, i))
            {
                continue;
            }

            int mark = _writer.Mark();
            cluster.ReadListItem(attribute, i, _writer, TlvTag.Anonymous, report);
            if (_writer.Overflow)
            {
                _writer.Rollback(mark);
                break;
            }
        }

        _writer.EndContainer();
        EndAttribute();
        report.ListIndex = i;
        report.ListVersion = cluster.DataVersion;
    }

    private bool PutMoreItems(Transaction report, Cluster cluster, uint element)
    {
        uint attribute = Element.GetId(element);
        int count = cluster.GetListCount(attribute, report);
        for (; report.ListIndex < count; report.ListIndex++)
        {
            if (!IsVisible(report, cluster, element, report.ListIndex))
            {
                continue;
            }

            int mark = _writer.Mark();
            int array = _array;
            StartAttribute(cluster, attribute, AttributePath.NewItem);
            cluster.ReadListItem(attribute, report.ListIndex, _writer, 2, report);
            if (!_writer.Overflow)
            {
                EndAttribute();
                continue;
            }

            Rollback(mark, array);
            if (_hasContent)
            {
                return false;
            }

            // Larger than a whole message: the list ends here, with a status that says so.
            report.ListIndex = -1;
            return PutAttributeStatus(cluster.Endpoint.Number, cluster.Id, attribute, Status.ResourceExhausted);
        }

        report.ListIndex = -1;
        return true;
    }

    private static bool IsVisible(Transaction report, Cluster cluster, uint element, int item)
    {
        return !report.IsFabricFiltered || (element & Element.FabricScoped) == 0
            || cluster.GetListItemFabric(Element.GetId(element), item) == report.FabricIndex;
    }

    private void PutGlobal(Cluster cluster, uint attribute)
    {
        switch (attribute)
        {
            case GlobalAttribute.FeatureMap:
                _writer.PutUnsigned(2, cluster.FeatureMap);
                return;
            case GlobalAttribute.ClusterRevision:
                _writer.PutUnsigned(2, (ulong)cluster.Revision);
                return;
        }

        _writer.StartArray(2);
        for (int i = 0; ; i++)
        {
            uint element = attribute == GlobalAttribute.AttributeList ? cluster.GetAttribute(i) : cluster.GetCommand(i);
            if (element == Element.End)
            {
                break;
            }

            if (attribute != GlobalAttribute.GeneratedCommandList)
            {
                _writer.PutUnsigned(TlvTag.Anonymous, Element.GetId(element));
            }
            else if (IsFirstWithResponse(cluster, i, Element.GetResponse(element)))
            {
                _writer.PutUnsigned(TlvTag.Anonymous, (ulong)Element.GetResponse(element));
            }
        }

        if (attribute == GlobalAttribute.AttributeList)
        {
            for (int i = 0; i < GlobalAttribute.Count; i++)
            {
                _writer.PutUnsigned(TlvTag.Anonymous, Element.GetId(GlobalAttribute.Get(i)));
            }
        }

        _writer.EndContainer();
    }

    private static bool IsFirstWithResponse(Cluster cluster, int index, int response)
    {
        if (response < 0)
        {
            return false;
        }

        for (int i = 0; i < index; i++)
        {
            if (Element.GetResponse(cluster.GetCommand(i)) == response)
            {
                return false;
            }
        }

        return true;
    }

    private void StartAttribute(Cluster cluster, uint attribute, int listIndex)
    {
        Open(AttributeArray);
        _writer.StartStructure(TlvTag.Anonymous);
        _writer.StartStructure(1);
        _writer.PutUnsigned(0, cluster.DataVersion);
        _path.Endpoint = cluster.Endpoint.Number;
        _path.Cluster = cluster.Id;
        _path.Attribute = attribute;
        _path.ListIndex = listIndex;
        _path.Write(_writer, 1);
    }

    private void EndAttribute()
    {
        _writer.EndContainer();
        _writer.EndContainer();
        _hasContent = true;
    }

    private bool PutAttributeStatus(int endpoint, uint cluster, uint attribute, int status)
    {
        int mark = _writer.Mark();
        int array = _array;
        Open(AttributeArray);
        _writer.StartStructure(TlvTag.Anonymous);
        _writer.StartStructure(0);
        _path.Endpoint = endpoint;
        _path.Cluster = cluster;
        _path.Attribute = attribute;
        _path.ListIndex = AttributePath.NoItem;
        _path.Write(_writer, 0);
        return PutStatusEnd(mark, array, status);
    }

    private bool PutStatusEnd(int mark, int array, int status)
    {
        StatusElement.Write(_writer, 1, status, -1);
        _writer.EndContainer();
        _writer.EndContainer();
        if (_writer.Overflow)
        {
            Rollback(mark, array);
            return false;
        }

        _hasContent = true;
        return true;
    }

    private bool BuildEventStatus(Transaction report)
    {
        for (; report.PathIndex < report.PathCount; report.PathIndex++)
        {
            int at = report.PathsAt + (report.PathIndex * PathTable.Size);
            if (PathTable.GetKind(report.Paths, at) == PathTable.Attribute || !PathTable.IsConcrete(report.Paths, at))
            {
                continue;
            }

            _eventPath.Endpoint = PathTable.GetEndpoint(report.Paths, at);
            _eventPath.Cluster = PathTable.GetCluster(report.Paths, at);
            _eventPath.Event = PathTable.GetElement(report.Paths, at);
            _eventPath.IsUrgent = false;
            int status = _access.CheckEvent(report.Subject, _eventPath.Endpoint, _eventPath.Cluster, _eventPath.Event);
            if (status == Status.Success)
            {
                continue;
            }

            int mark = _writer.Mark();
            int array = _array;
            Open(EventArray);
            _writer.StartStructure(TlvTag.Anonymous);
            _writer.StartStructure(0);
            _eventPath.Write(_writer, 0);
            if (!PutStatusEnd(mark, array, status))
            {
                return false;
            }
        }

        return true;
    }

    private bool BuildEvents(Transaction report)
    {
        EventLog events = _node.Events;
        while (report.NextEvent < report.UntilEvent && events.Find(report.NextEvent) && events.Number < report.UntilEvent)
        {
            ulong number = events.Number;
            if (IsEventWanted(report, events) && !PutEvent(events))
            {
                report.NextEvent = number;
                return false;
            }

            report.NextEvent = number + 1;
        }

        return true;
    }

    private bool IsEventWanted(Transaction report, EventLog events)
    {
        int fabric = events.FabricIndex;
        if (fabric != 0 && fabric != report.FabricIndex)
        {
            return false;
        }

        for (int i = 0; i < report.PathCount; i++)
        {
            int at = report.PathsAt + (i * PathTable.Size);
            if (PathTable.GetKind(report.Paths, at) != PathTable.Attribute
                && PathTable.Matches(report.Paths, at, events.Endpoint, events.Cluster, events.EventId))
            {
                return _access.CheckEvent(report.Subject, events.Endpoint, events.Cluster, events.EventId) == Status.Success;
            }
        }

        return false;
    }

    private bool PutEvent(EventLog events)
    {
        int mark = _writer.Mark();
        int array = _array;
        Open(EventArray);
        _writer.StartStructure(TlvTag.Anonymous);
        _writer.StartStructure(1);
        _eventPath.Endpoint = events.Endpoint;
        _eventPath.Cluster = events.Cluster;
        _eventPath.Event = events.EventId;
        _eventPath.IsUrgent = false;
        _eventPath.Write(_writer, 0);
        _writer.PutUnsigned(1, events.Number);
        _writer.PutUnsigned(2, (ulong)events.Priority);
        _writer.PutUnsigned(4, events.Time);
        events.WriteData(_writer);
        _writer.EndContainer();
        _writer.EndContainer();
        if (_writer.Overflow)
        {
            Rollback(mark, array);
            return false;
        }

        _hasContent = true;
        return true;
    }

    private void Open(int array)
    {
        if (_array == array)
        {
            return;
        }

        if (_array != NoArray)
        {
            _writer.EndContainer();
        }

        _writer.StartArray((uint)array);
        _array = array;
    }

    private void Rollback(int mark, int array)
    {
        _writer.Rollback(mark);
        _array = array;
    }
}
