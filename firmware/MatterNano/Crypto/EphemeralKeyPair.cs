using System;
using MatterNano.Platform;

namespace MatterNano.Crypto;

/// <summary>A key pair for one key agreement, drawn ahead in idle time. Reusable after another draw.</summary>
/// <remarks>Lives in RAM only. Not for two threads at once: its owner hands it from the worker to the loop.</remarks>
public sealed class EphemeralKeyPair
{
    // The private key, then the public one.
    private readonly byte[] _keys = new byte[P256.PrivateKeySize + P256.PublicKeySize];

    /// <summary>True between <see cref="Draw"/> and <see cref="Take"/>.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Draws the pair: about half a million instructions of the interpreter.</summary>
    public void Draw(IRandom random)
    {
        IsReady = false;
        P256.GenerateKeyPair(random, _keys, 0, _keys, P256.PrivateKeySize);
        IsReady = true;
    }

    /// <summary>Hands over both keys, 32 and 65 bytes, and forgets them.</summary>
    /// <returns>False, and nothing written, when there is none: then draw one.</returns>
    public bool Take(byte[] privateKey, int privateOffset, byte[] publicKey, int publicOffset)
    {
        if (!IsReady)
        {
            return false;
        }

        Array.Copy(_keys, 0, privateKey, privateOffset, P256.PrivateKeySize);
        Array.Copy(_keys, P256.PrivateKeySize, publicKey, publicOffset, P256.PublicKeySize);
        Wipe();
        return true;
    }

    /// <summary>Copies the public key, 65 bytes, and keeps the pair.</summary>
    /// <returns>False, and nothing written, when there is none.</returns>
    public bool TryShow(byte[] publicKey, int publicOffset)
    {
        if (IsReady)
        {
            Array.Copy(_keys, P256.PrivateKeySize, publicKey, publicOffset, P256.PublicKeySize);
        }

        return IsReady;
    }

    /// <summary>Forgets the pair.</summary>
    public void Wipe()
    {
        IsReady = false;
        Secrets.Wipe(_keys);
    }
}
