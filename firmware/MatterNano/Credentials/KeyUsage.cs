namespace MatterNano.Credentials;

/// <summary>Bits of the key usage extension as Matter TLV holds them (Core 6.5.11.2).</summary>
public static class KeyUsage
{
    /// <summary>digitalSignature.</summary>
    public const int DigitalSignature = 0x0001;

    /// <summary>keyCertSign.</summary>
    public const int KeyCertSign = 0x0020;

    /// <summary>cRLSign.</summary>
    public const int CrlSign = 0x0040;

    internal const int All = 0x01ff;
}
