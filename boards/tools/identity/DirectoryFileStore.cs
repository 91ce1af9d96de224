using System;
using System.IO;
using MatterNano.Storage;

namespace MatterNano.Identity;

/// <summary>Files of a directory, as the device's file system has them.</summary>
public sealed class DirectoryFileStore : IFileStore
{
    private readonly string _directory;

    public DirectoryFileStore(string directory)
    {
        _directory = directory;
    }

    /// <inheritdoc/>
    public int Read(string name, byte[] buffer, int offset, int capacity)
    {
        string path = Path.Combine(_directory, name);
        if (!File.Exists(path))
        {
            return -1;
        }

        byte[] content = File.ReadAllBytes(path);
        if (content.Length > capacity)
        {
            return -2;
        }

        content.CopyTo(buffer, offset);
        return content.Length;
    }

    /// <inheritdoc/>
    public bool Write(string name, byte[] buffer, int offset, int length)
    {
        using FileStream file = new FileStream(Path.Combine(_directory, name), FileMode.Create, FileAccess.Write);
        file.Write(buffer, offset, length);
        file.Flush(true);
        return true;
    }

    /// <inheritdoc/>
    public bool Delete(string name)
    {
        File.Delete(Path.Combine(_directory, name));
        return true;
    }

    /// <inheritdoc/>
    public string[] List()
    {
        return Array.ConvertAll(Directory.GetFiles(_directory), Path.GetFileName);
    }
}
