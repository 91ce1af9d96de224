using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MatterNano.Interaction;
using MatterNano.Messaging;
using MatterNano.Peer;
using MatterNano.SecureChannel;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Simulation;

/// <summary>What controllers ask at once, late and under loss is answered, each time.</summary>
public class ParallelTests
{
    private readonly ITestOutputHelper _output;

    public ParallelTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void TwelveReadsAtOnce_OfOneController_AreAnsweredWithinATenthOfASecond()
    {
        House house = new(71);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            for (int round = 0; round < 20; round++)
            {
                long started = house.Time.Milliseconds;
                PeerElement[] values = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => subscriber.Client.ReadOneAsync(1, 6, 0)));
                Assert.All(values, v => Assert.False(v.Boolean));
                Assert.InRange(house.Time.Milliseconds - started, 0, 99);
                Assert.Equal(0, subscriber.Peer.Matter.Retransmissions);
                await house.Time.Delay(50);
            }

            AssertQuiet(house);
        });
    }

    [Fact]
    public void FourReadsAtOnce_OfEachOfThreeControllers_AreAnswered_LongOnesToo()
    {
        House house = new(72);
        house.Run(async () =>
        {
            List<Subscriber> all = (await house.FillUp()).Take(3).ToList();
            for (int round = 0; round < 20; round++)
            {
                long started = house.Time.Milliseconds;
                bool isLong = round % 4 == 3;
                await Task.WhenAll(all.SelectMany(s => Enumerable.Range(0, 4).Select(async _ =>
                {
                    ImReport report = await s.Client.ReadAsync(isLong ? new ImPath(null, null, null) : new ImPath(1, 6, 0));
                    Assert.NotNull(report.Find(1, 6, 0));
                })));
                Assert.InRange(house.Time.Milliseconds - started, 0, isLong ? 20000 : 1000);
                await house.Time.Delay(50);
            }

            AssertQuiet(house);
        });
    }

    [Fact]
    public void EveryAcknowledgementLate_CommissioningAndReadsGoOn_4_12_8()
    {
        House house = new(73);
        house.Run(async () =>
        {
            VirtualPeer peer = house.AddPeer();
            peer.Matter.AcknowledgementDelay = 190;
            peer.Matter.AcknowledgesAtClose = false;
            PeerFabric fabric = new(1);
            long started = house.Time.Milliseconds;
            Commissioned home = await PeerCommissioner.RunAsync(peer.Matter, 20202021, fabric, House.NodeId, fabric.CreateIdentity(0x1001));
            Assert.InRange(house.Time.Milliseconds - started, 0, 3000);
            Subscriber subscriber = new(peer, home.Administrator, home.Case);
            for (int round = 0; round < 10; round++)
            {
                started = house.Time.Milliseconds;
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => subscriber.Client.ReadOneAsync(1, 6, 0)));
                Assert.InRange(house.Time.Milliseconds - started, 0, 1000);
            }

            AssertQuiet(house);
        });
    }

    [Fact]
    public void TwoControllersThatAcknowledgeNothing_CostAThirdNothing()
    {
        House house = new(74);
        house.Run(async () =>
        {
            List<Subscriber> all = (await house.FillUp()).Take(3).ToList();
            all[0].Peer.Matter.Acknowledges = false;
            all[1].Peer.Matter.Acknowledges = false;
            for (int round = 0; round < 20; round++)
            {
                foreach (Subscriber silent in all.Take(2))
                {
                    for (int i = 0; i < 6; i++)
                    {
                        _ = silent.Client.ReadOneAsync(1, 6, 0).ContinueWith(t => t.Exception, TaskContinuationOptions.ExecuteSynchronously);
                    }
                }

                await house.Time.Delay(20);
                long started = house.Time.Milliseconds;
                await all[2].Client.ReadOneAsync(1, 6, 0);
                Assert.InRange(house.Time.Milliseconds - started, 0, 1000);
                await house.Time.Delay(300);
            }
        });
    }

    [Theory]
    [InlineData(0.15, 49)]
    [InlineData(0.30, 45)]
    public void FiftyCommissioningsUnderLoss_AreNeverToldBusy(double loss, int atLeast)
    {
        int done = 0;
        for (int seed = 1; seed <= 50; seed++)
        {
            House house = new(seed);
            house.Network.Loss = loss;
            house.Network.MaxDelay = 5;
            try
            {
                house.Run(async () => await house.Commission(1));
                done++;
            }
            catch (Exception e) when (e is TimeoutException or InvalidOperationException)
            {
                // Nothing but five transmissions lost one after the other may end one.
                bool isLost = e.Message.Contains("acknowledged nothing") || house.Light.Node.Sessions.Counters.Get(Counters.GaveUp) > 0;
                _output.WriteLine($"seed {seed}: {e.Message}");
                Assert.True(isLost, $"seed {seed}: {e.Message}");
            }

            Assert.Equal(0U, house.Light.Node.Engine.Counters[InteractionCounters.Busy]);
            Assert.Equal(0U, house.Light.Node.SecureChannel.Counters.Get(SecureChannelCounters.Busy));
        }

        _output.WriteLine($"{done} of 50 at {loss:P0} loss each way");
        Assert.InRange(done, atLeast, 50);
    }

    private static void AssertQuiet(House house)
    {
        Assert.Equal(0U, house.Light.Node.Engine.Counters[InteractionCounters.Busy]);
        Assert.Equal(0U, house.Light.Node.SecureChannel.Counters.Get(SecureChannelCounters.Busy));
    }
}
