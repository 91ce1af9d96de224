namespace MatterNano.Instructions;

/// <summary>What the counting copy of the stack adds to.</summary>
public static class Counter
{
    public static long Value { get; private set; }

    public static void Add(int instructions) => Value += instructions;
}
