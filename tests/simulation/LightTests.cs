using System;
using System.Linq;
using System.Threading.Tasks;
using MatterNano.Peer;
using MatterNano.Platform;
using Xunit;

namespace MatterNano.Simulation;

/// <summary>A whole light, commissioned and used by the test controller.</summary>
public class LightTests
{
    private const uint Passcode = 20202021;
    private const ulong NodeId = 0x77;
    private const uint OnOff = 6;

    [Fact]
    public void Light_IsCommissioned_Switched_AndFoundAgainAfterAPowerCut()
    {
        LightWorld world = new(1);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            Commissioned home = await world.Commission(peer, 1);
            Assert.Equal(0, (await home.Client.InvokeAsync(1, OnOff, 2)).Status);
            Assert.True(world.Light.Light.OnOff.IsOn);
            Assert.True((await home.Client.ReadOneAsync(1, OnOff, 0)).Boolean);
            await world.Time.Delay(5000);
            world.Restart();
            HandshakeResult again = await CaseInitiator.RunAsync(
                peer.Matter, home.Administrator, NodeId, new CaseOptions { Resumption = home.Case.Resumption });
            Assert.True(again.IsResumed);
            ImClient client = new(peer.Matter, again.Session);
            Assert.Equal(0xfff1UL, (await client.ReadOneAsync(0, 0x28, 2)).Unsigned);
            Assert.Equal(1UL, (await client.ReadOneAsync(0, 0x3e, 3)).Unsigned);
        });
    }

    [Fact]
    public void PaseSession_IsClosedAtCommissioningComplete_AndAttestationIsBoundToIt()
    {
        LightWorld world = new(2);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            await world.Commission(peer, 1);
            await world.Time.Delay(1000);
            Assert.Null(world.Light.Node.Sessions.GetPaseSession());
            Assert.False(world.Light.Node.Window.IsOpen);
            await Assert.ThrowsAsync<TimeoutException>(() => PaseInitiator.RunAsync(peer.Matter, Passcode));
        });
    }

    [Fact]
    public void CommissioningComplete_IsAnsweredBeforePaseEnds_11_10_7_6()
    {
        LightWorld world = new(22);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            bool closed = false;
            int at = 0;
            peer.Matter.Closed = _ =>
            {
                closed = true;
                at = peer.Matter.Log.Count;
            };
            await world.Commission(peer, 1);
            await world.Time.Delay(1000);
            Assert.True(closed);
            int answered = peer.Matter.Log.FindLastIndex(m => m.ProtocolId == 1 && m.Opcode == ImClient.InvokeResponse);
            Assert.InRange(answered, 0, at - 2);
        });
    }

    [Fact]
    public void ListenerOfTheApplicationThatThrows_FailsItsCommand_AndNothingElse()
    {
        LightWorld world = new(23);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            Commissioned home = await world.Commission(peer, 1);
            bool throws = true;
            world.Light.Light.OnOff.Changed += (_, _) =>
            {
                if (throws)
                {
                    throw new InvalidOperationException("the application's mistake");
                }
            };
            for (int i = 0; i < 20; i++)
            {
                Assert.Equal(1, (await home.Client.InvokeAsync(1, OnOff, 2)).Status);
            }

            // In a timer of the cluster, where nobody waits for an answer.
            throws = false;
            Assert.Equal(0, (await home.Client.InvokeAsync(1, OnOff, 0x42, w => w.U(0, 0).U(1, 10).U(2, 0))).Status);
            throws = true;
            await world.Time.Delay(2000);
            throws = false;
            Assert.False((await home.Client.ReadOneAsync(1, OnOff, 0)).Boolean);
            Assert.Equal(0, (await home.Client.InvokeAsync(1, OnOff, 2)).Status);
            await world.Time.Delay(1000);
            Assert.Equal(Limits.MessageBuffers, world.Light.Node.Exchanges.FreeBuffers);
        });
    }

    [Fact]
    public void JobOfTheWorkerThatThrows_DoesNotEndTheLoop_UnlessItAlwaysDoes()
    {
        LightWorld world = new(24);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            Commissioned home = await world.Commission(peer, 1);
            world.Light.Worker.Post(new ThrowingJob());
            await world.Time.Delay(100);
            Assert.False((await home.Client.ReadOneAsync(1, OnOff, 0)).Boolean);
            for (int i = 1; i < 10; i++)
            {
                world.Light.Worker.Post(new ThrowingJob());
                Assert.Equal(0, world.Light.Node.Step());
            }

            world.Light.Worker.Post(new ThrowingJob());
            Assert.Throws<InvalidOperationException>(() => world.Light.Node.Step());
        });
    }

    private sealed class ThrowingJob : WorkerJob
    {
        public override void Run()
        {
        }

        public override void Completed() => throw new InvalidOperationException("the worker's mistake");
    }

    [Fact]
    public void Subscription_ReportsEachChange()
    {
        LightWorld world = new(3);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            Commissioned home = await world.Commission(peer, 1);
            ImSubscription subscription = await home.Client.SubscribeAsync(0, 60, new[] { new ImPath(1, OnOff, 0) });
            Assert.False(subscription.First.Find(1, OnOff, 0).Value.Boolean);
            for (int i = 1; i <= 6; i++)
            {
                Task<ImReport> report = home.Client.NextReportAsync(subscription, 5000);
                world.Light.Light.OnOff.Toggle();
                Assert.Equal(i % 2 == 1, (await report).Find(1, OnOff, 0).Value.Boolean);
            }

            // Nothing changes: a keep-alive comes all the same.
            Task<ImReport> keepAlive = home.Client.NextReportAsync(subscription, subscription.MaxInterval * 1000);
            Assert.Empty((await keepAlive).Attributes);
        });
    }

    [Fact]
    public void SecondAdministrator_ComesThroughAWindowOfTheFirst()
    {
        LightWorld world = new(4);
        VirtualPeer first = world.AddPeer();
        VirtualPeer second = world.AddPeer();
        world.Run(async () =>
        {
            Commissioned home = await world.Commission(first, 1);
            byte[] salt = first.Matter.RandomBytes(32);
            byte[] verifier = PeerCrypto.Verifier(34567890, salt, 2000);
            ImInvokeResult open = await home.Client.InvokeAsync(
                0, 0x3c, 0, f => f.U(0, 300).Bytes(1, verifier).U(2, 100).U(3, 2000).Bytes(4, salt), 10000);
            Assert.Equal(0, open.Status);
            Commissioned other = await world.Commission(second, 2, 34567890);
            Assert.Equal(2UL, (await other.Client.ReadOneAsync(0, 0x3e, 3)).Unsigned);
            await other.Client.InvokeAsync(1, OnOff, 1);
            Assert.True((await home.Client.ReadOneAsync(1, OnOff, 0)).Boolean);

            // The second removes itself; the first stays.
            ImInvokeResult removed = await other.Client.InvokeAsync(0, 0x3e, 0x0a, f => f.U(0, 2));
            Assert.Equal(0, removed.Status);
            await world.Time.Delay(2000);
            Assert.Equal(1UL, (await home.Client.ReadOneAsync(0, 0x3e, 3)).Unsigned);
            HandshakeResult refused = await CaseInitiator.RunAsync(second.Matter, other.Administrator, NodeId);
            Assert.Equal(1, refused.Status.Code);
        });
    }

    [Fact]
    public void WildcardRead_ComesInChunks_AndTwiceTheSame()
    {
        LightWorld world = new(5);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            Commissioned home = await world.Commission(peer, 1);
            ImReport one = await home.Client.ReadAsync(new ImPath(null, null, null));
            ImReport two = await home.Client.ReadAsync(new ImPath(null, null, null));
            Assert.True(one.Chunks > 1);
            Assert.True(one.Attributes.Count > 100, one.Attributes.Count + " attributes");
            Assert.All(one.Attributes, a => Assert.Equal(0, a.Status));
            Assert.Equal(one.Attributes.Select(a => a.Path), two.Attributes.Select(a => a.Path));
            Assert.Equal(one.Attributes.Count, one.Attributes.Select(a => a.Path).Distinct().Count());
        });
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public void Commissioning_AndUse_UnderLossDuplicatesAndReordering(int seed)
    {
        LightWorld world = new(seed);
        world.Network.Loss = 0.12;
        world.Network.Duplicates = 0.15;
        world.Network.MaxDelay = 30;
        world.Light.Worker.JobTime = 200;
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            Commissioned home = await world.Commission(peer, 1);
            for (int i = 1; i <= 20; i++)
            {
                // Toggled exactly once each time, however often the message came.
                Assert.Equal(0, (await home.Client.InvokeAsync(1, OnOff, 2)).Status);
                Assert.Equal(i % 2 == 1, world.Light.Light.OnOff.IsOn);
            }
        });
    }

    [Fact]
    public void SlowDevice_IsCommissionedWithoutOneRetransmission()
    {
        LightWorld world = new(21);
        VirtualPeer peer = world.AddPeer();
        world.Time.RunFor(5000);
        world.Light.Worker.JobTime = 2000;
        world.Run(async () => await world.Commission(peer, 1));
        Assert.Equal(0, peer.Matter.Retransmissions);
    }

    [Fact]
    public void OrderlyStop_ClosesEverySession_SoThatThePeerComesBackAtOnce()
    {
        LightWorld world = new(22);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            Commissioned home = await world.Commission(peer, 1);
            world.Time.Schedule(10, () => world.Light.Node.Stop());
            await world.Time.Delay(3000);
            Assert.True(home.Client.Session.ClosedByNode);
        });
    }

    private sealed class LightWorld
    {
        private readonly int _seed;
        private int _nextHost = 10;

        public LightWorld(int seed)
        {
            _seed = seed;
            Time = new VirtualTime();
            Network = new VirtualNetwork(Time, seed);
            Light = new VirtualLight(Time, Network, 1, Passcode, seed);
        }

        public VirtualTime Time { get; }

        public VirtualNetwork Network { get; }

        public VirtualLight Light { get; private set; }

        public VirtualPeer AddPeer()
        {
            int host = _nextHost++;
            return new VirtualPeer(Time, Network, host, 1, _seed + (host * 1000)) { };
        }

        public Task<Commissioned> Commission(VirtualPeer peer, ulong fabricId, uint passcode = Passcode)
        {
            PeerFabric fabric = new(fabricId);
            return PeerCommissioner.RunAsync(peer.Matter, passcode, fabric, NodeId, fabric.CreateIdentity(0x1000 + fabricId));
        }

        public void Restart()
        {
            Light.PowerOff();
            Light = new VirtualLight(Time, Network, 1, Passcode, _seed + 50, Light.Flash);
        }

        public void Run(Func<Task> body) => Time.Run(body);
    }
}
