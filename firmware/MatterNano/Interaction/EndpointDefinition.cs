using System;

namespace MatterNano.Interaction;

/// <summary>One endpoint: its number, device types and clusters (Core 7.8). Built once at start.</summary>
public sealed class EndpointDefinition
{
    private readonly uint[] _deviceTypes;
    private readonly uint[] _clientClusters;
    private readonly Cluster[] _clusters;

    // Number u16 | parent u16 | clusters u16.
    private ulong _numbers;
    private Node _node;

    /// <summary>Makes an endpoint without clusters.</summary>
    /// <param name="number">0 for the root node, 1 to 65534 else.</param>
    /// <param name="deviceTypes">Pairs of device type id and revision, one after the other; at least one pair. Kept, not copied.</param>
    /// <param name="clusterCapacity">Clusters that will be added.</param>
    /// <param name="clientClusters">Ids of client clusters; null for none. Kept, not copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of range, or device types not in pairs.</exception>
    public EndpointDefinition(int number, uint[] deviceTypes, int clusterCapacity, uint[] clientClusters)
    {
        if (number < 0 || number > 0xfffe || deviceTypes.Length == 0 || (deviceTypes.Length & 1) != 0 || clusterCapacity < 0)
        {
            throw new ArgumentOutOfRangeException();
        }

        _numbers = (uint)number;
        _deviceTypes = deviceTypes;
        _clientClusters = clientClusters;
        _clusters = new Cluster[clusterCapacity];
    }

    /// <summary>Endpoint number.</summary>
    public int Number
    {
        get { return -1 & (int)(_numbers & 0xffff); }
    }

    /// <summary>The node; null until the endpoint has been added to one.</summary>
    public Node Node
    {
        get { return _node; }
    }

    /// <summary>Number of the endpoint that this one is a part of; 0 (the root) unless set before it is added.</summary>
    public int Parent
    {
        get { return -1 & (int)((_numbers >> 16) & 0xffff); }
        set { _numbers = (_numbers & ~0xffff0000UL) | ((ulong)(value & 0xffff) << 16); }
    }

    /// <summary>Number of device types.</summary>
    public int DeviceTypeCount
    {
        get { return _deviceTypes.Length / 2; }
    }

    /// <summary>Number of server clusters.</summary>
    public int ClusterCount
    {
        get { return -1 & (int)(_numbers >> 32); }
    }

    /// <summary>Number of client clusters.</summary>
    public int ClientClusterCount
    {
        get { return _clientClusters == null ? 0 : _clientClusters.Length; }
    }

    /// <summary>Device type id by index.</summary>
    public uint GetDeviceType(int index)
    {
        return _deviceTypes[index * 2];
    }

    /// <summary>Device type revision by index.</summary>
    public uint GetDeviceTypeRevision(int index)
    {
        return _deviceTypes[(index * 2) + 1];
    }

    /// <summary>True when the endpoint has this device type.</summary>
    public bool HasDeviceType(uint id)
    {
        for (int i = 0; i < _deviceTypes.Length; i += 2)
        {
            if (_deviceTypes[i] == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Client cluster id by index.</summary>
    public uint GetClientCluster(int index)
    {
        return _clientClusters[index];
    }

    /// <summary>Server cluster by index.</summary>
    public Cluster GetCluster(int index)
    {
        return _clusters[index];
    }

    /// <summary>Server cluster by id.</summary>
    /// <returns>Null when it is not there.</returns>
    public Cluster FindCluster(uint id)
    {
        int count = ClusterCount;
        for (int i = 0; i < count; i++)
        {
            if (_clusters[i].Id == id)
            {
                return _clusters[i];
            }
        }

        return null;
    }

    /// <summary>Adds a cluster. All clusters are added before the endpoint is added to its node.</summary>
    /// <exception cref="InvalidOperationException">The capacity is used up, the id is there already, or the endpoint is on a node.</exception>
    public void Add(Cluster cluster)
    {
        if (ClusterCount == _clusters.Length || FindCluster(cluster.Id) != null || _node != null)
        {
            throw new InvalidOperationException();
        }

        _clusters[ClusterCount] = cluster;
        _numbers += 1UL << 32;
        cluster.Attach(this);
    }

    internal void Attach(Node node)
    {
        _node = node;
    }
}
