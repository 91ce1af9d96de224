using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MatterNano.Peer;
using Xunit;

namespace MatterNano.Esp32.Tests;

/// <summary>The light of boards/esp32 on a make-believe chip, as a process: killing it is a power cut.</summary>
public sealed class LightProcess : IDisposable
{
    private const int Limit = 60000;

    private readonly BlockingCollection<string> _lines = new();
    private readonly Process _process;
    private readonly LineReader[] _readers;

    public LightProcess(string storage, int port, params string[] arguments)
        : this("MatterNano.Esp32.Board.dll", storage, port, arguments)
    {
    }

    private LightProcess(string program, string storage, int port, string[] arguments)
    {
        Port = port;
        ProcessStartInfo start = new("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { Path.Combine(AppContext.BaseDirectory, program), "--storage", storage, "--udp-port", port.ToString() })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start);

        _readers = new[]
        {
            new LineReader(_process.StandardOutput, _lines.Add, _lines.CompleteAdding),
            new LineReader(_process.StandardError, Serial.Enqueue, () => { }),
        };
    }

    /// <summary>The light on the board with a cable.</summary>
    public static LightProcess StartCable(string storage, int port, params string[] arguments)
    {
        return new LightProcess("MatterNano.Esp32.CableBoard.dll", storage, port, new[] { "--target", "ESP32_P4" }.Concat(arguments).ToArray());
    }

    public int Port { get; }

    /// <summary>The serial log.</summary>
    public ConcurrentQueue<string> Serial { get; } = new();

    /// <summary>A UDP port that nobody has.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint).Port;
    }

    /// <summary>The next event of a name; others are passed over.</summary>
    public JsonElement Expect(string name)
    {
        Stopwatch watch = Stopwatch.StartNew();
        List<string> passed = new();
        while (_lines.TryTake(out string line, Math.Max(0, Limit - (int)watch.ElapsedMilliseconds)))
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            if (json.GetProperty("event").GetString() == name)
            {
                return json;
            }

            passed.Add(line);
        }

        string state = _process.HasExited ? "it ended with " + _process.ExitCode : "it runs";
        Assert.Fail($"no {name} in {watch.ElapsedMilliseconds} ms, {state}; but {string.Join(" | ", passed)}; serial log {string.Join(" | ", Serial)}");
        return default;
    }

    public JsonElement Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        return Expect("answer");
    }

    /// <summary>Waits until the LED is as wanted: the program shows it after it has answered.</summary>
    public void ExpectLed(bool lit)
    {
        Bench.Until(() => Ask("state").GetProperty("onOff").GetBoolean() == lit, lit ? "the LED on" : "the LED off");
    }

    public void CutPower()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            CutPower();
        }

        foreach (LineReader reader in _readers)
        {
            reader.Join();
        }

        _process.Dispose();
    }
}
