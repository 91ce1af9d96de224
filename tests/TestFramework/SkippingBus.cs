using Xunit.Abstractions;
using Xunit.Sdk;

namespace nanoFramework.TestFramework;

/// <summary>Passes xunit's messages on and turns a failure by <see cref="SkipTestException"/> into a skipped test.</summary>
internal sealed class SkippingBus : IMessageBus
{
    private readonly IMessageBus _bus;

    public SkippingBus(IMessageBus bus)
    {
        _bus = bus;
    }

    public int Skipped { get; private set; }

    public bool QueueMessage(IMessageSinkMessage message)
    {
        if (message is ITestFailed failed && failed.ExceptionTypes.Length > 0 && failed.ExceptionTypes[0] == typeof(SkipTestException).FullName)
        {
            Skipped++;
            return _bus.QueueMessage(new TestSkipped(failed.Test, failed.Messages[0]));
        }

        return _bus.QueueMessage(message);
    }

    public void Dispose()
    {
        // The bus belongs to xunit.
    }
}
