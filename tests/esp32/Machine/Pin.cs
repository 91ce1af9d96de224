using System;

namespace MatterNano.Esp32.Machine;

/// <summary>A pin: an output that the program writes, or an input that the world writes.</summary>
public sealed class Pin
{
    private readonly Chip _chip;
    private bool _high = true;

    internal Pin(Chip chip)
    {
        _chip = chip;
    }

    /// <summary>The program changed the level.</summary>
    public event Action<bool> Written;

    /// <summary>The world changed the level; raised on the event thread.</summary>
    public event Action<bool> Changed;

    public bool IsHigh => _high;

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
        _high = high;
        _chip.Post(() => Changed?.Invoke(high));
    }
}
