using System;
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;

namespace MatterNano.Flash;

/// <summary>Asks the chip, updates its firmware, deploys image and identity, and reads the identity back. What is wrong is told in one line.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        return FlashOptions.Parse(args, options =>
        {
            try
            {
                Flash(options);
                return 0;
            }
            catch (FlashException e)
            {
                Console.Error.WriteLine("flash: " + e.Message);
                return 1;
            }
        });
    }

    private static void Flash(FlashOptions options)
    {
        if (!File.Exists(options.Image))
        {
            throw new FlashException($"{options.Image} does not exist; make it with `dotnet build boards/esp32/Light.proj`, or name one with --image.");
        }

        Deployment deployment = options.Identity == null ? null : Deployment.Read(options.Identity, options.Port);
        string port = options.Port ?? "PORT";
        string[] identify = { "--platform", "esp32", "--serialport", port, "--identifyfirmware" };
        string[] update = { "--update", "--target", options.Target.Name, "--serialport", port, "--fwversion", options.Firmware };
        string[] deploy = { "--target", options.Target.Name, "--serialport", port, "--deploy", "--image", options.Image, "--address", options.Target.Address };

        // Without --nanodevice: with it nanoff 2.5 does nothing with a list of files, and exits with 0.
        string[] files = deployment == null ? null : new[] { "--serialport", port, "--filedeployment", deployment.List };
        if (options.IsDryRun)
        {
            Show(identify);
            if (!options.KeepsFirmware)
            {
                Show(update);
            }

            Show(deploy);
            if (files != null)
            {
                Show(files);
            }

            return;
        }

        if (OperatingSystem.IsWindows() ? !port.StartsWith("COM", StringComparison.OrdinalIgnoreCase) : !File.Exists(port))
        {
            throw new FlashException($"There is no serial port {port}; `nanoff --listports` shows them. Is the board connected, and are you allowed to use the port?");
        }

        Nanoff nanoff = new Nanoff(options.Nanoff);
        Show(identify);
        CheckChip(nanoff.Read(out int code, identify), code, options.Target);
        if (!options.KeepsFirmware)
        {
            Show(update);
            nanoff.Run(update);
        }

        Show(deploy);
        nanoff.Run(deploy);
        if (files != null)
        {
            Show(files);
            string output = nanoff.Read(out code, files);
            Nanoff.Check(code);
            deployment.CheckWritten(output);
        }

        string serial = BoardLog.ReadSerialNumber(port, options.CheckSeconds);
        if (deployment != null && serial != deployment.SerialNumber)
        {
            throw new FlashException($"The board tells serial number {serial}, not {deployment.SerialNumber}: the identity did not reach it.");
        }

        Console.WriteLine($"The light runs on {port} with serial number {serial}.");
    }

    // A wrong target would be written without a question: with --target nanoff leaves its own check out.
    private static void CheckChip(string output, int code, Target target)
    {
        Match version = Regex.Match(output, @"Firmware Flasher v(\d+)\.(\d+)");
        if (version.Success && (version.Groups[1].Value != "2" || version.Groups[2].Value != "5"))
        {
            throw new FlashException($"nanoff {version.Groups[1].Value}.{version.Groups[2].Value} has other options; nanoff 2.5 is needed.");
        }

        Match chip = Regex.Match(output, @"Connected to:\s*\n(ESP32[-A-Z0-9]*)");
        if (!chip.Success)
        {
            Nanoff.Check(code);
            throw new FlashException("nanoff did not tell which chip the board has; nothing was written.");
        }

        string found = chip.Groups[1].Value;
        if (found != target.Chip)
        {
            throw new FlashException($"The board has the chip {found}; {target.Name} is for {target.Chip}. "
                + (Target.NamesFor(found) == null ? "The light is not made for this chip." : $"Its target is {Target.NamesFor(found)}.") + " Nothing was written.");
        }
    }

    private static void Show(IEnumerable<string> arguments)
    {
        Console.WriteLine(Nanoff.Line(arguments));
    }
}
