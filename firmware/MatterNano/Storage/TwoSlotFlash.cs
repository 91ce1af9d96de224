using System;
using System.Collections;
using MatterNano.Platform;

namespace MatterNano.Storage;

/// <summary>Atomic records on a file system without an atomic replace, such as littlefs under nanoFramework.</summary>
/// <remarks>
/// A record is the file "name.0" or "name.1", framed by <see cref="RecordFrame"/>. A change writes the slot that is not
/// in use, reads it back, and only then deletes the other. After a power cut in between, the whole frame with the newer
/// generation counts; a torn one is deleted at start.
/// </remarks>
public sealed class TwoSlotFlash : IFlash
{
    private readonly IFileStore _files;
    private readonly byte[] _frame;

    /// <summary>Opens the records and clears what a power cut left.</summary>
    /// <param name="maxRecord">Longest record in bytes; a buffer of that size is held.</param>
    public TwoSlotFlash(IFileStore files, int maxRecord)
    {
        if (maxRecord < 1 || maxRecord > RecordFrame.MaxRecord)
        {
            throw new ArgumentOutOfRangeException(nameof(maxRecord));
        }

        _files = files;
        _frame = new byte[maxRecord + RecordFrame.Overhead];
        Tidy();
    }

    /// <summary>Frames found damaged since start.</summary>
    public int DamagedCount { get; private set; }

    /// <inheritdoc/>
    public int Read(string name, byte[] buffer, int offset, int capacity)
    {
        uint generation;
        int length;
        int slot = FindSlot(name, out generation, out length);
        if (slot < 0)
        {
            return -1;
        }

        if (length > capacity)
        {
            return -2;
        }

        // Slot 1 was read last and is still in the frame.
        if (slot == 0 && ReadSlot(name, 0, out generation) != length)
        {
            return -1;
        }

        Array.Copy(_frame, RecordFrame.HeaderSize, buffer, offset, length);
        Secrets.Wipe(_frame, 0, length + RecordFrame.Overhead);
        return length;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name breaks the rule of <see cref="IFlash"/>, or the record is longer than this flash was made for.</exception>
    public bool Write(string name, byte[] buffer, int offset, int length)
    {
        if (!RecordName.IsValid(name) || length < 0 || length > _frame.Length - RecordFrame.Overhead)
        {
            throw new ArgumentException(name);
        }

        uint generation;
        int oldLength;
        int old = FindSlot(name, out generation, out oldLength);
        int slot = old == 0 ? 1 : 0;
        generation = old < 0 ? 1 : generation + 1;
        int frameLength = RecordFrame.Write(_frame, 0, generation, buffer, offset, length);
        uint check = ByteOrder.ReadUInt32(_frame, frameLength - 4);
        bool written = _files.Write(FileName(name, slot), _frame, 0, frameLength);
        uint readBack;
        written = written
            && ReadSlot(name, slot, out readBack) == length
            && readBack == generation
            && ByteOrder.ReadUInt32(_frame, frameLength - 4) == check;
        Secrets.Wipe(_frame, 0, frameLength);
        if (!written)
        {
            _files.Delete(FileName(name, slot));
            return false;
        }

        // A refusal here costs a file, not the record: the newer generation counts.
        _files.Delete(FileName(name, 1 - slot));
        return true;
    }

    /// <inheritdoc/>
    public bool Delete(string name)
    {
        // The older slot first, so that a cut in between does not bring it back.
        uint generation;
        int length;
        int current = FindSlot(name, out generation, out length);
        if (current < 0)
        {
            current = 0;
        }

        return _files.Delete(FileName(name, 1 - current)) && _files.Delete(FileName(name, current));
    }

    /// <inheritdoc/>
    public string[] List()
    {
        string[] files = _files.List();
        ArrayList names = new ArrayList();
        for (int i = 0; i < files.Length; i++)
        {
            string name = RecordOf(files[i]);
            if (name != null && !names.Contains(name))
            {
                names.Add(name);
            }
        }

        string[] result = new string[names.Count];
        names.CopyTo(result, 0);
        return result;
    }

    private static string FileName(string name, int slot)
    {
        return name + (slot == 0 ? ".0" : ".1");
    }

    private static string RecordOf(string file)
    {
        int length = file.Length - 2;
        if (length < 1 || file[length] != '.' || (file[length + 1] != '0' && file[length + 1] != '1'))
        {
            return null;
        }

        string name = file.Substring(0, length);
        return RecordName.IsValid(name) ? name : null;
    }

    private void Tidy()
    {
        string[] names = List();
        for (int i = 0; i < names.Length; i++)
        {
            uint generation;
            int length;
            int slot = FindSlot(names[i], out generation, out length);
            if (slot < 0)
            {
                _files.Delete(FileName(names[i], 0));
                _files.Delete(FileName(names[i], 1));
            }
            else
            {
                _files.Delete(FileName(names[i], 1 - slot));
            }
        }
    }

    // The slot that counts, -1 when neither is whole.
    private int FindSlot(string name, out uint generation, out int length)
    {
        uint first;
        uint second;
        int firstLength = ReadSlot(name, 0, out first);
        int secondLength = ReadSlot(name, 1, out second);
        bool takeSecond = secondLength >= 0 && (firstLength < 0 || second - first < 0x80000000);
        generation = takeSecond ? second : first;
        length = takeSecond ? secondLength : firstLength;
        return takeSecond ? 1 : firstLength >= 0 ? 0 : -1;
    }

    private int ReadSlot(string name, int slot, out uint generation)
    {
        generation = 0;
        int read = _files.Read(FileName(name, slot), _frame, 0, _frame.Length);
        if (read == -1)
        {
            return -1;
        }

        int length = read < 0 ? -1 : RecordFrame.Check(_frame, 0, read, out generation);
        if (length < 0)
        {
            DamagedCount++;
        }

        return length;
    }
}
