using System;
using MatterNano.Credentials;
using MatterNano.Discovery;
using MatterNano.Interaction;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;

namespace MatterNano.Devices;

/// <summary>Finds subscribers again after a restart or a loss of the network, so that they need not find out for themselves.</summary>
/// <remarks>
/// A remembered subscription whose subscriber has a resumption record is resumed: a session is resumed at its last
/// address, or where DNS-SD says it is, then everything is reported under the old subscription id. One attempt at a
/// time; after a failure it waits 1, 2, 5, 15, ten times 60, then always 300 s, and begins anew when the network changes.
/// A subscriber without a record is waited for.
/// </remarks>
internal sealed class SubscriberRecovery : ICaseInitiatorListener
{
    // Sockets and keys may need a moment; a missing exchange or session slot does too.
    private const int ShortDelay = 50;
    private const int LongestDelay = 300000;

    // A subscriber that was told of an orderly stop may take our silence for the sign to subscribe anew: Home Assistant's server does within
    // 6 s of ShutDown, and a report before that would leave it with a node that it calls unavailable. Others do nothing, and wait for us.
    private const int ToldDelay = 7000;
    private const long Never = long.MaxValue;

    // A query that is so late will never be sent: the responder is not running.
    private const int QueryGrace = 1000;

    // Exchanges that stay for what peers begin.
    private const int ExchangesLeft = 3;

    private readonly FabricTable _fabrics;
    private readonly ExchangeManager _exchanges;
    private readonly CaseInitiator _initiator;
    private readonly MdnsResponder _mdns;
    private readonly IUdp _udp;
    private readonly IClock _clock;
    private readonly IRandom _random;

    // For each subscription: when it is tried again, in milliseconds, and below that 8 bits: attempts.
    private readonly ulong[] _tries = new ulong[Limits.Subscriptions];
    private InteractionEngine _engine;
    private int _changeCount;
    private int _resolving = -1;
    private long _toldAt;
    private bool _hasNetwork;

    internal SubscriberRecovery(
        FabricTable fabrics, ExchangeManager exchanges, SecureChannelHandler secureChannel, MdnsResponder mdns, IUdp udp, IClock clock, IRandom random)
    {
        _fabrics = fabrics;
        _exchanges = exchanges;
        _initiator = secureChannel.Initiator;
        _initiator.Listener = this;
        _mdns = mdns;
        _udp = udp;
        _clock = clock;
        _random = random;
    }

    /// <summary>Begins with what flash remembers.</summary>
    internal void Start(InteractionEngine engine)
    {
        _engine = engine;
        _changeCount = _udp.ChangeCount;
        _hasNetwork = _udp.GetAddresses(_fabrics.Scratch) > 0;
        _toldAt = _clock.Milliseconds + ToldDelay;
        BeginAnew();
    }

    /// <summary>Looks for no subscriber any more: the node stops.</summary>
    internal void Stop()
    {
        _engine = null;
        _resolving = -1;
        _mdns.Resolver = null;
        _initiator.Abandon(CaseInitiator.Failed);
    }

    /// <summary>Begins the attempt that is due.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <returns>When to be called next, in milliseconds of the clock; <see cref="long.MaxValue"/>: when something happens.</returns>
    internal long Process(long now)
    {
        if (_engine == null)
        {
            return Never;
        }

        if (_changeCount != _udp.ChangeCount)
        {
            _changeCount = _udp.ChangeCount;
            _hasNetwork = _udp.GetAddresses(_fabrics.Scratch) > 0;
            if (_hasNetwork)
            {
                _engine.RetryNow();
                BeginAnew();
            }
        }

        if (now >= _toldAt)
        {
            _toldAt = Never;
            _engine.Subscriptions.EndTold();
        }

        if (!_hasNetwork || _initiator.IsRunning)
        {
            return _toldAt;
        }

        if (_resolving >= 0)
        {
            return FinishResolving(now);
        }

        int next = -1;
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            int fabricIndex;
            ulong nodeId;
            if (!_engine.GetStoredSubscriber(i, out fabricIndex, out nodeId))
            {
                // Confirmed by its subscriber, or gone: the next loss begins with the first delay.
                Subscription subscription = _engine.GetSubscription(i);
                if (subscription == null || (!subscription.HasFlag(Subscription.FlagResumed) && subscription.Failures == 0))
                {
                    _tries[i] = 0;
                }
            }
            else if (next < 0 || GetTime(i) < GetTime(next))
            {
                next = i;
            }
        }

        if (next < 0)
        {
            return _toldAt;
        }

        if (GetTime(next) > now)
        {
            return GetTime(next) < _toldAt ? GetTime(next) : _toldAt;
        }

        return Begin(next, now);
    }

    /// <inheritdoc/>
    public void OnInitiated(int fabricIndex, ulong peerNodeId, int result, int milliseconds)
    {
        if (_engine == null)
        {
            return;
        }

        switch (result)
        {
            case CaseInitiator.Forgotten:
                _engine.ForgetStored(fabricIndex, peerNodeId);
                break;
            case CaseInitiator.Busy:
                Delay(fabricIndex, peerNodeId, milliseconds, false);
                break;
            default:
                // With a session the next turn finds nothing stored any more; if the first report fails, this delay holds.
                Delay(fabricIndex, peerNodeId, 0, true);
                break;
        }
    }

    private static int BackOff(int attempts)
    {
        switch (attempts)
        {
            case 0:
                return 0;
            case 1:
                return 1000;
            case 2:
                return 2000;
            case 3:
                return 5000;
            case 4:
                return 15000;
            default:
                return attempts < 15 ? 60000 : LongestDelay;
        }
    }

    private long GetTime(int index)
    {
        return -1L & (long)(_tries[index] >> 8);
    }

    private int GetAttempts(int index)
    {
        return -1 & (int)(_tries[index] & 0xff);
    }

    private void BeginAnew()
    {
        Array.Clear(_tries, 0, _tries.Length);
    }

    private long Begin(int index, long now)
    {
        int fabricIndex;
        ulong nodeId;
        _engine.GetStoredSubscriber(index, out fabricIndex, out nodeId);
        SecureSession session = _exchanges.Sessions.GetSessionForNode(fabricIndex, nodeId);
        if (session != null)
        {
            Delay(fabricIndex, nodeId, 0, true);
            _engine.ResumeSubscriptions(session);
            return now;
        }

        ResumptionRecord record = _exchanges.Sessions.FindResumptionRecordByNodeId(fabricIndex, nodeId);
        if (record == null)
        {
            // Without the record it is the peer's turn.
            Delay(fabricIndex, nodeId, LongestDelay, false);
            return now;
        }

        record.Wipe();
        if (_exchanges.FreeExchanges <= ExchangesLeft)
        {
            return now + ShortDelay;
        }

        if (!_exchanges.Sessions.HasRoomForCase && !FreeDefunct(fabricIndex, nodeId))
        {
            Delay(fabricIndex, nodeId, 0, true);
            return now;
        }

        OperationalResolver resolver = new OperationalResolver();
        bool isKnown = _engine.GetStoredAddress(index, resolver.Address);
        if (isKnown && (_tries[index] & 1) == 0)
        {
            return Connect(fabricIndex, nodeId, resolver.Address, now);
        }

        Fabric fabric = _fabrics.Find(fabricIndex);
        if (fabric == null)
        {
            Delay(fabricIndex, nodeId, 0, true);
            return now;
        }

        // Two questions in a row prefer different families.
        _resolving = index;
        _mdns.Resolver = resolver;
        resolver.Start(ByteOrder.ReadUInt64BigEndian(fabric.Data, Fabric.CompressedIdOffset), nodeId, (_tries[index] & 2) != 0, now);
        return now;
    }

    private long FinishResolving(long now)
    {
        OperationalResolver resolver = _mdns.Resolver;
        if (resolver.State == OperationalResolver.Asking && now < resolver.NextDeadline + QueryGrace)
        {
            return resolver.NextDeadline + QueryGrace;
        }

        int index = _resolving;
        _resolving = -1;
        int fabricIndex;
        ulong nodeId;
        bool found = resolver.State == OperationalResolver.Found;
        _mdns.Resolver = null;
        if (!_engine.GetStoredSubscriber(index, out fabricIndex, out nodeId) || _exchanges.Sessions.GetSessionForNode(fabricIndex, nodeId) != null)
        {
            return now;
        }

        if (!found && !_engine.GetStoredAddress(index, resolver.Address))
        {
            Delay(fabricIndex, nodeId, 0, true);
            return now;
        }

        return Connect(fabricIndex, nodeId, resolver.Address, now);
    }

    private long Connect(int fabricIndex, ulong nodeId, NetworkAddress address, long now)
    {
        // Started: the loop turns once more, because the exchange has a deadline now.
        return _initiator.Start(fabricIndex, nodeId, address) ? now : now + ShortDelay;
    }

    // A session that this very peer does not answer on any more makes room for the new one.
    private bool FreeDefunct(int fabricIndex, ulong nodeId)
    {
        for (int i = 0; i < Limits.SecureSessions; i++)
        {
            SecureSession session = _exchanges.Sessions.GetSessionInSlot(i);
            if (session != null && session.IsDefunct && session.FabricIndex == fabricIndex && session.PeerNodeId == nodeId
                && session.NumberOfActiveSubscriptions == 0)
            {
                session.Destroy(false, false);
                return true;
            }
        }

        return false;
    }

    // All subscriptions of a peer wait together.
    private void Delay(int fabricIndex, ulong nodeId, int milliseconds, bool isFailure)
    {
        long now = _clock.Milliseconds;
        byte[] scratch = _fabrics.Scratch;
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            int otherFabric;
            ulong otherNode;
            if (!_engine.GetStoredSubscriber(i, out otherFabric, out otherNode) || otherFabric != fabricIndex || otherNode != nodeId)
            {
                continue;
            }

            int delay = milliseconds;
            if (isFailure)
            {
                if (GetAttempts(i) < 255)
                {
                    _tries[i]++;
                }

                // Up to a quarter more, so that a house of lights does not call at the same moment.
                delay = BackOff(GetAttempts(i));
                _random.Fill(scratch, 0, 1);
                delay += delay / 1024 * scratch[0];
            }

            _tries[i] = ((ulong)(now + delay) << 8) | (_tries[i] & 0xff);
        }
    }
}
