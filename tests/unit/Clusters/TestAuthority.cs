using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Platform;
using MatterNano.Tlv;
using NFUnitTest.Fakes;

namespace NFUnitTest.Clusters;

/// <summary>A commissioner's certificate authority: a root that signs itself and node certificates.</summary>
internal sealed class TestAuthority
{
    internal readonly byte[] Root;

    private readonly byte[] _privateKey = new byte[32];
    private readonly byte[] _publicKey = new byte[65];
    private readonly ulong _id;
    private readonly IRandom _random;

    internal TestAuthority(ulong id, IRandom random)
    {
        _id = id;
        _random = random;
        P256.GenerateKeyPair(random, _privateKey, 0, _publicKey, 0);
        CertificateMaker maker = CertificateMaker.NewRoot(id);
        maker.PublicKey = _publicKey;
        Root = Sign(maker.Make());
    }

    /// <summary>A node certificate for a public key.</summary>
    internal byte[] Issue(ulong nodeId, ulong fabricId, byte[] publicKey)
    {
        CertificateMaker maker = CertificateMaker.NewNode(nodeId, fabricId, CertificateMaker.Root, _id);
        maker.PublicKey = publicKey;
        return Sign(maker.Make());
    }

    private byte[] Sign(byte[] certificate)
    {
        MatterCertificate parsed = new MatterCertificate();
        TlvReader reader = new TlvReader();
        parsed.Parse(reader, certificate, 0, certificate.Length);
        byte[] body = new byte[MatterCertificate.MaxToBeSigned];
        DerWriter writer = new DerWriter();
        writer.Init(body, 0, body.Length);
        int length = parsed.WriteToBeSigned(reader, writer);
        Sha256 sha = new Sha256();
        byte[] hash = new byte[32];
        sha.Init();
        sha.Update(body, 0, length);
        sha.Final(hash, 0);
        P256.Sign(_privateKey, 0, hash, 0, certificate, parsed.SignatureOffset, _random);
        return certificate;
    }
}
