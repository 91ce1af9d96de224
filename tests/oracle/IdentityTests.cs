using System;
using System.Collections;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MatterNano.Identity;
using MatterNano.Tlv;
using Org.BouncyCastle.Cms;
using Xunit;

namespace MatterNano.Oracle;

/// <summary>Issued device identities against .NET's chain building and BouncyCastle's CMS.</summary>
public class IdentityTests
{
    [Theory]
    [InlineData(0xfff1, 0x8000)]
    [InlineData(0xfff4, 1)]
    public void DacChainsToTheTestPaa(int vendor, int product)
    {
        DeviceAttestation device = AttestationIssuer.IssueTestDevice(vendor, product, 0x0100);
        using X509Certificate2 paa = X509CertificateLoader.LoadCertificate(TestAuthorities.PaaCertificate);
        using X509Certificate2 pai = X509CertificateLoader.LoadCertificate(device.Intermediate);
        using X509Certificate2 dac = X509CertificateLoader.LoadCertificate(device.Certificate);
        using X509Chain chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(paa);
        chain.ChainPolicy.ExtraStore.Add(pai);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.True(chain.Build(dac), chain.ChainStatus.Length > 0 ? chain.ChainStatus[0].StatusInformation : string.Empty);
        Assert.Equal(3, chain.ChainElements.Count);

        // Core 6.2.2.3 to 6.2.2.5.
        Assert.True(device.Certificate.Length <= 600 && device.Intermediate.Length <= 600);
        Assert.Equal(vendor, AttestationIssuer.ReadVendor(dac));
        Assert.Equal(vendor, AttestationIssuer.ReadVendor(pai));
        Assert.Contains("1.3.6.1.4.1.37244.2.2=" + product.ToString("X4"), dac.SubjectName.Name.Replace("OID.", string.Empty));
        Assert.True(dac.NotBefore >= pai.NotBefore && pai.NotBefore >= paa.NotBefore && dac.NotAfter <= pai.NotAfter && pai.NotAfter <= paa.NotAfter);
        CheckExtensions(pai, paa, true, X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign);
        CheckExtensions(dac, pai, false, X509KeyUsageFlags.DigitalSignature);

        using ECDsa key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = device.PrivateKey });
        byte[] data = { 1, 2, 3 };
        using ECDsa certified = dac.GetECDsaPublicKey();
        Assert.True(certified.VerifyData(data, key.SignData(data, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
        Assert.Equal(dac.PublicKey.EncodedKeyValue.RawData, device.PublicKey);
    }

    [Fact]
    public void TwoDevicesShareNothingSecret()
    {
        HashSet<string> seen = new HashSet<string>();
        for (int i = 0; i < 10; i++)
        {
            DeviceAttestation device = AttestationIssuer.IssueTestDevice(0xfff1, 0x8000, 0x0100);
            using X509Certificate2 pai = X509CertificateLoader.LoadCertificate(device.Intermediate);
            using X509Certificate2 dac = X509CertificateLoader.LoadCertificate(device.Certificate);
            Assert.True(seen.Add(Convert.ToHexString(device.PrivateKey)));
            Assert.True(seen.Add(Convert.ToHexString(pai.PublicKey.EncodedKeyValue.RawData)));
            Assert.True(seen.Add(dac.SerialNumber));
            Assert.True(seen.Add(pai.SerialNumber));
        }
    }

    [Fact]
    public void DeclarationIsSignedByTheTestSigner()
    {
        byte[] declaration = CertificationDeclaration.CreateTest(0xfff1, 0x8001, 0x010a);
        CmsSignedData signed = new CmsSignedData(declaration);
        Org.BouncyCastle.X509.X509Certificate signer = new Org.BouncyCastle.X509.X509CertificateParser().ReadCertificate(TestAuthorities.CdSignerCertificate);
        int count = 0;
        foreach (SignerInformation information in (IEnumerable)signed.GetSignerInfos().GetSigners())
        {
            Assert.True(information.Verify(signer));
            Assert.True(information.SignerID.Match(signer));
            count++;
        }

        Assert.Equal(1, count);
        System.IO.MemoryStream content = new System.IO.MemoryStream();
        signed.SignedContent.Write(content);
        byte[] tlv = content.ToArray();
        TlvReader reader = new TlvReader();
        reader.Init(tlv, 0, tlv.Length);
        Assert.True(reader.Expect(TlvTag.Anonymous, TlvType.Structure) && reader.Enter());
        CheckNumber(reader, 0, 1);
        CheckNumber(reader, 1, 0xfff1);
        Assert.True(reader.Expect(2, TlvType.Array) && reader.Enter());
        Assert.True(reader.Next() && reader.TryGetUnsigned(out ulong product) && product == 0x8001);
        Assert.True(!reader.Next() && reader.Exit());
        CheckNumber(reader, 3, 0x010a);
        Assert.True(reader.Next() && reader.TryGetString(out string id) && id == "CSA00000SWC00000-00");
        CheckNumber(reader, 5, 0);
        CheckNumber(reader, 6, 0);
        CheckNumber(reader, 7, 1);
        CheckNumber(reader, 8, 0);
        Assert.True(!reader.Next() && reader.Exit() && !reader.Next() && !reader.HasError);
    }

    [Fact]
    public void WrongNumbersAndKeysAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AttestationIssuer.IssueTestDevice(0x1234, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttestationIssuer.IssueTestDevice(0xfff1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttestationIssuer.IssueTestDevice(0xfff1, 0x10000, 1));
        Assert.ThrowsAny<CryptographicException>(() => new CertificateAuthority(TestAuthorities.PaaCertificate, TestAuthorities.CdSignerPrivateKey));
        Assert.ThrowsAny<CryptographicException>(() => new CertificateAuthority(TestAuthorities.PaaCertificate, new byte[31]));
        using CertificateAuthority paa = CertificateAuthority.TestPaa();
        using CertificateAuthority pai = AttestationIssuer.IssueIntermediate(paa, 0xfff2);
        Assert.Throws<ArgumentOutOfRangeException>(() => AttestationIssuer.IssueDevice(pai, 0xfff1, 1, Array.Empty<byte>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => AttestationIssuer.IssueIntermediate(pai, 0xfff1));
    }

    private static void CheckNumber(TlvReader reader, uint tag, ulong value)
    {
        Assert.True(reader.Expect(tag, TlvType.UnsignedInteger) && reader.TryGetUnsigned(out ulong found) && found == value);
    }

    private static void CheckExtensions(X509Certificate2 certificate, X509Certificate2 issuer, bool authority, X509KeyUsageFlags usage)
    {
        Assert.Equal(4, certificate.Extensions.Count);
        X509BasicConstraintsExtension constraints = (X509BasicConstraintsExtension)certificate.Extensions["2.5.29.19"];
        Assert.True(constraints.Critical);
        Assert.Equal(authority, constraints.CertificateAuthority);
        Assert.Equal(authority, constraints.HasPathLengthConstraint);
        Assert.Equal(0, constraints.PathLengthConstraint);
        X509KeyUsageExtension keyUsage = (X509KeyUsageExtension)certificate.Extensions["2.5.29.15"];
        Assert.True(keyUsage.Critical);
        Assert.Equal(usage, keyUsage.KeyUsages);
        X509SubjectKeyIdentifierExtension own = (X509SubjectKeyIdentifierExtension)certificate.Extensions["2.5.29.14"];
        Assert.Equal(SHA1.HashData(certificate.PublicKey.EncodedKeyValue.RawData), own.SubjectKeyIdentifierBytes.ToArray());
        X509AuthorityKeyIdentifierExtension above = (X509AuthorityKeyIdentifierExtension)certificate.Extensions["2.5.29.35"];
        X509SubjectKeyIdentifierExtension issuers = (X509SubjectKeyIdentifierExtension)issuer.Extensions["2.5.29.14"];
        Assert.Equal(issuers.SubjectKeyIdentifierBytes.ToArray(), above.KeyIdentifier.Value.ToArray());
        Assert.False(own.Critical || above.Critical);
    }
}
