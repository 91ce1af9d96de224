using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Linq;
using System.Text;

namespace MatterNano.Flash;

/// <summary>Runs nanoff 2.5: the version that the tool manifest beside this program pins, or a program the user names.</summary>
internal sealed class Nanoff
{
    private readonly string _program;
    private bool _restored;

    /// <param name="program">Program to run; null: the tool of the manifest.</param>
    public Nanoff(string program)
    {
        _program = program;
    }

    /// <summary>The command line as the user would type it.</summary>
    public static string Line(IEnumerable<string> arguments)
    {
        return "nanoff " + string.Join(' ', arguments.Select(a => a.Contains(' ') ? "\"" + a + "\"" : a));
    }

    /// <summary>Runs a command whose exit code tells the truth; it writes to the user's terminal, whose cursor nanoff moves.</summary>
    /// <exception cref="FlashException">It failed or could not be run.</exception>
    public void Run(params string[] arguments)
    {
        using Process process = Start(arguments, false);
        process.WaitForExit();
        Check(process.ExitCode);
    }

    /// <summary>Runs a command and returns what it says, which is also shown. Not for those that move the cursor: redirected, they fail on Windows.</summary>
    /// <exception cref="FlashException">It could not be run.</exception>
    public string Read(out int exitCode, params string[] arguments)
    {
        using Process process = Start(arguments, true);
        StringBuilder text = new StringBuilder();
        char[] part = new char[256];
        for (int length = process.StandardOutput.Read(part, 0, part.Length); length > 0; length = process.StandardOutput.Read(part, 0, part.Length))
        {
            Console.Out.Write(part, 0, length);
            text.Append(part, 0, length);
        }

        process.WaitForExit();
        exitCode = process.ExitCode;
        return text.ToString();
    }

    /// <summary>Fails for an exit code other than 0.</summary>
    public static void Check(int exitCode)
    {
        if (exitCode != 0)
        {
            throw new FlashException($"nanoff ended with code {exitCode}; the steps after this one were not done.");
        }
    }

    private Process Start(string[] arguments, bool isRead)
    {
        ProcessStartInfo start = _program == null ? Tool("tool", "run", "nanoff", "--") : new ProcessStartInfo(_program);
        if (_program == null && !_restored)
        {
            using Process restore = Process.Start(Tool("tool", "restore"));
            restore.WaitForExit();
            if (restore.ExitCode != 0)
            {
                throw new FlashException("nanoff could not be installed from NuGet; see above. A nanoff 2.5 of your own can be named with --nanoff.");
            }

            _restored = true;
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.RedirectStandardOutput = isRead;
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception e)
        {
            throw new FlashException($"{start.FileName} cannot be run: {e.Message}");
        }
    }

    private static ProcessStartInfo Tool(params string[] arguments)
    {
        return new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = AppContext.BaseDirectory };
    }
}
