using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using MatterNano.Credentials;
using MatterNano.Peer;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using Xunit;

namespace MatterNano.Simulation;

public class CaseTests
{
    private const ulong PeerNodeId = 0x1000;
    private const int NoSharedTrustRoots = 1;
    private const int InvalidParameter = 2;
    private const int Sigma2 = 0x31;
    private const int Sigma2Resume = 0x33;
    private const int Report = 0x40;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void FullHandshake_OpensASessionThatWorks_TC_SC_3_1(bool withIntermediate, bool likeMatterJs)
    {
        World world = new(withIntermediate: withIntermediate);
        VirtualPeer peer = world.AddPeer();
        peer.Matter.WritesNodeIds = likeMatterJs;
        world.Run(async () =>
        {
            HandshakeResult result = await Connect(world, peer);
            Assert.True(result.IsSuccess, result.Status?.ToString());
            Assert.False(result.IsResumed);
            AssertAnswerForm(result.FirstAnswer);
            AssertAnswerForm(result.LastMessage);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        Assert.Single(world.Node.Opened);
        SecureSession session = world.Node.Sessions.GetSessionForNode(1, PeerNodeId);
        Assert.Equal(World.NodeId, session.NodeId);
        Assert.False(session.IsResumption);
        world.AssertPools(1);
    }

    [Fact]
    public void CaseAuthenticatedTags_ComeFromThePeersCertificate_AndSurviveResumption()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        PeerIdentity identity = world.Fabric.CreateIdentity(PeerNodeId, 0x00010002, 0x00ab0001);
        world.Run(async () =>
        {
            HandshakeResult result = await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId);
            peer.Matter.Close(result.Session);
            await world.Time.Delay(10);
            result = await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId, new CaseOptions { Resumption = result.Resumption });
            Assert.True(result.IsResumed);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        SecureSession session = world.Node.Sessions.GetSessionForNode(1, PeerNodeId);
        Assert.True(session.IsResumption);
        Assert.Equal(new uint[] { 0x00010002, 0x00ab0001, 0 }, new[] { session.GetCaseAuthenticatedTag(0), session.GetCaseAuthenticatedTag(1), session.GetCaseAuthenticatedTag(2) });
    }

    [Fact]
    public void Resumption_IsAnsweredBySigma2Resume_WithoutAnyCurve_TC_SC_3_2()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await Connect(world, peer);
            for (int i = 0; i < 3; i++)
            {
                peer.Matter.Close(result.Session);
                await world.Time.Delay(1000);
                int jobs = world.Node.Worker.Posted;
                PeerResumption offered = result.Resumption;
                result = await Connect(world, peer, new CaseOptions { Resumption = offered });
                Assert.True(result.IsResumed);
                Assert.Equal(Sigma2Resume, result.FirstAnswer.Opcode);
                AssertAnswerForm(result.FirstAnswer);
                Assert.NotEqual(offered.Id, result.Resumption.Id);
                await World.AssertWorks(peer.Matter, result.Session);
                Assert.Equal(jobs, world.Node.Worker.Posted);
            }
        });
        Assert.Equal(4, world.Node.Opened.Count);
        Assert.Equal(3, world.Node.Closed.Count);
        Assert.Equal(1, world.Node.Sessions.Records.Count);
        Assert.Equal(3U, world.Node.SecureChannel.Counters.Get(SecureChannelCounters.CaseResumed));
        world.AssertPools(1);
    }

    [Fact]
    public void Record_SurvivesAPowerCut()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await Connect(world, peer);
            world.Restart();
            result = await Connect(world, peer, new CaseOptions { Resumption = result.Resumption });
            Assert.True(result.IsResumed);
            await World.AssertWorks(peer.Matter, result.Session);
            world.Restart();
            result = await Connect(world, peer, new CaseOptions { Resumption = result.Resumption });
            Assert.True(result.IsResumed);
        });
        world.AssertPools(1);
    }

    [Fact]
    public void OldIdStaysValid_UntilTheNewOneIsProved_4_14_2_2()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer);

            // Sigma2Resume arrives, the controller dies before its report: it knows the old id, or the new one.
            HandshakeResult cut = await Connect(world, peer, new CaseOptions { Resumption = first.Resumption, StopAfter = 0x33 });
            Assert.True(cut.IsResumed);
            peer.Matter.Forget(cut.Session);
            HandshakeResult again = await Connect(world, peer, new CaseOptions { Resumption = first.Resumption, StopAfter = 0x33 });
            Assert.True(again.IsResumed);
            peer.Matter.Forget(again.Session);
            HandshakeResult last = await Connect(world, peer, new CaseOptions { Resumption = again.Resumption });
            Assert.True(last.IsResumed);
            await World.AssertWorks(peer.Matter, last.Session);

            // Proved: the old ids are void now.
            HandshakeResult late = await Connect(world, peer, new CaseOptions { Resumption = first.Resumption });
            Assert.False(late.IsResumed);
            Assert.True(late.IsSuccess);
        });
        world.AssertPools(3);
    }

    [Fact]
    public void FirstMessageUnderTheNewKeys_ActivatesAResumedSession_WithoutReport()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer);
            HandshakeResult resumed = await Connect(world, peer, new CaseOptions { Resumption = first.Resumption, StopAfter = 0x33 });
            await World.AssertWorks(peer.Matter, resumed.Session);
            world.Restart();
            HandshakeResult last = await Connect(world, peer, new CaseOptions { Resumption = resumed.Resumption });
            Assert.True(last.IsResumed);
        });
        world.AssertPools(1);
    }

    [Fact]
    public void WrongResumeMic_FallsBackToFullHandshake_TC_SC_3_4()
    {
        AssertFallsBack(r => r, new CaseOptions { SpoilMic = true });
    }

    [Fact]
    public void UnknownResumptionId_FallsBackToFullHandshake_4_14_2_2()
    {
        AssertFallsBack(r => r with { Id = new byte[16] }, new CaseOptions());
    }

    [Fact]
    public void ResumptionOfADeletedRecord_FallsBackToFullHandshake()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer);
            Assert.True(world.Node.Sessions.RemoveResumptionRecord(1, PeerNodeId));
            HandshakeResult result = await Connect(world, peer, new CaseOptions { Resumption = first.Resumption });
            Assert.True(result.IsSuccess);
            Assert.Equal(Sigma2, result.FirstAnswer.Opcode);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LoneIdOrMic_IsInvalidParameter_TC_SC_3_4(bool idOnly)
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer);
            HandshakeResult result = await Connect(world, peer, new CaseOptions { Resumption = first.Resumption, OmitMic = idOnly, OmitResumptionId = !idOnly });
            AssertReport(result, InvalidParameter);

            // The record is still there.
            Assert.True((await Connect(world, peer, new CaseOptions { Resumption = first.Resumption })).IsResumed);
        });
    }

    [Fact]
    public void UnknownDestination_IsNoSharedTrustRoots_TC_SC_3_4()
    {
        AssertRefused(new CaseOptions { DestinationId = d => Spoil(d, 9) }, NoSharedTrustRoots);
    }

    [Fact]
    public void RemovedFabric_IsNoSharedTrustRoots()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer);
            world.Node.Sessions.RemoveFabric(1, null, false);
            Assert.True(world.Node.Fabrics.Remove(1));
            AssertReport(await Connect(world, peer, new CaseOptions { Resumption = first.Resumption }), NoSharedTrustRoots);
            Assert.Equal(0, world.Node.Sessions.Records.Count);
        });
    }

    [Fact]
    public void MalformedSigma1_IsInvalidParameter()
    {
        AssertRefused(new CaseOptions { Sigma1 = s => s.AsSpan(0, s.Length - 1).ToArray() }, InvalidParameter);
    }

    [Fact]
    public void InitiatorKeyOffTheCurve_IsInvalidParameter()
    {
        AssertRefused(new CaseOptions { Sigma1 = s => Spoil(s, 1 + 35 + 4 + 35 + 3 + 20) }, InvalidParameter);
    }

    [Fact]
    public void SpoiltTbeData3_IsInvalidParameter_TC_SC_3_4()
    {
        AssertRefused(new CaseOptions { SpoilTbe3 = true }, InvalidParameter);
    }

    [Fact]
    public void MalformedSigma3_IsInvalidParameter()
    {
        AssertRefused(new CaseOptions { Sigma3 = s => s.AsSpan(0, s.Length - 1).ToArray() }, InvalidParameter);
    }

    [Fact]
    public void SpoiltNoc_IsInvalidParameter_TC_SC_3_4()
    {
        World world = new();
        PeerIdentity identity = world.Fabric.CreateIdentity(PeerNodeId);
        AssertRefused(world, identity, new CaseOptions { Noc = Spoil(identity.Noc, identity.Noc.Length - 10) }, InvalidParameter);
    }

    [Fact]
    public void SpoiltIcac_IsInvalidParameter_TC_SC_3_4()
    {
        World world = new(withIntermediate: true);
        PeerIdentity identity = world.Fabric.CreateIdentity(PeerNodeId);
        AssertRefused(world, identity, new CaseOptions { Icac = Spoil(identity.Icac, identity.Icac.Length - 10) }, InvalidParameter);
    }

    [Fact]
    public void SpoiltSignature_IsInvalidParameter_TC_SC_3_4()
    {
        AssertRefused(new CaseOptions { Signature = s => Spoil(s, 40) }, InvalidParameter);
    }

    [Fact]
    public void SignatureOverAnotherInitiatorKey_IsInvalidParameter_TC_SC_3_4()
    {
        AssertRefused(new CaseOptions { SpoilInitiatorKey = true }, InvalidParameter);
    }

    [Fact]
    public void SignatureOverAnotherResponderKey_IsInvalidParameter_TC_SC_3_4()
    {
        AssertRefused(new CaseOptions { SpoilResponderKey = true }, InvalidParameter);
    }

    [Fact]
    public void NocOfAnotherRoot_IsInvalidParameter()
    {
        World world = new();
        PeerFabric stranger = new(world.Fabric.FabricId);
        PeerIdentity identity = world.Fabric.CreateIdentity(PeerNodeId);
        byte[] noc = stranger.IssueNoc(PeerNodeId, PeerCrypto.PublicKey(identity.Key.ExportParameters(false)));
        AssertRefused(world, identity, new CaseOptions { Noc = noc }, InvalidParameter);
    }

    [Fact]
    public void NocOfAnotherFabricUnderTheSameRoot_IsInvalidParameter()
    {
        World world = new();
        PeerIdentity identity = world.Fabric.CreateIdentity(PeerNodeId);
        byte[] noc = world.Fabric.IssueNoc(PeerNodeId, world.Fabric.FabricId + 1, PeerCrypto.PublicKey(identity.Key.ExportParameters(false)));
        AssertRefused(world, identity, new CaseOptions { Noc = noc }, InvalidParameter);
    }

    [Fact]
    public void RepeatedSigma1_GetsIdenticalSigma2Bytes()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        using ECDiffieHellman key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        byte[] random = peer.Matter.RandomBytes(32);
        List<PeerMessage> answers = new();
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer, new CaseOptions { Random = random, EphemeralKey = key, SessionId = 77, StopAfter = 0x30 });
            answers.Add(await first.Exchange.ReceiveAsync());

            // On the same exchange with a new counter, then on a new exchange, which also finishes.
            byte[] sigma1 = PeerMessage.ReadHeader(first.Exchange.LastSent).Body.AsSpan(6).ToArray();
            first.Exchange.Send(0, 0x30, sigma1);
            answers.Add(await first.Exchange.ReceiveAsync());
            HandshakeResult result = await Connect(world, peer, new CaseOptions { Random = random, EphemeralKey = key, SessionId = 77 });
            answers.Add(result.FirstAnswer);
            Assert.True(result.IsSuccess);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        Assert.All(answers, a => Assert.Equal(Sigma2, a.Opcode));
        Assert.Equal(answers[0].Payload, answers[1].Payload);
        Assert.Equal(answers[0].Payload, answers[2].Payload);
        Assert.Single(world.Node.Opened);
        world.AssertPools(1);
    }

    [Fact]
    public void RepeatedSigma1_WhileSigma2IsComputed_IsOnlyAcknowledged()
    {
        World world = new();
        world.Time.RunFor(100);
        world.Node.Worker.JobTime = 3000;
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer, new CaseOptions { StopAfter = 0x30 });
            byte[] sigma1 = PeerMessage.ReadHeader(first.Exchange.LastSent).Body.AsSpan(6).ToArray();
            await world.Time.Delay(1000);
            first.Exchange.Send(0, 0x30, sigma1);
            await world.Time.Delay(1000);
            Assert.All(peer.Matter.Log, m => Assert.Equal(0x10, m.Opcode));
            Assert.Equal(2, peer.Matter.Log.Count);
            Assert.Equal(Sigma2, (await first.Exchange.ReceiveAsync()).Opcode);
        });
        Assert.Equal(0, peer.Matter.Retransmissions);
    }

    [Fact]
    public void RepeatedResumption_GetsIdenticalSigma2ResumeBytes()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        using ECDiffieHellman key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        byte[] random = peer.Matter.RandomBytes(32);
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer);
            CaseOptions options = new() { Resumption = first.Resumption, Random = random, EphemeralKey = key, SessionId = 77, StopAfter = 0x33 };
            HandshakeResult cut = await Connect(world, peer, options);
            peer.Matter.Forget(cut.Session);
            options.StopAfter = 0;
            HandshakeResult again = await Connect(world, peer, options);
            Assert.Equal(cut.FirstAnswer.Payload, again.FirstAnswer.Payload);
            await World.AssertWorks(peer.Matter, again.Session);
        });
        Assert.Equal(2, world.Node.Opened.Count);
        world.AssertPools(2);
    }

    [Fact]
    public void ReplayFromElsewhere_DoesNotDrawTheHandshakeAway()
    {
        World world = new();
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
                    for (int i = 0; i < 3; i++)
                    {
                        // Answered alike, and neither a forged Sigma3 nor a report from there ends it.
                        PeerExchange exchange = thief.Matter.OpenExchange(thief.Matter.OpenUnsecured());
                        await exchange.RequestAsync(0, 0x30, sigma1);
                        exchange.Send(0, i == 0 ? 0x32 : 0x40, i == 0 ? new PeerTlv().Struct().Bytes(1, new byte[99]).End().ToArray() : PeerStatus.Build(1, 2));
                        await world.Time.Delay(100);
                    }
                },
            };
            HandshakeResult result = await Connect(world, peer, options);
            Assert.True(result.IsSuccess);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        Assert.Single(world.Node.Opened);
        world.AssertPools(1);
    }

    [Fact]
    public void ReplayedResumption_FromElsewhere_CannotEndIt()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        VirtualPeer thief = world.AddPeer();
        byte[] sigma1 = null;
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer);
            CaseOptions options = new() { Resumption = first.Resumption, StopAfter = 0x33, Sigma1 = s => sigma1 = s };
            HandshakeResult resumed = await Connect(world, peer, options);
            PeerExchange exchange = thief.Matter.OpenExchange(thief.Matter.OpenUnsecured());
            PeerMessage copy = await exchange.RequestAsync(0, 0x30, sigma1);
            Assert.Equal(resumed.FirstAnswer.Payload, copy.Payload);
            exchange.Send(0, 0x40, PeerStatus.Build(1, InvalidParameter));
            await world.Time.Delay(100);
            resumed.Exchange.Send(0, 0x40, PeerStatus.Build(0, 0));
            resumed.Exchange.Close();
            await World.AssertWorks(peer.Matter, resumed.Session);
        });
        Assert.Equal(2, world.Node.Opened.Count);
        world.AssertPools(2);
    }

    [Fact]
    public void FirstExchangeGivenUp_TheRepeatedOneFinishes()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        using ECDiffieHellman key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        byte[] random = peer.Matter.RandomBytes(32);
        world.Run(async () =>
        {
            // The initiator forgets its first exchange and begins again with the same message; Sigma2 on the first is never acknowledged.
            CaseOptions options = new() { Random = random, EphemeralKey = key, SessionId = 77, StopAfter = 0x30 };
            HandshakeResult first = await Connect(world, peer, options);
            peer.Matter.Forget(first.Exchange.Session);
            await world.Time.Delay(100);
            options.StopAfter = 0;
            options.BeforeSigma3 = () => world.Time.Delay(12_000);
            HandshakeResult result = await Connect(world, peer, options);
            Assert.True(result.IsSuccess);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        world.AssertPools(1);
    }

    [Fact]
    public void SessionsClosedDuringAHandshake_ItFailsWithoutHarm()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            CaseOptions options = new()
            {
                BeforeSigma3 = () =>
                {
                    world.Node.Sessions.Close();
                    return Task.CompletedTask;
                },
            };
            await Assert.ThrowsAsync<TimeoutException>(() => Connect(world, peer, options));
            Assert.True((await Connect(world, peer)).IsSuccess);
        });
    }

    [Fact]
    public void AnotherSigma1_IsBusy_WithAnHonestTime()
    {
        World world = new();
        world.Time.RunFor(100);
        world.Node.Worker.JobTime = 500;
        VirtualPeer first = world.AddPeer();
        VirtualPeer second = world.AddPeer();
        world.Run(async () =>
        {
            Task<HandshakeResult> running = Connect(world, first);
            await world.Time.Delay(500);
            HandshakeResult busy = await Connect(world, second, null, PeerNodeId + 1);
            Assert.Equal(8, busy.Status.General);
            Assert.Equal(4, busy.Status.Code);
            Assert.False(busy.LastMessage.NeedsAck);
            Assert.InRange(busy.Status.BusyMilliseconds, 300, 4000);
            Assert.True((await running).IsSuccess);

            // Once it knows how long its handshakes take, it says so: four jobs of half a second, one of them gone.
            Task<HandshakeResult> next = Connect(world, first);
            await world.Time.Delay(500);
            busy = await Connect(world, second, null, PeerNodeId + 1);
            Assert.InRange(busy.Status.BusyMilliseconds, 1500, 2000);
            await world.Time.Delay(busy.Status.BusyMilliseconds);
            Assert.True((await next).IsSuccess);
            Assert.True((await Connect(world, second, null, PeerNodeId + 1)).IsSuccess);
        });
        world.AssertPools(3);
    }

    [Fact]
    public void StaleHandshake_IsReplaced_NotBefore1500ms()
    {
        World world = new();
        world.Time.RunFor(100);
        VirtualPeer dead = world.AddPeer();
        VirtualPeer next = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult stopped = await Connect(world, dead, new CaseOptions { StopAfter = 0x30 });
            await stopped.Exchange.ReceiveAsync();
            stopped.Exchange.Abandon();
            world.Network.Detach(dead.Number);
            await world.Time.Delay(1300);
            HandshakeResult busy = await Connect(world, next, null, PeerNodeId + 1);
            Assert.Equal(8, busy.Status.General);
            Assert.InRange(busy.Status.BusyMilliseconds, 300, 500);
            await world.Time.Delay(busy.Status.BusyMilliseconds);
            HandshakeResult result = await Connect(world, next, null, PeerNodeId + 1);
            Assert.True(result.IsSuccess);
        });
        Assert.Equal(1U, world.Node.SecureChannel.Counters.Get(SecureChannelCounters.Replaced));
        world.AssertPools(1);
    }

    [Fact]
    public void StaleHandshake_IsNotReplacedWhileTheWorkerComputes()
    {
        World world = new();
        world.Time.RunFor(100);
        world.Node.Worker.JobTime = 5000;
        VirtualPeer first = world.AddPeer();
        VirtualPeer second = world.AddPeer();
        world.Run(async () =>
        {
            Task<HandshakeResult> running = Connect(world, first);
            await world.Time.Delay(4000);
            Assert.Equal(8, (await Connect(world, second, null, PeerNodeId + 1)).Status.General);
            Assert.True((await running).IsSuccess);
        });
    }

    [Fact]
    public void StrangersSigma1_DoesNotReplaceAStaleHandshake()
    {
        World world = new();
        VirtualPeer first = world.AddPeer();
        VirtualPeer second = world.AddPeer();
        world.Run(async () =>
        {
            CaseOptions slow = new()
            {
                BeforeSigma3 = async () =>
                {
                    await world.Time.Delay(5000);
                    AssertReport(await Connect(world, second, new CaseOptions { DestinationId = d => Spoil(d, 0) }), NoSharedTrustRoots);
                },
            };
            Assert.True((await Connect(world, first, slow)).IsSuccess);
        });
    }

    [Fact]
    public void Resumption_IsServedBesideARunningHandshake()
    {
        World world = new();
        VirtualPeer first = world.AddPeer();
        VirtualPeer second = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult known = await Connect(world, second, null, PeerNodeId + 1);
            second.Matter.Close(known.Session);
            await world.Time.Delay(100);
            world.Node.Worker.JobTime = 5000;
            Task<HandshakeResult> running = Connect(world, first);
            await world.Time.Delay(500);
            long start = world.Time.Milliseconds;
            HandshakeResult resumed = await Connect(world, second, new CaseOptions { Resumption = known.Resumption }, PeerNodeId + 1);
            Assert.True(resumed.IsResumed);
            await World.AssertWorks(second.Matter, resumed.Session);
            Assert.InRange(world.Time.Milliseconds - start, 0, 50);
            Assert.True((await running).IsSuccess);
        });
        world.AssertPools(2);
    }

    [Fact]
    public void OtherSessions_GoOnWhileAHandshakeComputes()
    {
        World world = new();
        VirtualPeer first = world.AddPeer();
        VirtualPeer second = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult session = await Connect(world, first);
            world.Node.Worker.JobTime = 5000;
            Task<HandshakeResult> running = Connect(world, second, null, PeerNodeId + 1);
            await world.Time.Delay(500);
            long start = world.Time.Milliseconds;
            await World.AssertWorks(first.Matter, session.Session);
            Assert.InRange(world.Time.Milliseconds - start, 0, 50);
            Assert.True((await running).IsSuccess);
        });
        Assert.Equal(0, second.Matter.Retransmissions);
    }

    [Fact]
    public void RecordIsSaved_ThoughTheLastAcknowledgementIsLost_D21()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            // From its Sigma3 on the initiator acknowledges nothing: it has forgotten the unsecured session.
            CaseOptions options = new()
            {
                BeforeSigma3 = () =>
                {
                    peer.Matter.Acknowledges = false;
                    return Task.CompletedTask;
                },
            };
            HandshakeResult first = await Connect(world, peer, options);
            Assert.True(first.IsSuccess);
            peer.Matter.Acknowledges = true;
            await World.AssertWorks(peer.Matter, first.Session);
            world.Restart();
            HandshakeResult result = await Connect(world, peer, new CaseOptions { Resumption = first.Resumption });
            Assert.True(result.IsResumed);
        });
        world.AssertPools(1);
    }

    [Fact]
    public void SessionIsActive_BeforeTheReportLeaves()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        int active = -1;
        world.Network.Sent = d =>
        {
            if (d.From == World.NodeHost && d.Bytes[1] == 0 && d.Bytes[2] == 0 && d.Bytes[17] == Report)
            {
                active = world.Node.Sessions.GetSessionForNode(1, PeerNodeId)?.State ?? -2;
            }
        };
        world.Run(async () => Assert.True((await Connect(world, peer)).IsSuccess));
        Assert.Equal(SessionState.Active, active);
    }

    [Fact]
    public void LostReport_SessionWorksAllTheSame()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await Connect(world, peer, new CaseOptions { StopAfter = 0x32 });
            world.Network.Filter = d => d.From != World.NodeHost || d.Bytes[1] != 0 || d.Bytes[2] != 0;
            await world.Time.Delay(2000);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        Assert.Single(world.Node.Opened);
        world.AssertPools(1);
    }

    [Fact]
    public void BeforeStorageIsRead_Sigma1IsBusy_NeverNoSharedTrustRoots()
    {
        World world = new(start: false);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult busy = await Connect(world, peer);
            Assert.Equal(8, busy.Status.General);
            world.Node.SecureChannel.Start();
            await world.Time.Delay(busy.Status.BusyMilliseconds);
            Assert.True((await Connect(world, peer)).IsSuccess);
        });
    }

    [Fact]
    public void FabricRemovedWhileItsHandshakeRuns_EndsIt()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            CaseOptions options = new()
            {
                BeforeSigma3 = () =>
                {
                    world.Node.Sessions.RemoveFabric(1, null, false);
                    world.Node.Fabrics.Remove(1);
                    return Task.CompletedTask;
                },
            };
            await Assert.ThrowsAsync<TimeoutException>(() => Connect(world, peer, options));
        });
        Assert.Empty(world.Node.Opened);
        world.AssertPools(0);
    }

    [Fact]
    public void InitiatorThatReportsAnError_FreesThePlaceAtOnce()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult stopped = await Connect(world, peer, new CaseOptions { StopAfter = 0x30 });
            await stopped.Exchange.ReceiveAsync();
            stopped.Exchange.Send(0, 0x40, PeerStatus.Build(1, InvalidParameter));
            await world.Time.Delay(10);
            Assert.True((await Connect(world, peer)).IsSuccess);
        });
        world.AssertPools(1);
    }

    private static byte[] Head(byte tag, byte[] value) => value.Length < 256
        ? new byte[] { 0x30, tag, (byte)value.Length }
        : new byte[] { 0x31, tag, (byte)value.Length, (byte)(value.Length >> 8) };

    [Fact]
    public void VerifiedChain_IsRemembered_AndASpoiltOneIsNotTakenForIt()
    {
        World world = new(withIntermediate: true);
        VirtualPeer peer = world.AddPeer();
        PeerIdentity identity = world.Fabric.CreateIdentity(PeerNodeId);
        byte[] print = new byte[32];
        CertificateChain chain = new(world.Time);
        byte[] root = world.Fabric.RootCertificate;
        Assert.Equal(0, chain.Load(root, 0, root.Length, identity.Icac, 0, identity.Icac.Length, identity.Noc, 0, identity.Noc.Length));
        Crypto.Sha256 certificates = new();
        foreach (byte[] part in new[] { new byte[] { 0x15 }, Head(1, identity.Noc), identity.Noc, Head(2, identity.Icac), identity.Icac })
        {
            certificates.Update(part, 0, part.Length);
        }

        chain.GetFingerprint(certificates, print, 0);
        Fabric fabric = world.Node.Fabrics.Find(1);
        Assert.False(world.Node.Fabrics.IsKnownChain(fabric, print, 0));
        world.Run(async () =>
        {
            for (int i = 0; i < 2; i++)
            {
                Assert.True((await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId)).IsSuccess);
                Assert.True(world.Node.Fabrics.IsKnownChain(fabric, print, 0));
            }

            AssertReport(await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId, new CaseOptions { Signature = s => Spoil(s, 5) }), InvalidParameter);
            AssertReport(
                await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId, new CaseOptions { Noc = Spoil(identity.Noc, identity.Noc.Length - 9) }),
                InvalidParameter);
        });
    }

    [Fact]
    public void FullTable_NeverKeepsAPeerOut()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            for (ulong i = 0; i < 25; i++)
            {
                HandshakeResult result = await Connect(world, peer, null, PeerNodeId + i);
                Assert.True(result.IsSuccess);
                await World.AssertWorks(peer.Matter, result.Session);
            }
        });
        Assert.Equal(25, world.Node.Opened.Count);

        // 15 for CASE; one held for the next handshake, one for PASE.
        world.AssertPools(Limits.SecureSessions - 2);
        Assert.Equal(10, world.Node.Closed.Count);
    }

    [Fact]
    public void SameControllerAgainAndAgain_LeavesOneRecord_AndNoLeak()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        PeerIdentity identity = world.Fabric.CreateIdentity(PeerNodeId);
        world.Run(async () =>
        {
            PeerResumption resumption = null;
            for (int i = 0; i < 100; i++)
            {
                HandshakeResult result = await CaseInitiator.RunAsync(
                    peer.Matter, identity, World.NodeId, new CaseOptions { Resumption = i % 5 == 0 ? null : resumption });
                Assert.Equal(i % 5 != 0, result.IsResumed);
                resumption = result.Resumption;
                if (i % 3 == 0)
                {
                    peer.Matter.Close(result.Session);
                }
                else
                {
                    peer.Matter.Forget(result.Session);
                }

                await world.Time.Delay(20);
            }
        });
        Assert.Equal(1, world.Node.Sessions.Records.Count);

        // Full but for the session closed last.
        world.AssertPools(Limits.SecureSessions - 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Loss_Duplicates_AndReordering_DoNotBreakIt(int seed)
    {
        World world = new(seed, seed % 2 == 0);
        world.Network.Loss = 0.15;
        world.Network.Duplicates = 0.2;
        world.Network.MaxDelay = 40;
        world.Node.Worker.JobTime = seed * 100;
        VirtualPeer peer = world.AddPeer();
        PeerIdentity identity = world.Fabric.CreateIdentity(PeerNodeId);
        int resumed = 0;
        world.Run(async () =>
        {
            PeerResumption resumption = null;
            for (int i = 0; i < 10; i++)
            {
                HandshakeResult result = null;
                for (int attempt = 0; attempt < 5 && result?.IsSuccess != true; attempt++)
                {
                    try
                    {
                        result = await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId, new CaseOptions { Resumption = resumption });
                    }
                    catch (TimeoutException)
                    {
                        // Five transmissions in a row lost.
                    }

                    if (result?.IsSuccess != true)
                    {
                        await world.Time.Delay(result == null ? 2000 : result.Status.BusyMilliseconds);
                    }
                }

                Assert.True(result.IsSuccess, result.Status?.ToString());
                resumed += result.IsResumed ? 1 : 0;
                resumption = result.Resumption;
                await World.AssertWorks(peer.Matter, result.Session);
                peer.Matter.Close(result.Session);
                await world.Time.Delay(100);
            }
        });
        Assert.True(resumed >= 8, resumed + " of 10 resumed");
    }

    private static Task<HandshakeResult> Connect(World world, VirtualPeer peer, CaseOptions options = null, ulong nodeId = PeerNodeId) =>
        CaseInitiator.RunAsync(peer.Matter, world.Fabric.CreateIdentity(nodeId), World.NodeId, options);

    private static byte[] Spoil(byte[] bytes, int index)
    {
        byte[] copy = (byte[])bytes.Clone();
        copy[index] ^= 0x04;
        return copy;
    }

    private static void AssertFallsBack(Func<PeerResumption, PeerResumption> change, CaseOptions options)
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult first = await Connect(world, peer);
            options.Resumption = change(first.Resumption);
            HandshakeResult result = await Connect(world, peer, options);
            Assert.True(result.IsSuccess, result.Status?.ToString());
            Assert.False(result.IsResumed);
            Assert.Equal(Sigma2, result.FirstAnswer.Opcode);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        Assert.Equal(1U, world.Node.SecureChannel.Counters.Get(SecureChannelCounters.ResumptionRefused));
        world.AssertPools(2);
    }

    private static void AssertRefused(CaseOptions options, int code)
    {
        World world = new();
        AssertRefused(world, world.Fabric.CreateIdentity(PeerNodeId), options, code);
    }

    private static void AssertRefused(World world, PeerIdentity identity, CaseOptions options, int code)
    {
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId, options);
            AssertReport(result, code);
            Assert.Empty(world.Node.Opened);

            // And the next one is not held up.
            Assert.True((await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId)).IsSuccess);
        });
        Assert.Single(world.Node.Opened);
        world.AssertPools(1);
    }

    private static void AssertReport(HandshakeResult result, int code)
    {
        Assert.False(result.IsSuccess);
        Assert.Equal(1, result.Status.General);
        Assert.Equal(0U, result.Status.Protocol);
        Assert.Equal(code, result.Status.Code);
    }

    // TC-SC-3.1, 3.2: initiator flag clear, no source node id, destination present.
    private static void AssertAnswerForm(PeerMessage message)
    {
        Assert.False(message.IsInitiator);
        Assert.Null(message.SourceNodeId);
        Assert.NotNull(message.DestinationNodeId);
        Assert.Equal(0, message.SecurityFlags);
    }
}
