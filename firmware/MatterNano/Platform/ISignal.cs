namespace MatterNano.Platform;

/// <summary>Wakes the protocol loop. Drivers and the worker set it; only the loop waits.</summary>
public interface ISignal
{
    /// <summary>Wakes the loop, now or at its next wait.</summary>
    void Set();

    /// <summary>Waits until set or until the time is over, then resets.</summary>
    /// <param name="milliseconds">0 or more; -1 waits without limit.</param>
    void Wait(int milliseconds);
}
