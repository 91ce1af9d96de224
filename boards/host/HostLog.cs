using System;
using System.Collections.Concurrent;
using MatterNano.Platform;
using Microsoft.Extensions.Logging;

namespace MatterNano.Host;

/// <summary>The stack's log on standard error, so that standard output holds events only.</summary>
internal sealed class HostLog : ILog, IDisposable
{
    private readonly ILoggerFactory _factory;
    private readonly ConcurrentDictionary<string, ILogger> _areas = new ConcurrentDictionary<string, ILogger>();
    private readonly int _level;

    /// <summary>Shows texts of a level of <see cref="Platform.LogLevel"/> and above; 4 shows none.</summary>
    public HostLog(int level)
    {
        _level = level;
        _factory = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(Map(level))
            .AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss.fff ";
            })
            .AddConsole(options => options.LogToStandardErrorThreshold = Microsoft.Extensions.Logging.LogLevel.Trace));
    }

    /// <inheritdoc/>
    public bool IsEnabled(int level)
    {
        return level >= _level;
    }

    /// <inheritdoc/>
    public void Write(int level, string area, string text)
    {
        if (IsEnabled(level))
        {
            _areas.GetOrAdd(area, name => _factory.CreateLogger(name)).Log(Map(level), "{Text}", text);
        }
    }

    /// <summary>Writes what is still queued.</summary>
    public void Dispose()
    {
        _factory.Dispose();
    }

    private static Microsoft.Extensions.Logging.LogLevel Map(int level)
    {
        return level switch
        {
            Platform.LogLevel.Debug => Microsoft.Extensions.Logging.LogLevel.Debug,
            Platform.LogLevel.Info => Microsoft.Extensions.Logging.LogLevel.Information,
            Platform.LogLevel.Warning => Microsoft.Extensions.Logging.LogLevel.Warning,
            Platform.LogLevel.Error => Microsoft.Extensions.Logging.LogLevel.Error,
            _ => Microsoft.Extensions.Logging.LogLevel.None,
        };
    }
}
