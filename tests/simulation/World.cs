using System;
using System.Threading.Tasks;
using MatterNano.Peer;
using MatterNano.Platform;
using Xunit;

namespace MatterNano.Simulation;

/// <summary>One node, one fabric, any number of controllers: what most tests start from.</summary>
public sealed class World
{
    public const uint Passcode = 20202021;
    public const ulong NodeId = 0x1234;
    public const int NodeHost = 1;

    private readonly int _seed;
    private int _nextHost = 10;
    private int _restarts;

    public World(int seed = 1, bool withIntermediate = false, bool join = true, bool start = true)
    {
        _seed = seed;
        Time = new VirtualTime();
        Network = new VirtualNetwork(Time, seed);
        Fabric = new PeerFabric(0xfab1_0000_0000_0001, withIntermediate);
        Node = new VirtualNode(Time, Network, NodeHost, seed + 1, null, start);
        if (join)
        {
            Node.Join(Fabric, NodeId);
        }
    }

    public VirtualTime Time { get; }

    public VirtualNetwork Network { get; }

    public PeerFabric Fabric { get; }

    public VirtualNode Node { get; private set; }

    /// <summary>Adds a controller.</summary>
    public VirtualPeer AddPeer()
    {
        int host = _nextHost++;
        return new VirtualPeer(Time, Network, host, NodeHost, _seed + (host * 1000));
    }

    /// <summary>Power cut and boot with the same flash.</summary>
    public void Restart(bool start = true)
    {
        Node.PowerOff();
        Node = new VirtualNode(Time, Network, NodeHost, _seed + 77 + (1000 * _restarts++), Node.Flash, start);
    }

    public void Run(Func<Task> body, long limit = 600_000) => Time.Run(body, limit);

    /// <summary>Sends a payload over a session and expects it back.</summary>
    public static async Task AssertWorks(MatterPeer peer, PeerSession session)
    {
        byte[] payload = { 1, 2, 3, 4, (byte)session.Counter };
        PeerExchange exchange = peer.OpenExchange(session);
        PeerMessage answer = await exchange.RequestAsync(1, 2, payload).ConfigureAwait(false);
        exchange.Close();
        Assert.Equal(payload, answer.Payload);
    }

    /// <summary>Fails unless every pool is whole: nothing leaked.</summary>
    /// <param name="sessions">Secure sessions that live.</param>
    public void AssertPools(int sessions)
    {
        // Whatever lingers for a last acknowledgement is over by then.
        Time.RunFor(100_000);
        Assert.Equal(0, Node.Exchanges.OpenExchanges);
        Assert.Equal(Limits.MessageBuffers, Node.Exchanges.FreeBuffers);
        Assert.Equal(0, Node.Sessions.UsedUnsecureSessions);

        // One slot is held for the next handshake.
        Assert.Equal(sessions + 1, Node.Sessions.UsedSecureSessions);
    }
}
