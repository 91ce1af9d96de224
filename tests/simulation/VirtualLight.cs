using System;
using System.Collections.Generic;
using MatterNano.Devices;
using MatterNano.Identity;
using MatterNano.Onboarding;
using MatterNano.Platform;
using MatterNano.Storage;

namespace MatterNano.Simulation;

/// <summary>A whole On/Off light on the virtual network. Its flash outlives it.</summary>
public sealed class VirtualLight : ITimed
{
    // Steps at one moment; some hundred datagrams may wait.
    private const int MostSteps = 2000;

    private readonly VirtualTime _time;
    private readonly VirtualUdp _udp;

    public VirtualLight(VirtualTime time, VirtualNetwork network, int host, uint passcode, int seed, MemoryFlash flash = null, Action<MatterNodeOptions> configure = null)
    {
        _time = time;
        Number = host;
        Flash = flash ?? NewFlash(passcode);
        Worker = new VirtualWorker(time);
        _udp = new VirtualUdp(network, host);
        DeviceIdentity identity = new();
        if (!identity.TryLoad(Flash, new byte[DeviceIdentity.MaxSize]))
        {
            throw new InvalidOperationException("no identity");
        }

        MatterNodeOptions options = new()
        {
            Clock = time,
            Random = new SeededRandom(seed),
            Flash = Flash,
            Udp = _udp,
            Signal = new VirtualSignal(time),
            Worker = Worker,
            Identity = identity,
        };
        configure?.Invoke(options);
        Node = new MatterNode(options);
        Light = new OnOffLight(Node.Root);
        Node.Sessions.SessionOpened += s => Opened.Add(s.Name);
        Node.Sessions.SessionClosed += s => Closed.Add(s.Name);
        if (!Node.Start())
        {
            throw new InvalidOperationException("the node did not start");
        }

        time.Add(this);
    }

    public int Number { get; }

    public MemoryFlash Flash { get; }

    public VirtualWorker Worker { get; }

    /// <summary>The light's network.</summary>
    public VirtualUdp Udp => _udp;

    public MatterNode Node { get; }

    public OnOffLight Light { get; }

    public List<string> Opened { get; } = new();

    public List<string> Closed { get; } = new();

    /// <summary>Takes the light off the network without a word.</summary>
    public void PowerOff()
    {
        _udp.Detach();
        _time.Remove(this);
    }

    public long Step(long now)
    {
        int wait = 0;
        for (int i = 0; wait == 0 || Worker.NextReady <= now; i++)
        {
            if (i > MostSteps)
            {
                throw new InvalidOperationException("the loop spins: time does not advance");
            }

            wait = Node.Step();
        }

        // Asked again at the same moment, no part may want to be called earlier than the step said.
        int again = Node.Step();
        if (again < wait)
        {
            throw new InvalidOperationException($"the loop would sleep for {wait} ms past something that is due in {again} ms");
        }

        return Math.Min(now + wait, Worker.NextReady);
    }

    private static MemoryFlash NewFlash(uint passcode)
    {
        MemoryFlash flash = new();
        DeviceIdentity identity = new()
        {
            VendorId = 0xfff1,
            ProductId = 0x8001,
            VendorName = "MatterNano",
            ProductName = "Simulated light",
            HardwareVersion = 1,
            HardwareVersionString = "1",
            SerialNumber = "SIM-1",
            DeviceType = 0x0100,
            Discriminator = 3840,
        };
        IdentityMaker.SetPasscode(identity, passcode, 1000);
        if (!IdentityMaker.Store(flash, identity, AttestationIssuer.IssueTestDevice(0xfff1, 0x8001, 0x0100)))
        {
            throw new InvalidOperationException("the identity was not stored");
        }

        return flash;
    }

    // Whoever waits on the loop's stack, as an orderly stop does, lets the network go on meanwhile.
    private sealed class VirtualSignal : ISignal
    {
        private readonly VirtualTime _time;

        public VirtualSignal(VirtualTime time) => _time = time;

        public void Set()
        {
        }

        public void Wait(int milliseconds) => _time.Pass(milliseconds);
    }
}

/// <summary>UDP of one host of the virtual network. Multicast goes to whom the test names.</summary>
public sealed class VirtualUdp : IUdp
{
    private readonly VirtualNetwork _network;
    private readonly int _host;
    private VirtualSocket _matter;

    public VirtualUdp(VirtualNetwork network, int host)
    {
        _network = network;
        _host = host;
        network.Attach(
            host,
            (from, bytes) =>
            {
                if (IsUp)
                {
                    _matter?.Received.Enqueue((from, bytes));
                }
            });
    }

    public int ChangeCount { get; private set; }

    /// <summary>Whether there is an address; without one nothing is sent or received.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>Hears what is sent to a group.</summary>
    public Action<byte[]> Multicast { get; set; }

    public void Plug(bool isUp)
    {
        IsUp = isUp;
        ChangeCount++;
    }

    public void Detach() => _network.Detach(_host);

    public IUdpSocket Open(int port, bool shared)
    {
        VirtualSocket socket = new(this, port);
        if (!shared)
        {
            _matter = socket;
        }

        return socket;
    }

    public int GetAddresses(byte[] buffer)
    {
        if (!IsUp)
        {
            return 0;
        }

        NetworkAddress own = new();
        VirtualNetwork.SetAddress(own, _host);
        own.Ip.CopyTo(buffer, 0);
        return 1;
    }

    private sealed class VirtualSocket : IUdpSocket
    {
        private readonly VirtualUdp _udp;

        public VirtualSocket(VirtualUdp udp, int port)
        {
            _udp = udp;
            Port = port;
        }

        public Queue<(int From, byte[] Bytes)> Received { get; } = new();

        public int Port { get; }

        public void Send(NetworkAddress destination, byte[] buffer, int offset, int length)
        {
            if (!_udp.IsUp)
            {
                return;
            }

            if (destination.Ip[0] == 0xff)
            {
                _udp.Multicast?.Invoke(buffer.AsSpan(offset, length).ToArray());
            }
            else if (destination.Ip[0] == 0xfd)
            {
                _udp._network.Send(_udp._host, VirtualNetwork.HostOf(destination), buffer.AsSpan(offset, length).ToArray());
            }
        }

        public int TryReceive(byte[] buffer, int offset, int capacity, NetworkAddress source)
        {
            while (Received.TryDequeue(out (int From, byte[] Bytes) datagram))
            {
                if (datagram.Bytes.Length <= capacity)
                {
                    datagram.Bytes.CopyTo(buffer, offset);
                    VirtualNetwork.SetAddress(source, datagram.From);
                    return datagram.Bytes.Length;
                }
            }

            return 0;
        }

        public void JoinGroup(NetworkAddress group)
        {
        }

        public void LeaveGroup(NetworkAddress group)
        {
        }

        public void Close()
        {
        }
    }
}
