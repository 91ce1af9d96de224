using System;
using System.Diagnostics;
using MatterNano.Platform;

namespace MatterNano.Host;

/// <summary>Time of the PC: monotonic milliseconds, and the system's wall time.</summary>
internal sealed class HostClock : IClock
{
    private static readonly DateTime MatterEpoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <inheritdoc/>
    public long Milliseconds => (long)Stopwatch.GetElapsedTime(0).TotalMilliseconds;

    /// <inheritdoc/>
    public bool TryGetEpochSeconds(out uint seconds)
    {
        double now = (DateTime.UtcNow - MatterEpoch).TotalSeconds;
        seconds = now > 0 && now < uint.MaxValue ? (uint)now : 0;
        return seconds != 0;
    }
}
