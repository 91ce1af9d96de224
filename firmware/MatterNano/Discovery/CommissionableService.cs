namespace MatterNano.Discovery;

/// <summary>What a device that can be commissioned tells in DNS-SD (Core 4.3.1). Filled anew by the node each time; reused.</summary>
public sealed class CommissionableService
{
    /// <summary>0 to 4095 (D, subtypes _L and _S).</summary>
    public int Discriminator;

    /// <summary>1: a window opened by the device itself; 2: by an administrator (CM, subtype _CM); 0: found, but no window.</summary>
    public int CommissioningMode;

    /// <summary>Vendor (VP, subtype _V).</summary>
    public int VendorId;

    /// <summary>Product (VP).</summary>
    public int ProductId;

    /// <summary>Main device type (DT, subtype _T); 0: not told.</summary>
    public uint DeviceType;

    /// <summary>User's name for the device, at most 32 bytes (DN); null: not told.</summary>
    public string DeviceName;

    /// <summary>Rotating device identifier in upper-case hexadecimal, at most 100 characters (RI); null: not told.</summary>
    public string RotatingId;

    /// <summary>How to bring the device into commissioning mode, a bit set (PH); 0: not told.</summary>
    public int PairingHint;

    /// <summary>Text that the pairing hint asks for, at most 128 bytes (PI); null: none.</summary>
    public string PairingInstruction;

    internal bool IsSameAs(CommissionableService other)
    {
        return Discriminator == other.Discriminator
            && CommissioningMode == other.CommissioningMode
            && VendorId == other.VendorId
            && ProductId == other.ProductId
            && DeviceType == other.DeviceType
            && DeviceName == other.DeviceName
            && RotatingId == other.RotatingId
            && PairingHint == other.PairingHint
            && PairingInstruction == other.PairingInstruction;
    }
}
