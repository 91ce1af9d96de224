using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MatterNano.Credentials;
using MatterNano.Tlv;
using Xunit;

namespace MatterNano.Oracle;

/// <summary>Random certificates made by .NET, said again in Matter TLV, must give the same X.509 body.</summary>
public class CertificateConversionTests
{
    private static readonly DateTimeOffset s_epoch = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void RandomCertificatesGiveTheBodyOfDotNet()
    {
        Random random = new Random(20250101);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECPoint q = key.ExportParameters(false).Q;
        byte[] publicKey = new byte[65];
        publicKey[0] = 4;
        q.X.CopyTo(publicKey, 1);
        q.Y.CopyTo(publicKey, 33);
        for (int i = 0; i < 400; i++)
        {
            int kind = random.Next(3);
            uint notBefore = (uint)random.NextInt64(0, 0x100000000);
            uint notAfter = random.Next(4) == 0 ? 0 : (uint)random.NextInt64(notBefore, 0x100000000);
            int pathLength = kind == 2 ? -1 : random.Next(-1, 256);
            int usage = (random.Next(512) & ~0x20) | (kind == 2 ? 1 : 0x20);
            byte[] serial = new byte[random.Next(1, 20)];
            random.NextBytes(serial);
            serial[0] = (byte)((serial[0] & 0x3f) | 0x40);
            byte[] identifier = new byte[20];
            byte[] authority = new byte[20];
            random.NextBytes(identifier);
            random.NextBytes(authority);

            TlvWriter tlv = new TlvWriter();
            byte[] buffer = new byte[600];
            tlv.Init(buffer, 0, buffer.Length);
            tlv.StartStructure(TlvTag.Anonymous);
            tlv.PutBytes(1, serial, 0, serial.Length);
            tlv.PutUnsigned(2, 1);
            X500DistinguishedName issuer = PutName(random, tlv, 3, random.Next(2), out _);
            tlv.PutUnsigned(4, notBefore);
            tlv.PutUnsigned(5, notAfter);
            X500DistinguishedName subject = PutName(random, tlv, 6, kind, out _);
            tlv.PutUnsigned(7, 1);
            tlv.PutUnsigned(8, 1);
            tlv.PutBytes(9, publicKey, 0, 65);

            CertificateRequest request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
            tlv.StartList(10);
            int start = random.Next(5);
            for (int n = 0; n < 5; n++)
            {
                PutExtension(tlv, request, 1 + ((start + n) % 5), kind, pathLength, usage, identifier, authority);
            }

            tlv.EndContainer();
            tlv.PutBytes(11, new byte[64], 0, 64);
            tlv.EndContainer();
            Assert.False(tlv.Overflow);
            if (tlv.Length > Limits.MaxCertificate)
            {
                continue;
            }

            DateTimeOffset end = notAfter == 0 ? new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero) : s_epoch.AddSeconds(notAfter);
            using X509Certificate2 expected = request.Create(issuer, X509SignatureGenerator.CreateForECDsa(key), s_epoch.AddSeconds(notBefore), end, serial);
            AsnReader outer = new AsnReader(expected.RawData, AsnEncodingRules.DER).ReadSequence();
            byte[] body = outer.ReadEncodedValue().ToArray();

            TlvReader reader = new TlvReader();
            MatterCertificate certificate = new MatterCertificate();
            Assert.Equal(CertificateStatus.Ok, certificate.Parse(reader, buffer, 0, tlv.Length));
            byte[] written = new byte[MatterCertificate.MaxToBeSigned];
            DerWriter der = new DerWriter();
            der.Init(written, 0, written.Length);
            int length = certificate.WriteToBeSigned(reader, der);
            Assert.Equal(Convert.ToHexString(body), Convert.ToHexString(written, 0, length));
        }
    }

    [Fact]
    public void SignaturesGoBothWaysAsInDotNet()
    {
        Random random = new Random(5);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] data = new byte[32];
        for (int i = 0; i < 300; i++)
        {
            random.NextBytes(data);
            byte[] der = key.SignHash(data, DSASignatureFormat.Rfc3279DerSequence);
            byte[] raw = new byte[64];
            Assert.True(EcdsaSignature.FromDer(der, 0, der.Length, raw, 0));
            Assert.True(key.VerifyHash(data, raw));
            byte[] again = new byte[EcdsaSignature.MaxDerLength];
            Assert.Equal(der, again.AsSpan(0, EcdsaSignature.ToDer(raw, 0, again, 0, again.Length)).ToArray());
        }
    }

    // kind: 0 root, 1 intermediate, 2 node.
    private static X500DistinguishedName PutName(Random random, TlvWriter tlv, uint tag, int kind, out int count)
    {
        string[] standard = { "2.5.4.3", "2.5.4.4", "2.5.4.5", "2.5.4.6", "2.5.4.7", "2.5.4.8", "2.5.4.10", "2.5.4.11", "2.5.4.12", "2.5.4.41", "2.5.4.42", "2.5.4.43", "2.5.4.44", "2.5.4.46", "2.5.4.65" };
        AsnWriter asn = new AsnWriter(AsnEncodingRules.DER);
        count = 1;
        using (asn.PushSequence())
        {
            tlv.StartList(tag);
            while (random.Next(3) == 0 && count < 3)
            {
                int n = random.Next(standard.Length);
                bool printable = random.Next(2) == 0;
                string text = printable ? "Ab 1" : "\u00fcb\ud83d\ude00";
                tlv.PutString((uint)(n + 1) | (printable ? 0x80u : 0), text);
                PutAttribute(asn, standard[n], printable ? UniversalTagNumber.PrintableString : UniversalTagNumber.UTF8String, text);
                count++;
            }

            ulong id = (ulong)random.NextInt64(1, long.MaxValue) >> random.Next(60);
            id = id == 0 ? 1 : id;
            tlv.PutUnsigned(kind == 0 ? 20u : kind == 1 ? 19u : 17u, id);
            PutAttribute(asn, "1.3.6.1.4.1.37244.1." + (kind == 0 ? 4 : kind == 1 ? 3 : 1), UniversalTagNumber.UTF8String, id.ToString("X16"));
            if (kind == 2 || random.Next(2) == 0)
            {
                ulong fabric = (ulong)random.NextInt64(1, long.MaxValue);
                tlv.PutUnsigned(21, fabric);
                PutAttribute(asn, "1.3.6.1.4.1.37244.1.5", UniversalTagNumber.UTF8String, fabric.ToString("X16"));
            }

            if (kind == 2 && random.Next(2) == 0)
            {
                uint cat = ((uint)random.Next(0x10000) << 16) | (uint)random.Next(1, 0x10000);
                tlv.PutUnsigned(22, cat);
                PutAttribute(asn, "1.3.6.1.4.1.37244.1.6", UniversalTagNumber.UTF8String, cat.ToString("X8"));
            }

            tlv.EndContainer();
        }

        return new X500DistinguishedName(asn.Encode());
    }

    private static void PutAttribute(AsnWriter asn, string identifier, UniversalTagNumber type, string value)
    {
        using (asn.PushSetOf())
        using (asn.PushSequence())
        {
            asn.WriteObjectIdentifier(identifier);
            asn.WriteCharacterString(type, value);
        }
    }

    private static void PutExtension(TlvWriter tlv, CertificateRequest request, int extension, int kind, int pathLength, int usage, byte[] identifier, byte[] authority)
    {
        switch (extension)
        {
            case 1:
                tlv.StartStructure(1);
                tlv.PutBoolean(1, kind != 2);
                if (pathLength >= 0)
                {
                    tlv.PutUnsigned(2, (ulong)pathLength);
                }

                tlv.EndContainer();
                request.CertificateExtensions.Add(new X509BasicConstraintsExtension(kind != 2, pathLength >= 0, Math.Max(0, pathLength), true));
                break;
            case 2:
                // .NET's flags: digitalSignature 0x80 down to encipherOnly 1, decipherOnly 0x8000.
                int flags = 0;
                for (int bit = 0; bit < 8; bit++)
                {
                    flags |= (usage & (1 << bit)) != 0 ? 0x80 >> bit : 0;
                }

                flags |= (usage & 0x100) != 0 ? 0x8000 : 0;
                tlv.PutUnsigned(2, (ulong)usage);
                request.CertificateExtensions.Add(new X509KeyUsageExtension((X509KeyUsageFlags)flags, true));
                break;
            case 3:
                if (kind != 2)
                {
                    return;
                }

                string[] arcs = { "1", "2", "3", "4", "8", "9" };
                OidCollection purposes = new OidCollection();
                tlv.StartArray(3);
                for (int n = 6; n >= 1; n--)
                {
                    tlv.PutUnsigned(TlvTag.Anonymous, (ulong)n);
                    purposes.Add(new Oid("1.3.6.1.5.5.7.3." + arcs[n - 1]));
                }

                tlv.EndContainer();
                request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, true));
                break;
            case 4:
                tlv.PutBytes(4, identifier, 0, 20);
                request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(identifier, false));
                break;
            default:
                tlv.PutBytes(5, authority, 0, 20);
                request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(authority));
                break;
        }
    }
}
