using System;
using Xunit;

namespace MatterNano.Host.Tests;

/// <summary>A test that needs a pseudo terminal; skipped by name where there is none.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        Skip = OperatingSystem.IsWindows() ? "Windows has no pseudo terminals" : null;
    }
}
