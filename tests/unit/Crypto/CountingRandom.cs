using MatterNano.Platform;

namespace NFUnitTest.Crypto;

/// <summary>Repeatable bytes, different at every call.</summary>
internal sealed class CountingRandom : IRandom
{
    private uint _state = 1;

    /// <summary>Fills so far.</summary>
    internal int Calls;

    /// <summary>Makes the first fill all ones, no scalar of the group.</summary>
    internal bool OutOfRangeFirst;

    public void Fill(byte[] buffer, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _state = (_state * 1664525u) + 1013904223u;
            buffer[offset + i] = OutOfRangeFirst && Calls == 0 ? (byte)255 : (byte)(_state >> 24);
        }

        Calls++;
    }
}
