namespace MatterNano.Credentials;

/// <summary>Parts of a device's attestation; the certificates have the numbers of CertificateChainTypeEnum (Core 11.18.4.3).</summary>
public static class AttestationItem
{
    /// <summary>Device attestation certificate, X.509 DER, 600 bytes at most.</summary>
    public const int DeviceAttestationCertificate = 1;

    /// <summary>Product attestation intermediate certificate, X.509 DER, 600 bytes at most.</summary>
    public const int ProductAttestationIntermediate = 2;

    /// <summary>Certification declaration, CMS SignedData.</summary>
    public const int CertificationDeclaration = 3;
}
