using System;

namespace MatterNano.Onboarding;

/// <summary>Base-38 text of the QR code (Core 5.1.3.1): 3 bytes as 5 characters, 2 as 4, 1 as 2, least significant first.</summary>
public static class Base38
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-.";

    /// <summary>Number of characters that so many bytes become.</summary>
    public static int GetEncodedLength(int length)
    {
        int rest = length % 3;
        return length / 3 * 5 + (rest == 0 ? 0 : rest * 2);
    }

    /// <summary>Encodes bytes. Allocates; used when a code is shown.</summary>
    public static string Encode(byte[] buffer, int offset, int length)
    {
        char[] text = new char[GetEncodedLength(length)];
        int written = 0;
        for (int done = 0; done < length; done += 3)
        {
            int count = length - done < 3 ? length - done : 3;
            uint value = 0;
            for (int i = count - 1; i >= 0; i--)
            {
                value = (value << 8) | buffer[offset + done + i];
            }

            for (int i = GetEncodedLength(count); i > 0; i--)
            {
                text[written++] = Alphabet[(int)(value % 38)];
                value /= 38;
            }
        }

        return new string(text);
    }

    /// <summary>Decodes part of a text.</summary>
    /// <param name="output">Receives the bytes from index 0 on.</param>
    /// <returns>Number of bytes; -1 when the text is not base-38 or does not fit.</returns>
    public static int Decode(string text, int offset, int length, byte[] output)
    {
        if (text == null || offset < 0 || length < 0 || offset > text.Length - length)
        {
            return -1;
        }

        int written = 0;
        for (int done = 0; done < length;)
        {
            int characters = length - done < 5 ? length - done : 5;
            if (characters == 1 || characters == 3)
            {
                return -1;
            }

            int bytes = characters == 5 ? 3 : characters / 2;
            uint value = 0;
            for (int i = characters - 1; i >= 0; i--)
            {
                int digit = Alphabet.IndexOf(text[offset + done + i]);
                if (digit < 0)
                {
                    return -1;
                }

                value = value * 38 + (uint)digit;
            }

            if (value >> (8 * bytes) != 0 || written + bytes > output.Length)
            {
                return -1;
            }

            for (int i = 0; i < bytes; i++)
            {
                output[written++] = (byte)value;
                value >>= 8;
            }

            done += characters;
        }

        return written;
    }
}
