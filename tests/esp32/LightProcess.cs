using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace MatterNano.Esp32.Tests;

/// <summary>The light of boards/esp32 on a make-believe chip, as a process: killing it is a power cut.</summary>
public sealed class LightProcess : IDisposable
{
    private const int Limit = 60000;

    private readonly BlockingCollection<string> _lines = new();
    private readonly Process _process;

    public LightProcess(string storage, int port, params string[] arguments)
    {
        Port = port;
        ProcessStartInfo start = new("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { Path.Combine(AppContext.BaseDirectory, "MatterNano.Esp32.Board.dll"), "--storage", storage, "--udp-port", port.ToString() })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start);
        _process.OutputDataReceived += (_, e) =>
        {
            if (e.Data != null)
            {
                _lines.Add(e.Data);
            }
        };
        _process.ErrorDataReceived += (_, e) => Serial.Enqueue(e.Data ?? string.Empty);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
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
        while (watch.ElapsedMilliseconds < Limit && _lines.TryTake(out string line, Limit))
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            if (json.GetProperty("event").GetString() == name)
            {
                return json;
            }
        }

        Assert.Fail($"no {name}; " + string.Join(" | ", Serial));
        return default;
    }

    public JsonElement Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        return Expect("answer");
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

        _process.Dispose();
    }
}
