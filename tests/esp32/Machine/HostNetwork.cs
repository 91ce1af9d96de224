using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MatterNano.Esp32.Machine;

/// <summary>The IP network of the chip, on the PC's sockets: loopback only unless it is told to use all interfaces.</summary>
public sealed class HostNetwork : IDisposable
{
    private readonly List<HostSocket> _sockets = new();

    /// <summary>Whether the firmware image has IPv6.</summary>
    public bool HasIPv6 { get; set; } = true;

    /// <summary>Whether the image knows the option IPV6_V6ONLY.</summary>
    public bool HasIPv6Only { get; set; } = true;

    /// <summary>Index of the Wi-Fi interface.</summary>
    public int InterfaceIndex { get; set; } = 2;

    /// <summary>The link and its addresses are there.</summary>
    public volatile bool IsUp;

    /// <summary>True: real multicast on every interface of the PC that has it. False: loopback, groups are only checked.</summary>
    public bool IsOpen { get; set; }

    /// <summary>What the chip calls its addresses.</summary>
    public List<IPAddress> Addresses { get; } = new() { IPAddress.Parse("fe80::4e4d:ff:fe00:5"), IPAddress.Parse("192.0.2.5") };

    /// <summary>Port of the PC for a port of the chip; others are the same.</summary>
    public Dictionary<int, int> Ports { get; } = new();

    /// <summary>Groups joined and left: "+ff02::fb%2", "-224.0.0.251".</summary>
    public List<string> Memberships { get; } = new();

    public int Map(int port) => Ports.TryGetValue(port, out int mapped) ? mapped : port;

    public int Unmap(int port)
    {
        foreach (KeyValuePair<int, int> pair in Ports)
        {
            if (pair.Value == port)
            {
                return pair.Key;
            }
        }

        return port;
    }

    public HostSocket Create(AddressFamily family)
    {
        HostSocket socket = new HostSocket(this, family);
        lock (_sockets)
        {
            _sockets.Add(socket);
        }

        return socket;
    }

    public void Dispose()
    {
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Close());
            _sockets.Clear();
        }
    }

    internal static IEnumerable<(int Index, AddressFamily Family)> MulticastInterfaces()
    {
        foreach (NetworkInterface one in NetworkInterface.GetAllNetworkInterfaces().Where(n => n.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown && n.SupportsMulticast))
        {
            IPInterfaceProperties properties = one.GetIPProperties();
            if (one.Supports(NetworkInterfaceComponent.IPv4))
            {
                yield return (properties.GetIPv4Properties().Index, AddressFamily.InterNetwork);
            }

            if (one.Supports(NetworkInterfaceComponent.IPv6))
            {
                yield return (properties.GetIPv6Properties().Index, AddressFamily.InterNetworkV6);
            }
        }
    }
}
