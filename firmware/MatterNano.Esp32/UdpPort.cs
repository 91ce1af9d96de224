using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Esp32;

/// <summary>One UDP port. A thread for each family receives into a ring; the loop takes from it and sends.</summary>
internal sealed class UdpPort : IUdpSocket
{
    /// <summary>Longest datagram taken: what fits one Ethernet frame.</summary>
    internal const int MaxDatagram = 1500;

    /// <summary>Milliseconds that a receive may wait although something was ready.</summary>
    internal const int ReceiveTimeout = 100;

    private const int RingSize = 4096;
    private const int PollMicroseconds = 1000000;
    private const int RetryMilliseconds = 500;
    private const int LastInterface = 3;
    private const int IPv4At = 12;

    private readonly UdpNetwork _network;
    private readonly ISignal _signal;
    private readonly Socket _v4;
    private readonly Socket _v6;
    private readonly int _port;
    private readonly object _lock = new object();
    private readonly RecordRing _ring = new RecordRing(RingSize, NetworkAddress.PackedSize);
    private readonly byte[] _takenHead = new byte[NetworkAddress.PackedSize];
    private readonly byte[] _receivedHead = new byte[NetworkAddress.PackedSize];
    private readonly NetworkAddress _received = new NetworkAddress();
    private readonly NetworkAddress _last4 = new NetworkAddress();
    private readonly NetworkAddress _last6 = new NetworkAddress();
    private IPEndPoint _to4;
    private IPEndPoint _to6;
    private uint _dropped;
    private uint _unsent;
    private bool _closed;

    internal UdpPort(UdpNetwork network, ISignal signal, Socket v4, Socket v6, int port)
    {
        _network = network;
        _signal = signal;
        _v4 = v4;
        _v6 = v6;
        _port = port;
        if (v4 != null)
        {
            new Thread(ReceiveIPv4).Start();
        }

        if (v6 != null)
        {
            new Thread(ReceiveIPv6).Start();
        }
    }

    /// <inheritdoc/>
    public int Port
    {
        get { return _port; }
    }

    /// <summary>Datagrams lost because the loop was too slow, or longer than a frame.</summary>
    internal uint Dropped
    {
        get { return _dropped; }
    }

    /// <summary>Datagrams that the network did not take.</summary>
    internal uint Unsent
    {
        get { return _unsent; }
    }

    /// <inheritdoc/>
    public void Send(NetworkAddress destination, byte[] buffer, int offset, int length)
    {
        bool ipv4 = destination.IsIPv4;
        Socket socket = ipv4 && _v4 != null ? _v4 : _v6;
        if (socket == null || length == 0)
        {
            return;
        }

        try
        {
            socket.SendTo(buffer, offset, length, SocketFlags.None, ipv4 ? EndPoint4(destination) : EndPoint6(destination));
        }
        catch (SocketException)
        {
            // Unreachable, no buffer or no network: as if lost on the way.
            _unsent++;
        }
        catch (ObjectDisposedException)
        {
            _unsent++;
        }
    }

    /// <inheritdoc/>
    public int TryReceive(byte[] buffer, int offset, int capacity, NetworkAddress source)
    {
        lock (_lock)
        {
            int length = _ring.Take(_takenHead, buffer, offset, capacity);
            while (length == -2)
            {
                _dropped++;
                length = _ring.Take(_takenHead, buffer, offset, capacity);
            }

            if (length < 0)
            {
                return 0;
            }

            source.Read(_takenHead, 0);
            return length;
        }
    }

    /// <inheritdoc/>
    public void JoinGroup(NetworkAddress group)
    {
        // Joined again, a group would take another of the few places.
        LeaveGroup(group);
        if (group.IsIPv4)
        {
            Set(_v4 ?? _v6, SocketOptionLevel.IP, SocketOptionName.AddMembership, Membership4(group));
            return;
        }

        if (_v6 == null)
        {
            return;
        }

        // Index 0 is refused, and which one Wi-Fi has is told nowhere.
        bool joined = _network.Scope != 0 && Set(_v6, SocketOptionLevel.IPv6, SocketOptionName.AddMembership, Membership6(group, _network.Scope));
        for (uint index = 1; !joined && index <= LastInterface; index++)
        {
            joined = Set(_v6, SocketOptionLevel.IPv6, SocketOptionName.AddMembership, Membership6(group, index));
            if (joined)
            {
                _network.Scope = index;
            }
        }

        if (!joined)
        {
            _network.CountFailure();
        }
    }

    /// <inheritdoc/>
    public void LeaveGroup(NetworkAddress group)
    {
        if (group.IsIPv4)
        {
            Set(_v4 ?? _v6, SocketOptionLevel.IP, SocketOptionName.DropMembership, Membership4(group));
        }
        else if (_v6 != null && _network.Scope != 0)
        {
            Set(_v6, SocketOptionLevel.IPv6, SocketOptionName.DropMembership, Membership6(group, _network.Scope));
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _ring.Clear();
        }

        if (_v4 != null)
        {
            _v4.Close();
        }

        if (_v6 != null)
        {
            _v6.Close();
        }
    }

    private static bool Set(Socket socket, SocketOptionLevel level, SocketOptionName name, byte[] value)
    {
        try
        {
            socket.SetSocketOption(level, name, value);
            return true;
        }
        catch (SocketException)
        {
            // Not on this interface, or no interface yet; the next change of addresses tries again.
            return false;
        }
    }

    // Group, then the index of the interface, little-endian.
    private static byte[] Membership6(NetworkAddress group, uint index)
    {
        byte[] option = new byte[20];
        Array.Copy(group.Ip, 0, option, 0, NetworkAddress.IpSize);
        ByteOrder.WriteUInt32(option, NetworkAddress.IpSize, index);
        return option;
    }

    // Group, then the address of the interface.
    private byte[] Membership4(NetworkAddress group)
    {
        byte[] option = new byte[8];
        Array.Copy(group.Ip, IPv4At, option, 0, 4);
        _network.CopyIPv4(option, 4);
        return option;
    }

    private IPEndPoint EndPoint4(NetworkAddress destination)
    {
        if (_to4 == null || !_last4.Matches(destination))
        {
            byte[] ip = new byte[_v4 != null ? 4 : NetworkAddress.IpSize];
            Array.Copy(destination.Ip, NetworkAddress.IpSize - ip.Length, ip, 0, ip.Length);
            _to4 = new IPEndPoint(new IPAddress(ip), destination.Port);
            _last4.CopyFrom(destination);
        }

        return _to4;
    }

    private IPEndPoint EndPoint6(NetworkAddress destination)
    {
        if (_to6 == null || !_last6.Matches(destination))
        {
            byte[] ip = new byte[NetworkAddress.IpSize];
            Array.Copy(destination.Ip, 0, ip, 0, NetworkAddress.IpSize);
            IPAddress address = new IPAddress(ip);
            bool local = (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80) || (ip[0] == 0xff && (ip[1] & 0x0f) == 2);
            if (local)
            {
                address.ScopeId = destination.Scope != 0 ? destination.Scope : _network.Scope;
            }

            _to6 = new IPEndPoint(address, destination.Port);

            // Without a scope it was sent nowhere useful; found later, it must be taken then.
            _last6.Clear();
            if (!local || address.ScopeId != 0)
            {
                _last6.CopyFrom(destination);
            }
        }

        return _to6;
    }

    private void ReceiveIPv4()
    {
        Receive(_v4, new IPEndPoint(IPAddress.Any, 0));
    }

    private void ReceiveIPv6()
    {
        Receive(_v6, new IPEndPoint(IPAddress.IPv6Any, 0));
    }

    private void Receive(Socket socket, IPEndPoint any)
    {
        while (!_closed)
        {
            try
            {
                // Waits without a buffer, so that one serves all threads.
                if (!socket.Poll(PollMicroseconds, SelectMode.SelectRead))
                {
                    continue;
                }

                lock (_network.ReceiveLock)
                {
                    EndPoint source = any;
                    byte[] buffer = _network.ReceiveBuffer;
                    int length = socket.ReceiveFrom(buffer, 0, buffer.Length, SocketFlags.None, ref source);
                    Keep(buffer, length, (IPEndPoint)source);
                }
            }
            catch (SocketException e)
            {
                // Timed out: what was ready was not for us. Network down (10050) lasts until Wi-Fi is back.
                if (e.ErrorCode != (int)SocketError.TimedOut && !_closed)
                {
                    _network.CountFailure();
                    Thread.Sleep(RetryMilliseconds);
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Keep(byte[] buffer, int length, IPEndPoint source)
    {
        if (length <= 0)
        {
            return;
        }

        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            byte[] ip = source.Address.GetAddressBytes();
            if (ip.Length == 4)
            {
                _received.SetIPv4(ip[0], ip[1], ip[2], ip[3], source.Port);
            }
            else
            {
                _received.Clear();
                _received.Transport = NetworkAddress.Udp;
                Array.Copy(ip, 0, _received.Ip, 0, NetworkAddress.IpSize);
                _received.Port = source.Port;
                if (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80)
                {
                    long scope = source.Address.ScopeId;
                    _received.Scope = scope == 0 ? _network.Scope : (uint)scope;
                }
            }

            _received.Write(_receivedHead, 0);
            if (length > MaxDatagram || !_ring.Put(_receivedHead, buffer, 0, length))
            {
                _dropped++;
                return;
            }
        }

        _signal.Set();
    }
}
