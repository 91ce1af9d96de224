using System;
using System.Linq;
using System.Threading.Tasks;
using MatterNano.Peer;

namespace MatterNano.Simulation;

/// <summary>
/// A controller that does what Home Assistant's python-matter-server 8.1.2 does: it subscribes to everything, calls the node unavailable
/// when it sees ShutDown, expects each report within 5 s for the next 6 s and then as before, and calls it available again only when it
/// has subscribed anew, which it does when a report has not come in time.
/// </summary>
internal sealed class ShutDownServer
{
    private const long ShortTimeout = 5000;
    private const long ShortFor = 6000;
    private const long Grace = 10_000;

    private readonly VirtualTime _time;
    private readonly Subscriber _subscriber;
    private readonly bool _keeps;
    private long _shortUntil;
    private long _heardBy;
    private int _seen;

    public ShutDownServer(VirtualTime time, Subscriber subscriber, bool keepsSubscriptions)
    {
        _time = time;
        _subscriber = subscriber;
        _keeps = keepsSubscriptions;
    }

    /// <summary>What its user sees.</summary>
    public bool IsAvailable { get; private set; }

    /// <summary>When it was last told of the end.</summary>
    public long ShutDownAt { get; private set; } = -1;

    /// <summary>Subscriptions made.</summary>
    public int Made { get; private set; }

    /// <summary>The present subscription.</summary>
    public ImSubscription Subscription { get; private set; }

    public async Task Run()
    {
        await Subscribe();
        while (true)
        {
            await _time.Delay(10);
            while (_seen < Subscription.Reports.Count)
            {
                ImReport report = Subscription.Reports[_seen++];
                if (report.Events.Any(e => e.Path.Endpoint == 0 && e.Path.Cluster == 0x28 && e.Path.Id == 1))
                {
                    IsAvailable = false;
                    ShutDownAt = _time.Milliseconds;
                    _shortUntil = _time.Milliseconds + ShortFor;
                }

                Heard();
            }

            if (_shortUntil != 0 && _time.Milliseconds >= _shortUntil)
            {
                _shortUntil = 0;
                Heard();
            }

            if (_time.Milliseconds >= _heardBy)
            {
                while (!await Resubscribe())
                {
                    await _time.Delay(1000);
                }
            }
        }
    }

    private void Heard() => _heardBy = _time.Milliseconds + (_time.Milliseconds < _shortUntil ? ShortTimeout : (Subscription.MaxInterval * 1000) + Grace);

    private async Task<bool> Resubscribe()
    {
        // Whatever comes for the old one from now on is refused.
        Subscription.IsWanted = false;
        try
        {
            if (!await _subscriber.Connect(3000))
            {
                return false;
            }

            await Subscribe();
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task Subscribe()
    {
        Subscription = await _subscriber.Client.SubscribeAsync(
            1, 60, new ImPath[] { new(1, 6, 0) }, new ImPath[] { new(null, null, null) }, _keeps);
        _seen = 0;
        Made++;
        IsAvailable = true;
        Heard();
    }
}
