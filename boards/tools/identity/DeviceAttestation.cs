namespace MatterNano.Identity;

/// <summary>One device's attestation material: what a device stores, and proves itself with (Core 6.2, 6.3).</summary>
public sealed class DeviceAttestation
{
    internal DeviceAttestation(byte[] certificate, byte[] privateKey, byte[] publicKey, byte[] intermediate, byte[] declaration)
    {
        Certificate = certificate;
        PrivateKey = privateKey;
        PublicKey = publicKey;
        Intermediate = intermediate;
        Declaration = declaration;
    }

    /// <summary>DAC: X.509, DER, 600 bytes at most.</summary>
    public byte[] Certificate { get; }

    /// <summary>Private key of the DAC, 32 bytes. Secret.</summary>
    public byte[] PrivateKey { get; }

    /// <summary>Public key of the DAC, 65 bytes.</summary>
    public byte[] PublicKey { get; }

    /// <summary>PAI: X.509, DER, 600 bytes at most.</summary>
    public byte[] Intermediate { get; }

    /// <summary>Certification declaration: CMS SignedData, DER.</summary>
    public byte[] Declaration { get; }
}
