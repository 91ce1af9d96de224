using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace MatterNano.Esp32.Board;

/// <summary>Lines of any thread, written in their order by one thread of its own.</summary>
/// <remarks>
/// On Unix .NET's console streams lock whatever Console.Out is while they write. Where that is the light's log, a thread that wrote with
/// a lock of its own held would stop with one that logs and wants that lock; this thread holds none.
/// </remarks>
public sealed class LineWriter : IDisposable
{
    private readonly Queue<(TextWriter To, string Line)> _lines = new();
    private readonly Thread _thread;
    private bool _ended;

    public LineWriter()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "lines" };
        _thread.Start();
    }

    /// <summary>Writes a line, soon.</summary>
    public void Write(TextWriter to, string line)
    {
        lock (_lines)
        {
            if (!_ended)
            {
                _lines.Enqueue((to, line));
                Monitor.Pulse(_lines);
            }
        }
    }

    /// <summary>Writes what is still there; what comes later is lost.</summary>
    public void Dispose()
    {
        lock (_lines)
        {
            _ended = true;
            Monitor.Pulse(_lines);
        }

        _thread.Join();
    }

    private void Run()
    {
        while (TryTake(out TextWriter to, out string line))
        {
            try
            {
                to.WriteLine(line);
                to.Flush();
            }
            catch (IOException)
            {
                // The reader is gone; the light goes on.
            }
        }
    }

    private bool TryTake(out TextWriter to, out string line)
    {
        lock (_lines)
        {
            while (_lines.Count == 0 && !_ended)
            {
                Monitor.Wait(_lines);
            }

            bool any = _lines.TryDequeue(out (TextWriter To, string Line) next);
            (to, line) = next;
            return any;
        }
    }
}
