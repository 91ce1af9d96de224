using System;

namespace MatterNano.Platform;

/// <summary>Where a datagram came from or goes to: an IP address, port and scope, or the one BLE link.</summary>
/// <remarks>A mutable value that its owner reuses; copy it with <see cref="CopyFrom"/>, never keep another's reference.</remarks>
public sealed class NetworkAddress
{
    /// <summary>Transport: no address.</summary>
    public const byte None = 0;

    /// <summary>Transport: UDP. Messages use MRP.</summary>
    public const byte Udp = 1;

    /// <summary>Transport: the BLE link (BTP). Reliable by itself, so messages never use MRP.</summary>
    public const byte Ble = 2;

    /// <summary>Bytes of an IP address; IPv4 is held as ::ffff:a.b.c.d.</summary>
    public const int IpSize = 16;

    /// <summary>Size of the packed form of <see cref="Write"/>.</summary>
    public const int PackedSize = 23;

    /// <summary>One of <see cref="None"/>, <see cref="Udp"/>, <see cref="Ble"/>.</summary>
    public byte Transport;

    /// <summary>UDP port, 0 to 65535.</summary>
    public int Port;

    /// <summary>Interface index of a link-local IPv6 address, else 0.</summary>
    public uint Scope;

    /// <summary>16 bytes in network order; IPv4 as ::ffff:a.b.c.d.</summary>
    public readonly byte[] Ip = new byte[IpSize];

    /// <summary>True for IPv4 in its mapped form.</summary>
    public bool IsIPv4
    {
        get
        {
            for (int i = 0; i < 10; i++)
            {
                if (Ip[i] != 0)
                {
                    return false;
                }
            }

            return Ip[10] == 0xff && Ip[11] == 0xff;
        }
    }

    /// <summary>Makes this the IPv4 address a.b.c.d with a port.</summary>
    public void SetIPv4(byte a, byte b, byte c, byte d, int port)
    {
        Clear();
        Transport = Udp;
        Ip[10] = 0xff;
        Ip[11] = 0xff;
        Ip[12] = a;
        Ip[13] = b;
        Ip[14] = c;
        Ip[15] = d;
        Port = port;
    }

    /// <summary>Makes this no address.</summary>
    public void Clear()
    {
        Transport = None;
        Port = 0;
        Scope = 0;
        Array.Clear(Ip, 0, IpSize);
    }

    /// <summary>Copies all of another address.</summary>
    public void CopyFrom(NetworkAddress other)
    {
        Transport = other.Transport;
        Port = other.Port;
        Scope = other.Scope;
        Array.Copy(other.Ip, 0, Ip, 0, IpSize);
    }

    /// <summary>True when transport, IP, port and scope are equal.</summary>
    public bool Matches(NetworkAddress other)
    {
        if (Transport != other.Transport || Port != other.Port || Scope != other.Scope)
        {
            return false;
        }

        for (int i = 0; i < IpSize; i++)
        {
            if (Ip[i] != other.Ip[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when a packed address is this one.</summary>
    /// <param name="packed">Holds the form of <see cref="Write"/>.</param>
    /// <param name="offset">Its start.</param>
    public bool MatchesPacked(byte[] packed, int offset)
    {
        if (packed[offset] != Transport || ByteOrder.ReadUInt16(packed, offset + 17) != Port || ByteOrder.ReadUInt32(packed, offset + 19) != Scope)
        {
            return false;
        }

        for (int i = 0; i < IpSize; i++)
        {
            if (packed[offset + 1 + i] != Ip[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes the packed form: transport 1, IP 16, port 2 LE, scope 4 LE.</summary>
    public void Write(byte[] buffer, int offset)
    {
        buffer[offset] = Transport;
        Array.Copy(Ip, 0, buffer, offset + 1, IpSize);
        ByteOrder.WriteUInt16(buffer, offset + 17, (uint)Port);
        ByteOrder.WriteUInt32(buffer, offset + 19, Scope);
    }

    /// <summary>Reads the packed form of <see cref="Write"/>.</summary>
    public void Read(byte[] buffer, int offset)
    {
        Transport = buffer[offset];
        Array.Copy(buffer, offset + 1, Ip, 0, IpSize);
        Port = ByteOrder.ReadUInt16(buffer, offset + 17);
        Scope = ByteOrder.ReadUInt32(buffer, offset + 19);
    }
}
