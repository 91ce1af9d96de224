using System;
using System.Threading.Tasks;
using MatterNano.Peer;
using MatterNano.SecureChannel;
using Xunit;

namespace MatterNano.Simulation;

/// <summary>Handshake messages in an order no honest controller sends them in. Sigma1 is not authenticated, so anyone who has seen one can try.</summary>
public class HandshakeAttackTests
{
    private const ulong PeerNodeId = 0x1_0001;

    private const int StaleAfter = 1500;

    // Where the initiator's session id is in Sigma1: neither the destination id nor the resume MIC covers it.
    private const int SessionIdAt = 38;

    [Fact]
    public void AnotherSigma1_OnTheExchangeOfAStaleHandshake_IsIgnored()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        byte[] sigma1 = null;
        world.Run(async () =>
        {
            HandshakeResult stopped = await Connect(world, peer, new CaseOptions { StopAfter = 0x30, Sigma1 = s => sigma1 = s });
            await stopped.Exchange.ReceiveAsync();
            await world.Time.Delay(StaleAfter + 500);
            stopped.Exchange.Send(0, 0x30, Spoil(sigma1));
            await world.Time.Delay(500);
            Assert.True((await Connect(world, peer)).IsSuccess);
        });
        world.AssertPools(1);
    }

    [Fact]
    public void AnotherSigma1_OnTheExchangeOfAResumption_IsIgnored()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        byte[] sigma1 = null;
        world.Run(async () =>
        {
            PeerResumption known = (await Connect(world, peer)).Resumption;
            HandshakeResult stopped = await Connect(world, peer, new CaseOptions { Resumption = known, StopAfter = 0x30, Sigma1 = s => sigma1 = s });
            await stopped.Exchange.ReceiveAsync();
            stopped.Exchange.Send(0, 0x30, Spoil(sigma1));
            await world.Time.Delay(500);
            HandshakeResult result = await Connect(world, peer, new CaseOptions { Resumption = known });
            Assert.True(result.IsResumed);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        world.AssertPools(2);
    }

    [Fact]
    public void ResumingSigma1_OnTheExchangeOfAFullHandshake_IsIgnored()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        byte[] sigma1 = null;
        world.Run(async () =>
        {
            PeerResumption known = (await Connect(world, peer)).Resumption;
            await Connect(world, peer, new CaseOptions { Resumption = known, StopAfter = 0x30, Sigma1 = s => Spoil(sigma1 = s, 60), DestinationId = d => Spoil(d, 0) });
            await world.Time.Delay(15_000);
            HandshakeResult running = await Connect(world, peer, new CaseOptions { StopAfter = 0x30 }, PeerNodeId + 1);
            await running.Exchange.ReceiveAsync();
            running.Exchange.Send(0, 0x30, sigma1);
            await world.Time.Delay(100);

            // The exchange still belongs to the full handshake alone, and gives it free at its end.
            running.Exchange.Send(0, 0x40, PeerStatus.Build(1, 2));
            await world.Time.Delay(100);
            Assert.False(world.Node.SecureChannel.IsHandshakeRunning);
            Assert.True((await Connect(world, peer)).IsSuccess);
        });
        world.AssertPools(2);
    }

    [Fact]
    public void RepeatedSigma1_OnTheExchangeOfAnotherHandshake_TiesThemNotTogether()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        byte[] sigma1 = null;
        world.Run(async () =>
        {
            PeerResumption known = (await Connect(world, peer)).Resumption;
            HandshakeResult full = await Connect(world, peer, new CaseOptions { StopAfter = 0x30, Sigma1 = s => sigma1 = s }, PeerNodeId + 1);
            await full.Exchange.ReceiveAsync();
            HandshakeResult resuming = await Connect(world, peer, new CaseOptions { Resumption = known, StopAfter = 0x30 });
            await resuming.Exchange.ReceiveAsync();
            resuming.Exchange.Send(0, 0x30, sigma1);
            await world.Time.Delay(100);
            resuming.Exchange.Send(0, 0x40, PeerStatus.Build(0, 0));
            await world.Time.Delay(100);
        });
        Assert.Equal(1U, world.Node.SecureChannel.Counters.Get(SecureChannelCounters.CaseResumed));
    }

    [Fact]
    public void RepeatingSigma1_AndAcknowledging_DoesNotKeepOthersOut()
    {
        World world = new();
        VirtualPeer holder = world.AddPeer();
        VirtualPeer other = world.AddPeer();
        byte[] sigma1 = null;
        bool isDone = false;
        world.Run(async () =>
        {
            HandshakeResult held = await Connect(world, holder, new CaseOptions { StopAfter = 0x30, Sigma1 = s => sigma1 = s }, PeerNodeId + 1);
            await held.Exchange.ReceiveAsync();
            async Task Hold()
            {
                while (!isDone)
                {
                    await world.Time.Delay(700);
                    held.Exchange.Send(0, 0x30, sigma1);
                }
            }

            Task holding = Hold();
            long start = world.Time.Milliseconds;
            HandshakeResult result = await Connect(world, other);
            while (!result.IsSuccess && world.Time.Milliseconds - start < 60_000)
            {
                await world.Time.Delay(result.Status.BusyMilliseconds);
                result = await Connect(world, other);
            }

            isDone = true;
            await holding;
            Assert.InRange(world.Time.Milliseconds - start, 0, 5000);
        });
    }

    [Fact]
    public void LongIntervalsInSigma1_HoldNothingAfterTheHandshakeIsReplaced()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            // 300 ms active interval becomes 0xffff ms: Sigma2 would be repeated for minutes.
            peer.Matter.Acknowledges = false;
            HandshakeResult slow = await Connect(world, peer, new CaseOptions { StopAfter = 0x30, Sigma1 = Slow });
            await world.Time.Delay(StaleAfter + 100);
            peer.Matter.Acknowledges = true;
            slow.Exchange.Abandon();
            Assert.True((await Connect(world, peer)).IsSuccess);
            await world.Time.Delay(1000);
            Assert.Equal(0, world.Node.Exchanges.OpenExchanges);
            Assert.Equal(Limits.MessageBuffers, world.Node.Exchanges.FreeBuffers);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void JobThatFails_NeverPassesForAVerifiedSigma3(int failing)
    {
        World world = new();
        world.Time.RunFor(100);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            // Sigma2, the key of Sigma3, its decryption, its verification.
            world.Node.Worker.FailsIn = failing;
            HandshakeResult result = await Connect(world, peer, new CaseOptions { Signature = s => Spoil(s, 5) });
            Assert.False(result.IsSuccess);
            Assert.Equal(0, world.Node.Worker.FailsIn);
            Assert.Empty(world.Node.Opened);
            await world.Time.Delay(100);
            Assert.True((await Connect(world, peer)).IsSuccess);
        });
        world.AssertPools(1);
    }

    [Fact]
    public void JobThatFails_BeforeSigma3_CostsNothing()
    {
        World world = new();
        world.Time.RunFor(100);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            world.Node.Worker.FailsIn = 2;
            Assert.True((await Connect(world, peer)).IsSuccess);
            Assert.Equal(0, world.Node.Worker.FailsIn);
        });
        world.AssertPools(1);
    }

    [Fact]
    public void ForgedSigma3_FromElsewhere_DoesNotKeepTheRealOneOut()
    {
        World world = new();
        world.Time.RunFor(100);
        VirtualPeer peer = world.AddPeer();
        VirtualPeer thief = world.AddPeer();
        byte[] sigma1 = null;
        world.Run(async () =>
        {
            CaseOptions options = new()
            {
                Sigma1 = s => sigma1 = s,
                BeforeSigma3 = async () =>
                {
                    PeerExchange exchange = thief.Matter.OpenExchange(thief.Matter.OpenUnsecured());
                    await exchange.RequestAsync(0, 0x30, sigma1);
                    world.Node.Worker.JobTime = 1000;
                    exchange.Send(0, 0x32, new PeerTlv().Struct().Bytes(1, new byte[99]).End().ToArray());
                    await world.Time.Delay(200);
                },
            };
            HandshakeResult result = await Connect(world, peer, options);
            Assert.True(result.IsSuccess);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        world.AssertPools(1);
    }

    private static Task<HandshakeResult> Connect(World world, VirtualPeer peer, CaseOptions options = null, ulong nodeId = PeerNodeId) =>
        CaseInitiator.RunAsync(peer.Matter, world.Fabric.CreateIdentity(nodeId), World.NodeId, options);

    private static byte[] Spoil(byte[] bytes, int index = SessionIdAt)
    {
        byte[] copy = (byte[])bytes.Clone();
        copy[index] ^= 0x04;
        return copy;
    }

    private static byte[] Slow(byte[] sigma1)
    {
        // ... 5 {1: 500, 2: 300, 3: 4000}
        byte[] copy = (byte[])sigma1.Clone();
        int at = copy.AsSpan().IndexOf(new byte[] { 0x25, 0x02, 0x2c, 0x01 });
        copy[at + 2] = 0xff;
        copy[at + 3] = 0xff;
        return copy;
    }
}
