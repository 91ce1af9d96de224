using System;

namespace MatterNano.Host;

/// <summary>The simulated radio cannot be had; the message is for the user.</summary>
internal sealed class BleRadioException : Exception
{
    public BleRadioException(string message)
        : base(message)
    {
    }
}
