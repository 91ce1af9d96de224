using System;
using System.Collections;
using MatterNano.Platform;

namespace MatterNano.Storage;

/// <summary>Records in RAM: for tests, which keep it while a node "restarts", and for boards that shall forget everything.</summary>
public sealed class MemoryFlash : IFlash
{
    private readonly ArrayList _names = new ArrayList();
    private readonly ArrayList _records = new ArrayList();
    private int _writesLeft = -1;

    /// <summary>Writes and deletions done so far.</summary>
    public int ChangeCount { get; private set; }

    /// <summary>Makes the medium refuse every change after the next <paramref name="changes"/>, as a worn flash or a power cut does; -1 mends it.</summary>
    public void RefuseAfter(int changes)
    {
        _writesLeft = changes;
    }

    /// <inheritdoc/>
    public int Read(string name, byte[] buffer, int offset, int capacity)
    {
        int index = Find(name);
        if (index < 0)
        {
            return -1;
        }

        byte[] record = (byte[])_records[index];
        if (record.Length > capacity)
        {
            return -2;
        }

        Array.Copy(record, 0, buffer, offset, record.Length);
        return record.Length;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name breaks the rule of <see cref="IFlash"/>.</exception>
    public bool Write(string name, byte[] buffer, int offset, int length)
    {
        if (!RecordName.IsValid(name))
        {
            throw new ArgumentException(name);
        }

        if (!TakeChange())
        {
            return false;
        }

        byte[] record = new byte[length];
        Array.Copy(buffer, offset, record, 0, length);
        int index = Find(name);
        if (index < 0)
        {
            _names.Add(name);
            _records.Add(record);
        }
        else
        {
            Secrets.Wipe((byte[])_records[index]);
            _records[index] = record;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Delete(string name)
    {
        int index = Find(name);
        if (index < 0)
        {
            return true;
        }

        if (!TakeChange())
        {
            return false;
        }

        Secrets.Wipe((byte[])_records[index]);
        _names.RemoveAt(index);
        _records.RemoveAt(index);
        return true;
    }

    /// <inheritdoc/>
    public string[] List()
    {
        string[] names = new string[_names.Count];
        _names.CopyTo(names, 0);
        return names;
    }

    private bool TakeChange()
    {
        if (_writesLeft == 0)
        {
            return false;
        }

        if (_writesLeft > 0)
        {
            _writesLeft--;
        }

        ChangeCount++;
        return true;
    }

    private int Find(string name)
    {
        for (int i = 0; i < _names.Count; i++)
        {
            if ((string)_names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
