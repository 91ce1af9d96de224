using System;
using MatterNano.Platform;

namespace MatterNano.Crypto;

/// <summary>An ECDSA nonce with its costly part done ahead, in idle time: r and 1 / k. Serves one signature; reusable after another draw.</summary>
/// <remarks>Lives in RAM only. Not for two threads at once: its owner hands it from the worker to the loop.</remarks>
public sealed class SignatureNonce
{
    private readonly long[] _r = new long[9];
    private readonly long[] _inverse = new long[9];

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
        Array.Clear(_r, 0, 9);
        Array.Clear(_inverse, 0, 9);
    }

    /// <summary>Uses a given k, 1 to n - 1.</summary>
    /// <returns>False when r would be 0.</returns>
    internal bool Set(byte[] k, int offset)
    {
        Wipe();
        P256Point point = new P256Point();
        P256Scalar.Read(_inverse, k, offset);
        point.MultiplyGenerator(_inverse);
        point.MakeAffine();
        P256Point.FromElement(_r, point.X);
        P256Scalar.SubtractOnce(_r, P256Scalar.Order());
        P256Scalar.Invert(_inverse);
        point.Wipe();
        IsReady = !P256Scalar.IsZero(_r);
        return IsReady;
    }

    /// <summary>Hands over r and 1 / k and forgets both before they are used.</summary>
    internal bool Take(long[] r, long[] inverse)
    {
        bool ready = IsReady;
        Array.Copy(_r, r, 9);
        Array.Copy(_inverse, inverse, 9);
        Wipe();
        return ready;
    }
}
