using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using MatterNano.Peer;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using Xunit;

namespace MatterNano.Simulation;

/// <summary>A light and its controllers on a virtual network.</summary>
internal sealed class House
{
    public const ulong NodeId = 0x77;
    private const uint Passcode = 20202021;

    private readonly int _seed;
    private int _nextHost = 10;
    private int _restarts;

    public House(int seed)
    {
        _seed = seed;
        Time = new VirtualTime();
        Network = new VirtualNetwork(Time, seed);
        Light = new VirtualLight(Time, Network, 1, Passcode, seed);
    }

    public VirtualTime Time { get; }

    public VirtualNetwork Network { get; }

    public VirtualLight Light { get; private set; }

    public static uint Handshakes(VirtualLight light)
    {
        SecureChannelCounters counters = light.Node.SecureChannel.Counters;
        return counters.Get(SecureChannelCounters.CaseEstablished) + counters.Get(SecureChannelCounters.CaseResumed)
            + counters.Get(SecureChannelCounters.CaseInitiated);
    }

    public VirtualPeer AddPeer()
    {
        int host = _nextHost++;
        return new VirtualPeer(Time, Network, host, 1, _seed + (host * 1000));
    }

    public async Task<Subscriber> Commission(ulong fabricId, uint passcode = Passcode)
    {
        VirtualPeer peer = AddPeer();
        PeerFabric fabric = new(fabricId);
        Commissioned home = await PeerCommissioner.RunAsync(peer.Matter, passcode, fabric, NodeId, fabric.CreateIdentity(0x1000 + fabricId));
        return new Subscriber(peer, home.Administrator, home.Case);
    }

    /// <summary>Five fabrics of three controllers, each with a session and a subscription.</summary>
    public async Task<List<Subscriber>> FillUp()
    {
        List<Subscriber> all = new();
        for (ulong f = 1; f <= Limits.Fabrics; f++)
        {
            uint passcode = Passcode;
            if (f > 1)
            {
                passcode = 34567000 + (uint)f;
                byte[] salt = all[0].Peer.Matter.RandomBytes(32);
                byte[] verifier = PeerCrypto.Verifier(passcode, salt, 1000);
                ImInvokeResult open = await all[0].Client.InvokeAsync(
                    0, 0x3c, 0, w => w.U(0, 300).Bytes(1, verifier).U(2, 100).U(3, 1000).Bytes(4, salt), 10000);
                Assert.Equal(0, open.Status);
            }

            Subscriber administrator = await Commission(f, passcode);
            all.Add(administrator);

            // Everybody of the fabric may administer, so that the others can subscribe.
            int written = await administrator.Client.WriteAsync(
                0, 0x1f, 0, (w, tag) => w.Array(tag).Struct().U(1, 5).U(2, 2).Null(3).Null(4).End().End());
            Assert.Equal(0, written);
            for (ulong c = 1; c < Limits.CaseSessionsPerFabric; c++)
            {
                VirtualPeer peer = AddPeer();
                PeerIdentity identity = administrator.Identity.Fabric.CreateIdentity(0x2000 + (f * 16) + c);
                HandshakeResult handshake = await CaseInitiator.RunAsync(peer.Matter, identity, NodeId);
                Assert.True(handshake.IsSuccess);
                all.Add(new Subscriber(peer, identity, handshake));
            }
        }

        foreach (Subscriber subscriber in all)
        {
            await subscriber.Subscribe();
        }

        return all;
    }

    public void Restart()
    {
        Light.PowerOff();
        Start();
    }

    /// <summary>Stops the light in order, as a reboot by command does.</summary>
    public void Stop()
    {
        Light.Node.Stop();
        Light.PowerOff();
    }

    /// <summary>Starts the light that lost power or was stopped.</summary>
    public void Start()
    {
        Light = new VirtualLight(Time, Network, 1, Passcode, _seed + 50 + _restarts++, Light.Flash);
    }

    public async Task Until(Func<bool> condition, long limit)
    {
        for (long end = Time.Milliseconds + limit; !condition();)
        {
            Assert.True(Time.Milliseconds < end, "not within " + limit + " ms");
            await Time.Delay(1);
        }
    }

    public void Run(Func<Task> body, long limit = 2_000_000) => Time.Run(body, limit);
}
