namespace MatterNano.Interaction;

/// <summary>Decides every access (Core 6.6.5). Asked once a path and privilege, so it must be quick and allocate nothing.</summary>
public interface IAccessControl
{
    /// <summary>Whether a subject holds a privilege on a cluster of an endpoint.</summary>
    /// <param name="subject">Who asks; read only.</param>
    /// <param name="privilege">One of <see cref="Privilege"/>.</param>
    /// <param name="endpoint">Where, with its device types; null for an endpoint that is not there, which matches no target that names an endpoint or a device type.</param>
    /// <param name="cluster">Cluster id.</param>
    bool IsGranted(AccessSubject subject, int privilege, EndpointDefinition endpoint, uint cluster);
}
