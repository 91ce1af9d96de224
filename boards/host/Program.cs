using System;
using System.Text;
using Spectre.Console;

namespace MatterNano.Host;

/// <summary>The light on this computer.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        return HostOptions.Parse(args, Run);
    }

    /// <summary>Runs with good options.</summary>
    /// <returns>0 after an orderly stop, 1 when storage or port cannot be had.</returns>
    private static int Run(HostOptions options)
    {
        Output output;
        if (options.Json)
        {
            output = new JsonOutput(Console.OpenStandardOutput());
        }
        else
        {
            Console.OutputEncoding = Encoding.UTF8;
            output = new TextOutput(AnsiConsole.Console);
        }

        using HostLog log = new HostLog(options.Log);
        try
        {
            using FileFlash flash = new FileFlash(options.Storage);
            foreach (string file in flash.Damaged)
            {
                Warn(output, $"A damaged record was set aside as {file}");
            }

            flash.Problem = problem => Warn(output, problem);
            HostIdentity identity = HostIdentity.Load(flash, options);
            return new LightBoard(options, flash, identity, output, log).Run();
        }
        catch (Exception e) when (e is StorageException or DriverException)
        {
            output.Event("error", null, writer => writer.WriteString("message", e.Message));
            Console.Error.WriteLine("light: " + e.Message);
            return 1;
        }
    }

    private static void Warn(Output output, string text)
    {
        Console.Error.WriteLine("light: " + text);
        output.Warning(text);
    }
}
