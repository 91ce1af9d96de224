using System;
using System.Threading;
using MatterNano.Platform;
using nanoFramework.Device.Bluetooth;
using nanoFramework.Device.Bluetooth.Advertisement;
using nanoFramework.Device.Bluetooth.GenericAttributeProfile;
using Buffer = nanoFramework.Device.Bluetooth.Buffer;

namespace MatterNano.Esp32;

/// <summary>The Matter service on the GATT server of nanoFramework (Core 4.19.4.2).</summary>
/// <remarks>
/// Requests come on the one event thread, while the radio's own task waits for the answer: each is fetched once, copied into a
/// ring, answered, and worked on by the loop. An answer that comes too late leaves the server deaf until the stack is started
/// anew, so that is what follows. The platform has no indications: values leave as notifications, and Sent tells that the
/// radio took one, not that the central has it. C2 declares both, because each central refuses one of the two
/// (boards/esp32/README.md). The platform cannot drop a central either, other than by stopping.
/// </remarks>
public sealed class GattRadio : IBleRadio
{
    private const ushort MatterService = 0xfff6;
    private const int MaxValue = 247;
    private const int RingSize = 2048;
    private const int RetryMilliseconds = 30;
    private const byte Flags = 0x01;
    private const byte ServiceData = 0x16;
    private const byte InsufficientResources = 0x11;
    private const byte InvalidLength = 0x0d;

    private readonly ISignal _signal;
    private readonly object _lock = new object();
    private readonly RecordRing _ring = new RecordRing(RingSize, 1);
    private readonly byte[] _kind = new byte[1];
    private readonly byte[] _takenKind = new byte[1];
    private readonly byte[] _mtuBytes = new byte[2];
    private Timer _retry;
    private GattServiceProvider _provider;
    private GattLocalCharacteristic _c2;
    private byte[] _serviceData;
    private byte[] _additionalData = new byte[0];
    private int _mtu;
    private uint _restarts;
    private bool _wanted;      // the stack wants to be advertised
    private bool _advertising; // the server was started with an advertisement
    private bool _active;      // a central is connected
    private bool _linked;      // and the loop was told so
    private bool _subscribed;
    private bool _served;      // the central's requests came through
    private bool _suspect;     // one left without having been served
    private bool _broken;

    /// <summary>Makes the radio; it stays off until <see cref="StartAdvertising"/>.</summary>
    /// <param name="signal">Woken by every event.</param>
    public GattRadio(ISignal signal)
    {
        _signal = signal;
    }

    /// <summary>How often the server had to be started anew because it was deaf or its ring was full.</summary>
    public uint Restarts
    {
        get { return _restarts; }
    }

    /// <inheritdoc/>
    public bool StartAdvertising(byte[] serviceData)
    {
        _serviceData = new byte[serviceData.Length + 2];
        _serviceData[0] = MatterService & 0xff;
        _serviceData[1] = MatterService >> 8;
        Array.Copy(serviceData, 0, _serviceData, 2, serviceData.Length);
        _wanted = true;
        return _active || Advertise();
    }

    /// <inheritdoc/>
    public void StopAdvertising()
    {
        _wanted = false;

        // While a central is connected nothing is advertised; to stop now would drop it.
        if (!_active)
        {
            StopServer();
        }
    }

    /// <inheritdoc/>
    public void SetAdditionalData(byte[] data, int length)
    {
        byte[] copy = new byte[length];
        Array.Copy(data, 0, copy, 0, length);
        _additionalData = copy;
    }

    /// <inheritdoc/>
    public bool TrySend(byte[] buffer, int offset, int length)
    {
        if (!_subscribed || _c2 == null)
        {
            return false;
        }

        byte[] value = new byte[length];
        Array.Copy(buffer, offset, value, 0, length);
        GattClientNotificationResult[] results = _c2.NotifyValue(new Buffer(value));
        bool sent = results.Length > 0 && results[0].Status == GattCommunicationStatus.Success;
        if (sent)
        {
            Raise(BleEvent.Sent, value, 0, 0);
        }
        else
        {
            // Its buffers are full: nothing will tell when they are not.
            if (_retry == null)
            {
                _retry = new Timer(OnRetry, null, RetryMilliseconds, Timeout.Infinite);
            }
            else
            {
                _retry.Change(RetryMilliseconds, Timeout.Infinite);
            }
        }

        return sent;
    }

    /// <inheritdoc/>
    public int TryTake(byte[] buffer, int offset, out int length)
    {
        if (_broken || (_suspect && !_active))
        {
            Restart();
        }

        int kind;
        lock (_lock)
        {
            length = _ring.Take(_takenKind, buffer, offset, MaxValue);
            kind = length < 0 ? BleEvent.None : _takenKind[0];
            if (kind == BleEvent.Connected)
            {
                length = ByteOrder.ReadUInt16(buffer, offset);
            }
        }

        if (kind == BleEvent.None)
        {
            length = 0;
        }
        else if (kind == BleEvent.Disconnected && !_wanted && !_active)
        {
            // The radio advertises again by itself.
            StopServer();
        }

        return kind;
    }

    /// <inheritdoc/>
    public void Disconnect()
    {
        if (_active)
        {
            Restart();
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        _wanted = false;
        StopServer();
        if (_provider != null)
        {
            _provider = null;
            _c2 = null;
            BluetoothLEServer.Instance.Dispose();
        }

        NoteDisconnected();
    }

    private bool Advertise()
    {
        try
        {
            if (_provider == null && !Build())
            {
                return false;
            }

            if (_advertising)
            {
                StopServer();
            }

            GattServiceProviderAdvertisingParameters parameters = new GattServiceProviderAdvertisingParameters();
            parameters.IsConnectable = true;
            parameters.IsDiscoverable = true;

            // Otherwise flags, name and service list come first and leave no room.
            parameters.CustomAdvertisement = true;
            parameters.Advertisement.DataSections.Clear();
            parameters.Advertisement.DataSections.Add(new BluetoothLEAdvertisementDataSection(Flags, new Buffer(new byte[] { 6 })));
            parameters.Advertisement.DataSections.Add(new BluetoothLEAdvertisementDataSection(ServiceData, new Buffer(_serviceData)));
            _provider.StartAdvertising(parameters);
            _advertising = true;
            return true;
        }
        catch (Exception)
        {
            // No memory for the controller, or an image without Bluetooth.
            return false;
        }
    }

    private bool Build()
    {
        BluetoothLEServer server = BluetoothLEServer.Instance;
        server.DeviceName = "Matter";
        server.Session.SessionStatusChanged += OnSessionStatus;
        server.Session.MaxPduSizeChanged += OnMtu;
        GattServiceProviderResult created = GattServiceProvider.Create(Utilities.CreateUuidFromShortCode(MatterService));
        if (created.Error != BluetoothError.Success)
        {
            return false;
        }

        GattLocalService service = created.ServiceProvider.Service;
        GattLocalCharacteristic c1 = Add(
            service,
            new Guid(0x18ee2ef5, 0x263d, 0x4559, 0x95, 0x9f, 0x4f, 0x9c, 0x42, 0x9f, 0x9d, 0x11),
            GattCharacteristicProperties.Write | GattCharacteristicProperties.WriteWithoutResponse);
        GattLocalCharacteristic c2 = Add(
            service,
            new Guid(0x18ee2ef5, 0x263d, 0x4559, 0x95, 0x9f, 0x4f, 0x9c, 0x42, 0x9f, 0x9d, 0x12),
            GattCharacteristicProperties.Indicate | GattCharacteristicProperties.Notify);
        GattLocalCharacteristic c3 = Add(
            service,
            new Guid(0x64630238, 0x8772, 0x45f2, 0xb8, 0x7d, 0x74, 0x8a, 0x83, 0x21, 0x8f, 0x04),
            GattCharacteristicProperties.Read);
        if (c1 == null || c2 == null || c3 == null)
        {
            return false;
        }

        c1.WriteRequested += OnWrite;
        c2.SubscribedClientsChanged += OnSubscribers;
        c3.ReadRequested += OnRead;
        _c2 = c2;
        _provider = created.ServiceProvider;
        return true;
    }

    private static GattLocalCharacteristic Add(GattLocalService service, Guid id, GattCharacteristicProperties properties)
    {
        GattLocalCharacteristicParameters parameters = new GattLocalCharacteristicParameters();
        parameters.CharacteristicProperties = properties;
        parameters.ReadProtectionLevel = GattProtectionLevel.Plain;
        parameters.WriteProtectionLevel = GattProtectionLevel.Plain;
        GattLocalCharacteristicResult created = service.CreateCharacteristic(id, parameters);
        return created.Error == BluetoothError.Success ? created.Characteristic : null;
    }

    private void StopServer()
    {
        if (_advertising)
        {
            _advertising = false;
            _provider.StopAdvertising();
        }
    }

    // The only way to be rid of a central or of a deaf server.
    private void Restart()
    {
        _broken = false;
        _suspect = false;
        _restarts++;
        StopServer();
        NoteDisconnected();
        if (_wanted)
        {
            Advertise();
        }
    }

    private void NoteDisconnected()
    {
        lock (_lock)
        {
            _active = false;
            _subscribed = false;
            _ring.Clear();
            if (_linked)
            {
                _linked = false;
                RaiseLocked(BleEvent.Disconnected, _mtuBytes, 0, 0);
            }
        }

        _signal.Set();
    }

    private void Raise(int kind, byte[] value, int offset, int length)
    {
        lock (_lock)
        {
            RaiseLocked(kind, value, offset, length);
        }

        _signal.Set();
    }

    private bool RaiseLocked(int kind, byte[] value, int offset, int length)
    {
        _kind[0] = (byte)kind;
        bool kept = _ring.Put(_kind, value, offset, length);
        if (!kept)
        {
            // To lose the link is honest, to lose a value is not.
            _broken = true;
        }

        return kept;
    }

    // The MTU is known by the first request at the latest: only then the loop hears of the central.
    private void NoteLinked()
    {
        _active = true;
        if (!_linked)
        {
            _linked = true;
            _mtuBytes[0] = (byte)_mtu;
            _mtuBytes[1] = (byte)(_mtu >> 8);
            RaiseLocked(BleEvent.Connected, _mtuBytes, 0, 2);
        }
    }

    private void OnRetry(object state)
    {
        Raise(BleEvent.Sent, _mtuBytes, 0, 0);
    }

    private void OnSessionStatus(object sender, GattSessionStatusChangedEventArgs args)
    {
        lock (_lock)
        {
            if (args.Status == GattSessionStatus.Active)
            {
                // The server keeps the last central's.
                _mtu = 0;
                _active = true;
                _served = false;
                return;
            }

            // A deaf server refuses everything without a word to us: a central that left unserved may have met it. When the next one is
            // there already, it shall tell.
            _suspect |= !_served;
            _active = false;
            _subscribed = false;
            if (_linked)
            {
                _linked = false;
                RaiseLocked(BleEvent.Disconnected, _mtuBytes, 0, 0);
            }
        }

        _signal.Set();
    }

    private void OnMtu(object sender, EventArgs args)
    {
        _mtu = ((GattSession)sender).MaxMtuSize;
    }

    private void OnWrite(GattLocalCharacteristic sender, GattWriteRequestedEventArgs args)
    {
        try
        {
            // Once: every call fetches again.
            GattWriteRequest request = args.GetRequest();
            Buffer buffer = request.Value;
            int length = (int)(buffer.Length & 0xffff);
            if (length > MaxValue)
            {
                request.RespondWithProtocolError(InvalidLength);
                return;
            }

            byte[] value = new byte[length];
            DataReader.FromBuffer(buffer).ReadBytes(value);
            bool kept;
            lock (_lock)
            {
                NoteLinked();
                _served = true;
                _suspect = false;
                kept = RaiseLocked(BleEvent.Written, value, 0, length);
            }

            if (kept)
            {
                request.Respond();
            }
            else
            {
                request.RespondWithProtocolError(InsufficientResources);
            }
        }
        catch (Exception)
        {
            _broken = true;
        }

        _signal.Set();
    }

    private void OnRead(GattLocalCharacteristic sender, GattReadRequestedEventArgs args)
    {
        try
        {
            args.GetRequest().RespondWithValue(new Buffer(_additionalData));
            _served = true;
            _suspect = false;
        }
        catch (Exception)
        {
            _broken = true;
            _signal.Set();
        }
    }

    private void OnSubscribers(GattLocalCharacteristic sender, object args)
    {
        bool subscribed = sender.SubscribedClients.Length > 0;
        lock (_lock)
        {
            if (subscribed == _subscribed)
            {
                return;
            }

            _subscribed = subscribed;
            if (subscribed)
            {
                NoteLinked();
                RaiseLocked(BleEvent.Subscribed, _mtuBytes, 0, 0);
            }
            else if (_linked)
            {
                RaiseLocked(BleEvent.Unsubscribed, _mtuBytes, 0, 0);
            }
        }

        _signal.Set();
    }
}
