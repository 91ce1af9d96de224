using System;
using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>Events that happened, in three packed byte stores, one a priority, so that a lower priority never displaces a higher (Core 7.14.2).</summary>
/// <remarks>
/// Numbers rise by one over all priorities and never repeat: flash holds a limit that is moved ahead before a number
/// beyond it is used, and a start goes on from the limit (Core 7.14.1.1). Events themselves live in RAM.
/// Record: length u16 | number u64 | time u64 | endpoint u16 | cluster u32 | event u16 | fabric u8 | data as TLV, context tag 7.
/// </remarks>
public sealed class EventLog
{
    /// <summary>Name of the flash record that holds the limit of event numbers.</summary>
    public const string RecordName = "event.limit";

    /// <summary>Numbers reserved by one flash write. A start skips at most this many.</summary>
    public const int Block = 0x10000;

    /// <summary>Largest event: header and data, in bytes.</summary>
    public const int MaxEvent = 256;

    private const int HeaderSize = 27;
    private const int NumberAt = 2;
    private const int TimeAt = 10;
    private const int EndpointAt = 18;
    private const int ClusterAt = 20;
    private const int EventAt = 24;
    private const int FabricAt = 26;

    // In _places: bytes used of each priority.
    private const int UsedAt = EventPriority.Count + 1;

    // Fabric of an event whose fabric is gone: matches none.
    private const byte NoFabric = 255;

    private readonly IClock _clock;
    private readonly IFlash _flash;

    // The events of each priority behind those of the lower one; where each part begins, and the end of the last; how much of each is used.
    private readonly byte[] _store;
    private readonly int[] _places = new int[EventPriority.Count + 1 + EventPriority.Count];
    private readonly byte[] _scratch;
    private readonly TlvWriter _writer = new TlvWriter();
    private IChangeListener _listener;
    private int _priority;
    private ulong _next;
    private ulong _limit;
    private uint _dropped;
    private uint _writeFailures;

    // What was found, in the store; less than 0: nothing.
    private int _currentAt = -1;
    private int _currentPriority;

    /// <summary>Makes an empty log that goes on with the numbers of the last start.</summary>
    /// <param name="clock">Gives events their time.</param>
    /// <param name="flash">Holds the record <see cref="RecordName"/>.</param>
    /// <param name="debugSize">Bytes for DEBUG events; 0 keeps none.</param>
    /// <param name="infoSize">Bytes for INFO events.</param>
    /// <param name="criticalSize">Bytes for CRITICAL events.</param>
    public EventLog(IClock clock, IFlash flash, int debugSize, int infoSize, int criticalSize)
        : this(clock, flash, debugSize, infoSize, criticalSize, new byte[MaxEvent])
    {
    }

    // The scratch holds MaxEvent bytes and is used between Begin and End.
    internal EventLog(IClock clock, IFlash flash, int debugSize, int infoSize, int criticalSize, byte[] scratch)
    {
        _scratch = scratch;
        _clock = clock;
        _flash = flash;
        _places[EventPriority.Info] = debugSize;
        _places[EventPriority.Critical] = debugSize + infoSize;
        _places[EventPriority.Count] = debugSize + infoSize + criticalSize;
        _store = new byte[debugSize + infoSize + criticalSize];
        _next = flash.Read(RecordName, _scratch, 0, 8) == 8 ? ByteOrder.ReadUInt64(_scratch, 0) : 0;
        _limit = _next;
    }

    // For whoever needs room during one call that records no event.
    internal byte[] Scratch
    {
        get { return _scratch; }
    }

    /// <summary>Number that the next event gets.</summary>
    public ulong NextNumber
    {
        get { return _next; }
    }

    /// <summary>Events that were dropped because they did not fit at all.</summary>
    public uint Dropped
    {
        get { return _dropped; }
    }

    /// <summary>Times the limit of numbers could not be stored.</summary>
    public uint WriteFailures
    {
        get { return _writeFailures; }
    }

    /// <summary>Number of the event that <see cref="Find"/> found.</summary>
    public ulong Number
    {
        get { return ByteOrder.ReadUInt64(_store, _currentAt + NumberAt); }
    }

    /// <summary>When it happened, in milliseconds of the clock.</summary>
    public ulong Time
    {
        get { return ByteOrder.ReadUInt64(_store, _currentAt + TimeAt); }
    }

    /// <summary>Its endpoint.</summary>
    public int Endpoint
    {
        get { return ByteOrder.ReadUInt16(_store, _currentAt + EndpointAt); }
    }

    /// <summary>Its cluster.</summary>
    public uint Cluster
    {
        get { return ByteOrder.ReadUInt32(_store, _currentAt + ClusterAt); }
    }

    /// <summary>Its event id.</summary>
    public uint EventId
    {
        get { return (uint)ByteOrder.ReadUInt16(_store, _currentAt + EventAt); }
    }

    /// <summary>Its fabric if it is fabric-sensitive; 0 for all; 255 when the fabric is gone.</summary>
    public int FabricIndex
    {
        get { return _store[_currentAt + FabricAt]; }
    }

    /// <summary>Its priority.</summary>
    public int Priority
    {
        get { return _currentPriority; }
    }

    /// <summary>Begins an event; the fields are put into the returned writer, then <see cref="End"/> is called.</summary>
    /// <param name="endpoint">Endpoint number.</param>
    /// <param name="cluster">Cluster id.</param>
    /// <param name="eventId">Event id, 0 to 65535.</param>
    /// <param name="priority">One of <see cref="EventPriority"/>.</param>
    /// <param name="fabricIndex">Fabric of a fabric-sensitive event; 0 for all.</param>
    /// <returns>A writer inside the event's data structure.</returns>
    public TlvWriter Begin(int endpoint, uint cluster, uint eventId, int priority, int fabricIndex)
    {
        _priority = priority < EventPriority.Critical ? priority : EventPriority.Critical;
        ByteOrder.WriteUInt64(_scratch, TimeAt, (ulong)_clock.Milliseconds);
        ByteOrder.WriteUInt16(_scratch, EndpointAt, (uint)endpoint);
        ByteOrder.WriteUInt32(_scratch, ClusterAt, cluster);
        ByteOrder.WriteUInt16(_scratch, EventAt, eventId);
        _scratch[FabricAt] = (byte)fabricIndex;
        _writer.Init(_scratch, HeaderSize, MaxEvent);
        _writer.StartStructure(7);
        return _writer;
    }

    /// <summary>Records the event begun.</summary>
    /// <returns>Its number, from 0 up; <see cref="ulong.MaxValue"/> when it did not fit and was dropped.</returns>
    public ulong End()
    {
        int start = _places[_priority];
        int size = _places[_priority + 1] - start;
        int used = _places[UsedAt + _priority];
        _writer.EndContainer();
        int length = _writer.Position;
        if (_writer.Overflow || length > size)
        {
            _dropped++;
            return ulong.MaxValue;
        }

        if (_next >= _limit)
        {
            Reserve();
        }

        while (size - used < length)
        {
            int oldest = ByteOrder.ReadUInt16(_store, start);
            used -= oldest;
            Array.Copy(_store, start + oldest, _store, start, used);
        }

        ulong number = _next++;
        ByteOrder.WriteUInt16(_scratch, 0, (uint)length);
        ByteOrder.WriteUInt64(_scratch, NumberAt, number);
        Array.Copy(_scratch, 0, _store, start + used, length);
        _places[UsedAt + _priority] = used + length;
        if (_listener != null)
        {
            _listener.OnEventRecorded(
                ByteOrder.ReadUInt16(_scratch, EndpointAt),
                ByteOrder.ReadUInt32(_scratch, ClusterAt),
                (uint)ByteOrder.ReadUInt16(_scratch, EventAt),
                _scratch[FabricAt]);
        }

        return number;
    }

    /// <summary>Finds the event with the smallest number that is not smaller than a given one.</summary>
    /// <returns>False when there is none. What is found is valid until the next event is recorded.</returns>
    public bool Find(ulong from)
    {
        _currentAt = -1;
        ulong best = ulong.MaxValue;
        for (int priority = 0; priority < EventPriority.Count; priority++)
        {
            int at = _places[priority];
            int end = at + _places[UsedAt + priority];
            while (at < end)
            {
                ulong number = ByteOrder.ReadUInt64(_store, at + NumberAt);
                if (number >= from)
                {
                    if (number < best)
                    {
                        best = number;
                        _currentAt = at;
                        _currentPriority = priority;
                    }

                    break;
                }

                at += ByteOrder.ReadUInt16(_store, at);
            }
        }

        return _currentAt >= 0;
    }

    /// <summary>Writes the data of the event found, a structure with context tag 7.</summary>
    public void WriteData(TlvWriter writer)
    {
        int length = ByteOrder.ReadUInt16(_store, _currentAt) - HeaderSize;
        writer.PutRaw(_store, _currentAt + HeaderSize, length);
    }

    /// <summary>Hides the events of a fabric that has been removed, so that a later fabric with its index does not see them.</summary>
    public void RemoveFabric(int fabricIndex)
    {
        for (int priority = 0; priority < EventPriority.Count; priority++)
        {
            int at = _places[priority];
            int end = at + _places[UsedAt + priority];
            while (at < end)
            {
                if (_store[at + FabricAt] == fabricIndex)
                {
                    int length = ByteOrder.ReadUInt16(_store, at);
                    _store[at + FabricAt] = NoFabric;
                    Secrets.Wipe(_store, at + HeaderSize + 2, length - HeaderSize - 3);
                }

                at += ByteOrder.ReadUInt16(_store, at);
            }
        }
    }

    internal void SetListener(IChangeListener listener)
    {
        _listener = listener;
    }

    // The first 10 bytes of the scratch are length and number, not written yet.
    private void Reserve()
    {
        _limit = _next + Block;
        ByteOrder.WriteUInt64(_scratch, 0, _limit);
        if (!_flash.Write(RecordName, _scratch, 0, 8))
        {
            _writeFailures++;
        }
    }
}
