namespace MatterNano.Ble;

/// <summary>BTP handshake response, indicated on C2 by the peripheral (Core 4.19.3.2).</summary>
/// <remarks>0x65 | 0x6C | version u8 | segment size u16 | window u8; little-endian; 6 bytes. Counts as packet 0 of the peripheral.</remarks>
public static class BtpHandshakeResponse
{
    /// <summary>Bytes of the response.</summary>
    public const int Size = 6;

    /// <summary>Writes the response and returns its size.</summary>
    public static int Write(byte[] buffer, int offset, int segmentSize, int window)
    {
        buffer[offset] = BtpPacket.HandshakeFlags;
        buffer[offset + 1] = BtpPacket.HandshakeOpcode;
        buffer[offset + 2] = BtpHandshakeRequest.Version;
        ByteOrder.WriteUInt16(buffer, offset + 3, (uint)segmentSize);
        buffer[offset + 5] = (byte)window;
        return Size;
    }
}
