using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using MatterNano.Platform;
using MatterNano.Storage;

namespace MatterNano.Host;

/// <summary>Records as files of a directory: "NAME.rec", framed with a check value.</summary>
/// <remarks>
/// A write goes to a temporary file, is flushed to the disk, replaces the old file in one step, and then the directory is
/// flushed. A damaged record is renamed to "NAME.rec.damaged" (with a number when there are several) and reported, never
/// deleted. One process at a time owns a directory.
/// </remarks>
public sealed class FileFlash : IFlash, IDisposable
{
    private const string Extension = ".rec";
    private const string TemporaryExtension = ".tmp";
    private const string LockName = "lock";
    private const int MaxFile = RecordFrame.MaxRecord + RecordFrame.Overhead;

    private readonly string _directory;
    private readonly FileStream _lock;
    private readonly List<string> _damaged = new List<string>();

    /// <summary>Opens or creates a directory and checks every record in it.</summary>
    /// <exception cref="StorageException">It cannot be created, written or read, or another process has it.</exception>
    public FileFlash(string directory)
    {
        _directory = Path.GetFullPath(directory);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(_directory);
            }
            else
            {
                // Keys lie here: nobody else reads them.
                Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            throw new StorageException($"The storage directory {_directory} cannot be created: {e.Message}", e);
        }

        _lock = TakeLock();
        try
        {
            CheckAll();
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            _lock.Dispose();
            throw new StorageException($"The storage directory {_directory} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Absolute path of the directory.</summary>
    public string DirectoryPath => _directory;

    /// <summary>Files set aside since the directory was opened.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>Called with the new name of a file when it is set aside, or with the reason when a write fails.</summary>
    public Action<string> Problem { get; set; } = _ => { };

    /// <inheritdoc/>
    public int Read(string name, byte[] buffer, int offset, int capacity)
    {
        string path = PathOf(name);
        byte[] frame;
        try
        {
            frame = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException || e is DirectoryNotFoundException)
        {
            return -1;
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            Problem($"The record {path} cannot be read: {e.Message}");
            return -1;
        }

        int length = RecordFrame.Check(frame, 0, frame.Length, out _);
        if (length < 0)
        {
            SetAside(path);
            return -1;
        }

        if (length > capacity)
        {
            return -2;
        }

        Array.Copy(frame, RecordFrame.HeaderSize, buffer, offset, length);
        Secrets.Wipe(frame);
        return length;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name or the length breaks the rule of <see cref="IFlash"/>.</exception>
    public bool Write(string name, byte[] buffer, int offset, int length)
    {
        if (length < 0 || length > RecordFrame.MaxRecord)
        {
            throw new ArgumentException($"A record of {length} bytes", nameof(length));
        }

        string path = PathOf(name);
        string temporary = path + TemporaryExtension;
        byte[] frame = new byte[length + RecordFrame.Overhead];
        RecordFrame.Write(frame, 0, 0, buffer, offset, length);
        try
        {
            using (FileStream file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1))
            {
                file.Write(frame, 0, frame.Length);
                file.Flush(true);
            }

            File.Move(temporary, path, true);
            FlushDirectory();
            return true;
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            Problem($"The record {path} cannot be written: {e.Message}");
            return false;
        }
        finally
        {
            Secrets.Wipe(frame);
        }
    }

    /// <inheritdoc/>
    public bool Delete(string name)
    {
        string path = PathOf(name);
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                FlushDirectory();
            }

            return true;
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            Problem($"The record {path} cannot be deleted: {e.Message}");
            return false;
        }
    }

    /// <inheritdoc/>
    public string[] List()
    {
        List<string> names = new List<string>();
        foreach (string path in Directory.GetFiles(_directory, "*" + Extension))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (Path.GetExtension(path) == Extension && RecordName.IsValid(name))
            {
                names.Add(name);
            }
        }

        return names.ToArray();
    }

    /// <summary>Lets another process have the directory.</summary>
    public void Dispose()
    {
        _lock.Dispose();
    }

    private string PathOf(string name)
    {
        if (!RecordName.IsValid(name))
        {
            throw new ArgumentException($"'{name}' is no name of a record", nameof(name));
        }

        return Path.Combine(_directory, name + Extension);
    }

    private FileStream TakeLock()
    {
        string path = Path.Combine(_directory, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException($"The storage directory {_directory} is not writable.", e);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new StorageException($"The storage directory {_directory} is in use by another light.", e);
        }
        catch (IOException e)
        {
            throw new StorageException($"The storage directory {_directory} is not writable: {e.Message}", e);
        }
    }

    private void CheckAll()
    {
        foreach (string path in Directory.GetFiles(_directory))
        {
            string extension = Path.GetExtension(path);
            if (extension == TemporaryExtension)
            {
                // A write that a power cut ended; the record itself is the old one.
                File.Delete(path);
            }
            else if (extension == Extension)
            {
                byte[] frame = new FileInfo(path).Length <= MaxFile ? File.ReadAllBytes(path) : Array.Empty<byte>();
                if (RecordFrame.Check(frame, 0, frame.Length, out _) < 0)
                {
                    SetAside(path);
                }

                Secrets.Wipe(frame);
            }
        }
    }

    private void SetAside(string path)
    {
        string aside = path + ".damaged";
        for (int i = 2; File.Exists(aside); i++)
        {
            aside = path + ".damaged" + i;
        }

        try
        {
            File.Move(path, aside);
            _damaged.Add(aside);
            Problem($"A damaged record was set aside as {aside}");
        }
        catch (Exception e) when (e is IOException || e is UnauthorizedAccessException)
        {
            Problem($"The damaged record {path} cannot be set aside: {e.Message}");
        }
    }

    // Without this a replaced file may be the old one again after a power cut. Windows has no such call and needs none.
    private void FlushDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(_directory, 0);
        if (descriptor < 0)
        {
            throw new IOException($"{_directory} cannot be opened ({Marshal.GetLastPInvokeError()})");
        }

        int result = FlushFile(descriptor);
        int error = Marshal.GetLastPInvokeError();
        Close(descriptor);

        // Some file systems cannot flush a directory and say EINVAL; they order the rename themselves.
        const int InvalidArgument = 22;
        if (result != 0 && error != InvalidArgument)
        {
            throw new IOException($"{_directory} cannot be flushed ({error})");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FlushFile(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
