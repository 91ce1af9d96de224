using MatterNano.Clusters;
using MatterNano.Devices;
using MatterNano.Esp32;

namespace MatterNano.Boards.Esp32;

/// <summary>How the board comes to its network: Wi-Fi, of which a commissioner tells it over Bluetooth.</summary>
internal sealed class Link
{
    private readonly WifiStation _wifi;

    /// <summary>Gives the node radio and network.</summary>
    internal Link(UdpNetwork network, LoopSignal signal, MatterNodeOptions options)
    {
        _wifi = new WifiStation(network, signal);
        options.Ble = new GattRadio(signal);
        options.Settings.Wifi = _wifi;
        options.Settings.NetworkInterface.Name = "wlan0";
        options.Settings.NetworkInterface.Type = NetworkInterfaceInformation.WiFi;
        options.Settings.NetworkInterface.HardwareAddress = _wifi.GetHardwareAddress();
    }

    /// <summary>Leaves the network: a factory reset has forgotten it.</summary>
    internal void Leave()
    {
        _wifi.Disconnect();
    }
}
