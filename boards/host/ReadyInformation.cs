using System.Text.Json;

namespace MatterNano.Host;

/// <summary>What a user or a test needs to know of a light that is up.</summary>
internal sealed class ReadyInformation
{
    public int Port { get; init; }

    public string QrCode { get; init; }

    public string ManualCode { get; init; }

    public int Discriminator { get; init; }

    public uint Passcode { get; init; }

    public int VendorId { get; init; }

    public int ProductId { get; init; }

    public string SerialNumber { get; init; }

    /// <summary>Number of fabrics; 0: the light waits to be commissioned.</summary>
    public int Fabrics { get; init; }

    /// <summary>True when a commissioner is welcome now.</summary>
    public bool Commissionable { get; init; }

    public bool Mdns { get; init; }

    public string Storage { get; init; }

    public bool OnOff { get; init; }

    /// <summary>TCP port of the simulated BLE radio; 0 without one.</summary>
    public int BleRadio { get; init; }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("port", Port);
        writer.WriteString("qr", QrCode);
        writer.WriteString("manualCode", ManualCode);
        writer.WriteNumber("discriminator", Discriminator);
        writer.WriteNumber("passcode", Passcode);
        writer.WriteNumber("vendorId", VendorId);
        writer.WriteNumber("productId", ProductId);
        writer.WriteString("serialNumber", SerialNumber);
        writer.WriteNumber("fabrics", Fabrics);
        writer.WriteBoolean("commissionable", Commissionable);
        writer.WriteBoolean("mdns", Mdns);
        writer.WriteString("storage", Storage);
        writer.WriteBoolean("onOff", OnOff);
        if (BleRadio != 0)
        {
            writer.WriteNumber("bleRadio", BleRadio);
        }
    }
}
