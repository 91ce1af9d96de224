using System;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using MatterNano.Clusters;
using MatterNano.Platform;
using Xunit;

namespace MatterNano.Host.Tests;

public class UdpHostTests
{
    private const int Limit = 60000;

    private readonly HostSignal _signal = new();
    private readonly HostLog _log = new(4);
    private readonly NetworkAddress _source = new();
    private readonly byte[] _buffer = new byte[1500];

    [Fact]
    public void OnePort_ServesIPv6AndIPv4_AndTellsWhoSent()
    {
        using UdpHost host = new(Array.Empty<IPAddress>(), _signal, _log);
        IUdpSocket socket = host.Open(0, false);
        Assert.InRange(socket.Port, 1, 65535);
        foreach (IPAddress loopback in new[] { IPAddress.IPv6Loopback, IPAddress.Loopback })
        {
            using UdpClient peer = new(loopback.AddressFamily);
            peer.Send(new byte[] { 1, 2, 3 }, 3, new IPEndPoint(loopback, socket.Port));
            Assert.Equal(3, Receive(socket));
            Assert.Equal(((IPEndPoint)peer.Client.LocalEndPoint).Port, _source.Port);
            Assert.Equal(loopback.MapToIPv6().GetAddressBytes(), _source.Ip);
            Assert.Equal(0U, _source.Scope);
            socket.Send(_source, new byte[] { 9, 4, 5, 9 }, 1, 2);
            IPEndPoint from = new(loopback, 0);
            peer.Client.ReceiveTimeout = Limit;
            Assert.Equal(new byte[] { 4, 5 }, peer.Receive(ref from));
            Assert.Equal(socket.Port, from.Port);
        }

        Assert.Equal(0, socket.TryReceive(_buffer, 0, 1500, _source));
        socket.Close();
        IUdpSocket again = host.Open(socket.Port, false);
        Assert.NotNull(again);
        again.Close();
    }

    [Fact]
    public void Interface_IsToldByItsNameAndHardwareAddress_NeverLoopback()
    {
        using UdpHost host = new(Array.Empty<IPAddress>(), _signal, _log);
        NetworkInterfaceInformation found = new();
        host.Describe(found);
        NetworkInterface real = Array.Find(NetworkInterface.GetAllNetworkInterfaces(), one => one.Name == found.Name);
        Assert.Equal(real?.GetPhysicalAddress().GetAddressBytes() ?? new byte[6], found.HardwareAddress);
        Assert.NotEqual(NetworkInterfaceType.Loopback, real?.NetworkInterfaceType);

        using UdpHost bound = new(new[] { IPAddress.Loopback }, _signal, _log);
        NetworkInterfaceInformation none = new();
        bound.Describe(none);
        Assert.Equal(new byte[6], none.HardwareAddress);
    }

    [Fact]
    public void BusyPort_GivesNullAndTheReason()
    {
        using UdpHost host = new(Array.Empty<IPAddress>(), _signal, _log);
        IUdpSocket first = host.Open(0, false);
        Assert.Null(host.Open(first.Port, false));
        Assert.Equal(SocketError.AddressAlreadyInUse, host.LastError.SocketErrorCode);
        first.Close();
    }

    [Fact]
    public void SharedPort_CanBeHadTwice()
    {
        using UdpHost host = new(Array.Empty<IPAddress>(), _signal, _log);
        IUdpSocket free = host.Open(0, false);
        int port = free.Port;
        free.Close();
        IUdpSocket first = host.Open(port, true);
        IUdpSocket second = host.Open(port, true);
        Assert.True(first != null, host.LastError?.ToString());
        Assert.NotNull(second);
        first.Close();
        second.Close();
    }

    [Fact]
    public void BoundAddress_IsTheOnlyOneTold()
    {
        using UdpHost host = new(new[] { IPAddress.Loopback }, _signal, _log);
        byte[] addresses = new byte[64];
        Assert.Equal(1, host.GetAddresses(addresses));
        Assert.Equal(IPAddress.Loopback.MapToIPv6().GetAddressBytes(), addresses[..16]);
        IUdpSocket socket = host.Open(0, false);
        using UdpClient peer = new(AddressFamily.InterNetworkV6);
        peer.Send(new byte[] { 1 }, 1, new IPEndPoint(IPAddress.IPv6Loopback, socket.Port));
        using UdpClient other = new(AddressFamily.InterNetwork);
        other.Send(new byte[] { 1, 2 }, 2, new IPEndPoint(IPAddress.Loopback, socket.Port));
        Assert.Equal(2, Receive(socket));
        socket.Close();
    }

    [Fact]
    public void AddressOfAnotherComputer_CannotBeBound()
    {
        using UdpHost host = new(new[] { IPAddress.Parse("192.0.2.1") }, _signal, _log);
        Assert.Null(host.Open(0, false));
        Assert.Equal(SocketError.AddressNotAvailable, host.LastError.SocketErrorCode);
    }

    [Fact]
    public void UnreachableDestination_IsSilence_AndTheSocketStaysGood()
    {
        using UdpHost host = new(new[] { IPAddress.Loopback }, _signal, _log);
        IUdpSocket socket = host.Open(0, false);
        NetworkAddress nowhere = new();
        nowhere.SetIPv4(127, 0, 0, 1, 9);
        for (int i = 0; i < 3; i++)
        {
            socket.Send(nowhere, _buffer, 0, 1);
        }

        using UdpClient peer = new(AddressFamily.InterNetwork);
        peer.Send(new byte[] { 1 }, 1, new IPEndPoint(IPAddress.Loopback, socket.Port));
        Assert.Equal(1, Receive(socket));
        socket.Close();
    }

    [Fact]
    public void DatagramsBeyondTheRing_AreDroppedAndTheOldestStay()
    {
        using UdpHost host = new(new[] { IPAddress.Loopback }, _signal, _log);
        UdpHostSocket socket = (UdpHostSocket)host.Open(0, false);
        using UdpClient peer = new(AddressFamily.InterNetwork);
        for (int i = 0; i < 80; i++)
        {
            peer.Send(new[] { (byte)i, (byte)0 }, 2, new IPEndPoint(IPAddress.Loopback, socket.Port));
        }

        Stopwatch watch = Stopwatch.StartNew();
        while (socket.Dropped < 16 && watch.ElapsedMilliseconds < Limit)
        {
            _signal.Wait(50);
        }

        Assert.Equal(16, socket.Dropped);
        for (int i = 0; i < 64; i++)
        {
            Assert.Equal(2, socket.TryReceive(_buffer, 0, 1500, _source));
            Assert.Equal(i, _buffer[0]);
        }

        Assert.Equal(0, socket.TryReceive(_buffer, 0, 1500, _source));
        socket.Close();
    }

    private int Receive(IUdpSocket socket)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < Limit)
        {
            int length = socket.TryReceive(_buffer, 0, _buffer.Length, _source);
            if (length != 0)
            {
                return length;
            }

            _signal.Wait(100);
        }

        return 0;
    }
}
