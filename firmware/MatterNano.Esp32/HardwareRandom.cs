using System;
using MatterNano.Platform;

namespace MatterNano.Esp32;

/// <summary>The chip's random number generator, which is truly random while a radio is on.</summary>
public sealed class HardwareRandom : IRandom
{
    private const int Block = 32;

    private readonly object _lock = new object();
    private readonly Random _random = new Random();
    private readonly byte[] _block = new byte[Block];

    /// <inheritdoc/>
    public void Fill(byte[] buffer, int offset, int count)
    {
        // Loop and worker draw from it. The generator fills whole arrays only.
        lock (_lock)
        {
            while (count > 0)
            {
                int part = count < Block ? count : Block;
                _random.NextBytes(_block);
                Array.Copy(_block, 0, buffer, offset, part);
                offset += part;
                count -= part;
            }

            Secrets.Wipe(_block);
        }
    }
}
