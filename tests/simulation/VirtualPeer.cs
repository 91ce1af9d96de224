using System;
using MatterNano.Peer;

namespace MatterNano.Simulation;

/// <summary>A controller on the virtual network.</summary>
public sealed class VirtualPeer : IPeerHost
{
    private readonly VirtualTime _time;
    private readonly VirtualNetwork _network;

    public VirtualPeer(VirtualTime time, VirtualNetwork network, int host, int node, int seed)
    {
        _time = time;
        _network = network;
        Number = host;
        Node = node;
        Matter = new MatterPeer(this, seed);
        network.Attach(host, (_, bytes) => Matter.OnDatagram(bytes));
    }

    /// <summary>Its own host number.</summary>
    public int Number { get; }

    /// <summary>Host number of the node it talks to.</summary>
    public int Node { get; set; }

    public MatterPeer Matter { get; }

    public long Now => _time.Milliseconds;

    public void Send(byte[] datagram) => _network.Send(Number, Node, datagram);

    public Action Schedule(long delay, Action action) => _time.Schedule(delay, action);
}
