using System;
using System.Collections.Generic;
using System.Text.Json;
using MatterNano.Onboarding;
using Spectre.Console;

namespace MatterNano.Host;

/// <summary>Events and answers for people.</summary>
internal sealed class TextOutput : Output
{
    private readonly IAnsiConsole _console;
    private readonly object _lock = new object();

    public TextOutput(IAnsiConsole console)
    {
        _console = console;
    }

    /// <inheritdoc/>
    public override void Event(string name, string text, Action<Utf8JsonWriter> fields)
    {
        if (text != null)
        {
            lock (_lock)
            {
                _console.Write(new Text(DateTime.Now.ToString("HH:mm:ss") + "  ", new Style(Color.Grey)));
                _console.WriteLine(text);
            }
        }
    }

    /// <inheritdoc/>
    public override void Answer(string command, string text, Action<Utf8JsonWriter> fields)
    {
        lock (_lock)
        {
            _console.WriteLine(text);
        }
    }

    /// <inheritdoc/>
    public override void Ready(ReadyInformation information)
    {
        lock (_lock)
        {
            // The code must be dark on light whatever the terminal's own colours are.
            bool colours = _console.Profile.Capabilities.Ansi && _console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;
            List<string> code = QrText.Render(information.QrCode, !colours);
            Style ink = colours ? new Style(Color.Black, Color.White) : Style.Plain;
            Paragraph picture = new Paragraph();
            for (int i = 0; i < code.Count; i++)
            {
                picture.Append(code[i] + (i < code.Count - 1 ? "\n" : string.Empty), ink);
            }

            Grid facts = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
            Row(facts, "Manual code", OnboardingPayload.GroupDigits(information.ManualCode), true);
            Row(facts, "QR code", information.QrCode, false);
            Row(facts, "Passcode", information.Passcode.ToString("D8"), false);
            Row(facts, "Discriminator", information.Discriminator.ToString(), false);
            Row(facts, "Vendor, product", $"0x{information.VendorId:X4}, 0x{information.ProductId:X4}", false);
            Row(facts, "UDP port", information.Port.ToString(), false);
            Row(facts, "Storage", information.Storage, false);
            Row(facts, "Light", information.OnOff ? "on" : "off", false);
            Row(facts, "Fabrics", information.Fabrics == 0 ? "none: scan the code with a Matter controller" : information.Fabrics.ToString(), false);
            Grid both = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
            both.AddRow(picture, facts);
            _console.WriteLine();
            _console.Write(both);
            _console.WriteLine();
            _console.WriteLine("Commands: toggle, state, sessions, records, fabrics, window, reboot, reset, quit");
        }
    }

    /// <inheritdoc/>
    public override void Warning(string text)
    {
        // Standard error has it already.
    }

    private static void Row(Grid grid, string name, string value, bool bold)
    {
        grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value, bold ? new Style(decoration: Decoration.Bold) : Style.Plain));
    }
}
