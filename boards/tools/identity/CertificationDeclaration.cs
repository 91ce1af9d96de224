using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MatterNano.Tlv;

namespace MatterNano.Identity;

/// <summary>Certification declarations (Core 6.3): TLV in a CMS SignedData (RFC 5652), signed by the test CD signing key.</summary>
public static class CertificationDeclaration
{
    private const string SignedData = "1.2.840.113549.1.7.2";
    private const string Data = "1.2.840.113549.1.7.1";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";

    /// <summary>Makes a declaration of type "development and test" for one product.</summary>
    /// <param name="vendor">0xFFF1 to 0xFFF4.</param>
    /// <param name="product">1 to 0xFFFF.</param>
    /// <param name="deviceType">Device type of the primary endpoint.</param>
    /// <exception cref="ArgumentOutOfRangeException">Vendor or product is out of range.</exception>
    public static byte[] CreateTest(int vendor, int product, int deviceType)
    {
        if (vendor < TestAuthorities.FirstTestVendor || vendor > TestAuthorities.LastTestVendor)
        {
            throw new ArgumentOutOfRangeException(nameof(vendor));
        }

        if (product < 1 || product > 0xffff)
        {
            throw new ArgumentOutOfRangeException(nameof(product));
        }

        byte[] content = WriteContent(vendor, product, deviceType);
        using CertificateAuthority signer = new CertificateAuthority(TestAuthorities.CdSignerCertificate, TestAuthorities.CdSignerPrivateKey);
        byte[] signature = signer.Key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        X509SubjectKeyIdentifierExtension identifier = null;
        foreach (X509Extension extension in signer.Certificate.Extensions)
        {
            identifier = extension as X509SubjectKeyIdentifierExtension ?? identifier;
        }

        return Wrap(content, identifier.SubjectKeyIdentifierBytes.ToArray(), signature);
    }

    // Core 6.3.1: 0 format version, 1 vendor, 2 products, 3 device type, 4 certificate id, 5 security level, 6 security information,
    // 7 version number, 8 certification type (0 development and test).
    private static byte[] WriteContent(int vendor, int product, int deviceType)
    {
        byte[] buffer = new byte[128];
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 0, buffer.Length);
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutUnsigned(0, 1);
        writer.PutUnsigned(1, (ulong)vendor);
        writer.StartArray(2);
        writer.PutUnsigned(TlvTag.Anonymous, (ulong)product);
        writer.EndContainer();
        writer.PutUnsigned(3, (ulong)deviceType);
        writer.PutString(4, "CSA00000SWC00000-00");
        writer.PutUnsigned(5, 0);
        writer.PutUnsigned(6, 0);
        writer.PutUnsigned(7, 1);
        writer.PutUnsigned(8, 0);
        writer.EndContainer();
        return buffer.AsSpan(0, writer.Length).ToArray();
    }

    private static byte[] Wrap(byte[] content, byte[] signerKeyIdentifier, byte[] signature)
    {
        Asn1Tag zero = new Asn1Tag(TagClass.ContextSpecific, 0);
        AsnWriter writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(SignedData);
            using (writer.PushSequence(zero))
            using (writer.PushSequence())
            {
                writer.WriteInteger(3);
                using (writer.PushSetOf())
                {
                    PutAlgorithm(writer, Sha256);
                }

                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Data);
                    using (writer.PushSequence(zero))
                    {
                        writer.WriteOctetString(content);
                    }
                }

                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteInteger(3);
                    writer.WriteOctetString(signerKeyIdentifier, zero);
                    PutAlgorithm(writer, Sha256);
                    PutAlgorithm(writer, EcdsaWithSha256);
                    writer.WriteOctetString(signature);
                }
            }
        }

        return writer.Encode();
    }

    private static void PutAlgorithm(AsnWriter writer, string identifier)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(identifier);
        }
    }
}
