namespace MatterNano.Platform;

/// <summary>Time, handed to the stack so that a test can move it.</summary>
public interface IClock
{
    /// <summary>Milliseconds since any fixed moment; never goes backwards.</summary>
    long Milliseconds { get; }

    /// <summary>Wall time, when the board knows it.</summary>
    /// <param name="seconds">Seconds since 2000-01-01 00:00 UTC (the Matter epoch).</param>
    /// <returns>False when wall time is unknown.</returns>
    bool TryGetEpochSeconds(out uint seconds);
}
