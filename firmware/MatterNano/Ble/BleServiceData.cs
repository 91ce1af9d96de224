namespace MatterNano.Ble;

/// <summary>Service data of UUID 0xFFF6 in the advertisement of a commissionable device (Core 5.4.2.5.6).</summary>
/// <remarks>opcode u8 = 0 | version (4 high bits) and discriminator (12 low bits) u16 | vendor u16 | product u16 | flags u8; little-endian; 8 bytes.</remarks>
public static class BleServiceData
{
    /// <summary>Bytes of the service data.</summary>
    public const int Size = 8;

    /// <summary>Flag: additional commissioning data can be read from C3.</summary>
    public const int HasAdditionalData = 0x01;

    /// <summary>Writes the service data.</summary>
    /// <param name="buffer">Receives <see cref="Size"/> bytes.</param>
    /// <param name="discriminator">0 to 4095.</param>
    /// <param name="vendorId">Vendor.</param>
    /// <param name="productId">Product.</param>
    /// <param name="flags">0 or <see cref="HasAdditionalData"/>.</param>
    public static void Write(byte[] buffer, int discriminator, int vendorId, int productId, int flags)
    {
        buffer[0] = 0;
        ByteOrder.WriteUInt16(buffer, 1, (uint)(discriminator & 0xfff));
        ByteOrder.WriteUInt16(buffer, 3, (uint)vendorId);
        ByteOrder.WriteUInt16(buffer, 5, (uint)productId);
        buffer[7] = (byte)flags;
    }
}
