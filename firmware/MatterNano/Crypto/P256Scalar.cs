using System;

namespace MatterNano.Crypto;

/// <summary>Numbers of nine 29-bit limbs, least significant first: reading, writing and arithmetic modulo the order n of P-256.</summary>
/// <remarks>Everything here takes the same steps for every value unless its text says otherwise.</remarks>
internal static class P256Scalar
{
    /// <summary>Bytes of a scalar or coordinate, most significant first.</summary>
    internal const int Size = 32;

    private const long Mask = 0x1fffffff;

    // 1 / n mod 2^30 and -1 / n mod 2^29.
    private const long OrderInverse = 0x11ff43b1;
    private const long OrderQuotient = 0xe00bc4f;

    /// <summary>The order n.</summary>
    internal static long[] Order()
    {
        return new long[] { 0x1c632551, 0x1dce5617, 0x5e7a13c, 0xdf55b4e, 0x1ffffbce, 0x1fffffff, 0x3ffff, 0x1fe00000, 0xffffff };
    }

    /// <summary>Reads 32 bytes.</summary>
    internal static void Read(long[] r, byte[] bytes, int offset)
    {
        long held = 0;
        int bits = 0;
        int limb = 0;
        for (int i = Size - 1; i >= 0; i--)
        {
            held |= (long)bytes[offset + i] << bits;
            bits += 8;
            if (bits >= 29)
            {
                r[limb] = held & Mask;
                held >>= 29;
                bits -= 29;
                limb++;
            }
        }

        r[8] = held;
    }

    /// <summary>Writes a number below 2^256 as 32 bytes.</summary>
    internal static void Write(long[] a, byte[] bytes, int offset)
    {
        long held = 0;
        int bits = 0;
        int limb = 0;
        for (int i = Size - 1; i >= 0; i--)
        {
            if (bits < 8)
            {
                held |= a[limb] << bits;
                bits += 29;
                limb++;
            }

            bytes[offset + i] = (byte)held;
            held >>= 8;
            bits -= 8;
        }
    }

    /// <summary>True for 1 to n - 1.</summary>
    internal static bool IsInRange(long[] a)
    {
        return !IsZero(a) && IsBelow(a, Order());
    }

    /// <summary>True for a number below <paramref name="limit"/>.</summary>
    internal static bool IsBelow(long[] a, long[] limit)
    {
        long carry = 0;
        for (int i = 0; i < 9; i++)
        {
            carry = (a[i] - limit[i] + carry) >> 29;
        }

        return carry < 0;
    }

    /// <summary>True for 0.</summary>
    internal static bool IsZero(long[] a)
    {
        long all = 0;
        for (int i = 0; i < 9; i++)
        {
            all |= a[i];
        }

        return all == 0;
    }

    /// <summary>Subtracts <paramref name="modulus"/> once if the number reaches it.</summary>
    internal static void SubtractOnce(long[] a, long[] modulus)
    {
        long[] less = new long[9];
        long carry = 0;
        for (int i = 0; i < 9; i++)
        {
            carry = a[i] - modulus[i] + (carry >> 29);
            less[i] = i < 8 ? carry & Mask : carry;
        }

        Select(a, less, ~(carry >> 63));
        Array.Clear(less, 0, 9);
    }

    /// <summary>a = b where <paramref name="mask"/> is -1; unchanged where it is 0.</summary>
    internal static void Select(long[] a, long[] b, long mask)
    {
        for (int i = 0; i < 9; i++)
        {
            a[i] ^= (a[i] ^ b[i]) & mask;
        }
    }

    /// <summary>r = a + b, with the limbs in order.</summary>
    internal static void Add(long[] r, long[] a, long[] b)
    {
        long carry = 0;
        for (int i = 0; i < 9; i++)
        {
            carry = a[i] + b[i] + (carry >> 29);
            r[i] = i < 8 ? carry & Mask : carry;
        }
    }

    /// <summary>a = n - a.</summary>
    internal static void Negate(long[] r, long[] a)
    {
        long[] n = Order();
        long carry = 0;
        for (int i = 0; i < 9; i++)
        {
            carry = n[i] - a[i] + (carry >> 29);
            r[i] = i < 8 ? carry & Mask : carry;
        }
    }

    /// <summary>r = a * b mod n, fully reduced, for operands below 2^257. The result may be one of them.</summary>
    internal static void Multiply(long[] r, long[] a, long[] b)
    {
        long[] n = Order();
        long[] square = { 0x148d9ef5, 0xf4e7f75, 0x14c6a651, 0x3f8b765, 0x165861f1, 0x1256d7d8, 0x1c185b23, 0xd4cab0f, 0x84b655 };
        Montgomery(r, a, b, n);
        Montgomery(r, r, square, n);
        SubtractOnce(r, n);
    }

    /// <summary>a = 1 / a mod n; 0 stays 0.</summary>
    internal static void Invert(long[] a)
    {
        long[] n = Order();
        ToThirty(n);
        ToThirty(a);
        P256Inverse.Invert(a, n, OrderInverse);
        FromThirty(a);
    }

    /// <summary>The bits of a number below 2^256, least significant first; the rest of the array becomes 0.</summary>
    internal static void ToBits(long[] a, byte[] bits)
    {
        Array.Clear(bits, 0, bits.Length);
        int at = 0;
        for (int i = 0; i < 9; i++)
        {
            long limb = a[i];
            int count = i < 8 ? 29 : 24;
            do
            {
                bits[at] = (byte)(limb & 1);
                limb >>= 1;
                at++;
                count--;
            }
            while (count > 0);
        }
    }

    /// <summary>Nine limbs of 29 bits become nine of 30.</summary>
    internal static void ToThirty(long[] a)
    {
        for (int i = 0; i < 8; i++)
        {
            a[i] = ((a[i] >> i) | (a[i + 1] << (29 - i))) & 0x3fffffff;
        }

        a[8] >>= 8;
    }

    /// <summary>Nine limbs of 30 bits become nine of 29.</summary>
    internal static void FromThirty(long[] a)
    {
        for (int i = 8; i > 0; i--)
        {
            a[i] = ((a[i - 1] >> (30 - i)) | (a[i] << i)) & Mask;
        }

        a[0] &= Mask;
    }

    // t = a * b / R mod n, below 2n for operands below 2^257 (limb sums stay below 2^63: 18 products of 29 bits and two carries).
    private static void Montgomery(long[] r, long[] a, long[] b, long[] n)
    {
        long[] t = new long[9];
        for (int i = 0; i < 9; i++)
        {
            long x = a[i];
            long carry = t[0] + (x * b[0]);
            long m = ((carry & Mask) * OrderQuotient) & Mask;
            carry = (carry + (m * n[0])) >> 29;
            for (int j = 1; j < 9; j++)
            {
                carry += t[j] + (x * b[j]) + (m * n[j]);
                t[j - 1] = carry & Mask;
                carry >>= 29;
            }

            t[8] = carry;
        }

        Array.Copy(t, r, 9);
        Array.Clear(t, 0, 9);
    }
}
