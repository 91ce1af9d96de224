namespace MatterNano.Messaging;

/// <summary>Protocol header, the first thing inside the encrypted part of a message (Core 4.4.3). A reusable value.</summary>
/// <remarks>
/// flags 1 (I 0x01, A 0x02, R 0x04, SX 0x08, V 0x10) | opcode 1 | exchange id 2 | [vendor 2] | protocol 2 |
/// [acknowledged counter 4] | [extension length 2, extension]; little-endian; 6 bytes or more.
/// </remarks>
public sealed class PayloadHeader
{
    /// <summary>Least size in bytes.</summary>
    public const int MinSize = 6;

    /// <summary>Largest size that <see cref="WriteBefore"/> produces: with an acknowledged counter.</summary>
    public const int MaxWrittenSize = 10;

    /// <summary>Flag: sent by the initiator of the exchange.</summary>
    public const int Initiator = 0x01;

    /// <summary>Flag: acknowledges the counter carried.</summary>
    public const int Acknowledgement = 0x02;

    /// <summary>Flag: the sender wants an acknowledgement.</summary>
    public const int Reliable = 0x04;

    /// <summary>Flag: a secured extension follows.</summary>
    public const int Extension = 0x08;

    /// <summary>Flag: a vendor id is carried.</summary>
    public const int Vendor = 0x10;

    /// <summary>Exchange flags as on the wire.</summary>
    public int Flags;

    /// <summary>Opcode.</summary>
    public int Opcode;

    /// <summary>Exchange id.</summary>
    public int ExchangeId;

    /// <summary>Vendor id * 65536 + protocol; the vendor is 0 when not carried.</summary>
    public int ProtocolId;

    /// <summary>Acknowledged counter, when <see cref="Acknowledgement"/> is set.</summary>
    public uint AcknowledgedCounter;

    /// <summary>Length in bytes of the header read, extension included.</summary>
    public int Length;

    /// <summary>Reads the header.</summary>
    /// <returns>False when it is cut; the fields are then meaningless.</returns>
    public bool TryRead(byte[] buffer, int offset, int length)
    {
        if (length < MinSize)
        {
            return false;
        }

        int flags = buffer[offset];
        int size = MinSize;
        if ((flags & Vendor) != 0)
        {
            size += 2;
        }

        int afterProtocol = size;
        if ((flags & Acknowledgement) != 0)
        {
            size += 4;
        }

        if (size > length)
        {
            return false;
        }

        Flags = flags;
        Opcode = buffer[offset + 1];
        ExchangeId = ByteOrder.ReadUInt16(buffer, offset + 2);
        ProtocolId = ByteOrder.ReadUInt16(buffer, offset + afterProtocol - 2);
        if ((flags & Vendor) != 0)
        {
            ProtocolId |= ByteOrder.ReadUInt16(buffer, offset + 4) << 16;
        }

        AcknowledgedCounter = (flags & Acknowledgement) != 0 ? ByteOrder.ReadUInt32(buffer, offset + afterProtocol) : 0;
        if ((flags & Extension) != 0)
        {
            if (size + 2 > length)
            {
                return false;
            }

            size += 2 + ByteOrder.ReadUInt16(buffer, offset + size);
            if (size > length)
            {
                return false;
            }
        }

        Length = size;
        return true;
    }

    /// <summary>Writes a header that ends just before <paramref name="end"/>. Vendor protocols are not sent.</summary>
    /// <param name="buffer">Receives it.</param>
    /// <param name="end">Where the payload starts.</param>
    /// <param name="flags">Exchange flags; only I, A and R.</param>
    /// <param name="opcode">Opcode.</param>
    /// <param name="exchangeId">Exchange id.</param>
    /// <param name="protocolId">Protocol of the standard vendor.</param>
    /// <param name="acknowledgedCounter">Counter acknowledged; used with the flag A only.</param>
    /// <returns>Where the header starts.</returns>
    public static int WriteBefore(byte[] buffer, int end, int flags, int opcode, int exchangeId, int protocolId, uint acknowledgedCounter)
    {
        int start = end - MinSize;
        if ((flags & Acknowledgement) != 0)
        {
            start -= 4;
            ByteOrder.WriteUInt32(buffer, end - 4, acknowledgedCounter);
        }

        buffer[start] = (byte)flags;
        buffer[start + 1] = (byte)opcode;
        ByteOrder.WriteUInt16(buffer, start + 2, (uint)exchangeId);
        ByteOrder.WriteUInt16(buffer, start + 4, (uint)protocolId);
        return start;
    }
}
