using System;

namespace MatterNano.Host;

/// <summary>The storage directory cannot be used. The message is one line for the user.</summary>
public sealed class StorageException : Exception
{
    public StorageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
