using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MatterNano.Credentials;
using MatterNano.Tlv;
using Xunit;

namespace MatterNano.Oracle;

/// <summary>Certificates of matter.js, Google, Apple, Amazon, SmartThings, Aqara and one recording (sources in the file) against our parser, and .NET's.</summary>
public class CertificateVectorTests
{
    private readonly TlvReader _reader = new TlvReader();
    private readonly DerWriter _writer = new DerWriter();

    public static IEnumerable<object[]> Names()
    {
        foreach (JsonElement certificate in Vectors().GetProperty("certificates").EnumerateArray())
        {
            yield return new object[] { certificate.GetProperty("name").GetString() };
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TlvBecomesThePrintedX509(string name)
    {
        JsonElement expected = Find("certificates", name);
        byte[] tlv = Bytes(expected, "tlvHex");
        MatterCertificate certificate = new MatterCertificate();
        Assert.Equal(CertificateStatus.Ok, certificate.Parse(_reader, tlv, 0, tlv.Length));

        byte[] buffer = new byte[MatterCertificate.MaxToBeSigned];
        _writer.Init(buffer, 0, buffer.Length);
        int length = certificate.WriteToBeSigned(_reader, _writer);
        byte[] body = buffer.AsSpan(0, length).ToArray();
        Assert.Equal(Convert.ToHexString(Bytes(expected, "toBeSignedDerHex")), Convert.ToHexString(body));

        buffer = new byte[900];
        _writer.Init(buffer, 0, buffer.Length);
        byte[] der = buffer.AsSpan(0, certificate.WriteX509(_reader, _writer)).ToArray();
        if (expected.TryGetProperty("certificateDerHex", out JsonElement derHex))
        {
            Assert.Equal(derHex.GetString(), Convert.ToHexString(der).ToLowerInvariant());
        }

        // .NET reads what we wrote, and agrees on the fields and on the signature.
        using X509Certificate2 parsed = X509CertificateLoader.LoadCertificate(der);
        Assert.Equal(der, parsed.RawData);
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(946684800L + certificate.NotBefore), parsed.NotBefore.ToUniversalTime());
        DateTime end = certificate.NotAfter == 0 ? new DateTime(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc) : DateTime.UnixEpoch.AddSeconds(946684800L + certificate.NotAfter);
        Assert.Equal(end, parsed.NotAfter.ToUniversalTime());
        Assert.Equal(tlv.AsSpan(certificate.PublicKeyOffset, 65).ToArray(), parsed.PublicKey.EncodedKeyValue.RawData);
        byte[] issuerKey = Bytes(expected, "issuerPublicKeyHex");
        byte[] hash = SHA256.HashData(body);
        byte[] signature = tlv.AsSpan(certificate.SignatureOffset, 64).ToArray();
        using ECDsa key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = issuerKey[1..33], Y = issuerKey[33..] } });
        Assert.Equal(expected.GetProperty("signatureIsValid").GetBoolean(), key.VerifyHash(hash, signature));
        Assert.Equal(expected.GetProperty("signatureIsValid").GetBoolean(), MatterNano.Crypto.P256.Verify(issuerKey, 0, hash, 0, signature, 0));

        int kind = expected.GetProperty("kind").GetString() switch { "rcac" => CertificateKind.Root, "icac" => CertificateKind.Intermediate, _ => CertificateKind.Node };
        Assert.Equal(kind, certificate.Kind);
        foreach (JsonElement attribute in expected.GetProperty("subject").EnumerateArray())
        {
            string value = attribute.GetProperty("value").GetString();
            switch (attribute.GetProperty("attribute").GetString())
            {
                case "fabricId":
                    Assert.Equal(Convert.ToUInt64(value, 16), certificate.FabricId);
                    break;
                case "nodeId":
                    Assert.Equal(Convert.ToUInt64(value, 16), certificate.NodeId);
                    break;
                case "caseAuthenticatedTag":
                    Assert.Equal(Convert.ToUInt32(value, 16), certificate.GetCaseAuthenticatedTag(0));
                    break;
                case "rcacId":
                case "icacId":
                    Assert.Equal(Convert.ToUInt64(value, 16), certificate.AuthorityId);
                    break;
            }
        }
    }

    [Theory]
    [InlineData("General Test", false)]
    [InlineData("Matter 1.2 Specification", true)]
    [InlineData("Apple", false)]
    [InlineData("Google", true)]
    [InlineData("Amazon", true)]
    [InlineData("SmartThings", true)]
    [InlineData("Aqara", true)]
    public void CompleteChainsAreAccepted(string name, bool withIntermediate)
    {
        byte[] root = Bytes(Find("certificates", name + ": root"), "tlvHex");
        byte[] intermediate = withIntermediate ? Bytes(Find("certificates", name + ": intermediate"), "tlvHex") : Array.Empty<byte>();
        byte[] node = Bytes(Find("certificates", name + ": node"), "tlvHex");
        CertificateChain chain = new CertificateChain(new NoClock());
        Assert.Equal(CertificateStatus.Ok, chain.Load(root, 0, root.Length, intermediate, 0, intermediate.Length, node, 0, node.Length));
        byte[] scratch = new byte[MatterCertificate.MaxToBeSigned];
        Assert.Equal(CertificateStatus.Ok, chain.VerifyRootSignature(scratch, 0, scratch.Length));
        Assert.Equal(CertificateStatus.Ok, chain.VerifySignatures(scratch, 0, scratch.Length));
    }

    [Fact]
    public void ChangedBytesOfACertificateAreNeverAccepted()
    {
        byte[] root = Bytes(Find("certificates", "Google: root"), "tlvHex");
        byte[] intermediate = Bytes(Find("certificates", "Google: intermediate"), "tlvHex");
        byte[] node = Bytes(Find("certificates", "Google: node"), "tlvHex");
        byte[] scratch = new byte[MatterCertificate.MaxToBeSigned];
        CertificateChain chain = new CertificateChain(new NoClock());
        for (int i = 0; i < node.Length; i++)
        {
            node[i] ^= (byte)(1 << (i % 8));
            bool accepted = chain.Load(root, 0, root.Length, intermediate, 0, intermediate.Length, node, 0, node.Length) == CertificateStatus.Ok
                && chain.VerifySignatures(scratch, 0, scratch.Length) == CertificateStatus.Ok;
            Assert.False(accepted, "byte " + i);
            node[i] ^= (byte)(1 << (i % 8));
        }
    }

    [Fact]
    public void RequestsAreReadAndVerifiedByDotNet()
    {
        SeededRandom random = new SeededRandom(4);
        for (int i = 0; i < 20; i++)
        {
            byte[] privateKey = new byte[32];
            byte[] publicKey = new byte[65];
            MatterNano.Crypto.P256.GenerateKeyPair(random, privateKey, 0, publicKey, 0);
            byte[] buffer = new byte[Csr.MaxLength];
            int length = Csr.Write(random, privateKey, 0, publicKey, 0, buffer, 0, buffer.Length);

            // Loading verifies the signature.
            CertificateRequest request = CertificateRequest.LoadSigningRequest(buffer.AsSpan(0, length).ToArray(), HashAlgorithmName.SHA256);
            Assert.Equal(publicKey, request.PublicKey.EncodedKeyValue.RawData);
            Assert.Equal("O=CSR", request.SubjectName.Name);
        }
    }

    private static JsonElement Vectors()
    {
        using Stream stream = typeof(CertificateVectorTests).Assembly.GetManifestResourceStream("operational-certificates.json");
        return JsonDocument.Parse(stream).RootElement.Clone();
    }

    private static JsonElement Find(string list, string name)
    {
        foreach (JsonElement element in Vectors().GetProperty(list).EnumerateArray())
        {
            if (element.GetProperty("name").GetString() == name)
            {
                return element;
            }
        }

        throw new InvalidOperationException(name);
    }

    private static byte[] Bytes(JsonElement element, string property)
    {
        return Convert.FromHexString(element.GetProperty(property).GetString());
    }

    private sealed class NoClock : MatterNano.Platform.IClock
    {
        public long Milliseconds
        {
            get { return 0; }
        }

        public bool TryGetEpochSeconds(out uint seconds)
        {
            seconds = 0;
            return false;
        }
    }
}
