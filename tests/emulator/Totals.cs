using System;
using System.Collections.Generic;

namespace MatterNano.Emulator;

/// <summary>Reads what the launcher prints for one group of tests.</summary>
internal sealed class Totals
{
    private const int Remembered = 10;

    private readonly string _group;
    private readonly Queue<string> _last = new();
    private bool _finished;

    public Totals(string group)
    {
        _group = group;
    }

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Takes a line of the emulator's output.</summary>
    public void Take(string line)
    {
        _last.Enqueue(line);
        if (_last.Count > Remembered)
        {
            _last.Dequeue();
        }

        if (line.StartsWith("Test passed,"))
        {
            Passed++;
        }
        else if (line.StartsWith("Test failed,"))
        {
            Failed++;
            Console.WriteLine("FAILED " + line.Substring("Test failed,".Length));
        }
        else if (line.StartsWith("Test skipped,"))
        {
            Skipped++;
            Console.WriteLine("SKIPPED " + line.Substring("Test skipped,".Length));
        }
        else if (line.StartsWith("Tests finished,"))
        {
            _finished = true;
        }
    }

    /// <summary>Called when the emulator has ended: a run that did not reach its end is a failure.</summary>
    public void End(int exitCode)
    {
        if (!_finished)
        {
            Failed++;
            Console.WriteLine("FAILED " + _group + ": nanoCLR ended with " + exitCode + " before the tests were through; its last lines:");
            foreach (string line in _last)
            {
                Console.WriteLine("    " + line);
            }
        }
    }
}
