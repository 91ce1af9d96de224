namespace MatterNano.Flash;

/// <summary>The firmware targets the light is made for.</summary>
internal static class Targets
{
    /// <summary>All names.</summary>
    public static readonly string[] Names =
    {
        "ESP32_C6_THREAD", "ESP32_C5_THREAD", "ESP32_S3_QUAD", "ESP32_S3_OCTAL", "ESP32_BLE_REV3", "ESP32_C3",
    };

    /// <summary>Where the deployment partition begins; null for an unknown target. Left out, nanoff takes 0x1B0000 for all, inside the firmware of most.</summary>
    public static string Address(string target)
    {
        switch (target)
        {
            case "ESP32_C6_THREAD":
            case "ESP32_C5_THREAD":
                return "0x250000";
            case "ESP32_BLE_REV3":
                return "0x1E0000";
            case "ESP32_S3_QUAD":
            case "ESP32_S3_OCTAL":
            case "ESP32_C3":
                return "0x1B0000";
            default:
                return null;
        }
    }
}
