// PC implementation of what is used of nanoFramework.System.IO.FileSystem.
using System.Linq;
using MatterNano.Esp32.Machine;

namespace System.IO;

public static class File
{
    public static bool Exists(string path) => FileStream.Name(path) is string name && Chip.Current.Drive.Exists(name);

    /// <summary>An absent file is fine.</summary>
    public static void Delete(string path)
    {
        string name = FileStream.Name(path) ?? throw new IOException("DirectoryNotFound");
        if (FileStream.IsOpen(name))
        {
            throw new IOException("UnauthorizedAccess");
        }

        if (Chip.Current.Drive.Exists(name))
        {
            Chip.Current.Drive.Delete(name);
        }
    }

    /// <summary>There is no replace.</summary>
    public static void Move(string sourceFileName, string destFileName)
    {
        string source = FileStream.Name(sourceFileName);
        string target = FileStream.Name(destFileName);
        if (source == null || target == null || !Chip.Current.Drive.Exists(source))
        {
            throw new IOException("FileNotFound");
        }

        if (Chip.Current.Drive.Exists(target))
        {
            throw new IOException("PathAlreadyExists");
        }

        Chip.Current.Drive.Commit(target, Chip.Current.Drive.Read(source));
        Chip.Current.Drive.Delete(source);
    }
}

public static class Directory
{
    public static string[] GetFiles(string path)
    {
        if (path != "I:\\")
        {
            throw new IOException("DirectoryNotFound");
        }

        return Chip.Current.Drive.List().Select(name => "I:\\" + name).ToArray();
    }
}

/// <summary>What is written reaches the drive when the file is closed.</summary>
public class FileStream : IDisposable
{
    private static readonly Collections.Generic.HashSet<string> Opened = new();

    private readonly string _name;
    private readonly bool _writes;
    private readonly Drive _drive = Chip.Current.Drive;
    private byte[] _content;
    private int _position;
    private bool _closed;

    public FileStream(string path, FileMode mode, FileAccess access)
    {
        _name = Name(path) ?? throw new IOException("DirectoryNotFound");
        _writes = (access & FileAccess.Write) != 0;
        if (mode != FileMode.Open && mode != FileMode.Create)
        {
            throw new NotSupportedException();
        }

        if (mode == FileMode.Open && !_drive.Exists(_name))
        {
            throw new IOException("FileNotFound");
        }

        lock (Opened)
        {
            if (!Opened.Add(_name))
            {
                throw new IOException("UnauthorizedAccess");
            }
        }

        _content = mode == FileMode.Open ? _drive.Read(_name) : new byte[0];
    }

    public long Length => _content.Length;

    public int Read(byte[] buffer, int offset, int count)
    {
        int part = Math.Min(count, _content.Length - _position);
        Array.Copy(_content, _position, buffer, offset, part);
        _position += part;
        return part;
    }

    public void Write(byte[] buffer, int offset, int count)
    {
        if (!_writes)
        {
            throw new NotSupportedException();
        }

        Array.Resize(ref _content, Math.Max(_content.Length, _position + count));
        Array.Copy(buffer, offset, _content, _position, count);
        _position += count;
    }

    /// <summary>Does not reach the directory entry.</summary>
    public void Flush()
    {
    }

    public void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        lock (Opened)
        {
            Opened.Remove(_name);
        }

        if (_writes)
        {
            _drive.Commit(_name, _content);
        }
    }

    public void Dispose() => Close();

    internal static bool IsOpen(string name)
    {
        lock (Opened)
        {
            return Opened.Contains(name);
        }
    }

    /// <summary>The power went while files were open.</summary>
    internal static void Forget()
    {
        lock (Opened)
        {
            Opened.Clear();
        }
    }

    internal static string Name(string path) => path.StartsWith("I:\\") && path.IndexOf('\\', 3) < 0 ? path.Substring(3) : null;
}
