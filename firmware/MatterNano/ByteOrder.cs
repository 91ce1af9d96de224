namespace MatterNano;

/// <summary>Integers in byte arrays. Little-endian unless the name says otherwise (Core 4.4, appendix A).</summary>
/// <remarks>Unsigned only: nanoCLR follows the run-time tag of a value, so a signed shift of a reinterpreted value is wrong there.</remarks>
public static class ByteOrder
{
    /// <summary>Reads 2 bytes.</summary>
    public static int ReadUInt16(byte[] buffer, int offset)
    {
        return buffer[offset] | (buffer[offset + 1] << 8);
    }

    /// <summary>Reads 4 bytes.</summary>
    public static uint ReadUInt32(byte[] buffer, int offset)
    {
        return buffer[offset] | ((uint)buffer[offset + 1] << 8) | ((uint)buffer[offset + 2] << 16) | ((uint)buffer[offset + 3] << 24);
    }

    /// <summary>Reads 8 bytes.</summary>
    public static ulong ReadUInt64(byte[] buffer, int offset)
    {
        return ReadUInt32(buffer, offset) | ((ulong)ReadUInt32(buffer, offset + 4) << 32);
    }

    /// <summary>Writes 2 bytes.</summary>
    public static void WriteUInt16(byte[] buffer, int offset, uint value)
    {
        buffer[offset] = (byte)value;
        buffer[offset + 1] = (byte)(value >> 8);
    }

    /// <summary>Writes 4 bytes.</summary>
    public static void WriteUInt32(byte[] buffer, int offset, uint value)
    {
        buffer[offset] = (byte)value;
        buffer[offset + 1] = (byte)(value >> 8);
        buffer[offset + 2] = (byte)(value >> 16);
        buffer[offset + 3] = (byte)(value >> 24);
    }

    /// <summary>Writes 8 bytes.</summary>
    public static void WriteUInt64(byte[] buffer, int offset, ulong value)
    {
        WriteUInt32(buffer, offset, (uint)value);
        WriteUInt32(buffer, offset + 4, (uint)(value >> 32));
    }

    /// <summary>Reads a time of 5 bytes: milliseconds for 34 years.</summary>
    internal static long ReadTime(byte[] buffer, int offset)
    {
        // Times are never negative, so the unsigned detour cannot change them on nanoCLR.
        return (long)(ReadUInt32(buffer, offset) | ((ulong)buffer[offset + 4] << 32));
    }

    /// <summary>Writes a time of 5 bytes.</summary>
    internal static void WriteTime(byte[] buffer, int offset, long time)
    {
        WriteUInt32(buffer, offset, (uint)time);
        buffer[offset + 4] = (byte)(time >> 32);
    }

    /// <summary>Reads 2 bytes, most significant first.</summary>
    public static int ReadUInt16BigEndian(byte[] buffer, int offset)
    {
        return (buffer[offset] << 8) | buffer[offset + 1];
    }

    /// <summary>Reads 4 bytes, most significant first.</summary>
    public static uint ReadUInt32BigEndian(byte[] buffer, int offset)
    {
        return ((uint)buffer[offset] << 24) | ((uint)buffer[offset + 1] << 16) | ((uint)buffer[offset + 2] << 8) | buffer[offset + 3];
    }

    /// <summary>Reads 8 bytes, most significant first.</summary>
    public static ulong ReadUInt64BigEndian(byte[] buffer, int offset)
    {
        return ((ulong)ReadUInt32BigEndian(buffer, offset) << 32) | ReadUInt32BigEndian(buffer, offset + 4);
    }

    /// <summary>Writes 2 bytes, most significant first.</summary>
    public static void WriteUInt16BigEndian(byte[] buffer, int offset, uint value)
    {
        buffer[offset] = (byte)(value >> 8);
        buffer[offset + 1] = (byte)value;
    }

    /// <summary>Writes 4 bytes, most significant first.</summary>
    public static void WriteUInt32BigEndian(byte[] buffer, int offset, uint value)
    {
        buffer[offset] = (byte)(value >> 24);
        buffer[offset + 1] = (byte)(value >> 16);
        buffer[offset + 2] = (byte)(value >> 8);
        buffer[offset + 3] = (byte)value;
    }

    /// <summary>Writes 8 bytes, most significant first.</summary>
    public static void WriteUInt64BigEndian(byte[] buffer, int offset, ulong value)
    {
        WriteUInt32BigEndian(buffer, offset, (uint)(value >> 32));
        WriteUInt32BigEndian(buffer, offset + 4, (uint)value);
    }
}
