namespace MatterNano.Tlv;

/// <summary>UTF-8 in byte arrays, without the text packages.</summary>
public static class Utf8
{
    /// <summary>Bytes that a text takes.</summary>
    public static int GetByteCount(string text)
    {
        int count = 0;
        int length = text.Length;
        for (int i = 0; i < length; i++)
        {
            int c = text[i];
            if (c < 0x80)
            {
                count++;
            }
            else if (c < 0x800)
            {
                count += 2;
            }
            else if (LowHalf(text, i, length) != 0)
            {
                count += 4;
                i++;
            }
            else
            {
                count += 3;
            }
        }

        return count;
    }

    /// <summary>Writes a text; half of a surrogate pair becomes U+FFFD.</summary>
    /// <returns>The position behind it. The caller has made room with <see cref="GetByteCount"/>.</returns>
    public static int GetBytes(string text, byte[] buffer, int offset)
    {
        int length = text.Length;
        for (int i = 0; i < length; i++)
        {
            int c = text[i];
            if (c < 0x80)
            {
                buffer[offset++] = (byte)c;
            }
            else if (c < 0x800)
            {
                buffer[offset++] = (byte)(0xc0 | (c >> 6));
                buffer[offset++] = (byte)(0x80 | (c & 0x3f));
            }
            else if (LowHalf(text, i, length) != 0)
            {
                int point = 0x10000 + ((c - 0xd800) << 10) + (LowHalf(text, i, length) - 0xdc00);
                i++;
                buffer[offset++] = (byte)(0xf0 | (point >> 18));
                buffer[offset++] = (byte)(0x80 | ((point >> 12) & 0x3f));
                buffer[offset++] = (byte)(0x80 | ((point >> 6) & 0x3f));
                buffer[offset++] = (byte)(0x80 | (point & 0x3f));
            }
            else
            {
                if (c >= 0xd800 && c < 0xe000)
                {
                    c = 0xfffd;
                }

                buffer[offset++] = (byte)(0xe0 | (c >> 12));
                buffer[offset++] = (byte)(0x80 | ((c >> 6) & 0x3f));
                buffer[offset++] = (byte)(0x80 | (c & 0x3f));
            }
        }

        return offset;
    }

    /// <summary>True when the bytes are well-formed UTF-8: shortest forms, no surrogates, nothing above U+10FFFF.</summary>
    public static bool IsValid(byte[] buffer, int offset, int length)
    {
        return CountChars(buffer, offset, length) >= 0;
    }

    /// <summary>Reads a text. Allocates.</summary>
    /// <returns>Null when the bytes are not well-formed.</returns>
    public static string GetString(byte[] buffer, int offset, int length)
    {
        int count = CountChars(buffer, offset, length);
        if (count < 0)
        {
            return null;
        }

        if (count == 0)
        {
            return string.Empty;
        }

        char[] chars = new char[count];
        int at = 0;
        int end = offset + length;
        while (offset < end)
        {
            int b = buffer[offset++];
            if (b < 0x80)
            {
                chars[at++] = (char)b;
            }
            else if (b < 0xe0)
            {
                chars[at++] = (char)(((b & 0x1f) << 6) | (buffer[offset++] & 0x3f));
            }
            else if (b < 0xf0)
            {
                chars[at++] = (char)(((b & 0x0f) << 12) | ((buffer[offset] & 0x3f) << 6) | (buffer[offset + 1] & 0x3f));
                offset += 2;
            }
            else
            {
                int point = ((b & 0x07) << 18) | ((buffer[offset] & 0x3f) << 12) | ((buffer[offset + 1] & 0x3f) << 6) | (buffer[offset + 2] & 0x3f);
                offset += 3;
                point -= 0x10000;
                chars[at++] = (char)(0xd800 + (point >> 10));
                chars[at++] = (char)(0xdc00 + (point & 0x3ff));
            }
        }

        return new string(chars);
    }

    // The second half of the surrogate pair that begins at i, or 0. nanoCLR gives the first half for both when a text is indexed, and
    // both when it is copied.
    private static int LowHalf(string text, int i, int length)
    {
        if (text[i] < 0xd800 || text[i] >= 0xdc00 || i + 1 == length)
        {
            return 0;
        }

        int low = text.ToCharArray()[i + 1];
        return low >= 0xdc00 && low < 0xe000 ? low : 0;
    }

    // UTF-16 units that the bytes take, or -1 when they are malformed.
    private static int CountChars(byte[] buffer, int offset, int length)
    {
        int count = 0;
        int end = offset + length;
        while (offset < end)
        {
            int b = buffer[offset++];
            count++;
            if (b < 0x80)
            {
                continue;
            }

            int more;
            int least = 0x80;
            int most = 0xbf;
            if (b >= 0xc2 && b <= 0xdf)
            {
                more = 1;
            }
            else if (b >= 0xe0 && b <= 0xef)
            {
                more = 2;
                if (b == 0xe0)
                {
                    least = 0xa0;
                }
                else if (b == 0xed)
                {
                    most = 0x9f;
                }
            }
            else if (b >= 0xf0 && b <= 0xf4)
            {
                more = 3;
                count++;
                if (b == 0xf0)
                {
                    least = 0x90;
                }
                else if (b == 0xf4)
                {
                    most = 0x8f;
                }
            }
            else
            {
                return -1;
            }

            if (end - offset < more)
            {
                return -1;
            }

            for (; more > 0; more--)
            {
                b = buffer[offset++];
                if (b < least || b > most)
                {
                    return -1;
                }

                least = 0x80;
                most = 0xbf;
            }
        }

        return count;
    }
}
