using System;
using System.Collections;
using MatterNano.Platform;

namespace NFUnitTest.Fakes;

/// <summary>Records in memory that survive their user, with a power cut or a refusal at a chosen change.</summary>
public class FakeFlash : IFlash
{
    /// <summary>The record that is cut stays as it was.</summary>
    public const int CutLeavesOld = 0;

    /// <summary>The record that is cut is new already.</summary>
    public const int CutLeavesNew = 1;

    /// <summary>The record that is cut is gone, as <see cref="IFlash"/> allows.</summary>
    public const int CutLeavesAbsent = 2;

    /// <summary>Changes so far: writes and deletions.</summary>
    public int Changes;

    /// <summary>Number of the change, from 0, at which the power is cut; -1 for never.</summary>
    public int CutAt = -1;

    /// <summary>What the cut leaves: one of the three constants.</summary>
    public int CutLeaves;

    /// <summary>True: every change is refused.</summary>
    public bool Refuses;

    private readonly ArrayList _names = new ArrayList();
    private readonly ArrayList _values = new ArrayList();

    /// <summary>Number of records.</summary>
    public int Count
    {
        get { return _names.Count; }
    }

    /// <summary>The bytes of a record, to look at or to damage; null when absent.</summary>
    public byte[] Get(string name)
    {
        int index = _names.IndexOf(name);
        return index < 0 ? null : (byte[])_values[index];
    }

    /// <inheritdoc/>
    public int Read(string name, byte[] buffer, int offset, int capacity)
    {
        byte[] value = Get(name);
        if (value == null)
        {
            return -1;
        }

        if (value.Length > capacity)
        {
            return -2;
        }

        Array.Copy(value, 0, buffer, offset, value.Length);
        return value.Length;
    }

    /// <inheritdoc/>
    public bool Write(string name, byte[] buffer, int offset, int length)
    {
        byte[] value = new byte[length];
        Array.Copy(buffer, offset, value, 0, length);
        return Change(name, value);
    }

    /// <inheritdoc/>
    public bool Delete(string name)
    {
        return Change(name, null);
    }

    /// <inheritdoc/>
    public string[] List()
    {
        string[] names = new string[_names.Count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = (string)_names[i];
        }

        return names;
    }

    private bool Change(string name, byte[] value)
    {
        if (Refuses)
        {
            return false;
        }

        bool cut = Changes == CutAt;
        Changes++;
        if (!cut || CutLeaves != CutLeavesOld)
        {
            Set(name, cut && CutLeaves == CutLeavesAbsent ? null : value);
        }

        if (cut)
        {
            throw new PowerCutException();
        }

        return true;
    }

    private void Set(string name, byte[] value)
    {
        int index = _names.IndexOf(name);
        if (index >= 0)
        {
            _names.RemoveAt(index);
            _values.RemoveAt(index);
        }

        if (value != null)
        {
            _names.Add(name);
            _values.Add(value);
        }
    }
}
