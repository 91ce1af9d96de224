using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace MatterNano.Esp32.Machine;

/// <summary>A UDP socket of the PC with the numbers of the chip: its ports, its interface index, its error codes.</summary>
public sealed class HostSocket
{
    private readonly HostNetwork _network;
    private readonly Socket _socket;
    private readonly AddressFamily _family;
    private bool _bound;

    internal HostSocket(HostNetwork network, AddressFamily family)
    {
        _network = network;
        _family = family;
        _socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
    }

    public bool IsBound => _bound;

    public bool IsClosed { get; private set; }

    public int LocalPort => _network.Unmap(((IPEndPoint)_socket.LocalEndPoint).Port);

    public void SetDual(bool dual) => Guard(() => _socket.DualMode = dual);

    public void SetReuse() => Guard(() => _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true));

    public void Bind(int port)
    {
        Guard(() =>
        {
            IPAddress address = _family == AddressFamily.InterNetwork
                ? _network.IsOpen ? IPAddress.Any : IPAddress.Loopback
                : _network.IsOpen || _socket.DualMode ? IPAddress.IPv6Any : IPAddress.IPv6Loopback;
            _socket.Bind(new IPEndPoint(address, _network.Map(port)));
            _bound = true;
        });
    }

    public bool Poll(int microseconds) => Guard(() => _socket.Poll(microseconds, SelectMode.SelectRead));

    public int Receive(byte[] buffer, int offset, int size, int timeout, out IPEndPoint source)
    {
        EndPoint from = new IPEndPoint(_family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        int length = Guard(() =>
        {
            _socket.ReceiveTimeout = timeout;
            try
            {
                return _socket.ReceiveFrom(buffer, offset, size, SocketFlags.None, ref from);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
            {
                return size; // lwIP cuts without a word
            }
        });
        source = (IPEndPoint)from;
        if (source.Address.AddressFamily == AddressFamily.InterNetworkV6 && source.Address.IsIPv6LinkLocal)
        {
            source = new IPEndPoint(new IPAddress(source.Address.GetAddressBytes(), _network.InterfaceIndex), source.Port);
        }

        return length;
    }

    public void Send(byte[] buffer, int offset, int size, IPEndPoint to)
    {
        Guard(() =>
        {
            _bound = true;
            bool v6 = to.Address.AddressFamily == AddressFamily.InterNetworkV6;
            bool local = v6 && (to.Address.IsIPv6LinkLocal || to.Address.IsIPv6Multicast);
            if (local && to.Address.ScopeId != _network.InterfaceIndex)
            {
                throw new SocketException((int)SocketError.HostUnreachable);
            }

            bool multicast = v6 ? to.Address.IsIPv6Multicast : to.Address.GetAddressBytes()[0] is >= 224 and < 240;
            if (!multicast && !local)
            {
                _socket.SendTo(buffer, offset, size, SocketFlags.None, to);
                return;
            }

            if (!_network.IsOpen)
            {
                return; // into the air
            }

            foreach ((int index, AddressFamily family) in HostNetwork.MulticastInterfaces().Where(i => i.Family == _family))
            {
                try
                {
                    if (v6)
                    {
                        _socket.SendTo(buffer, offset, size, SocketFlags.None, new IPEndPoint(new IPAddress(to.Address.GetAddressBytes(), index), to.Port));
                    }
                    else
                    {
                        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(index));
                        _socket.SendTo(buffer, offset, size, SocketFlags.None, to);
                    }
                }
                catch (SocketException)
                {
                    // Not reachable over this interface of the PC.
                }
            }
        });
    }

    public void SetMembership(IPAddress group, int index, bool join)
    {
        Guard(() =>
        {
            bool v6 = group.AddressFamily == AddressFamily.InterNetworkV6;
            if (v6 && index != _network.InterfaceIndex)
            {
                throw new SocketException((int)SocketError.InvalidArgument);
            }

            string name = (v6 ? $"{group}%{index}" : group.ToString()) + " " + GetHashCode();
            lock (_network.Memberships)
            {
                int joined = _network.Memberships.Count(m => m == "+" + name) - _network.Memberships.Count(m => m == "-" + name);
                if (!join && joined == 0)
                {
                    throw new SocketException((int)SocketError.AddressNotAvailable);
                }

                if (join && !_network.IsUp && !v6)
                {
                    throw new SocketException((int)SocketError.AddressNotAvailable);
                }

                _network.Memberships.Add((join ? "+" : "-") + name);
            }

            if (!_network.IsOpen)
            {
                return;
            }

            foreach ((int real, AddressFamily family) in HostNetwork.MulticastInterfaces().Where(i => i.Family == _family))
            {
                SocketOptionName option = join ? SocketOptionName.AddMembership : SocketOptionName.DropMembership;
                try
                {
                    if (v6)
                    {
                        _socket.SetSocketOption(SocketOptionLevel.IPv6, option, new IPv6MulticastOption(group, real));
                    }
                    else
                    {
                        _socket.SetSocketOption(SocketOptionLevel.IP, option, new MulticastOption(group, real));
                    }
                }
                catch (SocketException)
                {
                    // This interface of the PC cannot.
                }
            }
        });
    }

    public void Close()
    {
        IsClosed = true;
        _socket.Dispose();
    }

    private void Guard(Action action)
    {
        Guard(() =>
        {
            action();
            return 0;
        });
    }

    private T Guard<T>(Func<T> function)
    {
        try
        {
            return function();
        }
        catch (SocketException e)
        {
            throw new HostSocketException((int)e.SocketErrorCode);
        }
    }
}
