using System;
using System.Text;
using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Host;

/// <summary>A Wi-Fi station in a world of one access point. While it is not connected the computer's UDP is as good as unplugged.</summary>
internal sealed class SimulatedWifi : IWifi, IDisposable
{
    private const int ScanMilliseconds = 5;

    // Numbers of esp_wifi for the same failures.
    private const int NoAccessPoint = 201;
    private const int HandshakeFailed = 204;

    private static readonly byte[] s_bssid = { 0x02, 0x4e, 0x4d, 0x00, 0x00, 0x02 };

    private readonly object _lock = new();
    private readonly byte[] _ssid;
    private readonly byte[] _password;
    private readonly int _delay;
    private readonly bool _vanishes;
    private readonly UdpHost _udp;
    private readonly ISignal _signal;
    private readonly Timer _timer;
    private readonly Timer _scanTimer;
    private byte[] _wanted = Array.Empty<byte>();
    private byte[] _joined = Array.Empty<byte>();
    private byte[] _credentials = Array.Empty<byte>();
    private bool _present = true;
    private volatile int _changes;
    private volatile int _state;
    private volatile int _scanState;

    /// <summary>Makes a station that is not connected.</summary>
    /// <param name="network">"SSID:PASSWORD" of the access point; without a colon it is open.</param>
    /// <param name="delay">Milliseconds that joining takes.</param>
    /// <param name="vanishes">True: scans see the access point, but it cannot be joined.</param>
    /// <param name="concurrent">True: BLE and Wi-Fi at once.</param>
    /// <param name="udp">The network behind it.</param>
    /// <param name="signal">Woken at every change.</param>
    public SimulatedWifi(string network, int delay, bool vanishes, bool concurrent, UdpHost udp, ISignal signal)
    {
        int colon = network.IndexOf(':');
        _ssid = Encoding.UTF8.GetBytes(colon < 0 ? network : network.Substring(0, colon));
        _password = Encoding.UTF8.GetBytes(colon < 0 ? string.Empty : network.Substring(colon + 1));
        _delay = delay;
        _vanishes = vanishes;
        IsConcurrent = concurrent;
        _udp = udp;
        _signal = signal;
        _timer = new Timer(_ => EndJoin());
        _scanTimer = new Timer(_ => EndScan());
        udp.IsUp = false;
    }

    /// <summary>Whether the access point is on; switching it off ends the link.</summary>
    public bool IsPresent
    {
        get
        {
            lock (_lock)
            {
                return _present;
            }
        }

        set
        {
            lock (_lock)
            {
                _present = value;
                if (!value && _state == WifiState.Connected)
                {
                    Become(WifiState.Disconnected);
                }
            }
        }
    }

    /// <summary>A state in words.</summary>
    public static string NameOf(int state) => state switch
    {
        WifiState.Connecting => "connecting",
        WifiState.Connected => "connected",
        WifiState.Failed => "failed",
        _ => "disconnected",
    };

    /// <inheritdoc/>
    public bool IsConcurrent { get; }

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
    public int ScanCount { get; private set; }

    /// <inheritdoc/>
    public bool StartScan(byte[] ssid, int offset, int length)
    {
        lock (_lock)
        {
            if (_state == WifiState.Connecting)
            {
                return false;
            }

            _wanted = ssid.AsSpan(offset, length).ToArray();
            _scanState = WifiState.ScanRunning;
            _scanTimer.Change(ScanMilliseconds, Timeout.Infinite);
            return true;
        }
    }

    /// <inheritdoc/>
    public void GetScanResult(int index, WifiAccessPoint into)
    {
        _ssid.CopyTo(into.Ssid, 0);
        into.SsidLength = _ssid.Length;
        s_bssid.CopyTo(into.Bssid, 0);
        into.Channel = 6;
        into.Band = 0;
        into.Rssi = -48;
        into.Security = _password.Length == 0 ? WifiAccessPoint.Open : WifiAccessPoint.Wpa2;
        into.Version = 3;
    }

    /// <inheritdoc/>
    public bool StartConnect(byte[] ssid, int ssidOffset, int ssidLength, byte[] credentials, int credentialsOffset, int credentialsLength)
    {
        lock (_lock)
        {
            _joined = ssid.AsSpan(ssidOffset, ssidLength).ToArray();
            _credentials = credentials.AsSpan(credentialsOffset, credentialsLength).ToArray();
            Become(WifiState.Connecting);
            if (_delay > 0)
            {
                _timer.Change(_delay, Timeout.Infinite);
                return true;
            }
        }

        EndJoin();
        return true;
    }

    /// <inheritdoc/>
    public void Disconnect()
    {
        lock (_lock)
        {
            Become(WifiState.Disconnected);
        }
    }

    /// <inheritdoc/>
    public bool GetConnection(WifiAccessPoint into)
    {
        GetScanResult(0, into);
        return _state == WifiState.Connected;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _scanTimer.Dispose();
    }

    private void EndJoin()
    {
        lock (_lock)
        {
            if (_state != WifiState.Connecting)
            {
                return;
            }

            bool there = _present && !_vanishes && _joined.AsSpan().SequenceEqual(_ssid);
            bool known = _credentials.AsSpan().SequenceEqual(_password);
            FailureReason = there ? WifiState.ReasonAuthentication : WifiState.ReasonNotFound;
            ErrorValue = there ? HandshakeFailed : NoAccessPoint;
            Become(there && known ? WifiState.Connected : WifiState.Failed);
        }
    }

    private void EndScan()
    {
        lock (_lock)
        {
            ScanCount = _present && (_wanted.Length == 0 || _wanted.AsSpan().SequenceEqual(_ssid)) ? 1 : 0;
            _scanState = WifiState.ScanDone;
            _changes++;
            _signal.Set();
        }
    }

    private void Become(int state)
    {
        if (_state != state)
        {
            _state = state;
            _udp.IsUp = state == WifiState.Connected;
            _changes++;
            _signal.Set();
        }
    }
}
