using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace MatterNano.Emulator;

/// <summary>
/// Runs the unit tests on nanoCLR: builds them for nanoFramework, runs each folder of tests in a heap as small as the device's,
/// prints each failure, and ends with a line of totals. Without an emulator or without the packages it says so and counts nothing.
/// </summary>
public static class Program
{
    private const int HeapKilobytes = 96;
    private const int NotRun = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>Entry. Arguments: names of folders of tests/unit to run, or none for all; --no-build; --shrunk for a stack as small as the image's.</summary>
    /// <returns>0 when all passed, 1 when a test failed, 2 when nothing could run.</returns>
    public static int Main(string[] args)
    {
        Clr clr = Clr.Find(out string reason);
        if (clr == null)
        {
            Console.WriteLine("Unit tests on nanoCLR: not run: " + reason + ".");
            return NotRun;
        }

        if (!args.Contains("--no-build") && !Images.Build(args.Contains("--shrunk")))
        {
            Console.WriteLine("Unit tests on nanoCLR: not run: the tests could not be built for nanoFramework (above).");
            return NotRun;
        }

        int passed = 0;
        int failed = 0;
        int skipped = 0;
        List<string> wanted = args.Where(a => !a.StartsWith("--")).ToList();
        foreach (string group in Images.Groups())
        {
            string name = Path.GetFileName(group).Substring("NFUnitTest.".Length);
            if (wanted.Count > 0 && !wanted.Contains(name))
            {
                continue;
            }

            Totals totals = new Totals(name);
            Stopwatch watch = Stopwatch.StartNew();
            int exit = clr.Run(Images.Needed(group), HeapKilobytes, Patience, totals.Take);
            totals.End(exit);
            Console.WriteLine(name + ": " + totals.Passed + " passed, " + totals.Failed + " failed, " + watch.Elapsed.TotalSeconds.ToString("0.0") + " s");
            passed += totals.Passed;
            failed += totals.Failed;
            skipped += totals.Skipped;
        }

        if (passed + failed == 0)
        {
            Console.WriteLine("Unit tests on nanoCLR: not run: there is no such folder of tests.");
            return NotRun;
        }

        if (skipped > 0)
        {
            Console.WriteLine(skipped + " skipped");
        }

        Console.WriteLine(passed + " passed, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }
}
