using System;
using MatterNano.Platform;

namespace MatterNano.Crypto;

/// <summary>SPAKE2+ as Matter uses it (Core 3.10): what both sides and the factory share.</summary>
public static class Spake2p
{
    /// <summary>Bytes of w0 and of w1.</summary>
    public const int ScalarSize = 32;

    /// <summary>Bytes of L, of a share and of every other point.</summary>
    public const int PointSize = 65;

    /// <summary>Bytes of a confirmation cA or cB.</summary>
    public const int ConfirmationSize = 32;

    /// <summary>Bytes of the shared secret Ke.</summary>
    public const int SharedSecretSize = 16;

    /// <summary>Derives w0 and w1, 32 bytes each, from a passcode (Core 3.10): PBKDF2 of 80 bytes, each half modulo the group order.</summary>
    /// <param name="crypto">Primitives.</param>
    /// <param name="passcode">Passcode, 1 to 99,999,998.</param>
    /// <param name="salt">Salt.</param>
    /// <param name="saltOffset">Its first byte.</param>
    /// <param name="saltLength">16 to 32 bytes.</param>
    /// <param name="iterations">1,000 to 100,000.</param>
    /// <param name="w0">Receives w0.</param>
    /// <param name="w0Offset">Its first byte.</param>
    /// <param name="w1">Receives w1.</param>
    /// <param name="w1Offset">Its first byte.</param>
    public static void DeriveScalars(
        SymmetricCrypto crypto,
        uint passcode,
        byte[] salt,
        int saltOffset,
        int saltLength,
        int iterations,
        byte[] w0,
        int w0Offset,
        byte[] w1,
        int w1Offset)
    {
        byte[] password = new byte[4];
        byte[] keys = new byte[80];
        ByteOrder.WriteUInt32(password, 0, passcode);
        crypto.Pbkdf2(password, 0, 4, salt, saltOffset, saltLength, iterations, keys, 0, 80);
        ReduceHalf(keys, 0, w0, w0Offset);
        ReduceHalf(keys, 40, w1, w1Offset);
        Secrets.Wipe(password);
        Secrets.Wipe(keys);
    }

    /// <summary>L = w1 * P, 65 bytes: with w0 the verifier that a device keeps instead of the passcode.</summary>
    /// <returns>False when w1 is not in 1 to n - 1.</returns>
    public static bool GetVerifierPoint(byte[] w1, int w1Offset, byte[] l, int lOffset)
    {
        return P256.GetPublicKey(w1, w1Offset, l, lOffset);
    }

    /// <summary>w0 * M and w0 * N, 65 bytes each: made in the factory, they save the device two multiplications.</summary>
    /// <returns>False when w0 is not in 1 to n - 1.</returns>
    public static bool GetMaskPoints(byte[] w0, int w0Offset, byte[] w0M, int w0MOffset, byte[] w0N, int w0NOffset)
    {
        return P256.Multiply(w0, w0Offset, PointM(), 0, w0M, w0MOffset) && P256.Multiply(w0, w0Offset, PointN(), 0, w0N, w0NOffset);
    }

    /// <summary>M, nobody's multiple of the generator (RFC 9383, 4).</summary>
    internal static byte[] PointM()
    {
        return new byte[]
        {
            0x04, 0x88, 0x6e, 0x2f, 0x97, 0xac, 0xe4, 0x6e, 0x55, 0xba, 0x9d, 0xd7, 0x24, 0x25, 0x79, 0xf2,
            0x99, 0x3b, 0x64, 0xe1, 0x6e, 0xf3, 0xdc, 0xab, 0x95, 0xaf, 0xd4, 0x97, 0x33, 0x3d, 0x8f, 0xa1,
            0x2f, 0x5f, 0xf3, 0x55, 0x16, 0x3e, 0x43, 0xce, 0x22, 0x4e, 0x0b, 0x0e, 0x65, 0xff, 0x02, 0xac,
            0x8e, 0x5c, 0x7b, 0xe0, 0x94, 0x19, 0xc7, 0x85, 0xe0, 0xca, 0x54, 0x7d, 0x55, 0xa1, 0x2e, 0x2d,
            0x20,
        };
    }

    /// <summary>N, likewise.</summary>
    internal static byte[] PointN()
    {
        return new byte[]
        {
            0x04, 0xd8, 0xbb, 0xd6, 0xc6, 0x39, 0xc6, 0x29, 0x37, 0xb0, 0x4d, 0x99, 0x7f, 0x38, 0xc3, 0x77,
            0x07, 0x19, 0xc6, 0x29, 0xd7, 0x01, 0x4d, 0x49, 0xa2, 0x4b, 0x4f, 0x98, 0xba, 0xa1, 0x29, 0x2b,
            0x49, 0x07, 0xd6, 0x0a, 0xa6, 0xbf, 0xad, 0xe4, 0x50, 0x08, 0xa6, 0x36, 0x33, 0x7f, 0x51, 0x68,
            0xc6, 0x4d, 0x9b, 0xd3, 0x60, 0x34, 0x80, 0x8c, 0xd5, 0x64, 0x49, 0x0b, 0x1e, 0x65, 0x6e, 0xdb,
            0xe7,
        };
    }

    /// <summary>sum = a + b, or a - b, of points in 65 bytes. The sum may be written over an operand.</summary>
    /// <returns>False, and nothing written, when one is no point of the curve or the sum is infinite.</returns>
    internal static bool AddPoints(byte[] a, int aOffset, byte[] b, int bOffset, bool subtract, byte[] sum, int sumOffset)
    {
        P256Point first = new P256Point();
        P256Point second = new P256Point();
        if (!first.TryRead(a, aOffset) || !second.TryRead(b, bOffset))
        {
            return false;
        }

        if (subtract)
        {
            second.Negate();
        }

        bool finite = first.AddAffine(second);
        if (finite)
        {
            first.MakeAffine();
            first.Write(sum, sumOffset);
        }

        first.Wipe();
        second.Wipe();
        return finite;
    }

    /// <summary>Hashes the transcript (Core 3.10.3) and derives the shared secret, the verifier's confirmation and the key (16 bytes) of the prover's.</summary>
    internal static void Finish(
        SymmetricCrypto crypto,
        byte[] context,
        int contextOffset,
        int contextLength,
        byte[] shareP,
        int sharePOffset,
        byte[] shareV,
        int shareVOffset,
        byte[] z,
        byte[] v,
        byte[] w0,
        int w0Offset,
        byte[] confirmKeyP,
        int confirmKeyPOffset,
        byte[] confirmV,
        int confirmVOffset,
        byte[] sharedSecret,
        int sharedSecretOffset)
    {
        Sha256 transcript = crypto.Digest;
        transcript.Init();
        byte[] scratch = new byte[32];
        Append(transcript, scratch, context, contextOffset, contextLength);
        Append(transcript, scratch, context, 0, 0);
        Append(transcript, scratch, context, 0, 0);
        Append(transcript, scratch, PointM(), 0, PointSize);
        Append(transcript, scratch, PointN(), 0, PointSize);
        Append(transcript, scratch, shareP, sharePOffset, PointSize);
        Append(transcript, scratch, shareV, shareVOffset, PointSize);
        Append(transcript, scratch, z, 0, PointSize);
        Append(transcript, scratch, v, 0, PointSize);
        Append(transcript, scratch, w0, w0Offset, ScalarSize);
        transcript.Final(scratch, 0);
        Array.Copy(scratch, 16, sharedSecret, sharedSecretOffset, SharedSecretSize);

        // "ConfirmationKeys"
        byte[] info = { 0x43, 0x6f, 0x6e, 0x66, 0x69, 0x72, 0x6d, 0x61, 0x74, 0x69, 0x6f, 0x6e, 0x4b, 0x65, 0x79, 0x73 };
        crypto.Hkdf(scratch, 0, 16, null, 0, 0, info, 0, info.Length, scratch, 0, 32);
        Array.Copy(scratch, 0, confirmKeyP, confirmKeyPOffset, 16);
        crypto.HmacSha256(scratch, 16, 16, shareP, sharePOffset, PointSize, confirmV, confirmVOffset);
        Secrets.Wipe(scratch);
    }

    // Lengths are 8 bytes, little-endian.
    private static void Append(Sha256 transcript, byte[] scratch, byte[] data, int offset, int length)
    {
        ByteOrder.WriteUInt64(scratch, 0, (ulong)length);
        transcript.Update(scratch, 0, 8);
        transcript.Update(data, offset, length);
    }

    // 40 bytes modulo n: the first 8 times 2^256 mod n, plus the other 32.
    private static void ReduceHalf(byte[] keys, int offset, byte[] scalar, int scalarOffset)
    {
        byte[] upper = new byte[32];
        long[] high = new long[9];
        long[] low = new long[9];
        long[] power = { 0x39cdaaf, 0x231a9e8, 0x1a185ec3, 0x120aa4b1, 0x431, 0x0, 0x1ffc0000, 0x1fffff, 0x0 };
        Array.Copy(keys, offset, upper, 24, 8);
        P256Scalar.Read(high, upper, 0);
        P256Scalar.Read(low, keys, offset + 8);
        P256Scalar.Multiply(high, high, power);
        P256Scalar.SubtractOnce(low, P256Scalar.Order());
        P256Scalar.Add(low, low, high);
        P256Scalar.SubtractOnce(low, P256Scalar.Order());
        P256Scalar.Write(low, scalar, scalarOffset);
        Secrets.Wipe(upper);
        Array.Clear(high, 0, 9);
        Array.Clear(low, 0, 9);
    }
}
