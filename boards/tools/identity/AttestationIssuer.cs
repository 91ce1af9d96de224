using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MatterNano.Identity;

/// <summary>Issues attestation certificates (Core 6.2.2). Every call draws new keys and serial numbers.</summary>
public static class AttestationIssuer
{
    // 1.3.6.1.4.1.37244.2.1 and .2: vendor and product in a subject (Core 6.2.2.2).
    private const string VendorAttribute = "1.3.6.1.4.1.37244.2.1";
    private const string ProductAttribute = "1.3.6.1.4.1.37244.2.2";
    private const string CommonName = "2.5.4.3";
    private const int MaxDer = 600;

    /// <summary>Issues a whole device identity under the public test authorities: new PAI, new DAC, test certification declaration.</summary>
    /// <param name="vendor">0xFFF1 to 0xFFF4.</param>
    /// <param name="product">1 to 0xFFFF.</param>
    /// <param name="deviceType">Device type of the primary endpoint, for the declaration.</param>
    /// <exception cref="ArgumentOutOfRangeException">Vendor or product is out of range.</exception>
    public static DeviceAttestation IssueTestDevice(int vendor, int product, int deviceType)
    {
        if (vendor < TestAuthorities.FirstTestVendor || vendor > TestAuthorities.LastTestVendor)
        {
            throw new ArgumentOutOfRangeException(nameof(vendor), "The test authorities are for the vendors 0xFFF1 to 0xFFF4.");
        }

        using CertificateAuthority paa = CertificateAuthority.TestPaa();
        using CertificateAuthority pai = IssueIntermediate(paa, vendor);
        byte[] declaration = CertificationDeclaration.CreateTest(vendor, product, deviceType);
        return IssueDevice(pai, vendor, product, declaration);
    }

    /// <summary>Issues a PAI for a vendor.</summary>
    /// <param name="paa">The issuer.</param>
    /// <param name="vendor">1 to 0xFFF4; the PAA's own vendor when it has one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The vendor is out of range, or not the PAA's.</exception>
    public static CertificateAuthority IssueIntermediate(CertificateAuthority paa, int vendor)
    {
        CheckVendor(paa, vendor);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X500DistinguishedName subject = Subject("Matter Test PAI", vendor, 0);
        byte[] der = Issue(paa, subject, key, true, paa.Certificate.NotBefore, paa.Certificate.NotAfter);
        byte[] privateKey = EllipticKey.ExportPrivate(key);
        CertificateAuthority pai = new CertificateAuthority(der, privateKey);
        Array.Clear(privateKey);
        return pai;
    }

    /// <summary>Issues a DAC with a new key.</summary>
    /// <param name="pai">The issuer: one made here, or a vendor's own.</param>
    /// <param name="vendor">The PAI's vendor.</param>
    /// <param name="product">1 to 0xFFFF; the PAI's own product when it has one.</param>
    /// <param name="declaration">The certification declaration that goes with it.</param>
    /// <exception cref="ArgumentOutOfRangeException">Vendor or product is out of range, or not the PAI's.</exception>
    public static DeviceAttestation IssueDevice(CertificateAuthority pai, int vendor, int product, byte[] declaration)
    {
        CheckVendor(pai, vendor);
        int issuerProduct = ReadAttribute(pai.Certificate.SubjectName, ProductAttribute);
        if (product < 1 || product > 0xffff || (issuerProduct != 0 && issuerProduct != product))
        {
            throw new ArgumentOutOfRangeException(nameof(product));
        }

        // Verifiers want the DAC's first moment inside the validity of those above, also where the PC's clock is wrong.
        DateTime notBefore = DateTime.UtcNow.AddDays(-1);
        if (notBefore < pai.Certificate.NotBefore.ToUniversalTime() || notBefore > pai.Certificate.NotAfter.ToUniversalTime())
        {
            notBefore = pai.Certificate.NotBefore.ToUniversalTime();
        }

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X500DistinguishedName subject = Subject("Matter Test DAC", vendor, product);
        byte[] der = Issue(pai, subject, key, false, notBefore, pai.Certificate.NotAfter);
        return new DeviceAttestation(der, EllipticKey.ExportPrivate(key), EllipticKey.ExportPublic(key), pai.Der, declaration);
    }

    /// <summary>The vendor that a certificate's subject names, or 0.</summary>
    public static int ReadVendor(X509Certificate2 certificate)
    {
        return ReadAttribute(certificate.SubjectName, VendorAttribute);
    }

    private static void CheckVendor(CertificateAuthority issuer, int vendor)
    {
        int own = ReadVendor(issuer.Certificate);
        if (vendor < 1 || vendor > TestAuthorities.LastTestVendor || (own != 0 && own != vendor))
        {
            throw new ArgumentOutOfRangeException(nameof(vendor));
        }
    }

    private static byte[] Issue(CertificateAuthority issuer, X500DistinguishedName subject, ECDsa key, bool authority, DateTime notBefore, DateTime notAfter)
    {
        CertificateRequest request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, authority, 0, true));
        X509KeyUsageFlags usage = authority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, X509SubjectKeyIdentifierHashAlgorithm.Sha1, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer.Certificate, true, false));

        // Eight bytes whose first bit is not set and whose first byte is not zero: a short positive number.
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40);
        using X509Certificate2 certificate = request.Create(
            issuer.Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(issuer.Key),
            new DateTimeOffset(notBefore.ToUniversalTime()),
            new DateTimeOffset(notAfter.ToUniversalTime()),
            serial);
        byte[] der = certificate.RawData;
        return der.Length <= MaxDer ? der : throw new CryptographicException("The certificate is longer than 600 bytes.");
    }

    private static X500DistinguishedName Subject(string commonName, int vendor, int product)
    {
        AsnWriter writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            PutAttribute(writer, CommonName, commonName);
            PutAttribute(writer, VendorAttribute, vendor.ToString("X4"));
            if (product != 0)
            {
                PutAttribute(writer, ProductAttribute, product.ToString("X4"));
            }
        }

        return new X500DistinguishedName(writer.Encode());
    }

    private static void PutAttribute(AsnWriter writer, string identifier, string value)
    {
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(identifier);
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
        }
    }

    private static int ReadAttribute(X500DistinguishedName name, string identifier)
    {
        foreach (X500RelativeDistinguishedName part in name.EnumerateRelativeDistinguishedNames(false))
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == identifier)
            {
                return Convert.ToInt32(part.GetSingleElementValue(), 16);
            }
        }

        return 0;
    }
}
