using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Interaction;
using MatterNano.SecureChannel;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Administrator Commissioning (Core 11.19), revision 1: lets an administrator invite another one.</summary>
public sealed class AdministratorCommissioningCluster : Cluster, ICommissioningWindowListener
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x003c;

    /// <summary>Feature Basic: the factory passcode may be used again.</summary>
    public const uint FeatureBasic = 1;

    /// <summary>Cluster status Busy: a window is open, or a fail-safe is armed.</summary>
    public const int Busy = 2;

    /// <summary>Cluster status PAKEParameterError.</summary>
    public const int PakeParameterError = 3;

    /// <summary>Cluster status WindowNotOpen.</summary>
    public const int WindowNotOpen = 4;

    private const uint WindowStatus = 0;
    private const uint AdminFabricIndex = 1;
    private const uint AdminVendorId = 2;

    private const uint OpenCommissioningWindow = 0;
    private const uint OpenBasicCommissioningWindow = 1;
    private const uint RevokeCommissioning = 2;

    private readonly CommissioningWindow _window;
    private readonly FailSafe _failSafe;
    private readonly FabricTable _fabrics;
    private readonly bool _basic;
    private int _status;
    private int _fabricIndex;
    private int _vendorId = -1;

    /// <summary>Creates the cluster and makes it a listener of the window.</summary>
    /// <param name="window">The node's window.</param>
    /// <param name="failSafe">The node's fail-safe.</param>
    /// <param name="fabrics">The node's fabrics.</param>
    /// <param name="basic">True for OpenBasicCommissioningWindow too.</param>
    public AdministratorCommissioningCluster(CommissioningWindow window, FailSafe failSafe, FabricTable fabrics, bool basic)
        : base(ClusterId)
    {
        _window = window;
        _failSafe = failSafe;
        _fabrics = fabrics;
        _basic = basic;
        window.AddListener(this);
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 1; }
    }

    /// <inheritdoc/>
    public override uint FeatureMap
    {
        get { return _basic ? FeatureBasic : 0; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        return index > 2 ? Element.End : (uint)index | Element.ReadView;
    }

    /// <inheritdoc/>
    public override uint GetCommand(int index)
    {
        const uint Common = Element.InvokeAdminister | Element.Timed;
        switch (index)
        {
            case 0: return OpenCommissioningWindow | Common;
            case 1: return RevokeCommissioning | Common;
            case 2: return _basic ? OpenBasicCommissioningWindow | Common : Element.End;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case WindowStatus:
                writer.PutUnsigned(tag, (uint)_window.Status);
                break;
            case AdminFabricIndex:
                if (_window.AdminFabricIndex == 0)
                {
                    writer.PutNull(tag);
                }
                else
                {
                    writer.PutUnsigned(tag, (uint)_window.AdminFabricIndex);
                }

                break;
            case AdminVendorId:
                if (_window.AdminVendorId < 0)
                {
                    writer.PutNull(tag);
                }
                else
                {
                    writer.PutUnsigned(tag, (uint)_window.AdminVendorId);
                }

                break;
            default:
                return Status.UnsupportedAttribute;
        }

        return Status.Success;
    }

    /// <inheritdoc/>
    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        if (command == RevokeCommissioning)
        {
            bool wasOpen = _window.IsOpen;
            if (wasOpen)
            {
                _window.Close();
            }

            // Whoever came through the window is sent away with it.
            _failSafe.Expire();
            return wasOpen ? Status.Success : Fail(context, WindowNotOpen);
        }

        uint timeout = 0;
        uint discriminator = 0;
        uint iterations = 0;
        int verifier = 0;
        int verifierLength = 0;
        int salt = 0;
        int saltLength = 0;
        int found = 0;
        bool basic = command == OpenBasicCommissioningWindow;
        while (fields.Next())
        {
            if (fields.TagKind != TlvTag.KindContext || fields.Tag > (basic ? 0u : 4))
            {
                continue;
            }

            bool ok;
            switch (fields.Tag)
            {
                case 0:
                    ok = fields.TryGetUnsigned(0xffff, out timeout);
                    break;
                case 1:
                    ok = fields.Type == TlvType.ByteString;
                    verifier = fields.ValueOffset;
                    verifierLength = fields.ValueLength;
                    break;
                case 2:
                    ok = fields.TryGetUnsigned(0xffff, out discriminator);
                    break;
                case 3:
                    ok = fields.TryGetUnsigned(0xffffffff, out iterations);
                    break;
                default:
                    ok = fields.Type == TlvType.ByteString;
                    salt = fields.ValueOffset;
                    saltLength = fields.ValueLength;
                    break;
            }

            if (!ok)
            {
                return Status.InvalidCommand;
            }

            found |= 1 << (int)fields.Tag;
        }

        if (found != (basic ? 1 : 31))
        {
            return Status.InvalidCommand;
        }

        if (_window.IsOpen || _failSafe.IsArmed)
        {
            return Fail(context, Busy);
        }

        if (timeout < CommissioningWindow.MinTimeout || timeout > CommissioningWindow.MaxTimeout)
        {
            return Status.InvalidCommand;
        }

        Fabric fabric = _fabrics.Find(context.FabricIndex);
        int vendorId = fabric == null ? 0 : fabric.VendorId;
        if (basic)
        {
            _window.OpenBasic((int)(timeout & 0xffff), context.FabricIndex, vendorId);
            return Status.Success;
        }

        if (discriminator > 0xfff)
        {
            return Status.ConstraintError;
        }

        if (verifierLength != CommissioningWindow.VerifierSize || !P256.IsValidPublicKey(fields.Buffer, verifier + 32)
            || iterations > CommissioningWindow.MaxIterations
            || !CommissioningWindow.AreValid((int)(iterations & 0x1ffff), saltLength, (int)(discriminator & 0xffff)))
        {
            return Fail(context, PakeParameterError);
        }

        _window.OpenEnhanced(
            (int)(timeout & 0xffff),
            context.FabricIndex,
            vendorId,
            fields.Buffer,
            verifier,
            (int)(iterations & 0x1ffff),
            fields.Buffer,
            salt,
            saltLength,
            (int)(discriminator & 0xffff));
        return Status.Success;
    }

    /// <inheritdoc/>
    public override long Process(long now)
    {
        return _window.Process(now);
    }

    /// <inheritdoc/>
    public void OnWindowChanged(CommissioningWindow window)
    {
        RequestProcess();
        if (_status != window.Status)
        {
            _status = window.Status;
            SetChanged(WindowStatus);
        }

        if (_fabricIndex != window.AdminFabricIndex)
        {
            _fabricIndex = window.AdminFabricIndex;
            SetChanged(AdminFabricIndex);
        }

        if (_vendorId != window.AdminVendorId)
        {
            _vendorId = window.AdminVendorId;
            SetChanged(AdminVendorId);
        }
    }

    private static int Fail(InvokeContext context, int clusterStatus)
    {
        context.ClusterStatus = clusterStatus;
        return Status.Failure;
    }
}
