using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using MatterNano.Generator;
using Xunit;
using Xunit.Abstractions;
using Interval = MatterNano.Oracle.IntervalChecker.Interval;

namespace MatterNano.Oracle;

/// <summary>The generated files are what the generator writes, and proofs over them.</summary>
public class GeneratedCodeTests
{
    private static readonly BigInteger s_limb = (BigInteger.One << 29) - 1;
    private readonly ITestOutputHelper _output;

    public GeneratedCodeTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void CommittedFiles_AreTheGenerators()
    {
        for (int i = 0; i < Program.Count; i++)
        {
            Assert.Equal(Program.Text(i), Source(Program.FileName(i)));
        }
    }

    /// <summary>
    /// Classes of elements differ in the range of their top limb; they follow the calls that P256Point and P256 make. Each call
    /// maps the classes of its inputs to the class of its output, and the classes grow until they contain every output. That they
    /// settle, with no sum or product beyond 63 bits, proves that no chain of these calls can overflow.
    /// </summary>
    [Fact]
    public void FieldFormulas_NeverOverflow_WhateverIsChained()
    {
        string source = Source(P256FieldSource.FileName);
        Dictionary<string, Interval> top = new Dictionary<string, Interval>();
        BigInteger largest = 0;
        bool changed = true;
        int rounds = 0;
        top["canonical"] = new Interval(0, 0xffffff); // below p: read from bytes, or a constant

        Interval[] Element(string classes, bool negated = false, int times = 1)
        {
            Interval[] limbs = Enumerable.Repeat(new Interval(0, s_limb), 9).ToArray();
            limbs[8] = classes.Split(' ').Where(top.ContainsKey).Select(c => top[c]).DefaultIfEmpty(top["canonical"]).Aggregate(Interval.Join);
            limbs = limbs.Select(l => new Interval(l.Low * times, l.High * times)).ToArray();
            return negated ? limbs.Select(l => Interval.Join(l, new Interval(-l.High, -l.Low))).ToArray() : limbs;
        }

        void Out(IntervalChecker checker, string array, string name)
        {
            Interval[] limbs = checker.GetElement(array);
            for (int i = 0; i < 8; i++)
            {
                Assert.True(limbs[i].Low >= 0 && limbs[i].High <= s_limb, $"{array}[{i}]");
            }

            Interval joined = top.ContainsKey(name) ? Interval.Join(top[name], limbs[8]) : limbs[8];
            changed |= !top.ContainsKey(name) || !joined.Equals(top[name]);
            top[name] = joined;
            largest = BigInteger.Max(largest, checker.Largest);
        }

        void Multiply(string result, string a, string b, bool negated = false, int times = 1)
        {
            IntervalChecker checker = new IntervalChecker(source, "Multiply");
            checker.SetElement("a", Element(a, negated, times));
            checker.SetElement("b", Element(b));
            checker.Run();
            Out(checker, "r", result);
        }

        void Square(string result, string a)
        {
            IntervalChecker checker = new IntervalChecker(source, "Square");
            checker.SetElement("a", Element(a));
            checker.Run();
            Out(checker, "r", result);
        }

        void Subtract(string result, string a, string b)
        {
            IntervalChecker checker = new IntervalChecker(source, "Subtract");
            checker.SetElement("a", Element(a));
            checker.SetElement("b", Element(b));
            checker.Run();
            Out(checker, "r", result);
        }

        while (changed)
        {
            Assert.True(rounds++ < 60, "the classes do not settle");
            changed = false;

            // Reading: ToMontgomery; the curve equation.
            Multiply("read", "canonical", "canonical");
            Square("equation", "read");
            Subtract("equation-1", "equation", "canonical");
            Multiply("equation-2", "equation-1", "read canonical");
            Subtract("zero", "equation-2", "equation-2");

            // Negate and AddAffine: affine points are read or come from MakeAffine.
            Subtract("negated", "canonical", "canonical");
            Multiply("read", "negated", "canonical");
            Multiply("affine-1", "read affine", "canonical");
            Subtract("zero", "affine-1 read affine", "read affine");

            // Odd multiples and their way to affine entries.
            Multiply("h", "read affine y", "canonical", false, 2);
            Square("h^2", "h z");
            Multiply("sum.x", "read affine x", "h^2");
            Multiply("h^3", "h^2", "h z");
            Multiply("sum.y", "read affine y", "h^3");
            top.TryAdd("x", top["canonical"]); // 2P is a point that DoubleAndAdd makes
            top.TryAdd("y", top["canonical"]);
            top.TryAdd("z", top["canonical"]);
            foreach (string two in new[] { string.Empty, "added." })
            {
                IntervalChecker next = new IntervalChecker(source, "AddWithUpdate");
                next.SetElement("x", Element(two + "x"));
                next.SetElement("y", Element(two + "y"));
                next.SetElement("x2", Element("sum.x"));
                next.SetElement("y2", Element("sum.y"));
                next.Run();
                Out(next, "x", "added.x");
                Out(next, "y", "added.y");
                Out(next, "x2", "sum.x");
                Out(next, "y2", "sum.y");
                Out(next, "h", "h");
                Assert.True(next.Statements > 200);
            }

            Multiply("factors", "h z factors", "h z canonical");
            Multiply("inverse", "inverse read", "h z canonical");
            Square("inverse^2", "inverse read");
            Multiply("inverse^3", "inverse^2", "inverse read");
            Multiply("entry", "sum.x x read affine", "inverse^2");
            Multiply("entry", "sum.y y read affine", "inverse^3");

            // Points: they start as an entry, y perhaps with negative limbs times 1, and end as affine.
            Multiply("y", "entry read affine y", "canonical", true);
            IntervalChecker point = new IntervalChecker(source.Replace("(w << 32) >> 32", "entryX").Replace("((w - a8) >> 32)", "(entryY)"), "DoubleAndAdd");
            point.SetElement("x", Element("x entry read affine"));
            point.SetElement("y", Element("y entry read affine"));
            point.SetElement("z", Element("z canonical"));
            for (int i = 0; i < 9; i++)
            {
                point.Set($"entry[{i}]", new Interval(0, (BigInteger.One << 58) - 1));
            }

            Interval entry = Element("entry read affine")[8];
            point.Set("entryX", entry);
            point.Set("entryY", entry);
            point.Set("sign", new Interval(-1, 0));
            point.Run();
            Out(point, "x", "x");
            Out(point, "y", "y");
            Out(point, "z", "z");
            Assert.True(point.Statements > 400);
            Multiply("affine", "x y", "inverse^2");
            Multiply("affine", "affine", "read");

            // Verification: r * z^2 against x.
            Square("z^2", "z");
            Multiply("product", "read", "z^2");
            Multiply("product", "x", "canonical");
            Subtract("zero", "product", "product");
            foreach (string all in top.Keys.ToArray())
            {
                Multiply("number", all, "canonical"); // FromMontgomery takes any of them
            }
        }

        // What P256Point takes for granted: FromMontgomery needs magnitudes below 2^259, Pack top limbs of 31 bits.
        foreach (KeyValuePair<string, Interval> c in top)
        {
            _output.WriteLine($"{c.Key,-12} top limb {(double)c.Value.Low / (1 << 24):F2} to {(double)c.Value.High / (1 << 24):F2} times 2^24");
            Assert.True(c.Value.Low > -(1 << 27) && c.Value.High < (1 << 27) - 1, c.Key);
        }

        _output.WriteLine($"settled after {rounds} rounds; largest intermediate 2^{BigInteger.Log(largest, 2):F2}");
        Assert.True(largest > BigInteger.One << 60);
    }

    /// <summary>A wider input must make the checker fail: it does see overflows.</summary>
    [Fact]
    public void Checker_SeesAnOverflow()
    {
        IntervalChecker multiply = new IntervalChecker(Source(P256FieldSource.FileName), "Multiply");
        Interval[] wide = Enumerable.Repeat(new Interval(0, BigInteger.One << 30), 9).ToArray();
        multiply.SetElement("a", wide);
        multiply.SetElement("b", wide);
        Assert.Throws<InvalidOperationException>(multiply.Run);
    }

    /// <summary>One pass of the inverse under the invariants of division steps: |u| + |v| and |q| + |r| at most 2^30, d, e in (-2p, p), f, g within p.</summary>
    [Fact]
    public void InverseUpdates_NeverOverflow()
    {
        string text = Source(P256InverseSource.FileName);
        string body = text.Substring(text.IndexOf("long dSign = d8 >> 63;"));
        body = body.Substring(0, body.IndexOf("pass--;"));
        string method = "internal static void Pass()\n{\n" + body + "}\n";
        IntervalChecker pass = new IntervalChecker(method, "Pass");
        Interval limb = new Interval(0, (1 << 30) - 1);
        Interval matrix = new Interval(-(1 << 30), 1 << 30);
        for (int i = 0; i < 9; i++)
        {
            pass.Set("p" + i, i < 8 ? limb : new Interval(0, 0xffff));
            foreach (string name in new[] { "d", "e", "f", "g" })
            {
                pass.Set(name + i, i < 8 ? limb : new Interval(-0x20000, 0xffff));
            }
        }

        foreach (string name in new[] { "u", "v", "q", "r" })
        {
            pass.Set(name, matrix);
        }

        pass.Set("mask", limb.High == 0 ? limb : new Interval(limb.High, limb.High));
        pass.Set("inverse", new Interval(0x3fffffff, 0x3fffffff));
        pass.Run();
        Assert.True(pass.Statements > 100);
    }

    /// <summary>
    /// The last step of the comb is the only one where the sum a and the entry t can be equal or opposite modulo n: then k is
    /// t +- t plus the entries still to come, each a sign pattern of bits of k. All 2^20 patterns are tried for the order 3, 2, 1, 0.
    /// </summary>
    [Fact]
    public void Comb_MeetsNoExceptionalPoints()
    {
        Assert.Empty(ExceptionalScalars(new[] { 3, 2, 1, 0 }));

        // The search does find what there is to find: another order of the tables has one such scalar.
        BigInteger found = Assert.Single(ExceptionalScalars(new[] { 0, 1, 2, 3 }));
        Assert.Equal(BigInteger.Parse("0feffffff00000010fffffffffffeffffbce6faadb7179e84f3b9cbc2fc632551", System.Globalization.NumberStyles.HexNumber), found);
    }

    /// <summary>Variable base: before the last addition 16c = k - d with the last digit d; 16c = d modulo n only for k = n - 2.</summary>
    [Fact]
    public void Windows_MeetOneExceptionalScalar()
    {
        BigInteger n = P256TablesSource.N;
        List<BigInteger> found = new List<BigInteger>();
        for (int d = -15; d <= 15; d += 2)
        {
            foreach (BigInteger k in new[] { 2 * d, n + (2 * d) })
            {
                // The digits are 2 * nibble - 15 of (k >> 1) with bit 255 set.
                BigInteger nibble = ((k >> 1) | (BigInteger.One << 255)) & 15;
                if (k > 0 && k < n && !k.IsEven && (2 * nibble) - 15 == d)
                {
                    found.Add(k);
                }
            }
        }

        Assert.Equal(new[] { n - 2 }, found);
    }

    private static List<BigInteger> ExceptionalScalars(int[] order)
    {
        BigInteger n = P256TablesSource.N;
        int length = P256TablesSource.Teeth * P256TablesSource.Tables * P256TablesSource.Spacing;
        BigInteger[][] patterns = new BigInteger[4][];
        int[][] positions = new int[4][];
        for (int q = 0; q < 4; q++)
        {
            positions[q] = Enumerable.Range(0, 5).Select(b => ((b * 4) + q) * 13).ToArray();
            patterns[q] = new BigInteger[32];
            for (int m = 0; m < 32; m++)
            {
                for (int b = 0; b < 5; b++)
                {
                    BigInteger weight = BigInteger.One << positions[q][b];
                    patterns[q][m] += ((m >> b) & 1) == 1 ? weight : -weight;
                }
            }
        }

        List<BigInteger> found = new List<BigInteger>();
        byte[] bytes = new byte[48];

        // Bit of the sign pattern (k >> 1) | 2^259 at a position.
        bool Fits(int q, int m)
        {
            for (int b = 0; b < 5; b++)
            {
                int at = positions[q][b] + 1;
                int bit = positions[q][b] == length - 1 ? 1 : (bytes[at >> 3] >> (at & 7)) & 1;
                if (bit != ((m >> b) & 1))
                {
                    return false;
                }
            }

            return true;
        }

        void Search(int index, BigInteger after, int[] chosen, int last)
        {
            // chosen holds the patterns of the tables after position "index" in the order.
            if (last == index)
            {
                for (int m = 0; m < 32; m++)
                {
                    foreach (BigInteger sum in new[] { (2 * patterns[order[index]][m]) + after, after })
                    {
                        BigInteger k = sum % n;
                        k = k.Sign < 0 ? k + n : k;
                        if (k.IsEven)
                        {
                            continue;
                        }

                        Array.Clear(bytes);
                        k.TryWriteBytes(bytes, out _);
                        bool fits = Fits(order[index], m);
                        for (int i = index + 1; fits && i < 4; i++)
                        {
                            fits = Fits(order[i], chosen[i]);
                        }

                        if (fits)
                        {
                            found.Add(k);
                        }
                    }
                }

                return;
            }

            for (int m = 0; m < 32; m++)
            {
                chosen[last] = m;
                Search(index, after + patterns[order[last]][m], chosen, last - 1);
            }
        }

        for (int index = 0; index < 4; index++)
        {
            Search(index, 0, new int[4], 3);
        }

        return found.Distinct().ToList();
    }

    private static string Source(string file, [CallerFilePath] string path = null)
    {
        return File.ReadAllText(Path.Combine(Path.GetDirectoryName(path), "..", "..", "firmware", "MatterNano", "Crypto", file));
    }
}
