using System;
using System.Collections.Generic;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using MatterNano.Clusters;
using MatterNano.Platform;

namespace MatterNano.Host;

/// <summary>The IP network of a PC: sockets for IPv6 and IPv4 on the same port, on all interfaces or on given addresses.</summary>
internal sealed class UdpHost : IUdp, IDisposable
{
    private readonly IReadOnlyList<IPAddress> _bind;
    private readonly ISignal _signal;
    private readonly ILog _log;
    private int _changes;
    private volatile bool _isUp = true;

    /// <summary>Makes the network.</summary>
    /// <param name="bind">Own addresses to use; none: all.</param>
    /// <param name="signal">Woken when a datagram arrives or an address changes.</param>
    public UdpHost(IReadOnlyList<IPAddress> bind, ISignal signal, ILog log)
    {
        _bind = bind;
        _signal = signal;
        _log = log;
        NetworkChange.NetworkAddressChanged += OnChange;
    }

    /// <summary>Why the last <see cref="Open"/> failed; null when it did not.</summary>
    public SocketException LastError { get; private set; }

    /// <summary>False: unplugged, with no address and nothing sent or received.</summary>
    public bool IsUp
    {
        get => _isUp;
        set
        {
            if (_isUp != value)
            {
                _isUp = value;
                OnChange(this, EventArgs.Empty);
            }
        }
    }

    /// <inheritdoc/>
    public int ChangeCount => Volatile.Read(ref _changes);

    /// <inheritdoc/>
    public IUdpSocket Open(int port, bool shared)
    {
        List<Socket> sockets = new List<Socket>();
        LastError = null;
        try
        {
            foreach (IPAddress address in EndPoints(shared))
            {
                Socket socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                sockets.Add(socket);
                if (address.AddressFamily == AddressFamily.InterNetworkV6)
                {
                    socket.DualMode = false;
                }

                if (shared)
                {
                    socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);

                    // Sent with 255 so that receivers may see it came from the link (RFC 6762 11).
                    bool ipv4 = address.AddressFamily == AddressFamily.InterNetwork;
                    socket.SetSocketOption(ipv4 ? SocketOptionLevel.IP : SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, 255);
                }
                else if (OperatingSystem.IsWindows())
                {
                    socket.ExclusiveAddressUse = true;
                    // A refused datagram of ours must not end receiving (SIO_UDP_CONNRESET).
                    socket.IOControl(-1744830452, new byte[4], null);
                }

                socket.Bind(new IPEndPoint(address, port));
                if (port == 0)
                {
                    // The further addresses get the port that the system chose for the first.
                    port = ((IPEndPoint)socket.LocalEndPoint).Port;
                }
            }
        }
        catch (SocketException e)
        {
            LastError = e;
            _log.Write(Platform.LogLevel.Debug, "udp", $"port {port}: {e.Message}");
            sockets.ForEach(socket => socket.Dispose());
            return null;
        }

        return sockets.Count == 0 ? null : new UdpHostSocket(sockets, port, !shared && _bind.Count > 0, this, _signal, _log);
    }

    /// <inheritdoc/>
    public int GetAddresses(byte[] buffer)
    {
        if (!_isUp)
        {
            return 0;
        }

        List<IPAddress> addresses = new List<IPAddress>();
        List<IPAddress> loopback = new List<IPAddress>();
        foreach (NetworkInterface networkInterface in Interfaces())
        {
            foreach (UnicastIPAddressInformation information in networkInterface.GetIPProperties().UnicastAddresses)
            {
                IPAddress address = information.Address;
                if (_bind.Count > 0)
                {
                    if (IsBound(address))
                    {
                        addresses.Add(address);
                    }
                }
                else
                {
                    (IPAddress.IsLoopback(address) ? loopback : addresses).Add(address);
                }
            }
        }

        if (addresses.Count == 0 && _bind.Count == 0)
        {
            // No network at all: a controller on this machine can still come in.
            addresses = loopback;
        }

        // IPv6 first, so that it is told when there are more than fit.
        addresses.Sort((a, b) => a.AddressFamily == b.AddressFamily ? 0 : a.AddressFamily == AddressFamily.InterNetworkV6 ? -1 : 1);
        int count = 0;
        foreach (IPAddress address in addresses)
        {
            if (16 * (count + 1) > buffer.Length)
            {
                break;
            }

            address.MapToIPv6().GetAddressBytes().CopyTo(buffer, 16 * count);
            count++;
        }

        return count;
    }

    /// <summary>Describes the interface with the first address that is told; leaves the description alone when that has no hardware address.</summary>
    public void Describe(NetworkInterfaceInformation information)
    {
        foreach (NetworkInterface networkInterface in Interfaces())
        {
            byte[] hardware = networkInterface.GetPhysicalAddress().GetAddressBytes();
            bool wanted = _bind.Count == 0;
            foreach (UnicastIPAddressInformation address in networkInterface.GetIPProperties().UnicastAddresses)
            {
                wanted |= IsBound(address.Address);
            }

            if (wanted && networkInterface.NetworkInterfaceType != NetworkInterfaceType.Loopback && (hardware.Length == 6 || hardware.Length == 8)
                && Encoding.UTF8.GetByteCount(networkInterface.Name) <= NetworkCommissioningCluster.MaxNetworkId)
            {
                information.Name = networkInterface.Name;
                information.HardwareAddress = hardware;
                return;
            }
        }
    }

    /// <summary>Interfaces for multicast: all that are up and can, or those of the bound addresses.</summary>
    internal List<int> MulticastInterfaces(AddressFamily family)
    {
        List<int> result = new List<int>();
        foreach (NetworkInterface networkInterface in Interfaces())
        {
            bool ipv4 = family == AddressFamily.InterNetwork;
            if (!networkInterface.SupportsMulticast
                || !networkInterface.Supports(ipv4 ? NetworkInterfaceComponent.IPv4 : NetworkInterfaceComponent.IPv6))
            {
                continue;
            }

            IPInterfaceProperties properties = networkInterface.GetIPProperties();
            bool wanted = _bind.Count == 0;
            bool hasAddress = false;
            foreach (UnicastIPAddressInformation information in properties.UnicastAddresses)
            {
                wanted |= IsBound(information.Address);
                hasAddress |= information.Address.AddressFamily == family;
            }

            if (wanted && hasAddress)
            {
                result.Add(ipv4 ? properties.GetIPv4Properties().Index : properties.GetIPv6Properties().Index);
            }
        }

        return result;
    }

    /// <summary>Stops listening for changes.</summary>
    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnChange;
    }

    private static IEnumerable<NetworkInterface> Interfaces()
    {
        foreach (NetworkInterface networkInterface in NetworkInterface.GetAllNetworkInterfaces())
        {
            // Loopback has no link and says "unknown" on Linux.
            if (networkInterface.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            {
                yield return networkInterface;
            }
        }
    }

    private bool IsBound(IPAddress address)
    {
        foreach (IPAddress bound in _bind)
        {
            if (bound.Equals(address)
                || (bound.ScopeIdOrZero() == 0 && address.AddressFamily == bound.AddressFamily && bound.GetAddressBytes().AsSpan().SequenceEqual(address.GetAddressBytes())))
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<IPAddress> EndPoints(bool shared)
    {
        bool ipv6 = _bind.Count == 0;
        bool ipv4 = _bind.Count == 0;
        foreach (IPAddress address in _bind)
        {
            ipv6 |= address.AddressFamily == AddressFamily.InterNetworkV6;
            ipv4 |= address.AddressFamily == AddressFamily.InterNetwork;
            if (!shared)
            {
                yield return address;
            }
        }

        // Multicast reaches a socket bound to the wildcard only.
        if (shared || _bind.Count == 0)
        {
            if (ipv6 && Socket.OSSupportsIPv6)
            {
                yield return IPAddress.IPv6Any;
            }

            if (ipv4 && Socket.OSSupportsIPv4)
            {
                yield return IPAddress.Any;
            }
        }
    }

    private void OnChange(object sender, EventArgs e)
    {
        Interlocked.Increment(ref _changes);
        _signal.Set();
    }
}
