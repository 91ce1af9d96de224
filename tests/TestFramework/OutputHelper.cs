using System;

namespace nanoFramework.TestFramework;

/// <summary>Output of a test.</summary>
public static class OutputHelper
{
    /// <summary>Writes a line.</summary>
    public static void WriteLine(string message)
    {
        Console.WriteLine(message);
    }

    /// <summary>Writes without ending the line.</summary>
    public static void Write(string message)
    {
        Console.Write(message);
    }
}
