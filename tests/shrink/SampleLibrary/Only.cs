namespace MatterNano.Sample;

public sealed class Only : IOnly
{
    private int _calls;

    public static int Ask(IOnly only, int n)
    {
        return only.Twice(n) + only.Twice(n + 1);
    }

    int IOnly.Twice(int n)
    {
        for (int i = 0; i < n; i++)
        {
            _calls++;
        }

        return (n * 2) + _calls;
    }
}
