using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Threading.Tasks;

namespace MatterNano.Peer;

/// <summary>What a commissioning made.</summary>
public sealed record Commissioned(PeerFabric Fabric, PeerIdentity Administrator, ulong NodeId, HandshakeResult Case, ImClient Client);

/// <summary>Commissions a node: PASE, fail-safe, attestation, credentials, CASE, complete (Core 5.5).</summary>
public static class PeerCommissioner
{
    /// <summary>Runs all steps; throws at the first that fails.</summary>
    /// <param name="peer">The controller.</param>
    /// <param name="passcode">Passcode of the open window.</param>
    /// <param name="fabric">Fabric to add the node to.</param>
    /// <param name="nodeId">Node id to give it.</param>
    /// <param name="administrator">Our own identity there.</param>
    public static async Task<Commissioned> RunAsync(MatterPeer peer, uint passcode, PeerFabric fabric, ulong nodeId, PeerIdentity administrator)
    {
        HandshakeResult pase = await PaseInitiator.RunAsync(peer, passcode).ConfigureAwait(false);
        if (!pase.IsSuccess)
        {
            throw new InvalidOperationException("PASE: " + pase.Status);
        }

        ImClient client = new(peer, pase.Session);
        Check("ArmFailSafe", await client.InvokeAsync(0, 0x30, 0, f => f.U(0, 60).U(1, 1)).ConfigureAwait(false), 1, 0);
        await AttestAsync(client).ConfigureAwait(false);
        byte[] nonce = peer.RandomBytes(32);
        ImInvokeResult csr = await client.InvokeAsync(0, 0x3e, 4, f => f.Bytes(0, nonce)).ConfigureAwait(false);
        Check("CSRRequest", csr, 5, -1);
        PeerElement elements = PeerElement.Parse(csr.Fields[0].Data);
        if (!CryptographicOperations.FixedTimeEquals(elements[2].Data, nonce))
        {
            throw new InvalidOperationException("CSRResponse repeats another nonce");
        }

        byte[] publicKey = CsrPublicKey(elements[1].Data);
        ImInvokeResult root = await client.InvokeAsync(0, 0x3e, 0x0b, f => f.Bytes(0, fabric.RootCertificate)).ConfigureAwait(false);
        Check("AddTrustedRootCertificate", root, -1, -1);
        byte[] noc = fabric.IssueNoc(nodeId, publicKey);
        ImInvokeResult added = await client.InvokeAsync(0, 0x3e, 6, f =>
        {
            f.Bytes(0, noc);
            f.Bytes(1, fabric.IntermediateCertificate ?? Array.Empty<byte>());
            f.Bytes(2, fabric.EpochKey).U(3, administrator.NodeId).U(4, 0xfff1);
        }).ConfigureAwait(false);
        Check("AddNOC", added, 8, 0);

        HandshakeResult secure = await CaseInitiator.RunAsync(peer, administrator, nodeId).ConfigureAwait(false);
        if (!secure.IsSuccess)
        {
            throw new InvalidOperationException("CASE: " + secure.Status);
        }

        ImClient operational = new(peer, secure.Session);
        Check("CommissioningComplete", await operational.InvokeAsync(0, 0x30, 4).ConfigureAwait(false), 5, 0);
        return new Commissioned(fabric, administrator, nodeId, secure, operational);
    }

    /// <summary>Verifies that the device attestation certificate signed our nonce on this very session.</summary>
    public static async Task AttestAsync(ImClient client)
    {
        ImInvokeResult chain = await client.InvokeAsync(0, 0x3e, 2, f => f.U(0, 1)).ConfigureAwait(false);
        Check("CertificateChainRequest", chain, 3, -1);
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(chain.Fields[0].Data);
        byte[] nonce = client.Peer.RandomBytes(32);
        ImInvokeResult answer = await client.InvokeAsync(0, 0x3e, 0, f => f.Bytes(0, nonce)).ConfigureAwait(false);
        Check("AttestationRequest", answer, 1, -1);
        byte[] signed = PeerCrypto.Concat(answer.Fields[0].Data, client.Session.AttestationChallenge);
        using ECDsa key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPublicKey(certificate);
        if (!key.VerifyData(signed, answer.Fields[1].Data, HashAlgorithmName.SHA256)
            || !CryptographicOperations.FixedTimeEquals(PeerElement.Parse(answer.Fields[0].Data)[2].Data, nonce))
        {
            throw new InvalidOperationException("AttestationResponse is signed wrongly");
        }
    }

    /// <summary>Public key of a PKCS#10 request whose signature is right.</summary>
    public static byte[] CsrPublicKey(byte[] csr)
    {
        AsnReader request = new AsnReader(csr, AsnEncodingRules.DER).ReadSequence();
        byte[] body = request.PeekEncodedValue().ToArray();
        AsnReader info = request.ReadSequence();
        info.ReadInteger();
        info.ReadSequence();
        AsnReader key = info.ReadSequence();
        key.ReadSequence();
        byte[] publicKey = key.ReadBitString(out _);
        request.ReadSequence();
        byte[] signature = request.ReadBitString(out _);
        using ECDsa ecdsa = ECDsa.Create(PeerCrypto.Import(publicKey));
        return ecdsa.VerifyData(body, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            ? publicKey
            : throw new InvalidOperationException("the certificate request is signed wrongly");
    }

    private static void Check(string step, ImInvokeResult result, int command, int errorCode)
    {
        if (result.Status != 0 || result.Command != command)
        {
            throw new InvalidOperationException($"{step}: status {result.Status}, command {result.Command}");
        }

        if (errorCode >= 0 && result.Fields[0].Unsigned != (ulong)errorCode)
        {
            throw new InvalidOperationException($"{step}: error {result.Fields[0].Unsigned}");
        }
    }
}
