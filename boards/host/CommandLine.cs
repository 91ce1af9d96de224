using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Host;

/// <summary>Reads commands from standard input on a thread of its own; the loop takes them.</summary>
internal sealed class CommandLine
{
    private const int MaxLength = 1000;

    private readonly ConcurrentQueue<string> _lines = new ConcurrentQueue<string>();
    private readonly TextReader _input;
    private readonly ISignal _signal;

    public CommandLine(TextReader input, ISignal signal)
    {
        _input = input;
        _signal = signal;
        new Thread(Read) { IsBackground = true, Name = "commands" }.Start();
    }

    /// <summary>Takes the oldest line that is not empty.</summary>
    public bool TryTake(out string line)
    {
        return _lines.TryDequeue(out line);
    }

    // The end of the input is not the end of the light: it may run as a service.
    private void Read()
    {
        while (true)
        {
            string line;
            try
            {
                line = _input.ReadLine();
            }
            catch (IOException)
            {
                return;
            }

            if (line == null)
            {
                return;
            }

            line = line.Trim();
            if (line.Length > 0)
            {
                _lines.Enqueue(line.Length > MaxLength ? line.Substring(0, MaxLength) : line);
                _signal.Set();
            }
        }
    }
}
