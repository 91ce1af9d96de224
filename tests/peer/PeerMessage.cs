using System;
using System.Buffers.Binary;

namespace MatterNano.Peer;

/// <summary>One Matter message, decoded (Core 4.4).</summary>
public sealed class PeerMessage
{
    public int MessageFlags;
    public ushort SessionId;
    public int SecurityFlags;
    public uint Counter;
    public ulong? SourceNodeId;
    public ulong? DestinationNodeId;

    public int ExchangeFlags;
    public byte Opcode;
    public ushort ExchangeId;
    public ushort ProtocolId;
    public uint? AcknowledgedCounter;
    public byte[] Payload = Array.Empty<byte>();

    /// <summary>Payload header and payload, still encrypted on a secure session.</summary>
    public byte[] Body;

    /// <summary>Everything before <see cref="Body"/>.</summary>
    public byte[] Header;

    /// <summary>The datagram.</summary>
    public byte[] Datagram;

    /// <summary>When it arrived, in the host's milliseconds.</summary>
    public long Time;

    public bool IsInitiator => (ExchangeFlags & 1) != 0;

    public bool NeedsAck => (ExchangeFlags & 4) != 0;

    public static PeerMessage ReadHeader(byte[] datagram)
    {
        PeerMessage message = new()
        {
            Datagram = datagram,
            MessageFlags = datagram[0],
            SessionId = BinaryPrimitives.ReadUInt16LittleEndian(datagram.AsSpan(1)),
            SecurityFlags = datagram[3],
            Counter = BinaryPrimitives.ReadUInt32LittleEndian(datagram.AsSpan(4)),
        };
        int position = 8;
        if ((message.MessageFlags & 4) != 0)
        {
            message.SourceNodeId = BinaryPrimitives.ReadUInt64LittleEndian(datagram.AsSpan(position));
            position += 8;
        }

        switch (message.MessageFlags & 3)
        {
            case 1:
                message.DestinationNodeId = BinaryPrimitives.ReadUInt64LittleEndian(datagram.AsSpan(position));
                position += 8;
                break;
            case 2:
                position += 2;
                break;
        }

        message.Header = datagram.AsSpan(0, position).ToArray();
        message.Body = datagram.AsSpan(position).ToArray();
        return message;
    }

    public void ReadBody(byte[] plain)
    {
        ExchangeFlags = plain[0];
        Opcode = plain[1];
        ExchangeId = BinaryPrimitives.ReadUInt16LittleEndian(plain.AsSpan(2));
        ProtocolId = BinaryPrimitives.ReadUInt16LittleEndian(plain.AsSpan(4));
        int position = 6;
        if ((ExchangeFlags & 0x10) != 0)
        {
            position += 2;
        }

        if ((ExchangeFlags & 2) != 0)
        {
            AcknowledgedCounter = BinaryPrimitives.ReadUInt32LittleEndian(plain.AsSpan(position));
            position += 4;
        }

        Payload = plain.AsSpan(position).ToArray();
    }

    public static byte[] WriteHeader(int sessionId, uint counter, ulong? source, ulong? destination)
    {
        byte[] header = new byte[8 + (source == null ? 0 : 8) + (destination == null ? 0 : 8)];
        header[0] = (byte)((source == null ? 0 : 4) | (destination == null ? 0 : 1));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(1), (ushort)sessionId);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), counter);
        int position = 8;
        if (source != null)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(position), source.Value);
            position += 8;
        }

        if (destination != null)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(position), destination.Value);
        }

        return header;
    }

    public static byte[] WriteBody(int flags, int opcode, int exchangeId, int protocolId, uint? acknowledged, byte[] payload)
    {
        byte[] body = new byte[6 + (acknowledged == null ? 0 : 4) + payload.Length];
        body[0] = (byte)(flags | (acknowledged == null ? 0 : 2));
        body[1] = (byte)opcode;
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(2), (ushort)exchangeId);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(4), (ushort)protocolId);
        if (acknowledged != null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(6), acknowledged.Value);
        }

        payload.CopyTo(body, body.Length - payload.Length);
        return body;
    }
}

/// <summary>A StatusReport as the controller reads it.</summary>
public sealed record PeerStatus(int General, uint Protocol, int Code, byte[] Data)
{
    public bool IsSuccess => General == 0 && Protocol == 0 && Code == 0;

    /// <summary>Milliseconds of a busy report, else -1.</summary>
    public int BusyMilliseconds => General == 8 && Code == 4 && Data.Length == 2 ? Data[0] | (Data[1] << 8) : -1;

    public static PeerStatus Parse(byte[] payload) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(payload),
        BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(2)),
        BinaryPrimitives.ReadUInt16LittleEndian(payload.AsSpan(6)),
        payload.AsSpan(8).ToArray());

    public static byte[] Build(int general, int code) => new byte[] { (byte)general, 0, 0, 0, 0, 0, (byte)code, 0 };
}
