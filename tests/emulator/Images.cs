using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;

namespace MatterNano.Emulator;

/// <summary>The compiled tests.</summary>
internal static class Images
{
    private const int ReferenceTable = 40;
    private const int StringTable = 84;
    private const int ReferenceSize = 12;

    /// <summary>Where they lie.</summary>
    public static string Folder { get; } = Path.Combine(Project(), "images", "bin", "device");

    /// <summary>Builds them, the stack shrunk or as it is; false when that failed, after its output.</summary>
    public static bool Build(bool shrunk)
    {
        ProcessStartInfo start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (string argument in new[] { "build", Path.Combine(Project(), "images", "Images.csproj"), "-nologo", "-v", "quiet", "-m:1", "-p:Shrink=" + (shrunk ? "true" : "false") })
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            foreach (string line in output.Split('\n').Select(l => l.Trim()).Where(l => l.Contains("error")).Distinct())
            {
                Console.WriteLine(line);
            }
        }

        return process.ExitCode == 0;
    }

    /// <summary>The groups of tests.</summary>
    public static IReadOnlyList<string> Groups()
    {
        return Directory.GetDirectories(Folder, "NFUnitTest.*").OrderBy(d => d, StringComparer.Ordinal).ToList();
    }

    /// <summary>What a group needs, in the order of loading: no more, for each assembly takes heap.</summary>
    public static IReadOnlyList<string> Needed(string group)
    {
        string test = Path.Combine(group, "NFUnitTest.pe");
        string launcher = Path.Combine(Folder, "nanoFramework.UnitTestLauncher.pe");
        List<string> ordered = new List<string>();
        Add(launcher, ordered);
        Add(test, ordered);
        ordered.Remove(test);
        ordered.Add(test);
        return ordered;
    }

    private static void Add(string path, List<string> ordered)
    {
        if (ordered.Contains(path))
        {
            return;
        }

        foreach (string reference in References(path))
        {
            string referenced = Path.Combine(Folder, reference + ".pe");
            if (File.Exists(referenced))
            {
                Add(referenced, ordered);
            }
        }

        ordered.Add(path);
    }

    // The first table of a .pe holds the references: twelve bytes each, the name as an offset into the strings.
    private static IEnumerable<string> References(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int end = BitConverter.ToInt32(bytes, ReferenceTable + 4);
        int strings = BitConverter.ToInt32(bytes, StringTable);
        for (int at = BitConverter.ToInt32(bytes, ReferenceTable); at < end; at += ReferenceSize)
        {
            int name = strings + BitConverter.ToUInt16(bytes, at);
            if (name < bytes.Length)
            {
                yield return Encoding.UTF8.GetString(bytes, name, Array.IndexOf(bytes, (byte)0, name) - name);
            }
            else
            {
                // A name that every nanoCLR has in its own table of strings.
                yield return "mscorlib";
            }
        }
    }

    private static string Project([CallerFilePath] string here = null)
    {
        return Path.GetDirectoryName(here);
    }
}
