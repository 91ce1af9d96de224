using System;

namespace MatterNano.Crypto;

/// <summary>A point of P-256 in Jacobian coordinates with the scratch of its own multiplications; about 1 KB, 6 KB while it multiplies.</summary>
/// <remarks>
/// Coordinates are P256Field elements. Multiplications by a secret take the same steps and read the same addresses for every
/// scalar. Their additions never meet equal, opposite or infinite points; the text at each tells why.
/// </remarks>
internal sealed class P256Point
{
    /// <summary>Coordinates; z = 0 is the point at infinity.</summary>
    internal readonly long[] X = new long[9];
    internal readonly long[] Y = new long[9];
    internal readonly long[] Z = new long[9];

    private const int CombTeeth = 5;
    private const int CombTables = 4;
    private const int CombSpacing = 13;
    private const int CombBits = CombTeeth * CombTables * CombSpacing;
    private const long FieldInverse = 0x3fffffff;

    private readonly long[] _entry = new long[9];

    /// <summary>p.</summary>
    internal static long[] Prime()
    {
        return new long[] { 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1ff, 0, 0, 0x40000, 0x1fe00000, 0xffffff };
    }

    /// <summary>Reads a coordinate below p into Montgomery form.</summary>
    /// <returns>False when it is p or more.</returns>
    internal static bool ReadElement(long[] r, byte[] bytes, int offset)
    {
        P256Scalar.Read(r, bytes, offset);
        bool valid = P256Scalar.IsBelow(r, Prime());
        ToMontgomery(r);
        return valid;
    }

    /// <summary>Reads and checks an uncompressed point: form, range and curve equation (SEC 1, 3.2.2.1; the order of the curve is prime).</summary>
    internal bool TryRead(byte[] bytes, int offset)
    {
        if (!ReadTrusted(bytes, offset))
        {
            return false;
        }

        long[] left = new long[9];
        long[] right = new long[9];
        long[] three = { 0x60, 0, 0, 0x1fff4000, 0x1fffffff, 0x1fffffff, 0x1e7fffff, 0xbffffff, 0 };
        long[] b = { 0x1897bbfb, 0x1cdf6229, 0x18486c4, 0x1732821, 0x1dad59e0, 0xabf7212, 0x1a06d110, 0x17721d20, 0x8600c3 };
        P256Field.Square(left, Y, 1);
        P256Field.Subtract(left, left, b);
        P256Field.Square(right, X, 1);
        P256Field.Subtract(right, right, three);
        P256Field.Multiply(right, right, X);
        P256Field.Multiply(left, left, One()); // times 1: a product again
        P256Field.Subtract(left, left, right);
        return IsZero(left);
    }

    /// <summary>Reads a point that was checked, or computed here, before: the curve equation is not looked at again.</summary>
    internal bool ReadTrusted(byte[] bytes, int offset)
    {
        SetOne(Z);
        return bytes[offset] == 4 && ReadElement(X, bytes, offset + 1) && ReadElement(Y, bytes, offset + 33);
    }

    /// <summary>Writes an affine point (z = 1) as 65 bytes.</summary>
    internal void Write(byte[] bytes, int offset)
    {
        bytes[offset] = 4;
        WriteElement(X, bytes, offset + 1);
        WriteElement(Y, bytes, offset + 33);
    }

    /// <summary>Writes a coordinate as 32 bytes.</summary>
    internal static void WriteElement(long[] a, byte[] bytes, int offset)
    {
        long[] t = new long[9];
        FromMontgomery(t, a);
        P256Scalar.Write(t, bytes, offset);
        Array.Clear(t, 0, 9);
    }

    /// <summary>True for a multiple of p.</summary>
    internal static bool IsZero(long[] a)
    {
        long[] t = new long[9];
        FromMontgomery(t, a);
        return P256Scalar.IsZero(t);
    }

    /// <summary>r = 1 as a field element.</summary>
    internal static void SetOne(long[] r)
    {
        Array.Copy(One(), r, 9);
    }

    /// <summary>Forgets everything.</summary>
    internal void Wipe()
    {
        Array.Clear(X, 0, 9);
        Array.Clear(Y, 0, 9);
        Array.Clear(Z, 0, 9);
        Array.Clear(_entry, 0, 9);
    }

    /// <summary>Brings the point to z = 1. Not for the point at infinity.</summary>
    internal void MakeAffine()
    {
        long[] t = new long[9];
        Invert(Z);
        P256Field.Square(t, Z, 1);
        P256Field.Multiply(X, X, t);
        P256Field.Multiply(Y, Y, t);
        P256Field.Multiply(Y, Y, Z);
        SetOne(Z);
        Array.Clear(t, 0, 9);
    }

    /// <summary>a = 1 / a for a field element; the time does not depend on it.</summary>
    internal static void Invert(long[] a)
    {
        long[] p = Prime();
        FromMontgomery(a, a);
        P256Scalar.ToThirty(p);
        P256Scalar.ToThirty(a);
        P256Inverse.Invert(a, p, FieldInverse);
        P256Scalar.FromThirty(a);
        ToMontgomery(a);
    }

    /// <summary>Changes the sign of the point.</summary>
    internal void Negate()
    {
        long[] p = Prime();
        FromMontgomery(Y, Y);
        P256Field.Subtract(Y, p, Y);
        ToMontgomery(Y);
    }

    /// <summary>this += other for two affine points (z = 1), in any relation to each other; the sum is Jacobian. Branches only on equal x.</summary>
    /// <returns>False when the sum is the point at infinity.</returns>
    internal bool AddAffine(P256Point other)
    {
        long[] difference = new long[9];
        P256Field.Multiply(difference, X, One());
        P256Field.Subtract(difference, difference, other.X);
        if (IsZero(difference))
        {
            P256Field.Subtract(difference, Y, other.Y);
            if (!IsZero(difference))
            {
                return false;
            }

            P256Field.DoubleAndAdd(X, Y, Z, 1, null, 0);
        }
        else
        {
            Pack(_entry, 0, 1, other.X, other.Y);
            P256Field.DoubleAndAdd(X, Y, Z, 0, _entry, 0);
        }

        return true;
    }

    /// <summary>Multiplies the generator by a secret scalar, 1 to n - 1; the result is Jacobian.</summary>
    /// <remarks>
    /// Signed comb: an odd k is a sum of +-2^i over 260 bits. k or n - k is odd. Table q holds the sums over the bits 13q + 52b;
    /// in each of 13 steps the tables are used from 3 down to 0. Before an addition the sum and the entry are a and t times the
    /// generator. As integers a +- t is a sum of digits times 2^13i of which one is odd and all are below 2^13, so it is not 0, and except in
    /// the last step it is below 2^255. In the last step it would have to be n: a test goes through every sign pattern and
    /// finds no scalar for this order of the tables.
    /// </remarks>
    internal void MultiplyGenerator(long[] scalar)
    {
        long[][] tables = { P256Tables.Comb0(), P256Tables.Comb1(), P256Tables.Comb2(), P256Tables.Comb3() };
        long[] k = new long[9];
        byte[] bits = new byte[CombBits + 1];
        long negative = MakeOdd(k, scalar);
        P256Scalar.ToBits(k, bits);
        bits[CombBits] = 1;
        bool first = true;
        for (int step = CombSpacing; step > 0; step--)
        {
            int doublings = 1;
            for (int q = CombTables - 1; q >= 0; q--)
            {
                int at = step + (CombSpacing * q); // bit i of the sign pattern is bit i + 1 of k
                long sign = (0L + bits[at + (4 * CombTables * CombSpacing)]) - 1L;
                P256Field.Select16(
                    _entry,
                    tables[q],
                    (0L - bits[at]) ^ sign,
                    (0L - bits[at + (CombTables * CombSpacing)]) ^ sign,
                    (0L - bits[at + (2 * CombTables * CombSpacing)]) ^ sign,
                    (0L - bits[at + (3 * CombTables * CombSpacing)]) ^ sign);
                if (first)
                {
                    Start(sign);
                    first = false;
                }
                else
                {
                    P256Field.DoubleAndAdd(X, Y, Z, doublings, _entry, sign);
                }

                doublings = 0;
            }
        }

        NegateIf(negative);
        Secrets.Wipe(bits);
        Array.Clear(k, 0, 9);
    }

    /// <summary>Multiplies this point by a secret scalar, 1 to n - 1; the result is Jacobian.</summary>
    /// <param name="scalar">The scalar.</param>
    /// <param name="affine">True when z is known to be 1, which saves some 4,000 instructions.</param>
    /// <remarks>
    /// k or n - k is odd and has 64 odd digits -15 to 15 to base 16, the first positive. The table holds 1, 3, .. 15 times the
    /// point. Before an addition the sum is 16c times the point with c >= 1, so 16c differs from a digit d; 16c + d is a leading
    /// part of k or k itself, so not a multiple of n; and 16c - d is one only for k = n - 2 in the last addition. That scalar
    /// (and 2) is computed as 1, and a doubling that is always made is taken.
    /// </remarks>
    internal void Multiply(long[] scalar, bool affine)
    {
        long[] table = new long[9 * 8];
        long[] k = new long[9];
        byte[] bits = new byte[257];
        OddMultiples(table, 8, affine);
        Transform(table);

        long negative = MakeOdd(k, scalar);
        long[] other = P256Scalar.Order();
        other[0] -= 2;
        long difference = 0;
        for (int i = 0; i < 9; i++)
        {
            difference |= k[i] ^ other[i];
        }

        long two = (difference - 1L) >> 63; // -1 for n - 2
        Array.Clear(other, 0, 9);
        other[0] = 1;
        P256Scalar.Select(k, other, two);
        negative ^= two;

        P256Scalar.ToBits(k, bits);
        bits[256] = 1;
        bool first = true;
        for (int at = 253; at > 0; at -= 4)
        {
            long sign = (0L + bits[at + 3]) - 1L;
            P256Field.Select8(_entry, table, (0L - bits[at]) ^ sign, (0L - bits[at + 1]) ^ sign, (0L - bits[at + 2]) ^ sign);
            if (first)
            {
                Start(sign);
                first = false;
            }
            else
            {
                P256Field.DoubleAndAdd(X, Y, Z, 4, _entry, sign);
            }
        }

        long[] x = new long[9];
        long[] y = new long[9];
        Array.Copy(X, x, 9);
        Array.Copy(Y, y, 9);
        Array.Copy(Z, other, 9);
        P256Field.DoubleAndAdd(x, y, other, 1, null, 0);
        P256Scalar.Select(X, x, two);
        P256Scalar.Select(Y, y, two);
        P256Scalar.Select(Z, other, two);
        NegateIf(negative);
        Secrets.Wipe(bits);
        Array.Clear(k, 0, 9);
        Array.Clear(x, 0, 9);
        Array.Clear(y, 0, 9);
        Array.Clear(other, 0, 9);
        Array.Clear(table, 0, table.Length);
    }

    /// <summary>u1 times the generator plus u2 times this affine point; both scalars public, 0 to n - 1, u2 not 0. The result is Jacobian.</summary>
    /// <remarks>
    /// Interleaved signed windows; the time depends on the scalars. A chosen signature can make an addition meet equal or
    /// opposite points. Then z is 0 at the end, and the sum is computed again in a way that knows every case.
    /// </remarks>
    internal void MultiplyPublic(long[] u1, long[] u2)
    {
        long[] x = new long[9];
        long[] y = new long[9];
        Array.Copy(X, x, 9);
        Array.Copy(Y, y, 9);
        long[] own = new long[9 * 8];
        OddMultiples(own, 1, true);
        long[] generator = P256Tables.OddMultiples();
        sbyte[] digits1 = new sbyte[258];
        sbyte[] digits2 = new sbyte[258];
        byte[] bits = new byte[259];
        P256Scalar.ToBits(u1, bits);
        Windows(digits1, bits, 7);
        P256Scalar.ToBits(u2, bits);
        Windows(digits2, bits, 5);
        bool infinite = true;
        int doublings = 0;
        for (int i = 257; i >= 0; i--)
        {
            if (!infinite)
            {
                doublings++;
            }

            int first = digits1[i];
            int second = digits2[i];
            if (first == 0 && second == 0)
            {
                continue;
            }

            if (second != 0)
            {
                infinite = AddDigit(own, second, infinite, doublings);
                doublings = 0;
            }

            if (first != 0)
            {
                infinite = AddDigit(generator, first, infinite, doublings);
                doublings = 0;
            }
        }

        P256Field.DoubleAndAdd(X, Y, Z, doublings, null, 0);
        if (IsZero(Z))
        {
            Array.Copy(x, X, 9);
            Array.Copy(y, Y, 9);
            SetOne(Z);
            AddEveryCase(u1, u2);
        }
    }

    /// <summary>Packs an affine point into nine words from <paramref name="offset"/> on, <paramref name="step"/> apart.</summary>
    /// <remarks>Words 0 to 7: limb of x plus 2^29 times the limb of y. Word 8: signed limb of x plus 2^32 times that of y.</remarks>
    internal static void Pack(long[] table, int offset, int step, long[] x, long[] y)
    {
        for (int i = 0; i < 8; i++)
        {
            table[offset] = x[i] + (y[i] << 29);
            offset += step;
        }

        table[offset] = x[8] + (y[8] << 32);
    }

    /// <summary>Turns eight packed points, row after row, into the form that P256Field.Select8 reads: word i becomes the exclusive or of the words whose index is within the bits of i.</summary>
    internal static void Transform(long[] table)
    {
        for (int row = 0; row < 72; row += 8)
        {
            for (int bit = 1; bit < 8; bit <<= 1)
            {
                for (int i = 0; i < 8; i++)
                {
                    if ((i & bit) != 0)
                    {
                        table[row + i] ^= table[row + i - bit];
                    }
                }
            }
        }
    }

    /// <summary>1 as a field element.</summary>
    internal static long[] One()
    {
        return new long[] { 0x20, 0, 0, 0x1fffc000, 0x1fffffff, 0x1fffffff, 0x1f7fffff, 0x3ffffff, 0 };
    }

    /// <summary>r = the field element of a number below p.</summary>
    internal static void ToElement(long[] r, long[] a)
    {
        Array.Copy(a, r, 9);
        ToMontgomery(r);
    }

    /// <summary>r = the number below p of a field element.</summary>
    internal static void FromElement(long[] r, long[] a)
    {
        FromMontgomery(r, a);
    }

    private static void ToMontgomery(long[] a)
    {
        long[] square = { 0xc00, 0, 0x1fff0000, 0x1fdfffff, 0x1fbfffff, 0x1fffffff, 0x1fffffff, 0x1ffffffe, 0x13 };
        P256Field.Multiply(a, a, square);
    }

    // A product with 1 is in 0..p: the operand is below 2^259 in magnitude, R is 2^261.
    private static void FromMontgomery(long[] r, long[] a)
    {
        long[] one = new long[9];
        one[0] = 1;
        P256Field.Multiply(r, a, one);
        P256Scalar.SubtractOnce(r, Prime());
    }

    // k = scalar or n - scalar, whichever is odd; -1 for the latter, else 0.
    private static long MakeOdd(long[] k, long[] scalar)
    {
        long even = (scalar[0] & 1L) - 1L;
        P256Scalar.Negate(k, scalar);
        P256Scalar.Select(k, scalar, ~even);
        return even;
    }

    // Limbs of y become negative, which no formula of P256Field minds after a product: so one follows.
    private void NegateIf(long mask)
    {
        for (int i = 0; i < 9; i++)
        {
            Y[i] = (Y[i] ^ mask) - mask;
        }

        P256Field.Multiply(Y, Y, One());
    }

    private void Start(long sign)
    {
        for (int i = 0; i < 8; i++)
        {
            X[i] = _entry[i] & 0x1fffffff;
            Y[i] = _entry[i] >> 29;
        }

        X[8] = (_entry[8] << 32) >> 32;
        Y[8] = (_entry[8] - X[8]) >> 32;
        SetOne(Z);
        NegateIf(sign);
    }

    // 1, 3, .. 15 times this point, affine and packed. step 8: row after row; step 1: point after point.
    // Doubling multiplies z by 2y, so the point itself gets this factor, too, and has the z of 2P.
    // Additions with a common z: 2P is added seven times, and (2i + 1)P is never +-2P, for the order is a large prime.
    private void OddMultiples(long[] table, int step, bool affine)
    {
        int next = step == 8 ? 1 : 9;
        long[][] factors = new long[8][];
        long[][] points = new long[16][];
        long[] x = new long[9];
        long[] y = new long[9];
        long[] z = new long[9];
        long[] t = new long[9];
        for (int i = 0; i < 8; i++)
        {
            factors[i] = new long[9];
            points[2 * i] = new long[9];
            points[(2 * i) + 1] = new long[9];
            if (i == 0)
            {
                long[] h = factors[0];
                Array.Copy(X, points[0], 9);
                Array.Copy(Y, points[1], 9);
                Array.Copy(X, x, 9);
                Array.Copy(Y, y, 9);
                Array.Copy(Z, z, 9);
                P256Field.DoubleAndAdd(x, y, z, 1, null, 0);
                if (affine)
                {
                    Array.Copy(z, h, 9);
                }
                else
                {
                    for (int j = 0; j < 9; j++)
                    {
                        t[j] = Y[j] << 1;
                    }

                    P256Field.Multiply(h, t, One());
                }

                P256Field.Square(t, h, 1);
                P256Field.Multiply(X, X, t);
                P256Field.Multiply(t, t, h);
                P256Field.Multiply(Y, Y, t);
            }
            else
            {
                P256Field.AddWithUpdate(x, y, X, Y, factors[i]);
                P256Field.Multiply(z, z, factors[i]);
                Array.Copy(X, points[2 * i], 9);
                Array.Copy(Y, points[(2 * i) + 1], 9);
            }
        }

        Invert(z);
        for (int i = 7; i >= 0; i--)
        {
            if (i == 0 && affine)
            {
                Pack(table, 0, step, points[0], points[1]);
                break;
            }

            if (i == 0)
            {
                P256Field.Multiply(z, z, factors[0]);
            }

            P256Field.Square(t, z, 1);
            P256Field.Multiply(x, points[2 * i], t);
            P256Field.Multiply(t, t, z);
            P256Field.Multiply(y, points[(2 * i) + 1], t);
            Pack(table, i * next, step, x, y);
            if (i > 0)
            {
                P256Field.Multiply(z, z, factors[i]);
            }
        }
    }

    private bool AddDigit(long[] table, int digit, bool infinite, int doublings)
    {
        long sign = digit < 0 ? -1L : 0L;
        int index = (digit < 0 ? -digit : digit) >> 1;
        Array.Copy(table, 9 * index, _entry, 0, 9);
        if (infinite)
        {
            Start(sign);
        }
        else
        {
            P256Field.DoubleAndAdd(X, Y, Z, doublings, _entry, sign);
        }

        return false;
    }

    // Digits 0 or odd below 2^(width-1) in magnitude, at least width apart.
    private static void Windows(sbyte[] digits, byte[] bits, int width)
    {
        int carry = 0;
        int i = 0;
        while (i < 257)
        {
            if (bits[i] == carry)
            {
                i++;
                continue;
            }

            int digit = carry;
            for (int j = 0; j < width && i + j < 258; j++)
            {
                digit += bits[i + j] << j;
            }

            carry = 0;
            if (digit >= 1 << (width - 1))
            {
                digit -= 1 << width;
                carry = 1;
            }

            digits[i] = (sbyte)digit;
            i += width;
        }
    }

    private void AddEveryCase(long[] u1, long[] u2)
    {
        Multiply(u2, true);
        MakeAffine();
        if (P256Scalar.IsZero(u1))
        {
            return;
        }

        P256Point generator = new P256Point();
        generator.MultiplyGenerator(u1);
        generator.MakeAffine();
        if (!AddAffine(generator))
        {
            Array.Clear(Z, 0, 9);
        }
    }
}
