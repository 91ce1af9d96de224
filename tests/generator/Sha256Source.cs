using System.Numerics;
using System.Text;

namespace MatterNano.Generator;

/// <summary>Straight-line SHA-256: sixteen rounds a pass, the state rotates through the names, the schedule lives in locals.</summary>
public static class Sha256Source
{
    public const string FileName = "Sha256Compression.cs";

    public static string Text()
    {
        StringBuilder s = new StringBuilder();
        s.Append("// Written by tests/generator; do not edit.\n\nusing System;\n\nnamespace MatterNano.Crypto;\n\n");
        s.Append("/// <summary>The compression function of SHA-256 (FIPS 180-4, 6.2.2).</summary>\n");
        s.Append("/// <remarks>A rotation is a shift of the doubled word x * (2^32 + 1), and three of them share one doubling. Bytes are little-endian everywhere .NET nanoFramework runs; the words are turned round.</remarks>\n");
        s.Append("internal static class Sha256Compression\n{\n");
        s.Append("    /// <summary>Cube roots of the first 64 primes; 64 words, kept by the caller while in use.</summary>\n");
        s.Append("    internal static uint[] Constants()\n    {\n        return new uint[]\n        {\n");
        int prime = 2;
        for (int row = 0; row < 8; row++)
        {
            s.Append("            ");
            for (int column = 0; column < 8; column++)
            {
                s.Append("0x").Append(CubeRoot(prime).ToString("x8")).Append(column < 7 ? ", " : ",\n");
                do
                {
                    prime++;
                }
                while (!IsPrime(prime));
            }
        }

        s.Append("        };\n    }\n\n");
        s.Append("    /// <summary>Folds the 64 bytes at <paramref name=\"offset\"/> into the eight words of <paramref name=\"state\"/>.</summary>\n");
        s.Append("    internal static void Compress(uint[] state, uint[] constants, byte[] data, int offset)\n    {\n");
        for (int i = 0; i < 8; i++)
        {
            s.Append($"        uint {Name(i)} = state[{i}];\n");
        }

        s.Append("        ulong x;\n        uint t;\n");
        for (int i = 0; i < 16; i++)
        {
            string at = i == 0 ? "offset" : $"offset + {4 * i}";
            s.Append($"        x = BitConverter.ToUInt32(data, {at}) * 0x100000001UL;\n");
            s.Append($"        uint w{i} = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));\n");
        }

        s.Append("        int n = 0;\n        while (true)\n        {\n");
        for (int i = 0; i < 16; i++)
        {
            string a = Name(-i), b = Name(1 - i), c = Name(2 - i), d = Name(3 - i), e = Name(4 - i), f = Name(5 - i), g = Name(6 - i), h = Name(7 - i);
            string at = i == 0 ? "n" : $"n + {i}";
            s.Append($"            x = {e} * 0x100000001UL;\n");
            s.Append($"            t = {h} + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + ({g} ^ ({e} & ({f} ^ {g}))) + constants[{at}] + w{i};\n");
            s.Append($"            {d} += t;\n");
            s.Append($"            x = {a} * 0x100000001UL;\n");
            s.Append($"            {h} = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + (({a} & {b}) | ({c} & ({a} | {b})));\n");
        }

        s.Append("            if (n == 48)\n            {\n                break;\n            }\n\n            n += 16;\n            ulong y;\n");
        for (int i = 0; i < 16; i++)
        {
            int one = (i + 1) & 15, nine = (i + 9) & 15, fourteen = (i + 14) & 15;
            s.Append($"            x = w{one} * 0x100000001UL;\n            y = w{fourteen} * 0x100000001UL;\n");
            s.Append($"            w{i} += (uint)((x >> 7) ^ (x >> 18)) ^ (w{one} >> 3);\n");
            s.Append($"            w{i} += w{nine} + ((uint)((y >> 17) ^ (y >> 19)) ^ (w{fourteen} >> 10));\n");
        }

        s.Append("        }\n\n");
        for (int i = 0; i < 8; i++)
        {
            s.Append($"        state[{i}] += {Name(i)};\n");
        }

        s.Append("    }\n}\n");
        return s.ToString();
    }

    private static string Name(int i)
    {
        return "abcdefgh"[i & 7].ToString();
    }

    private static bool IsPrime(int n)
    {
        for (int d = 2; d * d <= n; d++)
        {
            if (n % d == 0)
            {
                return false;
            }
        }

        return true;
    }

    // First 32 bits of the fraction of the cube root, by bisection in integers.
    private static uint CubeRoot(int n)
    {
        BigInteger scaled = new BigInteger(n) << 96;
        BigInteger low = 0, high = BigInteger.One << 40;
        while (high - low > 1)
        {
            BigInteger middle = (low + high) >> 1;
            if (middle * middle * middle <= scaled)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (uint)(low & 0xffffffff);
    }
}
