using System.Net.NetworkInformation;

namespace MatterNano.Esp32;

/// <summary>The board's Ethernet: tells <see cref="UdpNetwork"/> whether the cable is in.</summary>
/// <remarks>The platform tells changes only, so the cable counts as in until it says otherwise; without one there is no address either.</remarks>
public sealed class EthernetPort
{
    private readonly UdpNetwork _network;

    /// <summary>Watches the cable from now on.</summary>
    /// <param name="network">Hears of it.</param>
    public EthernetPort(UdpNetwork network)
    {
        _network = network;
        NetworkChange.NetworkAvailabilityChanged += OnAvailability;
        network.SetLink(true);
    }

    /// <summary>The port's address on the wire, 6 bytes; zeros when there is no Ethernet.</summary>
    public byte[] GetHardwareAddress()
    {
        return UdpNetwork.GetHardwareAddress(NetworkInterfaceType.Ethernet);
    }

    private void OnAvailability(object sender, NetworkAvailabilityEventArgs e)
    {
        _network.SetLink(e.IsAvailable);
    }
}
