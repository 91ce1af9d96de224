using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Esp32.Tests;

public sealed class Signal : ISignal
{
    private int _sets;

    public int Sets => _sets;

    public void Set() => Interlocked.Increment(ref _sets);

    public void Wait(int milliseconds) => Thread.Sleep(milliseconds);
}
