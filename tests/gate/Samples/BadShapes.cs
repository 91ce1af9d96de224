using System.Runtime.InteropServices;

namespace MatterNano.Gate.Samples;

// What nanoCLR does not run or the metadata processor refuses.
internal unsafe class BadShapes
{
    private readonly int[,] _grid = new int[2, 2]; // gate: array-shape

    private readonly delegate*<int, int> _pointer; // gate: function-pointer

    public int Grid(int i)
    {
        return _grid[i, i]; // gate: array-shape
    }

    public int Called(int i)
    {
        return _pointer(i); // gate: function-pointer
    }

    public int Fixed(byte[] data)
    {
        fixed (byte* start = data) // gate: pointer
        {
            return *start;
        }
    }

    public int Allocated()
    {
        byte* data = stackalloc byte[8]; // gate: pointer
        return data[3];
    }

    public int CheckedSum(int a, int b)
    {
        return checked(a + b); // gate: checked
    }

    public byte CheckedCast(int a)
    {
        return checked((byte)a); // gate: checked
    }

    public ulong Large(double value)
    {
        return (ulong)value; // gate: float-to-ulong
    }

    public int Divided(int a, int b)
    {
        return a / b; // gate: signed-division
    }

    public long Remainder(long a, long b)
    {
        return a % b; // gate: signed-division
    }

    public interface IWithBody
    {
        int Value()
        {
            return 1; // gate: interface-body
        }
    }

    [StructLayout(LayoutKind.Explicit)]
    public struct Explicit // gate: layout
    {
        [FieldOffset(0)]
        public int Number;
    }

    public struct Buffer
    {
        public fixed byte Data[8]; // gate: layout
    }
}
