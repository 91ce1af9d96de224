using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MatterNano.Identity;

/// <summary>An issuing certificate with its key: a PAA or a PAI, the test one or a vendor's own.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly ECDsa _key;

    /// <summary>Makes one.</summary>
    /// <param name="certificate">X.509, DER.</param>
    /// <param name="privateKey">32 bytes, P-256.</param>
    /// <exception cref="CryptographicException">The key does not belong to the certificate, or one of them is malformed.</exception>
    public CertificateAuthority(byte[] certificate, byte[] privateKey)
    {
        _certificate = X509CertificateLoader.LoadCertificate(certificate);
        byte[] publicKey = _certificate.PublicKey.EncodedKeyValue.RawData;
        _key = EllipticKey.Import(privateKey, publicKey);
    }

    /// <summary>The public Matter Test PAA.</summary>
    public static CertificateAuthority TestPaa()
    {
        return new CertificateAuthority(TestAuthorities.PaaCertificate, TestAuthorities.PaaPrivateKey);
    }

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate
    {
        get { return _certificate; }
    }

    /// <summary>The certificate, X.509, DER.</summary>
    public byte[] Der
    {
        get { return _certificate.RawData; }
    }

    internal ECDsa Key
    {
        get { return _key; }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
