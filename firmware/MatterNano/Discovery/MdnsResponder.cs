using System;
using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.Discovery;

/// <summary>Advertises the node by multicast DNS (RFC 6762, RFC 6763, Core 4.3): answers queries, announces, says goodbye.</summary>
/// <remarks>
/// Records are announced at start, when a service or an address changes, and again one second later. Unique records are
/// answered at once, shared ones 20 to 120 ms later; none is multicast more than once a second. Names hold 64 random bits
/// or a fabric and node id, so nothing is probed; should another host ever claim the commissionable instance, a new one
/// is drawn. Loop only: <see cref="Process"/> is to be called at <see cref="NextDeadline"/> and after each wake-up.
/// </remarks>
public sealed class MdnsResponder
{
    /// <summary>UDP port of multicast DNS.</summary>
    public const int Port = 5353;

    /// <summary>Bytes of buffer that every usual query fits.</summary>
    public const int ReceiveSize = 1500;

    /// <summary>Counter: messages that broke a rule of DNS.</summary>
    public const int Malformed = 0;

    /// <summary>Counter: queries that asked for something of ours.</summary>
    public const int Answered = 1;

    /// <summary>Counter: records left out because the querier knew them.</summary>
    public const int Suppressed = 2;

    /// <summary>Counter: datagrams sent.</summary>
    public const int Sent = 3;

    /// <summary>Counter: instances of ours that another host claimed.</summary>
    public const int Conflicts = 4;

    private const int CounterCount = 5;
    private const int SendSize = Limits.MaxSentMessage;
    private const int Response = 0x8400;
    private const int QueryMask = 0xf80f;
    private const int Truncated = 0x0200;
    private const int MaxQuestions = 32;
    private const int MessagesPerCall = 16;
    private const uint RepeatAfter = 1000;
    private const long RetryOpenAfter = 5000;
    private const long BufferWait = 50;
    private const uint LegacyTtl = 10;

    // State, a bit each.
    private const int Started = 1;
    private const int ChangedServices = 2;
    private const int MoreWaits = 4;

    private readonly IUdp _udp;
    private readonly IRandom _random;
    private readonly ILog _log;
    private readonly IAdvertisedServices _services;
    private readonly byte[] _received;
    private readonly ExchangeManager _buffers;
    private readonly uint[] _counters = new uint[CounterCount];

    // When each record was last multicast, modulo 2^32 ms: one that is a whole number of 49.7 days old is answered a second late.
    private readonly uint[] _lastSent = new uint[MdnsRecords.Count];
    private readonly DnsReader _reader;
    private readonly DnsWriter _writer = new DnsWriter();
    private readonly MdnsRecords _records;

    // Sender of the message that is handled; the group, where that is sent to.
    private readonly NetworkAddress _address;

    // Packed: the querier whose list of known answers goes on in a further message.
    private readonly byte[] _truncatedSource = new byte[NetworkAddress.PackedSize];

    // Where answers are written, while Process or Stop runs.
    private byte[] _send;
    private IUdpSocket _socket;
    private int _state;
    private int _changeCount;
    private long _openAt;
    private ulong _announce;
    private long _announceAt;
    private ulong _repeat;
    private long _repeatAt;
    private ulong _unique;
    private long _uniqueAt;
    private ulong _shared;
    private long _sharedAt;

    /// <summary>Makes a responder that is silent until <see cref="Start"/>.</summary>
    /// <param name="receiveBuffer">Used during <see cref="Process"/> only, so it may serve other readers of the loop too; <see cref="ReceiveSize"/> bytes are advised.</param>
    /// <param name="address">The same for the addresses of who asks and who is answered.</param>
    /// <param name="name">The same for names: <see cref="DnsReader.MaxName"/> bytes or more.</param>
    /// <param name="buffers">Lends a message buffer to write in; null for a buffer of its own.</param>
    public MdnsResponder(IUdp udp, IRandom random, ILog log, IAdvertisedServices services, byte[] receiveBuffer, NetworkAddress address, byte[] name, ExchangeManager buffers)
    {
        _buffers = buffers;
        _send = buffers == null ? new byte[SendSize] : null;
        _udp = udp;
        _random = random;
        _log = log;
        _services = services;
        _received = receiveBuffer;
        _address = address;
        _reader = new DnsReader(name);
        _records = new MdnsRecords(_reader);
    }

    /// <summary>True while the mDNS port is open.</summary>
    public bool IsRunning
    {
        get { return _socket != null; }
    }

    /// <summary>What asks for a peer through the same port; null while nobody is looked for.</summary>
    public OperationalResolver Resolver { get; set; }

    /// <summary>First 8 bytes of the host name, as a number; it is 16 hexadecimal digits and ".local".</summary>
    public ulong HostId
    {
        get { return _records.HostId; }
    }

    /// <summary>The commissionable instance, 16 hexadecimal digits as a number; 0 when there is none.</summary>
    public ulong CommissionableInstance
    {
        get { return _records.IsCommissionable ? _records.InstanceId : 0; }
    }

    /// <summary>When <see cref="Process"/> wants to be called, in milliseconds of the clock; <see cref="long.MaxValue"/>: on a wake-up only.</summary>
    public long NextDeadline
    {
        get
        {
            if ((_state & Started) == 0)
            {
                return long.MaxValue;
            }

            if ((_state & (ChangedServices | MoreWaits)) != 0 || _changeCount != _udp.ChangeCount)
            {
                return 0;
            }

            if (_socket == null)
            {
                return _openAt;
            }

            long next = long.MaxValue;
            if (_records.AddressCount > 0)
            {
                next = Earlier(next, _announce, _announceAt);
                next = Earlier(next, _repeat, _repeatAt);
            }

            next = Earlier(next, _unique, _uniqueAt);
            next = Earlier(next, _shared, _sharedAt);
            return Resolver != null && Resolver.NextDeadline < next ? Resolver.NextDeadline : next;
        }
    }

    /// <summary>A counter, one of <see cref="Malformed"/> to <see cref="Conflicts"/>.</summary>
    public uint GetCounter(int index)
    {
        return _counters[index];
    }

    /// <summary>Sets what the node tells about its retransmission, in milliseconds (SII, SAI, SAT; Core 4.3.4); -1 leaves a key out.</summary>
    public void SetSessionParameters(int idleInterval, int activeInterval, int activeThreshold)
    {
        _records.IdleInterval = idleInterval;
        _records.ActiveInterval = activeInterval;
        _records.ActiveThreshold = activeThreshold;
    }

    /// <summary>Opens the port, and announces as soon as there is an address. Without the port it tries again every 5 s.</summary>
    public void Start(long now)
    {
        _state = Started | ChangedServices;
        _records.HostId = Draw();
        _openAt = now;
        Process(now);
    }

    /// <summary>Says goodbye for everything and closes the port.</summary>
    public void Stop()
    {
        if (_socket != null)
        {
            MessageBuffer lent = Borrow();
            if (_send != null)
            {
                SayGoodbye(_records.All);
                GiveBack(lent);
            }

            _socket.Close();
            _socket = null;
        }

        _state = 0;
        _records.Commissionable = null;
        for (int i = 0; i < Limits.Fabrics; i++)
        {
            _records.RemoveInstance(i);
        }

        _announce = 0;
        _repeat = 0;
        _unique = 0;
        _shared = 0;
    }

    /// <summary>To be called when anything that <see cref="IAdvertisedServices"/> tells has changed; looked at in the next <see cref="Process"/>.</summary>
    public void ServicesChanged()
    {
        _state |= ChangedServices;
    }

    /// <summary>Reads waiting queries and sends what is due.</summary>
    /// <returns><see cref="NextDeadline"/>.</returns>
    public long Process(long now)
    {
        if ((_state & Started) == 0 || (_socket == null && !TryOpen(now)))
        {
            return NextDeadline;
        }

        MessageBuffer lent = Borrow();
        if (_send == null)
        {
            return now + BufferWait;
        }

        Work(now);
        GiveBack(lent);
        return NextDeadline;
    }

    private MessageBuffer Borrow()
    {
        MessageBuffer lent = _buffers == null ? null : _buffers.TakeBuffer(true);
        if (lent != null)
        {
            _send = lent.Data;
        }

        return lent;
    }

    private void GiveBack(MessageBuffer lent)
    {
        if (lent != null)
        {
            _send = null;
            _buffers.ReleaseBuffer(lent);
        }
    }

    private void Work(long now)
    {
        if (_changeCount != _udp.ChangeCount)
        {
            _changeCount = _udp.ChangeCount;
            JoinGroups();
            ReadAddresses();
            Announce(_records.All, now);
        }

        if ((_state & ChangedServices) != 0)
        {
            _state &= ~ChangedServices;
            UpdateServices(now);
        }

        _state |= MoreWaits;
        for (int i = 0; i < MessagesPerCall; i++)
        {
            int length = _socket.TryReceive(_received, 0, _received.Length, _address);
            if (length <= 0)
            {
                _state &= ~MoreWaits;
                break;
            }

            OnDatagram(length, now);
        }

        SendDue(now);
        if (Resolver != null && Resolver.WriteQuery(_writer, _send, now))
        {
            Transmit(null);
        }
    }

    private static long Earlier(long next, ulong records, long at)
    {
        return records != 0 && at < next ? at : next;
    }

    private ulong Draw()
    {
        byte[] scratch = _reader.Name;
        _random.Fill(scratch, 0, 8);
        return ByteOrder.ReadUInt64(scratch, 0);
    }

    private bool TryOpen(long now)
    {
        int changes = _udp.ChangeCount;
        if (now < _openAt && changes == _changeCount)
        {
            return false;
        }

        _changeCount = changes;
        _socket = _udp.Open(Port, true);
        if (_socket == null)
        {
            _openAt = now + RetryOpenAfter;
            _log.Write(LogLevel.Warning, "mdns", "UDP port 5353 cannot be opened; the node cannot be found by name");
            return false;
        }

        // Never sent: long ago.
        for (int i = 0; i < _lastSent.Length; i++)
        {
            _lastSent[i] = (uint)now - 100000000;
        }

        JoinGroups();
        ReadAddresses();
        return true;
    }

    private void JoinGroups()
    {
        SetGroup4();
        _socket.JoinGroup(_address);
        SetGroup6();
        _socket.JoinGroup(_address);
    }

    private void ReadAddresses()
    {
        _records.AddressCount = _udp.GetAddresses(_records.Addresses);
    }

    private void SetGroup4()
    {
        _address.SetIPv4(224, 0, 0, 251, Port);
    }

    private void SetGroup6()
    {
        _address.Clear();
        _address.Transport = NetworkAddress.Udp;
        _address.Port = Port;
        _address.Ip[0] = 0xff;
        _address.Ip[1] = 0x02;
        _address.Ip[15] = 0xfb;
    }

    private void UpdateServices(long now)
    {
        ulong changed = 0;
        int port = _services.ServicePort;
        bool portChanged = _records.Port != port;
        ulong gone = 0;
        CommissionableService next = new CommissionableService();
        bool wanted = _services.TryGetCommissionable(next);
        bool sameService = wanted && _records.IsCommissionable && next.IsSameAs(_records.Commissionable);
        if (_records.IsCommissionable && !sameService)
        {
            // A changed service keeps its instance; only pointers whose names change go.
            gone |= wanted ? GonePointers(next) : _records.CommissionableRecords();
        }

        for (int i = 0; i < Limits.Fabrics; i++)
        {
            ulong fabric;
            ulong node;
            bool exists = _services.TryGetOperational(i, out fabric, out node);
            if (_records.IsOperational(i) && !(exists && _records.IsInstance(i, fabric, node)))
            {
                gone |= _records.OperationalRecords(i);
            }
        }

        SayGoodbye(gone);
        _announce &= ~gone;
        _repeat &= ~gone;
        _unique &= ~gone;
        _shared &= ~gone;

        _records.Port = port;
        if (wanted && !sameService)
        {
            if (!_records.IsCommissionable)
            {
                _records.InstanceId = Draw();
            }

            _records.Commissionable = next;
            changed |= _records.CommissionableRecords();
        }
        else if (!wanted)
        {
            _records.Commissionable = null;
        }

        for (int i = 0; i < Limits.Fabrics; i++)
        {
            ulong fabric;
            ulong node;
            bool exists = _services.TryGetOperational(i, out fabric, out node);
            if (!exists)
            {
                _records.RemoveInstance(i);
            }
            else if (!_records.IsInstance(i, fabric, node))
            {
                _records.SetInstance(i, fabric, node);
                changed |= _records.OperationalRecords(i);
            }
        }

        if (changed != 0)
        {
            changed |= _records.AddressRecords();
        }

        Announce(portChanged ? _records.All : changed, now);
    }

    private ulong GonePointers(CommissionableService next)
    {
        CommissionableService old = _records.Commissionable;
        ulong gone = 0;
        if (old.Discriminator != next.Discriminator)
        {
            gone |= (1UL << MdnsRecords.CommissionableLong) | (1UL << MdnsRecords.CommissionableShort);
        }

        if (old.VendorId != next.VendorId)
        {
            gone |= 1UL << MdnsRecords.CommissionableVendor;
        }

        if (old.DeviceType != next.DeviceType && old.DeviceType != 0)
        {
            gone |= 1UL << MdnsRecords.CommissionableDevice;
        }

        if (next.CommissioningMode == 0 && old.CommissioningMode != 0)
        {
            gone |= 1UL << MdnsRecords.CommissionableMode;
        }

        return gone;
    }

    private void Announce(ulong records, long now)
    {
        if (records != 0)
        {
            _announce |= records;
            _announceAt = now;
        }
    }

    private void OnDatagram(int length, long now)
    {
        if (!_reader.Init(_received, 0, length))
        {
            _counters[Malformed]++;
            return;
        }

        if ((_reader.Flags & QueryMask) == 0)
        {
            OnQuery(now);
        }
        else if ((_reader.Flags & QueryMask) == 0x8000 && _address.Port == Port)
        {
            OnResponse(now);
        }
    }

    private void OnQuery(long now)
    {
        bool legacy = _address.Port != Port;
        ulong unicast = 0;
        ulong multicast = 0;
        int questions = _reader.QuestionCount;
        if (questions > MaxQuestions)
        {
            _counters[Malformed]++;
            return;
        }

        for (int i = 0; i < questions; i++)
        {
            if (!_reader.ReadQuestion())
            {
                _counters[Malformed]++;
                return;
            }

            ulong records = _reader.Class == 1 || _reader.Class == 255 ? _records.Answer(_reader.Name, _reader.Type) : 0;
            if (legacy || _reader.IsTopBitSet)
            {
                unicast |= records;
            }
            else
            {
                multicast |= records;
            }
        }

        // More known answers of a querier whose first packet was full (RFC 6762 7.2).
        bool continued = questions == 0 && _shared != 0 && _address.MatchesPacked(_truncatedSource, 0);
        ulong asked = unicast | multicast;
        if (asked == 0 && !continued)
        {
            return;
        }

        ulong known = 0;
        uint knownAddresses = 0;
        for (int i = 0; i < _reader.AnswerCount; i++)
        {
            if (!_reader.ReadRecord())
            {
                _counters[Malformed]++;
                return;
            }

            known |= _records.Known(_reader, _received, ref knownAddresses, _writer, _send);
        }

        if (continued)
        {
            _counters[Suppressed] += CountBits(_shared & known);
            _shared &= ~known;
            return;
        }

        _counters[Answered]++;
        _counters[Suppressed] += CountBits(asked & known);
        unicast &= ~known;
        multicast &= ~known;
        if (unicast != 0)
        {
            SendUnicast(unicast, legacy);
            if (!legacy)
            {
                multicast |= NotSeenLately(unicast, now);
            }
        }

        if (multicast == 0)
        {
            return;
        }

        ulong shared = 0;
        for (int i = 0; i < MdnsRecords.Count; i++)
        {
            if ((multicast >> i & 1) != 0 && !MdnsRecords.IsUnique(i))
            {
                shared |= 1UL << i;
            }
        }

        Delay(shared, now, (_reader.Flags & Truncated) != 0);
        ulong unique = multicast & ~shared;
        if (unique != 0)
        {
            _unique |= unique;
            _uniqueAt = now;
        }
    }

    private void Delay(ulong shared, long now, bool truncated)
    {
        if (shared == 0)
        {
            return;
        }

        byte[] scratch = _reader.Name;
        _random.Fill(scratch, 0, 1);
        long at = now + (truncated ? 400 : 20) + scratch[0] % 101;
        if (truncated)
        {
            _address.Write(_truncatedSource, 0);
        }

        if (_shared == 0 || truncated || at < _sharedAt)
        {
            _sharedAt = at;
        }

        _shared |= shared;
    }

    private void OnResponse(long now)
    {
        if (Resolver != null)
        {
            Resolver.OnResponse(_reader, _received, _send, _address, now);
        }

        _reader.Rewind();
        if (!_records.IsCommissionable)
        {
            return;
        }

        int count = _reader.AnswerCount + _reader.AdditionalCount + _reader.AuthorityCount;
        for (int i = 0; i < _reader.QuestionCount && i < MaxQuestions; i++)
        {
            if (!_reader.ReadQuestion())
            {
                _counters[Malformed]++;
                return;
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (!_reader.ReadRecord())
            {
                _counters[Malformed]++;
                return;
            }

            if (_records.IsConflict(_reader))
            {
                _counters[Conflicts]++;
                _records.InstanceId = Draw();
                Announce(_records.CommissionableRecords(), now);
                return;
            }
        }
    }

    // Records that others have not heard for a quarter of their life (RFC 6762 5.4).
    private ulong NotSeenLately(ulong records, long now)
    {
        ulong result = 0;
        for (int i = 0; i < MdnsRecords.Count; i++)
        {
            if ((records >> i & 1) != 0 && (uint)now - _lastSent[i] > MdnsRecords.TtlOf(i) * 250)
            {
                result |= 1UL << i;
            }
        }

        return result;
    }

    private void SendDue(long now)
    {
        if (_records.AddressCount > 0)
        {
            if (_announce != 0 && _announceAt <= now)
            {
                ulong records = _announce & _records.All;
                _announce = 0;
                _repeat |= records;
                _repeatAt = now + RepeatAfter;
                _unique &= ~records;
                _shared &= ~records;
                SendMulticast(records, now);
            }

            if (_repeat != 0 && _repeatAt <= now)
            {
                ulong records = _repeat & _records.All;
                _repeat = 0;
                _unique &= ~records;
                _shared &= ~records;
                SendMulticast(records, now);
            }
        }

        if (_unique != 0 && _uniqueAt <= now)
        {
            ulong ready = TakeReady(_unique, now, ref _uniqueAt);
            _unique &= ~ready;
            SendMulticast(ready, now);
        }

        if (_shared != 0 && _sharedAt <= now)
        {
            ulong ready = TakeReady(_shared, now, ref _sharedAt);
            _shared &= ~ready;
            SendMulticast(ready, now);
        }
    }

    // Those that were last multicast a second ago or more; the time of the others in "at".
    private ulong TakeReady(ulong records, long now, ref long at)
    {
        ulong ready = 0;
        long next = long.MaxValue;
        for (int i = 0; i < MdnsRecords.Count; i++)
        {
            if ((records >> i & 1) == 0)
            {
                continue;
            }

            uint since = (uint)now - _lastSent[i];
            if (since >= RepeatAfter)
            {
                ready |= 1UL << i;
            }
            else if (now + (RepeatAfter - since) < next)
            {
                next = now + (RepeatAfter - since);
            }
        }

        at = next;
        return ready;
    }

    private void SayGoodbye(ulong records)
    {
        records &= ~MdnsRecords.TypeEntries;
        if (records != 0 && _records.AddressCount > 0)
        {
            Write(records, 0, true, false, null);
        }
    }

    private void SendMulticast(ulong records, long now)
    {
        if (records == 0)
        {
            return;
        }

        for (int i = 0; i < MdnsRecords.Count; i++)
        {
            if ((records >> i & 1) != 0)
            {
                _lastSent[i] = (uint)now;
            }
        }

        Write(records, _records.AdditionalsOf(records), false, false, null);
    }

    private void SendUnicast(ulong records, bool legacy)
    {
        Write(records, _records.AdditionalsOf(records), false, legacy, _address);
    }

    // Answers that do not fit go into further messages, additionals that do not fit are left out.
    private void Write(ulong answers, ulong additionals, bool goodbye, bool legacy, NetworkAddress destination)
    {
        int record = 0;
        while (record < MdnsRecords.Count)
        {
            _writer.Init(_send, 0, SendSize, legacy ? _reader.Id : 0, Response);
            if (legacy)
            {
                WriteQuestions();
            }

            int first = record;
            int count = 0;
            for (; record < MdnsRecords.Count; record++)
            {
                if ((answers >> record & 1) != 0)
                {
                    int written = WriteRecord(record, goodbye, legacy);
                    if (written < 0)
                    {
                        break;
                    }

                    count += written;
                }
            }

            _writer.SetCount(1, count);
            if (record == MdnsRecords.Count)
            {
                WriteAdditionals(additionals, legacy);
            }
            else if (record == first || count == 0)
            {
                // A record that no message can hold must not stop the others.
                record++;
            }

            if (count > 0)
            {
                Transmit(destination);
            }
        }
    }

    private int WriteRecord(int record, bool goodbye, bool legacy)
    {
        int mark = _writer.Mark();
        uint ttl = goodbye ? 0 : MdnsRecords.TtlOf(record);
        if (legacy && ttl > LegacyTtl)
        {
            ttl = LegacyTtl;
        }

        int written = _records.Write(_writer, record, ttl, legacy);
        if (_writer.Overflow)
        {
            _writer.Rollback(mark);
            return -1;
        }

        return written;
    }

    private void WriteAdditionals(ulong additionals, bool legacy)
    {
        int count = 0;
        for (int record = MdnsRecords.Count - 1; record >= 0; record--)
        {
            if ((additionals >> record & 1) != 0)
            {
                int written = WriteRecord(record, false, legacy);
                count += written > 0 ? written : 0;
            }
        }

        _writer.SetCount(3, count);
    }

    // A plain DNS querier matches the answer by id and question (RFC 6762 6.7).
    private void WriteQuestions()
    {
        _reader.Rewind();
        int count = 0;
        for (int i = 0; i < _reader.QuestionCount && _reader.ReadQuestion(); i++)
        {
            int mark = _writer.Mark();
            _writer.PutName(_reader.Name, 0);
            _writer.PutUInt16(_reader.Type);
            _writer.PutUInt16(_reader.Class);
            if (_writer.Overflow)
            {
                _writer.Rollback(mark);
                break;
            }

            count++;
        }

        _writer.SetCount(0, count);
    }

    private void Transmit(NetworkAddress destination)
    {
        if (destination != null)
        {
            _socket.Send(destination, _send, 0, _writer.Length);
            _counters[Sent]++;
            return;
        }

        SetGroup4();
        _socket.Send(_address, _send, 0, _writer.Length);
        SetGroup6();
        _socket.Send(_address, _send, 0, _writer.Length);
        _counters[Sent] += 2;
    }

    private static uint CountBits(ulong set)
    {
        uint count = 0;
        while (set != 0)
        {
            set &= set - 1;
            count++;
        }

        return count;
    }
}
