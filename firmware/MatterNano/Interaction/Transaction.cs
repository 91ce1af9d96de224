using System;
using MatterNano.Messaging;
using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>What the engine remembers about one exchange between two messages. A slot of a pool.</summary>
/// <remarks>
/// All but references is one packed array of words, because a field takes 12 bytes on nanoCLR whatever it holds:
/// 0 flags, from the low end: kind 4 | phase 2 | authentication mode 2 | flags 8 | subscription + 1 8 | fabric 8;
/// 1 path index u16, paths u16; 2 to 11 by kind, see the constants; then a bit a cluster, and the paths of a read.
/// </remarks>
internal sealed class Transaction : InvokeContext
{
    internal const int Free = 0;
    internal const int Read = 1;
    internal const int Prime = 2;
    internal const int Report = 3;
    internal const int Write = 4;
    internal const int Invoke = 5;
    internal const int Timed = 6;

    // The command has returned Pending.
    internal const int Deferred = 7;

    // The answer is on its way and the cluster wants to know when it is out.
    internal const int Notify = 8;

    // The answer is out.
    internal const int Notified = 9;

    internal const int PhaseAttributes = 0;
    internal const int PhaseEventStatus = 1;
    internal const int PhaseEvents = 2;

    private const uint KindMask = 0xf;
    private const int PhaseShift = 4;
    private const int AuthModeShift = 6;
    private const uint FabricFilteredFlag = 0x100;
    private const uint TimedFlag = 0x200;
    private const uint WaitingFlag = 0x400;
    private const uint LastFlag = 0x800;
    private const uint ResponseStartedFlag = 0x1000;
    private const uint NotifyFlag = 0x2000;
    private const int SubscriptionShift = 16;
    private const int FabricShift = 24;

    private const int FlagsAt = 0;
    private const int PathsAtWord = 1;

    // Read, Prime, Report: endpoint u16 and cluster u16 of the walk; attribute; list item + 1; version of the list; change numbers;
    // event numbers, low word first.
    private const int PlaceAt = 2;
    private const int AttributeAt = 3;
    private const int ListIndexAt = 4;
    private const int ListVersionAt = 5;
    private const int SinceAt = 6;
    private const int UntilAt = 7;
    private const int NextEventAt = 8;
    private const int UntilEventAt = 10;

    // Write and Invoke: cluster id of a path; ordinal of the cluster + 1; attribute or command; status of the list u8, result of its last
    // path + 1 u16, refused status u8; cluster status + 1; reference + 1.
    private const int IdAt = 2;
    private const int ClusterAt = 3;
    private const int ElementAt = 4;
    private const int StatusAt = 5;
    private const int ClusterStatusAt = 6;
    private const int ReferenceAt = 7;

    // Timed: until when.
    private const int DeadlineAt = 8;

    private const int KnownAt = 12;

    internal readonly InteractionEngine Engine;

    // The words; paths of a read at OwnPathsAt.
    internal readonly uint[] State;

    internal Exchange Exchange;

    // Invoke: where the answer is written.
    internal MessageBuffer Message;

    internal Transaction(InteractionEngine engine, int clusters)
    {
        Engine = engine;
        State = new uint[KnownAt + ((clusters + 31) / 32) + (Limits.PathsPerRead * PathTable.Size)];
    }

    /// <inheritdoc/>
    public override bool IsAlive
    {
        get { return Exchange != null; }
    }

    /// <inheritdoc/>
    public override AccessSubject Subject
    {
        get { return Engine.GetSubject(this); }
    }

    /// <inheritdoc/>
    public override Session Session
    {
        get { return Exchange == null ? null : Exchange.Session; }
    }

    /// <inheritdoc/>
    public override int FabricIndex
    {
        get { return -1 & (int)(State[FlagsAt] >> FabricShift); }
    }

    /// <inheritdoc/>
    public override int AuthMode
    {
        get { return -1 & (int)((State[FlagsAt] >> AuthModeShift) & 3); }
    }

    /// <inheritdoc/>
    public override bool IsFabricFiltered
    {
        get { return (State[FlagsAt] & FabricFilteredFlag) != 0; }
    }

    /// <inheritdoc/>
    public override bool IsTimed
    {
        get { return (State[FlagsAt] & TimedFlag) != 0; }
    }

    /// <inheritdoc/>
    public override bool NotifyWhenSent
    {
        get { return (State[FlagsAt] & NotifyFlag) != 0; }
        set { SetFlag(NotifyFlag, value); }
    }

    /// <inheritdoc/>
    public override int ClusterStatus
    {
        get { return (-1 & (int)State[ClusterStatusAt]) - 1; }
        set { State[ClusterStatusAt] = (uint)(value + 1); }
    }

    internal int Kind
    {
        get { return -1 & (int)(State[FlagsAt] & KindMask); }
        set { State[FlagsAt] = (State[FlagsAt] & ~KindMask) | (uint)value; }
    }

    // One comparison for the slots that the loop has nothing to do for.
    internal bool IsFree
    {
        get { return State[FlagsAt] == 0; }
    }

    // A message could not be built for want of a buffer.
    internal bool IsWaiting
    {
        get { return (State[FlagsAt] & WaitingFlag) != 0; }
        set { SetFlag(WaitingFlag, value); }
    }

    // The last message of the report is out.
    internal bool IsLast
    {
        get { return (State[FlagsAt] & LastFlag) != 0; }
        set { SetFlag(LastFlag, value); }
    }

    internal bool ResponseStarted
    {
        get { return (State[FlagsAt] & ResponseStartedFlag) != 0; }
        set { SetFlag(ResponseStartedFlag, value); }
    }

    // Whose report it is; null for a read.
    internal Subscription Subscription
    {
        get
        {
            uint number = (State[FlagsAt] >> SubscriptionShift) & 0xff;
            return number == 0 ? null : Engine.Subscriptions[(-1 & (int)number) - 1];
        }

        set
        {
            uint number = value == null ? 0 : (uint)(value.Index + 1);
            State[FlagsAt] = (State[FlagsAt] & ~(0xffu << SubscriptionShift)) | (number << SubscriptionShift);
        }
    }

    internal int Phase
    {
        get { return -1 & (int)((State[FlagsAt] >> PhaseShift) & 3); }
        set { State[FlagsAt] = (State[FlagsAt] & ~(3u << PhaseShift)) | ((uint)value << PhaseShift); }
    }

    // Where the paths are: in the slot itself, or for a subscription in the pool of all, where they move when another one ends.
    internal uint[] Paths
    {
        get { return (State[FlagsAt] & (0xffu << SubscriptionShift)) == 0 ? State : Engine.Subscriptions.Paths; }
    }

    internal int PathsAt
    {
        get { return (State[FlagsAt] & (0xffu << SubscriptionShift)) == 0 ? OwnPathsAt : Subscription.PathsAt; }
    }

    internal int OwnPathsAt
    {
        get { return State.Length - (Limits.PathsPerRead * PathTable.Size); }
    }

    internal int PathCount
    {
        get { return -1 & (int)(State[PathsAtWord] >> 16); }
        set { State[PathsAtWord] = (State[PathsAtWord] & 0xffff) | ((uint)value << 16); }
    }

    // Write and Invoke: endpoint of the path.
    internal int PathIndex
    {
        get { return -1 & (int)(State[PathsAtWord] & 0xffff); }
        set { State[PathsAtWord] = (State[PathsAtWord] & 0xffff0000) | (uint)value; }
    }

    internal int EndpointIndex
    {
        get { return -1 & (int)(State[PlaceAt] & 0xffff); }
        set { State[PlaceAt] = (State[PlaceAt] & 0xffff0000) | (uint)value; }
    }

    internal int ClusterIndex
    {
        get { return -1 & (int)(State[PlaceAt] >> 16); }
        set { State[PlaceAt] = (State[PlaceAt] & 0xffff) | ((uint)value << 16); }
    }

    internal int AttributeIndex
    {
        get { return -1 & (int)State[AttributeAt]; }
        set { State[AttributeAt] = (uint)value; }
    }

    // The next item of a list that began in another message; -1 for none.
    internal int ListIndex
    {
        get { return (-1 & (int)State[ListIndexAt]) - 1; }
        set { State[ListIndexAt] = (uint)(value + 1); }
    }

    internal uint ListVersion
    {
        get { return State[ListVersionAt]; }
        set { State[ListVersionAt] = value; }
    }

    internal uint Since
    {
        get { return State[SinceAt]; }
        set { State[SinceAt] = value; }
    }

    internal uint Until
    {
        get { return State[UntilAt]; }
        set { State[UntilAt] = value; }
    }

    internal ulong NextEvent
    {
        get { return Words.ReadUInt64(State, NextEventAt); }
        set { Words.WriteUInt64(State, NextEventAt, value); }
    }

    internal ulong UntilEvent
    {
        get { return Words.ReadUInt64(State, UntilEventAt); }
        set { Words.WriteUInt64(State, UntilEventAt, value); }
    }

    // Times are never negative, so the unsigned detour changes nothing on nanoCLR.
    internal long Deadline
    {
        get { return -1L & (long)Words.ReadUInt64(State, DeadlineAt); }
        set { Words.WriteUInt64(State, DeadlineAt, (ulong)value); }
    }

    // Invoke: of the command. Write: of the list that was refused, with RefusedStatus (endpoint in PathIndex).
    internal uint ClusterId
    {
        get { return State[IdAt]; }
        set { State[IdAt] = value; }
    }

    // Invoke: the one that obeys. Write: the one whose list is being written.
    internal Cluster Cluster
    {
        get { return State[ClusterAt] == 0 ? null : Engine.Node.GetCluster((-1 & (int)State[ClusterAt]) - 1); }
        set { State[ClusterAt] = value == null ? 0 : (uint)(value.Ordinal + 1); }
    }

    internal uint Element
    {
        get { return State[ElementAt]; }
        set { State[ElementAt] = value; }
    }

    internal int ListStatus
    {
        get { return -1 & (int)(State[StatusAt] & 0xff); }
        set { State[StatusAt] = (State[StatusAt] & ~0xffu) | (uint)value; }
    }

    // -1: told already.
    internal int ListResult
    {
        get { return (-1 & (int)((State[StatusAt] >> 8) & 0xffff)) - 1; }
        set { State[StatusAt] = (State[StatusAt] & ~0xffff00u) | ((uint)(value + 1) << 8); }
    }

    internal int RefusedStatus
    {
        get { return -1 & (int)(State[StatusAt] >> 24); }
        set { State[StatusAt] = (State[StatusAt] & 0xffffff) | ((uint)value << 24); }
    }

    internal int Reference
    {
        get { return (-1 & (int)State[ReferenceAt]) - 1; }
        set { State[ReferenceAt] = (uint)(value + 1); }
    }

    /// <inheritdoc/>
    public override TlvWriter StartResponse(uint command)
    {
        return Engine.StartResponse(this, command);
    }

    /// <inheritdoc/>
    public override void Complete(int status)
    {
        Engine.Complete(this, status);
    }

    internal void Reset(int kind, Exchange exchange)
    {
        // Of the paths only so many count as PathCount says.
        Array.Clear(State, 0, OwnPathsAt);
        State[FlagsAt] = (uint)kind;
        Exchange = exchange;
        Message = null;
    }

    internal void SetSubject(int authMode, int fabricIndex)
    {
        State[FlagsAt] |= ((uint)authMode << AuthModeShift) | ((uint)fabricIndex << FabricShift);
    }

    internal void SetFabricFiltered(bool value)
    {
        SetFlag(FabricFilteredFlag, value);
    }

    internal void SetTimed(bool value)
    {
        SetFlag(TimedFlag, value);
    }

    internal void ResetPath()
    {
        State[PlaceAt] = 0;
        State[AttributeAt] = 0;
        State[ListIndexAt] = 0;
    }

    internal bool IsVersionKnown(int cluster)
    {
        return (State[KnownAt + (cluster >> 5)] & (1u << (cluster & 31))) != 0;
    }

    internal void SetVersionKnown(int cluster)
    {
        State[KnownAt + (cluster >> 5)] |= 1u << (cluster & 31);
    }

    private void SetFlag(uint flag, bool value)
    {
        State[FlagsAt] = value ? State[FlagsAt] | flag : State[FlagsAt] & ~flag;
    }
}
