using System;
using System.IO;

namespace MatterNano.Shrink;

/// <summary>Shrinks the assemblies of one image together.</summary>
internal static class Program
{
    /// <returns>0 when written, 1 when an assembly holds what is not understood, 2 for bad options.</returns>
    private static int Main(string[] args)
    {
        // A long list of files comes as @file with one option on a line.
        string[] lines = args.Length == 1 && args[0].StartsWith('@') ? File.ReadAllLines(args[0][1..]) : args;
        ShrinkOptions options = ShrinkOptions.Parse(lines, out string mistake);
        if (options == null)
        {
            Console.Error.WriteLine("shrink: " + mistake);
            return 2;
        }

        try
        {
            Console.WriteLine(Shrinker.Run(options));
            return 0;
        }
        catch (ShrinkException e)
        {
            Console.Error.WriteLine("shrink: error : " + e.Message);
            return 1;
        }
    }
}
