using System;

namespace MatterNano.Host;

/// <summary>A driver that an option asks for cannot be had; the message is for the user.</summary>
internal sealed class DriverException : Exception
{
    public DriverException(string message)
        : base(message)
    {
    }
}
