using System.Collections.Generic;
using Tmds.DBus.Protocol;

namespace MatterNano.Host.Bluez;

/// <summary>What BlueZ advertises for us: flags, and the 8 bytes of service data (Core 5.4.2.5.6).</summary>
internal static class Advertisement
{
    /// <summary>Its path.</summary>
    public const string Path = MatterService.Root + "/advertisement";

    /// <summary>The object to be put on the bus while it is advertised.</summary>
    /// <param name="serviceData">8 bytes.</param>
    /// <param name="isFast">True: every 20 to 60 ms, for whoever is looking now; false: every 150 to 1,200 ms (Core 5.4.2.5.4).</param>
    /// <param name="released">BlueZ advertises it no longer.</param>
    public static BusObject Make(byte[] serviceData, bool isFast, System.Action released)
    {
        Dictionary<string, VariantValue> properties = new()
        {
            ["Type"] = "peripheral",
            ["Discoverable"] = true, // Flags 0x06: general discoverable, no BR/EDR.
            ["MinInterval"] = isFast ? 20u : 150u,
            ["MaxInterval"] = isFast ? 60u : 1200u,
            ["ServiceData"] = new Dict<string, VariantValue> { [MatterService.ServiceUuid] = VariantValue.Array(serviceData) }.AsVariantValue(),
        };
        return new BusObject(Path, "org.bluez.LEAdvertisement1", properties, context =>
        {
            if (context.Request.MemberAsString != "Release")
            {
                return false;
            }

            BusObject.Done(context);
            released();
            return true;
        });
    }
}
