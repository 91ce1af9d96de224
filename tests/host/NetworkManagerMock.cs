using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading.Tasks;
using Tmds.DBus.Protocol;

namespace MatterNano.Host.Tests;

/// <summary>A private bus with python-dbusmock's NetworkManager on it.</summary>
internal sealed class NetworkManagerMock : IDisposable
{
    internal const string Device = "/org/freedesktop/NetworkManager/Devices/wifi0";
    private const string Manager = "/org/freedesktop/NetworkManager";
    private const string Mock = "org.freedesktop.DBus.Mock";

    private readonly Process _daemon;
    private readonly List<string> _calls = new();
    private Process _mock;
    private SystemBus _bus;

    private NetworkManagerMock()
    {
        ProcessStartInfo start = new("/usr/bin/dbus-daemon") { RedirectStandardOutput = true };
        foreach (string argument in new[] { "--session", "--nofork", "--print-address", "--address=unix:tmpdir=/tmp" })
        {
            start.ArgumentList.Add(argument);
        }

        _daemon = Process.Start(start);
        Address = _daemon.StandardOutput.ReadLine();
    }

    /// <summary>The bus.</summary>
    public string Address { get; }

    /// <summary>A bus without NetworkManager.</summary>
    public static NetworkManagerMock StartBus() => new();

    /// <summary>One with it, a Wi-Fi device, and two access points.</summary>
    public static async Task<NetworkManagerMock> Start()
    {
        NetworkManagerMock mock = new();
        ProcessStartInfo start = new(NetworkManagerFactAttribute.Python) { RedirectStandardOutput = true };
        foreach (string argument in new[] { "-u", "-m", "dbusmock", "--system", "--template", "networkmanager" })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DBUS_SYSTEM_BUS_ADDRESS"] = mock.Address;
        mock._mock = Process.Start(start);
        mock._mock.OutputDataReceived += (_, e) =>
        {
            lock (mock._calls)
            {
                mock._calls.Add(e.Data ?? string.Empty);
            }
        };
        mock._mock.BeginOutputReadLine();
        mock._bus = await SystemBus.Connect("org.freedesktop.NetworkManager", mock.Address);
        for (int i = 0; ; i++)
        {
            try
            {
                await mock.Call(Manager, "AddWiFiDevice", "ssi", (ref MessageWriter w) =>
                {
                    w.WriteString("wifi0");
                    w.WriteString("wlan7");
                    w.WriteInt32(30);
                });
                break;
            }
            catch (DBusErrorReplyException) when (i < 600)
            {
                await Task.Delay(100); // it is starting
            }
        }

        await mock.AddPoint("far", "home", "00:11:22:33:44:55", 2412, 40, 0x100);
        await mock.AddPoint("near", "home", "00:11:22:33:44:66", 5180, 80, 0x100);
        await mock.AddPoint("open", "cafe", "00:11:22:33:44:77", 2437, 60, 0);
        return mock;
    }

    /// <summary>Methods of NetworkManager that were called, with their arguments.</summary>
    public string Calls()
    {
        lock (_calls)
        {
            return string.Join('\n', _calls);
        }
    }

    public Task AddPoint(string name, string ssid, string address, uint frequency, byte strength, uint security)
    {
        return Call(Manager, "AddAccessPoint", "ssssuuuyu", (ref MessageWriter w) =>
        {
            w.WriteString(Device);
            w.WriteString(name);
            w.WriteString(ssid);
            w.WriteString(address);
            w.WriteUInt32(2);
            w.WriteUInt32(frequency);
            w.WriteUInt32(5400);
            w.WriteByte(strength);
            w.WriteUInt32(security);
        });
    }

    /// <summary>What is activated stays on its way.</summary>
    public Task ActivateSlowly()
    {
        return Call(Manager, "AddMethod", "sssss", (ref MessageWriter w) =>
        {
            w.WriteString("org.freedesktop.NetworkManager");
            w.WriteString("AddAndActivateConnection");
            w.WriteString("a{sa{sv}}oo");
            w.WriteString("oo");
            w.WriteString("ret = ('/org/freedesktop/NetworkManager/Settings/mine', '/org/freedesktop/NetworkManager/ActiveConnection/mine')");
        });
    }

    /// <summary>The device tells a new state.</summary>
    public Task TellState(uint state, uint reason)
    {
        return Call(Device, "EmitSignal", "sssav", (ref MessageWriter w) =>
        {
            w.WriteString("org.freedesktop.NetworkManager.Device");
            w.WriteString("StateChanged");
            w.WriteString("uuu");
            ArrayStart all = w.WriteArrayStart(DBusType.Variant);
            w.WriteVariant(state);
            w.WriteVariant(50u);
            w.WriteVariant(reason);
            w.WriteArrayEnd(all);
        });
    }

    public void Dispose()
    {
        _bus?.Dispose();
        _mock?.Kill();
        _mock?.WaitForExit();
        _mock?.Dispose();
        _daemon.Kill();
        _daemon.WaitForExit();
        _daemon.Dispose();
    }

    private delegate void Write(ref MessageWriter writer);

    private Task Call(string path, string member, string signature, Write write)
    {
        MessageWriter writer = _bus.Connection.GetMessageWriter();
        writer.WriteMethodCallHeader("org.freedesktop.NetworkManager", path, Mock, member, signature, MessageFlags.None);
        write(ref writer);
        MessageBuffer message = writer.CreateMessage();
        writer.Dispose();
        return _bus.Connection.CallMethodAsync(message);
    }
}
