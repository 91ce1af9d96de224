using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;

namespace MatterNano.Interaction;

/// <summary>All subscriptions: who gets a slot, when a report is due, what flash remembers (Core 8.5, 2.11.2.2).</summary>
/// <remarks>
/// Each fabric is sure of <see cref="Limits.SubscriptionsPerFabric"/>. Free slots may be used beyond that; they are taken
/// back, oldest first, when a fabric that has less than its share comes. A fabric with its full share replaces its own oldest.
/// </remarks>
internal sealed class SubscriptionTable
{
    /// <summary>Reports that may fail one after the other before the subscription ends.</summary>
    internal const int MaxFailures = 3;

    /// <summary>Milliseconds between a failed report and the next attempt.</summary>
    internal const int RetryDelay = 1000;

    /// <summary>Longest interval without a report that we promise, in seconds (SUBSCRIPTION_MAX_INTERVAL_PUBLISHER_LIMIT).</summary>
    internal const int MaxIntervalLimit = 3600;

    /// <summary>Shortest such interval, in seconds, so that a ceiling of 0 does not flood the network.</summary>
    internal const int MinMaxInterval = 2;

    private const string RecordName = "sub.";
    private const byte RecordLayout = 2;
    private const int FlagsAt = 2;
    private const byte RecordFabricFiltered = 1;
    private const byte RecordTold = 2;
    private const int AddressAt = 20;
    private const int RecordHeader = AddressAt + NetworkAddress.PackedSize;
    private const int MaxRecord = RecordHeader + (Limits.MaxPathsPerSubscription * PathTable.PackedSize);
    private const int StoreDelay = 2000;

    // One that never rests that long is stored behind so many reports.
    private const int StoreReports = 20;

    internal readonly InteractionEngine Engine;

    // The numbers of all subscriptions, Subscription.Size words each.
    internal readonly uint[] Numbers = new uint[Limits.Subscriptions * Subscription.Size];

    private readonly Subscription[] _subscriptions = new Subscription[Limits.Subscriptions];
    private readonly uint[] _paths = new uint[Limits.SubscriptionPaths * PathTable.Size];

    private readonly Node _node;
    private readonly ChangeTable _changes;
    private readonly IFlash _flash;
    private readonly IRandom _random;
    private uint _age;
    private uint _writeFailures;

    internal SubscriptionTable(InteractionEngine engine, Node node, ChangeTable changes, IFlash flash, IRandom random)
    {
        Engine = engine;
        _node = node;
        _changes = changes;
        _flash = flash;
        _random = random;
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            _subscriptions[i] = new Subscription(this, i);
            int fabricIndex;
            ulong nodeId;
            if (ReadStoredPeer(i, out fabricIndex, out nodeId))
            {
                Remember(_subscriptions[i], fabricIndex, nodeId);
                _subscriptions[i].SetFlag(Subscription.FlagTold, (Record[FlagsAt] & RecordTold) != 0);
            }
        }

        engine.Sessions.SetSubscriptions(_subscriptions);
    }

    internal int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _subscriptions.Length; i++)
            {
                if (_subscriptions[i].State != Subscription.Free)
                {
                    count++;
                }
            }

            return count;
        }
    }

    // The event log's scratch: no event is recorded while a record is read or written.
    private byte[] Record
    {
        get { return _node.Events.Scratch; }
    }

    internal uint WriteFailures
    {
        get { return _writeFailures; }
    }

    internal Subscription this[int index]
    {
        get { return _subscriptions[index]; }
    }

    /// <summary>Finds the subscription that has to make room.</summary>
    /// <returns>Null when a slot is free, or when nobody may be robbed.</returns>
    internal Subscription FindVictim(int fabricIndex, out bool free)
    {
        free = false;
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            if (_subscriptions[i].State == Subscription.Free)
            {
                free = true;
                return null;
            }
        }

        int robbed = fabricIndex;
        if (CountOf(fabricIndex) < Limits.SubscriptionsPerFabric)
        {
            // Somebody has more than his share, because not all of them fit.
            int most = Limits.SubscriptionsPerFabric;
            for (int i = 0; i < _subscriptions.Length; i++)
            {
                int count = CountOf(_subscriptions[i].FabricIndex);
                if (_subscriptions[i].FabricIndex == 0)
                {
                    // PASE has no share.
                    count += Limits.Subscriptions;
                }

                if (count > most)
                {
                    most = count;
                    robbed = _subscriptions[i].FabricIndex;
                }
            }
        }

        Subscription oldest = null;
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            Subscription candidate = _subscriptions[i];
            if (candidate.FabricIndex == robbed && candidate.State == Subscription.Active && (oldest == null || candidate.Age < oldest.Age))
            {
                oldest = candidate;
            }
        }

        return oldest;
    }

    /// <summary>Takes a free slot, rather one that flash remembers nothing in.</summary>
    /// <returns>Null when there is none.</returns>
    internal Subscription Take(SecureSession session)
    {
        Subscription taken = null;
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            Subscription candidate = _subscriptions[i];
            if (candidate.State == Subscription.Free && (taken == null || !candidate.HasFlag(Subscription.FlagStored)))
            {
                taken = candidate;
                if (!candidate.HasFlag(Subscription.FlagStored))
                {
                    break;
                }
            }
        }

        if (taken == null)
        {
            return null;
        }

        Release(taken, true);
        taken.State = Subscription.Priming;
        taken.Session = session;
        taken.FabricIndex = session.FabricIndex;
        taken.PeerNodeId = session.PeerNodeId;
        taken.Age = ++_age;
        taken.Id = NextId();
        return taken;
    }

    /// <summary>Gives a slot back.</summary>
    /// <param name="subscription">The slot.</param>
    /// <param name="forget">True: flash forgets it too. False at an orderly stop, after which it is to be resumed.</param>
    internal void Release(Subscription subscription, bool forget)
    {
        bool stored = subscription.HasFlag(Subscription.FlagStored);
        bool told = subscription.HasFlag(Subscription.FlagTold);
        int fabricIndex = subscription.FabricIndex;
        ulong nodeId = subscription.PeerNodeId;
        if (stored && forget && !_flash.Delete(NameOf(subscription)))
        {
            _writeFailures++;
        }

        FreePaths(subscription);
        subscription.Clear();
        if (stored && !forget)
        {
            Remember(subscription, fabricIndex, nodeId);
            subscription.SetFlag(Subscription.FlagTold, told);
        }
    }

    /// <summary>At an orderly stop, its last reports out: marks the subscriptions of those that were told by an event, in flash too.</summary>
    /// <param name="cluster">Cluster of endpoint 0 that the event is of.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="number">Its number.</param>
    internal void MarkTold(uint cluster, uint eventId, ulong number)
    {
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            Subscription subscription = _subscriptions[i];

            // A report that is not acknowledged yet has told it, for all we know.
            if (subscription.State == Subscription.Active && (subscription.NextEvent > number || subscription.HasFlag(Subscription.FlagInFlight))
                && HasEvent(subscription, 0, cluster, eventId, false))
            {
                MarkTold(subscription.FabricIndex, subscription.PeerNodeId);
            }
        }
    }

    /// <summary>Those who were told and have not subscribed anew are called like the others from now on; of those who have, the old ones are forgotten.</summary>
    internal void EndTold()
    {
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            Subscription subscription = _subscriptions[i];
            if (subscription.State != Subscription.Free || !subscription.HasFlag(Subscription.FlagTold))
            {
                continue;
            }

            if (IsSubscribed(subscription.FabricIndex, subscription.PeerNodeId))
            {
                Release(subscription, true);
            }
            else
            {
                // Once its subscriber has it, its record is written again, without the mark.
                subscription.SetFlag(Subscription.FlagTold, false);
                subscription.SetFlag(Subscription.FlagMoved, true);
            }
        }
    }

    /// <summary>Forgets what flash remembers of a peer that is not subscribed any more.</summary>
    internal void ForgetStored(int fabricIndex, ulong nodeId)
    {
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            Subscription subscription = _subscriptions[i];
            if (subscription.State == Subscription.Free && subscription.HasFlag(Subscription.FlagStored)
                && subscription.FabricIndex == fabricIndex && (nodeId == 0 || subscription.PeerNodeId == nodeId))
            {
                Release(subscription, true);
            }
        }
    }

    /// <summary>The paths of all subscriptions.</summary>
    internal uint[] Paths
    {
        get { return _paths; }
    }

    /// <summary>Paths in use, by all subscriptions.</summary>
    internal int PathsUsed
    {
        get
        {
            int used = 0;
            for (int i = 0; i < _subscriptions.Length; i++)
            {
                used += _subscriptions[i].PathCount;
            }

            return used;
        }
    }

    /// <summary>True when the pool holds so many paths more, and still three for each of the other subscriptions.</summary>
    internal bool HasRoomForPaths(int count)
    {
        if (count <= Limits.PathsPerSubscription || count > Limits.MaxPathsPerSubscription)
        {
            return count <= Limits.PathsPerSubscription;
        }

        // Each of the others has its three, used or not; one of those that are free is the newcomer.
        int promised = count;
        bool first = true;
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            if (first && _subscriptions[i].PathCount == 0)
            {
                first = false;
                continue;
            }

            int paths = _subscriptions[i].PathCount;
            promised += paths > Limits.PathsPerSubscription ? paths : Limits.PathsPerSubscription;
        }

        return promised <= Limits.SubscriptionPaths;
    }

    /// <summary>Gives a subscription without paths room for its own, behind those of the others; the caller fills it, at PathsAt.</summary>
    /// <returns>False when they do not fit.</returns>
    internal bool SetPaths(Subscription subscription, int count)
    {
        if (!HasRoomForPaths(count))
        {
            return false;
        }

        subscription.FirstPath = PathsUsed;
        subscription.PathCount = count;
        return true;
    }

    private void FreePaths(Subscription subscription)
    {
        int count = subscription.PathCount;
        if (count == 0)
        {
            return;
        }

        // Those behind move up, so that the free ones stay together.
        int first = subscription.FirstPath;
        int used = PathsUsed;
        System.Array.Copy(
            _paths, (first + count) * PathTable.Size, _paths, first * PathTable.Size, (used - first - count) * PathTable.Size);
        subscription.PathCount = 0;
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            if (_subscriptions[i].PathCount > 0 && _subscriptions[i].FirstPath > first)
            {
                _subscriptions[i].FirstPath -= count;
            }
        }
    }

    /// <summary>Longest interval promised for a request, in seconds.</summary>
    internal static int ChooseMaxInterval(int floor, int ceiling)
    {
        int interval = ceiling < MaxIntervalLimit ? ceiling : MaxIntervalLimit;
        if (interval < MinMaxInterval)
        {
            interval = MinMaxInterval;
        }

        return interval < floor ? floor : interval;
    }

    /// <summary>Milliseconds from one report to the keep-alive: a fifth of the interval, at most 30 s, is left for one that is lost and its repetition.</summary>
    internal static long GetKeepAliveDelay(Subscription subscription)
    {
        return subscription.MaxInterval > 150 ? (subscription.MaxInterval * 1000L) - 30000 : subscription.MaxInterval * 800L;
    }

    /// <summary>When the next report is due, in milliseconds of the clock.</summary>
    internal long GetDue(Subscription subscription)
    {
        long last = subscription.LastReport;
        if (subscription.Failures > 0)
        {
            return subscription.RetryAt;
        }

        if (subscription.HasFlag(Subscription.FlagForced) || subscription.HasFlag(Subscription.FlagResumed))
        {
            return last;
        }

        long least = last + (subscription.MinInterval * 1000L);

        long due = last + GetKeepAliveDelay(subscription);
        if (due < least)
        {
            due = least;
        }

        if (due > least && IsDirty(subscription))
        {
            due = least;
        }

        return due > subscription.RetryAt ? due : subscription.RetryAt;
    }

    /// <summary>True when the subscriber has not seen the last value of something it asked for.</summary>
    internal bool IsDirty(Subscription subscription)
    {
        if (subscription.HasFlag(Subscription.FlagUrgent))
        {
            return true;
        }

        uint since = subscription.Reported;
        if (since == _changes.Last)
        {
            return false;
        }

        for (int i = 0; i < _changes.Count; i++)
        {
            if (_changes.GetNumber(i) > since && Matches(subscription, _changes.GetCluster(i), _changes.GetAttribute(i)))
            {
                return true;
            }
        }

        if (_changes.Forgotten > since)
        {
            for (int i = 0; i < _node.EndpointCount; i++)
            {
                EndpointDefinition endpoint = _node.GetEndpoint(i);
                for (int j = 0; j < endpoint.ClusterCount; j++)
                {
                    Cluster cluster = endpoint.GetCluster(j);
                    if (cluster.ForgottenChange > since && Matches(subscription, cluster, InteractionModel.Wildcard))
                    {
                        return true;
                    }
                }
            }
        }

        // Nothing of what changed concerns it: next time one comparison tells.
        if (!subscription.HasFlag(Subscription.FlagInFlight))
        {
            subscription.Reported = _changes.Last;
        }

        return false;
    }

    /// <summary>Marks the subscriptions that want this event at once.</summary>
    internal void OnEventRecorded(int endpoint, uint cluster, uint eventId, int fabricIndex)
    {
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            Subscription subscription = _subscriptions[i];
            if (subscription.State == Subscription.Free || (fabricIndex != 0 && subscription.FabricIndex != fabricIndex))
            {
                continue;
            }

            if (HasEvent(subscription, endpoint, cluster, eventId, true))
            {
                subscription.SetFlag(Subscription.FlagUrgent, true);
            }
        }
    }

    /// <summary>Stores a subscription that has lived for a while, so that a restart can resume it.</summary>
    /// <returns>When to look again; <see cref="long.MaxValue"/> when it is stored or never will be.</returns>
    internal long Store(Subscription subscription, long now)
    {
        bool isStored = subscription.HasFlag(Subscription.FlagStored);
        if (subscription.FabricIndex == 0 || subscription.Failures > 0 || (isStored && !subscription.HasFlag(Subscription.FlagMoved)))
        {
            return long.MaxValue;
        }

        long due = subscription.LastReport + StoreDelay;
        if (now < due && subscription.Reports < StoreReports)
        {
            return due;
        }

        Record[0] = RecordLayout;
        Record[1] = (byte)subscription.FabricIndex;
        Record[FlagsAt] = (byte)(subscription.HasFlag(Subscription.FlagFabricFiltered) ? RecordFabricFiltered : 0);
        Record[3] = (byte)subscription.PathCount;
        ByteOrder.WriteUInt32(Record, 4, subscription.Id);
        ByteOrder.WriteUInt64(Record, 8, subscription.PeerNodeId);
        ByteOrder.WriteUInt16(Record, 16, (uint)subscription.MinInterval);
        ByteOrder.WriteUInt16(Record, 18, (uint)subscription.MaxInterval);
        System.Array.Copy(subscription.Session.Data, subscription.Session.At + Session.AddressAt, Record, AddressAt, NetworkAddress.PackedSize);
        subscription.AddressHash = HashAddress(Record, AddressAt);
        int length = subscription.PathCount * PathTable.PackedSize;
        PathTable.Pack(_paths, subscription.PathsAt, subscription.PathCount, Record, RecordHeader);

        // Not tried again when the medium refuses: the subscription itself goes on.
        subscription.SetFlag(Subscription.FlagStored, true);
        subscription.SetFlag(Subscription.FlagMoved, false);
        if (!_flash.Write(NameOf(subscription), Record, 0, RecordHeader + length))
        {
            _writeFailures++;
        }

        return long.MaxValue;
    }

    /// <summary>After a confirmed report: the record is written again when the subscriber is not where it was.</summary>
    internal void NoteAddress(Subscription subscription)
    {
        if (subscription.HasFlag(Subscription.FlagStored) && subscription.AddressHash != HashAddress(subscription.Session.Data, subscription.Session.At + Session.AddressAt))
        {
            subscription.SetFlag(Subscription.FlagMoved, true);
        }
    }

    /// <summary>Where the subscriber of a remembered subscription was last.</summary>
    /// <returns>False when there is none, or it was not on the network.</returns>
    internal bool GetStoredAddress(int index, NetworkAddress into)
    {
        int fabricIndex;
        ulong nodeId;
        if (!GetStoredPeer(index, out fabricIndex, out nodeId) || !ReadStoredPeer(index, out fabricIndex, out nodeId))
        {
            return false;
        }

        into.Read(Record, AddressAt);
        return into.Transport == NetworkAddress.Udp;
    }

    /// <summary>Whose subscription flash remembers in a slot that is free.</summary>
    /// <returns>False when there is none.</returns>
    internal bool GetStoredPeer(int index, out int fabricIndex, out ulong nodeId)
    {
        Subscription subscription = _subscriptions[index];
        fabricIndex = subscription.FabricIndex;
        nodeId = subscription.PeerNodeId;
        return subscription.State == Subscription.Free && subscription.HasFlag(Subscription.FlagStored) && !subscription.HasFlag(Subscription.FlagTold);
    }

    /// <summary>Takes a remembered subscription up again on a session of its subscriber.</summary>
    /// <returns>Null when there is none in the slot, or its record is not this peer's.</returns>
    internal Subscription Resume(int index, SecureSession session, long now)
    {
        int fabricIndex;
        ulong nodeId;
        Subscription subscription = _subscriptions[index];
        if (!GetStoredPeer(index, out fabricIndex, out nodeId) || fabricIndex != session.FabricIndex || nodeId != session.PeerNodeId
            || !ReadStoredPeer(index, out fabricIndex, out nodeId))
        {
            return null;
        }

        if (!SetPaths(subscription, Record[3]))
        {
            return null;
        }

        PathTable.Unpack(Record, RecordHeader, Record[3], _paths, subscription.PathsAt);

        subscription.State = Subscription.Active;
        subscription.Session = session;
        subscription.Age = ++_age;
        subscription.Id = ByteOrder.ReadUInt32(Record, 4);
        subscription.AddressHash = HashAddress(Record, AddressAt);
        subscription.MinInterval = ByteOrder.ReadUInt16(Record, 16);
        subscription.MaxInterval = ByteOrder.ReadUInt16(Record, 18);
        subscription.SetFlag(Subscription.FlagFabricFiltered, (Record[FlagsAt] & RecordFabricFiltered) != 0);
        subscription.SetFlag(Subscription.FlagResumed, true);
        subscription.LastReport = now;
        return subscription;
    }

    internal int CountOf(int fabricIndex)
    {
        int count = 0;
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            if (_subscriptions[i].State != Subscription.Free && _subscriptions[i].FabricIndex == fabricIndex)
            {
                count++;
            }
        }

        return count;
    }

    private static void Remember(Subscription subscription, int fabricIndex, ulong nodeId)
    {
        subscription.FabricIndex = fabricIndex;
        subscription.PeerNodeId = nodeId;
        subscription.SetFlag(Subscription.FlagStored, true);
    }

    // In flash too, so that whoever starts next knows it.
    private void MarkTold(int fabricIndex, ulong nodeId)
    {
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            Subscription subscription = _subscriptions[i];
            int storedFabric;
            ulong storedNode;
            if (subscription.FabricIndex != fabricIndex || subscription.PeerNodeId != nodeId
                || !subscription.HasFlag(Subscription.FlagStored) || subscription.HasFlag(Subscription.FlagTold))
            {
                continue;
            }

            subscription.SetFlag(Subscription.FlagTold, true);
            if (!ReadStoredPeer(i, out storedFabric, out storedNode))
            {
                continue;
            }

            Record[FlagsAt] |= RecordTold;
            if (!_flash.Write(NameOf(subscription), Record, 0, RecordHeader + (Record[3] * PathTable.PackedSize)))
            {
                _writeFailures++;
            }
        }
    }

    private bool IsSubscribed(int fabricIndex, ulong nodeId)
    {
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            Subscription subscription = _subscriptions[i];
            if (subscription.State != Subscription.Free && subscription.FabricIndex == fabricIndex && subscription.PeerNodeId == nodeId)
            {
                return true;
            }
        }

        return false;
    }

    private bool HasEvent(Subscription subscription, int endpoint, uint cluster, uint eventId, bool isUrgent)
    {
        for (int i = 0; i < subscription.PathCount; i++)
        {
            int at = subscription.PathsAt + (i * PathTable.Size);
            int kind = PathTable.GetKind(_paths, at);
            if ((kind == PathTable.UrgentEvent || (kind != PathTable.Attribute && !isUrgent)) && PathTable.Matches(_paths, at, endpoint, cluster, eventId))
            {
                return true;
            }
        }

        return false;
    }

    private bool ReadStoredPeer(int index, out int fabricIndex, out ulong nodeId)
    {
        int length = _flash.Read(RecordName + index, Record, 0, MaxRecord);
        fabricIndex = 0;
        nodeId = 0;
        if (length < RecordHeader || Record[0] != RecordLayout || Record[1] == 0 || Record[3] > Limits.MaxPathsPerSubscription
            || length != RecordHeader + (Record[3] * PathTable.PackedSize))
        {
            return false;
        }

        fabricIndex = Record[1];
        nodeId = ByteOrder.ReadUInt64(Record, 8);
        return true;
    }

    private bool Matches(Subscription subscription, Cluster cluster, uint attribute)
    {
        for (int i = 0; i < subscription.PathCount; i++)
        {
            int at = subscription.PathsAt + (i * PathTable.Size);
            if (PathTable.GetKind(_paths, at) == PathTable.Attribute
                && PathTable.Matches(_paths, at, cluster.Endpoint.Number, cluster.Id,
                    attribute == InteractionModel.Wildcard ? PathTable.GetElement(_paths, at) : attribute))
            {
                return true;
            }
        }

        return false;
    }

    // 16 bits are enough to see that an address has changed, and save 23 bytes a subscription.
    private static uint HashAddress(byte[] packed, int offset)
    {
        uint hash = 0x811c;
        for (int i = 0; i < NetworkAddress.PackedSize; i++)
        {
            hash = ((hash ^ packed[offset + i]) * 0x0193) ^ (hash >> 11);
        }

        return hash & 0xffff;
    }

    private string NameOf(Subscription subscription)
    {
        return RecordName + subscription.Index;
    }

    private uint NextId()
    {
        _random.Fill(Record, 0, 4);
        for (uint id = ByteOrder.ReadUInt32(Record, 0); ; id++)
        {
            bool used = id == 0;
            for (int i = 0; i < _subscriptions.Length; i++)
            {
                used |= _subscriptions[i].State != Subscription.Free && _subscriptions[i].Id == id;
            }

            if (!used)
            {
                return id;
            }
        }
    }
}
