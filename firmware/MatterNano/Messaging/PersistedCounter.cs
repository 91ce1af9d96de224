using MatterNano.Platform;

namespace MatterNano.Messaging;

/// <summary>A counter that no power cut makes repeat itself, such as the group data counter (Core 4.6.1.3).</summary>
/// <remarks>
/// Flash holds the end of a block of 1000 values that is reserved before the first of them is used, so that what a crash
/// leaves unused is skipped. Starts at 28 random bits + 1; rolls over.
/// </remarks>
public sealed class PersistedCounter
{
    /// <summary>Values reserved by one write.</summary>
    public const uint Block = 1000;

    private readonly IFlash _flash;
    private readonly IRandom _random;
    private readonly Counters _counters;
    private readonly string _name;
    private uint _next;
    private uint _end;

    /// <summary>Creates a counter; reads nothing.</summary>
    /// <param name="flash">Where the block's end is kept.</param>
    /// <param name="random">For the first value of all.</param>
    /// <param name="counters">Counts refused writes.</param>
    /// <param name="name">Name of the record.</param>
    public PersistedCounter(IFlash flash, IRandom random, Counters counters, string name)
    {
        _flash = flash;
        _random = random;
        _counters = counters;
        _name = name;
    }

    /// <summary>Value used last.</summary>
    public uint Last
    {
        get { return _next - 1; }
    }

    /// <summary>Continues after what any earlier start may have used. Writes nothing.</summary>
    public void Init()
    {
        byte[] bytes = new byte[4];
        if (_flash.Read(_name, bytes, 0, 4) == 4)
        {
            _next = ByteOrder.ReadUInt32(bytes, 0);
        }
        else
        {
            _next = FirstValue(_random, bytes);
        }

        _end = _next;
    }

    /// <summary>Takes the next value.</summary>
    /// <returns>False when a block had to be reserved and flash refused: using the value could repeat it after a restart.</returns>
    public bool TryNext(out uint value)
    {
        value = _next;
        if (_next == _end)
        {
            byte[] bytes = new byte[4];
            ByteOrder.WriteUInt32(bytes, 0, _end + Block);
            if (!_flash.Write(_name, bytes, 0, 4))
            {
                _counters.Count(Counters.CounterWriteFailed);
                return false;
            }

            _end += Block;
        }

        _next++;
        return true;
    }

    /// <summary>A start value: 28 random bits + 1 (Core 4.6.1.1).</summary>
    /// <param name="random">Source.</param>
    /// <param name="scratch">At least 4 bytes.</param>
    public static uint FirstValue(IRandom random, byte[] scratch)
    {
        random.Fill(scratch, 0, 4);
        return (ByteOrder.ReadUInt32(scratch, 0) & 0x0fffffff) + 1;
    }
}
