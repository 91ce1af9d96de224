using System;
using MatterNano.Onboarding;
using Spectre.Console;

namespace MatterNano.Host;

internal static class Program
{
    private static int Main(string[] args)
    {
        return HostOptions.Parse(args, options =>
        {
            OnboardingPayload p = new OnboardingPayload { VendorId = 0xfff1, ProductId = 0x8001, Discovery = 4, Discriminator = 3840, Passcode = 20202021 };
            Output o = options.Json ? new JsonOutput(Console.OpenStandardOutput()) : new TextOutput(AnsiConsole.Console);
            o.Ready(new ReadyInformation { Port = options.Port, QrCode = p.ToQrCode(), ManualCode = p.ToManualCode(), Passcode = p.Passcode, Discriminator = 3840, VendorId = 0xfff1, ProductId = 0x8001, Storage = options.Storage });
            return 0;
        });
    }
}
