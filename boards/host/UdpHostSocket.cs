using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Host;

/// <summary>One port on IPv6 and IPv4. A thread a socket receives into a ring; the loop takes from it and sends.</summary>
/// <remarks>Addresses are read and written in the system's own form (sockaddr_in, sockaddr_in6), so that no datagram allocates.</remarks>
internal sealed class UdpHostSocket : IUdpSocket
{
    private const int RingSize = 64;
    private const int MaxDatagram = 1500;
    private const int PortAt = 2;
    private const int IPv4At = 4;
    private const int IPv6At = 8;
    private const int ScopeAt = 24;

    private readonly List<Socket> _sockets;
    private readonly List<Thread> _threads = new List<Thread>();
    private readonly Dictionary<IPAddress, Socket> _groups = new Dictionary<IPAddress, Socket>();
    private readonly bool _bound;
    private readonly UdpHost _host;
    private readonly ISignal _signal;
    private readonly ILog _log;
    private readonly object _lock = new object();
    private readonly byte[][] _datagrams = new byte[RingSize][];
    private readonly int[] _lengths = new int[RingSize];
    private readonly NetworkAddress[] _sources = new NetworkAddress[RingSize];
    private readonly SocketAddress _to4 = new SocketAddress(AddressFamily.InterNetwork);
    private readonly SocketAddress _to6 = new SocketAddress(AddressFamily.InterNetworkV6);
    private readonly byte[] _interface = new byte[4];
    private List<int> _interfaces4 = new List<int>();
    private List<int> _interfaces6 = new List<int>();
    private int _first;
    private int _count;
    private bool _closed;

    /// <summary>Takes sockets that are bound.</summary>
    /// <param name="bound">True: to addresses of the computer, where nothing sent to a group arrives.</param>
    internal UdpHostSocket(List<Socket> sockets, int port, bool bound, UdpHost host, ISignal signal, ILog log)
    {
        _sockets = sockets;
        _bound = bound;
        Port = port;
        _host = host;
        _signal = signal;
        _log = log;
        for (int i = 0; i < RingSize; i++)
        {
            _datagrams[i] = new byte[MaxDatagram];
            _sources[i] = new NetworkAddress();
        }

        sockets.ForEach(Listen);
    }

    /// <inheritdoc/>
    public int Port { get; }

    /// <summary>Datagrams lost because the loop was too slow.</summary>
    internal int Dropped { get; private set; }

    /// <inheritdoc/>
    public void Send(NetworkAddress destination, byte[] buffer, int offset, int length)
    {
        if (!_host.IsUp)
        {
            return;
        }

        bool ipv4 = destination.IsIPv4;
        bool multicast = ipv4 ? (destination.Ip[12] & 0xf0) == 0xe0 : destination.Ip[0] == 0xff;
        SocketAddress address = ipv4 ? _to4 : _to6;
        Span<byte> raw = address.Buffer.Span;
        raw[PortAt] = (byte)(destination.Port >> 8);
        raw[PortAt + 1] = (byte)destination.Port;
        if (ipv4)
        {
            destination.Ip.AsSpan(12, 4).CopyTo(raw.Slice(IPv4At));
        }
        else
        {
            destination.Ip.AsSpan().CopyTo(raw.Slice(IPv6At));
            BitConverter.TryWriteBytes(raw.Slice(ScopeAt), destination.Scope);
        }

        foreach (Socket socket in _sockets)
        {
            if (socket.AddressFamily != address.Family)
            {
                continue;
            }

            if (!multicast || destination.Scope != 0)
            {
                // With several bound addresses the first that can reach the destination.
                if (TrySend(socket, address, buffer, offset, length))
                {
                    return;
                }

                continue;
            }

            foreach (int index in ipv4 ? _interfaces4 : _interfaces6)
            {
                try
                {
                    if (ipv4)
                    {
                        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(index));
                    }
                    else
                    {
                        BitConverter.TryWriteBytes(raw.Slice(ScopeAt), (uint)index);
                    }
                }
                catch (SocketException)
                {
                    // The interface is gone; the next address change will tell.
                    continue;
                }

                TrySend(socket, address, buffer, offset, length);
            }
        }
    }

    /// <inheritdoc/>
    public int TryReceive(byte[] buffer, int offset, int capacity, NetworkAddress source)
    {
        lock (_lock)
        {
            while (_count > 0)
            {
                int index = _first;
                _first = (_first + 1) % RingSize;
                _count--;
                int length = _lengths[index];
                if (length <= capacity && _host.IsUp)
                {
                    Array.Copy(_datagrams[index], 0, buffer, offset, length);
                    source.CopyFrom(_sources[index]);
                    return length;
                }
            }

            return 0;
        }
    }

    /// <inheritdoc/>
    public void JoinGroup(NetworkAddress group)
    {
        bool ipv4 = group.IsIPv4;
        AddressFamily family = ipv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        List<int> interfaces = _host.MulticastInterfaces(family);
        if (ipv4)
        {
            _interfaces4 = interfaces;
        }
        else
        {
            _interfaces6 = interfaces;
        }

        IPAddress address = AddressOf(group);
        if (_bound)
        {
            if (interfaces.Count > 0 && OpenGroup(address) is Socket groupSocket)
            {
                Join(groupSocket, address, interfaces);
            }

            return;
        }

        foreach (Socket socket in _sockets)
        {
            if (socket.AddressFamily == family)
            {
                Join(socket, address, interfaces);
            }
        }
    }

    /// <inheritdoc/>
    public void LeaveGroup(NetworkAddress group)
    {
        bool ipv4 = group.IsIPv4;
        if (_bound)
        {
            if (_groups.Remove(AddressOf(group), out Socket groupSocket))
            {
                groupSocket.Dispose();
            }

            return;
        }

        foreach (Socket socket in _sockets)
        {
            foreach (int index in ipv4 ? _interfaces4 : _interfaces6)
            {
                try
                {
                    if (ipv4 && socket.AddressFamily == AddressFamily.InterNetwork)
                    {
                        MulticastOption option = new MulticastOption(new IPAddress(group.Ip.AsSpan(12, 4)), index);
                        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.DropMembership, option);
                    }
                    else if (!ipv4 && socket.AddressFamily == AddressFamily.InterNetworkV6)
                    {
                        IPv6MulticastOption option = new IPv6MulticastOption(new IPAddress(group.Ip), index);
                        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.DropMembership, option);
                    }
                }
                catch (SocketException e)
                {
                    _log.Write(Platform.LogLevel.Debug, "udp", $"interface {index} cannot leave the group: {e.Message}");
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }

        _sockets.ForEach(socket => socket.Dispose());
        foreach (Socket socket in _groups.Values)
        {
            socket.Dispose();
        }

        // A socket with a receive under way keeps the port until that has returned.
        _threads.ForEach(thread => thread.Join(2000));
    }

    private static IPAddress AddressOf(NetworkAddress group)
    {
        return group.IsIPv4 ? new IPAddress(group.Ip.AsSpan(12, 4)) : new IPAddress(group.Ip);
    }

    private void Listen(Socket socket)
    {
        Thread thread = new Thread(() => Receive(socket)) { IsBackground = true, Name = "udp " + Port };
        _threads.RemoveAll(one => !one.IsAlive);
        _threads.Add(thread);
        thread.Start();
    }

    // A socket on the group's own address hears the group and nothing else.
    private Socket OpenGroup(IPAddress group)
    {
        if (_groups.TryGetValue(group, out Socket socket))
        {
            return socket;
        }

        socket = new Socket(group.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // Every program that listens to the group has this port.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(group, Port));
        }
        catch (SocketException e)
        {
            // Windows cannot.
            _log.Write(Platform.LogLevel.Warning, "udp", $"commands to group {group} will not arrive at the bound addresses: {e.Message}");
            socket.Dispose();
            return null;
        }

        _groups.Add(group, socket);
        Listen(socket);
        return socket;
    }

    private void Join(Socket socket, IPAddress group, List<int> interfaces)
    {
        bool ipv4 = group.AddressFamily == AddressFamily.InterNetwork;
        foreach (int index in interfaces)
        {
            try
            {
                if (ipv4)
                {
                    socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group, index));
                }
                else
                {
                    socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(group, index));
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Joined before.
            }
            catch (SocketException e)
            {
                _log.Write(Platform.LogLevel.Debug, "udp", $"interface {index} cannot join the group: {e.Message}");
            }
        }
    }

    private bool TrySend(Socket socket, SocketAddress address, byte[] buffer, int offset, int length)
    {
        try
        {
            socket.SendTo(buffer.AsSpan(offset, length), SocketFlags.None, address);
            return true;
        }
        catch (SocketException e)
        {
            // Unreachable or no route: as if lost on the way.
            if (_log.IsEnabled(Platform.LogLevel.Debug))
            {
                _log.Write(Platform.LogLevel.Debug, "udp", "not sent: " + e.Message);
            }

            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private void Receive(Socket socket)
    {
        byte[] datagram = new byte[65536];
        SocketAddress from = new SocketAddress(socket.AddressFamily);
        bool ipv4 = socket.AddressFamily == AddressFamily.InterNetwork;
        while (true)
        {
            int length;
            try
            {
                length = socket.ReceiveFrom(datagram, SocketFlags.None, from);
            }
            catch (Exception e) when (e is SocketException || e is ObjectDisposedException)
            {
                lock (_lock)
                {
                    if (_closed)
                    {
                        return;
                    }
                }

                if (e is SocketException)
                {
                    // An ICMP error of an earlier send, or a network that went down; the socket stays good.
                    Thread.Sleep(1);
                    continue;
                }

                return;
            }

            if (length <= 0 || length > MaxDatagram)
            {
                continue;
            }

            lock (_lock)
            {
                if (_closed)
                {
                    return;
                }

                if (_count == RingSize)
                {
                    Dropped++;
                    continue;
                }

                int index = (_first + _count) % RingSize;
                Array.Copy(datagram, 0, _datagrams[index], 0, length);
                _lengths[index] = length;
                ReadAddress(from.Buffer.Span, ipv4, _sources[index]);
                _count++;
            }

            _signal.Set();
        }
    }

    private static void ReadAddress(ReadOnlySpan<byte> raw, bool ipv4, NetworkAddress address)
    {
        int port = (raw[PortAt] << 8) | raw[PortAt + 1];
        if (ipv4)
        {
            address.SetIPv4(raw[IPv4At], raw[IPv4At + 1], raw[IPv4At + 2], raw[IPv4At + 3], port);
            return;
        }

        address.Clear();
        address.Transport = NetworkAddress.Udp;
        address.Port = port;
        raw.Slice(IPv6At, 16).CopyTo(address.Ip);
        bool linkLocal = address.Ip[0] == 0xfe && (address.Ip[1] & 0xc0) == 0x80;
        address.Scope = linkLocal ? BitConverter.ToUInt32(raw.Slice(ScopeAt, 4)) : 0;
    }
}
