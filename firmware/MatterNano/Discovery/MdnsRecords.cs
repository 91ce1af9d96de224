using System;
using MatterNano.Tlv;

namespace MatterNano.Discovery;

/// <summary>The DNS records of a node: which names it has, which record a question means, and the bytes of each record (Core 4.3).</summary>
/// <remarks>
/// A record is a number, a set of records the bits of a ulong. Records of an address family stand for all its addresses.
/// <see cref="MdnsResponder"/> decides what is sent when.
/// </remarks>
internal sealed class MdnsRecords
{
    internal const int TypeA = 1;
    internal const int TypePtr = 12;
    internal const int TypeTxt = 16;
    internal const int TypeAaaa = 28;
    internal const int TypeSrv = 33;
    internal const int TypeNsec = 47;
    internal const int TypeAny = 255;

    internal const int HostA = 0;
    internal const int HostAaaa = 1;
    internal const int HostNsec = 2;

    // Commissionable: pointers to the instance, then what the instance has, then its entry in the list of service types.
    internal const int CommissionableFirst = 3;
    internal const int CommissionablePtr = 3;
    internal const int CommissionableLong = 4;
    internal const int CommissionableShort = 5;
    internal const int CommissionableVendor = 6;
    internal const int CommissionableDevice = 7;
    internal const int CommissionableMode = 8;
    internal const int CommissionableSrv = 9;
    internal const int CommissionableTxt = 10;
    internal const int CommissionableNsec = 11;
    internal const int CommissionableType = 12;
    internal const int OperationalType = 13;

    // Five a fabric: PTR, PTR of the fabric's subtype, SRV, TXT, NSEC.
    internal const int OperationalFirst = 14;
    internal const int OperationalSize = 5;
    internal const int Count = OperationalFirst + OperationalSize * Limits.Fabrics;

    // Other hosts have the same entries, so nobody says goodbye for them.
    internal const ulong TypeEntries = (1UL << CommissionableType) | (1UL << OperationalType);
    internal const ulong HostAddresses = (1UL << HostA) | (1UL << HostAaaa);

    // A set of records must fit a ulong.
    private const uint RecordsFit = 64 - Count;

    /// <summary>Addresses kept; a board with more tells the first ones.</summary>
    internal const int MaxAddresses = 8;

    // Names: the host, the list of service types, the two types, subtypes and instances.
    private const int NameHost = 0;
    private const int NameTypes = 1;
    private const int NameCommissionableType = 2;
    private const int NameOperationalType = 3;
    private const int NameCommissionable = 4;
    private const int NameSubtypeLong = 5;
    private const int NameSubtypeShort = 6;
    private const int NameSubtypeVendor = 7;
    private const int NameSubtypeDevice = 8;
    private const int NameSubtypeMode = 9;
    private const int NameOperational = 16;
    private const int NameOperationalSubtype = 32;

    private const int ClassInternet = 1;
    private const int CacheFlush = 0x8000;
    private const uint HostTtl = 120;
    private const uint LongTtl = 4500;

    internal readonly byte[] Addresses = new byte[16 * MaxAddresses];

    /// <summary>The commissionable service; null when there is none.</summary>
    internal CommissionableService Commissionable;
    internal int AddressCount;
    internal ulong HostId;
    internal ulong InstanceId;
    internal int Port;

    /// <summary>Values of SII, SAI and SAT in milliseconds; -1: not told.</summary>
    internal int IdleInterval = -1;
    internal int ActiveInterval = -1;
    internal int ActiveThreshold = -1;

    // Compressed fabric id and node id of each operational instance, and a bit for each that exists.
    private readonly ulong[] _instances = new ulong[2 * Limits.Fabrics];
    private int _operational;

    // The reader's place for names: one at a time is read, compared or written, or one string of a TXT record.
    private readonly byte[] _name;
    private int _nameLength;
    private int _labelAt;

    internal MdnsRecords(DnsReader reader)
    {
        _name = reader.Name;
    }

    /// <summary>True while there is a commissionable service.</summary>
    internal bool IsCommissionable
    {
        get { return Commissionable != null; }
    }

    /// <summary>Every record of a service, and the addresses when there is a service.</summary>
    internal ulong All
    {
        get
        {
            ulong all = IsCommissionable ? CommissionableRecords() : 0;

            for (int i = 0; i < Limits.Fabrics; i++)
            {
                if (IsOperational(i))
                {
                    all |= OperationalRecords(i);
                }
            }

            return all == 0 ? 0 : all | AddressRecords();
        }
    }

    /// <summary>True when there is an operational instance.</summary>
    /// <param name="index">0 to <see cref="Limits.Fabrics"/> - 1.</param>
    internal bool IsOperational(int index)
    {
        return (_operational >> index & 1) != 0;
    }

    /// <summary>True when an operational instance is there and has these ids.</summary>
    internal bool IsInstance(int index, ulong compressedFabricId, ulong nodeId)
    {
        return IsOperational(index) && FabricIdOf(index) == compressedFabricId && NodeIdOf(index) == nodeId;
    }

    /// <summary>Sets an operational instance.</summary>
    internal void SetInstance(int index, ulong compressedFabricId, ulong nodeId)
    {
        _instances[2 * index] = compressedFabricId;
        _instances[2 * index + 1] = nodeId;
        _operational |= 1 << index;
    }

    /// <summary>Forgets an operational instance.</summary>
    internal void RemoveInstance(int index)
    {
        _operational &= ~(1 << index);
    }

    /// <summary>Address records that exist.</summary>
    internal ulong AddressRecords()
    {
        ulong records = 0;
        for (int i = 0; i < AddressCount; i++)
        {
            records |= 1UL << (IsIPv4(i) ? HostA : HostAaaa);
        }

        return records;
    }

    /// <summary>Records of the commissionable service, as if it were there.</summary>
    internal ulong CommissionableRecords()
    {
        ulong records = (1UL << CommissionablePtr) | (1UL << CommissionableLong) | (1UL << CommissionableShort)
            | (1UL << CommissionableVendor) | (1UL << CommissionableSrv) | (1UL << CommissionableTxt) | (1UL << CommissionableType);
        if (Commissionable.DeviceType != 0)
        {
            records |= 1UL << CommissionableDevice;
        }

        if (Commissionable.CommissioningMode != 0)
        {
            records |= 1UL << CommissionableMode;
        }

        return records;
    }

    /// <summary>Records of an operational instance, as if it were there.</summary>
    internal ulong OperationalRecords(int index)
    {
        return (0xfUL << (OperationalFirst + OperationalSize * index)) | (1UL << OperationalType);
    }

    /// <summary>True for SRV, TXT, addresses and NSEC, which nobody else has and which are answered without delay (RFC 6762 6).</summary>
    internal static bool IsUnique(int record)
    {
        if (record < OperationalFirst)
        {
            return record <= HostNsec || (record >= CommissionableSrv && record <= CommissionableNsec);
        }

        return (record - OperationalFirst) % OperationalSize >= 2;
    }

    /// <summary>Time to live of a record in seconds.</summary>
    internal static uint TtlOf(int record)
    {
        // What names the host lives two minutes (RFC 6762 10), and so does the service that lasts a few minutes only.
        if (record <= CommissionableType)
        {
            return HostTtl;
        }

        int part = record < OperationalFirst ? 0 : (record - OperationalFirst) % OperationalSize;
        return part == 2 || part == 4 ? HostTtl : LongTtl;
    }

    /// <summary>Records that answer a question.</summary>
    internal ulong Answer(byte[] name, int type)
    {
        int id = Classify(name);
        bool any = type == TypeAny;
        switch (id)
        {
            case -1:
                return 0;
            case NameHost:
                ulong addresses = AddressRecords();
                if (any || addresses == 0)
                {
                    return addresses;
                }

                ulong wanted = type == TypeA ? 1UL << HostA : type == TypeAaaa ? 1UL << HostAaaa : 0;
                return (addresses & wanted) != 0 ? wanted : 1UL << HostNsec;
            case NameTypes:
            case NameCommissionableType:
            case NameOperationalType:
                return any || type == TypePtr ? Pointers(id) : 0;
            case NameCommissionable:
                return InstanceAnswer(CommissionableSrv, type);
        }

        if (id >= NameOperationalSubtype)
        {
            return any || type == TypePtr ? 1UL << (OperationalFirst + OperationalSize * (id - NameOperationalSubtype) + 1) : 0;
        }

        if (id >= NameOperational)
        {
            return InstanceAnswer(OperationalFirst + OperationalSize * (id - NameOperational) + 2, type);
        }

        return any || type == TypePtr ? 1UL << (CommissionableLong + id - NameSubtypeLong) : 0;
    }

    /// <summary>Records worth adding to answers, so that the querier need not ask again (RFC 6763 12).</summary>
    internal ulong AdditionalsOf(ulong answers)
    {
        ulong additionals = 0;
        if ((answers & (0x3fUL << CommissionablePtr)) != 0)
        {
            additionals |= (1UL << CommissionableSrv) | (1UL << CommissionableTxt);
        }

        for (int i = 0; i < Limits.Fabrics; i++)
        {
            int first = OperationalFirst + OperationalSize * i;
            if ((answers & (3UL << first)) != 0)
            {
                additionals |= 3UL << (first + 2);
            }
        }

        ulong servers = 1UL << CommissionableSrv;
        for (int i = 0; i < Limits.Fabrics; i++)
        {
            servers |= 1UL << (OperationalFirst + OperationalSize * i + 2);
        }

        if (((answers | additionals) & servers) != 0 || (answers & HostAddresses) != 0)
        {
            ulong addresses = AddressRecords();
            additionals |= addresses;
            if (addresses != HostAddresses)
            {
                additionals |= 1UL << HostNsec;
            }
        }

        return additionals & ~answers;
    }

    /// <summary>Of the records asked for, those that a record of the querier's shows to be known already (RFC 6762 7.1).</summary>
    /// <param name="reader">Stands on a record of the answer section; its name is overwritten.</param>
    /// <param name="scratch">A writer over <paramref name="scratchBuffer"/> that may be used.</param>
    internal ulong Known(DnsReader reader, byte[] buffer, ref uint knownAddresses, DnsWriter scratch, byte[] scratchBuffer)
    {
        ulong candidates = reader.Class == ClassInternet ? Answer(reader.Name, reader.Type) : 0;
        if (candidates == 0 || reader.Type == TypeAny)
        {
            return 0;
        }

        if (reader.Type == TypePtr)
        {
            int length = reader.ReadDataName(0, _name);
            int target = length < 0 ? -1 : Classify(_name);
            for (int record = CommissionableFirst; target >= 0 && record < Count; record++)
            {
                if ((candidates >> record & 1) != 0 && TargetOf(record) == target)
                {
                    return reader.Ttl >= TtlOf(record) / 2 ? 1UL << record : 0;
                }
            }

            return 0;
        }

        if (reader.Type == TypeA || reader.Type == TypeAaaa)
        {
            return KnownAddress(reader, buffer, ref knownAddresses);
        }

        for (int record = CommissionableFirst; record < Count; record++)
        {
            if (candidates != 1UL << record || reader.Ttl < TtlOf(record) / 2)
            {
                continue;
            }

            if (reader.Type == TypeSrv)
            {
                return reader.ReadDataName(6, _name) > 0
                    && Classify(_name) == NameHost
                    && ByteOrder.ReadUInt16BigEndian(buffer, reader.DataOffset + 4) == Port ? candidates : 0;
            }

            return reader.Type == TypeTxt && HasText(record, buffer, reader, scratch, scratchBuffer) ? candidates : 0;
        }

        return 0;
    }

    /// <summary>True when a record of someone else's claims the name of our commissionable instance for another host. Overwrites the reader's name.</summary>
    internal bool IsConflict(DnsReader reader)
    {
        return IsCommissionable
            && reader.Type == TypeSrv
            && reader.Ttl != 0
            && Classify(reader.Name) == NameCommissionable
            && reader.ReadDataName(6, _name) > 0
            && Classify(_name) != NameHost;
    }

    /// <summary>Writes a record; several for the addresses of a family.</summary>
    /// <param name="ttl">Time to live in seconds; 0 says goodbye.</param>
    /// <param name="legacy">True for an answer to a plain DNS querier: no cache-flush bit, no compressed target.</param>
    /// <returns>Number of records written; check the writer for overflow.</returns>
    internal int Write(DnsWriter writer, int record, uint ttl, bool legacy)
    {
        int classBits = IsUnique(record) && !legacy ? ClassInternet | CacheFlush : ClassInternet;
        if (record <= HostAaaa)
        {
            return WriteAddresses(writer, record == HostA, classBits, ttl);
        }

        int owner = OwnerOf(record);
        BuildName(owner);
        writer.PutName(_name, 0);
        int part = record < OperationalFirst ? -1 : (record - OperationalFirst) % OperationalSize;
        if (record == CommissionableSrv || part == 2)
        {
            writer.BeginData(TypeSrv, classBits, ttl);
            writer.PutUInt32(0);
            writer.PutUInt16(Port);
            BuildName(NameHost);
            if (legacy)
            {
                writer.PutNameInFull(_name, 0, _nameLength);
            }
            else
            {
                writer.PutName(_name, 0);
            }
        }
        else if (record == CommissionableTxt || part == 3)
        {
            writer.BeginData(TypeTxt, classBits, ttl);
            WriteText(writer, record == CommissionableTxt);
        }
        else if (record == HostNsec || record == CommissionableNsec || part == 4)
        {
            writer.BeginData(TypeNsec, classBits, ttl);
            writer.PutName(_name, 0);
            WriteTypes(writer, record == HostNsec);
        }
        else
        {
            writer.BeginData(TypePtr, classBits, ttl);
            BuildName(TargetOf(record));
            writer.PutName(_name, 0);
        }

        writer.EndData();
        return 1;
    }

    private ulong FabricIdOf(int index)
    {
        return _instances[2 * index];
    }

    private ulong NodeIdOf(int index)
    {
        return _instances[2 * index + 1];
    }

    private static ulong InstanceAnswer(int srv, int type)
    {
        switch (type)
        {
            case TypeSrv: return 1UL << srv;
            case TypeTxt: return 2UL << srv;
            case TypeAny: return 7UL << srv;
            default: return 4UL << srv;
        }
    }

    private ulong Pointers(int name)
    {
        ulong records = 0;
        if (IsCommissionable && name != NameOperationalType)
        {
            records |= 1UL << (name == NameTypes ? CommissionableType : CommissionablePtr);
        }

        for (int i = 0; i < Limits.Fabrics && name != NameCommissionableType; i++)
        {
            if (IsOperational(i))
            {
                records |= 1UL << (name == NameTypes ? OperationalType : OperationalFirst + OperationalSize * i);
            }
        }

        return records;
    }

    private static int OwnerOf(int record)
    {
        switch (record)
        {
            case HostA:
            case HostAaaa:
            case HostNsec:
                return NameHost;
            case CommissionablePtr:
                return NameCommissionableType;
            case CommissionableSrv:
            case CommissionableTxt:
            case CommissionableNsec:
                return NameCommissionable;
            case CommissionableType:
            case OperationalType:
                return NameTypes;
        }

        if (record < OperationalFirst)
        {
            return NameSubtypeLong + record - CommissionableLong;
        }

        int index = (record - OperationalFirst) / OperationalSize;
        int part = (record - OperationalFirst) % OperationalSize;
        return part == 0 ? NameOperationalType : part == 1 ? NameOperationalSubtype + index : NameOperational + index;
    }

    // Where a PTR points to; -1 for other records.
    private static int TargetOf(int record)
    {
        if (record >= OperationalFirst)
        {
            int part = (record - OperationalFirst) % OperationalSize;
            return part < 2 ? NameOperational + (record - OperationalFirst) / OperationalSize : -1;
        }

        if (record >= CommissionablePtr && record <= CommissionableMode)
        {
            return NameCommissionable;
        }

        return record == CommissionableType ? NameCommissionableType : record == OperationalType ? NameOperationalType : -1;
    }

    private bool IsIPv4(int index)
    {
        int offset = 16 * index;
        for (int i = 0; i < 10; i++)
        {
            if (Addresses[offset + i] != 0)
            {
                return false;
            }
        }

        return Addresses[offset + 10] == 0xff && Addresses[offset + 11] == 0xff;
    }

    private int WriteAddresses(DnsWriter writer, bool ipv4, int classBits, uint ttl)
    {
        int written = 0;
        BuildName(NameHost);
        for (int i = 0; i < AddressCount; i++)
        {
            if (IsIPv4(i) != ipv4)
            {
                continue;
            }

            writer.PutName(_name, 0);
            writer.BeginData(ipv4 ? TypeA : TypeAaaa, classBits, ttl);
            writer.PutBytes(Addresses, 16 * i + (ipv4 ? 12 : 0), ipv4 ? 4 : 16);
            writer.EndData();
            written++;
        }

        return written;
    }

    // The types that a name has, as a bit map of window 0 (RFC 4034 4.1.2).
    private void WriteTypes(DnsWriter writer, bool host)
    {
        ulong addresses = AddressRecords();
        bool aaaa = (addresses & (1UL << HostAaaa)) != 0;
        int size = host ? (aaaa ? 4 : 1) : 5;
        writer.PutByte(0);
        writer.PutByte(size);
        writer.PutByte(host && (addresses & (1UL << HostA)) != 0 ? 0x40 : 0);
        if (size == 1)
        {
            return;
        }

        writer.PutByte(0);
        writer.PutByte(host ? 0 : 0x80);
        writer.PutByte(host ? 0x08 : 0);
        if (!host)
        {
            writer.PutByte(0x40);
        }
    }

    private void WriteText(DnsWriter writer, bool commissionable)
    {
        if (commissionable)
        {
            CommissionableService service = Commissionable;
            PutNumber(writer, "D=", service.Discriminator);
            PutNumber(writer, "CM=", service.CommissioningMode);
            int length = AppendText(AppendKey("VP="), (uint)service.VendorId);
            _name[length++] = (byte)'+';
            PutText(writer, AppendText(length, (uint)service.ProductId));
            if (service.DeviceType != 0)
            {
                PutText(writer, AppendText(AppendKey("DT="), service.DeviceType));
            }

            PutString(writer, "DN=", service.DeviceName);
            PutString(writer, "RI=", service.RotatingId);
            if (service.PairingHint != 0)
            {
                PutNumber(writer, "PH=", service.PairingHint);
                PutString(writer, "PI=", service.PairingInstruction);
            }
        }

        PutNumber(writer, "SII=", IdleInterval);
        PutNumber(writer, "SAI=", ActiveInterval);
        PutNumber(writer, "SAT=", ActiveThreshold);
        PutNumber(writer, "T=", 0);
    }

    private void PutNumber(DnsWriter writer, string key, int value)
    {
        if (value >= 0)
        {
            PutText(writer, AppendText(AppendKey(key), (uint)value));
        }
    }

    private void PutString(DnsWriter writer, string key, string value)
    {
        // A text that cannot be told in one string is left out rather than cut inside a character.
        if (value != null && key.Length + Utf8.GetByteCount(value) <= DnsReader.MaxName)
        {
            int length = AppendKey(key);
            PutText(writer, Utf8.GetBytes(value, _name, length));
        }
    }

    private void PutText(DnsWriter writer, int length)
    {
        writer.PutByte(length);
        writer.PutBytes(_name, 0, length);
    }

    private int AppendKey(string key)
    {
        return Utf8.GetBytes(key, _name, 0);
    }

    private int AppendText(int length, uint value)
    {
        return PutDecimal(_name, length, value);
    }

    // Digits without an allocation; returns the index behind them.
    private static int PutDecimal(byte[] target, int offset, uint value)
    {
        int digits = 1;
        for (uint rest = value / 10; rest != 0; rest /= 10)
        {
            digits++;
        }

        for (int i = digits - 1; i >= 0; i--)
        {
            target[offset + i] = (byte)('0' + value % 10);
            value /= 10;
        }

        return offset + digits;
    }

    private bool HasText(int record, byte[] buffer, DnsReader reader, DnsWriter scratch, byte[] scratchBuffer)
    {
        scratch.Init(scratchBuffer, 0, scratchBuffer.Length, 0, 0);
        WriteText(scratch, record == CommissionableTxt);
        return !scratch.Overflow
            && scratch.Length - DnsReader.HeaderSize == reader.DataLength
            && Secrets.AreEqual(scratchBuffer, DnsReader.HeaderSize, buffer, reader.DataOffset, reader.DataLength);
    }

    private ulong KnownAddress(DnsReader reader, byte[] buffer, ref uint knownAddresses)
    {
        bool ipv4 = reader.Type == TypeA;
        int size = ipv4 ? 4 : 16;
        if (reader.DataLength != size || reader.Ttl < HostTtl / 2)
        {
            return 0;
        }

        bool allKnown = true;
        for (int i = 0; i < AddressCount; i++)
        {
            if (IsIPv4(i) != ipv4)
            {
                continue;
            }

            if (Secrets.AreEqual(Addresses, 16 * i + 16 - size, buffer, reader.DataOffset, size))
            {
                knownAddresses |= 1U << i;
            }

            allKnown = allKnown && (knownAddresses >> i & 1) != 0;
        }

        return allKnown ? 1UL << (ipv4 ? HostA : HostAaaa) : 0;
    }

    // Which of our names this is, -1 when none. Almost all names on a network end here after one comparison.
    private int Classify(byte[] name)
    {
        int labels = 0;
        int second = 0;
        int third = 0;
        int fourth = 0;
        int last = 0;
        for (int position = 0; name[position] != 0; position += name[position] + 1)
        {
            last = position;
            labels++;
            if (labels == 2)
            {
                second = position;
            }
            else if (labels == 3)
            {
                third = position;
            }
            else if (labels == 4)
            {
                fourth = position;
            }
        }

        if (labels < 2 || labels > 5 || !IsLabel(name, last, "local"))
        {
            return -1;
        }

        ulong value;
        switch (labels)
        {
            case 2:
                return TryHex(name, 0, 0, 16, out value) && name[0] == 16 && value == HostId ? NameHost : -1;
            case 3:
                int type = TypeAt(name, 0, second);
                return type;
            case 4:
                if (IsLabel(name, 0, "_services") && IsLabel(name, second, "_dns-sd") && IsLabel(name, third, "_udp"))
                {
                    return NameTypes;
                }

                return Instance(name, TypeAt(name, second, third));
            default:
                return IsLabel(name, second, "_sub") ? Subtype(name, TypeAt(name, third, fourth)) : -1;
        }
    }

    private static int TypeAt(byte[] name, int service, int protocol)
    {
        if (IsLabel(name, service, "_matter"))
        {
            return IsLabel(name, protocol, "_tcp") ? NameOperationalType : -1;
        }

        return IsLabel(name, service, "_matterc") && IsLabel(name, protocol, "_udp") ? NameCommissionableType : -1;
    }

    private int Instance(byte[] name, int type)
    {
        ulong value;
        if (type == NameCommissionableType)
        {
            return IsCommissionable && name[0] == 16 && TryHex(name, 0, 0, 16, out value) && value == InstanceId ? NameCommissionable : -1;
        }

        ulong node;
        if (type == NameOperationalType && name[0] == 33 && name[17] == '-' && TryHex(name, 0, 0, 16, out value) && TryHex(name, 0, 17, 16, out node))
        {
            for (int i = 0; i < Limits.Fabrics; i++)
            {
                if (IsInstance(i, value, node))
                {
                    return NameOperational + i;
                }
            }
        }

        return -1;
    }

    private int Subtype(byte[] name, int type)
    {
        ulong value;
        if (type == NameOperationalType)
        {
            if (name[0] == 18 && name[1] == '_' && (name[2] | 0x20) == 'i' && TryHex(name, 0, 2, 16, out value))
            {
                for (int i = 0; i < Limits.Fabrics; i++)
                {
                    if (IsOperational(i) && FabricIdOf(i) == value)
                    {
                        return NameOperationalSubtype + i;
                    }
                }
            }

            return -1;
        }

        if (type != NameCommissionableType || !IsCommissionable || name[1] != '_')
        {
            return -1;
        }

        if (IsLabel(name, 0, "_cm"))
        {
            return Commissionable.CommissioningMode != 0 ? NameSubtypeMode : -1;
        }

        uint number;
        if (!TryDecimal(name, 2, name[0] - 2, out number))
        {
            return -1;
        }

        switch (name[2] | 0x20)
        {
            case 'l': return number == Commissionable.Discriminator ? NameSubtypeLong : -1;
            case 's': return number == Commissionable.Discriminator >> 8 ? NameSubtypeShort : -1;
            case 'v': return number == Commissionable.VendorId ? NameSubtypeVendor : -1;
            case 't': return number == Commissionable.DeviceType && number != 0 ? NameSubtypeDevice : -1;
            default: return -1;
        }
    }

    private static bool IsLabel(byte[] name, int position, string text)
    {
        if (name[position] != text.Length)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            int c = name[position + 1 + i];
            if (c >= 'A' && c <= 'Z')
            {
                c += 0x20;
            }

            if (c != text[i])
            {
                return false;
            }
        }

        return true;
    }

    // Digits of a label from its character "skip" on.
    private static bool TryHex(byte[] name, int position, int skip, int count, out ulong value)
    {
        value = 0;
        if (name[position] < skip + count)
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            int c = name[position + 1 + skip + i];
            int digit;
            if (c >= '0' && c <= '9')
            {
                digit = c - '0';
            }
            else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            {
                digit = (c | 0x20) - 'a' + 10;
            }
            else
            {
                return false;
            }

            value = (value << 4) | (uint)digit;
        }

        return true;
    }

    private static bool TryDecimal(byte[] name, int skip, int count, out uint value)
    {
        value = 0;
        if (count < 1 || count > 9 || (count > 1 && name[1 + skip] == '0'))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            int c = name[1 + skip + i];
            if (c < '0' || c > '9')
            {
                return false;
            }

            value = value * 10 + (uint)(c - '0');
        }

        return true;
    }

    private void BuildName(int id)
    {
        _nameLength = 0;
        if (id == NameHost)
        {
            BeginLabel();
            AppendHex(HostId);
            EndLabel();
        }
        else if (id == NameTypes)
        {
            AppendLabel("_services");
            AppendLabel("_dns-sd");
            AppendLabel("_udp");
        }
        else if (id >= NameOperationalSubtype)
        {
            BeginLabel();
            Append("_I");
            AppendHex(FabricIdOf(id - NameOperationalSubtype));
            EndLabel();
            AppendLabel("_sub");
            AppendType(true);
        }
        else if (id >= NameOperational)
        {
            BeginLabel();
            AppendHex(FabricIdOf(id - NameOperational));
            Append("-");
            AppendHex(NodeIdOf(id - NameOperational));
            EndLabel();
            AppendType(true);
        }
        else if (id == NameOperationalType || id == NameCommissionableType)
        {
            AppendType(id == NameOperationalType);
        }
        else
        {
            BeginLabel();
            switch (id)
            {
                case NameCommissionable:
                    AppendHex(InstanceId);
                    break;
                case NameSubtypeLong:
                    Append("_L");
                    _nameLength = PutDecimal(_name, _nameLength, (uint)(Commissionable.Discriminator));
                    break;
                case NameSubtypeShort:
                    Append("_S");
                    _nameLength = PutDecimal(_name, _nameLength, (uint)(Commissionable.Discriminator >> 8));
                    break;
                case NameSubtypeVendor:
                    Append("_V");
                    _nameLength = PutDecimal(_name, _nameLength, (uint)(Commissionable.VendorId));
                    break;
                case NameSubtypeDevice:
                    Append("_T");
                    _nameLength = PutDecimal(_name, _nameLength, Commissionable.DeviceType);
                    break;
                default:
                    Append("_CM");
                    break;
            }

            EndLabel();
            if (id != NameCommissionable)
            {
                AppendLabel("_sub");
            }

            AppendType(false);
        }

        AppendLabel("local");
        _name[_nameLength++] = 0;
    }

    private void AppendType(bool operational)
    {
        AppendLabel(operational ? "_matter" : "_matterc");
        AppendLabel(operational ? "_tcp" : "_udp");
    }

    private void AppendLabel(string text)
    {
        BeginLabel();
        Append(text);
        EndLabel();
    }

    private void BeginLabel()
    {
        _labelAt = _nameLength++;
    }

    private void EndLabel()
    {
        _name[_labelAt] = (byte)(_nameLength - _labelAt - 1);
    }

    private void Append(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            _name[_nameLength++] = (byte)text[i];
        }
    }

    private void AppendHex(ulong value)
    {
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            int digit = (int)(value >> shift & 15);
            _name[_nameLength++] = (byte)(digit < 10 ? '0' + digit : 'A' - 10 + digit);
        }
    }
}
