namespace MatterNano.Sample;

/// <summary>Methods that are called at one place each: with branches, loops, several results, changed and referenced arguments.</summary>
public sealed class Calculator
{
    private readonly int _offset;
    private int _calls;

    public Calculator(int offset)
    {
        _offset = offset;
    }

    public string All(int n)
    {
        string text = Classify(n);
        int halvings = Halvings(n * 3);
        text += halvings + "," + (100 - SumTo(n));
        if (Split(n, out int high))
        {
            text += "," + high;
        }

        for (int i = 0; i < 3; i++)
        {
            int by = i == 1 ? n : i;
            Count(by);
        }

        return Last(text, this);
    }

    public static int OfOther(Calculator other)
    {
        return other.Later(2);
    }

    private string Classify(int n)
    {
        switch (n)
        {
            case 0: return "none";
            case 1: return "one";
            case 2: return "two";
            default: return n < 0 ? "below" : "many";
        }
    }

    private int SumTo(int n)
    {
        int sum = _offset;
        for (int i = 1; i <= n; i++)
        {
            sum += i;
        }

        return sum;
    }

    private static int Halvings(int n)
    {
        int count = 0;
        while (n > 1)
        {
            n /= 2;
            count++;
        }

        return count;
    }

    private static bool Split(int n, out int high)
    {
        high = n / 10;
        if (high == 0)
        {
            return false;
        }

        high *= 7;
        return true;
    }

    private void Count(int by)
    {
        if (by == 2)
        {
            return;
        }

        int twice = by + by;
        _calls += twice;
    }

    private static string Last(string text, Calculator calculator)
    {
        if (calculator._calls > 1000)
        {
            return "enough";
        }

        return text + "," + calculator._calls;
    }

    private int Later(int times)
    {
        int result = 0;
        if (times > 1)
        {
            for (int i = 0; i < times; i++)
            {
                result += i;
            }
        }

        return result > 100 ? _offset : result;
    }
}
