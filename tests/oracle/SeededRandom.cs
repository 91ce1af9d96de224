using System;
using MatterNano.Platform;

namespace MatterNano.Oracle;

/// <summary>Repeatable bytes; a failing test names its seed by being the same every time.</summary>
public sealed class SeededRandom : IRandom
{
    private readonly Random _random;

    public SeededRandom(int seed)
    {
        _random = new Random(seed);
    }

    public void Fill(byte[] buffer, int offset, int count)
    {
        _random.NextBytes(buffer.AsSpan(offset, count));
    }

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    public int Below(int limit)
    {
        return _random.Next(limit);
    }
}
