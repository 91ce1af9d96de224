using System;

namespace MatterNano.Flash;

/// <summary>Flashing cannot go on; the message tells the user why and what to do.</summary>
internal sealed class FlashException : Exception
{
    public FlashException(string message)
        : base(message)
    {
    }
}
