using System;

/// <summary>Where the lines of the measuring program go: to a nanoCLR that answers those which start with # (docs/HEAP.md).</summary>
public static class Marks
{
    public static void Write(string text)
    {
        Console.WriteLine(text);
    }
}
