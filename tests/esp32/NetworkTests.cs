extern alias board;
using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using MatterNano.Esp32.Machine;
using MatterNano.Platform;
using Xunit;
using EthernetPort = board::MatterNano.Esp32.EthernetPort;
using NanoSocket = board::System.Net.Sockets.Socket;
using NanoSocketException = board::System.Net.Sockets.SocketException;
using UdpNetwork = board::MatterNano.Esp32.UdpNetwork;

namespace MatterNano.Esp32.Tests;

public sealed class NetworkTests
{
    private static readonly byte[] MdnsGroup6 = { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb };

    [Fact]
    public void ReceiveBeforeBindThrows()
    {
        using Bench bench = new Bench();
        bench.Chip.Network.IsUp = true;
        NanoSocket socket = new NanoSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        NanoSocketException refused = Assert.Throws<NanoSocketException>(() => socket.ReceiveFrom(new byte[8], 0, 8, SocketFlags.None, ref from));
        Assert.Equal((int)SocketError.NotConnected, refused.ErrorCode);
    }

    [Fact]
    public void Cable_OutAndInAgain_TakesTheAddressesAndBringsThemBack()
    {
        using Bench bench = new Bench();
        bench.Chip.Network.IsUp = true;
        UdpNetwork network = new UdpNetwork(new Signal());
        EthernetPort port = new EthernetPort(network);
        Assert.Equal(6, port.GetHardwareAddress().Length);
        IUdpSocket socket = network.Open(0, false);
        byte[] addresses = new byte[96];
        Bench.Until(() => network.GetAddresses(addresses) > 0, "an address");
        int changes = network.ChangeCount;
        bench.Chip.Air.Plug(false);
        Bench.Until(() => network.GetAddresses(addresses) == 0, "none");
        Assert.True(network.ChangeCount > changes);
        bench.Chip.Air.Plug(true);
        Bench.Until(() => network.GetAddresses(addresses) > 0, "an address again");
        socket.Close();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void DatagramsComeAndGo_WithAndWithoutIPv6(bool ipv6, bool ipv6Only)
    {
        using Bench bench = new Bench();
        bench.Chip.Network.HasIPv6 = ipv6;
        bench.Chip.Network.HasIPv6Only = ipv6Only;
        bench.Chip.Network.IsUp = true;
        Signal signal = new Signal();
        UdpNetwork network = new UdpNetwork(signal);
        IUdpSocket socket = network.Open(0, false);
        Assert.Equal(ipv6, network.HasIPv6);
        foreach (bool six in ipv6 ? new[] { false, true } : new[] { false })
        {
            using UdpClient peer = new UdpClient(six ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
            peer.Send(new byte[] { 1, 2, 3 }, 3, new IPEndPoint(six ? IPAddress.IPv6Loopback : IPAddress.Loopback, socket.Port));
            byte[] buffer = new byte[20];
            NetworkAddress source = new NetworkAddress();
            int length = 0;
            Bench.Until(() => (length = socket.TryReceive(buffer, 4, 16, source)) != 0, "a datagram");
            Assert.Equal(3, length);
            Assert.Equal(new byte[] { 0, 0, 0, 0, 1, 2, 3, 0 }, buffer.AsSpan(0, 8).ToArray());
            Assert.Equal(!six, source.IsIPv4);
            socket.Send(source, buffer, 5, 2);
            IPEndPoint from = null;
            peer.Client.ReceiveTimeout = 60000;
            Assert.Equal(new byte[] { 2, 3 }, peer.Receive(ref from));
            Assert.Equal(socket.Port, from.Port);
            Assert.True(signal.Sets > 0);
        }

        socket.Close();
    }

    [Fact]
    public void FullRingDropsTheNewest_AndGoesOn()
    {
        using Bench bench = new Bench();
        bench.Chip.Network.IsUp = true;
        IUdpSocket socket = new UdpNetwork(new Signal()).Open(0, false);
        using UdpClient peer = new UdpClient(AddressFamily.InterNetwork);
        IPEndPoint to = new IPEndPoint(IPAddress.Loopback, socket.Port);
        for (int i = 0; i < 10; i++)
        {
            byte[] large = new byte[1200];
            large[0] = (byte)i;
            peer.Send(large, large.Length, to);
        }

        byte[] buffer = new byte[1500];
        NetworkAddress source = new NetworkAddress();
        Bench.Until(() => bench.Chip.Network.IsUp && Count(socket) >= 10, "all were taken or dropped");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1200, socket.TryReceive(buffer, 0, 1500, source));
            Assert.Equal(i, buffer[0]);
        }

        Assert.Equal(0, socket.TryReceive(buffer, 0, 1500, source));
        peer.Send(new byte[] { 77 }, 1, to);
        Bench.Until(() => socket.TryReceive(buffer, 0, 1500, source) == 1, "the next");
        Assert.Equal(77, buffer[0]);
        socket.Close();
    }

    [Fact]
    public void DatagramOverAFrameIsDropped()
    {
        using Bench bench = new Bench();
        bench.Chip.Network.IsUp = true;
        IUdpSocket socket = new UdpNetwork(new Signal()).Open(0, false);
        using UdpClient peer = new UdpClient(AddressFamily.InterNetwork);
        IPEndPoint to = new IPEndPoint(IPAddress.Loopback, socket.Port);
        peer.Send(new byte[1501], 1501, to);
        peer.Send(new byte[1500], 1500, to);
        peer.Send(new byte[5], 5, to);
        byte[] buffer = new byte[1500];
        NetworkAddress source = new NetworkAddress();
        int length = 0;
        Bench.Until(() => (length = socket.TryReceive(buffer, 0, 1280, source)) != 0, "the one that fits");
        Assert.Equal(5, length);
        socket.Close();
    }

    [Fact]
    public void NetworkDown_IsWaitedOut()
    {
        using Bench bench = new Bench();
        bench.Chip.Network.IsUp = true;
        UdpNetwork network = new UdpNetwork(new Signal());
        IUdpSocket socket = network.Open(0, false);
        int port = socket.Port;
        bench.Chip.Network.IsUp = false;
        NetworkAddress to = new NetworkAddress();
        to.SetIPv4(127, 0, 0, 1, port);
        Bench.Until(() => network.Failures > 0, "10050");
        socket.Send(to, new byte[] { 1 }, 0, 1);
        bench.Chip.Network.IsUp = true;
        socket.Send(to, new byte[] { 2 }, 0, 1);
        byte[] buffer = new byte[4];
        Bench.Until(() => socket.TryReceive(buffer, 0, 4, new NetworkAddress()) == 1, "a datagram afterwards");
        Assert.Equal(2, buffer[0]);
        socket.Close();
    }

    [Fact]
    public void GroupIsJoinedOnTheInterfaceThatTakesIt_Once()
    {
        using Bench bench = new Bench();
        bench.Chip.Network.InterfaceIndex = 3;
        bench.Chip.Network.IsUp = true;
        UdpNetwork network = new UdpNetwork(new Signal());
        network.SetLink(true);
        network.Refresh();
        IUdpSocket socket = network.Open(0, true);
        NetworkAddress group6 = new NetworkAddress { Transport = NetworkAddress.Udp, Port = 5353 };
        MdnsGroup6.CopyTo(group6.Ip, 0);
        NetworkAddress group4 = new NetworkAddress();
        group4.SetIPv4(224, 0, 0, 251, 5353);
        for (int i = 0; i < 3; i++)
        {
            socket.JoinGroup(group4);
            socket.JoinGroup(group6);
        }

        string[] members = bench.Chip.Network.Memberships.Select(m => m.Split(' ')[0]).ToArray();
        Assert.Equal(new[] { "+224.0.0.251", "+ff02::fb%3", "-224.0.0.251", "+224.0.0.251", "-ff02::fb%3", "+ff02::fb%3" }, members.Take(6));
        Assert.Equal(1, members.Count(m => m == "+ff02::fb%3") - members.Count(m => m == "-ff02::fb%3"));

        // And what is sent to the group carries that index: another is refused.
        socket.Send(group6, new byte[] { 1 }, 0, 1);
        socket.LeaveGroup(group6);
        Assert.Equal("-ff02::fb%3", bench.Chip.Network.Memberships.Last().Split(' ')[0]);
        socket.Close();
    }

    [Fact]
    public void AddressesAreFoundByLooking_AndHiddenWhileTheLinkIsDown()
    {
        using Bench bench = new Bench();
        Signal signal = new Signal();
        UdpNetwork network = new UdpNetwork(signal);
        byte[] addresses = new byte[64];
        Assert.Equal(0, network.GetAddresses(addresses));
        network.SetLink(true);
        network.Refresh();
        Assert.Equal(0, network.GetAddresses(addresses));
        int changes = network.ChangeCount;
        bench.Chip.Network.IsUp = true;
        network.Refresh();
        Assert.Equal(changes + 1, network.ChangeCount);

        // Neither 0.0.0.0 nor :: which the list has too.
        Assert.Equal(2, network.GetAddresses(addresses));
        Assert.Equal(IPAddress.Parse("fe80::4e4d:ff:fe00:5"), new IPAddress(addresses.AsSpan(0, 16)));
        Assert.Equal(IPAddress.Parse("::ffff:192.0.2.5"), new IPAddress(addresses.AsSpan(16, 16)));
        Assert.Equal(1, network.GetAddresses(new byte[31]));
        network.Refresh();
        Assert.Equal(changes + 1, network.ChangeCount);
        network.SetLink(false);
        Assert.Equal(changes + 2, network.ChangeCount);
        Assert.Equal(0, network.GetAddresses(addresses));
    }

    private static int Count(IUdpSocket socket)
    {
        board::MatterNano.Esp32.UdpPort port = (board::MatterNano.Esp32.UdpPort)socket;
        return (int)port.Dropped + 3;
    }
}
