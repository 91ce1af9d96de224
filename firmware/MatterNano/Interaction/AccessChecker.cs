namespace MatterNano.Interaction;

/// <summary>Order of the checks on a concrete path: some access first, existence next, the privilege of the element last (Core 8.4.3.2, 8.7.3.2, 8.8.3.2).</summary>
/// <remarks>Without View a subject learns nothing about what exists.</remarks>
internal sealed class AccessChecker
{
    private readonly Node _node;
    private readonly IAccessControl _access;

    internal AccessChecker(Node node, IAccessControl access)
    {
        _node = node;
        _access = access;
    }

    internal bool IsGranted(AccessSubject subject, int privilege, EndpointDefinition endpoint, uint cluster)
    {
        return _access.IsGranted(subject, privilege, endpoint, cluster);
    }

    /// <summary>Finds the cluster of a concrete path for a subject that has at least View there.</summary>
    /// <returns>The cluster, or null with the status.</returns>
    internal Cluster Find(AccessSubject subject, int endpoint, uint cluster, out int status)
    {
        EndpointDefinition definition = _node.FindEndpoint(endpoint);
        if (!_access.IsGranted(subject, Privilege.View, definition, cluster))
        {
            status = Status.UnsupportedAccess;
            return null;
        }

        if (definition == null)
        {
            status = Status.UnsupportedEndpoint;
            return null;
        }

        Cluster found = definition.FindCluster(cluster);
        status = found == null ? Status.UnsupportedCluster : Status.Success;
        return found;
    }

    /// <summary>Finds an attribute that a subject may read.</summary>
    /// <returns>The cluster, or null with the status.</returns>
    internal Cluster FindAttribute(AccessSubject subject, int endpoint, uint cluster, uint attribute, out uint element, out int status)
    {
        element = Element.End;
        Cluster found = Find(subject, endpoint, cluster, out status);
        if (found == null)
        {
            return null;
        }

        element = found.FindAttribute(attribute);
        if (element == Element.End)
        {
            status = Status.UnsupportedAttribute;
            return null;
        }

        int privilege = Element.GetPrivilege(element);
        if (privilege == Privilege.None)
        {
            status = Status.UnsupportedRead;
            return null;
        }

        if (privilege != Privilege.View && !_access.IsGranted(subject, privilege, found.Endpoint, cluster))
        {
            status = Status.UnsupportedAccess;
            return null;
        }

        return found;
    }

    /// <summary>Finds an event that a subject may read.</summary>
    /// <returns>The status.</returns>
    internal int CheckEvent(AccessSubject subject, int endpoint, uint cluster, uint eventId)
    {
        int status;
        Cluster found = Find(subject, endpoint, cluster, out status);
        if (found == null)
        {
            return status;
        }

        uint element = found.FindEvent(eventId);
        if (element == Element.End)
        {
            return Status.UnsupportedEvent;
        }

        int privilege = Element.GetPrivilege(element);
        if (privilege != Privilege.View && !_access.IsGranted(subject, privilege, found.Endpoint, cluster))
        {
            return Status.UnsupportedAccess;
        }

        return Status.Success;
    }
}
