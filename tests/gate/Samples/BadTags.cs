namespace MatterNano.Gate.Samples;

// Each marked line gives another number on nanoCLR than on .NET when the top bit is set.
internal sealed class BadTags
{
    private readonly uint[] _a = new uint[2];
    private uint _field;
    private ulong _long;

    private delegate int Operation(int value);

    public int Shift(uint u)
    {
        return ((int)u) >> 4; // gate: unsigned-tag
    }

    public int ShiftOfField()
    {
        return (int)_field >> 4; // gate: unsigned-tag
    }

    public int Remainder(uint u)
    {
        return (int)u % 7; // gate: unsigned-tag
    }

    public long Widened(uint u)
    {
        return (int)u; // gate: unsigned-tag
    }

    public long WidenedAfterDivision(uint u)
    {
        return (int)u / 7; // gate: unsigned-tag
    }

    public bool ComparedWide(uint u, long limit)
    {
        return (int)u < limit; // gate: unsigned-tag
    }

    public double Floating(uint u)
    {
        return (int)u; // gate: unsigned-tag
    }

    public long Borrow()
    {
        return ((long)_a[0] - _a[1]) >> 63; // gate: unsigned-tag
    }

    public long LongShift()
    {
        return (long)_long >> 60; // gate: unsigned-tag
    }

    public long Product(uint u, int i)
    {
        return ((long)u * i) >> 1; // gate: unsigned-tag
    }

    public long ProductRemainder(uint u, int i)
    {
        return ((long)u * i) % 7; // gate: unsigned-tag
    }

    public int LeftOperandDecides(uint u, int i)
    {
        return ((int)(u | 1) + i) >> 1; // gate: unsigned-tag
    }

    public int Negated(uint u)
    {
        return -(int)u >> 1; // gate: unsigned-tag
    }

    public int OneOfTwo(uint u, bool which)
    {
        return (which ? (int)u : 3) >> 4; // gate: unsigned-tag
    }

    public int ThroughReference(ref uint u)
    {
        return (int)u >> 4; // gate: unsigned-tag
    }

    public int AsArgument(uint u)
    {
        return ShiftsItsArgument((int)u); // gate: unsigned-tag
    }

    public int AsArgumentOfArgument(uint u)
    {
        return PassesOn((int)u); // gate: unsigned-tag
    }

    public int AsResult(uint u)
    {
        return Reinterprets(u) >> 4; // gate: unsigned-tag
    }

    public int AsResultOfArgument(uint u)
    {
        return GivesBack((int)u) >> 4; // gate: unsigned-tag
    }

    private int ThroughDelegate(Operation operation, uint u)
    {
        return operation((int)u); // gate: unsigned-tag
    }

    private static int ShiftsItsArgument(int v)
    {
        return v >> 4;
    }

    private static int PassesOn(int v)
    {
        return ShiftsItsArgument(v + 1);
    }

    private static int Reinterprets(uint v)
    {
        return (int)v;
    }

    private static int GivesBack(int v)
    {
        return v;
    }
}
