using System.Collections.Generic;
using MatterNano.Instructions;

/// <summary>Takes the lines of the measuring program, as a nanoCLR does: those for instructions with their number since the line before.</summary>
public static class Marks
{
    private static readonly List<(string Text, long Instructions)> s_lines = new();
    private static long s_last;

    public static void Write(string text)
    {
        s_lines.Add((text, Counter.Value - s_last));
        if (text.StartsWith("#IL", System.StringComparison.Ordinal))
        {
            s_last = Counter.Value;
        }
    }

    /// <summary>Runs the program. Called over the counting copy.</summary>
    public static List<(string Text, long Instructions)> Measure()
    {
        LightCost.Main();
        return s_lines;
    }
}
