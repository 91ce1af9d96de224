// Written by tests/generator; do not edit.

namespace MatterNano.Crypto;

/// <summary>The rounds of AES-128 encryption (FIPS 197, 5.1).</summary>
internal static class AesRounds
{
    /// <summary>Encrypts the four words of <paramref name="state"/> with 44 words of key schedule and the table of Aes128.</summary>
    internal static void Encrypt(ulong[] t, uint[] keys, uint[] state)
    {
        uint a = state[0] ^ keys[0];
        uint b = state[1] ^ keys[1];
        uint c = state[2] ^ keys[2];
        uint d = state[3] ^ keys[3];
        uint e = (uint)(t[(int)(a >> 24)] ^ (t[(byte)(b >> 16)] >> 8) ^ (t[(byte)(c >> 8)] >> 16) ^ (t[(byte)d] >> 24)) ^ keys[4];
        uint f = (uint)(t[(int)(b >> 24)] ^ (t[(byte)(c >> 16)] >> 8) ^ (t[(byte)(d >> 8)] >> 16) ^ (t[(byte)a] >> 24)) ^ keys[5];
        uint g = (uint)(t[(int)(c >> 24)] ^ (t[(byte)(d >> 16)] >> 8) ^ (t[(byte)(a >> 8)] >> 16) ^ (t[(byte)b] >> 24)) ^ keys[6];
        uint h = (uint)(t[(int)(d >> 24)] ^ (t[(byte)(a >> 16)] >> 8) ^ (t[(byte)(b >> 8)] >> 16) ^ (t[(byte)c] >> 24)) ^ keys[7];
        a = (uint)(t[(int)(e >> 24)] ^ (t[(byte)(f >> 16)] >> 8) ^ (t[(byte)(g >> 8)] >> 16) ^ (t[(byte)h] >> 24)) ^ keys[8];
        b = (uint)(t[(int)(f >> 24)] ^ (t[(byte)(g >> 16)] >> 8) ^ (t[(byte)(h >> 8)] >> 16) ^ (t[(byte)e] >> 24)) ^ keys[9];
        c = (uint)(t[(int)(g >> 24)] ^ (t[(byte)(h >> 16)] >> 8) ^ (t[(byte)(e >> 8)] >> 16) ^ (t[(byte)f] >> 24)) ^ keys[10];
        d = (uint)(t[(int)(h >> 24)] ^ (t[(byte)(e >> 16)] >> 8) ^ (t[(byte)(f >> 8)] >> 16) ^ (t[(byte)g] >> 24)) ^ keys[11];
        e = (uint)(t[(int)(a >> 24)] ^ (t[(byte)(b >> 16)] >> 8) ^ (t[(byte)(c >> 8)] >> 16) ^ (t[(byte)d] >> 24)) ^ keys[12];
        f = (uint)(t[(int)(b >> 24)] ^ (t[(byte)(c >> 16)] >> 8) ^ (t[(byte)(d >> 8)] >> 16) ^ (t[(byte)a] >> 24)) ^ keys[13];
        g = (uint)(t[(int)(c >> 24)] ^ (t[(byte)(d >> 16)] >> 8) ^ (t[(byte)(a >> 8)] >> 16) ^ (t[(byte)b] >> 24)) ^ keys[14];
        h = (uint)(t[(int)(d >> 24)] ^ (t[(byte)(a >> 16)] >> 8) ^ (t[(byte)(b >> 8)] >> 16) ^ (t[(byte)c] >> 24)) ^ keys[15];
        a = (uint)(t[(int)(e >> 24)] ^ (t[(byte)(f >> 16)] >> 8) ^ (t[(byte)(g >> 8)] >> 16) ^ (t[(byte)h] >> 24)) ^ keys[16];
        b = (uint)(t[(int)(f >> 24)] ^ (t[(byte)(g >> 16)] >> 8) ^ (t[(byte)(h >> 8)] >> 16) ^ (t[(byte)e] >> 24)) ^ keys[17];
        c = (uint)(t[(int)(g >> 24)] ^ (t[(byte)(h >> 16)] >> 8) ^ (t[(byte)(e >> 8)] >> 16) ^ (t[(byte)f] >> 24)) ^ keys[18];
        d = (uint)(t[(int)(h >> 24)] ^ (t[(byte)(e >> 16)] >> 8) ^ (t[(byte)(f >> 8)] >> 16) ^ (t[(byte)g] >> 24)) ^ keys[19];
        e = (uint)(t[(int)(a >> 24)] ^ (t[(byte)(b >> 16)] >> 8) ^ (t[(byte)(c >> 8)] >> 16) ^ (t[(byte)d] >> 24)) ^ keys[20];
        f = (uint)(t[(int)(b >> 24)] ^ (t[(byte)(c >> 16)] >> 8) ^ (t[(byte)(d >> 8)] >> 16) ^ (t[(byte)a] >> 24)) ^ keys[21];
        g = (uint)(t[(int)(c >> 24)] ^ (t[(byte)(d >> 16)] >> 8) ^ (t[(byte)(a >> 8)] >> 16) ^ (t[(byte)b] >> 24)) ^ keys[22];
        h = (uint)(t[(int)(d >> 24)] ^ (t[(byte)(a >> 16)] >> 8) ^ (t[(byte)(b >> 8)] >> 16) ^ (t[(byte)c] >> 24)) ^ keys[23];
        a = (uint)(t[(int)(e >> 24)] ^ (t[(byte)(f >> 16)] >> 8) ^ (t[(byte)(g >> 8)] >> 16) ^ (t[(byte)h] >> 24)) ^ keys[24];
        b = (uint)(t[(int)(f >> 24)] ^ (t[(byte)(g >> 16)] >> 8) ^ (t[(byte)(h >> 8)] >> 16) ^ (t[(byte)e] >> 24)) ^ keys[25];
        c = (uint)(t[(int)(g >> 24)] ^ (t[(byte)(h >> 16)] >> 8) ^ (t[(byte)(e >> 8)] >> 16) ^ (t[(byte)f] >> 24)) ^ keys[26];
        d = (uint)(t[(int)(h >> 24)] ^ (t[(byte)(e >> 16)] >> 8) ^ (t[(byte)(f >> 8)] >> 16) ^ (t[(byte)g] >> 24)) ^ keys[27];
        e = (uint)(t[(int)(a >> 24)] ^ (t[(byte)(b >> 16)] >> 8) ^ (t[(byte)(c >> 8)] >> 16) ^ (t[(byte)d] >> 24)) ^ keys[28];
        f = (uint)(t[(int)(b >> 24)] ^ (t[(byte)(c >> 16)] >> 8) ^ (t[(byte)(d >> 8)] >> 16) ^ (t[(byte)a] >> 24)) ^ keys[29];
        g = (uint)(t[(int)(c >> 24)] ^ (t[(byte)(d >> 16)] >> 8) ^ (t[(byte)(a >> 8)] >> 16) ^ (t[(byte)b] >> 24)) ^ keys[30];
        h = (uint)(t[(int)(d >> 24)] ^ (t[(byte)(a >> 16)] >> 8) ^ (t[(byte)(b >> 8)] >> 16) ^ (t[(byte)c] >> 24)) ^ keys[31];
        a = (uint)(t[(int)(e >> 24)] ^ (t[(byte)(f >> 16)] >> 8) ^ (t[(byte)(g >> 8)] >> 16) ^ (t[(byte)h] >> 24)) ^ keys[32];
        b = (uint)(t[(int)(f >> 24)] ^ (t[(byte)(g >> 16)] >> 8) ^ (t[(byte)(h >> 8)] >> 16) ^ (t[(byte)e] >> 24)) ^ keys[33];
        c = (uint)(t[(int)(g >> 24)] ^ (t[(byte)(h >> 16)] >> 8) ^ (t[(byte)(e >> 8)] >> 16) ^ (t[(byte)f] >> 24)) ^ keys[34];
        d = (uint)(t[(int)(h >> 24)] ^ (t[(byte)(e >> 16)] >> 8) ^ (t[(byte)(f >> 8)] >> 16) ^ (t[(byte)g] >> 24)) ^ keys[35];
        e = (uint)(t[(int)(a >> 24)] ^ (t[(byte)(b >> 16)] >> 8) ^ (t[(byte)(c >> 8)] >> 16) ^ (t[(byte)d] >> 24)) ^ keys[36];
        f = (uint)(t[(int)(b >> 24)] ^ (t[(byte)(c >> 16)] >> 8) ^ (t[(byte)(d >> 8)] >> 16) ^ (t[(byte)a] >> 24)) ^ keys[37];
        g = (uint)(t[(int)(c >> 24)] ^ (t[(byte)(d >> 16)] >> 8) ^ (t[(byte)(a >> 8)] >> 16) ^ (t[(byte)b] >> 24)) ^ keys[38];
        h = (uint)(t[(int)(d >> 24)] ^ (t[(byte)(a >> 16)] >> 8) ^ (t[(byte)(b >> 8)] >> 16) ^ (t[(byte)c] >> 24)) ^ keys[39];
        state[0] = (uint)(((t[(int)(e >> 24)] << 8) & 0xff000000UL) | (t[(byte)(f >> 16)] & 0xff0000UL) | (t[(byte)(g >> 8)] & 0xff00UL) | ((t[(byte)h] >> 8) & 0xffUL)) ^ keys[40];
        state[1] = (uint)(((t[(int)(f >> 24)] << 8) & 0xff000000UL) | (t[(byte)(g >> 16)] & 0xff0000UL) | (t[(byte)(h >> 8)] & 0xff00UL) | ((t[(byte)e] >> 8) & 0xffUL)) ^ keys[41];
        state[2] = (uint)(((t[(int)(g >> 24)] << 8) & 0xff000000UL) | (t[(byte)(h >> 16)] & 0xff0000UL) | (t[(byte)(e >> 8)] & 0xff00UL) | ((t[(byte)f] >> 8) & 0xffUL)) ^ keys[42];
        state[3] = (uint)(((t[(int)(h >> 24)] << 8) & 0xff000000UL) | (t[(byte)(e >> 16)] & 0xff0000UL) | (t[(byte)(f >> 8)] & 0xff00UL) | ((t[(byte)g] >> 8) & 0xffUL)) ^ keys[43];
    }
}
