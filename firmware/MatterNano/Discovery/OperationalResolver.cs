using System;
using MatterNano.Platform;

namespace MatterNano.Discovery;

/// <summary>Finds where a peer is by its operational instance (Core 4.3.2): SRV, then AAAA or A of its host. One question at a time.</summary>
/// <remarks>
/// Sends through the responder's port and sees its responses. Asks three times in 4 s; what arrives in one message is
/// taken together, as responders send addresses along with SRV. Of several addresses the last of the wanted family stays.
/// </remarks>
public sealed class OperationalResolver
{
    /// <summary>State: nothing is asked.</summary>
    public const int Idle = 0;

    /// <summary>State: waiting for answers.</summary>
    public const int Asking = 1;

    /// <summary>State: <see cref="Address"/> is known.</summary>
    public const int Found = 2;

    /// <summary>State: nobody answered.</summary>
    public const int NotFound = 3;

    private const int InstanceLabel = 33;
    private const int Queries = 3;
    private const int LongestWait = 2000;
    private const int NameSize = 1 + InstanceLabel + 8 + 5 + 6 + 1;

    // Longest host that is asked for by name; one whose addresses come along may be longer.
    private const int MaxHost = 80;

    // The instance, and then the host it is on.
    private byte[] _name;
    private int _hostLength;
    private int _sent;
    private long _askAt;
    private bool _preferIPv4;

    /// <summary>One of the states.</summary>
    public int State { get; private set; }

    /// <summary>The peer's address and port, when found.</summary>
    public NetworkAddress Address { get; } = new NetworkAddress();

    /// <summary>When the next query or the end is due, in milliseconds of the clock; <see cref="long.MaxValue"/> when nothing is asked.</summary>
    public long NextDeadline
    {
        get { return State == Asking ? _askAt : long.MaxValue; }
    }

    /// <summary>Begins to ask; an earlier question is dropped.</summary>
    /// <param name="compressedFabricId">Compressed fabric identifier.</param>
    /// <param name="nodeId">The peer.</param>
    /// <param name="preferIPv4">Which family stays when there are both.</param>
    /// <param name="now">Milliseconds of the clock.</param>
    public void Start(ulong compressedFabricId, ulong nodeId, bool preferIPv4, long now)
    {
        int at = 0;
        _name = new byte[MaxHost];
        _name[at++] = InstanceLabel;
        at = PutHex(at, compressedFabricId);
        _name[at++] = (byte)'-';
        at = PutHex(at, nodeId);
        at = PutLabel(at, "_matter");
        at = PutLabel(at, "_tcp");
        at = PutLabel(at, "local");
        _name[at] = 0;
        _hostLength = 0;
        _sent = 0;
        _askAt = now;
        _preferIPv4 = preferIPv4;
        Address.Clear();
        State = Asking;
    }

    /// <summary>Asks no more.</summary>
    public void Cancel()
    {
        State = Idle;
        _name = null;
    }

    /// <summary>Writes the query that is due.</summary>
    /// <returns>False when none is due, or the last one stayed without answer.</returns>
    internal bool WriteQuery(DnsWriter writer, byte[] buffer, long now)
    {
        if (State != Asking || now < _askAt)
        {
            return false;
        }

        if (_sent == Queries)
        {
            State = NotFound;
            return false;
        }

        _sent++;
        _askAt = now + (_sent < Queries ? 1000 : LongestWait);
        writer.Init(buffer, 0, buffer.Length, 0, 0);
        bool askHost = _hostLength > 0;
        int count = askHost ? 2 : 1;
        for (int i = 0; i < count; i++)
        {
            writer.PutName(_name, 0);
            writer.PutUInt16(!askHost ? MdnsRecords.TypeSrv : i == 0 ? MdnsRecords.TypeAaaa : MdnsRecords.TypeA);
            writer.PutUInt16(1);
        }

        writer.SetCount(0, count);
        return !writer.Overflow;
    }

    /// <summary>Looks for the answer in a response whose header has been read.</summary>
    /// <param name="reader">At its first question.</param>
    /// <param name="buffer">What it reads.</param>
    /// <param name="scratch">Holds a host name meanwhile, <see cref="DnsReader.MaxName"/> bytes or more.</param>
    /// <param name="source">Sender of the response: its scope is that of a link-local address.</param>
    /// <param name="now">Milliseconds of the clock.</param>
    internal void OnResponse(DnsReader reader, byte[] buffer, byte[] scratch, NetworkAddress source, long now)
    {
        if (State != Asking)
        {
            return;
        }

        bool askedHost = _hostLength > 0;
        byte[] host = askedHost ? _name : scratch;
        int hostLength = _hostLength;

        // SRV may stand behind the addresses of its host, so these are looked for in a second walk.
        for (int walk = askedHost ? 1 : 0; walk < 2; walk++)
        {
            reader.Rewind();
            for (int i = 0; i < reader.QuestionCount; i++)
            {
                if (!reader.ReadQuestion())
                {
                    return;
                }
            }

            int count = reader.AnswerCount + reader.AuthorityCount + reader.AdditionalCount;
            for (int i = 0; i < count && reader.ReadRecord(); i++)
            {
                if (reader.Class != 1 || reader.Ttl == 0)
                {
                    continue;
                }

                if (walk == 0)
                {
                    int length = TakeService(reader, buffer, host);
                    hostLength = length > 0 ? length : hostLength;
                }
                else if (hostLength > 0)
                {
                    TakeAddress(reader, buffer, host, hostLength, source);
                }
            }

            if (reader.HasError)
            {
                // A damaged message is no answer.
                Address.Transport = NetworkAddress.None;
                return;
            }
        }

        if (Address.Transport == NetworkAddress.Udp)
        {
            State = Found;
        }
        else if (!askedHost && hostLength > 0 && hostLength <= MaxHost)
        {
            // The host is known, its addresses were not sent along.
            Array.Copy(host, 0, _name, 0, hostLength);
            _hostLength = hostLength;
            _sent = 0;
            _askAt = now;
        }
    }

    private static bool IsSameName(byte[] a, byte[] b, int length)
    {
        for (int i = 0; i < length; i++)
        {
            int x = a[i];
            int y = b[i];
            if (x >= 'A' && x <= 'Z')
            {
                x += 32;
            }

            if (y >= 'A' && y <= 'Z')
            {
                y += 32;
            }

            if (x != y)
            {
                return false;
            }
        }

        return true;
    }

    // Length of the host's name; 0 when it is another record.
    private int TakeService(DnsReader reader, byte[] buffer, byte[] host)
    {
        if (reader.Type != MdnsRecords.TypeSrv || reader.NameLength != NameSize || !IsSameName(reader.Name, _name, NameSize) || reader.DataLength < 7)
        {
            return 0;
        }

        Address.Port = ByteOrder.ReadUInt16BigEndian(buffer, reader.DataOffset + 4);
        int length = reader.ReadDataName(6, host);
        return length > 1 && Address.Port != 0 ? length : 0;
    }

    private void TakeAddress(DnsReader reader, byte[] buffer, byte[] host, int hostLength, NetworkAddress source)
    {
        bool isIPv4 = reader.Type == MdnsRecords.TypeA && reader.DataLength == 4;
        bool isIPv6 = reader.Type == MdnsRecords.TypeAaaa && reader.DataLength == NetworkAddress.IpSize;
        if ((!isIPv4 && !isIPv6) || reader.NameLength != hostLength || !IsSameName(reader.Name, host, hostLength)
            || (Address.Transport == NetworkAddress.Udp && isIPv4 != _preferIPv4))
        {
            return;
        }

        if (isIPv4)
        {
            int at = reader.DataOffset;
            Address.SetIPv4(buffer[at], buffer[at + 1], buffer[at + 2], buffer[at + 3], Address.Port);
            return;
        }

        Address.Transport = NetworkAddress.Udp;
        Array.Copy(buffer, reader.DataOffset, Address.Ip, 0, NetworkAddress.IpSize);
        Address.Scope = Address.Ip[0] == 0xfe && (Address.Ip[1] & 0xc0) == 0x80 ? source.Scope : 0;
    }

    private int PutHex(int at, ulong value)
    {
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            int digit = (byte)(value >> shift) & 0x0f;
            _name[at++] = (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);
        }

        return at;
    }

    private int PutLabel(int at, string label)
    {
        _name[at++] = (byte)label.Length;
        for (int i = 0; i < label.Length; i++)
        {
            _name[at++] = (byte)label[i];
        }

        return at;
    }
}
