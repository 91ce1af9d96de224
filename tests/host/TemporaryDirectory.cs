using System;
using System.IO;

namespace MatterNano.Host.Tests;

/// <summary>A directory of a test, deleted after it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("light-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        Directory.Delete(Path, true);
    }
}
