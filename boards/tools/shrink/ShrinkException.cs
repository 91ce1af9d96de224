using System;

namespace MatterNano.Shrink;

/// <summary>An assembly holds what the shrinker does not understand; nothing was written.</summary>
public sealed class ShrinkException : Exception
{
    /// <summary>With what was found and where.</summary>
    public ShrinkException(string message)
        : base(message)
    {
    }
}
