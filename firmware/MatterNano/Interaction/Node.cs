using System;
using MatterNano.Platform;

namespace MatterNano.Interaction;

/// <summary>The data model of this node: endpoints in rising order, their clusters, the event log (Core 7).</summary>
public sealed class Node
{
    private readonly EndpointDefinition[] _endpoints;
    private readonly EventLog _events;
    private readonly IRandom _randomSource;
    private int _endpointCount;
    private int _clusterCount;

    // For each cluster: data version | number of the last change | largest change number forgotten.
    internal const int NumbersPerCluster = 3;
    internal uint[] Numbers = new uint[0];
    private IChangeListener _listener;
    private long _nextProcess;

    /// <summary>Makes a node without endpoints.</summary>
    /// <param name="endpointCapacity">Endpoints that will be added.</param>
    /// <param name="events">Where events are recorded.</param>
    /// <param name="random">For the first data versions.</param>
    public Node(int endpointCapacity, EventLog events, IRandom random)
    {
        _endpoints = new EndpointDefinition[endpointCapacity];
        _events = events;
        _randomSource = random;
    }

    /// <summary>Where events are recorded.</summary>
    public EventLog Events
    {
        get { return _events; }
    }

    /// <summary>Number of endpoints.</summary>
    public int EndpointCount
    {
        get { return _endpointCount; }
    }

    /// <summary>Number of clusters on all endpoints.</summary>
    public int ClusterCount
    {
        get { return _clusterCount; }
    }

    /// <summary>Endpoint by index, in rising order of numbers.</summary>
    public EndpointDefinition GetEndpoint(int index)
    {
        return _endpoints[index];
    }

    /// <summary>Endpoint by number.</summary>
    /// <returns>Null when it is not there.</returns>
    public EndpointDefinition FindEndpoint(int number)
    {
        for (int i = 0; i < _endpointCount; i++)
        {
            if (_endpoints[i].Number == number)
            {
                return _endpoints[i];
            }
        }

        return null;
    }

    /// <summary>Cluster by endpoint number and id.</summary>
    /// <returns>Null when it is not there.</returns>
    public Cluster FindCluster(int endpoint, uint cluster)
    {
        EndpointDefinition definition = FindEndpoint(endpoint);
        return definition == null ? null : definition.FindCluster(cluster);
    }

    // Cluster by its place among all.
    internal Cluster GetCluster(int ordinal)
    {
        int i = 0;
        while (ordinal >= _endpoints[i].ClusterCount)
        {
            ordinal -= _endpoints[i++].ClusterCount;
        }

        return _endpoints[i].GetCluster(ordinal);
    }

    /// <summary>Adds an endpoint with all its clusters and draws their data versions.</summary>
    /// <exception cref="InvalidOperationException">The capacity is used up, the numbers do not rise, or the endpoint is on a node already.</exception>
    public void Add(EndpointDefinition endpoint)
    {
        if (_endpointCount == _endpoints.Length || endpoint.Node != null
            || (_endpointCount > 0 && _endpoints[_endpointCount - 1].Number >= endpoint.Number))
        {
            throw new InvalidOperationException();
        }

        _endpoints[_endpointCount++] = endpoint;
        endpoint.Attach(this);
        uint[] numbers = new uint[(_clusterCount + endpoint.ClusterCount) * NumbersPerCluster];
        Array.Copy(Numbers, 0, numbers, 0, Numbers.Length);
        Numbers = numbers;
        byte[] random = new byte[4];
        for (int i = 0; i < endpoint.ClusterCount; i++)
        {
            _randomSource.Fill(random, 0, 4);
            Numbers[_clusterCount * NumbersPerCluster] = ByteOrder.ReadUInt32(random, 0);
            endpoint.GetCluster(i).SetOrdinal(_clusterCount++);
        }
    }

    /// <summary>Timed work of all clusters (<see cref="Cluster.Process"/>).</summary>
    /// <param name="now">Monotonic milliseconds.</param>
    /// <returns>When to be called next; <see cref="long.MaxValue"/> for never.</returns>
    public long Process(long now)
    {
        if (now < _nextProcess)
        {
            return _nextProcess;
        }

        _nextProcess = long.MaxValue;
        for (int i = 0; i < _endpointCount; i++)
        {
            EndpointDefinition endpoint = _endpoints[i];
            for (int j = 0; j < endpoint.ClusterCount; j++)
            {
                long next = endpoint.GetCluster(j).Process(now);
                if (next < _nextProcess)
                {
                    _nextProcess = next;
                }
            }
        }

        return _nextProcess;
    }

    /// <summary>Has <see cref="Process"/> ask every cluster at the next turn of the loop.</summary>
    public void RequestProcess()
    {
        _nextProcess = long.MinValue;
    }

    internal void SetListener(IChangeListener listener)
    {
        _listener = listener;
        _events.SetListener(listener);
    }

    internal void OnChanged(Cluster cluster, uint attribute)
    {
        if (_listener != null)
        {
            _listener.OnAttributeChanged(cluster, attribute);
        }
    }
}
