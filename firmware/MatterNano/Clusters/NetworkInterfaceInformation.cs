using MatterNano.Platform;

namespace MatterNano.Clusters;

/// <summary>The network interface that General Diagnostics shows. Filled once at start.</summary>
public sealed class NetworkInterfaceInformation
{
    /// <summary>InterfaceType Wi-Fi.</summary>
    public const int WiFi = 1;

    /// <summary>InterfaceType Ethernet.</summary>
    public const int Ethernet = 2;

    /// <summary>Name, 1 to 32 bytes of UTF-8.</summary>
    public string Name = "eth0";

    /// <summary><see cref="WiFi"/> or <see cref="Ethernet"/>.</summary>
    public int Type = Ethernet;

    /// <summary>MAC address, 6 or 8 bytes.</summary>
    public byte[] HardwareAddress = new byte[6];

    /// <summary>Gives the addresses; null shows none.</summary>
    public IUdp Network;
}
