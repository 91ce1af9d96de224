using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.Ble;

/// <summary>Matter messages over the one BLE link: the radio's events in, a <see cref="BtpSession"/> between, datagrams out.</summary>
public sealed class BleTransport : IDatagramSender, IBtpHandler
{
    private const int ValueSize = BtpSession.MaxSegment + 3;

    private readonly IBleRadio _radio;
    private readonly IClock _clock;
    private readonly BtpSession _session;
    private readonly NetworkAddress _address = new NetworkAddress();
    private readonly byte[] _value = new byte[ValueSize];
    private readonly byte[] _serviceData = new byte[BleServiceData.Size];
    private ExchangeManager _exchanges;
    private IBleTransportListener _listener;
    private bool _connected;
    private bool _opened;
    private bool _failed;
    private uint _refused;

    /// <summary>Creates the transport; the radio stays silent until <see cref="Advertise"/>.</summary>
    public BleTransport(IBleRadio radio, IClock clock)
    {
        _radio = radio;
        _clock = clock;
        _session = new BtpSession(this);
        _address.Transport = NetworkAddress.Ble;
    }

    /// <summary>True while a commissioner's BTP session is open.</summary>
    public bool IsOpen
    {
        get { return _session.IsOpen; }
    }

    /// <summary>True while a central is connected.</summary>
    public bool IsConnected
    {
        get { return _connected; }
    }

    /// <summary>True when nothing waits to be sent.</summary>
    public bool IsDrained
    {
        get { return _session.IsDrained; }
    }

    /// <summary>Links dropped because the peer broke the protocol, was silent too long, or could not keep up.</summary>
    public uint Dropped
    {
        get { return _refused; }
    }

    /// <summary>When <see cref="Process"/> wants to be called next, in clock milliseconds; radio events wake the loop by themselves.</summary>
    public long NextDeadline
    {
        get { return _session.NextDeadline; }
    }

    /// <summary>Names who gets the messages and who hears of the link. At start.</summary>
    public void Attach(ExchangeManager exchanges, IBleTransportListener listener)
    {
        _exchanges = exchanges;
        _listener = listener;
    }

    /// <summary>Advertises the device as commissionable, or changes what is advertised.</summary>
    /// <returns>False when the radio cannot.</returns>
    public bool Advertise(int discriminator, int vendorId, int productId)
    {
        BleServiceData.Write(_serviceData, discriminator, vendorId, productId, 0);
        return _radio.StartAdvertising(_serviceData);
    }

    /// <summary>Stops advertising; an open link stays.</summary>
    public void StopAdvertising()
    {
        _radio.StopAdvertising();
    }

    /// <summary>Drops the link, if there is one.</summary>
    public void Disconnect()
    {
        if (_connected)
        {
            _radio.Disconnect();
            LinkLost();
        }
    }

    /// <summary>Ends link and advertising and gives the radio's memory back.</summary>
    public void Close()
    {
        Disconnect();
        _radio.Close();
    }

    /// <summary>Takes the radio's events and runs what is due.</summary>
    /// <returns>When to be called next, in clock milliseconds.</returns>
    public long Process(long now)
    {
        int length;
        for (int kind = _radio.TryTake(_value, 0, out length); kind != BleEvent.None; kind = _radio.TryTake(_value, 0, out length))
        {
            bool good = Handle(kind, length, now);

            // A full queue is found while a message is handled; the link goes once that call is over.
            if (!good || _failed)
            {
                Drop();
            }
        }

        if (_connected && (_failed || !_session.Process(now)))
        {
            Drop();
        }

        return _session.NextDeadline;
    }

    /// <inheritdoc/>
    public void Send(NetworkAddress to, byte[] buffer, int offset, int length)
    {
        // Messages over BTP are not repeated by MRP: what cannot be queued would be lost, so the link goes instead.
        if (!_session.Send(buffer, offset, length, _clock.Milliseconds) && _connected)
        {
            _failed = true;
        }
    }

    /// <inheritdoc/>
    void IBtpHandler.OnBtpMessage(byte[] buffer, int offset, int length)
    {
        _exchanges.OnDatagram(buffer, offset, length, _address);
    }

    /// <inheritdoc/>
    bool IBtpHandler.TrySendBtpPacket(byte[] buffer, int offset, int length)
    {
        return _radio.TrySend(buffer, offset, length);
    }

    private bool Handle(int kind, int length, long now)
    {
        switch (kind)
        {
            case BleEvent.Connected:
                _connected = true;
                _failed = false;
                _session.OnConnected(length, now);
                return true;
            case BleEvent.Subscribed:
                return NoteOpened(_session.OnSubscribed(now));
            case BleEvent.Written:
                return NoteOpened(_session.OnWritten(_value, 0, length, now));
            case BleEvent.Sent:
                _session.OnSent(now);
                return true;
            case BleEvent.Unsubscribed:
                // Without C2 nothing can be answered.
                return !_session.IsOpen;
            default:
                LinkLost();
                return true;
        }
    }

    private bool NoteOpened(bool good)
    {
        if (_session.IsOpen && !_opened)
        {
            _opened = true;
            _listener.OnBleLinkOpened();
        }

        return good;
    }

    private void Drop()
    {
        if (_connected)
        {
            _refused++;
            Disconnect();
        }
    }

    private void LinkLost()
    {
        bool opened = _opened;
        _connected = false;
        _opened = false;
        _failed = false;
        _session.Close();
        if (opened)
        {
            _listener.OnBleLinkLost();
        }
    }
}
