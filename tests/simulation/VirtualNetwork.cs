using System;
using System.Collections.Generic;
using MatterNano.Platform;

namespace MatterNano.Simulation;

/// <summary>A datagram on its way.</summary>
public sealed class VirtualDatagram
{
    public int From;
    public int To;
    public byte[] Bytes;

    /// <summary>Number of this datagram between these two, from 0.</summary>
    public int Index;
}

/// <summary>Delivers datagrams between numbered hosts; loses, repeats, delays and reorders them by a seed.</summary>
public sealed class VirtualNetwork
{
    private readonly VirtualTime _time;
    private readonly Random _random;
    private readonly Dictionary<int, Action<int, byte[]>> _hosts = new();
    private readonly Dictionary<(int, int), int> _count = new();

    public VirtualNetwork(VirtualTime time, int seed)
    {
        _time = time;
        _random = new Random(seed);
    }

    /// <summary>Share of datagrams lost, 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>Share delivered twice.</summary>
    public double Duplicates { get; set; }

    /// <summary>Least and greatest delay in milliseconds; a range reorders.</summary>
    public int MinDelay { get; set; } = 1;

    public int MaxDelay { get; set; } = 1;

    /// <summary>Decides on single datagrams; false loses it. The bytes may be changed.</summary>
    public Func<VirtualDatagram, bool> Filter { get; set; }

    /// <summary>Sees every datagram that is sent, before any loss.</summary>
    public Action<VirtualDatagram> Sent { get; set; }

    /// <summary>Datagrams sent in all.</summary>
    public int SentCount { get; private set; }

    /// <summary>Adds a host.</summary>
    /// <param name="host">Its number.</param>
    /// <param name="receive">Takes the sender's number and the bytes.</param>
    public void Attach(int host, Action<int, byte[]> receive) => _hosts[host] = receive;

    public void Detach(int host) => _hosts.Remove(host);

    public void Send(int from, int to, byte[] bytes)
    {
        _count.TryGetValue((from, to), out int index);
        _count[(from, to)] = index + 1;
        SentCount++;
        VirtualDatagram datagram = new() { From = from, To = to, Bytes = bytes, Index = index };
        Sent?.Invoke(datagram);
        if ((Filter != null && !Filter(datagram)) || _random.NextDouble() < Loss)
        {
            return;
        }

        Deliver(datagram);
        if (_random.NextDouble() < Duplicates)
        {
            Deliver(datagram);
        }
    }

    /// <summary>The address of a host: fd00::n, UDP 5540.</summary>
    public static void SetAddress(NetworkAddress address, int host)
    {
        address.Clear();
        address.Transport = NetworkAddress.Udp;
        address.Ip[0] = 0xfd;
        address.Ip[15] = (byte)host;
        address.Port = 5540;
    }

    public static int HostOf(NetworkAddress address) => address.Ip[15];

    private void Deliver(VirtualDatagram datagram)
    {
        int delay = _random.Next(MinDelay, MaxDelay + 1);
        _time.Schedule(delay, () =>
        {
            if (_hosts.TryGetValue(datagram.To, out Action<int, byte[]> receive))
            {
                receive(datagram.From, datagram.Bytes);
            }
        });
    }
}
