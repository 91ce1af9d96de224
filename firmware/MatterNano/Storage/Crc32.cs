namespace MatterNano.Storage;

/// <summary>The CRC-32 of IEEE 802.3, which marks a damaged record.</summary>
public static class Crc32
{
    /// <summary>Check value of a range.</summary>
    public static uint Compute(byte[] buffer, int offset, int length)
    {
        return Update(0, buffer, offset, length);
    }

    /// <summary>Continues a check value over a further range; starts with 0.</summary>
    public static uint Update(uint crc, byte[] buffer, int offset, int length)
    {
        crc = ~crc;
        for (int i = offset; i < offset + length; i++)
        {
            crc ^= buffer[i];
            crc = Nibble(crc & 15) ^ (crc >> 4);
            crc = Nibble(crc & 15) ^ (crc >> 4);
        }

        return ~crc;
    }

    // Four steps at once; a switch is code in flash where a table would be an array in RAM.
    private static uint Nibble(uint value)
    {
        switch (value)
        {
            case 0: return 0;
            case 1: return 0x1db71064;
            case 2: return 0x3b6e20c8;
            case 3: return 0x26d930ac;
            case 4: return 0x76dc4190;
            case 5: return 0x6b6b51f4;
            case 6: return 0x4db26158;
            case 7: return 0x5005713c;
            case 8: return 0xedb88320;
            case 9: return 0xf00f9344;
            case 10: return 0xd6d6a3e8;
            case 11: return 0xcb61b38c;
            case 12: return 0x9b64c2b0;
            case 13: return 0x86d3d2d4;
            case 14: return 0xa00ae278;
            default: return 0xbdbdf21c;
        }
    }
}
