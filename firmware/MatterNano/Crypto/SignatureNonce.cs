using System;
using MatterNano.Platform;

namespace MatterNano.Crypto;

/// <summary>An ECDSA nonce with its costly part done ahead, in idle time: r and 1 / k. Serves one signature; reusable after another draw.</summary>
/// <remarks>Lives in RAM only. Not for two threads at once: its owner hands it from the worker to the loop.</remarks>
public sealed class SignatureNonce
{
    // r, then 1 / k.
    private readonly byte[] _scalars = new byte[2 * P256Scalar.Size];

    /// <summary>True between <see cref="Draw"/> and the signature.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Draws k and computes r and 1 / k: about half a million instructions of the interpreter.</summary>
    public void Draw(IRandom random)
    {
        byte[] k = new byte[P256.PrivateKeySize];
        do
        {
            P256.DrawScalar(random, k, 0);
        }
        while (!Set(k, 0));

        Secrets.Wipe(k);
    }

    /// <summary>Forgets the nonce.</summary>
    public void Wipe()
    {
        IsReady = false;
        Secrets.Wipe(_scalars);
    }

    /// <summary>Uses a given k, 1 to n - 1.</summary>
    /// <returns>False when r would be 0.</returns>
    internal bool Set(byte[] k, int offset)
    {
        Wipe();
        long[] scalar = new long[9];
        long[] r = new long[9];
        P256Point point = new P256Point();
        P256Scalar.Read(scalar, k, offset);
        point.MultiplyGenerator(scalar);
        point.MakeAffine();
        P256Point.FromElement(r, point.X);
        P256Scalar.SubtractOnce(r, P256Scalar.Order());
        P256Scalar.Invert(scalar);
        P256Scalar.Write(r, _scalars, 0);
        P256Scalar.Write(scalar, _scalars, P256Scalar.Size);
        IsReady = !P256Scalar.IsZero(r);
        point.Wipe();
        Array.Clear(scalar, 0, 9);
        return IsReady;
    }

    /// <summary>Hands over r and 1 / k and forgets both before they are used.</summary>
    internal bool Take(long[] r, long[] inverse)
    {
        bool ready = IsReady;
        P256Scalar.Read(r, _scalars, 0);
        P256Scalar.Read(inverse, _scalars, P256Scalar.Size);
        Wipe();
        return ready;
    }
}
