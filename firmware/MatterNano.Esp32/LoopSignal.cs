using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Esp32;

/// <summary>Wakes the protocol loop.</summary>
public sealed class LoopSignal : ISignal
{
    private readonly AutoResetEvent _event = new AutoResetEvent(false);

    /// <inheritdoc/>
    public void Set()
    {
        _event.Set();
    }

    /// <inheritdoc/>
    public void Wait(int milliseconds)
    {
        _event.WaitOne(milliseconds, false);
    }
}
