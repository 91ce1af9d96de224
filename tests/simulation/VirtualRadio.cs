using System;
using System.Collections.Generic;
using MatterNano.Ble;
using MatterNano.Peer;
using MatterNano.Platform;

namespace MatterNano.Simulation;

/// <summary>A BLE peripheral and the air around it: one central at a time, a millisecond for each packet.</summary>
public sealed class VirtualRadio : IBleRadio
{
    private readonly VirtualTime _time;
    private readonly Queue<(int Kind, int Length, byte[] Value)> _events = new();
    private VirtualCentral _central;
    private bool _unconfirmed;

    public VirtualRadio(VirtualTime time) => _time = time;

    public bool IsAdvertising { get; private set; }

    public bool IsLinked => _central != null;

    /// <summary>What was advertised last, in hexadecimal.</summary>
    public string ServiceData { get; private set; }

    /// <summary>What C3 tells, in hexadecimal.</summary>
    public string AdditionalData { get; private set; } = string.Empty;

    public bool StartAdvertising(byte[] serviceData)
    {
        ServiceData = Convert.ToHexString(serviceData);
        return IsAdvertising = true;
    }

    public void StopAdvertising() => IsAdvertising = false;

    public void SetAdditionalData(byte[] data, int length) => AdditionalData = Convert.ToHexString(data, 0, length);

    public bool TrySend(byte[] buffer, int offset, int length)
    {
        if (_central == null || _unconfirmed)
        {
            return false;
        }

        byte[] value = buffer.AsSpan(offset, length).ToArray();
        VirtualCentral central = _central;
        _unconfirmed = true;
        _time.Schedule(1, () =>
        {
            if (central == _central)
            {
                _unconfirmed = false;
                _events.Enqueue((BleEvent.Sent, 0, null));
                central.OnIndication(value);
            }
        });
        return true;
    }

    public int TryTake(byte[] buffer, int offset, out int length)
    {
        length = 0;
        if (!_events.TryDequeue(out (int Kind, int Length, byte[] Value) next))
        {
            return BleEvent.None;
        }

        next.Value?.CopyTo(buffer, offset);
        length = next.Length;
        return next.Kind;
    }

    public void Disconnect() => Unlink();

    public void Close()
    {
        IsAdvertising = false;
        Unlink();
    }

    internal void Link(VirtualCentral central, int mtu)
    {
        if (_central != null || !IsAdvertising)
        {
            throw new InvalidOperationException("the device cannot be connected to");
        }

        _central = central;
        _unconfirmed = false;
        _events.Enqueue((BleEvent.Connected, mtu, null));
    }

    internal void Subscribe() => _events.Enqueue((BleEvent.Subscribed, 0, null));

    internal void Write(byte[] value) => _events.Enqueue((BleEvent.Written, value.Length, value));

    internal void Unlink()
    {
        VirtualCentral central = _central;
        if (central != null)
        {
            _central = null;
            _events.Enqueue((BleEvent.Disconnected, 0, null));
            central.OnLost();
        }
    }
}

/// <summary>A controller on the radio: BTP as a central speaks it, under a <see cref="MatterPeer"/>.</summary>
public sealed class VirtualCentral : IPeerHost
{
    private const int AcknowledgeAfter = 2500;

    private readonly VirtualTime _time;
    private readonly VirtualRadio _radio;
    private readonly Queue<byte[]> _messages = new();
    private readonly List<byte> _received = new();
    private byte[] _sending;
    private int _sent;
    private int _segment;
    private int _window;
    private int _next;
    private int _lastAcknowledged = 255;
    private int _lastReceived;
    private int _owed;
    private bool _open;

    public VirtualCentral(VirtualTime time, VirtualRadio radio, int seed)
    {
        _time = time;
        _radio = radio;
        Matter = new MatterPeer(this, seed) { UsesMrp = false };
    }

    public MatterPeer Matter { get; }

    /// <summary>True once the device or the air ended the link.</summary>
    public bool IsLost { get; private set; }

    public long Now => _time.Milliseconds;

    public void Connect(int mtu, int window)
    {
        _radio.Link(this, mtu);
        _radio.Write(new byte[] { 0x65, 0x6c, 4, 0, 0, 0, (byte)mtu, (byte)(mtu >> 8), (byte)window });
        _radio.Subscribe();
    }

    /// <summary>Goes out of reach.</summary>
    public void Leave() => _radio.Unlink();

    public void Send(byte[] datagram)
    {
        _messages.Enqueue(datagram);
        Pump(false);
    }

    public Action Schedule(long delay, Action action) => _time.Schedule(delay, action);

    internal void OnLost()
    {
        IsLost = true;
        _open = false;
    }

    internal void OnIndication(byte[] value)
    {
        if (!_open)
        {
            _open = true;
            _segment = value[3] | (value[4] << 8);
            _window = value[5];
            _lastReceived = 0;
            Owe();
        }
        else
        {
            BtpPacket packet = new();
            if (!packet.TryRead(value, 0, value.Length) || packet.Sequence != ((_lastReceived + 1) & 0xff))
            {
                throw new InvalidOperationException("the device broke BTP: " + Convert.ToHexString(value));
            }

            _lastReceived = packet.Sequence;
            Owe();
            if (packet.Acknowledged >= 0)
            {
                _lastAcknowledged = packet.Acknowledged;
            }

            _received.AddRange(value.AsSpan(packet.SegmentOffset, packet.SegmentLength).ToArray());
            if ((packet.Flags & BtpPacket.Ending) != 0)
            {
                byte[] message = _received.ToArray();
                _received.Clear();
                Matter.OnDatagram(message);
            }
        }

        Pump(_window - _owed <= 2);
    }

    private void Owe()
    {
        if (++_owed == 1)
        {
            _time.Schedule(AcknowledgeAfter, () => Pump(true));
        }
    }

    private void Pump(bool acknowledge)
    {
        while (_open)
        {
            int outstanding = (_next - 1 - _lastAcknowledged) & 0xff;
            bool data = (_sending != null || _messages.Count > 0) && (outstanding < _window - 1 || (outstanding == _window - 1 && _owed > 0));
            if (!data && (!acknowledge || _owed == 0 || outstanding >= _window))
            {
                return;
            }

            Put(data);
        }
    }

    private void Put(bool data)
    {
        byte[] packet = new byte[_segment];
        int number = _owed > 0 ? _lastReceived : -1;
        int length;
        if (!data)
        {
            length = BtpPacket.WriteHeader(packet, 0, 0, number, _next, 0);
        }
        else
        {
            int flags = _sending == null ? BtpPacket.Beginning : BtpPacket.Continuing;
            if (_sending == null)
            {
                _sending = _messages.Dequeue();
                _sent = 0;
            }

            int header = 2 + (number >= 0 ? 1 : 0) + (flags == BtpPacket.Beginning ? 2 : 0);
            int count = Math.Min(_segment - header, _sending.Length - _sent);
            flags |= _sent + count == _sending.Length ? BtpPacket.Ending : 0;
            BtpPacket.WriteHeader(packet, 0, flags, number, _next, _sending.Length);
            Array.Copy(_sending, _sent, packet, header, count);
            length = header + count;
            _sent += count;
            if (_sent == _sending.Length)
            {
                _sending = null;
            }
        }

        _owed = 0;
        _next = (_next + 1) & 0xff;
        _radio.Write(packet.AsSpan(0, length).ToArray());
    }
}

/// <summary>A Wi-Fi station that joins the network "home" with the password "correct horse" at once.</summary>
public sealed class VirtualWifi : IWifi
{
    public int ChangeCount { get; private set; }

    public int State { get; private set; }

    public int FailureReason { get; private set; }

    public int ErrorValue => 0;

    public int ScanState => WifiState.ScanIdle;

    public int ScanCount => 0;

    public bool IsConcurrent => true;

    /// <summary>Called when the station is connected; an address comes after it.</summary>
    public Action Joined { get; set; }

    /// <summary>Whether the access point is on.</summary>
    public bool IsThere { get; set; } = true;

    public bool StartScan(byte[] ssid, int offset, int length) => false;

    public void GetScanResult(int index, WifiAccessPoint into)
    {
    }

    public bool StartConnect(byte[] ssid, int ssidOffset, int ssidLength, byte[] credentials, int credentialsOffset, int credentialsLength)
    {
        bool there = IsThere && ssid.AsSpan(ssidOffset, ssidLength).SequenceEqual("home"u8);
        bool right = credentials.AsSpan(credentialsOffset, credentialsLength).SequenceEqual("correct horse"u8);
        FailureReason = there ? WifiState.ReasonAuthentication : WifiState.ReasonNotFound;
        State = there && right ? WifiState.Connected : WifiState.Failed;
        ChangeCount++;
        if (State == WifiState.Connected)
        {
            Joined?.Invoke();
        }

        return true;
    }

    public void Disconnect()
    {
        State = WifiState.Disconnected;
        ChangeCount++;
    }

    /// <summary>The access point goes away.</summary>
    public void Lose()
    {
        IsThere = false;
        Disconnect();
    }

    public bool GetConnection(WifiAccessPoint into) => false;
}
