namespace MatterNano.Boards.Esp32;

/// <summary>Which pins the light uses on which firmware target. The one place to change for another board.</summary>
public static class BoardPins
{
    /// <summary>GPIO of the LED: 330 ohm in series to ground, lit when high. The addressable LED of development kits needs another driver.</summary>
    /// <param name="target">Name of the firmware target.</param>
    public static int Led(string target)
    {
        switch (target)
        {
            case "ESP32_C6_THREAD":
            case "ESP32_C5_THREAD":
                return 10;
            case "ESP32_C3":
                return 5;
            case "ESP32_S3_QUAD":
            case "ESP32_S3_OCTAL":
                return 4;
            case "ESP32_P4":
                return 20;
            default:
                // ESP32: the LED of most development boards.
                return 2;
        }
    }

    /// <summary>GPIO of the button: to ground when pressed. The BOOT button of the usual boards.</summary>
    /// <param name="target">Name of the firmware target.</param>
    public static int Button(string target)
    {
        switch (target)
        {
            case "ESP32_C6_THREAD":
            case "ESP32_C3":
                return 9;
            case "ESP32_C5_THREAD":
                return 28;
            case "ESP32_P4":
                return 35;
            default:
                return 0;
        }
    }
}
