using System;
using System.IO;

namespace MatterNano.Shrink;

/// <summary>Shrinks the assemblies of one image together, or reads a stack trace of a shrunk image.</summary>
internal static class Program
{
    /// <returns>0 when written, 1 when an assembly holds what is not understood, 2 for bad options.</returns>
    private static int Main(string[] args)
    {
        if (args.Length == 2 && args[0] == "--translate")
        {
            return Translate(args[1]);
        }

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

    // A stack trace comes through the standard input, pasted or from a file.
    private static int Translate(string map)
    {
        if (!File.Exists(map))
        {
            Console.Error.WriteLine("shrink: there is no " + map);
            return 2;
        }

        string[] names = File.ReadAllLines(map);
        for (string line = Console.ReadLine(); line != null; line = Console.ReadLine())
        {
            Console.WriteLine(NameMap.Translate(line, names));
        }

        return 0;
    }
}
