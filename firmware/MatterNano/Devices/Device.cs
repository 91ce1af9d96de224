using MatterNano.Clusters;
using MatterNano.Interaction;

namespace MatterNano.Devices;

/// <summary>An endpoint behind the root: a device type with Descriptor and Identify.</summary>
public abstract class Device
{
    private readonly RootNode _root;
    private readonly EndpointDefinition _endpoint;
    private readonly IdentifyCluster _identify;

    /// <summary>Makes the next endpoint of a node; the derived class adds its clusters and calls <see cref="Finish"/>.</summary>
    /// <param name="root">The node.</param>
    /// <param name="deviceType">Device type id.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="clusters">Clusters besides Descriptor and Identify.</param>
    /// <param name="identifyType">How it shows itself, such as <see cref="IdentifyCluster.TypeLightOutput"/>.</param>
    protected Device(RootNode root, uint deviceType, uint revision, int clusters, int identifyType)
    {
        _root = root;
        _endpoint = new EndpointDefinition(root.Node.EndpointCount, new uint[] { deviceType, revision }, clusters + 2, null);
        _identify = new IdentifyCluster(root.Services.Clock, identifyType);
        _endpoint.Add(new DescriptorCluster());
        _endpoint.Add(_identify);
    }

    /// <summary>The endpoint.</summary>
    public EndpointDefinition Endpoint
    {
        get { return _endpoint; }
    }

    /// <summary>Identify: raise a hand when asked to.</summary>
    public IdentifyCluster Identify
    {
        get { return _identify; }
    }

    /// <summary>The node.</summary>
    protected RootNode Root
    {
        get { return _root; }
    }

    /// <summary>Adds a cluster.</summary>
    protected void Add(Cluster cluster)
    {
        _endpoint.Add(cluster);
    }

    /// <summary>Puts the endpoint on the node.</summary>
    protected void Finish()
    {
        _root.Node.Add(_endpoint);
    }
}
