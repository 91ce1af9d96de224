using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>General Commissioning (Core 11.10), revision 2: the commissioner's side of the <see cref="FailSafe"/>.</summary>
/// <remarks>Record "general.config": RegulatoryConfig, 1 byte.</remarks>
public sealed class GeneralCommissioningCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0030;

    /// <summary>RegulatoryLocationType: indoors only.</summary>
    public const int Indoor = 0;

    /// <summary>RegulatoryLocationType: outdoors only.</summary>
    public const int Outdoor = 1;

    /// <summary>RegulatoryLocationType: both.</summary>
    public const int IndoorOutdoor = 2;

    private const uint Breadcrumb = 0;
    private const uint BasicCommissioningInfo = 1;
    private const uint RegulatoryConfig = 2;
    private const uint LocationCapability = 3;
    private const uint SupportsConcurrentConnection = 4;

    private const uint ArmFailSafe = 0;
    private const uint SetRegulatoryConfig = 2;
    private const uint CommissioningComplete = 4;

    private const string ConfigRecord = "general.config";

    private readonly IFlash _flash;
    private readonly FailSafe _failSafe;
    private readonly CommissioningWindow _window;
    private readonly BasicInformationCluster _basic;
    private readonly int _capability;
    private readonly bool _concurrent;
    private int _regulatoryConfig;
    private int _committedConfig;
    private ulong _reportedBreadcrumb;

    /// <summary>Creates the cluster and reads its record.</summary>
    /// <param name="flash">Keeps RegulatoryConfig.</param>
    /// <param name="failSafe">The node's fail-safe.</param>
    /// <param name="window">The node's commissioning window.</param>
    /// <param name="basic">Holds Location.</param>
    /// <param name="locationCapability"><see cref="Indoor"/>, <see cref="Outdoor"/> or <see cref="IndoorOutdoor"/>.</param>
    /// <param name="concurrent">True when the board can hold BLE and Wi-Fi at once.</param>
    public GeneralCommissioningCluster(
        IFlash flash,
        FailSafe failSafe,
        CommissioningWindow window,
        BasicInformationCluster basic,
        int locationCapability,
        bool concurrent)
        : base(ClusterId)
    {
        _flash = flash;
        _failSafe = failSafe;
        _window = window;
        _basic = basic;
        _capability = locationCapability;
        _concurrent = concurrent;
        byte[] record = new byte[1];
        _regulatoryConfig = flash.Read(ConfigRecord, record, 0, 1) == 1 && IsAllowed(record[0]) ? record[0] : locationCapability;
        _committedConfig = _regulatoryConfig;
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 2; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        switch (index)
        {
            case 0: return Breadcrumb | Element.ReadView | Element.WriteAdminister;
            case 1: return BasicCommissioningInfo | Element.ReadView;
            case 2: return RegulatoryConfig | Element.ReadView;
            case 3: return LocationCapability | Element.ReadView;
            case 4: return SupportsConcurrentConnection | Element.ReadView;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override uint GetCommand(int index)
    {
        switch (index)
        {
            case 0: return ArmFailSafe | Element.InvokeAdminister | Element.Response(1);
            case 1: return SetRegulatoryConfig | Element.InvokeAdminister | Element.Response(3);
            case 2: return CommissioningComplete | Element.InvokeAdminister | Element.FabricScoped | Element.Response(5);
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case Breadcrumb:
                writer.PutUnsigned(tag, _failSafe.Breadcrumb);
                return Status.Success;
            case BasicCommissioningInfo:
                writer.StartStructure(tag);
                writer.PutUnsigned(0, FailSafe.ExpiryLengthSeconds);
                writer.PutUnsigned(1, FailSafe.MaxCumulativeSeconds);
                writer.EndContainer();
                return Status.Success;
            case RegulatoryConfig:
                writer.PutUnsigned(tag, (uint)_regulatoryConfig);
                return Status.Success;
            case LocationCapability:
                writer.PutUnsigned(tag, (uint)_capability);
                return Status.Success;
            case SupportsConcurrentConnection:
                writer.PutBoolean(tag, _concurrent);
                return Status.Success;
            default:
                return Status.UnsupportedAttribute;
        }
    }

    /// <inheritdoc/>
    public override int WriteAttribute(uint attribute, TlvReader value, InteractionContext context)
    {
        ulong breadcrumb;
        if (!value.TryGetUnsigned(out breadcrumb))
        {
            return Status.InvalidDataType;
        }

        _failSafe.SetBreadcrumb(breadcrumb);
        ReportBreadcrumb();
        return Status.Success;
    }

    /// <inheritdoc/>
    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        switch (command)
        {
            case ArmFailSafe:
                return InvokeArmFailSafe(fields, context);
            case SetRegulatoryConfig:
                return InvokeSetRegulatoryConfig(fields, context);
            default:
                int error = _failSafe.Complete(context.FabricIndex, context.Subject.AuthMode == AuthMode.Case);
                return error < 0 ? Status.Failure : Respond(context, 5, error);
        }
    }

    /// <inheritdoc/>
    public override long Process(long now)
    {
        return _failSafe.Process(now);
    }

    /// <summary>The fail-safe was armed, moved or ended: reports Breadcrumb if it is another, and looks at the time again.</summary>
    internal void OnFailSafeChanged(bool expired)
    {
        if (expired)
        {
            // The next commissioner finds the device as it was.
            ChangeRegulatoryConfig(_committedConfig);
        }

        ReportBreadcrumb();
        RequestProcess();
    }

    /// <summary>A commissioning was completed: RegulatoryConfig stays.</summary>
    /// <returns>False when the flash refused; then it stays until a restart.</returns>
    internal bool CommitRegulatoryConfig()
    {
        if (_committedConfig == _regulatoryConfig)
        {
            return true;
        }

        _committedConfig = _regulatoryConfig;
        byte[] record = Node.Events.Scratch;
        record[0] = (byte)_regulatoryConfig;
        return _flash.Write(ConfigRecord, record, 0, 1);
    }

    // A device for one place only is never told to be elsewhere.
    private bool IsAllowed(uint config)
    {
        return config <= IndoorOutdoor && (_capability == IndoorOutdoor || config == (uint)_capability);
    }

    private int InvokeArmFailSafe(TlvReader fields, InvokeContext context)
    {
        uint seconds = 0;
        ulong breadcrumb = 0;
        int found = 0;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.TryGetUnsigned(0xffff, out seconds))
                {
                    return Status.InvalidCommand;
                }

                found |= 1;
            }
            else if (fields.IsContextTag(1))
            {
                if (!fields.TryGetUnsigned(out breadcrumb))
                {
                    return Status.InvalidCommand;
                }

                found |= 2;
            }
        }

        if (found != 3)
        {
            return Status.InvalidCommand;
        }

        bool isCase = context.Subject.AuthMode == AuthMode.Case;
        RequestProcess();
        int error = _failSafe.Arm(context.FabricIndex, isCase, _window.IsOpen, (int)(seconds & 0xffff), breadcrumb);
        return Respond(context, 1, error);
    }

    private int InvokeSetRegulatoryConfig(TlvReader fields, InvokeContext context)
    {
        uint config = 0;
        ulong breadcrumb = 0;
        int country = -1;
        int found = 0;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.TryGetUnsigned(0xff, out config))
                {
                    return Status.InvalidCommand;
                }

                found |= 1;
            }
            else if (fields.IsContextTag(1))
            {
                if (fields.Type != TlvType.Utf8String)
                {
                    return Status.InvalidCommand;
                }

                if (fields.ValueLength != 2 || !Utf8.IsValid(fields.Buffer, fields.ValueOffset, 2))
                {
                    return Status.ConstraintError;
                }

                country = fields.ValueOffset;
                found |= 2;
            }
            else if (fields.IsContextTag(2))
            {
                if (!fields.TryGetUnsigned(out breadcrumb))
                {
                    return Status.InvalidCommand;
                }

                found |= 4;
            }
        }

        if (found != 7)
        {
            return Status.InvalidCommand;
        }

        if (config > IndoorOutdoor)
        {
            return Status.ConstraintError;
        }

        if (!IsAllowed(config))
        {
            return Respond(context, 3, FailSafe.ValueOutsideRange);
        }

        if (_basic.SetLocation(fields.Buffer, country, _failSafe.IsArmed) != Status.Success)
        {
            return Status.Failure;
        }

        ChangeRegulatoryConfig((int)config);
        if (!_failSafe.IsArmed && !CommitRegulatoryConfig())
        {
            return Status.Failure;
        }

        _failSafe.SetBreadcrumb(breadcrumb);
        ReportBreadcrumb();
        return Respond(context, 3, FailSafe.Ok);
    }

    private void ChangeRegulatoryConfig(int config)
    {
        if (_regulatoryConfig != config)
        {
            _regulatoryConfig = config;
            SetChanged(RegulatoryConfig);
        }
    }

    private void ReportBreadcrumb()
    {
        if (_failSafe.Breadcrumb != _reportedBreadcrumb)
        {
            _reportedBreadcrumb = _failSafe.Breadcrumb;
            SetChanged(Breadcrumb);
        }
    }

    private static int Respond(InvokeContext context, uint response, int error)
    {
        TlvWriter writer = context.StartResponse(response);
        writer.PutUnsigned(0, (uint)error);
        writer.PutString(1, "");
        return Status.Success;
    }
}
