using System;
using System.Collections.Generic;
using System.Linq;
using MatterNano.Crypto;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Xunit;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace MatterNano.Oracle;

/// <summary>P-256 against BouncyCastle.</summary>
public class P256Tests
{
    private static readonly X9ECParameters s_curve = CustomNamedCurves.GetByName("secp256r1");
    private static readonly ECDomainParameters s_domain = new ECDomainParameters(s_curve.Curve, s_curve.G, s_curve.N, s_curve.H);

    [Fact]
    public void GeneratorMultiples()
    {
        foreach (BigInteger k in Scalars(1, 200))
        {
            byte[] key = Filled(67);
            Assert.True(P256.GetPublicKey(Bytes(k), 0, key, 1));
            Assert.Equal(Bounded(s_curve.G.Multiply(k)), key);
        }
    }

    [Fact]
    public void PointMultiples()
    {
        SeededRandom random = new SeededRandom(2);
        foreach (BigInteger k in Scalars(3, 200))
        {
            ECPoint point = s_curve.G.Multiply(new BigInteger(1, random.Bytes(32))).Normalize();
            byte[] product = Filled(67);
            Assert.True(P256.Multiply(Bytes(k), 0, point.GetEncoded(false), 0, product, 1));
            Assert.Equal(Bounded(point.Multiply(k)), product);
            byte[] secret = Filled(34);
            Assert.True(P256.Ecdh(Bytes(k), 0, point.GetEncoded(false), 0, secret, 1));
            Assert.Equal(product[2..34], secret[1..33]);
            Assert.Equal(0xa5, secret[0]);
            Assert.Equal(0xa5, secret[33]);
        }
    }

    /// <summary>u1 * G + u2 * Q with Q a small or opposite multiple of G, so that the additions meet every relation.</summary>
    [Fact]
    public void PublicSums_WithEqualAndOppositePoints()
    {
        int infinite = 0;
        BigInteger[] small = Scalars(0, 0).Take(24).ToArray();
        SeededRandom random = new SeededRandom(4);
        for (int i = 0; i < 1500; i++)
        {
            BigInteger q = i % 4 == 3 ? new BigInteger(1, random.Bytes(32)).Mod(s_curve.N) : small[random.Below(small.Length)];
            BigInteger u2 = i % 3 == 2 ? new BigInteger(1, random.Bytes(32)).Mod(s_curve.N) : small[random.Below(small.Length)];
            BigInteger u1;
            switch (random.Below(5))
            {
                case 0:
                    u1 = small[random.Below(small.Length)];
                    break;
                case 1:
                    u1 = q.Multiply(u2).Mod(s_curve.N);
                    break;
                case 2:
                    u1 = q.Multiply(u2).Negate().Mod(s_curve.N);
                    break;
                case 3:
                    u1 = BigInteger.Zero;
                    break;
                default:
                    u1 = new BigInteger(1, random.Bytes(32)).Mod(s_curve.N);
                    break;
            }

            P256Point point = new P256Point();
            Assert.True(point.TryRead(s_curve.G.Multiply(q).GetEncoded(false), 0));
            point.MultiplyPublic(Limbs(u1), Limbs(u2));
            ECPoint expected = s_curve.G.Multiply(q.Multiply(u2).Add(u1).Mod(s_curve.N));
            if (expected.IsInfinity)
            {
                infinite++;
                Assert.True(P256Point.IsZero(point.Z));
                continue;
            }

            byte[] sum = new byte[65];
            point.MakeAffine();
            point.Write(sum, 0);
            Assert.Equal(expected.GetEncoded(false), sum);
        }

        Assert.True(infinite > 50);
    }

    [Fact]
    public void Signatures_BothWays()
    {
        SeededRandom random = new SeededRandom(5);
        for (int i = 0; i < 100; i++)
        {
            byte[] privateKey = new byte[32];
            byte[] publicKey = new byte[65];
            byte[] hash = i == 0 ? new byte[32] : i == 1 ? Enumerable.Repeat((byte)255, 32).ToArray() : random.Bytes(32);
            byte[] signature = Filled(66);
            P256.GenerateKeyPair(random, privateKey, 0, publicKey, 0);
            Assert.True(P256.Sign(privateKey, 0, hash, 0, signature, 1, random));
            Assert.Equal(0xa5, signature[0]);
            Assert.Equal(0xa5, signature[65]);
            ECDsaSigner theirs = new ECDsaSigner();
            theirs.Init(false, new ECPublicKeyParameters(s_curve.Curve.DecodePoint(publicKey), s_domain));
            Assert.True(theirs.VerifySignature(hash, new BigInteger(1, signature[1..33]), new BigInteger(1, signature[33..65])));
            Assert.True(P256.Verify(publicKey, 0, hash, 0, signature, 1));

            theirs = new ECDsaSigner();
            theirs.Init(true, new ECPrivateKeyParameters(new BigInteger(1, privateKey), s_domain));
            BigInteger[] rs = theirs.GenerateSignature(hash);
            byte[] other = Bytes(rs[0]).Concat(Bytes(rs[1])).ToArray();
            Assert.True(P256.Verify(publicKey, 0, hash, 0, other, 0));
            other[random.Below(64)] ^= (byte)(1 << random.Below(8));
            Assert.False(P256.Verify(publicKey, 0, hash, 0, other, 0));
        }
    }

    [Fact]
    public void Inverses()
    {
        BigInteger p = s_curve.Curve.Field.Characteristic;
        foreach (BigInteger k in Scalars(6, 300))
        {
            long[] a = Limbs(k);
            P256Scalar.Invert(a);
            Assert.Equal(Limbs(k.ModInverse(s_curve.N)), a);
            long[] element = new long[9];
            P256Point.ToElement(element, Limbs(k));
            P256Point.Invert(element);
            P256Point.FromElement(element, element);
            Assert.Equal(Limbs(k.ModInverse(p)), element);
        }

        long[] zero = new long[9];
        P256Scalar.Invert(zero);
        Assert.Equal(new long[9], zero);
    }

    [Fact]
    public void ProductsModuloTheOrder()
    {
        BigInteger[] values = Scalars(7, 60).ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            for (int j = 0; j < values.Length; j++)
            {
                long[] r = Limbs(values[i]);
                P256Scalar.Multiply(r, r, Limbs(values[j]));
                Assert.Equal(Limbs(values[i].Multiply(values[j]).Mod(s_curve.N)), r);
            }
        }
    }

    [Fact]
    public void AffineSums_OfEveryRelation()
    {
        for (int i = 1; i < 6; i++)
        {
            for (int j = -5; j < 6; j++)
            {
                if (j == 0)
                {
                    continue;
                }

                P256Point a = new P256Point();
                P256Point b = new P256Point();
                Assert.True(a.TryRead(s_curve.G.Multiply(BigInteger.ValueOf(i)).GetEncoded(false), 0));
                Assert.True(b.TryRead(s_curve.G.Multiply(BigInteger.ValueOf(Math.Abs(j))).GetEncoded(false), 0));
                if (j < 0)
                {
                    b.Negate();
                }

                Assert.Equal(i + j != 0, a.AddAffine(b));
                if (i + j != 0)
                {
                    // A multiple of the sum as it is, with its z, and of the affine sum.
                    P256Point product = new P256Point();
                    Array.Copy(a.X, product.X, 9);
                    Array.Copy(a.Y, product.Y, 9);
                    Array.Copy(a.Z, product.Z, 9);
                    BigInteger k = new BigInteger(1, new SeededRandom(100 * i + j).Bytes(32)).Mod(s_curve.N);
                    byte[] sum = new byte[65];
                    product.Multiply(Limbs(k), false);
                    product.MakeAffine();
                    product.Write(sum, 0);
                    Assert.Equal(s_curve.G.Multiply(k.Multiply(BigInteger.ValueOf(i + j)).Mod(s_curve.N)).GetEncoded(false), sum);
                    a.MakeAffine();
                    a.Write(sum, 0);
                    Assert.Equal(s_curve.G.Multiply(BigInteger.ValueOf(i + j)).GetEncoded(false), sum);
                }
            }
        }
    }

    private static IEnumerable<BigInteger> Scalars(int seed, int count)
    {
        BigInteger n = s_curve.N;
        for (int i = 1; i < 40; i++)
        {
            yield return BigInteger.ValueOf(i);
            yield return n.Subtract(BigInteger.ValueOf(i));
        }

        for (int i = -3; i < 4; i++)
        {
            yield return n.ShiftRight(1).Add(BigInteger.ValueOf(i));
        }

        for (int i = 4; i < 256; i += 3)
        {
            yield return BigInteger.One.ShiftLeft(i).Mod(n);
            yield return BigInteger.One.ShiftLeft(i).Subtract(BigInteger.One).Mod(n);
            yield return n.Subtract(BigInteger.One.ShiftLeft(i)).Mod(n);
        }

        foreach (string pattern in new[] { "88", "77", "55", "aa", "f0", "0f", "11", "ee", "80", "01" })
        {
            yield return new BigInteger(string.Concat(Enumerable.Repeat(pattern, 32)), 16).Mod(n);
        }

        SeededRandom random = new SeededRandom(seed);
        for (int i = 0; i < count; i++)
        {
            yield return new BigInteger(1, random.Bytes(32)).Mod(n);
        }
    }

    private static byte[] Bytes(BigInteger value)
    {
        byte[] bytes = value.ToByteArrayUnsigned();
        byte[] result = new byte[32];
        Array.Copy(bytes, 0, result, 32 - bytes.Length, bytes.Length);
        return result;
    }

    private static long[] Limbs(BigInteger value)
    {
        long[] limbs = new long[9];
        P256Scalar.Read(limbs, Bytes(value), 0);
        return limbs;
    }

    private static byte[] Filled(int length)
    {
        return Enumerable.Repeat((byte)0xa5, length).ToArray();
    }

    private static byte[] Bounded(ECPoint point)
    {
        return new byte[] { 0xa5 }.Concat(point.GetEncoded(false)).Append((byte)0xa5).ToArray();
    }
}
