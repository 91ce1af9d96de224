// Written by tests/generator; do not edit.

using System;

namespace MatterNano.Crypto;

/// <summary>The compression function of SHA-256 (FIPS 180-4, 6.2.2).</summary>
/// <remarks>A rotation is a shift of the doubled word x * (2^32 + 1), and three of them share one doubling. Bytes are little-endian everywhere .NET nanoFramework runs; the words are turned round.</remarks>
internal static class Sha256Compression
{
    /// <summary>Cube roots of the first 64 primes; 64 words, kept by the caller while in use.</summary>
    internal static uint[] Constants()
    {
        return new uint[]
        {
            0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
            0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
            0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
            0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
            0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
            0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
            0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
            0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
        };
    }

    /// <summary>Folds the 64 bytes at <paramref name="offset"/> into the eight words of <paramref name="state"/>.</summary>
    internal static void Compress(uint[] state, uint[] constants, byte[] data, int offset)
    {
        uint a = state[0];
        uint b = state[1];
        uint c = state[2];
        uint d = state[3];
        uint e = state[4];
        uint f = state[5];
        uint g = state[6];
        uint h = state[7];
        ulong x;
        uint t;
        x = BitConverter.ToUInt32(data, offset) * 0x100000001UL;
        uint w0 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 4) * 0x100000001UL;
        uint w1 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 8) * 0x100000001UL;
        uint w2 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 12) * 0x100000001UL;
        uint w3 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 16) * 0x100000001UL;
        uint w4 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 20) * 0x100000001UL;
        uint w5 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 24) * 0x100000001UL;
        uint w6 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 28) * 0x100000001UL;
        uint w7 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 32) * 0x100000001UL;
        uint w8 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 36) * 0x100000001UL;
        uint w9 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 40) * 0x100000001UL;
        uint w10 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 44) * 0x100000001UL;
        uint w11 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 48) * 0x100000001UL;
        uint w12 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 52) * 0x100000001UL;
        uint w13 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 56) * 0x100000001UL;
        uint w14 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        x = BitConverter.ToUInt32(data, offset + 60) * 0x100000001UL;
        uint w15 = (uint)(((x >> 24) & 0xff00ffUL) | ((x >> 8) & 0xff00ff00UL));
        int n = 0;
        while (true)
        {
            x = e * 0x100000001UL;
            t = h + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (g ^ (e & (f ^ g))) + constants[n] + w0;
            d += t;
            x = a * 0x100000001UL;
            h = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((a & b) | (c & (a | b)));
            x = d * 0x100000001UL;
            t = g + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (f ^ (d & (e ^ f))) + constants[n + 1] + w1;
            c += t;
            x = h * 0x100000001UL;
            g = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((h & a) | (b & (h | a)));
            x = c * 0x100000001UL;
            t = f + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (e ^ (c & (d ^ e))) + constants[n + 2] + w2;
            b += t;
            x = g * 0x100000001UL;
            f = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((g & h) | (a & (g | h)));
            x = b * 0x100000001UL;
            t = e + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (d ^ (b & (c ^ d))) + constants[n + 3] + w3;
            a += t;
            x = f * 0x100000001UL;
            e = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((f & g) | (h & (f | g)));
            x = a * 0x100000001UL;
            t = d + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (c ^ (a & (b ^ c))) + constants[n + 4] + w4;
            h += t;
            x = e * 0x100000001UL;
            d = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((e & f) | (g & (e | f)));
            x = h * 0x100000001UL;
            t = c + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (b ^ (h & (a ^ b))) + constants[n + 5] + w5;
            g += t;
            x = d * 0x100000001UL;
            c = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((d & e) | (f & (d | e)));
            x = g * 0x100000001UL;
            t = b + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (a ^ (g & (h ^ a))) + constants[n + 6] + w6;
            f += t;
            x = c * 0x100000001UL;
            b = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((c & d) | (e & (c | d)));
            x = f * 0x100000001UL;
            t = a + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (h ^ (f & (g ^ h))) + constants[n + 7] + w7;
            e += t;
            x = b * 0x100000001UL;
            a = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((b & c) | (d & (b | c)));
            x = e * 0x100000001UL;
            t = h + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (g ^ (e & (f ^ g))) + constants[n + 8] + w8;
            d += t;
            x = a * 0x100000001UL;
            h = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((a & b) | (c & (a | b)));
            x = d * 0x100000001UL;
            t = g + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (f ^ (d & (e ^ f))) + constants[n + 9] + w9;
            c += t;
            x = h * 0x100000001UL;
            g = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((h & a) | (b & (h | a)));
            x = c * 0x100000001UL;
            t = f + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (e ^ (c & (d ^ e))) + constants[n + 10] + w10;
            b += t;
            x = g * 0x100000001UL;
            f = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((g & h) | (a & (g | h)));
            x = b * 0x100000001UL;
            t = e + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (d ^ (b & (c ^ d))) + constants[n + 11] + w11;
            a += t;
            x = f * 0x100000001UL;
            e = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((f & g) | (h & (f | g)));
            x = a * 0x100000001UL;
            t = d + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (c ^ (a & (b ^ c))) + constants[n + 12] + w12;
            h += t;
            x = e * 0x100000001UL;
            d = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((e & f) | (g & (e | f)));
            x = h * 0x100000001UL;
            t = c + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (b ^ (h & (a ^ b))) + constants[n + 13] + w13;
            g += t;
            x = d * 0x100000001UL;
            c = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((d & e) | (f & (d | e)));
            x = g * 0x100000001UL;
            t = b + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (a ^ (g & (h ^ a))) + constants[n + 14] + w14;
            f += t;
            x = c * 0x100000001UL;
            b = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((c & d) | (e & (c | d)));
            x = f * 0x100000001UL;
            t = a + (uint)((x >> 6) ^ (x >> 11) ^ (x >> 25)) + (h ^ (f & (g ^ h))) + constants[n + 15] + w15;
            e += t;
            x = b * 0x100000001UL;
            a = t + (uint)((x >> 2) ^ (x >> 13) ^ (x >> 22)) + ((b & c) | (d & (b | c)));
            if (n == 48)
            {
                break;
            }

            n += 16;
            ulong y;
            x = w1 * 0x100000001UL;
            y = w14 * 0x100000001UL;
            w0 += (uint)((x >> 7) ^ (x >> 18)) ^ (w1 >> 3);
            w0 += w9 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w14 >> 10));
            x = w2 * 0x100000001UL;
            y = w15 * 0x100000001UL;
            w1 += (uint)((x >> 7) ^ (x >> 18)) ^ (w2 >> 3);
            w1 += w10 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w15 >> 10));
            x = w3 * 0x100000001UL;
            y = w0 * 0x100000001UL;
            w2 += (uint)((x >> 7) ^ (x >> 18)) ^ (w3 >> 3);
            w2 += w11 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w0 >> 10));
            x = w4 * 0x100000001UL;
            y = w1 * 0x100000001UL;
            w3 += (uint)((x >> 7) ^ (x >> 18)) ^ (w4 >> 3);
            w3 += w12 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w1 >> 10));
            x = w5 * 0x100000001UL;
            y = w2 * 0x100000001UL;
            w4 += (uint)((x >> 7) ^ (x >> 18)) ^ (w5 >> 3);
            w4 += w13 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w2 >> 10));
            x = w6 * 0x100000001UL;
            y = w3 * 0x100000001UL;
            w5 += (uint)((x >> 7) ^ (x >> 18)) ^ (w6 >> 3);
            w5 += w14 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w3 >> 10));
            x = w7 * 0x100000001UL;
            y = w4 * 0x100000001UL;
            w6 += (uint)((x >> 7) ^ (x >> 18)) ^ (w7 >> 3);
            w6 += w15 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w4 >> 10));
            x = w8 * 0x100000001UL;
            y = w5 * 0x100000001UL;
            w7 += (uint)((x >> 7) ^ (x >> 18)) ^ (w8 >> 3);
            w7 += w0 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w5 >> 10));
            x = w9 * 0x100000001UL;
            y = w6 * 0x100000001UL;
            w8 += (uint)((x >> 7) ^ (x >> 18)) ^ (w9 >> 3);
            w8 += w1 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w6 >> 10));
            x = w10 * 0x100000001UL;
            y = w7 * 0x100000001UL;
            w9 += (uint)((x >> 7) ^ (x >> 18)) ^ (w10 >> 3);
            w9 += w2 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w7 >> 10));
            x = w11 * 0x100000001UL;
            y = w8 * 0x100000001UL;
            w10 += (uint)((x >> 7) ^ (x >> 18)) ^ (w11 >> 3);
            w10 += w3 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w8 >> 10));
            x = w12 * 0x100000001UL;
            y = w9 * 0x100000001UL;
            w11 += (uint)((x >> 7) ^ (x >> 18)) ^ (w12 >> 3);
            w11 += w4 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w9 >> 10));
            x = w13 * 0x100000001UL;
            y = w10 * 0x100000001UL;
            w12 += (uint)((x >> 7) ^ (x >> 18)) ^ (w13 >> 3);
            w12 += w5 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w10 >> 10));
            x = w14 * 0x100000001UL;
            y = w11 * 0x100000001UL;
            w13 += (uint)((x >> 7) ^ (x >> 18)) ^ (w14 >> 3);
            w13 += w6 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w11 >> 10));
            x = w15 * 0x100000001UL;
            y = w12 * 0x100000001UL;
            w14 += (uint)((x >> 7) ^ (x >> 18)) ^ (w15 >> 3);
            w14 += w7 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w12 >> 10));
            x = w0 * 0x100000001UL;
            y = w13 * 0x100000001UL;
            w15 += (uint)((x >> 7) ^ (x >> 18)) ^ (w0 >> 3);
            w15 += w8 + ((uint)((y >> 17) ^ (y >> 19)) ^ (w13 >> 10));
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}
