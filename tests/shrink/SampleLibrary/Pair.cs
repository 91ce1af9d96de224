namespace MatterNano.Sample;

/// <summary>The only implementation of two interfaces' members of one name, both explicit.</summary>
public sealed class Pair : IHalf, IOtherHalf
{
    private int _calls;

    public static int Ask(IHalf half, int n)
    {
        return half.Count(n) + half.Count(n + 1);
    }

    public static int AskOther(IOtherHalf half, int n)
    {
        return half.Count(n) + half.Count(n + 1);
    }

    int IHalf.Count(int n)
    {
        for (int i = 0; i < n; i++)
        {
            _calls++;
        }

        return n + _calls;
    }

    int IOtherHalf.Count(int n)
    {
        for (int i = 0; i < n; i++)
        {
            _calls += 2;
        }

        return (n * 100) + _calls;
    }
}
