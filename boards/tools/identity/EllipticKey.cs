using System;
using System.Security.Cryptography;

namespace MatterNano.Identity;

/// <summary>P-256 keys as Matter stores them and as .NET wants them.</summary>
internal static class EllipticKey
{
    internal const int PrivateLength = 32;
    internal const int PublicLength = 65;

    internal static ECDsa Import(byte[] privateKey, byte[] publicKey)
    {
        if (privateKey.Length != PrivateLength || publicKey.Length != PublicLength || publicKey[0] != 4)
        {
            throw new CryptographicException("A P-256 key has 32 private and 65 public bytes.");
        }

        ECDsa key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = privateKey,
            Q = new ECPoint { X = publicKey[1..33], Y = publicKey[33..] },
        });

        // Not every platform checks that the halves belong together.
        byte[] probe = new byte[32];
        if (!key.VerifyHash(probe, key.SignHash(probe)))
        {
            key.Dispose();
            throw new CryptographicException("The private key does not belong to the certificate.");
        }

        return key;
    }

    internal static byte[] ExportPrivate(ECDsa key)
    {
        byte[] d = key.ExportParameters(true).D;
        byte[] padded = new byte[PrivateLength];
        d.CopyTo(padded, PrivateLength - d.Length);
        Array.Clear(d);
        return padded;
    }

    internal static byte[] ExportPublic(ECDsa key)
    {
        ECPoint q = key.ExportParameters(false).Q;
        byte[] point = new byte[PublicLength];
        point[0] = 4;
        q.X.CopyTo(point, 33 - q.X.Length);
        q.Y.CopyTo(point, PublicLength - q.Y.Length);
        return point;
    }
}
