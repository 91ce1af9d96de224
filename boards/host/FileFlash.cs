using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using MatterNano.Platform;
using MatterNano.Storage;
using Microsoft.Win32.SafeHandles;

namespace MatterNano.Host;

/// <summary>Records as files of a directory: "NAME.rec", two slots of equal size that each hold a framed record or zeros.</summary>
/// <remarks>
/// A change is written into the slot that is not in use and flushed; then the other is cleared. So a change costs one flush
/// of data, a resumption record not more than a handshake can bear, and a power cut leaves one whole slot. A new record, or
/// one that outgrew its slots, goes to a temporary file that replaces the old one. A file without a whole slot is renamed
/// to "NAME.rec.damaged" (with a number when there are several) and reported, never deleted. One process at a time owns a
/// directory.
/// </remarks>
public sealed class FileFlash : IFlash, IDisposable
{
    private const string Extension = ".rec";
    private const string TemporaryExtension = ".tmp";
    private const string LockName = "lock";
    private const int Block = 4096;
    private const int MaxFile = 2 * ((RecordFrame.MaxRecord + RecordFrame.Overhead + Block - 1) / Block) * Block;

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
            frame = ReadFile(path);
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

        int slot = FindSlot(frame, out int length, out _);
        if (slot < 0)
        {
            SetAside(path);
            return -1;
        }

        if (length <= capacity)
        {
            Array.Copy(frame, slot * frame.Length / 2 + RecordFrame.HeaderSize, buffer, offset, length);
        }

        Secrets.Wipe(frame);
        return length > capacity ? -2 : length;
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
        byte[] frame = new byte[length + RecordFrame.Overhead];
        byte[] old = Array.Empty<byte>();
        try
        {
            int slot = -1;
            uint generation = 0;
            if (File.Exists(path))
            {
                old = ReadFile(path);
                slot = FindSlot(old, out _, out generation);
            }

            RecordFrame.Write(frame, 0, generation + 1, buffer, offset, length);
            if (slot >= 0 && frame.Length <= old.Length / 2)
            {
                ChangeSlot(path, frame, 1 - slot, old.Length / 2);
            }
            else
            {
                Create(path, frame);
            }

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
            Secrets.Wipe(old);
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
                byte[] file = ReadFile(path);
                if (FindSlot(file, out _, out _) < 0)
                {
                    SetAside(path);
                }

                Secrets.Wipe(file);
            }
        }
    }

    // A file too long for a record reads as empty, which no record is.
    private static byte[] ReadFile(string path)
    {
        return new FileInfo(path).Length <= MaxFile ? File.ReadAllBytes(path) : Array.Empty<byte>();
    }

    // The slot that counts; -1 when neither is whole.
    private static int FindSlot(byte[] file, out int length, out uint generation)
    {
        length = -1;
        generation = 0;
        int found = -1;
        if (file.Length == 0 || file.Length % (2 * Block) != 0)
        {
            return -1;
        }

        int size = file.Length / 2;
        for (int slot = 0; slot < 2; slot++)
        {
            int frame = ByteOrder.ReadUInt16(file, slot * size + RecordFrame.HeaderSize - 2) + RecordFrame.Overhead;
            int record = frame <= size ? RecordFrame.Check(file, slot * size, frame, out uint number) : Reject(out number);
            if (record >= 0 && (found < 0 || number - generation < 0x80000000))
            {
                found = slot;
                length = record;
                generation = number;
            }
        }

        return found;
    }

    private static int Reject(out uint generation)
    {
        generation = 0;
        return -1;
    }

    private static void ChangeSlot(string path, byte[] frame, int slot, int size)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.None);
        RandomAccess.Write(file, frame, (long)slot * size);
        FlushData(file, path);

        // What was replaced is often a secret. It reaches the disk with the next flush; until then two slots are whole.
        RandomAccess.Write(file, new byte[size], (long)(1 - slot) * size);
    }

    private void Create(string path, byte[] frame)
    {
        int size = (frame.Length + Block - 1) / Block * Block;
        string temporary = path + TemporaryExtension;
        using (FileStream file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            file.Write(frame);
            file.Write(new byte[2 * size - frame.Length]);
            file.Flush(true);
        }

        File.Move(temporary, path, true);
        FlushDirectory();
    }

    // Length and place of the data are unchanged, so the data alone need the disk; where there is no such call, all goes.
    private static void FlushData(SafeFileHandle file, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
        }
        else if (FlushFileData(file) != 0)
        {
            throw new IOException($"{path} cannot be flushed ({Marshal.GetLastPInvokeError()})");
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

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int FlushFileData(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
