using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MatterNano.Platform;
using Tmds.DBus.Protocol;

namespace MatterNano.Host.NetworkManager;

/// <summary>The Wi-Fi station of a Linux computer, through NetworkManager over D-Bus.</summary>
/// <remarks>
/// Nothing is changed until the stack joins a network, as a commissioner asked. A network that the computer is in already is taken as it
/// is. What is joined is a connection of its own that NetworkManager forgets with its end; the stack keeps the credentials and joins
/// again after a start.
/// </remarks>
internal sealed class NetworkManagerWifi : IWifi, IDisposable
{
    private const string Service = "org.freedesktop.NetworkManager";
    private const string Root = "/org/freedesktop";
    private const string Manager = Root + "/NetworkManager";
    private const string DeviceFace = Service + ".Device";
    private const string WirelessFace = DeviceFace + ".Wireless";
    private const string PointFace = Service + ".AccessPoint";
    private const string ConnectionFace = Service + ".Settings.Connection";
    private const string UnknownMethod = "org.freedesktop.DBus.Error.UnknownMethod";

    // NMDeviceState and NMDeviceStateReason.
    private const uint Disconnected = 30;
    private const uint Activated = 100;
    private const uint Failed = 120;
    private const uint NoSecrets = 7;
    private const uint SupplicantDisconnected = 8;
    private const uint SupplicantTimeout = 11;
    private const uint SsidNotFound = 53;

    // NM80211ApSecurityFlags.
    private const uint KeyPsk = 0x100;
    private const uint KeySae = 0x400;
    private const uint Infrastructure = 2;
    private const int ScanMilliseconds = 8000;
    private const int PollMilliseconds = 250;

    private readonly object _lock = new();
    private readonly SystemBus _bus;
    private readonly string _device;
    private readonly ISignal _signal;
    private readonly CancellationTokenSource _end = new();
    private List<Point> _points = new();
    private int _join;
    private string _connection;
    private string _active;
    private Point _joined;
    private volatile int _changes;
    private volatile int _state;
    private volatile int _scanState;

    private NetworkManagerWifi(SystemBus bus, string device, ISignal signal)
    {
        _bus = bus;
        _device = device;
        _signal = signal;
    }

    /// <inheritdoc/>
    public int ChangeCount => _changes;

    /// <inheritdoc/>
    public int State => _state;

    /// <inheritdoc/>
    public int FailureReason { get; private set; }

    /// <inheritdoc/>
    public int ErrorValue { get; private set; }

    /// <inheritdoc/>
    public int ScanState => _scanState;

    /// <inheritdoc/>
    public int ScanCount
    {
        get
        {
            lock (_lock)
            {
                return _points.Count;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsConcurrent => true;

    /// <summary>Looks for NetworkManager and its Wi-Fi device.</summary>
    /// <param name="name">Of the interface (wlan0); empty: the first.</param>
    /// <param name="signal">Woken at every change.</param>
    /// <param name="address">Another bus than the system's.</param>
    /// <exception cref="DriverException">Either is missing.</exception>
    public static async Task<NetworkManagerWifi> Open(string name, ISignal signal, string address = null)
    {
        SystemBus bus = null;
        try
        {
            bus = await SystemBus.Connect(Service, address);
            string device = (await bus.GetManagedObjects(Root))
                .Where(o => o.Value.ContainsKey(WirelessFace) && (name.Length == 0 || o.Value[DeviceFace]["Interface"].GetString() == name))
                .Select(o => o.Key).Order(StringComparer.Ordinal).FirstOrDefault();
            if (device == null)
            {
                bus.Dispose();
                throw new DriverException(name.Length == 0 ? "NetworkManager has no Wi-Fi device." : $"NetworkManager has no Wi-Fi device {name}.");
            }

            NetworkManagerWifi wifi = new(bus, device, signal);
            await bus.Watch(device, DeviceFace, "StateChanged", message =>
            {
                Reader reader = message.GetBodyReader();
                return (New: reader.ReadUInt32(), Old: reader.ReadUInt32(), Reason: reader.ReadUInt32());
            }, change => wifi.OnState(change.New, change.Reason));
            return wifi;
        }
        catch (DBusExceptionBase e)
        {
            bus?.Dispose();
            throw new DriverException((e is DBusConnectionException ? "There is no D-Bus system bus: " : "NetworkManager does not run: ") + e.Message);
        }
    }

    /// <inheritdoc/>
    public bool StartScan(byte[] ssid, int offset, int length)
    {
        lock (_lock)
        {
            if (_state == WifiState.Connecting || _scanState == WifiState.ScanRunning)
            {
                return false;
            }

            _scanState = WifiState.ScanRunning;
        }

        _ = Scan(ssid.AsSpan(offset, length).ToArray());
        return true;
    }

    /// <inheritdoc/>
    public void GetScanResult(int index, WifiAccessPoint into)
    {
        lock (_lock)
        {
            _points[index].CopyTo(into);
        }
    }

    /// <inheritdoc/>
    public bool StartConnect(byte[] ssid, int ssidOffset, int ssidLength, byte[] credentials, int credentialsOffset, int credentialsLength)
    {
        int join;
        lock (_lock)
        {
            join = ++_join;
            Become(WifiState.Connecting);
        }

        _ = Join(join, ssid.AsSpan(ssidOffset, ssidLength).ToArray(), credentials.AsSpan(credentialsOffset, credentialsLength).ToArray());
        return true;
    }

    /// <inheritdoc/>
    public void Disconnect()
    {
        lock (_lock)
        {
            _join++;
            Become(WifiState.Disconnected);
        }

        _ = Leave();
    }

    /// <inheritdoc/>
    public bool GetConnection(WifiAccessPoint into)
    {
        lock (_lock)
        {
            if (_state != WifiState.Connected || _joined == null)
            {
                return false;
            }

            _joined.CopyTo(into);
            return true;
        }
    }

    /// <summary>Leaves the network as it is; the bus is given back.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _bus.Dispose();
    }

    private async Task Scan(byte[] wanted)
    {
        bool done = false;
        try
        {
            List<Point> found = await Hear(wanted);
            lock (_lock)
            {
                _points = wanted.Length == 0 ? found : found.Where(p => p.Ssid.AsSpan().SequenceEqual(wanted)).ToList();
            }

            done = true;
        }
        catch (Exception e) when (IsExpected(e))
        {
            // The scan failed, which is what is told.
        }

        lock (_lock)
        {
            _scanState = done ? WifiState.ScanDone : WifiState.ScanFailed;
            _changes++;
        }

        _signal.Set();
    }

    // What is there after a scan. NetworkManager refuses one too soon after the last; then that one's result holds.
    private async Task<List<Point>> Hear(byte[] wanted)
    {
        long before = await LastScan();
        try
        {
            await RequestScan(wanted);
            for (int waited = 0; before >= 0 && waited < ScanMilliseconds && await LastScan() == before; waited += PollMilliseconds)
            {
                await Task.Delay(PollMilliseconds, _end.Token);
            }
        }
        catch (DBusErrorReplyException e) when (e.ErrorName == DeviceFace + ".NotAllowed")
        {
            // Too soon.
        }

        return await Points();
    }

    // -1 where the version does not tell.
    private async Task<long> LastScan()
    {
        Dictionary<string, VariantValue> device = (await _bus.GetManagedObjects(Root))[_device][WirelessFace];
        return device.TryGetValue("LastScan", out VariantValue value) ? value.GetInt64() : -1;
    }

    private async Task<List<Point>> Points()
    {
        Dictionary<string, Dictionary<string, Dictionary<string, VariantValue>>> objects = await _bus.GetManagedObjects(Root);
        List<Point> points = new();
        foreach (string path in objects[_device][WirelessFace]["AccessPoints"].GetArray<ObjectPath>().Select(p => p.ToString()))
        {
            if (objects.TryGetValue(path, out Dictionary<string, Dictionary<string, VariantValue>> faces) && faces.TryGetValue(PointFace, out Dictionary<string, VariantValue> values)
                && values["Mode"].GetUInt32() == Infrastructure && values["Ssid"].GetArray<byte>().Length is > 0 and <= 32)
            {
                points.Add(new Point(path, values));
            }
        }

        return points.OrderByDescending(p => p.Strength).ToList();
    }

    private async Task Join(int join, byte[] ssid, byte[] credentials)
    {
        try
        {
            Point best = (await Points()).Find(p => p.Ssid.AsSpan().SequenceEqual(ssid))
                ?? (await Hear(ssid)).Find(p => p.Ssid.AsSpan().SequenceEqual(ssid));
            if (best == null)
            {
                Fail(join, WifiState.ReasonNotFound, SsidNotFound);
                return;
            }

            // In that network already, and not by us: it is left as it is.
            Dictionary<string, VariantValue> device = (await _bus.GetManagedObjects(Root))[_device][DeviceFace];
            Dictionary<string, VariantValue> wireless = (await _bus.GetManagedObjects(Root))[_device][WirelessFace];
            string present = wireless.TryGetValue("ActiveAccessPoint", out VariantValue value) ? value.GetObjectPathAsString() : "/";
            if (device["State"].GetUInt32() == Activated && (await Points()).Exists(p => p.Path == present && p.Ssid.AsSpan().SequenceEqual(ssid)))
            {
                lock (_lock)
                {
                    if (join == _join)
                    {
                        _joined = best;
                        Become(WifiState.Connected);
                    }
                }

                return;
            }

            await Leave();
            (string connection, string active) = await Activate(best, ssid, credentials);
            bool isStale;
            lock (_lock)
            {
                isStale = join != _join;
                _connection = connection;
                _active = active;
                _joined = best;
            }

            if (isStale)
            {
                await Leave();
                return;
            }

            // It may have been quicker than the answer.
            device = (await _bus.GetManagedObjects(Root))[_device][DeviceFace];
            if (device["ActiveConnection"].GetObjectPathAsString() == active)
            {
                OnState(device["State"].GetUInt32(), 0);
            }
        }
        catch (Exception e) when (IsExpected(e))
        {
            Fail(join, e is DBusErrorReplyException { ErrorName: Service + ".Device.InvalidConnection" or Service + ".Settings.Connection.InvalidProperty" } ? WifiState.ReasonAuthentication : WifiState.ReasonOther, 0);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(credentials);
        }
    }

    private async Task<(string Connection, string Active)> Activate(Point point, byte[] ssid, byte[] credentials)
    {
        Dict<string, VariantValue> connection = new()
        {
            ["id"] = "MatterNano",
            ["type"] = "802-11-wireless",
            ["uuid"] = Guid.NewGuid().ToString(),
            ["autoconnect"] = false,
        };
        Dictionary<string, Dict<string, VariantValue>> settings = new()
        {
            ["connection"] = connection,
            ["802-11-wireless"] = new() { ["ssid"] = VariantValue.Array(ssid), ["mode"] = "infrastructure" },
            ["ipv4"] = new() { ["method"] = "auto" },
            ["ipv6"] = new() { ["method"] = "auto" },
        };
        if (credentials.Length > 0)
        {
            settings["802-11-wireless-security"] = new()
            {
                ["key-mgmt"] = point.OnlySae ? "sae" : "wpa-psk",
                ["psk"] = Encoding.UTF8.GetString(credentials),
            };
        }

        try
        {
            return await Activate("AddAndActivateConnection2", settings, point.Path, new() { ["persist"] = "volatile" });
        }
        catch (DBusErrorReplyException e) when (e.ErrorName == UnknownMethod)
        {
            // Before NetworkManager 1.16.
            return await Activate("AddAndActivateConnection", settings, point.Path, null);
        }
    }

    private Task<(string Connection, string Active)> Activate(
        string method, Dictionary<string, Dict<string, VariantValue>> settings, string point, Dictionary<string, VariantValue> options)
    {
        MessageWriter writer = _bus.Connection.GetMessageWriter();
        writer.WriteMethodCallHeader(Service, Manager, Service, method, options == null ? "a{sa{sv}}oo" : "a{sa{sv}}ooa{sv}", MessageFlags.None);
        ArrayStart all = writer.WriteDictionaryStart();
        foreach ((string name, Dict<string, VariantValue> values) in settings)
        {
            writer.WriteDictionaryEntryStart();
            writer.WriteString(name);
            writer.WriteDictionary(values);
        }

        writer.WriteDictionaryEnd(all);
        writer.WriteObjectPath(_device);
        writer.WriteObjectPath(point);
        if (options != null)
        {
            writer.WriteDictionary(options);
        }

        MessageBuffer message = writer.CreateMessage();
        writer.Dispose();
        return _bus.Connection.CallMethodAsync(
            message,
            (Message m, object _) =>
            {
                Reader reader = m.GetBodyReader();
                return (reader.ReadObjectPathAsString(), reader.ReadObjectPathAsString());
            },
            null);
    }

    private Task RequestScan(byte[] wanted)
    {
        Dictionary<string, VariantValue> options = new();
        if (wanted.Length > 0)
        {
            options["ssids"] = VariantValue.ArrayOfVariant(new[] { VariantValue.Array(wanted) });
        }

        MessageWriter writer = _bus.Connection.GetMessageWriter();
        writer.WriteMethodCallHeader(Service, _device, WirelessFace, "RequestScan", "a{sv}", MessageFlags.None);
        writer.WriteDictionary(options);
        MessageBuffer message = writer.CreateMessage();
        writer.Dispose();
        return _bus.Connection.CallMethodAsync(message);
    }

    // What we made goes again; what was there before us stays.
    private async Task Leave()
    {
        string connection;
        string active;
        lock (_lock)
        {
            connection = _connection;
            active = _active;
            _connection = null;
            _active = null;
            _joined = null;
        }

        if (active == null)
        {
            return;
        }

        try
        {
            await _bus.Call(Manager, Service, "DeactivateConnection", active);
        }
        catch (DBusExceptionBase)
        {
            // It has ended by itself.
        }

        try
        {
            await _bus.Call(connection, ConnectionFace, "Delete");
        }
        catch (DBusExceptionBase)
        {
            // A volatile one goes by itself.
        }
    }

    // Refused or unanswered by NetworkManager, its device gone, or the light ends.
    private static bool IsExpected(Exception e)
    {
        return e is DBusExceptionBase or KeyNotFoundException or OperationCanceledException or ObjectDisposedException;
    }

    private void OnState(uint state, uint reason)
    {
        lock (_lock)
        {
            if (_active == null && _state != WifiState.Connected)
            {
                return; // the computer's own affairs
            }

            if (state == Activated && _state == WifiState.Connecting)
            {
                Become(WifiState.Connected);
            }
            else if (state == Failed && _state == WifiState.Connecting)
            {
                Fail(_join, reason == SsidNotFound ? WifiState.ReasonNotFound : reason is >= NoSecrets and <= SupplicantTimeout ? WifiState.ReasonAuthentication : WifiState.ReasonOther, reason);
            }
            else if (state <= Disconnected && _state == WifiState.Connected)
            {
                Become(WifiState.Disconnected);
            }
        }
    }

    private void Fail(int join, int reason, uint number)
    {
        lock (_lock)
        {
            if (join == _join)
            {
                FailureReason = reason;
                ErrorValue = (int)number;
                Become(WifiState.Failed);
            }
        }
    }

    // Under the lock.
    private void Become(int state)
    {
        if (_state != state)
        {
            _state = state;
            _changes++;
            _signal.Set();
        }
    }

    /// <summary>An access point as NetworkManager tells it.</summary>
    private sealed class Point
    {
        private readonly byte[] _bssid;
        private readonly uint _frequency;
        private readonly uint _keys;
        private readonly bool _isProtected;
        private readonly bool _hasWpa;

        public Point(string path, Dictionary<string, VariantValue> values)
        {
            Path = path;
            Ssid = values["Ssid"].GetArray<byte>();
            Strength = values["Strength"].GetByte();
            _bssid = PhysicalAddress.Parse(values["HwAddress"].GetString().ToUpper(CultureInfo.InvariantCulture).Replace(':', '-')).GetAddressBytes();
            _frequency = values["Frequency"].GetUInt32();
            _keys = values["RsnFlags"].GetUInt32();
            _hasWpa = values["WpaFlags"].GetUInt32() != 0;
            _isProtected = (values["Flags"].GetUInt32() & 1) != 0;
        }

        public string Path { get; }

        public byte[] Ssid { get; }

        public byte Strength { get; }

        public bool OnlySae => (_keys & KeySae) != 0 && (_keys & KeyPsk) == 0;

        public void CopyTo(WifiAccessPoint into)
        {
            Ssid.CopyTo(into.Ssid, 0);
            into.SsidLength = Ssid.Length;
            _bssid.CopyTo(into.Bssid, 0);
            bool isFive = _frequency >= 5000;
            into.Band = isFive ? 2 : 0;
            into.Channel = (int)(_frequency == 2484 ? 14 : isFive ? (_frequency - 5000) / 5 : _frequency >= 2412 ? (_frequency - 2407) / 5 : 0);

            // A percentage; NetworkManager makes it of dBm by this line.
            into.Rssi = (Strength / 2) - 100;
            into.Security = ((_keys & KeyPsk) != 0 ? WifiAccessPoint.Wpa2 : 0) | ((_keys & KeySae) != 0 ? WifiAccessPoint.Wpa3 : 0)
                | (_hasWpa ? WifiAccessPoint.Wpa : 0);
            if (into.Security == 0)
            {
                into.Security = _isProtected ? WifiAccessPoint.Wep : WifiAccessPoint.Open;
            }

            into.Version = isFive ? 4 : 3;
        }
    }
}
