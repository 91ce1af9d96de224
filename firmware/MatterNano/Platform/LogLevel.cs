namespace MatterNano.Platform;

/// <summary>Levels of <see cref="ILog"/>, least important first.</summary>
public static class LogLevel
{
    /// <summary>Every message.</summary>
    public const int Debug = 0;

    /// <summary>What an owner wants to know: commissioned, session opened, switched.</summary>
    public const int Info = 1;

    /// <summary>Something was refused or lost and the stack went on.</summary>
    public const int Warning = 2;

    /// <summary>Something that the stack could not do and the owner must look at.</summary>
    public const int Error = 3;
}
