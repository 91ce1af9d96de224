using System;
using MatterNano.Platform;

namespace MatterNano.Crypto;

/// <summary>The device's side of SPAKE2+ (Core 3.10, 4.14.1), split so that one multiplication remains after Pake1.</summary>
/// <remarks>
/// <see cref="SetVerifier"/> when a window opens; <see cref="Prepare(IRandom)"/> in idle time, as often as a handshake used it up;
/// <see cref="Respond"/> on Pake1; <see cref="Confirm"/> on Pake3; <see cref="Wipe"/> when the window closes. What is drawn serves one
/// handshake and is forgotten before it is used. Not for two threads at once. About 600 bytes of heap.
/// </remarks>
public sealed class Spake2pVerifier
{
    private const int W0At = 0;
    private const int LAt = W0At + Spake2p.ScalarSize;
    private const int W0MAt = LAt + Spake2p.PointSize;
    private const int W0NAt = W0MAt + Spake2p.PointSize;
    private const int YAt = W0NAt + Spake2p.PointSize;
    private const int ShareAt = YAt + Spake2p.ScalarSize;
    private const int VAt = ShareAt + Spake2p.PointSize;
    private const int SentAt = VAt + Spake2p.PointSize;
    private const int ConfirmationKeyAt = SentAt + Spake2p.PointSize;
    private const int SecretAt = ConfirmationKeyAt + SymmetricCrypto.KeySize;
    private const int DataSize = SecretAt + Spake2p.SharedSecretSize;

    private readonly SymmetricCrypto _crypto;

    // Packed: one array instead of ten.
    private readonly byte[] _data = new byte[DataSize];
    private bool _awaitsConfirmation;
    private bool _confirmed;

    /// <summary>Uses <paramref name="crypto"/> on the thread that calls.</summary>
    public Spake2pVerifier(SymmetricCrypto crypto)
    {
        _crypto = crypto;
    }

    /// <summary>True when y, y * P + w0 * N and y * L are ready.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>Takes the verifier w0 (32 bytes), L (65 bytes) and the factory's points w0 * M and w0 * N (65 bytes each).</summary>
    /// <param name="w0">w0.</param>
    /// <param name="w0Offset">Its first byte.</param>
    /// <param name="l">L.</param>
    /// <param name="lOffset">Its first byte.</param>
    /// <param name="w0M">w0 * M, or null: then both points are computed here, two multiplications.</param>
    /// <param name="w0MOffset">Its first byte.</param>
    /// <param name="w0N">w0 * N.</param>
    /// <param name="w0NOffset">Its first byte.</param>
    /// <returns>False when a value is no scalar or point of P-256; the object is then wiped.</returns>
    public bool SetVerifier(byte[] w0, int w0Offset, byte[] l, int lOffset, byte[] w0M, int w0MOffset, byte[] w0N, int w0NOffset)
    {
        Wipe();
        Array.Copy(w0, w0Offset, _data, W0At, Spake2p.ScalarSize);
        Array.Copy(l, lOffset, _data, LAt, Spake2p.PointSize);
        bool valid = P256.IsValidPrivateKey(_data, W0At) && P256.IsValidPublicKey(_data, LAt);
        if (valid && w0M == null)
        {
            valid = Spake2p.GetMaskPoints(_data, W0At, _data, W0MAt, _data, W0NAt);
        }
        else if (valid)
        {
            Array.Copy(w0M, w0MOffset, _data, W0MAt, Spake2p.PointSize);
            Array.Copy(w0N, w0NOffset, _data, W0NAt, Spake2p.PointSize);
            valid = P256.IsValidPublicKey(_data, W0MAt) && P256.IsValidPublicKey(_data, W0NAt);
        }

        if (!valid)
        {
            Wipe();
        }

        return valid;
    }

    /// <summary>Draws y and computes all that does not need the peer: two multiplications. For idle time, or the worker.</summary>
    public void Prepare(IRandom random)
    {
        byte[] y = new byte[Spake2p.ScalarSize];
        do
        {
            P256.DrawScalar(random, y, 0);
        }
        while (!Prepare(y));

        Secrets.Wipe(y);
    }

    /// <summary>Answers Pake1: checks the share pA and computes Pake2. Prepares first if that was not done.</summary>
    /// <param name="random">Randomness, in case nothing is prepared.</param>
    /// <param name="context">SHA-256 of "CHIP PAKE V1 Commissioning", PBKDFParamRequest and PBKDFParamResponse.</param>
    /// <param name="contextOffset">Its first byte.</param>
    /// <param name="contextLength">32 in PASE.</param>
    /// <param name="shareP">pA, 65 bytes; the caller checked the length.</param>
    /// <param name="sharePOffset">Its first byte.</param>
    /// <param name="shareV">Receives pB, 65 bytes.</param>
    /// <param name="shareVOffset">Its first byte.</param>
    /// <param name="confirmation">Receives cB, 32 bytes.</param>
    /// <param name="confirmationOffset">Its first byte.</param>
    /// <returns>False when pA is no point of the curve or equals w0 * M: the handshake fails with INVALID_PARAMETER. What was prepared is kept then.</returns>
    public bool Respond(
        IRandom random,
        byte[] context,
        int contextOffset,
        int contextLength,
        byte[] shareP,
        int sharePOffset,
        byte[] shareV,
        int shareVOffset,
        byte[] confirmation,
        int confirmationOffset)
    {
        Cancel();
        P256Point sum = new P256Point();
        P256Point mask = new P256Point();
        bool valid = sum.TryRead(shareP, sharePOffset) && mask.ReadTrusted(_data, W0MAt);
        if (valid)
        {
            mask.Negate();
            valid = sum.AddAffine(mask);
        }

        if (valid)
        {
            if (!IsPrepared)
            {
                Prepare(random);
            }

            long[] y = new long[9];
            byte[] v = new byte[Spake2p.PointSize];
            byte[] z = new byte[Spake2p.PointSize];
            P256Scalar.Read(y, _data, YAt);
            Array.Copy(_data, VAt, v, 0, Spake2p.PointSize);
            Array.Copy(_data, ShareAt, _data, SentAt, Spake2p.PointSize);
            ForgetPrepared();

            sum.Multiply(y, false);
            sum.MakeAffine();
            sum.Write(z, 0);
            Spake2p.Finish(_crypto, context, contextOffset, contextLength, shareP, sharePOffset, _data, SentAt, z, v, _data, W0At, _data, ConfirmationKeyAt, confirmation, confirmationOffset, _data, SecretAt);
            Array.Copy(_data, SentAt, shareV, shareVOffset, Spake2p.PointSize);
            _awaitsConfirmation = true;
            Array.Clear(y, 0, 9);
            Secrets.Wipe(v);
            Secrets.Wipe(z);
        }

        sum.Wipe();
        mask.Wipe();
        return valid;
    }

    /// <summary>Checks the peer's confirmation cA, 32 bytes. There is one try.</summary>
    public bool Confirm(byte[] confirmation, int offset)
    {
        bool awaited = _awaitsConfirmation;
        byte[] expected = new byte[Spake2p.ConfirmationSize];
        _crypto.HmacSha256(_data, ConfirmationKeyAt, 16, _data, SentAt, Spake2p.PointSize, expected, 0);
        bool equal = Secrets.AreEqual(expected, 0, confirmation, offset, Spake2p.ConfirmationSize);
        Secrets.Wipe(expected);
        if (awaited && equal)
        {
            _awaitsConfirmation = false;
            _confirmed = true;
            Secrets.Wipe(_data, ConfirmationKeyAt, SymmetricCrypto.KeySize);
        }
        else
        {
            Cancel();
        }

        return _confirmed;
    }

    /// <summary>Hands over the shared secret Ke, 16 bytes, once, after <see cref="Confirm"/> was true.</summary>
    /// <returns>False, and nothing written, otherwise.</returns>
    public bool TakeSharedSecret(byte[] secret, int offset)
    {
        if (!_confirmed)
        {
            return false;
        }

        _confirmed = false;
        Array.Copy(_data, SecretAt, secret, offset, Spake2p.SharedSecretSize);
        Secrets.Wipe(_data, SecretAt, Spake2p.SharedSecretSize);
        return true;
    }

    /// <summary>Ends a handshake that will not be finished; the verifier and what is prepared stay.</summary>
    public void Cancel()
    {
        _awaitsConfirmation = false;
        _confirmed = false;
        Secrets.Wipe(_data, ConfirmationKeyAt, DataSize - ConfirmationKeyAt);
    }

    /// <summary>Forgets everything, the verifier too.</summary>
    public void Wipe()
    {
        Cancel();
        ForgetPrepared();
        Secrets.Wipe(_data);
    }

    /// <summary>Prepares with a given y, 1 to n - 1.</summary>
    /// <returns>False when the share would be infinite: another y is needed.</returns>
    /// <exception cref="InvalidOperationException">No verifier is set.</exception>
    internal bool Prepare(byte[] y)
    {
        ForgetPrepared();
        Array.Copy(y, 0, _data, YAt, Spake2p.ScalarSize);
        P256.GetPublicKey(_data, YAt, _data, ShareAt);
        if (!P256.Multiply(_data, YAt, _data, LAt, _data, VAt))
        {
            throw new InvalidOperationException();
        }

        IsPrepared = Spake2p.AddPoints(_data, ShareAt, _data, W0NAt, false, _data, ShareAt);
        return IsPrepared;
    }

    private void ForgetPrepared()
    {
        IsPrepared = false;
        Secrets.Wipe(_data, YAt, SentAt - YAt);
    }
}
