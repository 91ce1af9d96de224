namespace MatterNano.Gate.Samples;

// Initialisers that depend on an order, and statics that can change.
internal static class BadStatics
{
    public static readonly int First = Later.Value + 1; // gate: initializer-order

    public static readonly int Second = Compute(); // gate: initializer-order

    public static int Counter; // gate: mutable-static

    private static int Compute()
    {
        return Later.Value * 2;
    }

    private static class Later
    {
        public static readonly int Value = System.Environment.NewLine.Length; // gate: missing-api
    }
}
