using System.Text;

namespace MatterNano.Generator;

/// <summary>Field and point formulas of P-256 with everything inlined; sums ride along in the carry chain of a product.</summary>
public static class P256FieldSource
{
    public const string FileName = "P256Field.cs";

    public static string Text()
    {
        StringBuilder s = new StringBuilder();
        s.Append("// Written by tests/generator; do not edit. The limb bounds are proved by tests/oracle.\n\nnamespace MatterNano.Crypto;\n\n");
        s.Append("/// <summary>P-256 field and point formulas on nine signed limbs of 29 bits in Montgomery form, R = 2^261 (Core 3.5.1).</summary>\n");
        s.Append("/// <remarks>\n/// Elements in and out have limbs 0 to 7 in 0..2^29-1 and a small signed top limb, so any output is a valid input.\n");
        s.Append("/// Signed <c>long</c> only, never from an unsigned value: right on nanoCLR too. No branch and no index depends on a value.\n/// </remarks>\n");
        s.Append("internal static class P256Field\n{\n    private const long Mask = 0x1fffffff;\n");

        FieldCode c = new FieldCode();
        c.Declare("z");
        c.Load("a", "a");
        c.Load("b", "b");
        c.Reduce(FieldCode.Product("a", "b"), "z");
        c.Store("r", "z");
        Method(s, "r = a * b / R. The result may be one of the operands.", "Multiply(long[] r, long[] a, long[] b)", c);

        c = new FieldCode();
        c.Declare();
        c.Load("a", "a");
        c.Line("do");
        c.Line("{");
        c.Reduce(FieldCode.Square("a"), "a");
        c.Line("times--;");
        c.Line("}");
        c.Line("while (times > 0);");
        c.Store("r", "a");
        Method(s, "Squares, 1 or more times in a row.", "Square(long[] r, long[] a, int times)", c);

        c = new FieldCode();
        c.Line("long mask = Mask;");
        c.Line("long z0, z1, z2, z3, z4, z5, z6, z7, z8;");
        c.Load("a", "a");
        c.Load("b", "b");
        c.Carry("z", "a# - b#");
        c.Store("r", "z");
        Method(s, "r = a - b, for products and constants only: a difference is no operand of a further difference.", "Subtract(long[] r, long[] a, long[] b)", c);

        DoubleAndAdd(s);
        AddWithUpdate(s);
        Select(s, 8);
        Select(s, 16);
        s.Append("}\n");
        return s.ToString();
    }

    // X, Y, Z Jacobian, a = -3. One method, so that a window's doublings and its addition load and store the point once.
    private static void DoubleAndAdd(StringBuilder s)
    {
        FieldCode c = new FieldCode();
        c.Declare("d", "g", "l", "s", "t", "e", "h", "k");
        c.Load("X", "x");
        c.Load("Y", "y");
        c.Load("Z", "z");
        c.Line("if (times > 0)");
        c.Line("{");
        c.Line("long three = 3;");
        c.Line("do");
        c.Line("{");
        c.Reduce(FieldCode.Square("Z"), "d");
        c.Each("t# = Y# << 1;");
        c.Reduce(FieldCode.Square("Y", '+', 0, "t"), "g");
        c.Reduce(FieldCode.ThreeTimesDifferenceOfSquares("X", "d"), "l");
        c.Reduce(FieldCode.Product("X", "g", '+', 1), "s");
        c.Reduce(FieldCode.Product("t", "Z"), "Z");
        c.Reduce(FieldCode.Square("l"), "X", "- (s# << 1)");
        c.Each("t# = s# - X#;");
        c.Reduce(FieldCode.Sum(FieldCode.Product("l", "t"), FieldCode.Square("g", '-', 1)), "Y");
        c.Line("times--;");
        c.Line("}");
        c.Line("while (times > 0);");
        c.Line("}");
        c.Line("if (entry == null)");
        c.Line("{");
        c.Store("x", "X");
        c.Store("y", "Y");
        c.Store("z", "Z");
        c.Line("return;");
        c.Line("}");
        c.Line("long w;");
        for (int i = 0; i < 8; i++)
        {
            c.Line($"w = entry[{i}];");
            c.Line($"long a{i} = w & mask;");
            c.Line($"long b{i} = ((w >> 29) ^ sign) - sign;");
        }

        c.Line("w = entry[8];");
        c.Line("long a8 = (w << 32) >> 32;");
        c.Line("long b8 = (((w - a8) >> 32) ^ sign) - sign;");
        c.Reduce(FieldCode.Square("Z"), "d");
        c.Reduce(FieldCode.Product("Z", "d"), "e");
        c.Reduce(FieldCode.Product("a", "d"), "h", "- X#");
        c.Reduce(FieldCode.Product("b", "e"), "g", "- Y#");
        c.Reduce(FieldCode.Product("Z", "h"), "Z");
        c.Reduce(FieldCode.Square("h"), "k");
        c.Reduce(FieldCode.Product("h", "k"), "l");
        c.Reduce(FieldCode.Product("X", "k"), "s");
        c.Reduce(FieldCode.Square("g"), "X", "- l# - (s# << 1)");
        c.Each("t# = s# - X#;");
        c.Reduce(FieldCode.Sum(FieldCode.Product("g", "t"), FieldCode.Product("Y", "l", '-')), "Y");
        c.Store("x", "X");
        c.Store("y", "Y");
        c.Store("z", "Z");
        Method(
            s,
            "Doubles a Jacobian point, 0 or more times in a row, then adds an affine point, packed as by P256Point.Pack (with sign -1, else 0, its negative), or none for null. Doubling is complete: no point of P-256 has order 2, and z = 0 stays 0. If the addition meets the same point, opposite ones or infinity, z becomes 0.",
            "DoubleAndAdd(long[] x, long[] y, long[] z, int times, long[] entry, long sign)",
            c);
    }

    private static void AddWithUpdate(StringBuilder s)
    {
        FieldCode c = new FieldCode();
        c.Declare("h", "d", "q", "k", "u", "v", "r", "t");
        c.Load("X", "x");
        c.Load("Y", "y");
        c.Load("a", "x2");
        c.Load("b", "y2");
        c.Carry("h", "X# - a#");
        c.Reduce(FieldCode.Square("h"), "k");
        c.Reduce(FieldCode.Product("X", "k"), "u");
        c.Reduce(FieldCode.Product("a", "k"), "v");
        c.Each("d# = Y# - b#;");
        c.Reduce(FieldCode.Square("d"), "r", "- u# - v#");
        c.Each("t# = u# - v#;");
        c.Reduce(FieldCode.Product("Y", "t"), "q");
        c.Each("t# = u# - r#;");
        c.Reduce(FieldCode.Product("d", "t"), "t", "- q#");
        c.Store("x", "u");
        c.Store("y", "q");
        c.Store("x2", "r");
        c.Store("y2", "t");
        c.Store("h", "h");
        Method(s, "(x2, y2) += (x, y) for two points with the same Z; both leave with Z * h. The points differ and are not opposite.", "AddWithUpdate(long[] x, long[] y, long[] x2, long[] y2, long[] h)", c);
    }

    // Reed-Muller form: entry = xor of the table words whose index bits are all set in the wanted index.
    private static void Select(StringBuilder s, int entries)
    {
        FieldCode c = new FieldCode();
        int bits = entries == 8 ? 3 : 4;
        for (int row = 0; row < FieldCode.Limbs; row++)
        {
            c.Line($"entry[{row}] = {Part(row * entries, 0, bits - 1)};");
        }

        string masks = "long bit0, long bit1, long bit2" + (bits > 3 ? ", long bit3" : string.Empty);
        Method(
            s,
            $"One of {entries} packed points by its index bits (0 or -1 each). Every word of the table is read: it holds the exclusive-or transform that P256Point.Transform describes, row after row.",
            $"Select{entries}(long[] entry, long[] table, {masks})",
            c);
    }

    private static string Part(int row, int index, int bit)
    {
        if (bit < 0)
        {
            return $"table[{row + index}]";
        }

        string low = Part(row, index, bit - 1);
        string high = Part(row, index | (1 << bit), bit - 1);
        return bit == 0 ? $"{low} ^ ({high} & bit0)" : $"{low} ^ (({high}) & bit{bit})";
    }

    private static void Method(StringBuilder s, string summary, string signature, FieldCode code)
    {
        s.Append($"\n    /// <summary>{summary}</summary>\n    internal static void {signature}\n    {{\n{code}    }}\n");
    }
}
