namespace MatterNano.Platform;

/// <summary>Diagnostic text. The message path asks <see cref="IsEnabled"/> before it formats anything. Secrets are never logged.</summary>
public interface ILog
{
    /// <summary>True when a text of this level would be shown.</summary>
    /// <param name="level">One of <see cref="LogLevel"/>.</param>
    bool IsEnabled(int level);

    /// <summary>Shows one line.</summary>
    /// <param name="level">One of <see cref="LogLevel"/>.</param>
    /// <param name="area">Part of the stack, such as "case" or "mdns".</param>
    /// <param name="text">One line without line end.</param>
    void Write(int level, string area, string text);
}
