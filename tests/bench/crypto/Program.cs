using System;
using System.Diagnostics;
using System.Security.Cryptography;
using MatterNano.Crypto;
using MatterNano.Platform;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace MatterNano.CryptoBench;

/// <summary>
/// Processor time of an operation, best of five rounds, ours beside BouncyCastle's two curves: the general one that
/// ECNamedCurveTable gives for "secp256r1", and CustomNamedCurves' with arithmetic written for P-256.
/// </summary>
public static class Program
{
    public static void Main()
    {
        Random random = new Random();
        X9ECParameters[] curves = { ECNamedCurveTable.GetByName("secp256r1"), CustomNamedCurves.GetByName("secp256r1") };
        Console.WriteLine($"microseconds of processor time; BouncyCastle {typeof(X9ECParameters).Assembly.GetName().Version}: {curves[0].Curve.GetType().Name} and {curves[1].Curve.GetType().Name}");

        byte[] key = new byte[32];
        byte[] publicKey = new byte[65];
        byte[] secret = new byte[32];
        byte[] hash = new byte[32];
        byte[] signature = new byte[64];
        random.Fill(hash, 0, 32);
        P256.GenerateKeyPair(random, key, 0, publicKey, 0);
        P256.Sign(key, 0, hash, 0, signature, 0, random);
        BigInteger k = new BigInteger(1, key);
        BigInteger r = new BigInteger(1, signature, 0, 32);
        BigInteger s = new BigInteger(1, signature, 32, 32);

        // Each call gets a key BouncyCastle has not seen, as a peer's is: it would keep a table for it otherwise.
        Compare("variable base", () => P256.Ecdh(key, 0, publicKey, 0, secret, 0), i => curves[i].Curve.DecodePoint(publicKey).Multiply(k).Normalize());
        Compare("fixed base", () => P256.GetPublicKey(key, 0, publicKey, 0), i => new FixedPointCombMultiplier().Multiply(curves[i].G, k).Normalize());
        Compare("sign", () => P256.Sign(key, 0, hash, 0, signature, 0, random), i =>
        {
            ECDsaSigner signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
            signer.Init(true, new ECPrivateKeyParameters(k, new ECDomainParameters(curves[i])));
            signer.GenerateSignature(hash);
        });
        Compare("verify", () => P256.Verify(publicKey, 0, hash, 0, signature, 0), i =>
        {
            ECDsaSigner signer = new ECDsaSigner();
            signer.Init(false, new ECPublicKeyParameters(curves[i].Curve.DecodePoint(publicKey), new ECDomainParameters(curves[i])));
            signer.VerifySignature(hash, r, s);
        });

        // SPAKE2+, the verifier's points and, on our side, the key schedule too.
        byte[] w0 = (byte[])key.Clone();
        byte[] l = (byte[])publicKey.Clone();
        byte[] masks = new byte[130];
        byte[] share = new byte[65];
        byte[] ourShare = new byte[65];
        byte[] confirmation = new byte[32];
        P256.GenerateKeyPair(random, secret, 0, share, 0);
        Spake2p.GetMaskPoints(w0, 0, masks, 0, masks, 65);
        Spake2pVerifier verifier = new Spake2pVerifier(new SymmetricCrypto());
        Compare(
            "SPAKE2+ verifier",
            () =>
            {
                verifier.SetVerifier(w0, 0, l, 0, masks, 0, masks, 65);
                verifier.Respond(random, hash, 0, 32, share, 0, ourShare, 0, confirmation, 0);
            },
            i =>
            {
                ECPoint m = curves[i].Curve.DecodePoint(masks.AsSpan(0, 65).ToArray());
                ECPoint n = curves[i].Curve.DecodePoint(masks.AsSpan(65, 65).ToArray());
                ECPoint y = new FixedPointCombMultiplier().Multiply(curves[i].G, k).Add(n).Normalize();
                ECPoint z = curves[i].Curve.DecodePoint(share).Subtract(m).Multiply(k).Normalize();
                ECPoint v = curves[i].Curve.DecodePoint(l).Multiply(k).Normalize();
                if (y.IsInfinity || z.IsInfinity || v.IsInfinity)
                {
                    throw new InvalidOperationException();
                }
            });
    }

    private static void Compare(string name, Action ours, Action<int> theirs)
    {
        double own = Time(ours);
        double general = Time(() => theirs(0));
        double custom = Time(() => theirs(1));
        Console.WriteLine($"{name,-18} ours {own,7:F1}   general {general,8:F1} ({general / own:F1} times)   custom {custom,7:F1} ({custom / own:F1} times)");
    }

    private static double Time(Action operation)
    {
        for (int i = 0; i < 200; i++)
        {
            operation();
        }

        double best = double.MaxValue;
        using Process process = Process.GetCurrentProcess();
        for (int round = 0; round < 5; round++)
        {
            int count = 0;
            process.Refresh();
            TimeSpan start = process.TotalProcessorTime;
            Stopwatch watch = Stopwatch.StartNew();
            while (watch.ElapsedMilliseconds < 300)
            {
                operation();
                count++;
            }

            process.Refresh();
            best = Math.Min(best, (process.TotalProcessorTime - start).TotalMicroseconds / count);
        }

        return best;
    }

    private sealed class Random : IRandom
    {
        public void Fill(byte[] buffer, int offset, int count)
        {
            RandomNumberGenerator.Fill(buffer.AsSpan(offset, count));
        }
    }
}
