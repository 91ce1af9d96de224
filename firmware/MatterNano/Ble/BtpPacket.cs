namespace MatterNano.Ble;

/// <summary>A BTP data or acknowledgement packet (Core 4.19.3.3, 4.19.3.4).</summary>
/// <remarks>flags u8 | [acknowledged u8] | sequence u8 | [message length u16 at the beginning] | segment; little-endian.</remarks>
public sealed class BtpPacket
{
    /// <summary>Flag: first segment of a message.</summary>
    public const int Beginning = 0x01;

    /// <summary>Flag: a segment that continues a message. Some peers leave it out on the last one.</summary>
    public const int Continuing = 0x02;

    /// <summary>Flag: last segment of a message.</summary>
    public const int Ending = 0x04;

    /// <summary>Flag: carries an acknowledgement.</summary>
    public const int Acknowledgement = 0x08;

    /// <summary>Flag: carries a management opcode; only in the handshake.</summary>
    public const int Management = 0x20;

    /// <summary>Flag: handshake.</summary>
    public const int Handshake = 0x40;

    /// <summary>Flags of both handshake packets.</summary>
    public const byte HandshakeFlags = Handshake | Management | Ending | Beginning;

    /// <summary>Management opcode of both handshake packets.</summary>
    public const byte HandshakeOpcode = 0x6c;

    /// <summary>Largest header: flags, acknowledgement, sequence, message length.</summary>
    public const int MaxHeaderSize = 5;

    /// <summary>The flags as received.</summary>
    public int Flags;

    /// <summary>Acknowledged sequence number, -1 when there is none.</summary>
    public int Acknowledged;

    /// <summary>Sequence number, 0 to 255.</summary>
    public int Sequence;

    /// <summary>Length of the whole message in bytes, -1 except at its beginning.</summary>
    public int MessageLength;

    /// <summary>Where the segment starts in the buffer.</summary>
    public int SegmentOffset;

    /// <summary>Bytes of the segment; 0 in a pure acknowledgement.</summary>
    public int SegmentLength;

    /// <summary>True when the packet carries part of a message.</summary>
    public bool HasData
    {
        get { return (Flags & (Beginning | Continuing | Ending)) != 0; }
    }

    /// <summary>Reads a packet; false when it breaks the layout.</summary>
    public bool TryRead(byte[] buffer, int offset, int length)
    {
        int end = offset + length;
        if (length < 2)
        {
            return false;
        }

        Flags = buffer[offset++];
        if ((Flags & ~(Beginning | Continuing | Ending | Acknowledgement)) != 0
            || (Flags & (Beginning | Continuing)) == (Beginning | Continuing))
        {
            return false;
        }

        Acknowledged = -1;
        if ((Flags & Acknowledgement) != 0)
        {
            Acknowledged = buffer[offset++];
        }

        if (offset == end)
        {
            return false;
        }

        Sequence = buffer[offset++];
        MessageLength = -1;
        if ((Flags & Beginning) != 0)
        {
            if (end - offset < 2)
            {
                return false;
            }

            MessageLength = ByteOrder.ReadUInt16(buffer, offset);
            offset += 2;
        }

        SegmentOffset = offset;
        SegmentLength = end - offset;

        // A packet is an acknowledgement alone or it carries data; data without bytes would never end a message.
        return HasData ? SegmentLength > 0 : Acknowledged >= 0 && SegmentLength == 0;
    }

    /// <summary>Writes a header and returns its size.</summary>
    /// <param name="buffer">Receives the header.</param>
    /// <param name="offset">Where in the buffer.</param>
    /// <param name="flags">Data flags; the acknowledgement flag follows from <paramref name="acknowledged"/>.</param>
    /// <param name="acknowledged">Sequence number to acknowledge, or -1.</param>
    /// <param name="sequence">Own sequence number.</param>
    /// <param name="messageLength">Whole length; written only with <see cref="Beginning"/>.</param>
    public static int WriteHeader(byte[] buffer, int offset, int flags, int acknowledged, int sequence, int messageLength)
    {
        int start = offset;
        buffer[offset++] = (byte)(acknowledged >= 0 ? flags | Acknowledgement : flags);
        if (acknowledged >= 0)
        {
            buffer[offset++] = (byte)acknowledged;
        }

        buffer[offset++] = (byte)sequence;
        if ((flags & Beginning) != 0)
        {
            ByteOrder.WriteUInt16(buffer, offset, (uint)messageLength);
            offset += 2;
        }

        return offset - start;
    }
}
