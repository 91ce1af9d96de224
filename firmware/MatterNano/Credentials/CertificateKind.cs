namespace MatterNano.Credentials;

/// <summary>Kinds of operational certificates, told by the subject (Core 6.5.6).</summary>
public static class CertificateKind
{
    /// <summary>None of the known kinds.</summary>
    public const int Unknown = 0;

    /// <summary>RCAC: root.</summary>
    public const int Root = 1;

    /// <summary>ICAC: intermediate.</summary>
    public const int Intermediate = 2;

    /// <summary>NOC: node.</summary>
    public const int Node = 3;

    /// <summary>Firmware signer.</summary>
    public const int FirmwareSigner = 4;

    /// <summary>VVSC: signer of vendor verification statements.</summary>
    public const int VendorVerificationSigner = 5;
}
