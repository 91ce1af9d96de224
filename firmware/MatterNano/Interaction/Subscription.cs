using System;
using MatterNano.Sessions;

namespace MatterNano.Interaction;

/// <summary>One subscription: whose, to what, how often, and up to where it has been served (Core 8.5). A slot of a pool.</summary>
/// <remarks>
/// Its numbers are words in an array that all share: 0 id | 1 fabric u8, state u2, slot of the session + 1 u6, flags u8, failures u8 | 2 peer node u64 |
/// 4 min s u16, max s u16 | 5 reported change | 6 next event u64 | 8 age | 9 paths u4, first path u6, reports u6, hash of the
/// stored address u16 | 10 last report, low word | 11 retry at, low word | 12 their high halves, u16 each: milliseconds of
/// 8,900 years. The paths are in a pool that all share.
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

    // Its subscriber was told of the stop, and is left to subscribe anew first.
    internal const int FlagTold = 128;

    /// <summary>Words of one subscription.</summary>
    internal const int Size = 13;

    // Reports are counted up to here.
    private const int MaxReports = 63;

    private const int StateAt = 1;
    private const int StateShift = 8;
    private const int SlotShift = 10;
    private const int FlagsShift = 16;
    private const int FailuresShift = 24;
    private const int PeerAt = 2;
    private const int IntervalsAt = 4;
    private const int ReportedAt = 5;
    private const int NextEventAt = 6;
    private const int AgeAt = 8;
    private const int PathsWord = 9;
    private const int FirstPathShift = 4;
    private const int ReportsShift = 10;
    private const int LastReportAt = 10;
    private const int RetryAtAt = 11;
    private const int HighAt = 12;

    private readonly SubscriptionTable _table;
    private readonly int _at;

    internal Subscription(SubscriptionTable table, int index)
    {
        _table = table;
        _at = index * Size;
    }

    /// <summary>The session that carries it; null when the slot is free.</summary>
    public SecureSession Session
    {
        get
        {
            uint slot = (_table.Numbers[_at + StateAt] >> SlotShift) & 0x3f;
            return slot == 0 ? null : _table.Engine.Sessions.GetSlot((-1 & (int)slot) - 1);
        }

        internal set
        {
            Set(StateAt, SlotShift, 0x3f, value == null ? 0 : value.Slot + 1);
        }
    }

    /// <summary>Subscription id; 0 when the slot is free.</summary>
    public uint Id
    {
        get { return _table.Numbers[_at]; }
        internal set { _table.Numbers[_at] = value; }
    }

    /// <summary>Subscriber's fabric; 0 on PASE.</summary>
    public int FabricIndex
    {
        get { return -1 & (int)(_table.Numbers[_at + StateAt] & 0xff); }
        internal set { Set(StateAt, 0, 0xff, value); }
    }

    /// <summary>Subscriber's node id; 0 on PASE.</summary>
    public ulong PeerNodeId
    {
        get { return Words.ReadUInt64(_table.Numbers, _at + PeerAt); }
        internal set { Words.WriteUInt64(_table.Numbers, _at + PeerAt, value); }
    }

    /// <summary>True once the subscriber has its SubscribeResponse.</summary>
    public bool IsActive
    {
        get { return State == Active; }
    }

    /// <summary>Least time between reports in seconds.</summary>
    public int MinInterval
    {
        get { return -1 & (int)(_table.Numbers[_at + IntervalsAt] & 0xffff); }
        internal set { Set(IntervalsAt, 0, 0xffff, value); }
    }

    /// <summary>Longest time without a report in seconds, as told in the SubscribeResponse.</summary>
    public int MaxInterval
    {
        get { return -1 & (int)(_table.Numbers[_at + IntervalsAt] >> 16); }
        internal set { Set(IntervalsAt, 16, 0xffff, value); }
    }

    internal int Index
    {
        get { return _at / Size; }
    }

    internal int State
    {
        get { return -1 & (int)((_table.Numbers[_at + StateAt] >> StateShift) & 3); }
        set { Set(StateAt, StateShift, 3, value); }
    }

    // Active, and no report of it is on its way: one comparison, as the loop asks every slot at every turn.
    internal bool IsIdle
    {
        get
        {
            return (_table.Numbers[_at + StateAt] & ((3u << StateShift) | ((uint)FlagInFlight << FlagsShift))) == (uint)Active << StateShift;
        }
    }

    internal int PathCount
    {
        get { return -1 & (int)(_table.Numbers[_at + PathsWord] & 0xf); }
        set { Set(PathsWord, 0, 0xf, value); }
    }

    // In paths from the start of the pool; moves when another subscription ends.
    internal int FirstPath
    {
        get { return -1 & (int)((_table.Numbers[_at + PathsWord] >> FirstPathShift) & 0x3f); }
        set { Set(PathsWord, FirstPathShift, 0x3f, value); }
    }

    internal int PathsAt
    {
        get { return FirstPath * PathTable.Size; }
    }

    internal uint AddressHash
    {
        get { return _table.Numbers[_at + PathsWord] >> 16; }
        set { Set(PathsWord, 16, 0xffff, -1 & (int)value); }
    }

    internal uint Reported
    {
        get { return _table.Numbers[_at + ReportedAt]; }
        set { _table.Numbers[_at + ReportedAt] = value; }
    }

    internal ulong NextEvent
    {
        get { return Words.ReadUInt64(_table.Numbers, _at + NextEventAt); }
        set { Words.WriteUInt64(_table.Numbers, _at + NextEventAt, value); }
    }

    internal long LastReport
    {
        get { return GetTime(LastReportAt, 0); }
        set { SetTime(LastReportAt, 0, value); }
    }

    internal long RetryAt
    {
        get { return GetTime(RetryAtAt, 16); }
        set { SetTime(RetryAtAt, 16, value); }
    }

    internal uint Age
    {
        get { return _table.Numbers[_at + AgeAt]; }
        set { _table.Numbers[_at + AgeAt] = value; }
    }

    internal int Failures
    {
        get { return -1 & (int)(_table.Numbers[_at + StateAt] >> FailuresShift); }
        set { Set(StateAt, FailuresShift, 0xff, value); }
    }

    // Reports sent, 63 for more.
    internal int Reports
    {
        get { return -1 & (int)((_table.Numbers[_at + PathsWord] >> ReportsShift) & MaxReports); }
        set { Set(PathsWord, ReportsShift, MaxReports, value > MaxReports ? MaxReports : value); }
    }

    /// <inheritdoc/>
    public void OnSessionChanged(SecureSession session)
    {
        Session = session;
    }

    /// <inheritdoc/>
    public void Cancel(bool flush)
    {
        _table.Engine.OnSubscriptionCancelled(this, flush);
    }

    internal bool HasFlag(int flag)
    {
        return (_table.Numbers[_at + StateAt] & ((uint)flag << FlagsShift)) != 0;
    }

    internal void SetFlag(int flag, bool value)
    {
        uint bits = (uint)flag << FlagsShift;
        uint word = _table.Numbers[_at + StateAt];
        _table.Numbers[_at + StateAt] = value ? word | bits : word & ~bits;
    }

    internal void Clear()
    {
        Array.Clear(_table.Numbers, _at, Size);
    }

    private void Set(int word, int shift, uint mask, int value)
    {
        uint[] numbers = _table.Numbers;
        int at = _at + word;
        numbers[at] = (numbers[at] & ~(mask << shift)) | (((uint)value & mask) << shift);
    }

    // Times are never negative, so the unsigned detour changes nothing on nanoCLR.
    private long GetTime(int word, int highShift)
    {
        uint high = (_table.Numbers[_at + HighAt] >> highShift) & 0xffff;
        return -1L & (long)(_table.Numbers[_at + word] | ((ulong)high << 32));
    }

    private void SetTime(int word, int highShift, long value)
    {
        _table.Numbers[_at + word] = (uint)((ulong)value & 0xffffffff);
        Set(HighAt, highShift, 0xffff, -1 & (int)(((ulong)value >> 32) & 0xffff));
    }
}
