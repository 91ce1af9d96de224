namespace MatterNano.Sample;

/// <summary>Two explicit members of one name and signature, and none that is public.</summary>
public class Twin : IFirst, ISecond
{
    string IFirst.Tell(int n)
    {
        string text = string.Empty;
        for (int i = 0; i < n; i++)
        {
            text += "first";
        }

        return text;
    }

    string ISecond.Tell(int n)
    {
        string text = string.Empty;
        for (int i = 0; i < n; i++)
        {
            text += "second";
        }

        return text;
    }
}
