using System;
using MatterNano.Sessions;

namespace MatterNano.Interaction;

/// <summary>One subscription: whose, to what, how often, and up to where it has been served (Core 8.5). A slot of a pool.</summary>
/// <remarks>
/// All but references is one packed array: id u32 | fabric u8 | state u8 | flags u8 | paths u8 | peer node u64 | min s u16 |
/// max s u16 | reported change u32 | next event u64 | last report u64 | retry at u64 | age u32 | failures u8 | first path u8 |
/// hash of the stored address u16 | reports u8. The paths are in the pool that all share.
/// </remarks>
public sealed class Subscription : ISubscription
{
    internal const int Free = 0;
    internal const int Priming = 1;
    internal const int Active = 2;

    internal const int FlagFabricFiltered = 1;
    internal const int FlagUrgent = 2;
    internal const int FlagInFlight = 4;
    internal const int FlagStored = 8;
    internal const int FlagForced = 16;
    internal const int FlagResumed = 32;
    internal const int FlagMoved = 64;

    private const int FabricAt = 4;
    private const int StateAt = 5;
    private const int FlagsAt = 6;
    private const int CountAt = 7;
    private const int PeerAt = 8;
    private const int MinAt = 16;
    private const int MaxAt = 18;
    private const int ReportedAt = 20;
    private const int NextEventAt = 24;
    private const int LastReportAt = 32;
    private const int RetryAtAt = 40;
    private const int AgeAt = 48;
    private const int FailuresAt = 52;
    private const int FirstPathAt = 53;
    private const int AddressHashAt = 54;
    private const int ReportsAt = 56;
    private const int Size = 57;

    internal readonly InteractionEngine Engine;
    internal readonly byte[] Data = new byte[Size];

    internal Subscription(InteractionEngine engine)
    {
        Engine = engine;
    }

    /// <summary>The session that carries it; null when the slot is free.</summary>
    public SecureSession Session { get; internal set; }

    /// <summary>Subscription id; 0 when the slot is free.</summary>
    public uint Id
    {
        get { return ByteOrder.ReadUInt32(Data, 0); }
        internal set { ByteOrder.WriteUInt32(Data, 0, value); }
    }

    /// <summary>Subscriber's fabric; 0 on PASE.</summary>
    public int FabricIndex
    {
        get { return Data[FabricAt]; }
        internal set { Data[FabricAt] = (byte)value; }
    }

    /// <summary>Subscriber's node id; 0 on PASE.</summary>
    public ulong PeerNodeId
    {
        get { return ByteOrder.ReadUInt64(Data, PeerAt); }
        internal set { ByteOrder.WriteUInt64(Data, PeerAt, value); }
    }

    /// <summary>True once the subscriber has its SubscribeResponse.</summary>
    public bool IsActive
    {
        get { return Data[StateAt] == Active; }
    }

    /// <summary>Least time between reports in seconds.</summary>
    public int MinInterval
    {
        get { return ByteOrder.ReadUInt16(Data, MinAt); }
        internal set { ByteOrder.WriteUInt16(Data, MinAt, (uint)value); }
    }

    /// <summary>Longest time without a report in seconds, as told in the SubscribeResponse.</summary>
    public int MaxInterval
    {
        get { return ByteOrder.ReadUInt16(Data, MaxAt); }
        internal set { ByteOrder.WriteUInt16(Data, MaxAt, (uint)value); }
    }

    internal int State
    {
        get { return Data[StateAt]; }
        set { Data[StateAt] = (byte)value; }
    }

    internal int PathCount
    {
        get { return Data[CountAt]; }
        set { Data[CountAt] = (byte)value; }
    }

    // In paths from the start of the pool; moves when another subscription ends.
    internal int FirstPath
    {
        get { return Data[FirstPathAt]; }
        set { Data[FirstPathAt] = (byte)value; }
    }

    internal int PathsAt
    {
        get { return Data[FirstPathAt] * PathTable.Size; }
    }

    internal uint AddressHash
    {
        get { return (uint)ByteOrder.ReadUInt16(Data, AddressHashAt); }
        set { ByteOrder.WriteUInt16(Data, AddressHashAt, value); }
    }

    internal uint Reported
    {
        get { return ByteOrder.ReadUInt32(Data, ReportedAt); }
        set { ByteOrder.WriteUInt32(Data, ReportedAt, value); }
    }

    internal ulong NextEvent
    {
        get { return ByteOrder.ReadUInt64(Data, NextEventAt); }
        set { ByteOrder.WriteUInt64(Data, NextEventAt, value); }
    }

    // Times are never negative, so the unsigned detour changes nothing on nanoCLR.
    internal long LastReport
    {
        get { return -1L & (long)ByteOrder.ReadUInt64(Data, LastReportAt); }
        set { ByteOrder.WriteUInt64(Data, LastReportAt, (ulong)value); }
    }

    internal long RetryAt
    {
        get { return -1L & (long)ByteOrder.ReadUInt64(Data, RetryAtAt); }
        set { ByteOrder.WriteUInt64(Data, RetryAtAt, (ulong)value); }
    }

    internal uint Age
    {
        get { return ByteOrder.ReadUInt32(Data, AgeAt); }
        set { ByteOrder.WriteUInt32(Data, AgeAt, value); }
    }

    internal int Failures
    {
        get { return Data[FailuresAt]; }
        set { Data[FailuresAt] = (byte)value; }
    }

    // Reports sent, 255 for more.
    internal int Reports
    {
        get { return Data[ReportsAt]; }
        set { Data[ReportsAt] = (byte)(value > 255 ? 255 : value); }
    }

    /// <inheritdoc/>
    public void OnSessionChanged(SecureSession session)
    {
        Session = session;
    }

    /// <inheritdoc/>
    public void Cancel(bool flush)
    {
        Engine.OnSubscriptionCancelled(this, flush);
    }

    internal bool HasFlag(int flag)
    {
        return (Data[FlagsAt] & flag) != 0;
    }

    internal void SetFlag(int flag, bool value)
    {
        Data[FlagsAt] = (byte)(value ? Data[FlagsAt] | flag : Data[FlagsAt] & ~flag);
    }

    internal void Clear()
    {
        Session = null;
        Array.Clear(Data, 0, Data.Length);
    }
}
