using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using MatterNano.Boards.Esp32;
using MatterNano.Esp32.Machine;
using MatterNano.Identity;
using MatterNano.Onboarding;
using MatterNano.Storage;

namespace MatterNano.Esp32.Board;

/// <summary>Powers the light of boards/esp32 on a make-believe chip. Speaks the JSON lines and commands of the PC board, made from the light's serial log and LED.</summary>
/// <remarks>
/// --storage DIR, --passcode N, --discriminator N, --ble-radio PORT, --ble-mtu N, --wifi SSID:PASSWORD, --wifi-delay MS, --udp-port N (of the PC, for
/// the chip's 5540), --joined (on the network from the start), --no-ipv6, --open-network (all interfaces, not loopback), --address IP, --target NAME.
/// --json and --port are accepted; the chip's port is always 5540. Commands: toggle, state, wifi on|off, hold MS, reboot, reset, quit.
/// </remarks>
public static class Workbench
{
    // Contacts are still for 30 ms before the light believes them.
    private const int Settled = 25;
    private const int Patience = 60000;

    private static readonly object s_power = new();
    private static readonly LineWriter s_lines = new();
    private static readonly TextWriter s_out = Console.Out;
    private static uint s_passcode;
    private static Chip s_chip;
    private static bool s_again;
    private static volatile bool s_quit;

    public static int Main(string[] args)
    {
        Dictionary<string, string> options = Parse(args);
        string storage = options.GetValueOrDefault("storage") ?? throw new ArgumentException("--storage DIR is needed");
        s_passcode = uint.Parse(options.GetValueOrDefault("passcode", "20202021"), CultureInfo.InvariantCulture);
        int discriminator = int.Parse(options.GetValueOrDefault("discriminator", "3840"), CultureInfo.InvariantCulture);
        if (!options.ContainsKey("no-identity"))
        {
            MakeIdentity(storage, discriminator);
        }

        int radioPort = int.Parse(options.GetValueOrDefault("ble-radio", "0"), CultureInfo.InvariantCulture);
        Console.SetOut(new SerialPort(OnSerialLine));
        new Thread(ReadCommands) { IsBackground = true, Name = "commands" }.Start();
        do
        {
            // A start forgets everything but the flash, and the flash of a chip without power takes no more.
            s_again = false;
            Chip chip = Power(storage, options, radioPort);
            radioPort = chip.Radio.Port;
            SetChip(chip);
            Run();
            SetChip(null);
            chip.Dispose();
            nanoFramework.Device.Bluetooth.BluetoothLEServer.Instance.Dispose();
        }
        while (s_again);

        // Threads of the light do not end by themselves; on the device nothing ends.
        s_lines.Dispose();
        Environment.Exit(0);
        return 0;
    }

    /// <summary>Puts an identity into a directory, as the factory does for a device, unless there is one.</summary>
    public static void MakeIdentity(string directory, int discriminator, uint passcode)
    {
        s_passcode = passcode;
        MakeIdentity(directory, discriminator);
    }

    private static void MakeIdentity(string directory, int discriminator)
    {
        Chip previous = Chip.Current;
        Chip.Current = new Chip(directory);
        try
        {
            TwoSlotFlash flash = new TwoSlotFlash(new LittleFsStore(), 2048);
            DeviceIdentity identity = new DeviceIdentity();
            if (identity.TryLoad(flash, new byte[DeviceIdentity.MaxSize]))
            {
                return;
            }

            identity.VendorId = 0xfff1;
            identity.ProductId = 0x8001;
            identity.VendorName = "MatterNano";
            identity.ProductName = "Light on an ESP32";
            identity.HardwareVersion = 1;
            identity.HardwareVersionString = "ESP32";
            identity.SerialNumber = "ESP-" + IdentityMaker.DrawHex(4);
            identity.DeviceType = 0x0100;
            identity.Discriminator = discriminator;
            identity.RotatingUniqueId = IdentityMaker.DrawRotatingUniqueId();
            IdentityMaker.SetPasscode(identity, s_passcode, 1000);
            if (!IdentityMaker.Store(flash, identity, AttestationIssuer.IssueTestDevice(identity.VendorId, identity.ProductId, 0x0100)))
            {
                throw new InvalidOperationException("the identity cannot be written");
            }
        }
        finally
        {
            Chip.Current.Dispose();
            Chip.Current = previous;
        }
    }

    private static Dictionary<string, string> Parse(string[] args)
    {
        Dictionary<string, string> options = new();
        for (int i = 0; i < args.Length; i++)
        {
            bool value = i + 1 < args.Length && !args[i + 1].StartsWith("--");
            options[args[i].Substring(2)] = value ? args[++i] : "true";
        }

        return options;
    }

    private static Chip Power(string storage, Dictionary<string, string> options, int radioPort)
    {
        Chip chip = new Chip(storage, options.GetValueOrDefault("target", "ESP32_C6_THREAD"));
        chip.Network.HasIPv6 = !options.ContainsKey("no-ipv6");
        chip.Network.IsUp = options.ContainsKey("joined");
        chip.Network.IsOpen = options.ContainsKey("open-network");
        if (options.TryGetValue("address", out string addresses))
        {
            chip.Network.Addresses.Clear();
            foreach (string address in addresses.Split(','))
            {
                chip.Network.Addresses.Add(System.Net.IPAddress.Parse(address));
            }
        }

        if (options.TryGetValue("udp-port", out string udpPort))
        {
            chip.Network.Ports[5540] = int.Parse(udpPort, CultureInfo.InvariantCulture);
            chip.Network.Ports[5353] = 0; // no mDNS on a shared PC
        }

        chip.Radio.Mtu = int.Parse(options.GetValueOrDefault("ble-mtu", "256"), CultureInfo.InvariantCulture);
        chip.Radio.Listen(radioPort);
        chip.Air.Delay = int.Parse(options.GetValueOrDefault("wifi-delay", "0"), CultureInfo.InvariantCulture);
        chip.Air.StationChanged += state => Emit("wifi", w => w.WriteString("state", state));
        if (options.TryGetValue("wifi", out string wifi))
        {
            string[] parts = wifi.Split(':', 2);
            chip.Air.Ssid = parts[0];
            chip.Air.Password = parts.Length == 2 ? parts[1] : string.Empty;
        }

        Chip.Current = chip;
        return chip;
    }

    private static void Run()
    {
        try
        {
            Program.Main();
        }
        catch (PowerOffException)
        {
            // By a command, or the light restarted itself.
            s_again = !s_quit;
        }
    }

    private static void SetChip(Chip chip)
    {
        lock (s_power)
        {
            s_chip = chip;
            Monitor.Pulse(s_power);
        }
    }

    // A command is for the chip that has power: between two starts it waits for the next.
    private static Chip TakeChip()
    {
        lock (s_power)
        {
            while (s_chip == null || s_chip.IsOff)
            {
                Monitor.Wait(s_power);
            }

            return s_chip;
        }
    }

    private static void OnSerialLine(string line)
    {
        Chip chip = Chip.Current;
        s_lines.Write(Console.Error, line);
        const string Ready = "I light: Ready: port ";
        if (line.StartsWith(Ready))
        {
            string[] parts = line.Substring(Ready.Length).Split(new[] { ", fabrics ", ", light ", ", heap" }, StringSplitOptions.None);
            int port = int.Parse(parts[0], CultureInfo.InvariantCulture);
            OnboardingPayload payload = new OnboardingPayload
            {
                VendorId = 0xfff1,
                ProductId = 0x8001,
                Discovery = OnboardingPayload.DiscoveryBle | OnboardingPayload.DiscoveryOnNetwork,
                Passcode = s_passcode,
            };
            DeviceIdentity identity = new DeviceIdentity();
            identity.TryLoad(new TwoSlotFlash(new LittleFsStore(), 2048), new byte[DeviceIdentity.MaxSize]);
            payload.Discriminator = identity.Discriminator;
            Emit("ready", w =>
            {
                w.WriteNumber("port", chip.Network.Map(port));
                w.WriteString("qr", payload.ToQrCode());
                w.WriteString("manual", payload.ToManualCode());
                w.WriteNumber("discriminator", identity.Discriminator);
                w.WriteNumber("passcode", s_passcode);
                w.WriteNumber("vendorId", identity.VendorId);
                w.WriteNumber("productId", identity.ProductId);
                w.WriteString("serialNumber", identity.SerialNumber);
                w.WriteNumber("fabrics", int.Parse(parts[1], CultureInfo.InvariantCulture));
                w.WriteBoolean("onOff", parts[2] == "on");
                w.WriteNumber("bleRadio", chip.Radio.Port);
            });
        }
        else if (line.StartsWith("I light: Commissioned into fabric "))
        {
            Emit("commissioned", w => w.WriteNumber("fabricIndex", int.Parse(line.Substring(34), CultureInfo.InvariantCulture)));
        }
        else if (line.StartsWith("I light: Fabric ") && line.EndsWith(" removed"))
        {
            Emit("fabricRemoved", w => w.WriteNumber("fabricIndex", int.Parse(line.Substring(16).Split(' ')[0], CultureInfo.InvariantCulture)));
        }
        else if (line is "I light: On" or "I light: Off")
        {
            Emit("attribute", w =>
            {
                w.WriteNumber("endpoint", 1);
                w.WriteNumber("cluster", 6);
                w.WriteNumber("attribute", 0);
                w.WriteBoolean("value", line.EndsWith("On"));
            });
        }
        else if (line.StartsWith("E ") || line.StartsWith("W "))
        {
            Emit("log", w => w.WriteString("message", line));
        }
    }

    private static void ReadCommands()
    {
        for (string line = Console.In.ReadLine(); line != null; line = Console.In.ReadLine())
        {
            Chip chip = TakeChip();
            Pin button = chip.Pin(BoardPins.Button(chip.Target));
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words.Length == 0 ? string.Empty : words[0])
            {
                case "toggle":
                    Hold(button, chip, () => button.SeenFor >= Settled);
                    Answer(words[0], null);
                    break;
                case "hold":
                    long end = Environment.TickCount64 + int.Parse(words[1], CultureInfo.InvariantCulture);
                    Hold(button, chip, () => Environment.TickCount64 >= end);
                    Answer(words[0], null);
                    break;
                case "reset":
                    Answer(words[0], null);
                    Hold(button, chip, () => false);
                    break;
                case "state":
                    Answer(words[0], w => w.WriteBoolean("onOff", chip.Pin(BoardPins.Led(chip.Target)).IsHigh));
                    break;
                case "wifi":
                    if (words.Length > 1)
                    {
                        chip.Air.IsPresent = words[1] == "on";
                    }

                    Answer(words[0], w =>
                    {
                        w.WriteBoolean("present", chip.Air.IsPresent);
                        w.WriteBoolean("connected", chip.Air.IsJoined);
                    });
                    break;
                case "reboot":
                    Answer(words[0], null);
                    chip.CutPower();
                    break;
                case "quit":
                    Answer(words[0], null);
                    s_quit = true;
                    chip.CutPower();
                    break;
                default:
                    Answer(line.Split(' ')[0], w => w.WriteString("error", "this board has no such command"));
                    break;
            }
        }
    }

    // Until the light has seen enough of it, or starts anew; and until it has seen that the button is let go.
    private static void Hold(Pin button, Chip chip, Func<bool> enough)
    {
        button.Drive(false);
        Wait(chip, enough);
        button.Drive(true);
        Wait(chip, () => button.SeenFor >= Settled);
    }

    private static void Wait(Chip chip, Func<bool> enough)
    {
        // A little longer than what was seen: between its looks the light decides.
        SpinWait.SpinUntil(() => chip.IsOff || enough(), Patience);
        Thread.Sleep(60);
    }

    private static void Answer(string command, Action<Utf8JsonWriter> fields) => Emit("answer", w =>
    {
        w.WriteString("command", command);
        fields?.Invoke(w);
    });

    private static void Emit(string name, Action<Utf8JsonWriter> fields)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("event", name);
            fields(writer);
            writer.WriteEndObject();
        }

        s_lines.Write(s_out, Encoding.UTF8.GetString(bytes.ToArray()));
    }

    /// <summary>What the light writes to the console.</summary>
    private sealed class SerialPort : TextWriter
    {
        private readonly Action<string> _line;

        public SerialPort(Action<string> line)
        {
            _line = line;
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string value) => _line(value);
    }
}
