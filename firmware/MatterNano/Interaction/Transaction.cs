using System;
using MatterNano.Messaging;
using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>What the engine remembers about one exchange between two messages. A slot of a pool.</summary>
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

    internal readonly InteractionEngine Engine;

    // Paths of a read, then a bit a cluster: its version is known to the reader.
    internal readonly byte[] Data;

    internal int Kind;
    internal Exchange Exchange;

    // Read, Prime, Report
    internal Subscription Subscription;
    internal byte[] Paths;
    internal int PathsAt;
    internal int PathCount;
    internal int Phase;
    internal int PathIndex;
    internal int EndpointIndex;
    internal int ClusterIndex;
    internal int AttributeIndex;
    internal int ListIndex;
    internal uint ListVersion;
    internal uint Since;
    internal uint Until;
    internal ulong NextEvent;
    internal ulong UntilEvent;

    // A message could not be built for want of a buffer.
    internal bool IsWaiting;

    // The last message of the report is out.
    internal bool IsLast;

    // Timed: until when. Write: whether the first message came in time is in IsTimed.
    internal long Deadline;

    // Write: the list being written, or with RefusedStatus the one that was refused (endpoint in PathIndex, cluster in Since).
    // Invoke: the command (endpoint in PathIndex, cluster in Since).
    internal Cluster Cluster;
    internal uint Element;
    internal int ListStatus;
    internal int ListResult;
    internal int RefusedStatus;
    internal int Reference;
    internal bool ResponseStarted;
    internal MessageBuffer Message;

    internal Transaction(InteractionEngine engine, int clusters)
    {
        Engine = engine;
        Data = new byte[(Limits.PathsPerRead * PathTable.Size) + ((clusters + 7) / 8)];
    }

    public override bool IsAlive
    {
        get { return Exchange != null; }
    }

    public override TlvWriter StartResponse(uint command)
    {
        return Engine.StartResponse(this, command);
    }

    public override void Complete(int status)
    {
        Engine.Complete(this, status);
    }

    internal void Reset(int kind, Exchange exchange)
    {
        Kind = kind;
        Exchange = exchange;
        Session = exchange == null ? null : exchange.Session;
        Subscription = null;
        Paths = Data;
        PathsAt = 0;
        PathCount = 0;
        Phase = PhaseAttributes;
        PathIndex = 0;
        ResetPath();
        Since = 0;
        Until = 0;
        NextEvent = 0;
        UntilEvent = 0;
        IsWaiting = false;
        IsLast = false;
        IsFabricFiltered = false;
        IsTimed = false;
        Cluster = null;
        ListStatus = Status.Success;
        ListResult = -1;
        RefusedStatus = Status.Success;
        Reference = -1;
        ResponseStarted = false;
        ClusterStatus = -1;
        NotifyWhenSent = false;
        Array.Clear(Data, Limits.PathsPerRead * PathTable.Size, Data.Length - (Limits.PathsPerRead * PathTable.Size));
    }

    internal void ResetPath()
    {
        EndpointIndex = 0;
        ClusterIndex = 0;
        AttributeIndex = 0;
        ListIndex = -1;
    }

    internal bool IsVersionKnown(int cluster)
    {
        return (Data[(Limits.PathsPerRead * PathTable.Size) + (cluster >> 3)] & (1 << (cluster & 7))) != 0;
    }

    internal void SetVersionKnown(int cluster)
    {
        Data[(Limits.PathsPerRead * PathTable.Size) + (cluster >> 3)] |= (byte)(1 << (cluster & 7));
    }
}
