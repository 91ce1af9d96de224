using MatterNano.Platform;

namespace NFUnitTest.Fakes;

/// <summary>Randomness that repeats itself from run to run.</summary>
public class FakeRandom : IRandom
{
    /// <summary>0 to 255: every byte is this one. -1: a sequence.</summary>
    public int Constant = -1;

    private uint _state;

    /// <summary>Creates a sequence.</summary>
    /// <param name="seed">Not 0.</param>
    public FakeRandom(uint seed)
    {
        _state = seed;
    }

    /// <inheritdoc/>
    public void Fill(byte[] buffer, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            buffer[offset + i] = Constant >= 0 ? (byte)Constant : (byte)(_state >> 11);
        }
    }
}
