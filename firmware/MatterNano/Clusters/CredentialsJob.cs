using System;
using MatterNano.Credentials;
using MatterNano.Platform;

namespace MatterNano.Clusters;

/// <summary>The elliptic-curve work of one Operational Credentials command. Holds copies of all that it needs, because a message is gone by then.</summary>
internal sealed class CredentialsJob : WorkerJob
{
    internal const int KindAttestation = 0;
    internal const int KindCsr = 1;
    internal const int KindRoot = 2;
    internal const int KindChain = 3;

    /// <summary>Longest DAC or PAI (Core 6.2.2).</summary>
    internal const int MaxAttestationCertificate = 600;

    /// <summary>Longest attestation or NOCSR elements (RESP_MAX, Core 11.18.4.5).</summary>
    internal const int MaxElements = 900;

    // Places in Work. Elements and certificates never stand there together.
    internal const int ChallengeAt = 0;
    internal const int SignatureAt = ChallengeAt + 16;
    internal const int IpkAt = SignatureAt + 64;
    internal const int NonceAt = IpkAt + 16;
    internal const int ElementsAt = NonceAt + Attestation.NonceLength;
    internal const int CsrAt = ElementsAt + MaxElements;
    internal const int RootAt = ElementsAt;
    internal const int NocAt = RootAt + Limits.MaxCertificate;
    internal const int IcacAt = NocAt + Limits.MaxCertificate;
    internal const int ScratchAt = IcacAt + Limits.MaxCertificate;

    internal readonly byte[] Work = new byte[ScratchAt + MatterCertificate.MaxToBeSigned];
    internal readonly CertificateChain Chain;

    private readonly OperationalCredentialsCluster _owner;
    private readonly FabricTable _fabrics;
    private readonly IRandom _random;
    private readonly Attestation _attestation;

    internal int Kind;
    internal bool Succeeded;
    internal bool IsUpdate;
    internal int ElementsLength;
    internal int RootLength;
    internal int NocLength;
    internal int IcacLength;

    internal CredentialsJob(OperationalCredentialsCluster owner, IAttestationProvider identity, FabricTable fabrics, IClock clock, IRandom random)
    {
        _owner = owner;
        _fabrics = fabrics;
        _random = random;
        _attestation = new Attestation(identity);
        Chain = new CertificateChain(clock);
    }

    internal bool PrepareAttestation(byte[] buffer, int nonce, uint seconds)
    {
        Kind = KindAttestation;
        ElementsLength = _attestation.WriteElements(buffer, nonce, seconds, Work, ElementsAt, MaxElements);
        return ElementsLength >= 0;
    }

    internal void PrepareCsr(byte[] buffer, int nonce, bool forUpdate)
    {
        Kind = KindCsr;
        IsUpdate = forUpdate;
        Array.Copy(buffer, nonce, Work, NonceAt, Attestation.NonceLength);
    }

    internal bool PrepareRoot(byte[] buffer, int root, int length)
    {
        Kind = KindRoot;
        RootLength = length;
        if (length > Limits.MaxCertificate)
        {
            return false;
        }

        Array.Copy(buffer, root, Work, RootAt, length);
        return Chain.LoadRoot(Work, RootAt, length) == CertificateStatus.Ok;
    }

    /// <summary>Takes the certificates of AddNOC or UpdateNOC; the root already stands in <see cref="Work"/>.</summary>
    /// <param name="buffer">The message.</param>
    /// <param name="noc">Where the NOC begins.</param>
    /// <param name="nocLength">Its length.</param>
    /// <param name="icac">Where the ICAC begins.</param>
    /// <param name="icacLength">Its length; 0 for none.</param>
    /// <param name="rootLength">Length of the root; -1 when it could not be read.</param>
    /// <param name="ipk">Where the identity protection key begins; -1 for UpdateNOC.</param>
    /// <returns>One of <see cref="NodeOperationalCertStatus"/>.</returns>
    internal int PrepareChain(byte[] buffer, int noc, int nocLength, int icac, int icacLength, int rootLength, int ipk)
    {
        Kind = KindChain;
        IsUpdate = ipk < 0;
        RootLength = rootLength;
        NocLength = nocLength;
        IcacLength = icacLength;
        Array.Copy(buffer, noc, Work, NocAt, nocLength);
        Array.Copy(buffer, icac, Work, IcacAt, icacLength);
        if (ipk >= 0)
        {
            Array.Copy(buffer, ipk, Work, IpkAt, GroupKeyStore.KeySize);
        }

        if (rootLength < 0
            || Chain.Load(Work, RootAt, rootLength, Work, IcacAt, icacLength, Work, NocAt, nocLength) != CertificateStatus.Ok)
        {
            return NodeOperationalCertStatus.InvalidNoc;
        }

        ulong node = Chain.Node.NodeId;
        return node == 0 || node > 0xffffffefffffffffUL ? NodeOperationalCertStatus.InvalidNodeOpId : NodeOperationalCertStatus.Ok;
    }

    /// <inheritdoc/>
    public override void Run()
    {
        switch (Kind)
        {
            case KindAttestation:
                Succeeded = _attestation.Sign(Work, ElementsAt, ElementsLength, Work, ChallengeAt, Work, SignatureAt);
                break;
            case KindCsr:
                int length = _fabrics.CreateCsr(_random, IsUpdate, Work, CsrAt, Csr.MaxLength);
                ElementsLength = length < 0
                    ? -1
                    : _attestation.WriteNocsrElements(Work, CsrAt, length, Work, NonceAt, Work, ElementsAt, MaxElements);
                Succeeded = ElementsLength >= 0
                    && _attestation.Sign(Work, ElementsAt, ElementsLength, Work, ChallengeAt, Work, SignatureAt);
                break;
            case KindRoot:
                Succeeded = Chain.VerifyRootSignature(Work, ScratchAt, MatterCertificate.MaxToBeSigned) == CertificateStatus.Ok;
                break;
            default:
                Succeeded = Chain.VerifySignatures(Work, ScratchAt, MatterCertificate.MaxToBeSigned) == CertificateStatus.Ok;
                break;
        }
    }

    /// <inheritdoc/>
    public override void Completed()
    {
        _owner.OnJobCompleted();
    }

    internal void WipeSecrets()
    {
        Secrets.Wipe(Work, ChallengeAt, 16);
        Secrets.Wipe(Work, IpkAt, GroupKeyStore.KeySize);
    }

    internal void Wipe()
    {
        Secrets.Wipe(Work);
    }
}
