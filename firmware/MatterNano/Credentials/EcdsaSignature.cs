using System;

namespace MatterNano.Credentials;

/// <summary>The two forms of a P-256 signature: 64 raw bytes (r, s) as Matter sends it, and DER as X.509 and CMS hold it.</summary>
public static class EcdsaSignature
{
    /// <summary>Length of the raw form in bytes.</summary>
    public const int RawLength = 64;

    /// <summary>Greatest length of the DER form in bytes.</summary>
    public const int MaxDerLength = 72;

    /// <summary>Writes the DER form.</summary>
    /// <returns>Its length, 72 at most, or -1 when it does not fit.</returns>
    public static int ToDer(byte[] raw, int rawOffset, byte[] der, int offset, int capacity)
    {
        DerWriter writer = new DerWriter();
        writer.Init(der, offset, offset + capacity);
        writer.PutSignature(raw, rawOffset);
        return writer.Length;
    }

    /// <summary>Reads the DER form strictly: shortest lengths and integers, nothing behind.</summary>
    /// <returns>False when it is not a signature; the raw form is then not written.</returns>
    public static bool FromDer(byte[] der, int offset, int length, byte[] raw, int rawOffset)
    {
        if (length < 8 || length > MaxDerLength || der[offset] != DerWriter.Sequence || der[offset + 1] != length - 2)
        {
            return false;
        }

        int end = offset + length;
        int first = offset + 2;
        int second = CheckInteger(der, first, end);
        if (second < 0 || CheckInteger(der, second, end) != end)
        {
            return false;
        }

        CopyInteger(der, first, raw, rawOffset);
        CopyInteger(der, second, raw, rawOffset + 32);
        return true;
    }

    // The index behind a positive INTEGER of at most 32 bytes in shortest form, or -1.
    private static int CheckInteger(byte[] der, int at, int end)
    {
        if (end - at < 3 || der[at] != DerWriter.Integer)
        {
            return -1;
        }

        int length = der[at + 1];
        if (length < 1 || length > 33 || length > end - at - 2 || der[at + 2] >= 0x80)
        {
            return -1;
        }

        if (der[at + 2] == 0 && length > 1 && der[at + 3] < 0x80)
        {
            return -1;
        }

        if (length == 33 && der[at + 2] != 0)
        {
            return -1;
        }

        return at + 2 + length;
    }

    private static void CopyInteger(byte[] der, int at, byte[] raw, int rawOffset)
    {
        int length = der[at + 1];
        int from = at + 2;
        if (length == 33)
        {
            from++;
            length--;
        }

        Array.Clear(raw, rawOffset, 32 - length);
        Array.Copy(der, from, raw, rawOffset + 32 - length, length);
    }
}
