using System;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace MatterNano.Host.Tests;

/// <summary>A test against python-dbusmock's NetworkManager on a bus of its own; skipped by name where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkManagerFactAttribute : FactAttribute
{
    /// <summary>Debian's own Python, which has Debian's packages.</summary>
    internal const string Python = "/usr/bin/python3";

    private static readonly string s_missing = Missing();

    public NetworkManagerFactAttribute()
    {
        Skip = s_missing;
    }

    private static string Missing()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Python) || !File.Exists("/usr/bin/dbus-daemon"))
        {
            return "dbus-daemon and Python are needed (apt install dbus-daemon python3-dbusmock)";
        }

        ProcessStartInfo start = new(Python) { RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("import dbusmock.templates.networkmanager");
        using Process process = Process.Start(start);
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "python3-dbusmock is missing (apt install python3-dbusmock)";
    }
}
