using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Host;

/// <summary>Wakes the loop.</summary>
internal sealed class HostSignal : ISignal
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
        _event.WaitOne(milliseconds);
    }
}
