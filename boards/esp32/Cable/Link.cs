using MatterNano.Clusters;
using MatterNano.Devices;
using MatterNano.Esp32;

namespace MatterNano.Boards.Esp32;

/// <summary>How the board comes to its network: by cable. It has no radio, and is commissioned over IP.</summary>
internal sealed class Link
{
    /// <summary>Gives the node its network.</summary>
    internal Link(UdpNetwork network, LoopSignal signal, MatterNodeOptions options)
    {
        EthernetPort port = new EthernetPort(network);
        options.Settings.NetworkInterface.Name = "eth0";
        options.Settings.NetworkInterface.Type = NetworkInterfaceInformation.Ethernet;
        options.Settings.NetworkInterface.HardwareAddress = port.GetHardwareAddress();
    }

    /// <summary>Nothing: a cable is not forgotten.</summary>
    internal void Leave()
    {
    }
}
