using System.Text;

namespace MatterNano.Generator;

/// <summary>Modular inverse by Bernstein and Yang's division steps ("safegcd", half-delta form), 30 steps a pass, nine signed limbs of 30 bits.</summary>
public static class P256InverseSource
{
    public const string FileName = "P256Inverse.cs";

    public static string Text()
    {
        StringBuilder s = new StringBuilder();
        s.Append("// Written by tests/generator; do not edit.\n\nnamespace MatterNano.Crypto;\n\n");
        s.Append("/// <summary>Inverse modulo an odd 256-bit prime by division steps (Bernstein and Yang, half-delta form).</summary>\n");
        s.Append("/// <remarks>\n/// 590 steps are enough for any 256-bit input; 20 passes of 30 are made. Limbs have 30 bits. A step's matrix has entries\n");
        s.Append("/// of at most 2^30 in magnitude; a row of it shares a <c>long</c> while the steps are made.\n/// </remarks>\n");
        s.Append("internal static class P256Inverse\n{\n    private const long Mask = 0x3fffffff;\n\n");
        Method(s);
        Finish(s);
        s.Append("}\n");
        return s.ToString();
    }

    private static void Method(StringBuilder s)
    {
        FieldCode c = new FieldCode();
        c.Line("long mask = Mask;");
        c.Load("p", "modulus");
        for (int i = 0; i < 9; i++)
        {
            c.Line($"long f{i} = p{i};");
        }

        c.Load("g", "a");
        for (int i = 0; i < 9; i++)
        {
            c.Line($"long d{i} = 0;");
        }

        for (int i = 0; i < 9; i++)
        {
            c.Line($"long e{i} = {(i == 0 ? 1 : 0)};");
        }

        c.Line("long zeta = -1;");
        c.Line("long one = 1;");
        c.Line("long swap, odd;");
        c.Line("long bias = 0x200010000;");
        c.Line("int pass = 20;");

        c.Line("do");
        c.Line("{");
        c.Line("long f = f0;");
        c.Line("long g = g0;");
        ConstantSteps(c);

        // d, e = matrix * (d, e) / 2^30 mod p: multiples of p make the low 30 bits vanish.
        c.Line("long dSign = d8 >> 63;");
        c.Line("long eSign = e8 >> 63;");
        c.Line("long md = (u & dSign) + (v & eSign);");
        c.Line("long me = (q & dSign) + (r & eSign);");
        c.Line("long cd = u * d0 + v * e0;");
        c.Line("long ce = q * d0 + r * e0;");
        c.Line("md -= (inverse * (cd & mask) + md) & mask;");
        c.Line("me -= (inverse * (ce & mask) + me) & mask;");
        c.Line("cd = (cd + p0 * md) >> 30;");
        c.Line("ce = (ce + p0 * me) >> 30;");
        for (int i = 1; i < 9; i++)
        {
            c.Line($"cd += u * d{i} + v * e{i} + p{i} * md;");
            c.Line($"ce += q * d{i} + r * e{i} + p{i} * me;");
            c.Line($"d{i - 1} = cd & mask;");
            c.Line($"e{i - 1} = ce & mask;");
            c.Line("cd >>= 30;");
            c.Line("ce >>= 30;");
        }

        c.Line("d8 = cd;");
        c.Line("e8 = ce;");

        // f, g = matrix * (f, g) / 2^30, exact.
        c.Line("cd = (u * f0 + v * g0) >> 30;");
        c.Line("ce = (q * f0 + r * g0) >> 30;");
        for (int i = 1; i < 9; i++)
        {
            c.Line($"cd += u * f{i} + v * g{i};");
            c.Line($"ce += q * f{i} + r * g{i};");
            c.Line($"f{i - 1} = cd & mask;");
            c.Line($"g{i - 1} = ce & mask;");
            c.Line("cd >>= 30;");
            c.Line("ce >>= 30;");
        }

        c.Line("f8 = cd;");
        c.Line("g8 = ce;");
        c.Line("pass--;");

        c.Line("}");
        c.Line("while (pass != 0);");

        // d is in (-2p, p): add p if negative, take the sign of f, bring the limbs in order, add p again if negative.
        c.Store("a", "d");
        c.Line("Finish(a, modulus, d8 >> 63, f8 >> 63);");
        c.Line("Finish(a, modulus, a[8] >> 63, 0);");

        s.Append("    /// <summary>a = 1 / a in the same time for every a. 0 gives 0.</summary>\n");
        s.Append("    /// <param name=\"a\">Nine limbs of 30 bits, 0 to the modulus.</param>\n");
        s.Append("    /// <param name=\"modulus\">The prime, nine limbs of 30 bits.</param>\n");
        s.Append("    /// <param name=\"inverse\">1 / modulus modulo 2^30.</param>\n");
        s.Append($"    internal static void Invert(long[] a, long[] modulus, long inverse)\n    {{\n{c}    }}\n");
    }

    // Twice 15 steps. A row of the matrix and its number in one long: entries of 17 bits, at most 2^15 in magnitude, then
    // the low 30 bits of f or g. g is not halved; f is doubled instead. The bias makes both entries positive, so that they do
    // not borrow from g when its bit is read. The matrix of 15 steps is multiplied with that of the steps before.
    private static void ConstantSteps(FieldCode c)
    {
        c.Line("long u = one;");
        c.Line("long v = 0;");
        c.Line("long q = 0;");
        c.Line("long r = one;");
        c.Line("int half = 2;");
        c.Line("do");
        c.Line("{");
        c.Line("long s = (f << 34) + one;");
        c.Line("long t = (g << 34) + 0x20000;");
        for (int k = 0; k < 15; k++)
        {
            c.Line($"odd = ((t + bias) << {29 - k}) >> 63;");
            c.Line("swap = (zeta >> 63) & odd;");
            c.Line("t += ((s ^ swap) - swap) & odd;");
            c.Line("zeta = (zeta ^ swap) - one;");
            c.Line("s = (s + (t & swap)) << 1;");
        }

        c.Line("long u2 = (s << 47) >> 47;");
        c.Line("long v2 = ((s - u2) << 30) >> 47;");
        c.Line("long q2 = (t << 47) >> 47;");
        c.Line("long r2 = ((t - q2) << 30) >> 47;");
        Product(c, "f", "g", " >> 15");
        Product(c, "u", "q", string.Empty);
        Product(c, "v", "r", string.Empty);
        c.Line("half--;");
        c.Line("}");
        c.Line("while (half != 0);");
    }

    // (a, b) = matrix of the last steps * (a, b).
    private static void Product(FieldCode c, string a, string b, string shift)
    {
        string open = shift.Length > 0 ? "(" : string.Empty;
        string close = shift.Length > 0 ? ")" : string.Empty;
        c.Line($"s = {open}u2 * {a} + v2 * {b}{close}{shift};");
        c.Line($"{b} = {open}q2 * {a} + r2 * {b}{close}{shift};");
        c.Line($"{a} = s;");
    }

    private static void Finish(StringBuilder s)
    {
        FieldCode c = new FieldCode();
        c.Line("long carry = 0;");
        c.Line("int i = 0;");
        c.Line("do");
        c.Line("{");
        c.Line("carry += ((a[i] + (modulus[i] & add)) ^ sign) - sign;");
        c.Line("a[i] = carry & Mask;");
        c.Line("carry >>= 30;");
        c.Line("i++;");
        c.Line("}");
        c.Line("while (i < 9);");
        c.Line("a[8] += carry << 30;");
        s.Append("\n    // a + modulus where add is -1, negated where sign is -1; the top limb keeps the sign of the result.\n");
        s.Append($"    private static void Finish(long[] a, long[] modulus, long add, long sign)\n    {{\n{c}    }}\n");
    }
}
