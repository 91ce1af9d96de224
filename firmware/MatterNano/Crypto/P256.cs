using System;
using MatterNano.Platform;

namespace MatterNano.Crypto;

/// <summary>Elliptic curve P-256: key agreement and signatures (Core 3.5, SEC 1, FIPS 186-5). No state of its own; for any thread.</summary>
/// <remarks>
/// Private keys are 32 bytes, most significant first; public keys 65 bytes, uncompressed; signatures 64 bytes, r then s. An operation
/// allocates 2 to 9 KB for as long as it runs. Nothing that depends on a private key or a nonce branches or indexes memory.
/// </remarks>
public static class P256
{
    /// <summary>Bytes of a private key (Core 3.5.1).</summary>
    public const int PrivateKeySize = 32;

    /// <summary>Bytes of an uncompressed public key (Core 3.5.1).</summary>
    public const int PublicKeySize = 65;

    /// <summary>Bytes of a signature r || s (Core 3.5.3).</summary>
    public const int SignatureSize = 64;

    /// <summary>Bytes of a shared secret (Core 3.5.4).</summary>
    public const int SecretSize = 32;

    /// <summary>Draws a key pair: 32 bytes private, 65 bytes public (Core 3.5.2).</summary>
    public static void GenerateKeyPair(IRandom random, byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
    {
        DrawScalar(random, privateKey, privateOffset);
        GetPublicKey(privateKey, privateOffset, publicKey, publicOffset);
    }

    /// <summary>Computes the 65-byte public key of a private one.</summary>
    /// <returns>False, and nothing written, when the private key is not in 1 to n - 1.</returns>
    public static bool GetPublicKey(byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
    {
        long[] k = new long[9];
        P256Scalar.Read(k, privateKey, privateOffset);
        bool valid = P256Scalar.IsInRange(k);
        if (valid)
        {
            P256Point point = new P256Point();
            point.MultiplyGenerator(k);
            point.MakeAffine();
            point.Write(publicKey, publicOffset);
        }

        Array.Clear(k, 0, 9);
        return valid;
    }

    /// <summary>True for a private key in 1 to n - 1.</summary>
    public static bool IsValidPrivateKey(byte[] privateKey, int offset)
    {
        long[] k = new long[9];
        P256Scalar.Read(k, privateKey, offset);
        bool valid = P256Scalar.IsInRange(k);
        Array.Clear(k, 0, 9);
        return valid;
    }

    /// <summary>True for an uncompressed point of the curve: leading 04, both coordinates below p, on the curve. The caller checks the length of 65.</summary>
    public static bool IsValidPublicKey(byte[] publicKey, int offset)
    {
        return new P256Point().TryRead(publicKey, offset);
    }

    /// <summary>Key agreement: the x coordinate of the private key times the peer's point, 32 bytes (Core 3.5.4).</summary>
    /// <returns>False, and nothing written, when either key is not valid.</returns>
    public static bool Ecdh(byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset, byte[] secret, int secretOffset)
    {
        long[] k = new long[9];
        P256Point point = new P256Point();
        P256Scalar.Read(k, privateKey, privateOffset);
        bool valid = point.TryRead(publicKey, publicOffset) && P256Scalar.IsInRange(k);
        if (valid)
        {
            point.Multiply(k, true);
            point.MakeAffine();
            P256Point.WriteElement(point.X, secret, secretOffset);
        }

        Array.Clear(k, 0, 9);
        point.Wipe();
        return valid;
    }

    /// <summary>Multiplies a point by a secret scalar; both as bytes, the result as 65 bytes.</summary>
    /// <returns>False, and nothing written, when the scalar or the point is not valid.</returns>
    internal static bool Multiply(byte[] scalar, int scalarOffset, byte[] publicKey, int publicOffset, byte[] product, int productOffset)
    {
        long[] k = new long[9];
        P256Point point = new P256Point();
        P256Scalar.Read(k, scalar, scalarOffset);
        bool valid = point.TryRead(publicKey, publicOffset) && P256Scalar.IsInRange(k);
        if (valid)
        {
            point.Multiply(k, true);
            point.MakeAffine();
            point.Write(product, productOffset);
        }

        Array.Clear(k, 0, 9);
        point.Wipe();
        return valid;
    }

    /// <summary>Signs a 32-byte hash with a nonce drawn on the spot (Core 3.5.3).</summary>
    /// <returns>False, and nothing written, when the private key is not valid.</returns>
    public static bool Sign(byte[] privateKey, int privateOffset, byte[] hash, int hashOffset, byte[] signature, int signatureOffset, IRandom random)
    {
        if (!IsValidPrivateKey(privateKey, privateOffset))
        {
            return false;
        }

        SignatureNonce nonce = new SignatureNonce();
        do
        {
            nonce.Draw(random);
        }
        while (!Sign(privateKey, privateOffset, hash, hashOffset, signature, signatureOffset, nonce));

        return true;
    }

    /// <summary>Signs a 32-byte hash with a nonce drawn before. The nonce is used up even if this fails.</summary>
    /// <returns>False, and nothing written, when the nonce is not ready, the private key is not valid or s would be 0.</returns>
    public static bool Sign(byte[] privateKey, int privateOffset, byte[] hash, int hashOffset, byte[] signature, int signatureOffset, SignatureNonce nonce)
    {
        long[] r = new long[9];
        long[] inverse = new long[9];
        long[] s = new long[9];
        long[] z = new long[9];
        bool valid = nonce.Take(r, inverse);
        P256Scalar.Read(s, privateKey, privateOffset);
        valid = P256Scalar.IsInRange(s) && valid;
        if (valid)
        {
            P256Scalar.Read(z, hash, hashOffset);
            P256Scalar.Multiply(s, s, r);
            P256Scalar.Add(s, s, z);
            P256Scalar.Multiply(s, s, inverse);
            valid = !P256Scalar.IsZero(s);
        }

        if (valid)
        {
            P256Scalar.Write(r, signature, signatureOffset);
            P256Scalar.Write(s, signature, signatureOffset + 32);
        }

        Array.Clear(inverse, 0, 9);
        Array.Clear(s, 0, 9);
        return valid;
    }

    /// <summary>Verifies a 64-byte signature r || s of a 32-byte hash (Core 3.5.3). Handles public values only.</summary>
    /// <returns>True when key and signature are valid; r or s of 0 or of n and more, or a bad point, are not.</returns>
    public static bool Verify(byte[] publicKey, int publicOffset, byte[] hash, int hashOffset, byte[] signature, int signatureOffset)
    {
        long[] r = new long[9];
        long[] s = new long[9];
        P256Scalar.Read(r, signature, signatureOffset);
        P256Scalar.Read(s, signature, signatureOffset + 32);
        P256Point point = new P256Point();
        if (!P256Scalar.IsInRange(r) || !P256Scalar.IsInRange(s) || !point.TryRead(publicKey, publicOffset))
        {
            return false;
        }

        long[] u = new long[9];
        long[] t = new long[9];
        P256Scalar.Read(u, hash, hashOffset);
        P256Scalar.Invert(s);
        P256Scalar.Multiply(u, u, s);
        P256Scalar.Multiply(s, s, r);
        point.MultiplyPublic(u, s);
        if (P256Point.IsZero(point.Z))
        {
            return false;
        }

        // x = X / Z^2 has to be r, or r + n when that is below p.
        P256Field.Square(s, point.Z, 1);
        P256Point.ToElement(u, r);
        P256Field.Multiply(t, u, s);
        P256Field.Multiply(u, point.X, P256Point.One());
        P256Field.Subtract(t, t, u);
        if (P256Point.IsZero(t))
        {
            return true;
        }

        P256Scalar.Add(r, r, P256Scalar.Order());
        if (!P256Scalar.IsBelow(r, P256Point.Prime()))
        {
            return false;
        }

        P256Point.ToElement(t, r);
        P256Field.Multiply(t, t, s);
        P256Field.Subtract(t, t, u);
        return P256Point.IsZero(t);
    }

    /// <summary>Draws a scalar in 1 to n - 1, without bias: what is out of range is drawn again.</summary>
    internal static void DrawScalar(IRandom random, byte[] scalar, int offset)
    {
        do
        {
            random.Fill(scalar, offset, PrivateKeySize);
        }
        while (!IsValidPrivateKey(scalar, offset));
    }
}
