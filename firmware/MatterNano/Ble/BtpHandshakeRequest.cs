namespace MatterNano.Ble;

/// <summary>BTP handshake request, written to C1 by the central (Core 4.19.3.1).</summary>
/// <remarks>0x65 | 0x6C | versions, eight 4-bit numbers, low half first | ATT MTU u16 | window u8; little-endian; 9 bytes.</remarks>
public sealed class BtpHandshakeRequest
{
    /// <summary>Bytes of the request.</summary>
    public const int Size = 9;

    /// <summary>The BTP version spoken here.</summary>
    public const int Version = 4;

    /// <summary>True when version 4 is among those offered.</summary>
    public bool OffersVersion4;

    /// <summary>ATT MTU as the central knows it; 0 when it does not.</summary>
    public int AttMtu;

    /// <summary>Packets that the central can hold unacknowledged.</summary>
    public int Window;

    /// <summary>Reads a request; false when it is not one.</summary>
    public bool TryRead(byte[] buffer, int offset, int length)
    {
        if (length != Size || buffer[offset] != BtpPacket.HandshakeFlags || buffer[offset + 1] != BtpPacket.HandshakeOpcode)
        {
            return false;
        }

        OffersVersion4 = false;
        for (int i = offset + 2; i < offset + 6; i++)
        {
            int versions = buffer[i];
            OffersVersion4 |= (versions & 0x0f) == Version || (versions >> 4) == Version;
        }

        AttMtu = ByteOrder.ReadUInt16(buffer, offset + 6);
        Window = buffer[offset + 8];
        return true;
    }
}
