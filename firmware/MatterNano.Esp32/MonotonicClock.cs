using System;
using MatterNano.Platform;

namespace MatterNano.Esp32;

/// <summary>Milliseconds since boot, and wall time once something has set the system's clock.</summary>
public sealed class MonotonicClock : IClock
{
    // Ticks of 100 ns at 2000-01-01, and at 2024-01-01: an earlier date means that the clock was never set.
    private const long MatterEpoch = 630822816000000000;
    private const long EarliestKnown = 638396640000000000;
    private const long TicksPerSecond = 10000000;

    /// <inheritdoc/>
    public long Milliseconds
    {
        get { return Environment.TickCount64; }
    }

    /// <inheritdoc/>
    public bool TryGetEpochSeconds(out uint seconds)
    {
        long ticks = DateTime.UtcNow.Ticks;
        bool known = ticks > EarliestKnown;
        seconds = known ? (uint)((ticks - MatterEpoch) / TicksPerSecond) : 0;
        return known;
    }
}
