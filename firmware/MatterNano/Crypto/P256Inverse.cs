// Written by tests/generator; do not edit.

namespace MatterNano.Crypto;

/// <summary>Inverse modulo an odd 256-bit prime by division steps (Bernstein and Yang, half-delta form).</summary>
/// <remarks>
/// 590 steps are enough for any 256-bit input; 20 passes of 30 are made. Limbs have 30 bits. A step's matrix has entries
/// of at most 2^30 in magnitude; a row of it shares a <c>long</c> while the steps are made.
/// </remarks>
internal static class P256Inverse
{
    private const long Mask = 0x3fffffff;

    /// <summary>a = 1 / a in the same time for every a. 0 gives 0.</summary>
    /// <param name="a">Nine limbs of 30 bits, 0 to the modulus.</param>
    /// <param name="modulus">The prime, nine limbs of 30 bits.</param>
    /// <param name="inverse">1 / modulus modulo 2^30.</param>
    internal static void Invert(long[] a, long[] modulus, long inverse)
    {
        long mask = Mask;
        long p0 = modulus[0];
        long p1 = modulus[1];
        long p2 = modulus[2];
        long p3 = modulus[3];
        long p4 = modulus[4];
        long p5 = modulus[5];
        long p6 = modulus[6];
        long p7 = modulus[7];
        long p8 = modulus[8];
        long f0 = p0;
        long f1 = p1;
        long f2 = p2;
        long f3 = p3;
        long f4 = p4;
        long f5 = p5;
        long f6 = p6;
        long f7 = p7;
        long f8 = p8;
        long g0 = a[0];
        long g1 = a[1];
        long g2 = a[2];
        long g3 = a[3];
        long g4 = a[4];
        long g5 = a[5];
        long g6 = a[6];
        long g7 = a[7];
        long g8 = a[8];
        long d0 = 0;
        long d1 = 0;
        long d2 = 0;
        long d3 = 0;
        long d4 = 0;
        long d5 = 0;
        long d6 = 0;
        long d7 = 0;
        long d8 = 0;
        long e0 = 1;
        long e1 = 0;
        long e2 = 0;
        long e3 = 0;
        long e4 = 0;
        long e5 = 0;
        long e6 = 0;
        long e7 = 0;
        long e8 = 0;
        long zeta = -1;
        long one = 1;
        long swap, odd;
        long bias = 0x200010000;
        int pass = 20;
        do
        {
            long f = f0;
            long g = g0;
            long u = one;
            long v = 0;
            long q = 0;
            long r = one;
            int half = 2;
            do
            {
                long s = (f << 34) + one;
                long t = (g << 34) + 0x20000;
                odd = ((t + bias) << 29) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 28) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 27) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 26) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 25) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 24) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 23) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 22) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 21) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 20) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 19) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 18) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 17) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 16) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                odd = ((t + bias) << 15) >> 63;
                swap = (zeta >> 63) & odd;
                t += ((s ^ swap) - swap) & odd;
                zeta = (zeta ^ swap) - one;
                s = (s + (t & swap)) << 1;
                long u2 = (s << 47) >> 47;
                long v2 = ((s - u2) << 30) >> 47;
                long q2 = (t << 47) >> 47;
                long r2 = ((t - q2) << 30) >> 47;
                s = (u2 * f + v2 * g) >> 15;
                g = (q2 * f + r2 * g) >> 15;
                f = s;
                s = u2 * u + v2 * q;
                q = q2 * u + r2 * q;
                u = s;
                s = u2 * v + v2 * r;
                r = q2 * v + r2 * r;
                v = s;
                half--;
            }
            while (half != 0);
            long dSign = d8 >> 63;
            long eSign = e8 >> 63;
            long md = (u & dSign) + (v & eSign);
            long me = (q & dSign) + (r & eSign);
            long cd = u * d0 + v * e0;
            long ce = q * d0 + r * e0;
            md -= (inverse * (cd & mask) + md) & mask;
            me -= (inverse * (ce & mask) + me) & mask;
            cd = (cd + p0 * md) >> 30;
            ce = (ce + p0 * me) >> 30;
            cd += u * d1 + v * e1 + p1 * md;
            ce += q * d1 + r * e1 + p1 * me;
            d0 = cd & mask;
            e0 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * d2 + v * e2 + p2 * md;
            ce += q * d2 + r * e2 + p2 * me;
            d1 = cd & mask;
            e1 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * d3 + v * e3 + p3 * md;
            ce += q * d3 + r * e3 + p3 * me;
            d2 = cd & mask;
            e2 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * d4 + v * e4 + p4 * md;
            ce += q * d4 + r * e4 + p4 * me;
            d3 = cd & mask;
            e3 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * d5 + v * e5 + p5 * md;
            ce += q * d5 + r * e5 + p5 * me;
            d4 = cd & mask;
            e4 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * d6 + v * e6 + p6 * md;
            ce += q * d6 + r * e6 + p6 * me;
            d5 = cd & mask;
            e5 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * d7 + v * e7 + p7 * md;
            ce += q * d7 + r * e7 + p7 * me;
            d6 = cd & mask;
            e6 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * d8 + v * e8 + p8 * md;
            ce += q * d8 + r * e8 + p8 * me;
            d7 = cd & mask;
            e7 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            d8 = cd;
            e8 = ce;
            cd = (u * f0 + v * g0) >> 30;
            ce = (q * f0 + r * g0) >> 30;
            cd += u * f1 + v * g1;
            ce += q * f1 + r * g1;
            f0 = cd & mask;
            g0 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * f2 + v * g2;
            ce += q * f2 + r * g2;
            f1 = cd & mask;
            g1 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * f3 + v * g3;
            ce += q * f3 + r * g3;
            f2 = cd & mask;
            g2 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * f4 + v * g4;
            ce += q * f4 + r * g4;
            f3 = cd & mask;
            g3 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * f5 + v * g5;
            ce += q * f5 + r * g5;
            f4 = cd & mask;
            g4 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * f6 + v * g6;
            ce += q * f6 + r * g6;
            f5 = cd & mask;
            g5 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * f7 + v * g7;
            ce += q * f7 + r * g7;
            f6 = cd & mask;
            g6 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            cd += u * f8 + v * g8;
            ce += q * f8 + r * g8;
            f7 = cd & mask;
            g7 = ce & mask;
            cd >>= 30;
            ce >>= 30;
            f8 = cd;
            g8 = ce;
            pass--;
        }
        while (pass != 0);
        a[0] = d0;
        a[1] = d1;
        a[2] = d2;
        a[3] = d3;
        a[4] = d4;
        a[5] = d5;
        a[6] = d6;
        a[7] = d7;
        a[8] = d8;
        Finish(a, modulus, d8 >> 63, f8 >> 63);
        Finish(a, modulus, a[8] >> 63, 0);
    }

    // a + modulus where add is -1, negated where sign is -1; the top limb keeps the sign of the result.
    private static void Finish(long[] a, long[] modulus, long add, long sign)
    {
        long carry = 0;
        int i = 0;
        do
        {
            carry += ((a[i] + (modulus[i] & add)) ^ sign) - sign;
            a[i] = carry & Mask;
            carry >>= 30;
            i++;
        }
        while (i < 9);
        a[8] += carry << 30;
    }
}
