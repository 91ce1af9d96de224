using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using MatterNano.Platform;

namespace MatterNano.Host;

/// <summary>A BLE peripheral whose radio is TCP on loopback: every connection is one central in reach.</summary>
/// <remarks>
/// Frame: type u8 | length u16 LE | payload. A connection listens to advertisements until it sends CONNECT, which makes it
/// the one GATT link; closing it without DISCONNECT is radio loss.
/// </remarks>
public sealed class SimulatedBleRadio : IBleRadio, IDisposable
{
    private const byte Advertise = 0x01;
    private const byte AdvertiseStop = 0x02;
    private const byte Connect = 0x10;
    private const byte Connected = 0x11;
    private const byte DisconnectFrame = 0x12;
    private const byte WriteC1 = 0x20;
    private const byte WriteC1Done = 0x21;
    private const byte SubscribeC2 = 0x22;
    private const byte SubscribeC2Done = 0x23;
    private const byte IndicateC2 = 0x24;
    private const byte ConfirmC2 = 0x25;
    private const byte ReadC3 = 0x26;
    private const byte ReadC3Done = 0x27;

    private const byte AttSuccess = 0;
    private const byte AttInvalidLength = 0x0d;
    private const int AttHeader = 3;
    private const int EventCapacity = 64;

    // Address of the simulated adapter, least significant byte first: locally administered.
    private static readonly byte[] s_address = { 0x01, 0x00, 0x00, 0x4e, 0x4d, 0x02 };

    private readonly object _lock = new();
    private readonly TcpListener _listener;
    private readonly ISignal _signal;
    private readonly int _mtu;
    private readonly bool _notifies;
    private readonly List<BleContact> _contacts = new();
    private readonly Queue<(int Kind, int Length, byte[] Value)> _events = new();
    private byte[] _advertisement;
    private byte[] _additionalData = Array.Empty<byte>();
    private BleContact _link;
    private int _linkMtu;
    private bool _subscribed;
    private bool _unconfirmed;

    /// <summary>Starts to listen on a loopback port.</summary>
    /// <param name="port">TCP port; 0 lets the system choose, see <see cref="Port"/>.</param>
    /// <param name="mtu">Largest ATT MTU of this radio, 23 to 517.</param>
    /// <param name="signal">Woken at every event.</param>
    /// <param name="notifies">True: values leave like notifications, without waiting for the central, as on nanoFramework.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public SimulatedBleRadio(int port, int mtu, ISignal signal, bool notifies = false)
    {
        _mtu = mtu;
        _notifies = notifies;
        _signal = signal;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "ble-accept" }.Start();
    }

    /// <summary>The TCP port in use.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <inheritdoc/>
    public bool StartAdvertising(byte[] serviceData)
    {
        var advertisement = new byte[s_address.Length + 7 + serviceData.Length];
        s_address.CopyTo(advertisement, 0);
        new byte[] { 0x02, 0x01, 0x06, (byte)(3 + serviceData.Length), 0x16, 0xf6, 0xff }.CopyTo(advertisement, s_address.Length);
        serviceData.CopyTo(advertisement, s_address.Length + 7);
        lock (_lock)
        {
            _advertisement = advertisement;
            Announce();
        }

        return true;
    }

    /// <inheritdoc/>
    public void StopAdvertising()
    {
        lock (_lock)
        {
            _advertisement = null;
            Announce();
        }
    }

    /// <inheritdoc/>
    public void SetAdditionalData(byte[] data, int length)
    {
        lock (_lock)
        {
            _additionalData = data.AsSpan(0, length).ToArray();
        }
    }

    /// <inheritdoc/>
    public bool TrySend(byte[] buffer, int offset, int length)
    {
        lock (_lock)
        {
            if (_link == null || !_subscribed || _unconfirmed)
            {
                return false;
            }

            _link.Send(IndicateC2, buffer.AsSpan(offset, length));
            _unconfirmed = !_notifies;
            if (_notifies)
            {
                Raise(BleEvent.Sent, 0, null);
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public int TryTake(byte[] buffer, int offset, out int length)
    {
        lock (_lock)
        {
            if (!_events.TryDequeue(out var next))
            {
                length = 0;
                return BleEvent.None;
            }

            next.Value?.CopyTo(buffer, offset);
            length = next.Length;
            return next.Kind;
        }
    }

    /// <inheritdoc/>
    public void Disconnect()
    {
        lock (_lock)
        {
            if (_link != null)
            {
                _link.Send(DisconnectFrame, default);
                Unlink();
            }
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        StopAdvertising();
        Disconnect();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _listener.Stop();
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
                // The listener was stopped.
                return;
            }

            var contact = new BleContact(client);
            lock (_lock)
            {
                _contacts.Add(contact);
                if (_advertisement != null && _link == null)
                {
                    contact.Send(Advertise, _advertisement);
                }
            }

            new Thread(() => Serve(contact)) { IsBackground = true, Name = "ble-contact" }.Start();
        }
    }

    private void Serve(BleContact contact)
    {
        while (contact.TryReceive(out byte type, out byte[] payload) && Handle(contact, type, payload))
        {
        }

        lock (_lock)
        {
            _contacts.Remove(contact);
            if (_link == contact)
            {
                Unlink();
            }
        }

        contact.Close();
    }

    private bool Handle(BleContact contact, byte type, byte[] payload)
    {
        lock (_lock)
        {
            if (type == Connect && _link == null && _advertisement != null && payload.Length == 2)
            {
                _contacts.Remove(contact);
                _link = contact;
                _linkMtu = Math.Min(_mtu, payload[0] | (payload[1] << 8));
                contact.Send(Connected, stackalloc byte[] { (byte)_linkMtu, (byte)(_linkMtu >> 8) });
                Announce();
                return Raise(BleEvent.Connected, _linkMtu, null);
            }

            if (type == DisconnectFrame)
            {
                return false;
            }

            if (contact != _link)
            {
                // A second central, or one that never connected.
                contact.Send(DisconnectFrame, default);
                return false;
            }

            switch (type)
            {
                case WriteC1 when payload.Length > _linkMtu - AttHeader:
                    contact.Send(WriteC1Done, stackalloc byte[] { AttInvalidLength });
                    return true;
                case WriteC1:
                    contact.Send(WriteC1Done, stackalloc byte[] { AttSuccess });
                    return Raise(BleEvent.Written, payload.Length, payload);
                case SubscribeC2:
                    _subscribed = payload.Length == 1 && payload[0] == 2;
                    contact.Send(SubscribeC2Done, default);
                    return Raise(_subscribed ? BleEvent.Subscribed : BleEvent.Unsubscribed, 0, null);
                case ConfirmC2:
                    _unconfirmed = false;
                    return _notifies || Raise(BleEvent.Sent, 0, null);
                case ReadC3:
                    contact.Send(ReadC3Done, _additionalData);
                    return true;
                default:
                    return true;
            }
        }
    }

    private bool Raise(int kind, int length, byte[] value)
    {
        if (_events.Count >= EventCapacity)
        {
            // The loop is not keeping up; losing the link is honest, losing a write is not.
            return false;
        }

        _events.Enqueue((kind, length, value));
        _signal.Set();
        return true;
    }

    private void Unlink()
    {
        BleContact link = _link;
        _link = null;
        _subscribed = false;
        _unconfirmed = false;
        _events.Enqueue((BleEvent.Disconnected, 0, null));
        _signal.Set();
        link.Close();
        Announce();
    }

    private void Announce()
    {
        foreach (BleContact contact in _contacts)
        {
            if (_advertisement != null && _link == null)
            {
                contact.Send(Advertise, _advertisement);
            }
            else
            {
                contact.Send(AdvertiseStop, default);
            }
        }
    }
}
