using System;
using System.Threading;
using System.Threading.Tasks;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace nanoFramework.TestFramework;

/// <summary>A test that counts as skipped, not failed, when it ends with <see cref="SkipTestException"/>.</summary>
public sealed class SkippableTestCase : XunitTestCase
{
    /// <summary>Called by xunit when it carries a test case from one process to another.</summary>
    [Obsolete("Called by xunit.")]
    public SkippableTestCase()
    {
    }

    /// <summary>A test of a method.</summary>
    /// <param name="diagnostics">Where xunit wants its diagnostics.</param>
    /// <param name="display">How xunit names tests.</param>
    /// <param name="options">How xunit names tests.</param>
    /// <param name="method">The method.</param>
    /// <param name="arguments">Its arguments, or null.</param>
    public SkippableTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, object[] arguments)
        : base(diagnostics, display, options, method, arguments)
    {
    }

    /// <inheritdoc/>
    public override async Task<RunSummary> RunAsync(IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments,
        ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource)
    {
        using SkippingBus bus = new SkippingBus(messageBus);
        RunSummary summary = await base.RunAsync(diagnosticMessageSink, bus, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= bus.Skipped;
        summary.Skipped += bus.Skipped;
        return summary;
    }
}
