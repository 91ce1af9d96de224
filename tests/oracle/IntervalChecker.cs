using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Text.RegularExpressions;

namespace MatterNano.Oracle;

/// <summary>
/// Reads methods of generated straight-line C# as text and runs them on intervals instead of numbers: every intermediate result is
/// bounded over all inputs at once. A result outside of a signed 64-bit number fails.
/// </summary>
public sealed class IntervalChecker
{
    private static readonly BigInteger s_limit = BigInteger.One << 63;
    private readonly string[] _lines;
    private readonly Dictionary<string, Interval> _variables = new Dictionary<string, Interval>();
    private string _statement;
    private string[] _tokens;
    private int _at;

    public IntervalChecker(string source, string method)
    {
        string[] all = source.Split('\n').Select(l => l.Trim()).ToArray();
        int start = Array.FindIndex(all, l => l.StartsWith("internal static void " + method + "("));
        int end = start;
        int depth = 0;
        do
        {
            end++;
            depth += all[end] == "{" ? 1 : all[end].StartsWith('}') ? -1 : 0;
        }
        while (depth > 0);
        _lines = all[(start + 2)..end];
        Set("Mask", new Interval(0x1fffffff, 0x1fffffff));
    }

    /// <summary>Largest magnitude seen, for the record.</summary>
    public BigInteger Largest { get; private set; }

    /// <summary>Statements run, to see that something was checked.</summary>
    public int Statements { get; private set; }

    public void Set(string name, Interval value)
    {
        _variables[name] = value;
    }

    public Interval Get(string name)
    {
        return _variables[name];
    }

    /// <summary>An element: nine limbs of an array.</summary>
    public void SetElement(string array, Interval[] limbs)
    {
        for (int i = 0; i < limbs.Length; i++)
        {
            Set($"{array}[{i}]", limbs[i]);
        }
    }

    public Interval[] GetElement(string array)
    {
        return Enumerable.Range(0, 9).Select(i => Get($"{array}[{i}]")).ToArray();
    }

    /// <summary>Runs the method. Loops run until no bound changes any more; both ways of a branch are joined.</summary>
    public void Run()
    {
        Run(0, _lines.Length);
    }

    // Statements from..to; a return ends the block, its stores joined by the caller's output being read afterwards.
    private void Run(int from, int to)
    {
        int i = from;
        while (i < to)
        {
            string line = _lines[i];
            if (line.Length == 0)
            {
                i++;
            }
            else if (line == "do")
            {
                int end = Block(i + 1);
                Fixpoint(i + 2, end);
                i = end + 2;
            }
            else if (line.StartsWith("if ("))
            {
                int end = Block(i + 1);
                Dictionary<string, Interval> before = new Dictionary<string, Interval>(_variables);
                Run(i + 2, end);
                foreach (KeyValuePair<string, Interval> v in before)
                {
                    _variables[v.Key] = Interval.Join(_variables[v.Key], v.Value);
                }

                i = end + 1;
            }
            else
            {
                if (line != "return;")
                {
                    Execute(line);
                }

                i++;
            }
        }
    }

    private void Fixpoint(int from, int to)
    {
        for (int round = 0; round < 60; round++)
        {
            Dictionary<string, Interval> before = new Dictionary<string, Interval>(_variables);
            Run(from, to);
            bool changed = false;
            foreach (KeyValuePair<string, Interval> v in before)
            {
                Interval joined = Interval.Join(_variables[v.Key], v.Value);
                changed |= !joined.Equals(v.Value);
                _variables[v.Key] = joined;
            }

            if (!changed)
            {
                return;
            }
        }

        throw new InvalidOperationException("the bounds of a loop do not settle");
    }

    private int Block(int open)
    {
        int depth = 0;
        int i = open;
        do
        {
            depth += _lines[i] == "{" ? 1 : _lines[i].StartsWith('}') ? -1 : 0;
            i++;
        }
        while (depth > 0);
        return i - 1;
    }

    private void Execute(string line)
    {
        _statement = line;
        Statements++;
        Match match = Regex.Match(line, @"^(?:long )?([a-zA-Z]\w*(?:\[\d+\])?) (\+|-|\^|&|>>|<<)?= (.*);$");
        if (!match.Success)
        {
            if (Regex.IsMatch(line, @"^(long [\w, ]+|times--);$"))
            {
                return;
            }

            throw new InvalidOperationException("not understood: " + line);
        }

        string expression = match.Groups[2].Success ? $"{match.Groups[1].Value} {match.Groups[2].Value} ({match.Groups[3].Value})" : match.Groups[3].Value;
        _tokens = Regex.Matches(expression, @"0x[0-9a-f]+|\d+L?|[a-zA-Z]\w*(?:\[\d+\])?|<<|>>|[-+*&^()|]").Select(m => m.Value).ToArray();
        _at = 0;
        Interval value = Xor();
        if (_at != _tokens.Length)
        {
            throw new InvalidOperationException("not understood: " + line);
        }

        Set(match.Groups[1].Value, value);
    }

    private Interval Xor()
    {
        Interval a = And();
        while (Take("^"))
        {
            a = Check(Interval.XorSign(a, And()));
        }

        return a;
    }

    private Interval And()
    {
        Interval a = Shift();
        while (Take("&"))
        {
            a = Check(Interval.Mask(a, Shift()));
        }

        return a;
    }

    private Interval Shift()
    {
        Interval a = Sum();
        while (true)
        {
            if (Take("<<"))
            {
                int by = (int)Sum().Low;
                a = Check(new Interval(a.Low << by, a.High << by));
            }
            else if (Take(">>"))
            {
                int by = (int)Sum().Low;
                a = Check(new Interval(a.Low >> by, a.High >> by));
            }
            else
            {
                return a;
            }
        }
    }

    private Interval Sum()
    {
        Interval a = Product();
        while (true)
        {
            if (Take("+"))
            {
                Interval b = Product();
                a = Check(new Interval(a.Low + b.Low, a.High + b.High));
            }
            else if (Take("-"))
            {
                Interval b = Product();
                a = Check(new Interval(a.Low - b.High, a.High - b.Low));
            }
            else
            {
                return a;
            }
        }
    }

    private Interval Product()
    {
        Interval a = Factor();
        while (Take("*"))
        {
            Interval b = Factor();
            BigInteger[] ends = { a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High };
            a = Check(new Interval(ends.Min(), ends.Max()));
        }

        return a;
    }

    private Interval Factor()
    {
        if (Take("("))
        {
            Interval inner = Xor();
            if (!Take(")"))
            {
                throw new InvalidOperationException("not understood: " + _statement);
            }

            return inner;
        }

        if (Take("-"))
        {
            Interval a = Factor();
            return new Interval(-a.High, -a.Low);
        }

        string token = _tokens[_at++];
        if (char.IsDigit(token[0]))
        {
            BigInteger value = token.StartsWith("0x") ? BigInteger.Parse("0" + token.Substring(2), System.Globalization.NumberStyles.HexNumber) : BigInteger.Parse(token.TrimEnd('L'));
            return new Interval(value, value);
        }

        return _variables.TryGetValue(token, out Interval v) ? v : throw new InvalidOperationException($"{token} is read before it is set: {_statement}");
    }

    private bool Take(string token)
    {
        if (_at < _tokens.Length && _tokens[_at] == token)
        {
            _at++;
            return true;
        }

        return false;
    }

    private Interval Check(Interval value)
    {
        Largest = BigInteger.Max(Largest, BigInteger.Max(BigInteger.Abs(value.Low), BigInteger.Abs(value.High)));
        if (value.Low < -s_limit || value.High >= s_limit)
        {
            throw new InvalidOperationException($"may overflow ({value.Low} to {value.High}): {_statement}");
        }

        return value;
    }

    /// <summary>All numbers from Low to High.</summary>
    public readonly struct Interval : IEquatable<Interval>
    {
        public readonly BigInteger Low;
        public readonly BigInteger High;

        public Interval(BigInteger low, BigInteger high)
        {
            Low = low;
            High = high;
        }

        public static Interval Join(Interval a, Interval b)
        {
            return new Interval(BigInteger.Min(a.Low, b.Low), BigInteger.Max(a.High, b.High));
        }

        /// <summary>a ^ b where b is 0 or -1: a or -a - 1.</summary>
        public static Interval XorSign(Interval a, Interval b)
        {
            if (b.Low < -1 || b.High > 0)
            {
                throw new InvalidOperationException("exclusive or with more than a sign");
            }

            return Join(a, new Interval(-a.High - 1, -a.Low - 1));
        }

        /// <summary>a &amp; b where b is a mask of low bits, or a sign of 0 or -1.</summary>
        public static Interval Mask(Interval a, Interval b)
        {
            if (b.Low == b.High && (b.Low & (b.Low + 1)).IsZero && b.Low >= 0)
            {
                return a.Low >= 0 && a.High <= b.Low ? a : new Interval(0, b.Low);
            }

            if (b.Low >= -1 && b.High <= 0)
            {
                return Join(a, new Interval(0, 0));
            }

            throw new InvalidOperationException("and with more than a mask or a sign");
        }

        public bool Equals(Interval other)
        {
            return Low == other.Low && High == other.High;
        }
    }
}
