namespace MatterNano.Credentials;

/// <summary>What proves where a device comes from (Core 6.2): supplied by the board's identity.</summary>
public interface IAttestationProvider
{
    /// <summary>Reads a certificate or the certification declaration.</summary>
    /// <param name="item">One of <see cref="AttestationItem"/>.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Index of the first byte.</param>
    /// <param name="capacity">Bytes there.</param>
    /// <returns>Its length; -1 when there is none or it does not fit.</returns>
    int Read(int item, byte[] buffer, int offset, int capacity);

    /// <summary>Signs with the device attestation key.</summary>
    /// <param name="hash">SHA-256 of what is signed, 32 bytes.</param>
    /// <param name="hashOffset">Their first.</param>
    /// <param name="signature">Where the 64 bytes go, r then s.</param>
    /// <param name="signatureOffset">Their first.</param>
    /// <returns>False when there is no key.</returns>
    bool Sign(byte[] hash, int hashOffset, byte[] signature, int signatureOffset);
}
