using System;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace MatterNano.Peer;

/// <summary>The controller's cryptography: .NET's own, and curve points over BigInteger where .NET has none.</summary>
public static class PeerCrypto
{
    private static readonly BigInteger P = Hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger N = Hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    private static readonly (BigInteger X, BigInteger Y) G = (
        Hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
        Hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));

    /// <summary>M and N of SPAKE2+ on P-256 (RFC 9383 section 4).</summary>
    public static readonly byte[] SpakeM = Convert.FromHexString("04886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f5ff355163e43ce224e0b0e65ff02ac8e5c7be09419c785e0ca547d55a12e2d20");
    public static readonly byte[] SpakeN = Convert.FromHexString("04d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b4907d60aa6bfade45008a636337f5168c64d9bd36034808cd564490b1e656edbe7");

    public static byte[] Hkdf(byte[] secret, byte[] salt, string info, int length) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, length, salt, Encoding.ASCII.GetBytes(info));

    public static byte[] Concat(params byte[][] parts) => parts.SelectMany(p => p).ToArray();

    /// <summary>AES-CCM with 13-byte nonce; the 16-byte tag is appended.</summary>
    public static byte[] Encrypt(byte[] key, byte[] nonce, byte[] plain, byte[] associated = null)
    {
        byte[] output = new byte[plain.Length + 16];
        using AesCcm ccm = new(key);
        ccm.Encrypt(nonce, plain, output.AsSpan(0, plain.Length), output.AsSpan(plain.Length), associated);
        return output;
    }

    /// <summary>Null when the tag is wrong.</summary>
    public static byte[] Decrypt(byte[] key, byte[] nonce, byte[] cipher, byte[] associated = null)
    {
        if (cipher.Length < 16)
        {
            return null;
        }

        byte[] plain = new byte[cipher.Length - 16];
        using AesCcm ccm = new(key);
        try
        {
            ccm.Decrypt(nonce, cipher.AsSpan(0, plain.Length), cipher.AsSpan(plain.Length), plain, associated);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public static byte[] PublicKey(ECParameters key) => Concat(new byte[] { 4 }, key.Q.X, key.Q.Y);

    public static ECParameters Import(byte[] publicKey, byte[] privateKey = null) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = publicKey.AsSpan(1, 32).ToArray(), Y = publicKey.AsSpan(33, 32).ToArray() },
        D = privateKey,
    };

    public static byte[] SharedSecret(ECDiffieHellman own, byte[] publicKey)
    {
        using ECDiffieHellman other = ECDiffieHellman.Create(Import(publicKey));
        return own.DeriveRawSecretAgreement(other.PublicKey);
    }

    public static bool Verify(byte[] publicKey, byte[] data, byte[] signature)
    {
        using ECDsa ecdsa = ECDsa.Create(Import(publicKey));
        return ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256);
    }

    /// <summary>w0 and w1 of a passcode (Core 3.10).</summary>
    public static (BigInteger W0, BigInteger W1) PasscodeScalars(uint passcode, byte[] salt, int iterations)
    {
        byte[] password = BitConverter.GetBytes(passcode);
        byte[] output = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, 80);
        return (new BigInteger(output.AsSpan(0, 40), true, true) % N, new BigInteger(output.AsSpan(40), true, true) % N);
    }

    /// <summary>w0 (32) and L (65) for OpenCommissioningWindow.</summary>
    public static byte[] Verifier(uint passcode, byte[] salt, int iterations)
    {
        (BigInteger w0, BigInteger w1) = PasscodeScalars(passcode, salt, iterations);
        return Concat(Scalar(w0), Multiply(w1, null));
    }

    public static byte[] Scalar(BigInteger value)
    {
        byte[] bytes = new byte[32];
        byte[] big = value.ToByteArray(true, true);
        big.CopyTo(bytes, 32 - big.Length);
        return bytes;
    }

    public static BigInteger RandomScalar(Random random)
    {
        byte[] bytes = new byte[40];
        random.NextBytes(bytes);
        return (new BigInteger(bytes, true, true) % (N - 1)) + 1;
    }

    public static BigInteger Order => N;

    /// <summary>k times a point; null is the generator.</summary>
    public static byte[] Multiply(BigInteger k, byte[] point)
    {
        (BigInteger, BigInteger)? sum = null;
        (BigInteger, BigInteger)? addend = point == null ? G : Point(point);
        while (!k.IsZero)
        {
            if (!k.IsEven)
            {
                sum = Add(sum, addend);
            }

            addend = Add(addend, addend);
            k >>= 1;
        }

        return Bytes(sum);
    }

    public static byte[] Add(byte[] a, byte[] b) => Bytes(Add(Point(a), Point(b)));

    public static byte[] Negate(byte[] a)
    {
        (BigInteger x, BigInteger y) = Point(a);
        return Bytes((x, (P - y) % P));
    }

    private static (BigInteger, BigInteger)? Add((BigInteger X, BigInteger Y)? first, (BigInteger X, BigInteger Y)? second)
    {
        if (first == null)
        {
            return second;
        }

        if (second == null)
        {
            return first;
        }

        (BigInteger ax, BigInteger ay) = first.Value;
        (BigInteger bx, BigInteger by) = second.Value;
        BigInteger slope;
        if (ax == bx)
        {
            if (ay != by || ay.IsZero)
            {
                return null;
            }

            slope = 3 * (ax * ax - 1) * Inverse(2 * ay);
        }
        else
        {
            slope = (by - ay) * Inverse(bx - ax);
        }

        BigInteger x = Mod(slope * slope - ax - bx);
        return (x, Mod(slope * (ax - x) - ay));
    }

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Mod(value), P - 2, P);

    private static BigInteger Mod(BigInteger value)
    {
        BigInteger rest = value % P;
        return rest.Sign < 0 ? rest + P : rest;
    }

    private static (BigInteger X, BigInteger Y) Point(byte[] bytes) =>
        (new BigInteger(bytes.AsSpan(1, 32), true, true), new BigInteger(bytes.AsSpan(33, 32), true, true));

    private static byte[] Bytes((BigInteger X, BigInteger Y)? point) =>
        Concat(new byte[] { 4 }, Scalar(point.Value.X), Scalar(point.Value.Y));

    private static BigInteger Hex(string hex) => new(Convert.FromHexString(hex), true, true);
}
