using System;
using System.Collections;
using MatterNano.Storage;

namespace NFUnitTest.Storage;

/// <summary>A file system whose power is cut at a chosen byte of its changes: the file is torn there and every later change is lost.</summary>
public class CuttableFiles : IFileStore
{
    private readonly ArrayList _names = new ArrayList();
    private readonly ArrayList _files = new ArrayList();

    /// <summary>Bytes of changes until the cut; a deletion counts as one. Negative: no cut.</summary>
    public int Budget = -1;

    /// <summary>True once the power was cut.</summary>
    public bool IsCut;

    /// <inheritdoc/>
    public int Read(string name, byte[] buffer, int offset, int capacity)
    {
        int index = _names.IndexOf(name);
        if (index < 0)
        {
            return -1;
        }

        byte[] file = (byte[])_files[index];
        if (file.Length > capacity)
        {
            return -2;
        }

        Array.Copy(file, 0, buffer, offset, file.Length);
        return file.Length;
    }

    /// <inheritdoc/>
    public bool Write(string name, byte[] buffer, int offset, int length)
    {
        int kept = Spend(length);
        if (kept < 0)
        {
            return false;
        }

        byte[] file = new byte[kept];
        Array.Copy(buffer, offset, file, 0, kept);
        int index = _names.IndexOf(name);
        if (index < 0)
        {
            _names.Add(name);
            _files.Add(file);
        }
        else
        {
            _files[index] = file;
        }

        return kept == length;
    }

    /// <inheritdoc/>
    public bool Delete(string name)
    {
        int index = _names.IndexOf(name);
        if (index < 0)
        {
            return !IsCut;
        }

        if (Spend(1) != 1)
        {
            return false;
        }

        _names.RemoveAt(index);
        _files.RemoveAt(index);
        return true;
    }

    /// <inheritdoc/>
    public string[] List()
    {
        string[] names = new string[_names.Count];
        _names.CopyTo(names, 0);
        return names;
    }

    /// <summary>The bytes of a file themselves.</summary>
    public byte[] Open(string name)
    {
        return (byte[])_files[_names.IndexOf(name)];
    }

    private int Spend(int wanted)
    {
        if (IsCut)
        {
            return -1;
        }

        if (Budget < 0 || Budget >= wanted)
        {
            Budget = Budget < 0 ? -1 : Budget - wanted;
            return wanted;
        }

        IsCut = true;
        return Budget;
    }
}
