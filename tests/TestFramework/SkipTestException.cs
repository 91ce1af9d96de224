using System;

namespace nanoFramework.TestFramework;

/// <summary>Ends a test as skipped.</summary>
public class SkipTestException : Exception
{
    /// <summary>Ends a test as skipped.</summary>
    /// <param name="message">The reason.</param>
    /// <param name="innerException">What led to it, or null.</param>
    public SkipTestException(string message = null, Exception innerException = null)
        : base(message, innerException)
    {
    }
}
