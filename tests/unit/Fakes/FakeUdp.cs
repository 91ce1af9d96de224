using System;
using System.Collections;
using MatterNano.Platform;

namespace NFUnitTest.Fakes;

/// <summary>A network of one socket: the test puts datagrams in and takes sent ones out.</summary>
public class FakeUdp : IUdp, IUdpSocket
{
    private readonly ArrayList _waiting = new ArrayList();
    private readonly ArrayList _sources = new ArrayList();

    /// <summary>Datagrams sent, oldest first.</summary>
    public ArrayList Sent = new ArrayList();

    /// <summary>Where each went.</summary>
    public ArrayList Destinations = new ArrayList();

    /// <summary>Own addresses, 16 bytes each.</summary>
    public byte[] Own = new byte[0];

    /// <summary>False: the port is busy.</summary>
    public bool CanOpen = true;

    /// <summary>Addresses of groups joined, and with a minus left, in hexadecimal with a semicolon behind each.</summary>
    public string Groups = "";

    /// <summary>Groups joined so far, repeated joins counted.</summary>
    public int Joins;

    /// <inheritdoc/>
    public int ChangeCount { get; set; }

    /// <inheritdoc/>
    public int Port
    {
        get { return 5353; }
    }

    /// <inheritdoc/>
    public IUdpSocket Open(int port, bool shared)
    {
        return CanOpen && shared && port == 5353 ? this : null;
    }

    /// <inheritdoc/>
    public int GetAddresses(byte[] buffer)
    {
        Array.Copy(Own, 0, buffer, 0, Own.Length);
        return Own.Length / 16;
    }

    /// <inheritdoc/>
    public void Send(NetworkAddress destination, byte[] buffer, int offset, int length)
    {
        byte[] copy = new byte[length];
        Array.Copy(buffer, offset, copy, 0, length);
        NetworkAddress to = new NetworkAddress();
        to.CopyFrom(destination);
        Sent.Add(copy);
        Destinations.Add(to);
    }

    /// <summary>Lets a datagram arrive.</summary>
    public void Arrive(byte[] datagram, int length, int sourcePort)
    {
        byte[] copy = new byte[length];
        Array.Copy(datagram, 0, copy, 0, length);
        _waiting.Add(copy);
        NetworkAddress from = new NetworkAddress();
        from.SetIPv4(192, 0, 2, 9, sourcePort);
        _sources.Add(from);
    }

    /// <inheritdoc/>
    public int TryReceive(byte[] buffer, int offset, int capacity, NetworkAddress source)
    {
        if (_waiting.Count == 0)
        {
            return 0;
        }

        byte[] datagram = (byte[])_waiting[0];
        source.CopyFrom((NetworkAddress)_sources[0]);
        _waiting.RemoveAt(0);
        _sources.RemoveAt(0);
        Array.Copy(datagram, 0, buffer, offset, datagram.Length);
        return datagram.Length;
    }

    /// <inheritdoc/>
    public void JoinGroup(NetworkAddress group)
    {
        Joins++;
        Groups += Hex.Text(group.Ip, 0, NetworkAddress.IpSize) + ";";
    }

    /// <inheritdoc/>
    public void LeaveGroup(NetworkAddress group)
    {
        Groups += "-" + Hex.Text(group.Ip, 0, NetworkAddress.IpSize) + ";";
    }

    /// <inheritdoc/>
    public void Close()
    {
    }
}
