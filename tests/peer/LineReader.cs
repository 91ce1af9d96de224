using System;
using System.IO;
using System.Threading;

namespace MatterNano.Peer;

/// <summary>Reads a process' output line by line on a thread of its own.</summary>
/// <remarks>The runtime's readers each block a thread of a pool that has as many as the machine has cores.</remarks>
public sealed class LineReader
{
    private readonly Thread _thread;

    /// <summary>Begins to read; each line and the end are told on the thread.</summary>
    public LineReader(TextReader from, Action<string> line, Action end)
    {
        _thread = new Thread(() =>
        {
            for (string text = from.ReadLine(); text != null; text = from.ReadLine())
            {
                line(text);
            }

            end();
        });
        _thread.IsBackground = true;
        _thread.Start();
    }

    /// <summary>Waits until all has been read.</summary>
    public void Join() => _thread.Join();
}
