using System;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Esp32;

/// <summary>UDP over IPv4, and over IPv6 where the firmware image has it.</summary>
/// <remarks>
/// No event tells of IPv6 addresses, so the own addresses are looked at every few seconds, and at once when the network
/// says that something changed. The stack sees no address while the Wi-Fi link is down.
/// </remarks>
public sealed class UdpNetwork : IUdp
{
    private const int Period = 3000;
    private const int Soon = 50;
    private const int Capacity = 6 * NetworkAddress.IpSize;
    private const int IPv6Only = 27;
    private const int MulticastHops = 255;

    private readonly ISignal _signal;
    private readonly object _lock = new object();
    private readonly byte[] _addresses = new byte[Capacity];
    private readonly byte[] _found = new byte[Capacity];
    private readonly object _receiveLock = new object();
    private readonly byte[] _receiveBuffer = new byte[UdpPort.MaxDatagram + 1];
    private Timer _timer;
    private int _length;
    private int _changes;
    private bool _linkUp;
    private bool _ipv6Known;
    private bool _hasIPv6;
    private uint _scope;
    private uint _failures;

    /// <summary>Makes the network; its link counts as down until <see cref="SetLink"/>.</summary>
    /// <param name="signal">Woken by datagrams and changes.</param>
    public UdpNetwork(ISignal signal)
    {
        _signal = signal;
    }

    /// <inheritdoc/>
    public int ChangeCount
    {
        get { return _changes; }
    }

    /// <summary>True when the image has IPv6; known after the first <see cref="Open"/>.</summary>
    public bool HasIPv6
    {
        get { return _hasIPv6; }
    }

    /// <summary>True when the link is up and has an address.</summary>
    public bool HasAddress
    {
        get { return _linkUp && _length > 0; }
    }

    /// <summary>What the system's network calls refused, besides an unreachable destination.</summary>
    public uint Failures
    {
        get { return _failures; }
    }

    /// <summary>Interface index of the network, found by joining groups; 0 as long as it is not known.</summary>
    internal uint Scope
    {
        get { return _scope; }
        set { _scope = value; }
    }

    /// <summary>Held while the one receive buffer is in use.</summary>
    internal object ReceiveLock
    {
        get { return _receiveLock; }
    }

    /// <summary>Shared by all receiving threads, one byte longer than the longest datagram.</summary>
    internal byte[] ReceiveBuffer
    {
        get { return _receiveBuffer; }
    }

    /// <inheritdoc/>
    public IUdpSocket Open(int port, bool shared)
    {
        if (_timer == null)
        {
            NetworkChange.NetworkAddressChanged += OnAddressChanged;
            _timer = new Timer(OnTimer, null, Soon, Period);
        }

        Socket v6 = null;
        bool both = false;
        if (!_ipv6Known || _hasIPv6)
        {
            v6 = OpenIPv6(port, shared, out both);
            if (v6 != null && port == 0)
            {
                port = ((IPEndPoint)v6.LocalEndPoint).Port;
            }
        }

        Socket v4 = null;
        if (!both)
        {
            v4 = OpenIPv4(port, shared);
            if (v4 == null)
            {
                if (v6 != null)
                {
                    v6.Close();
                }

                return null;
            }

            if (port == 0)
            {
                port = ((IPEndPoint)v4.LocalEndPoint).Port;
            }
        }

        if (_hasIPv6 && v6 == null)
        {
            v4.Close();
            return null;
        }

        return new UdpPort(this, _signal, v4, v6, port);
    }

    /// <inheritdoc/>
    public int GetAddresses(byte[] buffer)
    {
        lock (_lock)
        {
            if (!_linkUp)
            {
                return 0;
            }

            int length = _length < buffer.Length ? _length : buffer.Length - (buffer.Length % NetworkAddress.IpSize);
            Array.Copy(_addresses, 0, buffer, 0, length);
            return length / NetworkAddress.IpSize;
        }
    }

    /// <summary>Address on the wire of the first interface of a type; zeros when there is none.</summary>
    internal static byte[] GetHardwareAddress(NetworkInterfaceType type)
    {
        NetworkInterface[] interfaces = NetworkInterface.GetAllNetworkInterfaces();
        for (int i = 0; i < interfaces.Length; i++)
        {
            if (interfaces[i].NetworkInterfaceType == type)
            {
                return interfaces[i].PhysicalAddress;
            }
        }

        return new byte[6];
    }

    /// <summary>Tells whether the link is there; called by its driver.</summary>
    public void SetLink(bool up)
    {
        if (_linkUp != up)
        {
            _linkUp = up;
            Changed();
        }
    }

    /// <summary>Looks at the own addresses.</summary>
    public void Refresh()
    {
        bool changed;
        lock (_lock)
        {
            int length = Find();
            changed = length != _length;
            for (int i = 0; !changed && i < length; i++)
            {
                changed = _found[i] != _addresses[i];
            }

            Array.Copy(_found, 0, _addresses, 0, length);
            _length = length;
        }

        if (changed)
        {
            Changed();
        }
    }

    /// <summary>Looks at the own addresses; the link need not count as up yet.</summary>
    /// <returns>True when there is one.</returns>
    internal bool FindAddress()
    {
        Refresh();
        return _length > 0;
    }

    /// <summary>The own IPv4 address, or zeros.</summary>
    internal void CopyIPv4(byte[] target, int offset)
    {
        lock (_lock)
        {
            Array.Clear(target, offset, 4);
            for (int i = 0; i < _length; i += NetworkAddress.IpSize)
            {
                if (_addresses[i] == 0)
                {
                    Array.Copy(_addresses, i + 12, target, offset, 4);
                    return;
                }
            }
        }
    }

    /// <summary>Counts something that the network refused.</summary>
    internal void CountFailure()
    {
        _failures++;
    }

    private static bool IsUsable(byte[] ip)
    {
        if (ip.Length == 4)
        {
            return ip[0] != 0 && ip[0] != 127 && ip[0] < 224;
        }

        // Link-local, unique local or global: a tentative address is all zeros, ::1 and mapped ones begin with zeros.
        return ip[0] != 0 && ip[0] != 0xff;
    }

    private int Find()
    {
        IPAddress[] list;
        try
        {
            list = Dns.GetHostEntry(string.Empty).AddressList;
        }
        catch (SocketException)
        {
            // No interface is up yet.
            return 0;
        }

        int length = 0;
        for (int i = 0; i < list.Length && length < Capacity; i++)
        {
            byte[] ip = list[i] == null ? new byte[4] : list[i].GetAddressBytes();
            if (!IsUsable(ip))
            {
                continue;
            }

            if (ip.Length == 4)
            {
                Array.Clear(_found, length, 10);
                _found[length + 10] = 0xff;
                _found[length + 11] = 0xff;
                Array.Copy(ip, 0, _found, length + 12, 4);
            }
            else
            {
                Array.Copy(ip, 0, _found, length, NetworkAddress.IpSize);
            }

            length += NetworkAddress.IpSize;
        }

        return length;
    }

    private void Changed()
    {
        Interlocked.Increment(ref _changes);
        _signal.Set();
    }

    private void OnAddressChanged(object sender, EventArgs e)
    {
        _timer.Change(Soon, Period);
    }

    private void OnTimer(object state)
    {
        Refresh();
    }

    private Socket OpenIPv6(int port, bool shared, out bool both)
    {
        both = false;
        Socket socket;
        try
        {
            socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            _hasIPv6 = true;
        }
        catch (Exception)
        {
            // Images without IPv6 differ in what they throw.
            _hasIPv6 = false;
            return null;
        }
        finally
        {
            _ipv6Known = true;
        }

        try
        {
            socket.SetSocketOption(SocketOptionLevel.IPv6, (SocketOptionName)IPv6Only, 1);
        }
        catch (SocketException)
        {
            // Then this one serves IPv4 too.
            both = true;
        }

        return Bind(socket, IPAddress.IPv6Any, port, shared);
    }

    private Socket OpenIPv4(int port, bool shared)
    {
        try
        {
            Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            if (shared)
            {
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, MulticastHops);
            }

            return Bind(socket, IPAddress.Any, port, shared);
        }
        catch (SocketException)
        {
            CountFailure();
            return null;
        }
    }

    private Socket Bind(Socket socket, IPAddress any, int port, bool shared)
    {
        try
        {
            if (shared)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, 1);
            }

            socket.Bind(new IPEndPoint(any, port));
            socket.ReceiveTimeout = UdpPort.ReceiveTimeout;
            return socket;
        }
        catch (SocketException)
        {
            CountFailure();
            socket.Close();
            return null;
        }
    }
}
