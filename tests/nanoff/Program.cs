using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CommandLine;

namespace MatterNano.NanoffStandIn;

/// <summary>What nanoff 2.5.162 does with a command line for an ESP32, as read in its source (nanoFirmwareFlasher.Tool/Program.cs, Esp32Manager.cs, NanoDeviceManager.cs; FileDeploymentManager.cs).</summary>
/// <remarks>The board is a directory named in STANDIN_BOARD: each operation is a line of its file log, each file it has one of its own. STANDIN_CHIP is its chip, STANDIN_VERSION nanoff's, STANDIN_BAD_FILE the end of a name that cannot be written.</remarks>
internal static class Program
{
    private const int DefaultAddress = 0x1B0000;

    private static readonly string s_board = Environment.GetEnvironmentVariable("STANDIN_BOARD");

    private static int Main(string[] args)
    {
        int code = 0;
        Parser.Default.ParseArguments<Options>(args).WithParsed(o => code = Run(o)).WithNotParsed(_ => code = 9000);
        return code & 0xff;
    }

    private static int Run(Options o)
    {
        Console.WriteLine($".NET nanoFramework Firmware Flasher v{Environment.GetEnvironmentVariable("STANDIN_VERSION") ?? "2.5.162"}+0");
        if (o.IsNanoDevice)
        {
            return OverRunningClr(o);
        }

        string platform = o.Platform;
        if (o.Target != null)
        {
            if (o.IdentifiesFirmware)
            {
                return Fail(9000, "Incompatible options combined with --targetname.");
            }

            platform ??= o.Target.StartsWith("ESP", StringComparison.Ordinal) ? "esp32" : null;
        }

        // A port alone means an ESP32, unless files or a network are all that is to be deployed.
        platform ??= o.SerialPort != null && o.FileDeployment == null && o.NetworkDeployment == null ? "esp32" : null;
        if (o.Deploys && o.Image == null)
        {
            return Fail(9000, "--deploy requires --image to specify the deployment image path.");
        }

        bool done = false;
        if (platform == "esp32")
        {
            int code = OverBootloader(o);
            done = true;
            if (code != 0)
            {
                return code;
            }
        }

        if (!done && o.FileDeployment == null)
        {
            NoOperation();
        }
        else if (o.FileDeployment != null)
        {
            done = true;
            Files(o);
        }

        if (!done && o.NetworkDeployment == null)
        {
            NoOperation();
        }
        else if (o.NetworkDeployment != null)
        {
            Log("network " + o.NetworkDeployment);
        }

        return 0;
    }

    // With --nanodevice only details, update and deploy are done; a list of files is not looked at, and the exit code stays 0.
    private static int OverRunningClr(Options o)
    {
        if (o.Platform != null || o.Target != null)
        {
            return Fail(9000, "Incompatible options combined with --nanodevice.");
        }

        if (o.SerialPort == null)
        {
            return Fail(6001, "No port.");
        }

        if (o.TellsDetails)
        {
            return 0;
        }

        if (o.Updates || o.Deploys)
        {
            Log(o.Updates ? "clr" : "deploy running " + o.Image);
            return 0;
        }

        NoOperation();
        return 0;
    }

    private static int OverBootloader(Options o)
    {
        if (o.SerialPort == null)
        {
            return Fail(6001, "No port.");
        }

        string chip = Environment.GetEnvironmentVariable("STANDIN_CHIP");
        if (chip == null)
        {
            return Fail(4000, "Failed to connect.");
        }

        Console.WriteLine($"\nConnected to:\n{chip} ({chip} (QFN40) (revision v0.1))\nFeatures WiFi 6, BT 5\nMAC 00:00:00:00:00:01\n");
        if (o.TellsDetails)
        {
            return 0;
        }

        if (o.IdentifiesFirmware)
        {
            Console.WriteLine("\nTarget 'X' best matches the device characteristics.\n");
            return 0;
        }

        if (!o.Updates && !o.Deploys)
        {
            NoOperation();
            return 0;
        }

        if (o.Updates)
        {
            Log($"firmware {o.Target} {o.Firmware}" + (o.Image == null ? string.Empty : $" image at 0x{DefaultAddress:X}"));
        }
        else
        {
            if (!File.Exists(o.Image))
            {
                return Fail(9008, "No image.");
            }

            Log($"image {o.Image} at " + (o.Address.FirstOrDefault() ?? $"0x{DefaultAddress:X}"));
        }

        return 0;
    }

    // Whatever happens to a single file, the exit code is 0.
    private static void Files(Options o)
    {
        using JsonDocument list = JsonDocument.Parse(File.ReadAllBytes(o.FileDeployment));
        Log("files over " + (list.RootElement.TryGetProperty("SerialPort", out JsonElement port) ? port.GetString() : o.SerialPort));
        foreach (JsonElement file in list.RootElement.GetProperty("Files").EnumerateArray())
        {
            string destination = file.GetProperty("DestinationFilePath").GetString();
            string onBoard = Path.Combine(s_board, destination[(destination.LastIndexOf('\\') + 1)..]);
            if (!file.TryGetProperty("SourceFilePath", out JsonElement source))
            {
                Console.Write($"Deleting file {destination}...");
                bool existed = File.Exists(onBoard);
                File.Delete(onBoard);
                Console.WriteLine(existed ? "OK" : $"\nError deleting file {destination}, it may not exist on the storage.");
                continue;
            }

            Console.Write($"Deploying file {source.GetString()} to {destination}...");
            string bad = Environment.GetEnvironmentVariable("STANDIN_BAD_FILE");
            if (bad != null && destination.EndsWith(bad, StringComparison.Ordinal))
            {
                Console.WriteLine($"\nError deploying content file {source.GetString()} to {destination}");
            }
            else if (!File.Exists(source.GetString()))
            {
                Console.WriteLine($"\nException deploying content file {source.GetString()} to {destination}");
            }
            else
            {
                File.Copy(source.GetString(), onBoard, true);
                Console.WriteLine("OK");
            }
        }
    }

    private static void NoOperation()
    {
        Console.WriteLine("No operation was performed with the options supplied.");
    }

    private static int Fail(int code, string text)
    {
        Console.WriteLine($"Error E{code} ({text})");
        return code;
    }

    private static void Log(string line)
    {
        File.AppendAllText(Path.Combine(s_board, "log"), line + "\n");
    }
}
