using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace MatterNano.Flash;

/// <summary>Updates a board's firmware, deploys the image and the identity. What is missing is told in one line.</summary>
internal static class Program
{
    private const string FirmwareVersion = "1.17.0.185";
    private const string Usage = "flash --target NAME --port PORT --identity DIRECTORY [--image FILE] [--fwversion X] [--skip-firmware] [--dry-run]";

    private static int Main(string[] args)
    {
        Dictionary<string, string> options = new();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i].TrimStart('-');
            bool flag = name is "skip-firmware" or "dry-run";
            if (!args[i].StartsWith("--") || (!flag && name is not ("target" or "port" or "identity" or "image" or "fwversion")) || (!flag && i + 1 == args.Length))
            {
                return Fail(Usage);
            }

            options[name] = flag ? "yes" : args[++i];
        }

        string target = options.GetValueOrDefault("target");
        string address = Targets.Address(target ?? string.Empty);
        if (address == null)
        {
            return Fail((target == null ? "--target is missing" : $"{target} is no target of this light") + "; one of " + string.Join(", ", Targets.Names) + ".");
        }

        string image = options.GetValueOrDefault("image", Path.Combine("boards", "esp32", "bin", "device", "light.bin"));
        if (!File.Exists(image))
        {
            return Fail($"{image} does not exist; make it with `dotnet build boards/esp32/Light.proj`, or name one with --image.");
        }

        string list = null;
        if (options.TryGetValue("identity", out string identity))
        {
            list = Path.Combine(identity, "deploy.json");
            if (!File.Exists(list))
            {
                return Fail($"{list} does not exist; make an identity with `dotnet run --project boards/tools/factory`.");
            }
        }

        if (!options.TryGetValue("port", out string port))
        {
            return Fail("--port is missing; `nanoff --listports` shows the serial ports.");
        }

        if (OperatingSystem.IsWindows() ? !port.StartsWith("COM", StringComparison.OrdinalIgnoreCase) : !File.Exists(port))
        {
            return Fail($"There is no serial port {port}; `nanoff --listports` shows them. Is the board connected, and are you allowed to use the port?");
        }

        List<string[]> steps = new();
        if (!options.ContainsKey("skip-firmware"))
        {
            steps.Add(new[] { "--update", "--target", target, "--serialport", port, "--fwversion", options.GetValueOrDefault("fwversion", FirmwareVersion) });
        }

        steps.Add(new[] { "--target", target, "--serialport", port, "--deploy", "--image", image, "--address", address });
        if (list != null)
        {
            steps.Add(new[] { "--nanodevice", "--serialport", port, "--filedeployment", list });
        }

        foreach (string[] step in steps)
        {
            Console.WriteLine("nanoff " + string.Join(' ', step.Select(Quote)));
            int code = options.ContainsKey("dry-run") ? 0 : Run(step);
            if (code != 0)
            {
                return Fail(code == NoTool ? "nanoff is not installed: dotnet tool install -g nanoff" : $"nanoff ended with code {code}; the steps after this one were not done.");
            }
        }

        if (list == null)
        {
            Console.WriteLine("No --identity was given: a board that never had one will ask for it on its serial log.");
        }

        return 0;
    }

    private const int NoTool = -1;

    private static int Run(string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("nanoff", arguments) { UseShellExecute = false });
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return NoTool;
        }
    }

    private static string Quote(string argument) => argument.Contains(' ') ? "\"" + argument + "\"" : argument;

    private static int Fail(string text)
    {
        Console.Error.WriteLine("flash: " + text);
        return 1;
    }
}
