using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MatterNano.Onboarding;

namespace MatterNano.Factory;

/// <summary>The command line of the factory tool.</summary>
internal sealed class FactoryOptions
{
    /// <summary>Directory with the list of devices and a directory for each.</summary>
    public string Out { get; init; }

    public int Vendor { get; init; }

    public int Product { get; init; }

    public string VendorName { get; init; }

    public string ProductName { get; init; }

    public int HardwareVersion { get; init; }

    public string HardwareVersionString { get; init; }

    /// <summary>Null: drawn.</summary>
    public string Serial { get; init; }

    public int DeviceType { get; init; }

    /// <summary>Null: drawn.</summary>
    public uint? Passcode { get; init; }

    /// <summary>Null: drawn among those no device of the list has.</summary>
    public int? Discriminator { get; init; }

    public int Iterations { get; init; }

    /// <summary>Whether the device tells a rotating device identifier while it advertises.</summary>
    public bool HasRotatingId { get; init; }

    /// <summary>Bits of <see cref="OnboardingPayload.Discovery"/>.</summary>
    public int Discovery { get; init; }

    /// <summary>File of a vendor's own PAI; null: one is issued under the public test PAA.</summary>
    public string PaiCertificate { get; init; }

    public string PaiKey { get; init; }

    public string Declaration { get; init; }

    /// <summary>Folder on the device.</summary>
    public string DeviceFolder { get; init; }

    /// <summary>Port for nanoff; null: given on its command line.</summary>
    public string SerialPort { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <param name="run">Called with the options when they are good.</param>
    /// <returns>Exit code: that of <paramref name="run"/>, 0 after help, 2 for bad options.</returns>
    public static int Parse(string[] args, Func<FactoryOptions, int> run)
    {
        Option<string> output = new Option<string>("--out")
        {
            Description = "Directory for the list of devices and a directory for each",
            HelpName = "DIR",
            Required = true,
        };
        Option<int> vendor = Number("--vendor", "Vendor id", 1, 0xfff4, 0xfff1);
        Option<int> product = Number("--product", "Product id", 1, 0xffff, 0x8001);
        Option<string> vendorName = Text("--vendor-name", "Vendor name", 32, "MatterNano");
        Option<string> productName = Text("--product-name", "Product name", 32, "MatterNano light");
        Option<int> hardwareVersion = Number("--hardware-version", "Hardware version", 0, 0xffff, 1);
        Option<string> hardwareVersionString = Text("--hardware-version-string", "Hardware version for people", 64, "1");
        Option<string> serial = Text("--serial", "Serial number (default: drawn)", 32, null);
        Option<int> deviceType = Number("--device-type", "Matter device type", 1, 0xffff, 0x0100);
        Option<uint?> passcode = new Option<uint?>("--passcode") { Description = "Setup passcode (default: drawn)", HelpName = "N", CustomParser = ParsePasscode };
        Option<int?> discriminator = new Option<int?>("--discriminator")
        {
            Description = "Discriminator (default: drawn, unlike any in the list)",
            HelpName = "N",
            CustomParser = result => ParseNumber(result, "--discriminator", 0, 4095),
        };
        Option<int> iterations = Number("--iterations", "PBKDF2 iterations of the passcode verifier", 1000, 100000, 10000);
        Option<bool> noRotatingId = new Option<bool>("--no-rotating-id") { Description = "The device tells no rotating device identifier while it advertises" };
        Option<string> discovery = new Option<string>("--discovery") { Description = "How the device is found first: ble, network or both", HelpName = "HOW", DefaultValueFactory = _ => "ble" };
        discovery.AcceptOnlyFromAmong("ble", "network", "both");
        Option<string> paiCertificate = new Option<string>("--pai-cert") { Description = "Own PAI certificate, DER or PEM (default: one under the Matter test PAA)", HelpName = "FILE" };
        Option<string> paiKey = new Option<string>("--pai-key") { Description = "Its private key, PEM, DER or 32 raw bytes", HelpName = "FILE" };
        Option<string> declaration = new Option<string>("--cd") { Description = "Own certification declaration, DER", HelpName = "FILE" };
        Option<string> deviceFolder = new Option<string>("--device-folder") { Description = "Folder of the records on the device", HelpName = "FOLDER", DefaultValueFactory = _ => "I:\\" };
        Option<string> serialPort = new Option<string>("--serial-port") { Description = "Port to write into nanoff's list (default: given to nanoff)", HelpName = "PORT" };
        RootCommand root = new RootCommand(
            "Makes the identity of one device: discriminator, passcode verifier, attestation, serial number, label.\n"
            + "The passcode stands on the label only. An identity is never overwritten.")
        {
            output, vendor, product, vendorName, productName, hardwareVersion, hardwareVersionString, serial, deviceType, passcode,
            discriminator, iterations, noRotatingId, discovery, paiCertificate, paiKey, declaration, deviceFolder, serialPort,
        };
        root.Validators.Add(result =>
        {
            int given = 0;
            foreach (Option<string> option in new[] { paiCertificate, paiKey, declaration })
            {
                given += result.GetResult(option) == null ? 0 : 1;
            }

            if (given != 0 && given != 3)
            {
                result.AddError("--pai-cert, --pai-key and --cd belong together.");
            }
        });
        int code = 0;
        root.SetAction(result =>
        {
            string how = result.GetValue(discovery);
            code = run(new FactoryOptions
            {
                Out = result.GetValue(output),
                Vendor = result.GetValue(vendor),
                Product = result.GetValue(product),
                VendorName = result.GetValue(vendorName),
                ProductName = result.GetValue(productName),
                HardwareVersion = result.GetValue(hardwareVersion),
                HardwareVersionString = result.GetValue(hardwareVersionString),
                Serial = result.GetValue(serial),
                DeviceType = result.GetValue(deviceType),
                Passcode = result.GetValue(passcode),
                Discriminator = result.GetValue(discriminator),
                Iterations = result.GetValue(iterations),
                HasRotatingId = !result.GetValue(noRotatingId),
                Discovery = (how == "network" ? 0 : OnboardingPayload.DiscoveryBle) | (how == "ble" ? 0 : OnboardingPayload.DiscoveryOnNetwork),
                PaiCertificate = result.GetValue(paiCertificate),
                PaiKey = result.GetValue(paiKey),
                Declaration = result.GetValue(declaration),
                DeviceFolder = result.GetValue(deviceFolder),
                SerialPort = result.GetValue(serialPort),
            });
        });
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine("factory: " + parsed.Errors[0].Message.Replace('\n', ' ') + " Try --help.");
            return 2;
        }

        int parserCode = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        return code != 0 ? code : parserCode;
    }

    private static Option<int> Number(string name, string description, int min, int max, int value)
    {
        return new Option<int>(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => ParseNumber(result, name, min, max) ?? 0,
            DefaultValueFactory = _ => value,
        };
    }

    private static Option<string> Text(string name, string description, int maxBytes, string value)
    {
        Option<string> option = new Option<string>(name) { Description = description, HelpName = "TEXT" };
        if (value != null)
        {
            option.DefaultValueFactory = _ => value;
        }

        option.Validators.Add(result =>
        {
            string text = result.GetValueOrDefault<string>();
            if (text != null && (text.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(text) > maxBytes))
            {
                result.AddError($"{name}: 1 to {maxBytes} bytes of text are needed.");
            }
        });
        return option;
    }

    private static bool TryNumber(string text, out long value)
    {
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, null, out value)
            : long.TryParse(text, NumberStyles.None, null, out value);
    }

    private static int? ParseNumber(ArgumentResult result, string name, int min, int max)
    {
        string text = result.Tokens[0].Value;
        if (TryNumber(text, out long value) && value >= min && value <= max)
        {
            return (int)value;
        }

        result.AddError($"{name} {text}: a number from {min} to {max} is needed.");
        return null;
    }

    private static uint? ParsePasscode(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!TryNumber(text, out long value) || value < 0 || value > uint.MaxValue || !SetupPasscode.IsAllowed((uint)value))
        {
            result.AddError($"--passcode {text}: a number from {SetupPasscode.Min} to {SetupPasscode.Max} is needed that is not easily guessed.");
            return null;
        }

        return (uint)value;
    }
}
