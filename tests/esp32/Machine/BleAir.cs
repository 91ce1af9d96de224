using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MatterNano.Host;

namespace MatterNano.Esp32.Machine;

/// <summary>The controller of the chip's BLE, on the air of the simulated radio: TCP on loopback, every connection a central in reach.</summary>
/// <remarks>Frame: type u8 | length u16 LE | payload. The same air as that of the PC board.</remarks>
public sealed class BleAir : IDisposable
{
    public const byte Advertise = 0x01;
    public const byte AdvertiseStop = 0x02;
    public const byte Connect = 0x10;
    public const byte Connected = 0x11;
    public const byte Disconnect = 0x12;
    public const byte WriteC1 = 0x20;
    public const byte WriteC1Done = 0x21;
    public const byte SubscribeC2 = 0x22;
    public const byte SubscribeC2Done = 0x23;
    public const byte IndicateC2 = 0x24;
    public const byte ConfirmC2 = 0x25;
    public const byte ReadC3 = 0x26;
    public const byte ReadC3Done = 0x27;

    private static readonly byte[] Address = { 0x05, 0x00, 0x00, 0x4e, 0x4d, 0x02 };

    private readonly object _lock = new();
    private readonly List<BleContact> _contacts = new();
    private readonly List<string> _history = new();
    private TcpListener _listener;
    private byte[] _advertisement;
    private BleContact _link;
    private Task _onAir = Task.CompletedTask;
    private int _waiting;

    /// <summary>Largest ATT MTU; NimBLE prefers 256.</summary>
    public int Mtu { get; set; } = 256;

    /// <summary>The chip's stack; null while it does not run.</summary>
    public IBleHost Host { get; set; }

    /// <summary>Milliseconds that the chip waits for the program's answer to a central: 2000 on a chip, more on a PC that may be busy.</summary>
    public int AnswerLimit { get; set; } = 60000;

    /// <summary>So many of the next notifications find no buffer (ENOMEM, 6).</summary>
    public int BusyNotifications { get; set; }

    /// <summary>Of so many of the next ones the chip makes a read of the characteristic, for which the program would have to run, and gives up (rc 9).</summary>
    public int NullBuffers { get; set; }

    /// <summary>Milliseconds for which that stops the program: 2000 on a chip.</summary>
    public int NullBufferTime { get; set; } = 200;

    /// <summary>Notifications that wait for the next moment on the air, which is every <see cref="ConnectionInterval"/>; no more find a buffer.</summary>
    public int Buffers { get; set; } = 3;

    /// <summary>Milliseconds between two moments on the air.</summary>
    public int ConnectionInterval { get; set; } = 10;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>"advertise", "stop", "down" as they happened.</summary>
    public IReadOnlyList<string> History
    {
        get
        {
            lock (_lock)
            {
                return _history.ToArray();
            }
        }
    }

    /// <summary>What is on the air now; null for nothing.</summary>
    public byte[] Advertisement
    {
        get
        {
            lock (_lock)
            {
                return _link == null ? _advertisement : null;
            }
        }
    }

    public void Listen(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "ble-air" }.Start();
    }

    /// <summary>By the chip: begins to advertise.</summary>
    public void StartAdvertising(byte[] advertisement)
    {
        lock (_lock)
        {
            _history.Add("advertise");
            _advertisement = advertisement;
            Announce();
        }
    }

    /// <summary>By the chip: advertising ends; with the stack also the connection.</summary>
    public void TearDown()
    {
        BleContact link;
        lock (_lock)
        {
            _history.Add("down");
            _advertisement = null;
            link = _link;
            _link = null;
            Announce();
        }

        link?.Send(Disconnect, Array.Empty<byte>());
        link?.Close();
    }

    /// <summary>By the chip: one notification.</summary>
    /// <returns>False when there is no buffer or no central.</returns>
    public bool Notify(byte[] value)
    {
        bool isNull;
        lock (_lock)
        {
            isNull = NullBuffers > 0;
            NullBuffers -= isNull ? 1 : 0;
            bool isBusy = BusyNotifications > 0 || _waiting >= Buffers;
            BusyNotifications -= BusyNotifications > 0 ? 1 : 0;
            if (!isNull && (isBusy || _link == null))
            {
                return false;
            }

            if (!isNull)
            {
                BleContact link = _link;
                _waiting++;
                _onAir = _onAir.ContinueWith(_ => OnAir(link, value), TaskScheduler.Default);
            }
        }

        if (isNull)
        {
            Thread.Sleep(NullBufferTime);
        }

        return !isNull;
    }

    private void OnAir(BleContact link, byte[] value)
    {
        Thread.Sleep(ConnectionInterval);
        lock (_lock)
        {
            _waiting--;
            link.Send(IndicateC2, value);
        }
    }

    public void Dispose()
    {
        _listener?.Stop();
        lock (_lock)
        {
            _contacts.ForEach(contact => contact.Close());
            _link?.Close();
        }
    }

    private void Accept()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = _listener.AcceptTcpClient();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            BleContact contact = new BleContact(client);
            lock (_lock)
            {
                _contacts.Add(contact);
                if (_advertisement != null && _link == null)
                {
                    contact.Send(Advertise, Framed());
                }
            }

            new Thread(() => Serve(contact)) { IsBackground = true, Name = "ble-contact" }.Start();
        }
    }

    // The host task of one central: it waits for the program's answer to each request.
    private void Serve(BleContact contact)
    {
        bool go = true;
        while (go && contact.TryReceive(out byte type, out byte[] payload))
        {
            go = Handle(contact, type, payload);
        }

        bool linked;
        lock (_lock)
        {
            _contacts.Remove(contact);
            linked = _link == contact;
        }

        contact.Close();
        if (linked)
        {
            Host?.OnDisconnected();
            lock (_lock)
            {
                // It advertises again by itself, with the same data.
                _link = _link == contact ? null : _link;
                Announce();
            }
        }
    }

    private bool Handle(BleContact contact, byte type, byte[] payload)
    {
        IBleHost host = Host;
        if (type == Connect)
        {
            lock (_lock)
            {
                if (_link != null || _advertisement == null || host == null || payload.Length != 2)
                {
                    contact.Send(Disconnect, Array.Empty<byte>());
                    return false;
                }

                _link = contact;
                _contacts.Remove(contact);
                Announce();
            }

            int mtu = Math.Min(Mtu, payload[0] | (payload[1] << 8));
            host.OnConnected();
            host.OnMtu(mtu);
            contact.Send(Connected, new[] { (byte)mtu, (byte)(mtu >> 8) });
            return true;
        }

        if (type == Disconnect || contact != _link || host == null)
        {
            return false;
        }

        switch (type)
        {
            case WriteC1:
                contact.Send(WriteC1Done, new[] { host.OnWrite(payload) });
                return true;
            case SubscribeC2:
                byte refused = host.OnSubscribe(payload.Length == 1 ? payload[0] : (byte)0);
                contact.Send(SubscribeC2Done, refused == 0 ? Array.Empty<byte>() : new[] { refused });
                return true;
            case ReadC3:
                contact.Send(ReadC3Done, host.OnRead());
                return true;
            default:
                return true; // confirmations of what was no indication
        }
    }

    private byte[] Framed()
    {
        byte[] frame = new byte[Address.Length + _advertisement.Length];
        Address.CopyTo(frame, 0);
        _advertisement.CopyTo(frame, Address.Length);
        return frame;
    }

    private void Announce()
    {
        foreach (BleContact contact in _contacts)
        {
            if (_advertisement != null && _link == null)
            {
                contact.Send(Advertise, Framed());
            }
            else
            {
                contact.Send(AdvertiseStop, Array.Empty<byte>());
            }
        }
    }
}
