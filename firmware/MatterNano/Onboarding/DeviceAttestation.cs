using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Platform;

namespace MatterNano.Onboarding;

/// <summary>The attestation of a device out of its flash: records "identity.dac", "identity.pai", "identity.cd" (DER) and "identity.key" (32 bytes).</summary>
/// <remarks>Nothing is held in RAM: attestation is asked for once a commissioning.</remarks>
public sealed class DeviceAttestation : IAttestationProvider
{
    /// <summary>Record of the device attestation certificate.</summary>
    public const string CertificateRecord = DeviceIdentity.Record + ".dac";

    /// <summary>Record of the product attestation intermediate certificate.</summary>
    public const string IntermediateRecord = DeviceIdentity.Record + ".pai";

    /// <summary>Record of the certification declaration.</summary>
    public const string DeclarationRecord = DeviceIdentity.Record + ".cd";

    /// <summary>Record of the device attestation private key, 32 bytes.</summary>
    public const string KeyRecord = DeviceIdentity.Record + ".key";

    private readonly IFlash _flash;
    private readonly IRandom _random;
    private readonly byte[] _key = new byte[P256.PrivateKeySize];

    /// <summary>Makes the provider over the flash that the factory filled.</summary>
    public DeviceAttestation(IFlash flash, IRandom random)
    {
        _flash = flash;
        _random = random;
    }

    /// <inheritdoc/>
    public int Read(int item, byte[] buffer, int offset, int capacity)
    {
        string name = item == AttestationItem.DeviceAttestationCertificate ? CertificateRecord
            : item == AttestationItem.ProductAttestationIntermediate ? IntermediateRecord
            : item == AttestationItem.CertificationDeclaration ? DeclarationRecord : null;
        int length = name == null ? -1 : _flash.Read(name, buffer, offset, capacity);
        return length < 0 ? -1 : length;
    }

    /// <inheritdoc/>
    public bool Sign(byte[] hash, int hashOffset, byte[] signature, int signatureOffset)
    {
        bool signed = _flash.Read(KeyRecord, _key, 0, _key.Length) == _key.Length
            && P256.Sign(_key, 0, hash, hashOffset, signature, signatureOffset, _random);
        Secrets.Wipe(_key);
        return signed;
    }
}
