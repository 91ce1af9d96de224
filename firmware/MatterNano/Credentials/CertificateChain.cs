using MatterNano.Crypto;
using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Credentials;

/// <summary>Root, intermediate (if any) and node certificate of one node, and the rules that tie them (Core 6.5, 6.4.5).</summary>
/// <remarks>
/// <see cref="Load"/> checks everything that costs no elliptic-curve work; <see cref="VerifySignatures"/> does that work and may
/// run on the worker, as long as nobody else touches this object or the bytes meanwhile. The bytes stay in the caller's arrays.
/// </remarks>
public sealed class CertificateChain
{
    private readonly IClock _clock;
    private readonly Sha256 _sha;
    private readonly TlvReader _reader;
    private readonly TlvReader _otherReader;
    private readonly DerWriter _writer;
    private readonly MatterCertificate _root;
    private readonly MatterCertificate _intermediate;
    private readonly MatterCertificate _node;
    private readonly byte[] _digest;
    private bool _hasIntermediate;

    /// <summary>Makes an empty chain.</summary>
    /// <param name="clock">For validity, when it knows the wall time.</param>
    public CertificateChain(IClock clock)
    {
        _clock = clock;
        _sha = new Sha256();
        _reader = new TlvReader();
        _otherReader = new TlvReader();
        _writer = new DerWriter();
        _root = new MatterCertificate();
        _intermediate = new MatterCertificate();
        _node = new MatterCertificate();
        _digest = new byte[32];
    }

    /// <summary>The root.</summary>
    public MatterCertificate Root
    {
        get { return _root; }
    }

    /// <summary>The intermediate; null when the root signed the node certificate.</summary>
    public MatterCertificate Intermediate
    {
        get { return _hasIntermediate ? _intermediate : null; }
    }

    /// <summary>The node certificate.</summary>
    public MatterCertificate Node
    {
        get { return _node; }
    }

    /// <summary>Reads a root that stands alone (AddTrustedRootCertificate) and checks all but its signature.</summary>
    /// <returns>One of <see cref="CertificateStatus"/>.</returns>
    public int LoadRoot(byte[] root, int offset, int length)
    {
        _intermediate.Clear();
        _node.Clear();
        _hasIntermediate = false;
        int status = _root.Parse(_reader, root, offset, length);
        if (status != CertificateStatus.Ok)
        {
            return status;
        }

        if (_root.Kind != CertificateKind.Root)
        {
            return CertificateStatus.WrongKind;
        }

        // Self-issued, and names its own key.
        return CheckLink(_root, _root);
    }

    /// <summary>Reads a chain and checks all but its signatures.</summary>
    /// <param name="root">The root certificate.</param>
    /// <param name="rootOffset">Its first byte.</param>
    /// <param name="rootLength">Its length.</param>
    /// <param name="intermediate">The ICAC; not used when its length is 0.</param>
    /// <param name="intermediateOffset">Its first byte.</param>
    /// <param name="intermediateLength">Its length; 0 for none.</param>
    /// <param name="node">The NOC.</param>
    /// <param name="nodeOffset">Its first byte.</param>
    /// <param name="nodeLength">Its length.</param>
    /// <returns>One of <see cref="CertificateStatus"/>.</returns>
    public int Load(byte[] root, int rootOffset, int rootLength, byte[] intermediate, int intermediateOffset, int intermediateLength, byte[] node, int nodeOffset, int nodeLength)
    {
        int status = LoadRoot(root, rootOffset, rootLength);
        if (status != CertificateStatus.Ok)
        {
            return status;
        }

        MatterCertificate issuer = _root;
        if (intermediateLength > 0)
        {
            status = _intermediate.Parse(_reader, intermediate, intermediateOffset, intermediateLength);
            if (status != CertificateStatus.Ok)
            {
                return status;
            }

            if (_intermediate.Kind != CertificateKind.Intermediate)
            {
                return CertificateStatus.WrongKind;
            }

            status = CheckLink(_intermediate, _root);
            if (status != CertificateStatus.Ok)
            {
                return status;
            }

            if (_root.PathLength == 0)
            {
                return CertificateStatus.PathTooLong;
            }

            _hasIntermediate = true;
            issuer = _intermediate;
        }

        status = _node.Parse(_reader, node, nodeOffset, nodeLength);
        if (status != CertificateStatus.Ok)
        {
            return status;
        }

        if (_node.Kind != CertificateKind.Node)
        {
            return CertificateStatus.WrongKind;
        }

        status = CheckLink(_node, issuer);
        if (status != CertificateStatus.Ok)
        {
            return status;
        }

        // A fabric identifier above the node, where there is one, is the node's (Core 6.5.6.3).
        if ((_root.FabricId != 0 && _root.FabricId != _node.FabricId)
            || (_hasIntermediate && _intermediate.FabricId != 0 && _intermediate.FabricId != _node.FabricId))
        {
            return CertificateStatus.FabricMismatch;
        }

        return CertificateStatus.Ok;
    }

    /// <summary>Verifies the signatures below the root: one, or two with an intermediate. Slow on a chip.</summary>
    /// <param name="scratch">Room for one X.509 body, <see cref="MatterCertificate.MaxToBeSigned"/> bytes.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Its length.</param>
    /// <returns>One of <see cref="CertificateStatus"/>.</returns>
    public int VerifySignatures(byte[] scratch, int offset, int length)
    {
        if (_hasIntermediate)
        {
            int status = Verify(_intermediate, _root, scratch, offset, length);
            return status != CertificateStatus.Ok ? status : Verify(_node, _intermediate, scratch, offset, length);
        }

        return Verify(_node, _root, scratch, offset, length);
    }

    /// <summary>Verifies the root's signature over itself: once, when it is added.</summary>
    /// <param name="scratch">Room for one X.509 body, <see cref="MatterCertificate.MaxToBeSigned"/> bytes.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Its length.</param>
    /// <returns>One of <see cref="CertificateStatus"/>.</returns>
    public int VerifyRootSignature(byte[] scratch, int offset, int length)
    {
        return Verify(_root, _root, scratch, offset, length);
    }

    /// <summary>SHA-256 over node certificate, intermediate and root public key: names a chain whose signatures were verified before.</summary>
    /// <param name="certificates">Has hashed both certificates, each behind its length.</param>
    /// <param name="hash">Where the 32 bytes go.</param>
    /// <param name="hashOffset">Their first byte.</param>
    public void GetFingerprint(Sha256 certificates, byte[] hash, int hashOffset)
    {
        certificates.Update(_root.Buffer, _root.PublicKeyOffset, 65);
        certificates.Final(hash, hashOffset);
    }

    /// <summary>Compares the node certificate's public key with another.</summary>
    /// <param name="publicKey">65 bytes.</param>
    /// <param name="offset">Their first.</param>
    public bool IsNodeKey(byte[] publicKey, int offset)
    {
        return Secrets.AreEqual(_node.Buffer, _node.PublicKeyOffset, publicKey, offset, 65);
    }

    private int CheckLink(MatterCertificate certificate, MatterCertificate issuer)
    {
        if (!certificate.IsIssuedBy(issuer, _reader, _otherReader))
        {
            return CertificateStatus.IssuerMismatch;
        }

        if (!Secrets.AreEqual(certificate.Buffer, certificate.AuthorityKeyIdentifierOffset, issuer.Buffer, issuer.SubjectKeyIdentifierOffset, 20))
        {
            return CertificateStatus.KeyIdentifierMismatch;
        }

        uint now;
        if (_clock.TryGetEpochSeconds(out now))
        {
            if (now < certificate.NotBefore)
            {
                return CertificateStatus.NotYetValid;
            }

            if (certificate.NotAfter != 0 && now > certificate.NotAfter)
            {
                return CertificateStatus.Expired;
            }
        }

        return CertificateStatus.Ok;
    }

    private int Verify(MatterCertificate certificate, MatterCertificate issuer, byte[] scratch, int offset, int length)
    {
        _writer.Init(scratch, offset, offset + length);
        int body = certificate.WriteToBeSigned(_reader, _writer);
        if (body < 0)
        {
            return CertificateStatus.TooLong;
        }

        _sha.Init();
        _sha.Update(scratch, offset, body);
        _sha.Final(_digest, 0);
        return P256.Verify(issuer.Buffer, issuer.PublicKeyOffset, _digest, 0, certificate.Buffer, certificate.SignatureOffset)
            ? CertificateStatus.Ok
            : CertificateStatus.BadSignature;
    }
}
