using System;
using System.CommandLine;
using System.IO;
using System.Linq;

namespace MatterNano.Flash;

/// <summary>The command line.</summary>
internal sealed class FlashOptions
{
    /// <summary>The firmware the light was built against.</summary>
    private const string DefaultFirmware = "1.17.0.185";

    public Target Target { get; init; }

    /// <summary>Serial port; null only with <see cref="IsDryRun"/>.</summary>
    public string Port { get; init; }

    /// <summary>Directory that boards/tools/factory made; null: the identity on the board stays.</summary>
    public string Identity { get; init; }

    public string Image { get; init; }

    public string Firmware { get; init; }

    /// <summary>Whether the firmware on the board stays as it is.</summary>
    public bool KeepsFirmware { get; init; }

    public bool IsDryRun { get; init; }

    /// <summary>Program to run for nanoff; null: the one of the tool manifest.</summary>
    public string Nanoff { get; init; }

    /// <summary>How long the board may take to tell its identity, in seconds.</summary>
    public int CheckSeconds { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <param name="run">Called with the options when they are good.</param>
    /// <returns>Exit code: that of <paramref name="run"/>, 0 after help, 2 for bad options.</returns>
    public static int Parse(string[] args, Func<FlashOptions, int> run)
    {
        Option<string> target = new Option<string>("--target")
        {
            Description = "nanoFramework's firmware for the board: " + string.Join(", ", Target.All.Select(t => t.Name)),
            HelpName = "NAME",
            Required = true,
        };
        target.Validators.Add(result =>
        {
            string name = result.GetValueOrDefault<string>();
            if (Target.Find(name) == null)
            {
                result.AddError($"{name} is no target of this light; one of {string.Join(", ", Target.All.Select(t => t.Name))}.");
            }
        });
        Option<string> port = new Option<string>("--port") { Description = "Serial port of the board (COM3, /dev/ttyACM0)", HelpName = "PORT" };
        Option<string> identity = new Option<string>("--identity") { Description = "Directory that boards/tools/factory made for this device; without it the board keeps its own", HelpName = "DIR" };
        Option<string> image = new Option<string>("--image") { Description = "Image (default: that of `dotnet build boards/esp32/Light.proj`)", HelpName = "FILE" };
        Option<string> firmware = new Option<string>("--fwversion") { Description = "Version of the firmware", HelpName = "X", DefaultValueFactory = _ => DefaultFirmware };
        Option<bool> keep = new Option<bool>("--skip-firmware") { Description = "The firmware on the board stays" };
        Option<bool> dry = new Option<bool>("--dry-run") { Description = "Only show nanoff's command lines; needs no board" };
        Option<string> nanoff = new Option<string>("--nanoff") { Description = "nanoff 2.5 to run instead of the one this tool brings", HelpName = "PROGRAM" };
        Option<int> check = new Option<int>("--check-seconds") { Description = "How long to wait for the board to tell its identity", HelpName = "N", DefaultValueFactory = _ => 90 };
        RootCommand root = new RootCommand("Puts firmware, light and identity on an ESP32 and reads back, over the serial port, which identity the board has.")
        {
            target, port, identity, image, firmware, keep, dry, nanoff, check,
        };
        root.Validators.Add(result =>
        {
            if (result.GetValue(port) == null && !result.GetValue(dry))
            {
                result.AddError("--port is missing; `nanoff --listports` shows the serial ports.");
            }
        });
        int code = 0;
        root.SetAction(result => code = run(new FlashOptions
        {
            Target = Target.Find(result.GetValue(target)),
            Port = result.GetValue(port),
            Identity = result.GetValue(identity) == null ? null : Path.GetFullPath(result.GetValue(identity)),
            Image = result.GetValue(image) == null ? FindImage() : Path.GetFullPath(result.GetValue(image)),
            Firmware = result.GetValue(firmware),
            KeepsFirmware = result.GetValue(keep),
            IsDryRun = result.GetValue(dry),
            Nanoff = result.GetValue(nanoff),
            CheckSeconds = result.GetValue(check),
        }));
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine("flash: " + parsed.Errors[0].Message.Replace('\n', ' ') + " Try --help.");
            return 2;
        }

        int parserCode = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        return code != 0 ? code : parserCode;
    }

    // The image of this tree, wherever the user stands.
    private static string FindImage()
    {
        string relative = Path.Combine("boards", "esp32", "bin", "device", "light.bin");
        for (string folder = AppContext.BaseDirectory; folder != null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "MatterNano.sln")))
            {
                return Path.Combine(folder, relative);
            }
        }

        return Path.GetFullPath(relative);
    }
}
