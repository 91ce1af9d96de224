using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.Ble;

/// <summary>Matter messages over the one BLE link: the radio's events in, a <see cref="BtpSession"/> between, datagrams out.</summary>
public sealed class BleTransport : IDatagramSender, IBtpHandler
{
    /// <summary>Bytes of buffer that every value of a central fits.</summary>
    public const int ReceiveSize = BtpSession.MaxSegment + 3;

    private readonly IBleRadio _radio;
    private readonly IClock _clock;
    private readonly byte[] _value;
    private readonly NetworkAddress _address;
    private ExchangeManager _exchanges;
    private IBleTransportListener _listener;

    // Of the central that is connected; null while there is none.
    private BtpSession _session;
    private bool _opened;
    private bool _failed;
    private uint _refused;

    /// <summary>Creates the transport; the radio stays silent until <see cref="Advertise"/>.</summary>
    /// <param name="receiveBuffer">Used during <see cref="Process"/> only, so it may serve other readers of the loop too; <see cref="ReceiveSize"/> bytes or more.</param>
    /// <param name="address">Names the sender of each message while it is handled; may serve other readers of the loop too.</param>
    public BleTransport(IBleRadio radio, IClock clock, byte[] receiveBuffer, NetworkAddress address)
    {
        _radio = radio;
        _clock = clock;
        _value = receiveBuffer;
        _address = address;
    }

    /// <summary>True while a commissioner's BTP session is open.</summary>
    public bool IsOpen
    {
        get { return _session != null && _session.IsOpen; }
    }

    /// <summary>True while a central is connected.</summary>
    public bool IsConnected
    {
        get { return _session != null; }
    }

    /// <summary>True when nothing waits to be sent.</summary>
    public bool IsDrained
    {
        get { return _session == null || _session.IsDrained; }
    }

    /// <summary>Links dropped because the peer broke the protocol, was silent too long, or could not keep up.</summary>
    public uint Dropped
    {
        get { return _refused; }
    }

    /// <summary>When <see cref="Process"/> wants to be called next, in clock milliseconds; radio events wake the loop by themselves.</summary>
    public long NextDeadline
    {
        get { return _session == null ? long.MaxValue : _session.NextDeadline; }
    }

    /// <summary>Names who gets the messages and who hears of the link. At start.</summary>
    public void Attach(ExchangeManager exchanges, IBleTransportListener listener)
    {
        _exchanges = exchanges;
        _listener = listener;
    }

    /// <summary>Advertises the device as commissionable, or changes what is advertised.</summary>
    /// <param name="discriminator">0 to 4095.</param>
    /// <param name="vendorId">Vendor.</param>
    /// <param name="productId">Product.</param>
    /// <param name="additionalData">What C3 tells (Core 5.4.2.5.7); null for nothing.</param>
    /// <returns>False when the radio cannot.</returns>
    public bool Advertise(int discriminator, int vendorId, int productId, byte[] additionalData)
    {
        if (additionalData != null)
        {
            _radio.SetAdditionalData(additionalData, additionalData.Length);
        }

        byte[] serviceData = new byte[BleServiceData.Size];
        BleServiceData.Write(serviceData, discriminator, vendorId, productId, additionalData == null ? 0 : BleServiceData.HasAdditionalData);
        return _radio.StartAdvertising(serviceData);
    }

    /// <summary>Stops advertising; an open link stays.</summary>
    public void StopAdvertising()
    {
        _radio.StopAdvertising();
    }

    /// <summary>Drops the link, if there is one.</summary>
    public void Disconnect()
    {
        if (_session != null)
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

        if (_session != null && (_failed || !_session.Process(now)))
        {
            Drop();
        }

        return NextDeadline;
    }

    /// <inheritdoc/>
    public void Send(NetworkAddress to, byte[] buffer, int offset, int length)
    {
        // Messages over BTP are not repeated by MRP: what cannot be queued would be lost, so the link goes instead.
        if (_session != null && !_session.Send(buffer, offset, length, _clock.Milliseconds))
        {
            _failed = true;
        }
    }

    /// <inheritdoc/>
    void IBtpHandler.OnBtpMessage(byte[] buffer, int offset, int length)
    {
        _address.Clear();
        _address.Transport = NetworkAddress.Ble;
        _exchanges.OnDatagram(buffer, offset, length, _address);
    }

    /// <inheritdoc/>
    bool IBtpHandler.TrySendBtpPacket(byte[] buffer, int offset, int length)
    {
        return _radio.TrySend(buffer, offset, length);
    }

    private bool Handle(int kind, int length, long now)
    {
        if (kind == BleEvent.Connected)
        {
            _session = new BtpSession(this);
            _failed = false;
            _session.OnConnected(length, now);
            return true;
        }

        if (_session == null)
        {
            // Of a link that was dropped meanwhile.
            return true;
        }

        switch (kind)
        {
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
        if (IsOpen && !_opened)
        {
            _opened = true;
            _listener.OnBleLinkOpened();
        }

        return good;
    }

    private void Drop()
    {
        if (_session != null)
        {
            _refused++;
            Disconnect();
        }
    }

    private void LinkLost()
    {
        bool opened = _opened;
        BtpSession session = _session;
        _session = null;
        _opened = false;
        _failed = false;
        if (session != null)
        {
            session.Close();
        }

        if (opened)
        {
            _listener.OnBleLinkLost();
        }
    }
}
