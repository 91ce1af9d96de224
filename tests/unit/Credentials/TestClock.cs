using MatterNano.Platform;

namespace NFUnitTest.Credentials;

/// <summary>A clock that stands still; wall time 0 is unknown.</summary>
internal sealed class TestClock : IClock
{
    internal uint Epoch;

    public long Milliseconds
    {
        get { return 0; }
    }

    public bool TryGetEpochSeconds(out uint seconds)
    {
        seconds = Epoch;
        return Epoch != 0;
    }
}
