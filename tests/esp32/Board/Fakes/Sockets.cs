// PC implementation of what is used of nanoFramework.System.Net; addresses, end points and enumerations are .NET's own, which agree.
using MatterNano.Esp32.Machine;

namespace System.Net.Sockets
{
    public class SocketException : Exception
    {
        public SocketException(SocketError errorCode)
        {
            ErrorCode = (int)errorCode;
        }

        public int ErrorCode { get; }
    }

    public class Socket : IDisposable
    {
        private const int IPv6Only = 27;

        private readonly HostNetwork _network = Chip.Current.Network;
        private readonly HostSocket _socket;
        private readonly AddressFamily _family;
        private int _receiveTimeout;
        private bool _dual = true;

        public Socket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
        {
            if (addressFamily == AddressFamily.InterNetworkV6 && !_network.HasIPv6)
            {
                throw new SocketException(SocketError.AddressFamilyNotSupported);
            }

            if (socketType != SocketType.Dgram || protocolType != ProtocolType.Udp)
            {
                throw new SocketException(SocketError.ProtocolNotSupported);
            }

            _family = addressFamily;
            _socket = _network.Create(addressFamily);
        }

        public int ReceiveTimeout
        {
            get => _receiveTimeout;
            set => _receiveTimeout = value;
        }

        public EndPoint LocalEndPoint => new IPEndPoint(_family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, _socket.LocalPort);

        public void Bind(EndPoint localEP)
        {
            Run(() =>
            {
                if (_family == AddressFamily.InterNetworkV6)
                {
                    _socket.SetDual(_dual);
                }

                _socket.Bind(((IPEndPoint)localEP).Port);
                return 0;
            });
        }

        public bool Poll(int microSeconds, SelectMode mode) => Run(() =>
        {
            CheckLink();
            return _socket.Poll(microSeconds);
        });

        public int ReceiveFrom(byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP)
        {
            if (!_socket.IsBound)
            {
                throw new SocketException(SocketError.NotConnected);
            }

            if (remoteEP is not IPEndPoint)
            {
                throw new NullReferenceException();
            }

            IPEndPoint source = null;
            int length = Run(() =>
            {
                CheckLink();
                return _socket.Receive(buffer, offset, size, _receiveTimeout, out source);
            });
            remoteEP = source;
            return length;
        }

        public int SendTo(byte[] buffer, int offset, int size, SocketFlags socketFlags, EndPoint remoteEP) => Run(() =>
        {
            CheckLink();
            if (size > 0)
            {
                _socket.Send(buffer, offset, size, (IPEndPoint)remoteEP);
            }

            return size;
        });

        public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, int optionValue) => Run(() =>
        {
            if (optionLevel == SocketOptionLevel.IPv6)
            {
                if ((int)optionName != IPv6Only || !_network.HasIPv6Only)
                {
                    throw new SocketException(SocketError.ProtocolOption);
                }

                _dual = optionValue == 0;
            }
            else if (optionLevel == SocketOptionLevel.Socket && optionName == SocketOptionName.ReuseAddress)
            {
                _socket.SetReuse();
            }
            else if (optionLevel != SocketOptionLevel.IP || optionName != SocketOptionName.MulticastTimeToLive)
            {
                throw new SocketException(SocketError.ProtocolOption);
            }

            return 0;
        });

        public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, byte[] optionValue) => Run(() =>
        {
            bool v6 = optionLevel == SocketOptionLevel.IPv6;
            int group = v6 ? 16 : 4;
            if (optionName is not (SocketOptionName.AddMembership or SocketOptionName.DropMembership) || optionValue.Length != group + 4)
            {
                throw new SocketException(SocketError.InvalidArgument);
            }

            int index = optionValue[group] | (optionValue[group + 1] << 8) | (optionValue[group + 2] << 16) | (optionValue[group + 3] << 24);
            _socket.SetMembership(new IPAddress(optionValue.AsSpan(0, group)), index, optionName == SocketOptionName.AddMembership);
            return 0;
        });

        public void Close() => _socket.Close();

        public void Dispose() => Close();

        // Some calls fail while there is no network at all, and go on afterwards.
        private void CheckLink()
        {
            if (_socket.IsClosed)
            {
                throw new ObjectDisposedException("Socket");
            }

            if (!_network.IsUp)
            {
                throw new SocketException(SocketError.NetworkDown);
            }
        }

        private static T Run<T>(Func<T> function)
        {
            try
            {
                return function();
            }
            catch (HostSocketException e)
            {
                throw new SocketException((SocketError)e.Code);
            }
        }
    }
}

namespace System.Net
{
    public class IPHostEntry
    {
        public IPAddress[] AddressList { get; internal set; }
    }

    public static class Dns
    {
        /// <summary>The name "" gives the own addresses, among them ones that are not usable.</summary>
        public static IPHostEntry GetHostEntry(string hostNameOrAddress)
        {
            if (hostNameOrAddress.Length != 0)
            {
                throw new Sockets.SocketException(Sockets.SocketError.HostNotFound);
            }

            HostNetwork network = Chip.Current.Network;
            Collections.Generic.List<IPAddress> list = new() { IPAddress.Any };
            if (network.IsUp)
            {
                foreach (IPAddress address in network.Addresses)
                {
                    if (address.AddressFamily == Sockets.AddressFamily.InterNetwork || network.HasIPv6)
                    {
                        list.Add(address);
                    }
                }
            }

            if (network.HasIPv6)
            {
                list.Add(IPAddress.IPv6Any);
            }

            return new IPHostEntry { AddressList = list.ToArray() };
        }
    }
}

namespace System.Net.NetworkInformation
{
    public delegate void NetworkAddressChangedEventHandler(object sender, EventArgs e);

    public delegate void NetworkAvailabilityChangedEventHandler(object sender, NetworkAvailabilityEventArgs e);

    public class NetworkAvailabilityEventArgs : EventArgs
    {
        internal NetworkAvailabilityEventArgs(bool isAvailable)
        {
            IsAvailable = isAvailable;
        }

        public bool IsAvailable { get; }
    }

    /// <summary>The sender is the index of the interface.</summary>
    public static class NetworkChange
    {
        public static event NetworkAddressChangedEventHandler NetworkAddressChanged
        {
            add => Chip.Current.Air.AddressChanged += () => value(0, EventArgs.Empty);
            remove => throw new NotSupportedException();
        }

        public static event NetworkAvailabilityChangedEventHandler NetworkAvailabilityChanged
        {
            add => Chip.Current.Air.AvailabilityChanged += up => value(0, new NetworkAvailabilityEventArgs(up));
            remove => throw new NotSupportedException();
        }
    }

    public enum NetworkInterfaceType
    {
        Unknown = 1,
        Ethernet = 6,
        Wireless80211 = 71,
        WirelessAP = 72,
    }

    public class NetworkInterface
    {
        private NetworkInterface(NetworkInterfaceType type)
        {
            NetworkInterfaceType = type;
        }

        public NetworkInterfaceType NetworkInterfaceType { get; }

        public byte[] PhysicalAddress { get; set; } = { 0x02, 0x4e, 0x4d, 0x00, 0x00, 0x05 };

        public static NetworkInterface[] GetAllNetworkInterfaces()
        {
            if (Chip.Current.Target == "ESP32_P4")
            {
                return new[] { new NetworkInterface(NetworkInterfaceType.Ethernet) };
            }

            return new[] { new NetworkInterface(NetworkInterfaceType.WirelessAP) { PhysicalAddress = new byte[6] }, new NetworkInterface(NetworkInterfaceType.Wireless80211) };
        }
    }
}
