using System;
using System.Diagnostics;

namespace MatterNano.Esp32.Machine;

/// <summary>A pin: an output that the program writes, or an input that the world writes.</summary>
public sealed class Pin
{
    private readonly Chip _chip;
    private readonly object _lock = new();
    private bool _high = true;
    private long _firstRead = -1;
    private long _lastRead = -1;

    internal Pin(Chip chip)
    {
        _chip = chip;
    }

    /// <summary>The program changed the level.</summary>
    public event Action<bool> Written;

    /// <summary>The world changed the level; raised on the event thread.</summary>
    public event Action<bool> Changed;

    public bool IsHigh => _high;

    /// <summary>For how many milliseconds the program has seen the level that the world gave last; -1 until it looks.</summary>
    public long SeenFor
    {
        get
        {
            lock (_lock)
            {
                return _lastRead < 0 ? -1 : _lastRead - _firstRead;
            }
        }
    }

    /// <summary>By the program.</summary>
    public bool Read()
    {
        lock (_lock)
        {
            _lastRead = (long)Stopwatch.GetElapsedTime(0).TotalMilliseconds;
            _firstRead = _firstRead < 0 ? _lastRead : _firstRead;
            return _high;
        }
    }

    /// <summary>By the program.</summary>
    public void Write(bool high)
    {
        bool changed = high != _high;
        _high = high;
        if (changed)
        {
            Written?.Invoke(high);
        }
    }

    /// <summary>By the world.</summary>
    public void Drive(bool high)
    {
        lock (_lock)
        {
            _high = high;
            _firstRead = -1;
            _lastRead = -1;
        }

        _chip.Post(() => Changed?.Invoke(high));
    }
}
