using System.Threading.Tasks;
using MatterNano.Peer;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Simulation;

/// <summary>The loop wakes when anything is due, also what was scheduled by what it did last. Every simulated light is held to that at each turn.</summary>
public class StepTests
{
    private readonly ITestOutputHelper _output;

    public StepTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(3000)]
    [InlineData(9000)]
    [InlineData(20000)]
    public void ShortSilenceOfTheNetwork_TheChangeIsToldAtTheNextTry_NotAMinuteLater(int silence)
    {
        House house = new(91);
        house.Run(async () =>
        {
            Subscriber subscriber = await house.Commission(1);
            await subscriber.Subscribe();
            await house.Time.Delay(10_000);
            subscriber.Subscription.Reports.Clear();
            house.Network.Filter = _ => false;
            house.Light.Light.OnOff.Toggle();
            await house.Time.Delay(silence);
            house.Network.Filter = null;
            long back = house.Time.Milliseconds;
            await house.Until(() => subscriber.Subscription.Reports.Count > 0, 10_000);
            _output.WriteLine($"{silence} ms of silence: told {house.Time.Milliseconds - back} ms after it");
            Assert.True(subscriber.Subscription.Reports[0].Find(1, 6, 0).Value.Boolean);
        });
    }
}
