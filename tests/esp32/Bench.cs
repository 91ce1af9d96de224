using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using MatterNano.Esp32.Machine;
using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace MatterNano.Esp32.Tests;

/// <summary>A chip for one test: the only one in the process.</summary>
public sealed class Bench : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "esp32-" + Guid.NewGuid().ToString("N"));

    public Bench()
    {
        Chip = new Chip(_directory);
        Chip.Current = Chip;
    }

    public Chip Chip { get; private set; }

    /// <summary>The same flash in a chip that has just got power.</summary>
    public void PowerCycle()
    {
        Chip.Dispose();
        Chip = new Chip(_directory);
        Chip.Current = Chip;
    }

    public static void Until(Func<bool> condition, string what, int milliseconds = 60000)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.ElapsedMilliseconds < milliseconds, "not in time: " + what);
            Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        Assert.Empty(Chip.Lost);
        Chip.Dispose();
        Directory.Delete(_directory, true);
    }
}
