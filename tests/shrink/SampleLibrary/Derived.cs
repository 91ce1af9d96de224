using System;

namespace MatterNano.Sample;

public sealed class Derived : Base, IRunnable, IUnused, IDisposable
{
    public bool IsDisposed { get; private set; }

    public void Dispose()
    {
        IsDisposed = true;
    }

    public void Unused()
    {
        throw new NotImplementedException();
    }
}
