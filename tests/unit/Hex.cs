namespace NFUnitTest;

/// <summary>Byte strings as text.</summary>
internal static class Hex
{
    /// <summary>The bytes of a hexadecimal text in lower case.</summary>
    internal static byte[] Bytes(string text)
    {
        byte[] bytes = new byte[text.Length / 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((Digit(text[2 * i]) << 4) | Digit(text[(2 * i) + 1]));
        }

        return bytes;
    }

    /// <summary>Hexadecimal text of a range, in lower case.</summary>
    internal static string Text(byte[] bytes, int offset, int length)
    {
        char[] text = new char[2 * length];
        for (int i = 0; i < length; i++)
        {
            text[2 * i] = "0123456789abcdef"[bytes[offset + i] >> 4];
            text[(2 * i) + 1] = "0123456789abcdef"[bytes[offset + i] & 15];
        }

        return new string(text);
    }

    /// <summary>A buffer of 0xa5, so that a forgotten or an overrun byte shows.</summary>
    internal static byte[] Filled(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = 0xa5;
        }

        return bytes;
    }

    private static int Digit(char c)
    {
        return c <= '9' ? c - '0' : c - 'a' + 10;
    }
}
