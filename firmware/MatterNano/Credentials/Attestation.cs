using MatterNano.Crypto;
using MatterNano.Tlv;

namespace MatterNano.Credentials;

/// <summary>Answers to AttestationRequest and CSRRequest: the elements and the signature over them (Core 11.18.4.5, 11.18.4.7).</summary>
public sealed class Attestation
{
    /// <summary>Length of the nonces in bytes.</summary>
    public const int NonceLength = 32;

    private readonly IAttestationProvider _provider;
    private readonly TlvWriter _writer;
    private readonly Sha256 _sha;
    private readonly byte[] _digest;

    /// <summary>Makes one.</summary>
    /// <param name="provider">The device's identity.</param>
    public Attestation(IAttestationProvider provider)
    {
        _provider = provider;
        _writer = new TlvWriter();
        _sha = new Sha256();
        _digest = new byte[32];
    }

    /// <summary>The device's identity.</summary>
    public IAttestationProvider Provider
    {
        get { return _provider; }
    }

    /// <summary>Writes attestation-elements: 1 certification declaration, 2 nonce, 3 timestamp.</summary>
    /// <param name="nonce">32 bytes of the request.</param>
    /// <param name="nonceOffset">Their first.</param>
    /// <param name="timestamp">Seconds since 2000-01-01 UTC, or 0 when unknown.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Index of the first byte.</param>
    /// <param name="capacity">Bytes there.</param>
    /// <returns>Their length; -1 when there is no declaration or it does not fit.</returns>
    public int WriteElements(byte[] nonce, int nonceOffset, uint timestamp, byte[] buffer, int offset, int capacity)
    {
        // The declaration is read behind its own head: structure 1, and control, tag and two bytes of length.
        const int Head = 5;
        if (capacity < Head)
        {
            return -1;
        }

        int length = _provider.Read(AttestationItem.CertificationDeclaration, buffer, offset + Head, capacity - Head);
        if (length < 0)
        {
            return -1;
        }

        _writer.Init(buffer, offset, offset + capacity);
        _writer.StartStructure(TlvTag.Anonymous);
        if (length <= 0xff && !_writer.Overflow)
        {
            System.Array.Copy(buffer, offset + Head, buffer, offset + Head - 1, length);
        }

        _writer.PutBytesInPlace(1, length);
        _writer.PutBytes(2, nonce, nonceOffset, NonceLength);
        _writer.PutUnsigned(3, timestamp);
        _writer.EndContainer();
        return _writer.Overflow ? -1 : _writer.Length;
    }

    /// <summary>Writes nocsr-elements: 1 certificate signing request, 2 nonce.</summary>
    /// <param name="csr">The request.</param>
    /// <param name="csrOffset">Its first byte.</param>
    /// <param name="csrLength">Its length.</param>
    /// <param name="nonce">32 bytes of the command.</param>
    /// <param name="nonceOffset">Their first.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Index of the first byte.</param>
    /// <param name="capacity">Bytes there.</param>
    /// <returns>Their length; -1 when they do not fit.</returns>
    public int WriteNocsrElements(byte[] csr, int csrOffset, int csrLength, byte[] nonce, int nonceOffset, byte[] buffer, int offset, int capacity)
    {
        _writer.Init(buffer, offset, offset + capacity);
        _writer.StartStructure(TlvTag.Anonymous);
        _writer.PutBytes(1, csr, csrOffset, csrLength);
        _writer.PutBytes(2, nonce, nonceOffset, NonceLength);
        _writer.EndContainer();
        return _writer.Overflow ? -1 : _writer.Length;
    }

    /// <summary>Signs elements followed by the session's attestation challenge with the device attestation key.</summary>
    /// <param name="elements">The elements as sent.</param>
    /// <param name="offset">Their first byte.</param>
    /// <param name="length">Their length.</param>
    /// <param name="challenge">16 bytes of the session.</param>
    /// <param name="challengeOffset">Their first.</param>
    /// <param name="signature">Where the 64 bytes go.</param>
    /// <param name="signatureOffset">Their first.</param>
    /// <returns>False when the identity cannot sign.</returns>
    public bool Sign(byte[] elements, int offset, int length, byte[] challenge, int challengeOffset, byte[] signature, int signatureOffset)
    {
        _sha.Init();
        _sha.Update(elements, offset, length);
        _sha.Update(challenge, challengeOffset, 16);
        _sha.Final(_digest, 0);
        return _provider.Sign(_digest, 0, signature, signatureOffset);
    }
}
