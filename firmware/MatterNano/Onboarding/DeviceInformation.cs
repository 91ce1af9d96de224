namespace MatterNano.Onboarding;

/// <summary>What the maker of a device says about it. Filled once at start; the defaults are for development only.</summary>
public class DeviceInformation
{
    /// <summary>Vendor name, 1 to 32 bytes of UTF-8.</summary>
    public string VendorName = "Test vendor";

    /// <summary>Vendor id; 0xFFF1 to 0xFFF4 are for tests.</summary>
    public int VendorId = 0xfff1;

    /// <summary>Product name, 1 to 32 bytes of UTF-8.</summary>
    public string ProductName = "MatterNano";

    /// <summary>Product id.</summary>
    public int ProductId = 0x8000;

    /// <summary>Hardware version, 0 to 65535.</summary>
    public int HardwareVersion = 1;

    /// <summary>Hardware version for people, 1 to 64 bytes of UTF-8.</summary>
    public string HardwareVersionString = "1";

    /// <summary>Software version; rises with each release.</summary>
    public uint SoftwareVersion = 1;

    /// <summary>Software version for people, 1 to 64 bytes of UTF-8.</summary>
    public string SoftwareVersionString = "0.1";

    /// <summary>Serial number, at most 32 bytes of UTF-8; null when the device has none.</summary>
    public string SerialNumber;
}
