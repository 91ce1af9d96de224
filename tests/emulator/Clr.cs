using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace MatterNano.Emulator;

/// <summary>A nanoCLR that runs on this machine.</summary>
internal sealed class Clr
{
    /// <summary>Names the program, when it is not the tool <c>nanoclr</c>.</summary>
    public const string Variable = "MATTERNANO_NANOCLR";

    /// <summary>Kilobytes of managed heap, for emulators that let it be set; the launcher leaves no more than the device has in any.</summary>
    private const string HeapVariable = "NANOCLR_HEAP_KB";

    private readonly string _path;
    private readonly bool _isTool;

    private Clr(string path, bool isTool)
    {
        _path = path;
        _isTool = isTool;
    }

    /// <summary>Finds the emulator, or returns null with what was looked for.</summary>
    public static Clr Find(out string reason)
    {
        reason = null;
        string named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            if (File.Exists(named))
            {
                return new Clr(named, Path.GetFileNameWithoutExtension(named) == "nanoclr");
            }

            reason = Variable + " names " + named + ", which does not exist";
            return null;
        }

        string file = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "nanoclr.exe" : "nanoclr";
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Append(Path.Combine(home, ".dotnet", "tools"));
        string found = folders.Where(f => f.Length > 0).Select(f => Path.Combine(f, file)).FirstOrDefault(File.Exists);
        if (found == null)
        {
            reason = "no nanoclr tool (dotnet tool install -g nanoclr) and no program named in " + Variable
                + " (for instance the POSIX host that nf-interpreter builds, targets/posix)";
            return null;
        }

        return new Clr(found, true);
    }

    /// <summary>Runs assemblies, in the order of loading, and hands out each line; returns the exit code, or -1 after the time.</summary>
    public int Run(IEnumerable<string> assemblies, int heapKilobytes, TimeSpan time, Action<string> line)
    {
        ProcessStartInfo start = new ProcessStartInfo(_path) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment[HeapVariable] = heapKilobytes.ToString();
        if (_isTool)
        {
            start.ArgumentList.Add("run");
            start.ArgumentList.Add("--assemblies");
        }

        foreach (string assembly in assemblies)
        {
            start.ArgumentList.Add(assembly);
        }

        using Process process = Process.Start(start);
        object gate = new object();
        DataReceivedEventHandler received = (_, e) =>
        {
            if (e.Data != null)
            {
                lock (gate)
                {
                    line(e.Data.TrimEnd('\r'));
                }
            }
        };
        process.OutputDataReceived += received;
        process.ErrorDataReceived += received;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit((int)time.TotalMilliseconds))
        {
            process.Kill(true);
            process.WaitForExit();
            return -1;
        }

        process.WaitForExit();
        return process.ExitCode;
    }
}
