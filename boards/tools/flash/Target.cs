using System;
using System.Linq;

namespace MatterNano.Flash;

/// <summary>A firmware target the light is made for.</summary>
/// <param name="Name">nanoFramework's name.</param>
/// <param name="Chip">The chip it is for, as nanoff names it.</param>
/// <param name="Address">Where its deployment partition begins. Left out, nanoff takes 0x1B0000 for all, inside the firmware of most.</param>
internal sealed record Target(string Name, string Chip, string Address)
{
    /// <summary>All of them.</summary>
    public static readonly Target[] All =
    {
        new Target("ESP32_C6_THREAD", "ESP32-C6", "0x250000"),
        new Target("ESP32_C5_THREAD", "ESP32-C5", "0x250000"),
        new Target("ESP32_S3_QUAD", "ESP32-S3", "0x1B0000"),
        new Target("ESP32_S3_OCTAL", "ESP32-S3", "0x1B0000"),
        new Target("ESP32_BLE_REV3", "ESP32", "0x1E0000"),
        new Target("ESP32_C3", "ESP32-C3", "0x1B0000"),
    };

    /// <summary>The target of a name; null if the light is not made for it.</summary>
    public static Target Find(string name)
    {
        return Array.Find(All, t => t.Name == name);
    }

    /// <summary>Names of the targets for a chip, for the user; null if there is none.</summary>
    public static string NamesFor(string chip)
    {
        string[] names = All.Where(t => t.Chip == chip).Select(t => t.Name).ToArray();
        return names.Length == 0 ? null : string.Join(" or ", names);
    }
}
