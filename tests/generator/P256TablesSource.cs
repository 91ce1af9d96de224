using System;
using System.Collections.Generic;
using System.Numerics;
using System.Text;

namespace MatterNano.Generator;

/// <summary>Multiples of the generator as constant data, packed as P256Point.Pack does it.</summary>
public static class P256TablesSource
{
    public const string FileName = "P256Tables.cs";

    /// <summary>Rows of the signed comb: bits of one index.</summary>
    public const int Teeth = 5;

    /// <summary>Sub-tables of the comb.</summary>
    public const int Tables = 4;

    /// <summary>Distance of two bits of one index, in tables: a sub-table is doubled this often less one.</summary>
    public const int Spacing = 13;

    /// <summary>Odd multiples 1, 3, .. of the generator for verification: width 7.</summary>
    public const int OddMultiples = 32;

    public static readonly BigInteger N = BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", System.Globalization.NumberStyles.HexNumber);

    private static readonly BigInteger s_p = FieldCode.P;
    private static readonly BigInteger s_gx = BigInteger.Parse("06b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", System.Globalization.NumberStyles.HexNumber);
    private static readonly BigInteger s_gy = BigInteger.Parse("04fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", System.Globalization.NumberStyles.HexNumber);

    public static string Text()
    {
        StringBuilder s = new StringBuilder();
        s.Append("// Written by tests/generator; do not edit.\n\nnamespace MatterNano.Crypto;\n\n");
        s.Append("/// <summary>Multiples of the generator of P-256. They stay in flash; a call copies one table to the heap for as long as it is used.</summary>\n");
        s.Append("internal static class P256Tables\n{\n");
        for (int q = 0; q < Tables; q++)
        {
            s.Append($"    /// <summary>Comb, bits {Spacing * q} + {Spacing * Tables} * tooth: 16 points in the form that P256Field.Select16 reads.</summary>\n");
            s.Append($"    internal static long[] Comb{q}()\n    {{\n        return new long[]\n        {{\n");
            Append(s, CombTable(q), 16);
            s.Append("        };\n    }\n\n");
        }

        s.Append("    /// <summary>1, 3, .. 63 times the generator, nine words a point.</summary>\n");
        s.Append("    internal static long[] OddMultiples()\n    {\n        return new long[]\n        {\n");
        List<long> odd = new List<long>();
        for (int i = 0; i < OddMultiples; i++)
        {
            odd.AddRange(Pack(Multiply((2 * i) + 1)));
        }

        Append(s, odd.ToArray(), 9);
        s.Append("        };\n    }\n}\n");
        return s.ToString();
    }

    // Index bit b selects + or - 2^((b * Tables + q) * Spacing); the top tooth is always +.
    private static long[] CombTable(int q)
    {
        long[][] points = new long[16][];
        for (int index = 0; index < 16; index++)
        {
            BigInteger k = BigInteger.One << ((((Teeth - 1) * Tables) + q) * Spacing);
            for (int b = 0; b < Teeth - 1; b++)
            {
                BigInteger weight = BigInteger.One << (((b * Tables) + q) * Spacing);
                k += ((index >> b) & 1) == 1 ? weight : -weight;
            }

            points[index] = Pack(Multiply(((k % N) + N) % N));
        }

        long[] table = new long[16 * FieldCode.Limbs];
        for (int row = 0; row < FieldCode.Limbs; row++)
        {
            for (int index = 0; index < 16; index++)
            {
                long word = 0;
                for (int subset = 0; subset <= index; subset++)
                {
                    if ((subset & index) == subset)
                    {
                        word ^= points[subset][row];
                    }
                }

                table[(row * 16) + index] = word;
            }
        }

        return table;
    }

    private static long[] Pack((BigInteger X, BigInteger Y) point)
    {
        long[] x = FieldCode.Split((point.X << 261) % s_p);
        long[] y = FieldCode.Split((point.Y << 261) % s_p);
        long[] words = new long[FieldCode.Limbs];
        for (int i = 0; i < FieldCode.Limbs; i++)
        {
            words[i] = x[i] + (y[i] << (i < 8 ? 29 : 32));
        }

        return words;
    }

    private static void Append(StringBuilder s, long[] values, int perLine)
    {
        for (int i = 0; i < values.Length; i++)
        {
            s.Append(i % perLine == 0 ? "            " : " ").Append("0x").Append(values[i].ToString("x")).Append(i % perLine == perLine - 1 ? ",\n" : ",");
        }
    }

    private static (BigInteger X, BigInteger Y) Multiply(BigInteger k)
    {
        (BigInteger X, BigInteger Y)? sum = null;
        for (int i = (int)k.GetBitLength() - 1; i >= 0; i--)
        {
            if (sum != null)
            {
                sum = Add(sum.Value, sum.Value);
            }

            if (((k >> i) & 1) == 1)
            {
                sum = sum == null ? (s_gx, s_gy) : Add(sum.Value, (s_gx, s_gy));
            }
        }

        return sum.Value;
    }

    // Never opposite points: the multiples are small against the order or distinct.
    private static (BigInteger X, BigInteger Y) Add((BigInteger X, BigInteger Y) a, (BigInteger X, BigInteger Y) b)
    {
        BigInteger slope = a == b
            ? 3 * ((a.X * a.X) - 1) * Inverse(2 * a.Y)
            : (b.Y - a.Y) * Inverse(b.X - a.X);
        BigInteger x = Modulo((slope * slope) - a.X - b.X);
        return (x, Modulo((slope * (a.X - x)) - a.Y));
    }

    private static BigInteger Inverse(BigInteger value)
    {
        return BigInteger.ModPow(Modulo(value), s_p - 2, s_p);
    }

    private static BigInteger Modulo(BigInteger value)
    {
        BigInteger r = value % s_p;
        return r.Sign < 0 ? r + s_p : r;
    }
}
