using System;
using MatterNano.Platform;

namespace MatterNano.Esp32;

/// <summary>Diagnostics on the serial port, as nanoff and Visual Studio show them.</summary>
public sealed class SerialLog : ILog
{
    private readonly int _level;

    /// <summary>Makes the log.</summary>
    /// <param name="level">Least important level shown, one of <see cref="LogLevel"/>.</param>
    public SerialLog(int level)
    {
        _level = level;
    }

    /// <inheritdoc/>
    public bool IsEnabled(int level)
    {
        return level >= _level;
    }

    /// <inheritdoc/>
    public void Write(int level, string area, string text)
    {
        if (level >= _level)
        {
            Console.WriteLine(Mark(level) + area + ": " + text);
        }
    }

    private static string Mark(int level)
    {
        switch (level)
        {
            case LogLevel.Debug:
                return "D ";
            case LogLevel.Info:
                return "I ";
            case LogLevel.Warning:
                return "W ";
            default:
                return "E ";
        }
    }
}
