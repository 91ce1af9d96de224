using System;
using System.Collections;
using System.Threading;

namespace MatterNano.Gate.Samples;

// What runs on nanoCLR as on .NET: nothing here may be found.
internal sealed class Good
{
    public const uint Constant = 0xf0000000;

    private static readonly byte[] Table = { 1, 2, 3, 4 };

    private readonly object _lock = new object();
    private readonly ArrayList _list = new ArrayList();
    private readonly AutoResetEvent _event = new AutoResetEvent(false);
    private readonly uint[] _a = new uint[2];
    private readonly long[] _signed = new long[2];

    public delegate int Operation(int value);

    public event Operation Happened;

    public int Number { get; init; }

    // Safe forms of signed operations on unsigned values.
    public int MaskedFirst(uint u)
    {
        return (-1 & (int)u) >> 4;
    }

    public int ThroughLong(uint u)
    {
        return (int)(long)u >> 4;
    }

    public long MaskedLong(ulong u)
    {
        return (-1L & (long)u) >> 60;
    }

    public uint Borrow()
    {
        return (uint)(((ulong)_a[0] - _a[1]) >> 63);
    }

    // Too small to be taken for negative.
    public int SmallField(uint u)
    {
        return (int)((u >> 3) & 0x1f) >> 1;
    }

    public long SmallWidened(uint u)
    {
        return (int)(u >> 1);
    }

    public long UnsignedWidened(uint u)
    {
        return ((long)u + 5) >> 1;
    }

    public long SignedOnly()
    {
        return (_signed[0] - _signed[1]) >> 63;
    }

    // Comparisons, sums and casts to smaller types are right whatever the tag.
    public bool Compared(uint u)
    {
        return (int)u < 0;
    }

    public int Sum(uint u)
    {
        return (int)u + 1;
    }

    public short Narrow(uint u)
    {
        return (short)u;
    }

    public ulong Rotate(ulong u)
    {
        return (u << 7) | (u >> 57);
    }

    public uint Quotient(uint a, uint b)
    {
        return (a / b) + (a % b);
    }

    public int ConstantDivisor(int a)
    {
        return a / 10;
    }

    public int InField(uint u)
    {
        int[] cell = new int[1];
        cell[0] = (int)u;
        return cell[0] >> 4;
    }

    public string Text(string name, char letter, int number)
    {
        return name + letter + number.ToString();
    }

    public int Switched(string text, int value)
    {
        switch (text)
        {
            case "a": return 1;
            case "b": return 2;
            case "c": return 3;
            case "d": return 4;
            case "e": return 5;
            case "f": return 6;
            case "g": return 7;
        }

        return value switch { 0 => Table[0], 1 => Table[1], _ => 5 };
    }

    public int Locked(Operation operation)
    {
        lock (_lock)
        {
            _list.Add(operation);
            _event.Set();
            Happened?.Invoke(1);
        }

        foreach (object o in _list)
        {
            if (o is Operation other)
            {
                return other(2);
            }
        }

        return 0;
    }

    public byte[] Copied(byte[] data)
    {
        byte[] copy = new byte[data.Length];
        Array.Copy(data, 0, copy, 0, data.Length);
        try
        {
            copy[0] = (byte)(copy[0] ^ 1);
        }
        catch (IndexOutOfRangeException e) when (e.Message != null)
        {
            throw new ArgumentException("data");
        }

        return copy;
    }
}
