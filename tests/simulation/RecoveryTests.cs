using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MatterNano.Messaging;
using MatterNano.Peer;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Simulation;

/// <summary>Loss and return: the light finds its subscribers by itself, and leaves alone those that do not want it.</summary>
public class RecoveryTests
{
    private const uint OnOff = 6;
    private static readonly ImPath[] Path = { new(1, OnOff, 0) };
    private readonly ITestOutputHelper _output;

    public RecoveryTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void PowerCut_TheLightResumesAndReports_WithinASecond()
    {
        House house = new(31);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            await subscriber.Subscribe();
            await house.Time.Delay(5000);
            for (int i = 0; i < 3; i++)
            {
                int seen = subscriber.Subscription.Reports.Count;
                house.Restart();
                long back = house.Time.Milliseconds;
                await house.Until(() => subscriber.Subscription.Reports.Count > seen, 1000);
                _output.WriteLine($"first report {house.Time.Milliseconds - back} ms after power came back");
                Assert.NotNull(subscriber.Subscription.Reports[^1].Find(1, OnOff, 0));
                Assert.Equal(1U, house.Light.Node.SecureChannel.Counters.Get(SecureChannelCounters.CaseInitiated));

                // The new session serves reads, and reports of changes, as the old one did.
                Assert.False((await subscriber.Client.ReadOneAsync(1, OnOff, 0)).Boolean);
                Task<ImReport> report = subscriber.Client.NextReportAsync(subscriber.Subscription, 5000);
                house.Light.Light.OnOff.Toggle();
                Assert.True((await report).Find(1, OnOff, 0).Value.Boolean);
                house.Light.Light.OnOff.Toggle();
                await house.Time.Delay(5000);
            }
        });
    }

    [Fact]
    public void LostNetwork_SubscriptionOutlivesIt_AndGoesOnUnderItsId()
    {
        House house = new(32);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            await subscriber.Subscribe();
            await house.Time.Delay(5000);
            house.Network.Filter = _ => false;
            house.Light.Light.OnOff.Toggle();
            await house.Time.Delay(120_000);
            Assert.Equal(0, house.Light.Node.Engine.SubscriptionCount);
            subscriber.Subscription.Reports.Clear();
            house.Network.Filter = null;
            await house.Until(() => subscriber.Subscription.Reports.Count > 0, 90_000);
            Assert.True(subscriber.Subscription.Reports[0].Find(1, OnOff, 0).Value.Boolean);
            await house.Time.Delay(2000);
            Assert.Equal(1, house.Light.Node.Engine.SubscriptionCount);
        });
    }

    [Theory]
    [InlineData(3_000)]
    [InlineData(9_000)]
    [InlineData(12_000)]
    public void ShortOutage_TheReportComesSoonAfter_NotAfterTheLoopsLongestWait(int outage)
    {
        House house = new(33);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            await subscriber.Subscribe();
            await house.Time.Delay(5000);
            house.Network.Filter = _ => false;
            house.Light.Light.OnOff.Toggle();
            await house.Time.Delay(outage);
            subscriber.Subscription.Reports.Clear();
            house.Network.Filter = null;
            long back = house.Time.Milliseconds;
            await house.Until(() => subscriber.Subscription.Reports.Count > 0, 60_000);
            _output.WriteLine($"{outage} ms without network: the report comes {house.Time.Milliseconds - back} ms after it is back");
            Assert.InRange(house.Time.Milliseconds - back, 0, outage < 10_000 ? 1000 : 5000);
        });
    }

    [Fact]
    public void SilentSubscriber_IsCalledLessAndLess()
    {
        House house = new(34);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            await subscriber.Subscribe();
            await house.Time.Delay(5000);
            subscriber.Responder.Answer = CaseAnswer.Silence;
            house.Restart();
            await house.Time.Delay(3_600_000);
            List<long> attempts = subscriber.Responder.Attempts;
            _output.WriteLine(string.Join(" ", attempts.Zip(attempts.Skip(1), (a, b) => b - a)));
            Assert.InRange(attempts.Count, 15, 30);
            Assert.InRange(attempts[^1] - attempts[^2], 300_000, 420_000);

            // Nothing is used up by it.
            Assert.Equal(0, house.Light.Node.Exchanges.OpenExchanges);
            Assert.Equal(0, house.Light.Node.Sessions.UsedUnsecureSessions);
            Assert.Equal(1, house.Light.Node.Sessions.UsedSecureSessions);

            // The subscriber comes by itself: its subscription goes on.
            HandshakeResult own = await CaseInitiator.RunAsync(
                subscriber.Peer.Matter, subscriber.Identity, House.NodeId, new CaseOptions { Resumption = subscriber.Responder.Resumption });
            Assert.True(own.IsResumed);
            subscriber.Client.Session = own.Session;
            await house.Until(() => subscriber.Subscription.Reports.Count > 0, 1000);
        }, 10_000_000);
    }

    [Theory]
    [InlineData(CaseAnswer.Full)]
    [InlineData(CaseAnswer.NoSharedTrustRoots)]
    public void PeerWithoutRecord_IsLeftAlone_4_14_2(CaseAnswer answer)
    {
        House house = new(34);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            await subscriber.Subscribe();
            await house.Time.Delay(5000);
            subscriber.Responder.Answer = answer;
            house.Restart();
            await house.Time.Delay(100_000);
            Assert.Single(subscriber.Responder.Attempts);
            Assert.Equal(0, house.Light.Node.Sessions.Records.Count);
            Assert.False(house.Light.Node.Engine.GetStoredSubscriber(0, out _, out _));
            Assert.Equal(1, house.Light.Node.Sessions.UsedSecureSessions);
            Assert.Equal(0, house.Light.Node.Sessions.UsedUnsecureSessions);

            // A full handshake of the peer works as ever.
            HandshakeResult full = await CaseInitiator.RunAsync(subscriber.Peer.Matter, subscriber.Identity, House.NodeId);
            Assert.True(full.IsSuccess);
        });
    }

    [Fact]
    public void BusyPeer_IsCalledAgainWhenItSaid()
    {
        House house = new(35);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            await subscriber.Subscribe();
            await house.Time.Delay(5000);
            subscriber.Responder.Answer = CaseAnswer.Busy;
            house.Restart();
            await house.Until(() => subscriber.Responder.Attempts.Count == 1, 1000);
            subscriber.Responder.Answer = CaseAnswer.Resume;
            await house.Until(() => subscriber.Subscription.Reports.Count > 0, 2000);
            Assert.InRange(subscriber.Responder.Attempts[1] - subscriber.Responder.Attempts[0], 700, 800);
        });
    }

    [Fact]
    public void WrongMicOfThePeer_OpensNothing_AndKeepsTheRecord_4_14_2_2()
    {
        House house = new(36);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            await subscriber.Subscribe();
            await house.Time.Delay(5000);
            subscriber.Responder.Answer = CaseAnswer.WrongMic;
            house.Restart();
            await house.Until(() => house.Light.Node.SecureChannel.Counters.Get(SecureChannelCounters.InitiationFailed) > 0, 5000);
            Assert.Null(house.Light.Node.Sessions.GetSessionForNode(1, subscriber.Identity.NodeId));
            Assert.Equal(1, house.Light.Node.Sessions.Records.Count);
            subscriber.Responder.Answer = CaseAnswer.Resume;
            await house.Until(() => subscriber.Subscription.Reports.Count > 0, 60_000);
        });
    }

    [Fact]
    public void UnderLoss_EverySubscriberIsFoundAgain()
    {
        for (int seed = 41; seed < 47; seed++)
        {
            House house = new(seed);
            house.Run(async () =>
            {
                Subscriber subscriber = await house.Commission(1);
                await subscriber.Subscribe();
                await house.Time.Delay(5000);
                house.Network.Loss = 0.2;
                house.Network.Duplicates = 0.15;
                house.Network.MaxDelay = 30;
                house.Restart();
                await house.Until(() => subscriber.Subscription.Reports.Count > 0, 120_000);
            });
        }
    }

    [Fact]
    public void FifteenSubscribersOfFiveFabrics_TC_SC_3_6()
    {
        House house = new(37);
        house.Run(
            async () =>
            {
                List<Subscriber> all = await house.FillUp();
                SessionManager sessions = house.Light.Node.Sessions;
                Assert.Equal(15, house.Light.Node.Engine.SubscriptionCount);
                Assert.Equal(0U, sessions.Counters.Get(Counters.Evicted));
                uint[] ids = all.Select(s => s.Subscription.Id).ToArray();

                // One write, fifteen reports.
                await house.Time.Delay(3000);
                all.ForEach(s => s.Subscription.Reports.Clear());
                Assert.Equal(0, (await all[0].Client.InvokeAsync(1, OnOff, 1)).Status);
                await house.Until(() => all.All(s => s.Subscription.Reports.Any(r => r.Find(1, OnOff, 0)?.Value.Boolean == true)), 3000);

                // Ten minutes: keep-alives, and nobody subscribes anew or comes back.
                uint made = House.Handshakes(house.Light);
                await house.Time.Delay(600_000);
                Assert.Equal(made, House.Handshakes(house.Light));
                Assert.Equal(15, house.Light.Node.Engine.SubscriptionCount);
                Assert.All(all, s => Assert.InRange(s.Subscription.Reports.Count, 10, 30));
                Assert.Equal(ids, all.Select(s => s.Subscription.Id));
                Assert.Equal(0U, sessions.Counters.Get(Counters.Evicted));
                Assert.All(all, s => Assert.False(s.Client.Session.ClosedByNode));

                // A sixteenth session, the second of one controller: its fabric has more than the others, and that very
                // controller has two, so its older one goes, and its subscription moves to the new one.
                Subscriber twice = all[7];
                PeerSession older = twice.Client.Session;
                HandshakeResult again = await CaseInitiator.RunAsync(
                    twice.Peer.Matter, twice.Identity, House.NodeId, new CaseOptions { Resumption = twice.Responder.Resumption });
                Assert.True(again.IsSuccess);
                twice.Client.Session = again.Session;
                await house.Time.Delay(2000);
                Assert.Equal(1U, sessions.Counters.Get(Counters.Evicted));
                Assert.True(older.ClosedByNode);
                Assert.Equal(15, all.Count(s => !s.Client.Session.ClosedByNode));
                all.ForEach(s => s.Subscription.Reports.Clear());
                Assert.Equal(0, (await all[3].Client.InvokeAsync(1, OnOff, 0)).Status);
                await house.Until(() => all.All(s => s.Subscription.Reports.Any(r => r.Find(1, OnOff, 0)?.Value.Boolean == false)), 3000);
                Assert.Equal(ids, all.Select(s => s.Subscription.Id));
            },
            100_000_000);
    }

    [Fact]
    public void FifteenSubscribers_AreAllFoundAgainAfterAPowerCut()
    {
        House house = new(38);
        house.Run(
            async () =>
            {
                List<Subscriber> all = await house.FillUp();
                await house.Time.Delay(5000);
                all.ForEach(s => s.Subscription.Reports.Clear());
                house.Restart();
                long back = house.Time.Milliseconds;
                await house.Until(() => all.All(s => s.Subscription.Reports.Count > 0), 5000);
                _output.WriteLine($"fifteen subscribers have their first report {house.Time.Milliseconds - back} ms after power came back");
                Assert.Equal(15U, house.Light.Node.SecureChannel.Counters.Get(SecureChannelCounters.CaseInitiated));
                Assert.Equal(0U, house.Light.Node.Sessions.Counters.Get(Counters.Evicted));
                await house.Time.Delay(2000);
                Assert.Equal(15, house.Light.Node.Engine.SubscriptionCount);
            },
            100_000_000);
    }
}
