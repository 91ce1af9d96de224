using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Text.Json;
using MatterNano.Peer;
using Xunit;

namespace MatterNano.Host.Tests;

/// <summary>The built light as a process of its own.</summary>
public sealed class HostProcess : IDisposable
{
    private const int Limit = 60000;

    private const int Interrupt = 2;
    private const int DefaultAction = 0;
    private const int Ignored = 1;

    private readonly BlockingCollection<string> _lines = new();
    private readonly Process _process;
    private readonly LineReader[] _readers;

    /// <summary>Starts the program; on IPv4 loopback, unadvertised and on any free port unless the arguments are to be taken as they are.</summary>
    public HostProcess(IEnumerable<string> arguments, bool verbatim = false)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MatterNano.Host.dll"));
        if (!verbatim)
        {
            foreach (string argument in new[] { "--json", "--no-mdns", "--bind", "127.0.0.1", "--port", "0" })
            {
                start.ArgumentList.Add(argument);
            }
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["NO_COLOR"] = "1";
        StopIgnoringInterrupt();
        _process = Process.Start(start);

        _readers = new[]
        {
            new LineReader(_process.StandardOutput, _lines.Add, _lines.CompleteAdding),
            new LineReader(_process.StandardError, AddError, () => { }),
        };
    }

    /// <summary>Lines of standard error.</summary>
    public List<string> Errors { get; } = new();

    /// <summary>The next line of standard output; null at its end.</summary>
    public string ReadLine()
    {
        return _lines.TryTake(out string line, Limit) ? line : null;
    }

    /// <summary>The next line as JSON; it must be the named event.</summary>
    public JsonElement Expect(string name)
    {
        string line = ReadLine();
        Assert.True(line != null, "no line; " + string.Join(" | ", Errors));
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.True(json.GetProperty("event").GetString() == name, line);
        return json;
    }

    /// <summary>Types a line.</summary>
    public void Type(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Types a line and reads its answer, the next line.</summary>
    public JsonElement Ask(string line)
    {
        Type(line);
        JsonElement answer = Expect("answer");
        Assert.Equal(line.Split(' ')[0], answer.GetProperty("command").GetString());
        return answer;
    }

    /// <summary>Ends standard input.</summary>
    public void CloseInput()
    {
        _process.StandardInput.Close();
    }

    /// <summary>Sends a signal, such as 15.</summary>
    public void Signal(int number)
    {
        Assert.Equal(0, Kill(_process.Id, number));
    }

    /// <summary>True while the program runs.</summary>
    public bool IsRunning(int milliseconds)
    {
        return !_process.WaitForExit(milliseconds);
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>Exit code.</returns>
    public int Wait()
    {
        Assert.True(_process.WaitForExit(Limit), "still running");
        Join();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        Join();
        _process.Dispose();
    }

    private void AddError(string line)
    {
        lock (Errors)
        {
            Errors.Add(line);
        }
    }

    // Until all output has been read.
    private void Join()
    {
        foreach (LineReader reader in _readers)
        {
            reader.Join();
        }
    }

    // A shell's background job ignores SIGINT, and so would the light that it starts.
    private static void StopIgnoringInterrupt()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        byte[] action = new byte[256]; // begins with the handler
        Assert.Equal(0, GetAction(Interrupt, IntPtr.Zero, action));
        if (MemoryMarshal.Read<nint>(action) == Ignored)
        {
            SetHandler(Interrupt, DefaultAction);
        }
    }

    [DllImport("libc", EntryPoint = "sigaction")]
    private static extern int GetAction(int signal, IntPtr none, byte[] action);

    [DllImport("libc", EntryPoint = "signal")]
    private static extern IntPtr SetHandler(int signal, IntPtr handler);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
