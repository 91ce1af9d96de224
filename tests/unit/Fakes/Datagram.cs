using System;
using MatterNano;
using MatterNano.Messaging;
using MatterNano.Platform;

namespace NFUnitTest.Fakes;

/// <summary>A datagram on its way.</summary>
public class Datagram
{
    /// <summary>Its bytes.</summary>
    public byte[] Bytes;

    /// <summary>Where it was sent to.</summary>
    public NetworkAddress To;

    /// <summary>Copies a datagram.</summary>
    public Datagram(NetworkAddress to, byte[] buffer, int offset, int length)
    {
        Bytes = new byte[length];
        Array.Copy(buffer, offset, Bytes, 0, length);
        To = new NetworkAddress();
        To.CopyFrom(to);
    }

    /// <summary>Message counter.</summary>
    public uint Counter
    {
        get { return ByteOrder.ReadUInt32(Bytes, 4); }
    }

    /// <summary>Protocol header of an unsecured message.</summary>
    public PayloadHeader UnsecuredPayload
    {
        get
        {
            MessageHeader header = new MessageHeader();
            PayloadHeader payload = new PayloadHeader();
            return header.TryRead(Bytes, 0, Bytes.Length) && payload.TryRead(Bytes, header.Length, Bytes.Length - header.Length) ? payload : null;
        }
    }
}
