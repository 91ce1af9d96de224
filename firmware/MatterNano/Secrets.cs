using System;

namespace MatterNano;

/// <summary>Handling of bytes that must not leak.</summary>
public static class Secrets
{
    /// <summary>Overwrites a range with zeros after use.</summary>
    public static void Wipe(byte[] buffer, int offset, int length)
    {
        Array.Clear(buffer, offset, length);
    }

    /// <summary>Overwrites a whole array with zeros after use.</summary>
    public static void Wipe(byte[] buffer)
    {
        Array.Clear(buffer, 0, buffer.Length);
    }

    /// <summary>Compares without early exit, so that the time does not tell where two secrets differ.</summary>
    public static bool AreEqual(byte[] a, int aOffset, byte[] b, int bOffset, int length)
    {
        int difference = 0;
        for (int i = 0; i < length; i++)
        {
            difference |= a[aOffset + i] ^ b[bOffset + i];
        }

        return difference == 0;
    }
}
