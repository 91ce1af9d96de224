using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using MatterNano.Platform;
using Tmds.DBus.Protocol;

namespace MatterNano.Host.Bluez;

/// <summary>A BLE peripheral on a real Bluetooth adapter of Linux: BlueZ over D-Bus.</summary>
/// <remarks>
/// A central is whoever writes C1: others may be connected to the computer for reasons of their own. What stands in the way (no
/// bluetoothd, no adapter, no permission) is told once and tried again, so the radio comes back when they do.
/// </remarks>
internal sealed class BluezRadio : IBleRadio, IMatterServiceHandler, IDisposable
{
    private const string Bluez = "org.bluez";
    private const string AdapterFace = "org.bluez.Adapter1";
    private const string DeviceFace = "org.bluez.Device1";
    private const int RetryMilliseconds = 2000;
    private const int StopMilliseconds = 2000;
    private const int EventCapacity = 64;

    // Core 5.4.2.5.4: quick advertising for the first half minute.
    private const int FastMilliseconds = 30000;

    private readonly object _lock = new();
    private readonly Queue<(int Kind, int Length, byte[] Value)> _events = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ISignal _signal;
    private readonly Action<string> _tell;
    private readonly string _adapterName;
    private readonly bool _notifies;
    private readonly MatterService _service;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _keeper;

    // What is wanted.
    private byte[] _serviceData;
    private long _fastUntil;

    // What is; of the keeper alone, but for the bus, which the sender uses too.
    private SystemBus _bus;
    private string _adapter;
    private bool _registered;
    private byte[] _advertised;
    private bool _isFast;
    private string _told;

    // Set by the bus, read by the keeper: what it knows of BlueZ holds no longer.
    private bool _stale;

    private string _link;
    private bool _subscribed;
    private bool _unconfirmed;

    /// <summary>Starts to look for the adapter.</summary>
    /// <param name="adapter">Its name (hci0); null: the first.</param>
    /// <param name="notifies">True: C2 is declared as an ESP32 declares it and values leave like its notifications, without waiting.</param>
    /// <param name="signal">Woken at every event.</param>
    /// <param name="tell">Receives one line whenever the radio's state changes, and when a central comes or goes. On any thread, under the radio's lock.</param>
    public BluezRadio(string adapter, bool notifies, ISignal signal, Action<string> tell)
    {
        _adapterName = adapter;
        _notifies = notifies;
        _signal = signal;
        _tell = tell;
        _service = new MatterService(this, notifies);
        _keeper = Task.Run(Keep);
    }

    /// <inheritdoc/>
    public bool StartAdvertising(byte[] serviceData)
    {
        lock (_lock)
        {
            if (_serviceData == null)
            {
                _fastUntil = Environment.TickCount64 + FastMilliseconds;
            }

            _serviceData = (byte[])serviceData.Clone();
        }

        _wake.Release();
        return true;
    }

    /// <inheritdoc/>
    public void StopAdvertising()
    {
        lock (_lock)
        {
            _serviceData = null;
        }

        _wake.Release();
    }

    /// <inheritdoc/>
    public void SetAdditionalData(byte[] data, int length)
    {
        _service.SetAdditionalData(data.AsSpan(0, length).ToArray());
    }

    /// <inheritdoc/>
    public bool TrySend(byte[] buffer, int offset, int length)
    {
        lock (_lock)
        {
            if (_link == null || !_subscribed || _unconfirmed || _bus == null || !MatterService.Send(_bus.Connection, buffer.AsSpan(offset, length).ToArray()))
            {
                return false;
            }

            _unconfirmed = !_notifies;
            if (_notifies)
            {
                Raise(BleEvent.Sent, 0, null);
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public int TryTake(byte[] buffer, int offset, out int length)
    {
        lock (_lock)
        {
            if (!_events.TryDequeue(out var next))
            {
                length = 0;
                return BleEvent.None;
            }

            next.Value?.CopyTo(buffer, offset);
            length = next.Length;
            return next.Kind;
        }
    }

    /// <inheritdoc/>
    public void Disconnect()
    {
        lock (_lock)
        {
            string device = _link;
            if (device != null && _bus != null)
            {
                Unlink();
                _ = Drop(_bus, device);
            }
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        StopAdvertising();
        Disconnect();
    }

    /// <summary>Gives adapter and bus back. An advertisement that stood is gone when this returns, unless bluetoothd does not answer.</summary>
    public void Dispose()
    {
        Close();
        _end.Cancel();
        _wake.Release();
        if (!_keeper.Wait(StopMilliseconds))
        {
            // Calls that wait for an answer end with the bus.
            Forget();
            _keeper.Wait(StopMilliseconds);
        }
    }

    /// <inheritdoc/>
    bool IMatterServiceHandler.OnWritten(string device, int mtu, byte[] value)
    {
        lock (_lock)
        {
            if (_link == null && _serviceData != null)
            {
                _link = device;
                _tell($"A central is connected, ATT MTU {mtu}.");
                Raise(BleEvent.Connected, mtu, null);
                if (_subscribed)
                {
                    // Before its first write, or left over from one that went without a word: BlueZ does not say whose it is.
                    Raise(BleEvent.Subscribed, 0, null);
                }

                _wake.Release();
            }

            if (device != _link)
            {
                return false;
            }

            if (!Raise(BleEvent.Written, value.Length, value))
            {
                // The loop is not keeping up; losing the link is honest, losing a write is not.
                Unlink();
                _ = Drop(_bus, device);
                return false;
            }

            return true;
        }
    }

    /// <inheritdoc/>
    void IMatterServiceHandler.OnSubscribed(bool subscribed)
    {
        lock (_lock)
        {
            _subscribed = subscribed;
            if (_link != null)
            {
                Raise(subscribed ? BleEvent.Subscribed : BleEvent.Unsubscribed, 0, null);
            }
        }
    }

    /// <inheritdoc/>
    void IMatterServiceHandler.OnConfirmed()
    {
        lock (_lock)
        {
            if (_unconfirmed)
            {
                _unconfirmed = false;
                Raise(BleEvent.Sent, 0, null);
            }
        }
    }

    // One task brings what is towards what is wanted, again after every failure and whenever the bus tells of a change.
    private async Task Keep()
    {
        while (!_end.IsCancellationRequested)
        {
            bool failed = false;
            try
            {
                await Reconcile();
            }
            catch (DBusExceptionBase e)
            {
                failed = true;
                Tell(Reason(e));
                if (e is DBusConnectionException)
                {
                    Forget();
                }
                else
                {
                    // What is registered stays so: the adapter is looked for again, and only another one begins anew.
                    lock (_lock)
                    {
                        _stale = true;
                    }
                }
            }

            await _wake.WaitAsync(failed ? RetryMilliseconds : _isFast ? Math.Max(0, (int)(_fastUntil - Environment.TickCount64)) : Timeout.Infinite);
            while (_wake.Wait(0))
            {
                // Several changes are seen to in one go.
            }
        }

        try
        {
            if (_advertised != null && _bus != null)
            {
                await _bus.Call(_adapter, "org.bluez.LEAdvertisingManager1", "UnregisterAdvertisement", Advertisement.Path);
            }
        }
        catch (DBusExceptionBase)
        {
            // BlueZ went first; there is nothing left to take back.
        }

        Forget();
    }

    private async Task Reconcile()
    {
        bool stale;
        lock (_lock)
        {
            stale = _stale;
            _stale = false;
        }

        if (_bus == null)
        {
            SystemBus bus = await SystemBus.Connect(Bluez);
            bus.Connection.AddMethodHandlers(_service.Objects);
            await bus.WatchProperties(OnPropertiesChanged);
            await bus.WatchObjects(OnAppeared, OnGone);
            _ = WatchEnd(bus);
            lock (_lock)
            {
                _bus = bus;
            }
        }

        if (stale || _adapter == null)
        {
            string before = _adapter;
            _adapter = null;
            string adapter = await FindAdapter();
            if (adapter != before)
            {
                _registered = false;
                _advertised = null;
            }

            _adapter = adapter;
        }

        if (!_registered)
        {
            try
            {
                await _bus.Call(_adapter, "org.bluez.GattManager1", "RegisterApplication", MatterService.Root, true);
            }
            catch (DBusErrorReplyException e) when (e.ErrorName == "org.bluez.Error.AlreadyExists")
            {
                // An earlier call of ours whose answer was lost.
            }

            _registered = true;
        }

        byte[] wanted;
        bool isFast;
        lock (_lock)
        {
            wanted = _link == null ? _serviceData : null;
            isFast = wanted != null && Environment.TickCount64 < _fastUntil;
        }

        if (!Same(wanted, _advertised) || isFast != _isFast)
        {
            if (_advertised != null)
            {
                _advertised = null;
                await _bus.Call(_adapter, "org.bluez.LEAdvertisingManager1", "UnregisterAdvertisement", Advertisement.Path);
                _bus.Connection.RemoveMethodHandler(Advertisement.Path);
            }

            if (wanted != null)
            {
                _bus.Connection.RemoveMethodHandler(Advertisement.Path);
                _bus.Connection.AddMethodHandler(Advertisement.Make(wanted, isFast, OnReleased));
                await _bus.Call(_adapter, "org.bluez.LEAdvertisingManager1", "RegisterAdvertisement", Advertisement.Path, true);
                _advertised = wanted;
            }

            _isFast = isFast;
        }

        Tell($"Bluetooth adapter {_adapter[(_adapter.LastIndexOf('/') + 1)..]} is ready.");
    }

    private async Task<string> FindAdapter()
    {
        string found = null;
        foreach ((string path, Dictionary<string, Dictionary<string, VariantValue>> faces) in await _bus.GetManagedObjects())
        {
            bool isWanted = _adapterName == null ? found == null || string.CompareOrdinal(path, found) < 0 : path.EndsWith("/" + _adapterName, StringComparison.Ordinal);
            if (isWanted && faces.ContainsKey(AdapterFace) && faces.ContainsKey("org.bluez.LEAdvertisingManager1"))
            {
                found = path;
            }
        }

        if (found == null)
        {
            throw new BluezMissingException(_adapterName == null ? "There is no Bluetooth adapter that can be a peripheral." : $"There is no Bluetooth adapter {_adapterName} that can be a peripheral.");
        }

        await _bus.Set(found, AdapterFace, "Powered", true);
        return found;
    }

    private void OnPropertiesChanged(string path, string face, Dictionary<string, VariantValue> values)
    {
        lock (_lock)
        {
            if (face == DeviceFace && path == _link && values.TryGetValue("Connected", out VariantValue connected) && !connected.GetBool())
            {
                Unlink();
            }
            else if (face == AdapterFace && values.TryGetValue("Powered", out VariantValue powered) && !powered.GetBool())
            {
                // Switched off by somebody: BlueZ has dropped the advertisement, and the link if it was there.
                Refresh(path);
            }
        }
    }

    private void OnAppeared(string path)
    {
        lock (_lock)
        {
            // A device appears with every central; only an adapter changes what there is.
            if (!path.Contains("/dev_", StringComparison.Ordinal))
            {
                _stale = true;
                _wake.Release();
            }
        }
    }

    private void OnGone(string path)
    {
        lock (_lock)
        {
            if (path != null && path == _link)
            {
                Unlink();
            }
            else if (path == null || !path.Contains("/dev_", StringComparison.Ordinal))
            {
                Refresh(path);
            }
        }
    }

    private void OnReleased()
    {
        lock (_lock)
        {
            Refresh(null);
        }
    }

    // Under the lock: what was registered with that adapter (null: any) is gone.
    private void Refresh(string adapter)
    {
        if (_link != null && (adapter == null || _link.StartsWith(adapter + "/", StringComparison.Ordinal)))
        {
            Unlink();
        }

        _registered = false;
        _advertised = null;
        _stale = true;
        _wake.Release();
    }

    private async Task WatchEnd(SystemBus bus)
    {
        await bus.Connection.DisconnectedAsync();
        lock (_lock)
        {
            if (_bus == bus)
            {
                Forget();
            }
        }

        if (!_end.IsCancellationRequested)
        {
            _wake.Release();
        }
    }

    private void Forget()
    {
        lock (_lock)
        {
            if (_link != null)
            {
                Unlink();
            }

            _registered = false;
            _advertised = null;
            _adapter = null;
            _subscribed = false;
            SystemBus bus = _bus;
            _bus = null;
            bus?.Dispose();
        }
    }

    private async Task Drop(SystemBus bus, string device)
    {
        try
        {
            await bus.Call(device, DeviceFace, "Disconnect");
        }
        catch (DBusExceptionBase e)
        {
            // It is gone already, or bluetoothd is: either way the link ends.
            _tell($"The central could not be disconnected: {Reason(e)}");
        }
    }

    // Under the lock.
    private void Unlink()
    {
        _link = null;
        _unconfirmed = false;
        _tell("The central is gone.");
        _events.Enqueue((BleEvent.Disconnected, 0, null));
        _signal.Set();
        _wake.Release();
    }

    // Under the lock.
    private bool Raise(int kind, int length, byte[] value)
    {
        if (_events.Count >= EventCapacity)
        {
            return false;
        }

        _events.Enqueue((kind, length, value));
        _signal.Set();
        return true;
    }

    private void Tell(string line)
    {
        if (line != _told)
        {
            _told = line;
            _tell(line);
        }
    }

    private static bool Same(byte[] one, byte[] other)
    {
        return one == null || other == null ? one == other : one.AsSpan().SequenceEqual(other);
    }

    private static string Reason(DBusExceptionBase e)
    {
        string name = (e as DBusErrorReplyException)?.ErrorName;
        switch (name)
        {
            case "org.freedesktop.DBus.Error.ServiceUnknown":
            case "org.freedesktop.DBus.Error.NameHasNoOwner":
                return "bluetoothd does not run (on Debian: apt install bluez).";
            case "org.freedesktop.DBus.Error.AccessDenied":
            case "org.bluez.Error.NotAuthorized":
                return "BlueZ refuses this user; join the group bluetooth, or run as root.";
            case "org.bluez.Error.NotPermitted":
                return "The Bluetooth adapter has no room for another advertisement; stop the other advertiser.";
            case "org.bluez.Error.Blocked":
                return "The Bluetooth adapter is blocked: rfkill unblock bluetooth.";
            default:
                return e is BluezMissingException ? e.Message
                    : e is DBusConnectionException ? $"There is no D-Bus system bus: {e.Message}" : $"Bluetooth is not ready: {name} {e.Message}";
        }
    }
}
