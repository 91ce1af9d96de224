using System.Text;

namespace MatterNano.Generator;

/// <summary>The ten rounds of AES-128 in a row on one table of doubled words: a rotation is one shift.</summary>
public static class AesSource
{
    public const string FileName = "AesRounds.cs";

    public static string Text()
    {
        StringBuilder s = new StringBuilder();
        s.Append("// Written by tests/generator; do not edit.\n\nnamespace MatterNano.Crypto;\n\n");
        s.Append("/// <summary>The rounds of AES-128 encryption (FIPS 197, 5.1).</summary>\n");
        s.Append("internal static class AesRounds\n{\n");
        s.Append("    /// <summary>Encrypts the four words of <paramref name=\"state\"/> with 44 words of key schedule and the table of Aes128.</summary>\n");
        s.Append("    internal static void Encrypt(ulong[] t, uint[] keys, uint[] state)\n    {\n");
        string now = "abcd", next = "efgh";
        for (int i = 0; i < 4; i++)
        {
            s.Append($"        uint {now[i]} = state[{i}] ^ keys[{i}];\n");
        }

        for (int round = 1; round < 10; round++)
        {
            for (int i = 0; i < 4; i++)
            {
                string type = round == 1 ? "uint " : string.Empty;
                s.Append($"        {type}{next[i]} = (uint)(t[(int)({now[i]} >> 24)] ^ (t[(byte)({now[(i + 1) & 3]} >> 16)] >> 8) ^ (t[(byte)({now[(i + 2) & 3]} >> 8)] >> 16) ^ (t[(byte){now[(i + 3) & 3]}] >> 24)) ^ keys[{(4 * round) + i}];\n");
            }

            (now, next) = (next, now);
        }

        for (int i = 0; i < 4; i++)
        {
            s.Append($"        state[{i}] = (uint)(((t[(int)({now[i]} >> 24)] << 8) & 0xff000000UL) | (t[(byte)({now[(i + 1) & 3]} >> 16)] & 0xff0000UL) | (t[(byte)({now[(i + 2) & 3]} >> 8)] & 0xff00UL) | ((t[(byte){now[(i + 3) & 3]}] >> 8) & 0xffUL)) ^ keys[{40 + i}];\n");
        }

        s.Append("    }\n}\n");
        return s.ToString();
    }
}
