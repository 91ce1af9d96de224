using System;
using MatterNano.Platform;

namespace MatterNano.Crypto;

/// <summary>The controller's side of SPAKE2+ (Core 3.10): for tests, and for boards that commission others.</summary>
public sealed class Spake2pProver
{
    private readonly SymmetricCrypto _crypto;
    private readonly byte[] _w0 = new byte[Spake2p.ScalarSize];
    private readonly byte[] _w1 = new byte[Spake2p.ScalarSize];
    private readonly byte[] _x = new byte[Spake2p.ScalarSize];
    private readonly byte[] _share = new byte[Spake2p.PointSize];
    private readonly byte[] _w0N = new byte[Spake2p.PointSize];

    /// <summary>Uses <paramref name="crypto"/> on the thread that calls.</summary>
    public Spake2pProver(SymmetricCrypto crypto)
    {
        _crypto = crypto;
    }

    /// <summary>Draws x and writes the share pA = x * P + w0 * M, 65 bytes.</summary>
    /// <returns>False when w0 or w1 is not in 1 to n - 1.</returns>
    public bool Start(IRandom random, byte[] w0, int w0Offset, byte[] w1, int w1Offset, byte[] share, int shareOffset)
    {
        if (!P256.IsValidPrivateKey(w0, w0Offset) || !P256.IsValidPrivateKey(w1, w1Offset))
        {
            return false;
        }

        byte[] x = new byte[Spake2p.ScalarSize];
        do
        {
            P256.DrawScalar(random, x, 0);
        }
        while (!Start(x, w0, w0Offset, w1, w1Offset));

        Secrets.Wipe(x);
        Array.Copy(_share, 0, share, shareOffset, Spake2p.PointSize);
        return true;
    }

    /// <summary>Takes the share pB, checks the confirmation cB and computes cA and the shared secret Ke.</summary>
    /// <param name="context">As for the verifier.</param>
    /// <param name="contextOffset">Its first byte.</param>
    /// <param name="contextLength">32 in PASE.</param>
    /// <param name="shareV">pB, 65 bytes.</param>
    /// <param name="shareVOffset">Its first byte.</param>
    /// <param name="confirmationV">cB, 32 bytes.</param>
    /// <param name="confirmationVOffset">Its first byte.</param>
    /// <param name="confirmationP">Receives cA, 32 bytes.</param>
    /// <param name="confirmationPOffset">Its first byte.</param>
    /// <param name="secret">Receives Ke, 16 bytes.</param>
    /// <param name="secretOffset">Its first byte.</param>
    /// <returns>False, and nothing written, when pB is no point of the curve, equals w0 * N, or cB is wrong.</returns>
    public bool Finish(
        byte[] context,
        int contextOffset,
        int contextLength,
        byte[] shareV,
        int shareVOffset,
        byte[] confirmationV,
        int confirmationVOffset,
        byte[] confirmationP,
        int confirmationPOffset,
        byte[] secret,
        int secretOffset)
    {
        byte[] z = new byte[Spake2p.PointSize];
        byte[] v = new byte[Spake2p.PointSize];
        byte[] own = new byte[Spake2p.ConfirmationSize];
        byte[] expected = new byte[Spake2p.ConfirmationSize];
        byte[] key = new byte[Spake2p.SharedSecretSize];
        bool valid = Spake2p.AddPoints(shareV, shareVOffset, _w0N, 0, true, z, 0)
            && P256.Multiply(_w1, 0, z, 0, v, 0)
            && P256.Multiply(_x, 0, z, 0, z, 0);
        if (valid)
        {
            Spake2p.Finish(_crypto, context, contextOffset, contextLength, _share, 0, shareV, shareVOffset, z, v, _w0, 0, own, 0, expected, 0, key, 0);
            _crypto.HmacSha256(own, 0, 16, shareV, shareVOffset, Spake2p.PointSize, own, 0);
            valid = Secrets.AreEqual(expected, 0, confirmationV, confirmationVOffset, Spake2p.ConfirmationSize);
        }

        if (valid)
        {
            Array.Copy(own, 0, confirmationP, confirmationPOffset, Spake2p.ConfirmationSize);
            Array.Copy(key, 0, secret, secretOffset, Spake2p.SharedSecretSize);
        }

        Secrets.Wipe(z);
        Secrets.Wipe(v);
        Secrets.Wipe(own);
        Secrets.Wipe(expected);
        Secrets.Wipe(key);
        Wipe();
        return valid;
    }

    /// <summary>Forgets everything.</summary>
    public void Wipe()
    {
        Secrets.Wipe(_w0);
        Secrets.Wipe(_w1);
        Secrets.Wipe(_x);
        Secrets.Wipe(_share);
        Secrets.Wipe(_w0N);
    }

    /// <summary>Starts with a given x, 1 to n - 1.</summary>
    internal bool Start(byte[] x, byte[] w0, int w0Offset, byte[] w1, int w1Offset)
    {
        Array.Copy(w0, w0Offset, _w0, 0, Spake2p.ScalarSize);
        Array.Copy(w1, w1Offset, _w1, 0, Spake2p.ScalarSize);
        Array.Copy(x, _x, Spake2p.ScalarSize);
        byte[] w0M = new byte[Spake2p.PointSize];
        Spake2p.GetMaskPoints(_w0, 0, w0M, 0, _w0N, 0);
        P256.GetPublicKey(_x, 0, _share, 0);
        return Spake2p.AddPoints(_share, 0, w0M, 0, false, _share, 0);
    }
}
