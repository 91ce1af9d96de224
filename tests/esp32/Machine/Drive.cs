using System.IO;
using System.Linq;

namespace MatterNano.Esp32.Machine;

/// <summary>The internal drive: a directory of the PC. A file changes when it is closed, all at once.</summary>
public sealed class Drive
{
    private readonly string _directory;
    private readonly object _lock = new();
    private int _changesLeft = -1;

    public Drive(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
    }

    /// <summary>Changes that reached the medium.</summary>
    public int Changes { get; private set; }

    /// <summary>Cuts the power after that many changes: whatever follows is refused. -1 restores it.</summary>
    public void CutAfter(int changes)
    {
        _changesLeft = changes;
    }

    public bool Exists(string name)
    {
        return File.Exists(Path.Combine(_directory, name));
    }

    public byte[] Read(string name)
    {
        return File.ReadAllBytes(Path.Combine(_directory, name));
    }

    public void Commit(string name, byte[] content)
    {
        lock (_lock)
        {
            Change();

            // Beside it and renamed: littlefs shows the old file or the new one, and so does a killed process.
            string making = Path.Combine(_directory, name + ".making");
            File.WriteAllBytes(making, content);
            File.Move(making, Path.Combine(_directory, name), true);
        }
    }

    public void Delete(string name)
    {
        lock (_lock)
        {
            Change();
            File.Delete(Path.Combine(_directory, name));
        }
    }

    public string[] List()
    {
        return Directory.GetFiles(_directory).Select(Path.GetFileName).Where(name => !name.EndsWith(".making")).ToArray();
    }

    private void Change()
    {
        if (_changesLeft == 0)
        {
            throw new IOException("the power is off");
        }

        if (_changesLeft > 0)
        {
            _changesLeft--;
        }

        Changes++;
    }
}
