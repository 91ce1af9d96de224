using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>General Diagnostics (Core 11.12), revision 2. Record "diag.boots": RebootCount, 2 bytes.</summary>
public sealed class GeneralDiagnosticsCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0033;

    /// <summary>BootReason: not known.</summary>
    public const int BootUnspecified = 0;

    /// <summary>BootReason: power came.</summary>
    public const int BootPowerOn = 1;

    /// <summary>BootReason: power was too low.</summary>
    public const int BootBrownOut = 2;

    /// <summary>BootReason: software watchdog.</summary>
    public const int BootSoftwareWatchdog = 3;

    /// <summary>BootReason: hardware watchdog.</summary>
    public const int BootHardwareWatchdog = 4;

    /// <summary>BootReason: new software.</summary>
    public const int BootSoftwareUpdate = 5;

    /// <summary>BootReason: the software asked for it.</summary>
    public const int BootSoftwareReset = 6;

    private const uint NetworkInterfaces = 0;
    private const uint RebootCount = 1;
    private const uint UpTime = 2;
    private const uint BootReason = 4;
    private const uint TestEventTriggersEnabled = 8;
    private const uint BootReasonEvent = 3;
    private const uint TestEventTrigger = 0;
    private const uint TimeSnapshot = 1;

    private const string Record = "diag.boots";
    private const int MaxAddresses = 12;
    private const int MaxIPv4 = 4;
    private const int MaxIPv6 = 8;

    // Seconds from 1970 to 2000.
    private const ulong PosixOffset = 946684800;

    private readonly IClock _clock;
    private readonly NetworkInterfaceInformation _interface;
    private readonly int _bootReason;
    private readonly long _start;
    private readonly int _rebootCount;

    /// <summary>Creates the cluster and counts this boot.</summary>
    /// <param name="clock">Gives the up time.</param>
    /// <param name="flash">Keeps RebootCount; factory reset deletes it.</param>
    /// <param name="networkInterface">The network interface.</param>
    /// <param name="bootReason">One of the Boot constants.</param>
    public GeneralDiagnosticsCluster(IClock clock, IFlash flash, NetworkInterfaceInformation networkInterface, int bootReason)
        : base(ClusterId)
    {
        _clock = clock;
        _interface = networkInterface;
        _bootReason = bootReason;
        _start = clock.Milliseconds;
        byte[] record = new byte[2];
        if (flash.Read(Record, record, 0, 2) == 2)
        {
            int count = ByteOrder.ReadUInt16(record, 0);
            _rebootCount = count == 0xffff ? count : count + 1;
        }

        // The first boot after a factory reset is no reboot.
        ByteOrder.WriteUInt16(record, 0, (uint)_rebootCount);
        flash.Write(Record, record, 0, 2);
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
            case 0: return NetworkInterfaces | Element.ReadView | Element.List;
            case 1: return RebootCount | Element.ReadView;
            case 2: return UpTime | Element.ReadView | Element.ChangesOmitted;
            case 3: return BootReason | Element.ReadView;
            case 4: return TestEventTriggersEnabled | Element.ReadView;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override uint GetCommand(int index)
    {
        switch (index)
        {
            case 0: return TestEventTrigger | Element.InvokeManage;
            case 1: return TimeSnapshot | Element.InvokeOperate | Element.Response(2);
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override uint GetEvent(int index)
    {
        return index == 0 ? BootReasonEvent | Element.ReadView | Element.Critical : Element.End;
    }

    /// <summary>Records BootReason; once after a boot, behind StartUp.</summary>
    public void RecordBootReason()
    {
        TlvWriter writer = BeginEvent(BootReasonEvent, 0);
        writer.PutUnsigned(0, (uint)_bootReason);
        EndEvent();
    }

    /// <summary>Addresses or link state changed: reports NetworkInterfaces.</summary>
    public void OnNetworkChanged()
    {
        SetChanged(NetworkInterfaces);
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case RebootCount:
                writer.PutUnsigned(tag, (uint)_rebootCount);
                break;
            case UpTime:
                writer.PutUnsigned(tag, (ulong)((_clock.Milliseconds - _start) / 1000));
                break;
            case BootReason:
                writer.PutUnsigned(tag, (uint)_bootReason);
                break;
            case TestEventTriggersEnabled:
                writer.PutBoolean(tag, false);
                break;
            default:
                return Status.UnsupportedAttribute;
        }

        return Status.Success;
    }

    /// <inheritdoc/>
    public override int GetListCount(uint attribute, InteractionContext context)
    {
        return 1;
    }

    /// <inheritdoc/>
    public override void ReadListItem(uint attribute, int index, TlvWriter writer, uint tag, InteractionContext context)
    {
        byte[] addresses = Node.Events.Scratch;
        int count = _interface.Network == null ? 0 : _interface.Network.GetAddresses(addresses);
        if (count > MaxAddresses)
        {
            count = MaxAddresses;
        }

        writer.StartStructure(tag);
        writer.PutString(0, _interface.Name);
        writer.PutBoolean(1, count > 0);
        writer.PutNull(2);
        writer.PutNull(3);
        writer.PutBytes(4, _interface.HardwareAddress, 0, _interface.HardwareAddress.Length);
        writer.StartArray(5);
        PutAddresses(writer, addresses, count, true);
        writer.EndContainer();
        writer.StartArray(6);
        PutAddresses(writer, addresses, count, false);
        writer.EndContainer();
        writer.PutUnsigned(7, (uint)_interface.Type);
        writer.EndContainer();
    }

    /// <inheritdoc/>
    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        if (command == TimeSnapshot)
        {
            TlvWriter writer = context.StartResponse(2);
            writer.PutUnsigned(0, (ulong)(_clock.Milliseconds - _start));
            uint seconds;
            if (_clock.TryGetEpochSeconds(out seconds))
            {
                writer.PutUnsigned(1, (seconds + PosixOffset) * 1000);
            }
            else
            {
                writer.PutNull(1);
            }

            return Status.Success;
        }

        int found = 0;
        ulong trigger;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (fields.Type != TlvType.ByteString)
                {
                    return Status.InvalidCommand;
                }

                if (fields.ValueLength != 16)
                {
                    return Status.ConstraintError;
                }

                found |= 1;
            }
            else if (fields.IsContextTag(1))
            {
                if (!fields.TryGetUnsigned(out trigger))
                {
                    return Status.InvalidCommand;
                }

                found |= 2;
            }
        }

        // No key enables test triggers on this device, so every key is the wrong one.
        return found == 3 ? Status.ConstraintError : Status.InvalidCommand;
    }

    private static void PutAddresses(TlvWriter writer, byte[] addresses, int count, bool four)
    {
        int most = four ? MaxIPv4 : MaxIPv6;
        for (int i = 0; i < count && most > 0; i++)
        {
            int at = i * NetworkAddress.IpSize;
            if (IsIPv4(addresses, at) != four)
            {
                continue;
            }

            most--;
            if (four)
            {
                writer.PutBytes(TlvTag.Anonymous, addresses, at + 12, 4);
            }
            else
            {
                writer.PutBytes(TlvTag.Anonymous, addresses, at, NetworkAddress.IpSize);
            }
        }
    }

    private static bool IsIPv4(byte[] addresses, int at)
    {
        for (int i = 0; i < 10; i++)
        {
            if (addresses[at + i] != 0)
            {
                return false;
            }
        }

        return addresses[at + 10] == 0xff && addresses[at + 11] == 0xff;
    }
}
