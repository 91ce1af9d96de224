using System;
using System.Security.Cryptography;
using MatterNano.Platform;

namespace MatterNano.Host;

/// <summary>Randomness of the operating system.</summary>
internal sealed class HostRandom : IRandom
{
    /// <inheritdoc/>
    public void Fill(byte[] buffer, int offset, int count)
    {
        RandomNumberGenerator.Fill(buffer.AsSpan(offset, count));
    }
}
