using MatterNano.Platform;

namespace NFUnitTest.Fakes;

/// <summary>A clock that only a test moves.</summary>
public class FakeClock : IClock
{
    /// <summary>Milliseconds.</summary>
    public long Now = 1000000;

    /// <inheritdoc/>
    public long Milliseconds
    {
        get { return Now; }
    }

    /// <inheritdoc/>
    public bool TryGetEpochSeconds(out uint seconds)
    {
        seconds = 0;
        return false;
    }
}
