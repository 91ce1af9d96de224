// PC implementation of what is used of nanoFramework.System.Device.Wifi.
using MatterNano.Esp32.Machine;

namespace System.Device.Wifi;

public delegate void AvailableNetworksChangedEventHandler(WifiAdapter sender, object e);

public enum WifiConnectionStatus
{
    AccessRevoked = 0,
    InvalidCredential = 1,
    NetworkNotAvailable = 2,
    Success = 3,
    Timeout = 4,
    UnspecifiedFailure = 5,
    UnsupportedAuthenticationProtocol = 6,
}

public enum WifiReconnectionKind
{
    Automatic = 0,
    Manual = 1,
}

public class WifiConnectionResult
{
    internal WifiConnectionResult(WifiConnectionStatus status)
    {
        ConnectionStatus = status;
    }

    public WifiConnectionStatus ConnectionStatus { get; }
}

public class WifiAvailableNetwork
{
    public string Ssid { get; internal set; }

    public string Bsid { get; internal set; }

    public double NetworkRssiInDecibelMilliwatts { get; internal set; }
}

public class WifiNetworkReport
{
    public WifiAvailableNetwork[] AvailableNetworks { get; internal set; }
}

public sealed class WifiAdapter
{
    private readonly Chip _chip = Chip.Current;
    private readonly object _syncLock = new();
    private WifiNetworkReport _report;
    private bool _scanning;

    public event AvailableNetworksChangedEventHandler AvailableNetworksChanged;

    /// <summary>Can be read once for each scan.</summary>
    public WifiNetworkReport NetworkReport
    {
        get
        {
            WifiNetworkReport report = _report ?? throw new NullReferenceException();
            _report = null;
            return report;
        }
    }

    public static WifiAdapter[] FindAllAdapters() => new[] { new WifiAdapter() };

    public void ScanAsync()
    {
        lock (_syncLock)
        {
            if (_scanning)
            {
                throw new InvalidOperationException();
            }

            _scanning = true;
        }

        Threading.ThreadPool.QueueUserWorkItem(_ =>
        {
            Threading.Thread.Sleep(20);
            _report = new WifiNetworkReport
            {
                AvailableNetworks = !_chip.Air.IsPresent
                    ? new WifiAvailableNetwork[0]
                    : new[]
                    {
                        new WifiAvailableNetwork { Ssid = "neighbour", Bsid = "02-4E-4D-00-00-99", NetworkRssiInDecibelMilliwatts = -81 },
                        new WifiAvailableNetwork { Ssid = _chip.Air.Ssid, Bsid = "02-4E-4D-00-00-AF", NetworkRssiInDecibelMilliwatts = -48 },
                    },
            };
            _scanning = false;
            _chip.Post(() => AvailableNetworksChanged?.Invoke(this, EventArgs.Empty));
        });
    }

    /// <summary>Blocks; a station that is on a network must leave it first.</summary>
    public WifiConnectionResult Connect(string ssid, WifiReconnectionKind reconnectionKind, string passwordCredential)
    {
        lock (_syncLock)
        {
            if (_chip.Air.IsJoined)
            {
                throw new InvalidOperationException();
            }

            return new WifiConnectionResult((WifiConnectionStatus)_chip.Air.Join(ssid, passwordCredential));
        }
    }

    public void Disconnect()
    {
        if (!_chip.Air.IsJoined && !_chip.Air.IsWanted)
        {
            throw new InvalidOperationException();
        }

        _chip.Air.Leave();
    }
}
