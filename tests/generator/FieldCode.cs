using System;
using System.Collections.Generic;
using System.Numerics;
using System.Text;

namespace MatterNano.Generator;

/// <summary>
/// Writes formulas over GF(p), p = 2^256 - 2^224 + 2^192 + 2^96 - 1, as straight-line C#: nine signed limbs of 29 bits
/// in <c>long</c>, Montgomery form with R = 2^261. p + 1 is sparse, so one Montgomery step is four shifted additions.
/// </summary>
public sealed class FieldCode
{
    public const int Limbs = 9;
    public const int Width = 29;

    public static readonly BigInteger P = (BigInteger.One << 256) - (BigInteger.One << 224) + (BigInteger.One << 192) + (BigInteger.One << 96) - 1;

    private const int Columns = 17;
    private readonly StringBuilder _text = new StringBuilder();
    private string _indent = "        ";
    private int _carries;

    /// <summary>The statements so far.</summary>
    public override string ToString()
    {
        return _text.ToString();
    }

    public void Line(string statement)
    {
        if (statement.StartsWith('}'))
        {
            _indent = _indent.Substring(4);
        }

        _text.Append(_indent).Append(statement).Append('\n');
        if (statement == "{")
        {
            _indent += "    ";
        }
    }

    /// <summary>Locals for elements, the mask and the nine Montgomery quotients.</summary>
    public void Declare(params string[] elements)
    {
        Line("long mask = Mask;");
        Line("long c, m0, m1, m2, m3, m4, m5, m6, m7, m8;");
        foreach (string element in elements)
        {
            Line("long " + string.Join(", ", Names(element)) + ";");
        }
    }

    public void Load(string element, string array)
    {
        for (int i = 0; i < Limbs; i++)
        {
            Line($"long {element}{i} = {array}[{i}];");
        }
    }

    public void Store(string array, string element)
    {
        for (int i = 0; i < Limbs; i++)
        {
            Line($"{array}[{i}] = {element}{i};");
        }
    }

    /// <summary>One statement a limb; # stands for the limb's number.</summary>
    public void Each(string pattern)
    {
        for (int i = 0; i < Limbs; i++)
        {
            Line(pattern.Replace("#", i.ToString()));
        }
    }

    /// <summary>Brings the limbs of a sum back to 29 bits; the top limb keeps the sign.</summary>
    public void Carry(string result, string pattern)
    {
        int id = _carries++;
        for (int i = 0; i < Limbs; i++)
        {
            string sum = pattern.Replace("#", i.ToString()) + (i > 0 ? $" + (c{id}_{i - 1} >> 29)" : string.Empty);
            if (i < Limbs - 1)
            {
                Line($"long c{id}_{i} = {sum};");
                Line($"{result}{i} = c{id}_{i} & mask;");
            }
            else
            {
                Line($"{result}{i} = {sum};");
            }
        }
    }

    /// <summary>Columns of sign * a * b * 2^shift.</summary>
    public static string[] Product(string a, string b, char sign = '+', int shift = 0)
    {
        string[] columns = new string[Columns];
        for (int k = 0; k < Columns; k++)
        {
            List<string> terms = new List<string>();
            for (int i = 0; i < Limbs; i++)
            {
                if (k - i >= 0 && k - i < Limbs)
                {
                    terms.Add($"{a}{i} * {b}{k - i}");
                }
            }

            columns[k] = shift > 0 ? $"{sign} (({string.Join(" + ", terms)}) << {shift})" : $"{sign} {string.Join($" {sign} ", terms)}";
        }

        return columns;
    }

    /// <summary>Columns of sign * a^2 * 2^shift. With <paramref name="twice"/>, an element that holds 2a, of sign * 2 * a^2.</summary>
    public static string[] Square(string a, char sign = '+', int shift = 0, string twice = null)
    {
        string[] columns = new string[Columns];
        string other = twice ?? a;
        for (int k = 0; k < Columns; k++)
        {
            string column = string.Empty;
            string off = OffDiagonal(a, other, k, '+');
            if (off != null)
            {
                column += $"{sign} (({off}) << {1 + shift})";
            }

            if (k % 2 == 0)
            {
                string diagonal = $"{a}{k / 2} * {other}{k / 2}";
                column += shift > 0 ? $" {sign} (({diagonal}) << {shift})" : $" {sign} {diagonal}";
            }

            columns[k] = column.Trim();
        }

        return columns;
    }

    /// <summary>Columns of 3 * (a^2 - b^2).</summary>
    public static string[] ThreeTimesDifferenceOfSquares(string a, string b)
    {
        string[] columns = new string[Columns];
        for (int k = 0; k < Columns; k++)
        {
            string off = OffDiagonal(a, a, k, '+');
            string inner = off == null ? string.Empty : $"(({off} - {OffDiagonal(b, b, k, '-')}) << 1)";
            if (k % 2 == 0)
            {
                inner += (inner.Length > 0 ? " + " : string.Empty) + $"{a}{k / 2} * {a}{k / 2} - {b}{k / 2} * {b}{k / 2}";
            }

            columns[k] = $"+ ({inner}) * three";
        }

        return columns;
    }

    public static string[] Sum(string[] a, string[] b)
    {
        string[] columns = new string[Columns];
        for (int k = 0; k < Columns; k++)
        {
            columns[k] = a[k] + " " + b[k];
        }

        return columns;
    }

    // The one name c lets the compiler keep every column sum on the evaluation stack; an array as the result would prevent it.
    /// <summary>result = columns / R + linear (mod p), limbs of 29 bits, the top limb signed.</summary>
    public void Reduce(string[] columns, string result, string linear = null)
    {
        for (int k = 0; k < Columns; k++)
        {
            string e = columns[k];
            if (k > 0)
            {
                e = $"(c >> 29) {e}";
            }
            else
            {
                e = e.StartsWith("+ ") ? e.Substring(2) : "0L " + e;
            }

            e += Quotients(k);
            if (k >= Limbs && linear != null)
            {
                e += " " + linear.Replace("#", (k - Limbs).ToString());
            }

            Line($"c = {e};");
            Line(k < Limbs ? $"m{k} = c & mask;" : $"{result}{k - Limbs} = c & mask;");
        }

        Line($"{result}8 = (c >> 29)" + (linear == null ? string.Empty : " " + linear.Replace("#", "8")) + ";");
    }

    /// <summary>29-bit limbs of a number.</summary>
    public static long[] Split(BigInteger value)
    {
        long[] limbs = new long[Limbs];
        for (int i = 0; i < Limbs; i++)
        {
            limbs[i] = (long)((value >> (Width * i)) & 0x1fffffff);
        }

        return limbs;
    }

    public static string Literal(long[] values)
    {
        return string.Join(", ", values);
    }

    // The quotients m[k-3] * 2^9 + m[k-6] * 2^18 - m[k-7] * 2^21 + m[k-8] * 2^24 by Horner's rule: its shifts are short to write.
    private static string Quotients(int k)
    {
        if (k == 7)
        {
            return " + ((((m1 - (m0 << 3)) << 9) + m4) << 9)"; // the only column that has what is taken away, but not the term before
        }

        string sum = null;
        int at = 0;
        foreach ((int back, int weight) in new[] { (8, 24), (7, 21), (6, 18), (3, 9) })
        {
            int index = k - back;
            if (index < 0 || index >= Limbs)
            {
                continue;
            }

            string shifted = Shift(sum, at - weight);
            sum = back == 7 ? $"({shifted} - m{index})" : sum == null ? $"m{index}" : $"({shifted} + m{index})";
            at = weight;
        }

        return sum == null ? string.Empty : " + " + Shift(sum, at);
    }

    private static string Shift(string value, int by)
    {
        return $"({value} << {by})";
    }

    private static string OffDiagonal(string a, string b, int k, char sign)
    {
        List<string> terms = new List<string>();
        for (int i = 0; 2 * i < k; i++)
        {
            if (k - i < Limbs)
            {
                terms.Add($"{a}{i} * {b}{k - i}");
            }
        }

        return terms.Count == 0 ? null : string.Join($" {sign} ", terms);
    }

    private static string[] Names(string element)
    {
        string[] names = new string[Limbs];
        for (int i = 0; i < Limbs; i++)
        {
            names[i] = element + i;
        }

        return names;
    }
}
