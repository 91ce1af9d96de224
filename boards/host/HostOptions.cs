using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Net;
using MatterNano.Onboarding;

namespace MatterNano.Host;

/// <summary>The command line of the light.</summary>
internal sealed class HostOptions
{
    private static readonly string[] LevelNames = { "debug", "info", "warning", "error", "none" };

    /// <summary>Directory of the records.</summary>
    public string Storage { get; private set; }

    /// <summary>UDP port; 0 lets the system choose.</summary>
    public int Port { get; private set; }

    /// <summary>Setup passcode; null: the stored one, or a random one at first start. So the next three.</summary>
    public uint? Passcode { get; private set; }

    /// <summary>Discriminator, 0 to 4095.</summary>
    public int? Discriminator { get; private set; }

    /// <summary>Vendor id, one of the test range.</summary>
    public int? Vendor { get; private set; }

    /// <summary>Product id.</summary>
    public int? Product { get; private set; }

    /// <summary>Own addresses to use; none: all.</summary>
    public IReadOnlyList<IPAddress> Bind { get; private set; }

    /// <summary>True: no multicast DNS.</summary>
    public bool NoMdns { get; private set; }

    /// <summary>TCP port of the simulated BLE radio, 0 lets the system choose; -1: no radio.</summary>
    public int BleRadio { get; private set; }

    /// <summary>Largest ATT MTU of that radio.</summary>
    public int BleMtu { get; private set; }

    /// <summary>Name of the Bluetooth adapter to commission over, empty for the first one; null: none.</summary>
    public string BleAdapter { get; private set; }

    /// <summary>True: the radio has notifications only.</summary>
    public bool BleNotify { get; private set; }

    /// <summary>"SSID:PASSWORD" of the simulated access point; null: on Ethernet.</summary>
    public string Wifi { get; private set; }

    /// <summary>Interface of NetworkManager that joins networks; empty: the first; null: none.</summary>
    public string WifiInterface { get; private set; }

    /// <summary>Milliseconds that associating takes.</summary>
    public int WifiDelay { get; private set; }

    /// <summary>True: scans see the access point, but no connection comes about.</summary>
    public bool WifiVanishes { get; private set; }

    /// <summary>True: the board leaves BLE before it joins Wi-Fi.</summary>
    public bool NonConcurrent { get; private set; }

    /// <summary>True: each event is a JSON line.</summary>
    public bool Json { get; private set; }

    /// <summary>Level of <see cref="Platform.LogLevel"/>; 4: nothing.</summary>
    public int Log { get; private set; }

    /// <summary>Reads the command line and runs the light.</summary>
    /// <param name="run">Called with the options when they are good.</param>
    /// <returns>Exit code: that of <paramref name="run"/>, 0 after help, 2 for bad options.</returns>
    public static int Parse(string[] args, Func<HostOptions, int> run)
    {
        Option<string> storage = new Option<string>("--storage")
        {
            Description = "Directory for identity, fabrics and state",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "MatterNano", "light"),
        };
        Option<int> port = Number("--port", "N", "UDP port; 0 lets the system choose", 0, 65535);
        port.DefaultValueFactory = _ => 5540;
        Option<uint?> passcode = new Option<uint?>("--passcode")
        {
            Description = "Setup passcode (default: the stored one, at first start a random one)",
            HelpName = "N",
            CustomParser = ParsePasscode,
        };
        Option<int?> discriminator = OptionalNumber("--discriminator", "Long discriminator, 0 to 4095 (default: stored or random)", 0, 4095);
        Option<int?> vendor = OptionalNumber("--vendor", "Vendor id of the test range, 0xFFF1 to 0xFFF4 (default: stored or 0xFFF1)", 0xfff1, 0xfff4);
        Option<int?> product = OptionalNumber("--product", "Product id, 1 to 0xFFFF (default: stored or 0x8001)", 1, 0xffff);
        Option<IPAddress[]> bind = new Option<IPAddress[]>("--bind")
        {
            Description = "Own address to listen on, IPv6 or IPv4; repeatable (default: all)",
            HelpName = "ADDRESS",
            CustomParser = ParseAddresses,
            DefaultValueFactory = _ => Array.Empty<IPAddress>(),
        };
        Option<bool> noMdns = new Option<bool>("--no-mdns") { Description = "Do not advertise by multicast DNS" };
        Option<bool> json = new Option<bool>("--json") { Description = "Print each event and answer as one JSON line" };
        Option<int?> log = new Option<int?>("--log")
        {
            Description = "Log on standard error: debug, info, warning (default), error, none",
            HelpName = "LEVEL",
            CustomParser = ParseLevel,
        };
        Option<string> ble = new Option<string>("--ble")
        {
            Description = "Commissioning over this computer's Bluetooth (Linux with BlueZ), the first adapter or the one named",
            HelpName = "ADAPTER",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<int> bleRadio = Number("--ble-radio", "PORT", "Commissioning over a simulated BLE radio on this TCP port of loopback; 0 lets the system choose", 0, 65535);
        bleRadio.DefaultValueFactory = _ => -1;
        Option<int> bleMtu = Number("--ble-mtu", "N", "Largest ATT MTU of that radio, 23 to 517", 23, 517);
        bleMtu.DefaultValueFactory = _ => 247;
        Option<bool> bleNotify = new Option<bool>("--ble-notify") { Description = "The radio has notifications only, no indications, as on an ESP32" };
        Option<string> wifi = new Option<string>("--wifi")
        {
            Description = "A Wi-Fi device: without a network until it is told this one (no colon: an open one)",
            HelpName = "SSID:PASSWORD",
        };
        wifi.Validators.Add(CheckNetwork);
        Option<string> wifiManager = new Option<string>("--wifi-manager")
        {
            Description = "A Wi-Fi device that joins networks with this computer's Wi-Fi (Linux with NetworkManager), the first device or the one named",
            HelpName = "INTERFACE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<int> wifiDelay = Number("--wifi-delay", "MS", "Milliseconds that joining the network takes, 0 to 120000", 0, 120000);
        wifiDelay.DefaultValueFactory = _ => 0;
        Option<bool> wifiVanishes = new Option<bool>("--wifi-vanishes") { Description = "The network is seen by scans but cannot be joined" };
        Option<bool> nonConcurrent = new Option<bool>("--non-concurrent") { Description = "The board leaves BLE before it joins Wi-Fi" };
        RootCommand root = new RootCommand(
            "A Matter light on this computer. It prints its codes, then what happens.\n"
            + "Commands on standard input: toggle, state, sessions, records, fabrics, window, reboot, reset, quit.")
        {
            storage, port, passcode, discriminator, vendor, product, bind, noMdns, json, log,
            ble, bleRadio, bleMtu, bleNotify, wifi, wifiManager, wifiDelay, wifiVanishes, nonConcurrent,
        };
        root.Validators.Add(result =>
        {
            if (result.GetResult(ble) != null && result.GetResult(bleRadio) != null)
            {
                result.AddError("--ble and --ble-radio exclude one another.");
            }
            else if (result.GetResult(ble) != null && !OperatingSystem.IsLinux())
            {
                result.AddError("--ble needs Linux with BlueZ; --ble-radio simulates a radio anywhere.");
            }

            if (result.GetResult(wifi) != null && result.GetResult(wifiManager) != null)
            {
                result.AddError("--wifi and --wifi-manager exclude one another.");
            }
            else if (result.GetResult(wifiManager) != null && !OperatingSystem.IsLinux())
            {
                result.AddError("--wifi-manager needs Linux with NetworkManager; --wifi simulates a network anywhere.");
            }
        });
        int code = 0;
        root.SetAction(result =>
        {
            code = run(new HostOptions
            {
                Storage = result.GetValue(storage),
                Port = result.GetValue(port),
                Passcode = result.GetValue(passcode),
                Discriminator = result.GetValue(discriminator),
                Vendor = result.GetValue(vendor),
                Product = result.GetValue(product),
                Bind = result.GetValue(bind),
                NoMdns = result.GetValue(noMdns),
                BleAdapter = result.GetResult(ble) == null ? null : result.GetValue(ble) ?? string.Empty,
                BleRadio = result.GetValue(bleRadio),
                BleMtu = result.GetValue(bleMtu),
                BleNotify = result.GetValue(bleNotify),
                Wifi = result.GetValue(wifi),
                WifiInterface = result.GetResult(wifiManager) == null ? null : result.GetValue(wifiManager) ?? string.Empty,
                WifiDelay = result.GetValue(wifiDelay),
                WifiVanishes = result.GetValue(wifiVanishes),
                NonConcurrent = result.GetValue(nonConcurrent),
                Json = result.GetValue(json),
                Log = result.GetValue(log) ?? Platform.LogLevel.Warning,
            });
        });
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine("light: " + parsed.Errors[0].Message.Replace('\n', ' ') + " Try --help.");
            return 2;
        }

        // An exception of the light itself is its own affair, not a matter of parsing.
        int parserCode = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return code != 0 ? code : parserCode;
    }

    /// <summary>Reads a decimal number, or a hexadecimal one after 0x.</summary>
    internal static bool TryNumber(string text, out long value)
    {
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(text.AsSpan(2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out value)
            : long.TryParse(text, System.Globalization.NumberStyles.None, null, out value);
    }

    private static Option<int> Number(string name, string helpName, string description, int min, int max)
    {
        return new Option<int>(name) { Description = description, HelpName = helpName, CustomParser = result => ParseNumber(result, name, min, max) };
    }

    private static Option<int?> OptionalNumber(string name, string description, int min, int max)
    {
        return new Option<int?>(name) { Description = description, HelpName = "N", CustomParser = result => ParseNumber(result, name, min, max) };
    }

    private static int ParseNumber(ArgumentResult result, string name, int min, int max)
    {
        string text = result.Tokens[0].Value;
        if (TryNumber(text, out long value) && value >= min && value <= max)
        {
            return (int)value;
        }

        result.AddError($"{name} {text}: a number from {min} to {max} is needed.");
        return 0;
    }

    private static uint? ParsePasscode(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!TryNumber(text, out long value) || value < SetupPasscode.Min || value > SetupPasscode.Max)
        {
            result.AddError($"--passcode {text}: a number from {SetupPasscode.Min} to {SetupPasscode.Max} is needed.");
            return null;
        }

        if (!SetupPasscode.IsAllowed((uint)value))
        {
            result.AddError($"--passcode {text}: Matter forbids passcodes that are easily guessed.");
        }

        return (uint)value;
    }

    private static IPAddress[] ParseAddresses(ArgumentResult result)
    {
        List<IPAddress> addresses = new List<IPAddress>();
        foreach (Token token in result.Tokens)
        {
            if (!IPAddress.TryParse(token.Value, out IPAddress address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            {
                result.AddError($"--bind {token.Value}: an IPv6 or IPv4 address of this computer is needed.");
                continue;
            }

            addresses.Add(address);
        }

        return addresses.ToArray();
    }

    private static void CheckNetwork(OptionResult result)
    {
        string text = result.Tokens.Count == 0 ? string.Empty : result.Tokens[0].Value;
        string[] parts = text.Split(':', 2);
        int password = parts.Length == 2 ? System.Text.Encoding.UTF8.GetByteCount(parts[1]) : 0;
        int ssid = System.Text.Encoding.UTF8.GetByteCount(parts[0]);
        if (ssid < 1 || ssid > 32 || (password > 0 && (password < 8 || password > 64)))
        {
            result.AddError($"--wifi {text}: a name of 1 to 32 bytes is needed, and a password of 8 to 64 behind a colon or none.");
        }
    }

    private static int? ParseLevel(ArgumentResult result)
    {
        int level = Array.IndexOf(LevelNames, result.Tokens[0].Value.ToLowerInvariant());
        if (level < 0)
        {
            result.AddError($"--log {result.Tokens[0].Value}: one of {string.Join(", ", LevelNames)} is needed.");
        }

        return level;
    }
}
