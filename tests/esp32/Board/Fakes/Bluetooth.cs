// PC implementation of what is used of nanoFramework.Device.Bluetooth.
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using MatterNano.Esp32.Machine;
using nanoFramework.Device.Bluetooth.Advertisement;
using nanoFramework.Device.Bluetooth.GenericAttributeProfile;

namespace nanoFramework.Device.Bluetooth
{
    public enum BluetoothError
    {
        Success = 0,
        RadioNotAvailable = 1,
        ResourceInUse = 2,
    }

    public class Buffer
    {
        public Buffer(byte[] array)
        {
            Data = array;
            Length = (uint)array.Length;
        }

        public uint Length { get; set; }

        internal byte[] Data { get; }
    }

    public class DataReader
    {
        private readonly Buffer _buffer;
        private int _position;

        private DataReader(Buffer buffer)
        {
            _buffer = buffer;
        }

        public static DataReader FromBuffer(Buffer buffer) => new DataReader(buffer);

        public void ReadBytes(byte[] value)
        {
            Array.Copy(_buffer.Data, _position, value, 0, value.Length);
            _position += value.Length;
        }
    }

    public static class Utilities
    {
        public static Guid CreateUuidFromShortCode(ushort uuid16) => new Guid(uuid16, 0, 0x1000, 0x80, 0, 0, 0x80, 0x5f, 0x9b, 0x34, 0xfb);
    }

    /// <summary>One for the process; a new one after Dispose.</summary>
    public class BluetoothLEServer : IDisposable
    {
        private static BluetoothLEServer s_instance;

        private BluetoothLEServer()
        {
            Stack = new BleStack(Chip.Current, this);
        }

        public static BluetoothLEServer Instance => s_instance ??= new BluetoothLEServer();

        public string DeviceName { get; set; }

        public GattSession Session { get; } = new GattSession();

        internal BleStack Stack { get; }

        public void Dispose()
        {
            Stack.Stop();
            s_instance = null;
        }
    }

    /// <summary>NimBLE and the native half of the package, with its faults.</summary>
    internal sealed class BleStack : IBleHost
    {
        private const byte UnlikelyError = 0x0e;
        private const byte RequestNotSupported = 0x06;

        private readonly Chip _chip;
        private readonly BluetoothLEServer _server;
        private readonly object _lock = new();
        private readonly AutoResetEvent _answered = new(false);
        private ushort _event;
        private byte[] _data;
        private byte[] _value;
        private byte _status;
        private bool _waiting;
        private bool _deaf;

        internal BleStack(Chip chip, BluetoothLEServer server)
        {
            _chip = chip;
            _server = server;
        }

        internal List<GattLocalCharacteristic> Characteristics { get; } = new();

        internal bool IsRunning { get; private set; }

        internal void Start(byte[] advertisement)
        {
            _deaf = false;
            IsRunning = true;
            _chip.Radio.Host = this;
            _chip.Radio.StartAdvertising(advertisement);
        }

        internal void Stop()
        {
            if (IsRunning)
            {
                IsRunning = false;
                _chip.Radio.Host = null;
                _chip.Radio.TearDown();
                Characteristics.ForEach(one => one.Clients.Clear());
            }
        }

        internal bool Notify(byte[] value) => _chip.Radio.Notify(value);

        internal byte[] GetData(ushort id)
        {
            lock (_lock)
            {
                // After the time-out the memory is freed; a second fetch is another fetch.
                return id == _event && _data != null ? _data : throw new OutOfMemoryException();
            }
        }

        internal void Respond(ushort id, byte status, byte[] value)
        {
            lock (_lock)
            {
                if (id != _event)
                {
                    _deaf = true; // the native mutex is never released
                    return;
                }

                if (_waiting)
                {
                    _waiting = false;
                    _status = status;
                    _value = value;
                    _answered.Set();
                }
            }
        }

        void IBleHost.OnConnected() => _chip.Post(() => _server.Session.Raise(GattSessionStatus.Active));

        void IBleHost.OnMtu(int mtu) => _chip.Post(() => _server.Session.RaiseMtu((ushort)mtu));

        void IBleHost.OnDisconnected()
        {
            _chip.Post(() =>
            {
                foreach (GattLocalCharacteristic one in Characteristics.Where(one => one.Clients.Count > 0))
                {
                    one.Clients.Clear();
                    one.RaiseSubscribed();
                }

                _server.Session.Raise(GattSessionStatus.Closed);
            });
        }

        byte IBleHost.OnSubscribe(byte configuration)
        {
            GattLocalCharacteristic c2 = Characteristics.First(one => (one.Properties & (GattCharacteristicProperties.Indicate | GattCharacteristicProperties.Notify)) != 0);
            bool notifies = (c2.Properties & GattCharacteristicProperties.Notify) != 0;
            bool indicates = (c2.Properties & GattCharacteristicProperties.Indicate) != 0;
            if (configuration > 3 || (!notifies && (configuration & 1) != 0) || (!indicates && (configuration & 2) != 0))
            {
                // What is not declared cannot be asked for.
                return RequestNotSupported;
            }

            using ManualResetEventSlim done = new();
            _chip.Post(() =>
            {
                c2.Clients.Clear();
                if (configuration != 0)
                {
                    c2.Clients.Add(new GattSubscribedClient());
                }

                c2.RaiseSubscribed();
                done.Set();
            });
            done.Wait(_chip.Radio.AnswerLimit);
            return 0;
        }

        byte IBleHost.OnWrite(byte[] value)
        {
            GattLocalCharacteristic c1 = Characteristics.First(one => (one.Properties & GattCharacteristicProperties.Write) != 0);
            return Ask(value, id => c1.RaiseWrite(new GattWriteRequestedEventArgs(id)));
        }

        byte[] IBleHost.OnRead()
        {
            GattLocalCharacteristic c3 = Characteristics.First(one => (one.Properties & GattCharacteristicProperties.Read) != 0);
            return Ask(new byte[0], id => c3.RaiseRead(new GattReadRequestedEventArgs(id))) == 0 ? _value : new byte[0];
        }

        // The host task waits for the program.
        private byte Ask(byte[] data, Action<ushort> raise)
        {
            ushort id;
            lock (_lock)
            {
                if (_deaf)
                {
                    return UnlikelyError;
                }

                id = ++_event;
                _data = data;
                _waiting = true;
            }

            _chip.Post(() => raise(id));
            if (_answered.WaitOne(_chip.Radio.AnswerLimit))
            {
                return _status;
            }

            lock (_lock)
            {
                if (!_waiting)
                {
                    _answered.Reset(); // it came in between
                    return _status;
                }

                _waiting = false;
                _data = null;
                return UnlikelyError;
            }
        }
    }
}

namespace nanoFramework.Device.Bluetooth.Advertisement
{
    public class BluetoothLEAdvertisementDataSection
    {
        public BluetoothLEAdvertisementDataSection(byte dataType, Buffer data)
        {
            DataType = dataType;
            Data = data;
        }

        public byte DataType { get; set; }

        public Buffer Data { get; set; }
    }

    public class BluetoothLEAdvertisement
    {
        public ArrayList DataSections { get; } = new();

        // 31 bytes; what does not fit goes into the scan response, which is not simulated.
        internal byte[] ToBytes()
        {
            MemoryStream bytes = new();
            foreach (BluetoothLEAdvertisementDataSection section in DataSections)
            {
                if (bytes.Length + 2 + section.Data.Length <= 31)
                {
                    bytes.WriteByte((byte)(section.Data.Length + 1));
                    bytes.WriteByte(section.DataType);
                    bytes.Write(section.Data.Data, 0, (int)section.Data.Length);
                }
            }

            return bytes.ToArray();
        }
    }
}

namespace nanoFramework.Device.Bluetooth.GenericAttributeProfile
{
    [Flags]
    public enum GattCharacteristicProperties : uint
    {
        None = 0,
        Read = 2,
        WriteWithoutResponse = 4,
        Write = 8,
        Notify = 16,
        Indicate = 32,
    }

    public enum GattProtectionLevel
    {
        Plain = 0,
    }

    public enum GattCommunicationStatus
    {
        Success = 0,
        Unreachable = 1,
    }

    public enum GattSessionStatus
    {
        Closed = 0,
        Active = 1,
    }

    public class GattSessionStatusChangedEventArgs
    {
        internal GattSessionStatusChangedEventArgs(GattSessionStatus status)
        {
            Status = status;
        }

        public GattSessionStatus Status { get; }
    }

    public class GattSession
    {
        public delegate void GattSessionStatusChangedEventHandler(object sender, GattSessionStatusChangedEventArgs args);

        public event GattSessionStatusChangedEventHandler SessionStatusChanged;

        public event EventHandler MaxPduSizeChanged;

        /// <summary>One for the server; keeps the last central's.</summary>
        public ushort MaxMtuSize { get; private set; }

        internal void Raise(GattSessionStatus status) => SessionStatusChanged?.Invoke(this, new GattSessionStatusChangedEventArgs(status));

        internal void RaiseMtu(ushort mtu)
        {
            MaxMtuSize = mtu;
            MaxPduSizeChanged?.Invoke(this, EventArgs.Empty);
        }
    }

    public class GattSubscribedClient
    {
    }

    public class GattClientNotificationResult
    {
        internal GattClientNotificationResult(bool sent)
        {
            Status = sent ? GattCommunicationStatus.Success : GattCommunicationStatus.Unreachable;
        }

        public GattCommunicationStatus Status { get; }
    }

    public class GattLocalCharacteristicParameters
    {
        public GattCharacteristicProperties CharacteristicProperties { get; set; }

        public GattProtectionLevel ReadProtectionLevel { get; set; }

        public GattProtectionLevel WriteProtectionLevel { get; set; }
    }

    public class GattLocalCharacteristicResult
    {
        public BluetoothError Error { get; internal set; }

        public GattLocalCharacteristic Characteristic { get; internal set; }
    }

    public class GattLocalCharacteristic
    {
        public delegate void GattLocalCharacteristicReadEventHandler(GattLocalCharacteristic sender, GattReadRequestedEventArgs ReadRequestEventArgs);

        public delegate void GattLocalCharacteristicWriteEventHandler(GattLocalCharacteristic sender, GattWriteRequestedEventArgs WriteRequestEventArgs);

        public delegate void GattLocalCharacteristicClientsChangedEventHandler(GattLocalCharacteristic sender, object args);

        public event GattLocalCharacteristicReadEventHandler ReadRequested;

        public event GattLocalCharacteristicWriteEventHandler WriteRequested;

        public event GattLocalCharacteristicClientsChangedEventHandler SubscribedClientsChanged;

        public GattSubscribedClient[] SubscribedClients => Clients.ToArray();

        internal List<GattSubscribedClient> Clients { get; } = new();

        internal GattCharacteristicProperties Properties { get; init; }

        internal Guid Id { get; init; }

        /// <summary>Always a notification, whatever the client subscribed to.</summary>
        public GattClientNotificationResult[] NotifyValue(Buffer value)
        {
            return Clients.ToArray().Select(_ => new GattClientNotificationResult(BluetoothLEServer.Instance.Stack.Notify(value.Data))).ToArray();
        }

        internal void RaiseRead(GattReadRequestedEventArgs args) => ReadRequested?.Invoke(this, args);

        internal void RaiseWrite(GattWriteRequestedEventArgs args) => WriteRequested?.Invoke(this, args);

        internal void RaiseSubscribed() => SubscribedClientsChanged?.Invoke(this, null);
    }

    public class GattLocalService
    {
        public GattLocalCharacteristicResult CreateCharacteristic(Guid characteristicUuid, GattLocalCharacteristicParameters parameters)
        {
            GattLocalCharacteristic created = new() { Id = characteristicUuid, Properties = parameters.CharacteristicProperties };
            BluetoothLEServer.Instance.Stack.Characteristics.Add(created);
            return new GattLocalCharacteristicResult { Characteristic = created };
        }
    }

    public class GattServiceProviderAdvertisingParameters
    {
        public BluetoothLEAdvertisement Advertisement { get; } = new();

        public bool IsConnectable { get; set; } = true;

        public bool IsDiscoverable { get; set; } = true;

        public bool CustomAdvertisement { get; set; }
    }

    public class GattServiceProviderResult
    {
        public BluetoothError Error { get; internal set; }

        public GattServiceProvider ServiceProvider { get; internal set; }
    }

    public class GattServiceProvider
    {
        private GattServiceProvider()
        {
        }

        public GattLocalService Service { get; } = new();

        public static GattServiceProviderResult Create(Guid serviceUuid) => new() { ServiceProvider = new GattServiceProvider() };

        public void StartAdvertising(GattServiceProviderAdvertisingParameters parameters)
        {
            if (BluetoothLEServer.Instance.Stack.IsRunning)
            {
                throw new InvalidOperationException("start, stop, start: never start twice");
            }

            byte[] advertisement = parameters.Advertisement.ToBytes();
            if (!parameters.CustomAdvertisement)
            {
                advertisement = new byte[] { 2, 1, 6 }; // flags, name and services leave no room
            }

            BluetoothLEServer.Instance.Stack.Start(advertisement);
        }

        /// <summary>Tears the stack down.</summary>
        public void StopAdvertising() => BluetoothLEServer.Instance.Stack.Stop();
    }

    public class GattWriteRequest
    {
        private readonly ushort _id;

        internal GattWriteRequest(ushort id)
        {
            _id = id;
            Value = new Buffer(BluetoothLEServer.Instance.Stack.GetData(id));
        }

        public Buffer Value { get; }

        public void Respond() => BluetoothLEServer.Instance.Stack.Respond(_id, 0, null);

        public void RespondWithProtocolError(byte protocolError) => BluetoothLEServer.Instance.Stack.Respond(_id, protocolError, null);
    }

    public class GattWriteRequestedEventArgs
    {
        private readonly ushort _id;

        internal GattWriteRequestedEventArgs(ushort id)
        {
            _id = id;
        }

        public GattWriteRequest GetRequest() => new GattWriteRequest(_id);
    }

    public class GattReadRequest
    {
        private readonly ushort _id;

        internal GattReadRequest(ushort id)
        {
            _id = id;
        }

        public void RespondWithValue(Buffer value) => BluetoothLEServer.Instance.Stack.Respond(_id, 0, value.Data);
    }

    public class GattReadRequestedEventArgs
    {
        private readonly ushort _id;

        internal GattReadRequestedEventArgs(ushort id)
        {
            _id = id;
        }

        public GattReadRequest GetRequest() => new GattReadRequest(_id);
    }
}
