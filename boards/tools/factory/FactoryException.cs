using System;

namespace MatterNano.Factory;

/// <summary>The identity cannot be made. The message is one line for the user.</summary>
public sealed class FactoryException : Exception
{
    public FactoryException(string message)
        : base(message)
    {
    }
}
