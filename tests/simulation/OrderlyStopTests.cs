using System.Threading.Tasks;
using MatterNano.Peer;
using MatterNano.SecureChannel;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Simulation;

/// <summary>What subscribers see of a light that stops in order and starts again.</summary>
public class OrderlyStopTests
{
    private readonly ITestOutputHelper _output;

    public OrderlyStopTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(100, false)]
    [InlineData(1000, false)]
    [InlineData(2500, false)]
    [InlineData(3000, true)]
    [InlineData(4500, false)]
    [InlineData(5000, true)]
    [InlineData(8000, false)]
    [InlineData(8000, true)]
    public void ServerThatSawShutDown_SubscribesAnew_AndIsNotStoppedFromIt(int off, bool keepsSubscriptions)
    {
        House house = new(61);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            ShutDownServer server = new(house.Time, subscriber, keepsSubscriptions);
            Task run = server.Run();
            await house.Time.Delay(20_000);
            Assert.True(server.IsAvailable);
            for (int i = 1; i <= 2; i++)
            {
                house.Stop();
                await house.Time.Delay(off);
                Assert.True(server.ShutDownAt > 0);
                house.Start();
                long back = house.Time.Milliseconds;
                await house.Until(() => run.IsFaulted || (server.IsAvailable && server.Made == i + 1), 6000);
                Assert.Null(run.Exception);
                _output.WriteLine($"off for {off} ms: available {house.Time.Milliseconds - server.ShutDownAt} ms after ShutDown, {house.Time.Milliseconds - back} ms after the start");

                // It stays so, and a change is reported once.
                await house.Time.Delay(30_000);
                Assert.True(server.IsAvailable);
                Assert.Equal(i + 1, server.Made);
                Assert.Equal(1, house.Light.Node.Engine.SubscriptionCount);
                Task<ImReport> report = subscriber.Client.NextReportAsync(server.Subscription, 3000);
                house.Light.Light.OnOff.Toggle();
                Assert.Equal(house.Light.Light.OnOff.IsOn, (await report).Find(1, 6, 0).Value.Boolean);
            }

            Assert.False(run.IsCompleted);
        });
    }

    [Fact]
    public void SubscriberThatWasNotToldShutDown_IsReportedToAtOnce()
    {
        House house = new(62);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            await subscriber.Subscribe();
            await house.Time.Delay(5000);
            house.Stop();
            await house.Time.Delay(1000);
            int seen = subscriber.Subscription.Reports.Count;
            house.Start();
            await house.Until(() => subscriber.Subscription.Reports.Count > seen, 1000);
        });
    }

    [Fact]
    public void ToldSubscriberThatOnlyWaits_IsReportedToAfterAWhile()
    {
        House house = new(63);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            ImSubscription subscription = await subscriber.Client.SubscribeAsync(0, 600, new ImPath[] { new(1, 6, 0) }, new ImPath[] { new(null, null, null) });
            await house.Time.Delay(5000);
            house.Stop();
            await house.Time.Delay(1000);
            int seen = subscription.Reports.Count;
            house.Start();
            await house.Time.Delay(6500);
            Assert.Equal(seen, subscription.Reports.Count);
            await house.Until(() => subscription.Reports.Count > seen, 3000);

            // After a power cut it is one like the others again.
            await house.Time.Delay(10_000);
            seen = subscription.Reports.Count;
            house.Restart();
            await house.Until(() => subscription.Reports.Count > seen, 1000);
        });
    }

    [Fact]
    public void ToldSubscriber_HearsAtOnceAfterAPowerCut()
    {
        House house = new(64);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            ImSubscription subscription = await subscriber.Client.SubscribeAsync(0, 60, new ImPath[] { new(1, 6, 0) }, new ImPath[] { new(null, null, null) });
            await house.Time.Delay(5000);
            int seen = subscription.Reports.Count;
            house.Restart();
            await house.Until(() => subscription.Reports.Count > seen, 1000);
            Assert.Equal(1U, house.Light.Node.SecureChannel.Counters.Get(SecureChannelCounters.CaseInitiated));
        });
    }
}
