using System;
using MatterNano.Credentials;
using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Operational Credentials (Core 11.18), revision 1: attestation, and how fabrics come, change and go.</summary>
/// <remarks>
/// Commands with elliptic-curve work run on the worker, one at a time, and answer later; another one meanwhile is told Busy.
/// Their memory is allocated at the first of them and given back with the fail-safe, because a commissioned device never needs it.
/// </remarks>
public sealed class OperationalCredentialsCluster : Cluster, IFabricListener
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x003e;

    private const uint Nocs = 0;
    private const uint Fabrics = 1;
    private const uint SupportedFabrics = 2;
    private const uint CommissionedFabrics = 3;
    private const uint TrustedRootCertificates = 4;
    private const uint CurrentFabricIndex = 5;

    private const uint AttestationRequest = 0x00;
    private const uint CertificateChainRequest = 0x02;
    private const uint CsrRequest = 0x04;
    private const uint AddNoc = 0x06;
    private const uint UpdateNoc = 0x07;
    private const uint UpdateFabricLabel = 0x09;
    private const uint RemoveFabric = 0x0a;
    private const uint AddTrustedRootCertificate = 0x0b;

    private const uint AttestationResponse = 0x01;
    private const uint CertificateChainResponse = 0x03;
    private const uint CsrResponse = 0x05;
    private const uint NocResponse = 0x08;

    private const int NonceSize = Attestation.NonceLength;

    private readonly FabricTable _fabrics;
    private readonly FailSafe _failSafe;
    private readonly CommissioningParts _parts;
    private readonly AccessControlCluster _accessCluster;
    private readonly IAttestationProvider _identity;
    private readonly IWorker _worker;
    private readonly IClock _clock;
    private readonly IRandom _random;
    private CredentialsJob _job;

    // The context of the running job; null when none runs.
    private InvokeContext _context;
    private int _period;
    private ulong _adminSubject;
    private int _adminVendorId;

    /// <summary>Creates the cluster and makes it a listener of the fabrics.</summary>
    /// <param name="fabrics">The node's fabrics.</param>
    /// <param name="failSafe">The node's fail-safe.</param>
    /// <param name="parts">What belongs to fabrics.</param>
    /// <param name="accessCluster">Told who makes that entry.</param>
    /// <param name="identity">The device's attestation.</param>
    /// <param name="worker">Runs elliptic-curve work.</param>
    /// <param name="clock">Wall time, if known.</param>
    /// <param name="random">Source of keys; also used on the worker.</param>
    public OperationalCredentialsCluster(
        FabricTable fabrics,
        FailSafe failSafe,
        CommissioningParts parts,
        AccessControlCluster accessCluster,
        IAttestationProvider identity,
        IWorker worker,
        IClock clock,
        IRandom random)
        : base(ClusterId)
    {
        _fabrics = fabrics;
        _failSafe = failSafe;
        _parts = parts;
        _accessCluster = accessCluster;
        _identity = identity;
        _worker = worker;
        _clock = clock;
        _random = random;
        fabrics.AddListener(this);
        parts.Credentials = this;
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 1; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        switch (index)
        {
            case 0: return Nocs | Element.ReadAdminister | Element.List | Element.FabricScoped;
            case 1: return Fabrics | Element.ReadView | Element.List | Element.FabricScoped;
            case 2: return SupportedFabrics | Element.ReadView;
            case 3: return CommissionedFabrics | Element.ReadView;
            case 4: return TrustedRootCertificates | Element.ReadAdminister | Element.List;
            case 5: return CurrentFabricIndex | Element.ReadView;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override uint GetCommand(int index)
    {
        switch (index)
        {
            case 0: return AttestationRequest | Element.InvokeAdminister | Element.Response(AttestationResponse);
            case 1: return CertificateChainRequest | Element.InvokeAdminister | Element.Response(CertificateChainResponse);
            case 2: return CsrRequest | Element.InvokeAdminister | Element.Response(CsrResponse);
            case 3: return AddNoc | Element.InvokeAdminister | Element.Response(NocResponse);
            case 4: return UpdateNoc | Element.InvokeAdminister | Element.FabricScoped | Element.Response(NocResponse);
            case 5: return UpdateFabricLabel | Element.InvokeAdminister | Element.FabricScoped | Element.Response(NocResponse);
            case 6: return RemoveFabric | Element.InvokeAdminister | Element.Response(NocResponse);
            case 7: return AddTrustedRootCertificate | Element.InvokeAdminister;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case SupportedFabrics:
                writer.PutUnsigned(tag, (uint)_fabrics.Capacity);
                return Status.Success;
            case CommissionedFabrics:
                writer.PutUnsigned(tag, (uint)_fabrics.Count);
                return Status.Success;
            case CurrentFabricIndex:
                writer.PutUnsigned(tag, (uint)context.FabricIndex);
                return Status.Success;
            default:
                return Status.UnsupportedAttribute;
        }
    }

    /// <inheritdoc/>
    public override int GetListCount(uint attribute, InteractionContext context)
    {
        int count = _fabrics.Count;
        return attribute == TrustedRootCertificates && HasUnusedRoot() ? count + 1 : count;
    }

    /// <inheritdoc/>
    public override int GetListItemFabric(uint attribute, int index)
    {
        Fabric fabric = FabricAt(index);
        return fabric == null ? 0 : fabric.Index;
    }

    /// <inheritdoc/>
    public override void ReadListItem(uint attribute, int index, TlvWriter writer, uint tag, InteractionContext context)
    {
        Fabric fabric = FabricAt(index);
        if (attribute == TrustedRootCertificates)
        {
            PutCertificate(writer, tag, fabric, CertificateKind.Root);
            return;
        }

        if (fabric == null)
        {
            writer.PutNull(tag);
            return;
        }

        writer.StartStructure(tag);
        if (attribute == Fabrics)
        {
            writer.PutBytes(1, fabric.Data, Fabric.RootPublicKeyOffset, 65);
            writer.PutUnsigned(2, (uint)fabric.VendorId);
            writer.PutUnsigned(3, fabric.FabricId);
            writer.PutUnsigned(4, fabric.NodeId);
            writer.PutString(5, fabric.Label);
        }
        else if (context.ShowsSensitiveOf(fabric.Index))
        {
            PutCertificate(writer, 1, fabric, CertificateKind.Node);
            PutCertificate(writer, 2, fabric, CertificateKind.Intermediate);
        }

        writer.PutUnsigned(FabricIndexTag, (uint)fabric.Index);
        writer.EndContainer();
    }

    // It is read into the message, behind the place where it will stand, so that it needs no memory of its own. No fabric: the root of none yet.
    private void PutCertificate(TlvWriter writer, uint tag, Fabric fabric, int kind)
    {
        int at = writer.BorrowAt;
        int room = writer.Borrowable < Limits.MaxCertificate ? writer.Borrowable : Limits.MaxCertificate;
        int length = -1;
        if (room > 0)
        {
            length = fabric == null ? _fabrics.ReadPendingRoot(writer.Buffer, at, room) : _fabrics.ReadCertificate(fabric, kind, writer.Buffer, at, room);
        }

        if (length < 0 && room < Limits.MaxCertificate)
        {
            // The rest of the message does not hold it.
            writer.Reserve(Limits.MaxCertificate + TlvWriter.BorrowGap);
        }
        else if (length <= 0 && kind == CertificateKind.Intermediate)
        {
            writer.PutNull(tag);
        }
        else
        {
            writer.PutBytes(tag, writer.Buffer, at, length < 0 ? 0 : length);
        }
    }

    /// <inheritdoc/>
    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        switch (command)
        {
            case AttestationRequest:
                return InvokeAttestation(fields, context);
            case CertificateChainRequest:
                return InvokeCertificateChain(fields, context);
            case CsrRequest:
                return InvokeCsr(fields, context);
            case AddNoc:
                return InvokeAddNoc(fields, context);
            case UpdateNoc:
                return InvokeUpdateNoc(fields, context);
            case UpdateFabricLabel:
                return InvokeUpdateFabricLabel(fields, context);
            case RemoveFabric:
                return InvokeRemoveFabric(fields, context);
            default:
                return InvokeAddTrustedRoot(fields, context);
        }
    }

    /// <inheritdoc/>
    public void OnFabricAdded(Fabric fabric)
    {
        ReportFabrics();
    }

    /// <inheritdoc/>
    public void OnFabricUpdated(Fabric fabric)
    {
        SetChanged(Nocs);
        SetChanged(Fabrics);
    }

    /// <inheritdoc/>
    public void OnFabricCommitted(Fabric fabric)
    {
    }

    /// <inheritdoc/>
    public void OnFabricRemoved(Fabric fabric)
    {
        ReportFabrics();
    }

    /// <summary>A root that no fabric took is gone: reports it.</summary>
    internal void OnRootDropped()
    {
        SetChanged(TrustedRootCertificates);
    }

    /// <inheritdoc/>
    public override long Process(long now)
    {
        if (_job != null && _context == null && !_failSafe.IsArmed)
        {
            _job.Wipe();
            _job = null;
        }

        return long.MaxValue;
    }

    private void ReportFabrics()
    {
        SetChanged(Nocs);
        SetChanged(Fabrics);
        SetChanged(CommissionedFabrics);
        SetChanged(TrustedRootCertificates);
    }

    private Fabric FabricAt(int index)
    {
        for (int slot = 0; slot < _fabrics.Capacity; slot++)
        {
            Fabric fabric = _fabrics.GetSlot(slot);
            if (fabric != null && index-- == 0)
            {
                return fabric;
            }
        }

        return null;
    }

    // A root from AddTrustedRootCertificate that AddNOC has not taken yet.
    private bool HasUnusedRoot()
    {
        return _fabrics.HasPendingRoot && _fabrics.Pending == null;
    }

    private int InvokeAttestation(TlvReader fields, InvokeContext context)
    {
        int nonce = -1;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.IsBytes(NonceSize))
                {
                    return Status.InvalidCommand;
                }

                nonce = fields.ValueOffset;
            }
        }

        if (nonce < 0)
        {
            return Status.InvalidCommand;
        }

        int status = BeginJob(context);
        if (status != Status.Success)
        {
            return status;
        }

        uint seconds;
        if (!_clock.TryGetEpochSeconds(out seconds))
        {
            seconds = 0;
        }

        return _job.PrepareAttestation(fields.Buffer, nonce, seconds) ? Post() : Abandon(Status.Failure);
    }

    private int InvokeCertificateChain(TlvReader fields, InvokeContext context)
    {
        uint type = 0;
        bool found = false;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.TryGetUnsigned(0xff, out type))
                {
                    return Status.InvalidCommand;
                }

                found = true;
            }
        }

        if (!found || type < AttestationItem.DeviceAttestationCertificate || type > AttestationItem.ProductAttestationIntermediate)
        {
            return Status.InvalidCommand;
        }

        int status = BeginJob(context);
        if (status != Status.Success)
        {
            return status;
        }

        // No elliptic curves here: only the job's memory is used.
        _context = null;
        int length = _identity.Read((int)type, _job.Work, 0, CredentialsJob.MaxAttestationCertificate);
        if (length >= 0)
        {
            context.StartResponse(CertificateChainResponse).PutBytes(0, _job.Work, 0, length);
        }

        RequestProcess();
        return length < 0 ? Status.Failure : Status.Success;
    }

    private int InvokeCsr(TlvReader fields, InvokeContext context)
    {
        int nonce = -1;
        bool forUpdate = false;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.IsBytes(NonceSize))
                {
                    return Status.InvalidCommand;
                }

                nonce = fields.ValueOffset;
            }
            else if (fields.IsContextTag(1))
            {
                if (!fields.TryGetBoolean(out forUpdate))
                {
                    return Status.InvalidCommand;
                }
            }
        }

        if (nonce < 0)
        {
            return Status.InvalidCommand;
        }

        if (!_failSafe.IsArmedFor(context.FabricIndex))
        {
            return Status.FailsafeRequired;
        }

        if (forUpdate && context.Subject.AuthMode != AuthMode.Case)
        {
            return Status.InvalidCommand;
        }

        if (_failSafe.NocAdded || _failSafe.NocUpdated)
        {
            return Status.ConstraintError;
        }

        int status = BeginJob(context);
        if (status != Status.Success)
        {
            return status;
        }

        _job.PrepareCsr(fields.Buffer, nonce, forUpdate);
        return Post();
    }

    private int InvokeAddTrustedRoot(TlvReader fields, InvokeContext context)
    {
        int root = -1;
        int length = 0;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (fields.Type != TlvType.ByteString)
                {
                    return Status.InvalidCommand;
                }

                root = fields.ValueOffset;
                length = fields.ValueLength;
            }
        }

        if (root < 0)
        {
            return Status.InvalidCommand;
        }

        if (!_failSafe.IsArmedFor(context.FabricIndex))
        {
            return Status.FailsafeRequired;
        }

        if (_failSafe.NocAdded || _failSafe.NocUpdated || _failSafe.RootAdded)
        {
            return Status.ConstraintError;
        }

        int status = BeginJob(context);
        if (status != Status.Success)
        {
            return status;
        }

        return _job.PrepareRoot(fields.Buffer, root, length) ? Post() : Abandon(Status.InvalidCommand);
    }

    private int InvokeAddNoc(TlvReader fields, InvokeContext context)
    {
        int noc = -1;
        int nocLength = 0;
        int icac = 0;
        int icacLength = 0;
        int ipk = -1;
        ulong subject = 0;
        uint vendorId = 0;
        int found = 0;
        while (fields.Next())
        {
            if (fields.TagKind != TlvTag.KindContext || fields.Tag > 4)
            {
                continue;
            }

            bool ok;
            switch (fields.Tag)
            {
                case 0:
                    ok = fields.Type == TlvType.ByteString;
                    noc = fields.ValueOffset;
                    nocLength = fields.ValueLength;
                    break;
                case 1:
                    ok = fields.Type == TlvType.ByteString;
                    icac = fields.ValueOffset;
                    icacLength = fields.ValueLength;
                    break;
                case 2:
                    ok = fields.IsBytes(GroupKeyStore.KeySize);
                    ipk = fields.ValueOffset;
                    break;
                case 3:
                    ok = fields.TryGetUnsigned(out subject);
                    break;
                default:
                    ok = fields.TryGetUnsigned(0xffff, out vendorId);
                    break;
            }

            if (!ok)
            {
                return Status.InvalidCommand;
            }

            found |= 1 << (int)fields.Tag;
        }

        if ((found & 0x1d) != 0x1d || nocLength > Limits.MaxCertificate || icacLength > Limits.MaxCertificate
            || vendorId == 0 || vendorId > 0xfff4)
        {
            return Status.InvalidCommand;
        }

        if (!_failSafe.IsArmedFor(context.FabricIndex))
        {
            return Status.FailsafeRequired;
        }

        if (_failSafe.NocAdded || _failSafe.NocUpdated || (_failSafe.HasCsr && _failSafe.CsrIsForUpdate))
        {
            return Status.ConstraintError;
        }

        if (!_failSafe.HasCsr)
        {
            return Respond(context, NodeOperationalCertStatus.MissingCsr, 0);
        }

        if (!AccessControlEntry.IsValidCaseSubject(subject))
        {
            return Respond(context, NodeOperationalCertStatus.InvalidAdminSubject, 0);
        }

        if (!_failSafe.RootAdded)
        {
            return Respond(context, NodeOperationalCertStatus.InvalidNoc, 0);
        }

        if (_fabrics.Count == _fabrics.Capacity)
        {
            return Respond(context, NodeOperationalCertStatus.TableFull, 0);
        }

        int status = BeginJob(context);
        if (status != Status.Success)
        {
            return status;
        }

        _adminSubject = subject;
        _adminVendorId = (int)vendorId;
        int length = _fabrics.ReadPendingRoot(_job.Work, CredentialsJob.RootAt, Limits.MaxCertificate);
        int result = _job.PrepareChain(fields.Buffer, noc, nocLength, icac, icacLength, length, ipk);
        return result == NodeOperationalCertStatus.Ok ? Post() : Refuse(result, 0);
    }

    private int InvokeUpdateNoc(TlvReader fields, InvokeContext context)
    {
        int noc = -1;
        int nocLength = 0;
        int icac = 0;
        int icacLength = 0;
        while (fields.Next())
        {
            if (!fields.IsContextTag(0) && !fields.IsContextTag(1))
            {
                continue;
            }

            if (fields.Type != TlvType.ByteString)
            {
                return Status.InvalidCommand;
            }

            if (fields.IsContextTag(0))
            {
                noc = fields.ValueOffset;
                nocLength = fields.ValueLength;
            }
            else
            {
                icac = fields.ValueOffset;
                icacLength = fields.ValueLength;
            }
        }

        if (noc < 0 || nocLength > Limits.MaxCertificate || icacLength > Limits.MaxCertificate
            || context.Subject.AuthMode != AuthMode.Case)
        {
            return Status.InvalidCommand;
        }

        if (!_failSafe.IsArmedFor(context.FabricIndex))
        {
            return Status.FailsafeRequired;
        }

        if (_failSafe.NocAdded || _failSafe.NocUpdated || _failSafe.RootAdded || (_failSafe.HasCsr && !_failSafe.CsrIsForUpdate))
        {
            return Status.ConstraintError;
        }

        if (!_failSafe.HasCsr)
        {
            return Respond(context, NodeOperationalCertStatus.MissingCsr, 0);
        }

        Fabric fabric = _fabrics.Find(context.FabricIndex);
        if (fabric == null)
        {
            return Respond(context, NodeOperationalCertStatus.InvalidFabricIndex, 0);
        }

        int status = BeginJob(context);
        if (status != Status.Success)
        {
            return status;
        }

        int length = _fabrics.ReadCertificate(fabric, CertificateKind.Root, _job.Work, CredentialsJob.RootAt, Limits.MaxCertificate);
        int result = _job.PrepareChain(fields.Buffer, noc, nocLength, icac, icacLength, length, -1);
        return result == NodeOperationalCertStatus.Ok ? Post() : Refuse(result, 0);
    }

    private int InvokeUpdateFabricLabel(TlvReader fields, InvokeContext context)
    {
        string label = null;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (fields.Type != TlvType.Utf8String)
                {
                    return Status.InvalidCommand;
                }

                if (fields.ValueLength > Fabric.MaxLabelLength || !fields.TryGetString(out label))
                {
                    return Status.ConstraintError;
                }
            }
        }

        Fabric fabric = _fabrics.Find(context.FabricIndex);
        if (label == null)
        {
            return Status.InvalidCommand;
        }

        if (fabric == null)
        {
            return Respond(context, NodeOperationalCertStatus.InvalidFabricIndex, 0);
        }

        bool changes = fabric.Label != label;
        int status = _fabrics.SetLabel(fabric, label);
        if (status == FabricTable.StorageFailed)
        {
            return Status.Failure;
        }

        if (changes && status == NodeOperationalCertStatus.Ok)
        {
            SetChanged(Fabrics);
        }

        return Respond(context, status, fabric.Index);
    }

    private int InvokeRemoveFabric(TlvReader fields, InvokeContext context)
    {
        uint index = 0;
        bool found = false;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.TryGetUnsigned(0xff, out index))
                {
                    return Status.InvalidCommand;
                }

                found = true;
            }
        }

        if (!found)
        {
            return Status.InvalidCommand;
        }

        if (index < 1 || index > 254)
        {
            return Status.ConstraintError;
        }

        int fabricIndex = (int)index;
        if (_fabrics.Find(fabricIndex) == null)
        {
            return Respond(context, NodeOperationalCertStatus.InvalidFabricIndex, 0);
        }

        _parts.Basic.RecordLeave(fabricIndex);

        // Our own session lives until this answer is out.
        _parts.Deferred = context.Session as SecureSession;
        _fabrics.Remove(fabricIndex);
        _failSafe.OnFabricRemoved(fabricIndex);
        _parts.Deferred = null;
        return Respond(context, NodeOperationalCertStatus.Ok, fabricIndex);
    }

    // Memory and exclusive use of the job for a command that may go on later.
    private int BeginJob(InvokeContext context)
    {
        if (_context != null)
        {
            return Status.Busy;
        }

        if (_job == null)
        {
            _job = new CredentialsJob(this, _identity, _fabrics, _clock, _random);
        }

        SecureSession session = context.Session as SecureSession;
        if (session == null)
        {
            return Status.UnsupportedAccess;
        }

        session.GetAttestationChallengeKey(_job.Work, CredentialsJob.ChallengeAt);
        _context = context;
        _period = _failSafe.Period;
        return Status.Success;
    }

    private int Post()
    {
        // A job that ends in an exception, such as one without memory, has verified nothing.
        _job.Succeeded = false;
        return _worker.Post(_job) ? Status.Pending : Abandon(Status.Busy);
    }

    private int Abandon(int status)
    {
        _context = null;
        RequestProcess();
        return status;
    }

    private int Refuse(int certStatus, int fabricIndex)
    {
        InvokeContext context = _context;
        _context = null;
        return Respond(context, certStatus, fabricIndex);
    }

    private static int Respond(InvokeContext context, int certStatus, int fabricIndex)
    {
        TlvWriter writer = context.StartResponse(NocResponse);
        writer.PutUnsigned(0, (uint)certStatus);
        if (fabricIndex != 0)
        {
            writer.PutUnsigned(1, (uint)fabricIndex);
        }

        return Status.Success;
    }

    // On the loop, behind CredentialsJob.Run.
    internal void OnJobCompleted()
    {
        InvokeContext context = _context;
        _context = null;
        int status;
        switch (_job.Kind)
        {
            case CredentialsJob.KindAttestation:
                status = CompleteSigned(context, AttestationResponse);
                break;
            case CredentialsJob.KindCsr:
                status = CompleteCsr(context);
                break;
            case CredentialsJob.KindRoot:
                status = CompleteRoot();
                break;
            default:
                status = _job.IsUpdate ? CompleteUpdateNoc(context) : CompleteAddNoc(context);
                break;
        }

        _job.WipeSecrets();
        RequestProcess();
        context.Complete(status);
    }

    private int CompleteSigned(InvokeContext context, uint response)
    {
        if (!_job.Succeeded)
        {
            return Status.Failure;
        }

        TlvWriter writer = context.StartResponse(response);
        writer.PutBytes(0, _job.Work, CredentialsJob.ElementsAt, _job.ElementsLength);
        writer.PutBytes(1, _job.Work, CredentialsJob.SignatureAt, 64);
        return Status.Success;
    }

    private int CompleteCsr(InvokeContext context)
    {
        if (!IsStillArmed())
        {
            _fabrics.DropPendingCredentials();
            return Status.FailsafeRequired;
        }

        if (_job.Succeeded)
        {
            _failSafe.NoteCsr(_job.IsUpdate);
        }

        return CompleteSigned(context, CsrResponse);
    }

    private int CompleteRoot()
    {
        if (!_job.Succeeded)
        {
            return Status.InvalidCommand;
        }

        if (!IsStillArmed())
        {
            return Status.FailsafeRequired;
        }

        if (!_failSafe.BeginRoot() || !_fabrics.AddTrustedRoot(_job.Work, CredentialsJob.RootAt, _job.RootLength))
        {
            return Status.ResourceExhausted;
        }

        SetChanged(TrustedRootCertificates);
        return Status.Success;
    }

    private int CompleteAddNoc(InvokeContext context)
    {
        if (!_job.Succeeded)
        {
            return Respond(context, NodeOperationalCertStatus.InvalidNoc, 0);
        }

        if (!IsStillArmed())
        {
            return Status.FailsafeRequired;
        }

        Fabric fabric;
        byte[] work = _job.Work;
        int result = _fabrics.AddNoc(
            _job.Chain,
            work,
            CredentialsJob.NocAt,
            _job.NocLength,
            work,
            CredentialsJob.IcacAt,
            _job.IcacLength,
            work,
            CredentialsJob.IpkAt,
            _adminVendorId,
            out fabric);
        if (result == FabricTable.StorageFailed)
        {
            return Status.ResourceExhausted;
        }

        if (result != NodeOperationalCertStatus.Ok)
        {
            return Respond(context, result, 0);
        }

        // Until here flash holds only certificates without a fabric, which a start throws away. The marker comes before all else.
        int index = fabric.Index;
        if (!_failSafe.BeginAddNoc(index))
        {
            _fabrics.Revert();
            return Status.ResourceExhausted;
        }

        SecureSession session = context.Session as SecureSession;
        if (session != null && session.IsPase)
        {
            session.AddAssociatedFabric(index);
        }

        _accessCluster.SetAdministrator(context.Subject);
        if (_parts.Access.AddAdministrator(index, _adminSubject) != Status.Success)
        {
            _failSafe.ExpireSoon();
            RequestProcess();
            return Status.ResourceExhausted;
        }

        return Respond(context, NodeOperationalCertStatus.Ok, index);
    }

    private int CompleteUpdateNoc(InvokeContext context)
    {
        if (!_job.Succeeded)
        {
            return Respond(context, NodeOperationalCertStatus.InvalidNoc, 0);
        }

        Fabric fabric = _fabrics.Find(_failSafe.FabricIndex);
        if (!IsStillArmed() || fabric == null)
        {
            return Status.FailsafeRequired;
        }

        byte[] work = _job.Work;
        int result = _fabrics.UpdateNoc(
            fabric,
            _job.Chain,
            work,
            CredentialsJob.NocAt,
            _job.NocLength,
            work,
            CredentialsJob.IcacAt,
            _job.IcacLength);
        if (result == FabricTable.StorageFailed)
        {
            return Status.ResourceExhausted;
        }

        if (result == NodeOperationalCertStatus.Ok && !_failSafe.BeginUpdateNoc(fabric.Index))
        {
            _fabrics.Revert();
            return Status.ResourceExhausted;
        }

        return Respond(context, result, fabric.Index);
    }

    private bool IsStillArmed()
    {
        return _failSafe.IsArmed && _failSafe.Period == _period;
    }
}
