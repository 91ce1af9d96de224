using System;

namespace MatterNano.Sample;

/// <summary>Its name reaches a log.</summary>
public sealed class SampleException : Exception
{
    public SampleException(string message)
        : base(message)
    {
    }
}
