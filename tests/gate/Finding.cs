namespace MatterNano.Gate;

/// <summary>One place in the source that would not run on nanoFramework as it does on .NET.</summary>
public sealed record Finding(string Rule, string Message, string File, int Line)
{
    /// <summary>As a compiler would print it, so that editors and people find the line.</summary>
    public override string ToString()
    {
        return File + "(" + Line + "): " + Rule + ": " + Message;
    }
}
