using System;
using System.IO;
using MatterNano.Storage;

namespace MatterNano.Esp32;

/// <summary>Files in the root of the internal littlefs drive. Nothing is durable before its file is closed.</summary>
/// <remarks>
/// Nothing is renamed: File.Move refuses an existing target, and there is no replace. <see cref="TwoSlotFlash"/> above
/// makes records of it that survive a power cut. The system's own files lie in the same folder; their names are no records.
/// </remarks>
public sealed class LittleFsStore : IFileStore
{
    /// <summary>Folder of the records, where the factory's tool puts the identity.</summary>
    public const string Root = "I:\\";

    private uint _failures;

    /// <summary>Operations that the file system refused with an exception.</summary>
    public uint Failures
    {
        get { return _failures; }
    }

    /// <inheritdoc/>
    public int Read(string name, byte[] buffer, int offset, int capacity)
    {
        string path = Root + name;
        try
        {
            if (!File.Exists(path))
            {
                return -1;
            }

            FileStream file = new FileStream(path, FileMode.Open, FileAccess.Read);
            try
            {
                long length = file.Length;
                if (length > capacity)
                {
                    return -2;
                }

                int total = 0;
                while (total < length)
                {
                    int read = file.Read(buffer, offset + total, (int)length - total);
                    if (read <= 0)
                    {
                        return -1;
                    }

                    total += read;
                }

                return total;
            }
            finally
            {
                file.Close();
            }
        }
        catch (Exception)
        {
            // The drivers throw more kinds than IOException; an unreadable file counts as absent.
            _failures++;
            return -1;
        }
    }

    /// <inheritdoc/>
    public bool Write(string name, byte[] buffer, int offset, int length)
    {
        try
        {
            FileStream file = new FileStream(Root + name, FileMode.Create, FileAccess.Write);
            try
            {
                file.Write(buffer, offset, length);
            }
            finally
            {
                file.Close();
            }

            return true;
        }
        catch (Exception)
        {
            _failures++;
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Delete(string name)
    {
        try
        {
            File.Delete(Root + name);
            return true;
        }
        catch (Exception)
        {
            _failures++;
            return false;
        }
    }

    /// <inheritdoc/>
    public string[] List()
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(Root);
        }
        catch (Exception)
        {
            _failures++;
            return new string[0];
        }

        for (int i = 0; i < files.Length; i++)
        {
            // Paths, not names, come back.
            files[i] = files[i].Substring(files[i].LastIndexOf('\\') + 1);
        }

        return files;
    }
}
