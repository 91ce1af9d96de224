namespace MatterNano.Sample;

/// <summary>Nobody uses it but through a constant, which the compiler has copied.</summary>
public sealed class UnusedType : IUnused
{
    public const int Constant = 12;

    private static readonly byte[] s_table = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

    private int _unused;

    public void Unused()
    {
        _unused += s_table[3];
    }
}
