namespace MatterNano.Interaction;

/// <summary>Hears of every change of the data model; the engine turns them into reports.</summary>
public interface IChangeListener
{
    /// <summary>An attribute of a cluster changed; the cluster's data version has already grown.</summary>
    void OnAttributeChanged(Cluster cluster, uint attribute);

    /// <summary>An event was recorded.</summary>
    /// <param name="endpoint">Endpoint number.</param>
    /// <param name="cluster">Cluster id.</param>
    /// <param name="eventId">Event id.</param>
    /// <param name="fabricIndex">Fabric of a fabric-sensitive event; 0 for all.</param>
    void OnEventRecorded(int endpoint, uint cluster, uint eventId, int fabricIndex);
}
