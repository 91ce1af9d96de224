using System;
using System.Device.Wifi;
using System.Net.NetworkInformation;
using System.Text;
using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Esp32;

/// <summary>The Wi-Fi station of the chip.</summary>
/// <remarks>
/// Joining blocks up to 20 s, so a thread of its own does it. The driver comes back by itself after a loss until it is told to leave.
/// Scans tell name, address and signal only: channel and security are not known on this platform and the security told is WPA2.
/// Names and passwords that are not UTF-8 cannot be used.
/// </remarks>
public sealed class WifiStation : IWifi
{
    private const int AddressLimit = 15000;
    private const int AddressStep = 100;

    private readonly UdpNetwork _network;
    private readonly ISignal _signal;
    private readonly WifiAdapter _adapter;
    private readonly object _lock = new object();
    private readonly AutoResetEvent _wake = new AutoResetEvent(false);
    private Thread _thread;
    private WifiAvailableNetwork[] _found = new WifiAvailableNetwork[0];
    private string _wantedName;
    private string _ssid;
    private string _password;
    private int _attempt;
    private int _changes;
    private int _state;
    private int _reason;
    private int _errorValue;
    private int _scanState;
    private bool _busy;
    private bool _joined;

    /// <summary>Takes the adapter; nothing is joined or scanned yet.</summary>
    /// <param name="network">Hears of the link.</param>
    /// <param name="signal">Woken by changes.</param>
    public WifiStation(UdpNetwork network, ISignal signal)
    {
        _network = network;
        _signal = signal;
        _adapter = WifiAdapter.FindAllAdapters()[0];
        _adapter.AvailableNetworksChanged += OnScanned;
        NetworkChange.NetworkAvailabilityChanged += OnAvailability;
    }

    /// <inheritdoc/>
    public int ChangeCount
    {
        get { return _changes; }
    }

    /// <inheritdoc/>
    public int State
    {
        get { return _state; }
    }

    /// <inheritdoc/>
    public int FailureReason
    {
        get { return _reason; }
    }

    /// <inheritdoc/>
    public int ErrorValue
    {
        get { return _errorValue; }
    }

    /// <inheritdoc/>
    public int ScanState
    {
        get { return _scanState; }
    }

    /// <inheritdoc/>
    public int ScanCount
    {
        get { return _scanState == WifiState.ScanDone ? _found.Length : 0; }
    }

    /// <inheritdoc/>
    public bool IsConcurrent
    {
        get { return true; }
    }

    /// <inheritdoc/>
    public bool StartScan(byte[] ssid, int offset, int length)
    {
        lock (_lock)
        {
            // While it joins, the adapter's lock is held for up to 20 s.
            if (_busy || _state == WifiState.Connecting || _scanState == WifiState.ScanRunning)
            {
                return false;
            }

            _wantedName = length == 0 ? null : Text(ssid, offset, length);
            _scanState = WifiState.ScanRunning;
        }

        try
        {
            _adapter.ScanAsync();
            return true;
        }
        catch (Exception)
        {
            // The driver is at another scan, or not started.
            _scanState = WifiState.ScanFailed;
            return false;
        }
    }

    /// <inheritdoc/>
    public void GetScanResult(int index, WifiAccessPoint into)
    {
        WifiAvailableNetwork network = _found[index];
        SetName(network.Ssid, into);
        SetAddress(network.Bsid, into.Bssid);
        into.Channel = 0;
        into.Band = 0;
        into.Rssi = (int)network.NetworkRssiInDecibelMilliwatts;
        into.Security = WifiAccessPoint.Wpa2;
        into.Version = 3;
    }

    /// <inheritdoc/>
    public bool StartConnect(byte[] ssid, int ssidOffset, int ssidLength, byte[] credentials, int credentialsOffset, int credentialsLength)
    {
        string name = Text(ssid, ssidOffset, ssidLength);
        string password = credentialsLength == 0 ? string.Empty : Text(credentials, credentialsOffset, credentialsLength);
        if (name == null || password == null)
        {
            return false;
        }

        lock (_lock)
        {
            _ssid = name;
            _password = password;
            _joined = false;
            _attempt++;
            SetState(WifiState.Connecting, 0, 0);
            if (_thread == null)
            {
                _thread = new Thread(Work);
                _thread.Start();
            }
        }

        _wake.Set();
        return true;
    }

    /// <inheritdoc/>
    public void Disconnect()
    {
        lock (_lock)
        {
            _attempt++;
            _joined = false;
            _password = null;
            SetState(WifiState.Disconnected, 0, 0);
        }

        Leave();
    }

    /// <inheritdoc/>
    public bool GetConnection(WifiAccessPoint into)
    {
        lock (_lock)
        {
            if (_state != WifiState.Connected)
            {
                return false;
            }

            // Of a live link the platform tells nothing but that it is there.
            SetName(_ssid, into);
            Array.Clear(into.Bssid, 0, into.Bssid.Length);
            into.Channel = 0;
            into.Band = 0;
            into.Rssi = 0;
            into.Security = _password.Length == 0 ? WifiAccessPoint.Open : WifiAccessPoint.Wpa2;
            into.Version = 3;
            for (int i = 0; i < _found.Length; i++)
            {
                if (_found[i].Ssid == _ssid)
                {
                    SetAddress(_found[i].Bsid, into.Bssid);
                    into.Rssi = (int)_found[i].NetworkRssiInDecibelMilliwatts;
                }
            }

            return true;
        }
    }

    /// <summary>The station's MAC address, 6 bytes.</summary>
    public byte[] GetHardwareAddress()
    {
        return UdpNetwork.GetHardwareAddress(NetworkInterfaceType.Wireless80211);
    }

    private static string Text(byte[] bytes, int offset, int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (bytes[offset + i] == 0)
            {
                return null; // strings end there
            }
        }

        return Encoding.UTF8.GetString(bytes, offset, length);
    }

    private static void SetName(string name, WifiAccessPoint into)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        int length = bytes.Length < into.Ssid.Length ? bytes.Length : into.Ssid.Length;
        Array.Copy(bytes, 0, into.Ssid, 0, length);
        into.SsidLength = length;
    }

    // Six pairs of hexadecimal digits with anything between.
    private static void SetAddress(string text, byte[] address)
    {
        Array.Clear(address, 0, address.Length);
        int digits = 0;
        for (int i = 0; i < text.Length && digits < 2 * address.Length; i++)
        {
            char c = text[i];
            int value = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (value >= 0)
            {
                address[digits / 2] = (byte)((address[digits / 2] << 4) | value);
                digits++;
            }
        }
    }

    private static int Reason(WifiConnectionStatus status)
    {
        switch (status)
        {
            case WifiConnectionStatus.InvalidCredential:
            case WifiConnectionStatus.AccessRevoked:
                return WifiState.ReasonAuthentication;
            case WifiConnectionStatus.NetworkNotAvailable:
                return WifiState.ReasonNotFound;
            case WifiConnectionStatus.UnsupportedAuthenticationProtocol:
                return WifiState.ReasonSecurity;
            default:
                return WifiState.ReasonOther;
        }
    }

    private void SetState(int state, int reason, int errorValue)
    {
        _reason = reason;
        _errorValue = errorValue;
        _state = state;
        _network.SetLink(state == WifiState.Connected);
        _changes++;
        _signal.Set();
    }

    private void Leave()
    {
        try
        {
            _adapter.Disconnect();
        }
        catch (Exception)
        {
            // It was on no network, or its driver is not started.
            _network.CountFailure();
        }
    }

    // Joins what was asked for last, or waits for the address after the driver came back.
    private void Work()
    {
        while (true)
        {
            _wake.WaitOne();
            int attempt;
            string ssid;
            string password;
            bool joined;
            lock (_lock)
            {
                attempt = _attempt;
                ssid = _ssid;
                password = _password;
                joined = _joined;
                if (_state == WifiState.Connected || (_state != WifiState.Connecting && !joined))
                {
                    continue;
                }

                _busy = true;
            }

            WifiConnectionStatus status = joined ? WifiConnectionStatus.Success : Connect(ssid, password);
            bool addressed = status == WifiConnectionStatus.Success && WaitForAddress(attempt);
            lock (_lock)
            {
                _busy = false;
                if (attempt != _attempt)
                {
                    // Another network was asked for meanwhile, which will be joined next, or none.
                    if (_state == WifiState.Disconnected)
                    {
                        Leave();
                    }

                    continue;
                }

                _joined = status == WifiConnectionStatus.Success;
                if (addressed)
                {
                    SetState(WifiState.Connected, 0, 0);
                }
                else
                {
                    SetState(WifiState.Failed, Reason(status), (int)status);
                }
            }
        }
    }

    private WifiConnectionStatus Connect(string ssid, string password)
    {
        // It must be on no network before it joins one.
        Leave();
        try
        {
            // Automatic keeps nothing in the system's own configuration; the records of the stack hold the network.
            return _adapter.Connect(ssid, WifiReconnectionKind.Automatic, password).ConnectionStatus;
        }
        catch (Exception)
        {
            return WifiConnectionStatus.UnspecifiedFailure;
        }
    }

    private bool WaitForAddress(int attempt)
    {
        for (int waited = 0; waited < AddressLimit && attempt == _attempt; waited += AddressStep)
        {
            if (_network.FindAddress())
            {
                return true;
            }

            Thread.Sleep(AddressStep);
        }

        return false;
    }

    private void OnScanned(WifiAdapter sender, object e)
    {
        WifiAvailableNetwork[] all;
        try
        {
            // Readable once for each scan.
            all = sender.NetworkReport.AvailableNetworks;
        }
        catch (Exception)
        {
            _scanState = WifiState.ScanFailed;
            _changes++;
            _signal.Set();
            return;
        }

        lock (_lock)
        {
            int count = 0;
            for (int i = 0; i < all.Length; i++)
            {
                if (_wantedName == null || all[i].Ssid == _wantedName)
                {
                    all[count++] = all[i];
                }
            }

            WifiAvailableNetwork[] found = new WifiAvailableNetwork[count];
            Array.Copy(all, 0, found, 0, count);
            _found = found;
            _scanState = WifiState.ScanDone;
            _changes++;
        }

        _signal.Set();
    }

    private void OnAvailability(object sender, NetworkAvailabilityEventArgs e)
    {
        lock (_lock)
        {
            if (!_joined)
            {
                return;
            }

            if (e.IsAvailable)
            {
                _wake.Set();
            }
            else if (_state == WifiState.Connected)
            {
                SetState(WifiState.Disconnected, 0, 0);
            }
        }
    }
}
