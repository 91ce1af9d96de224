namespace MatterNano.Sample;

/// <summary>Implements anew, explicitly, what its base implements explicitly: neither is the only one.</summary>
public sealed class Sibling : Twin, IFirst, ISecond
{
    string IFirst.Tell(int n)
    {
        return "sibling's first" + n;
    }

    string ISecond.Tell(int n)
    {
        return "sibling's second" + n;
    }
}
