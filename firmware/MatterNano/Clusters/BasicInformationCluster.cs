using System;
using MatterNano.Interaction;
using MatterNano.Onboarding;
using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Basic Information (Core 11.1), revision 4.</summary>
/// <remarks>Records "basic.label", "basic.location" (UTF-8) and "basic.unique" (32 hexadecimal digits, drawn after each factory reset).</remarks>
public sealed class BasicInformationCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0028;

    /// <summary>Data model revision that this node follows (Matter 1.4.1).</summary>
    public const int DataModelRevisionValue = 18;

    /// <summary>Specification version 1.4.1, a byte each for major, minor and dot, and one reserved.</summary>
    public const uint SpecificationVersionValue = 0x01040100;

    private const uint DataModelRevision = 0x00;
    private const uint VendorName = 0x01;
    private const uint VendorId = 0x02;
    private const uint ProductName = 0x03;
    private const uint ProductId = 0x04;
    private const uint NodeLabel = 0x05;
    private const uint Location = 0x06;
    private const uint HardwareVersion = 0x07;
    private const uint HardwareVersionString = 0x08;
    private const uint SoftwareVersion = 0x09;
    private const uint SoftwareVersionString = 0x0a;
    private const uint SerialNumber = 0x0f;
    private const uint UniqueId = 0x12;
    private const uint CapabilityMinima = 0x13;
    private const uint SpecificationVersion = 0x15;
    private const uint MaxPathsPerInvoke = 0x16;

    private const uint StartUp = 0;
    internal const uint ShutDown = 1;
    private const uint Leave = 2;

    private const string LabelRecord = "basic.label";
    private const string LocationRecord = "basic.location";
    private const string UniqueRecord = "basic.unique";
    private const int MaxLabel = 32;
    private const int LocationSize = 2;
    private const int UniqueSize = 32;

    private readonly DeviceInformation _device;
    private readonly IFlash _flash;

    // Label, then location, then unique id.
    private readonly byte[] _data = new byte[MaxLabel + LocationSize + UniqueSize];
    private int _labelLength;
    private bool _locationPending;

    /// <summary>Creates the cluster and reads its records; draws a unique id when there is none.</summary>
    /// <param name="device">What the maker says.</param>
    /// <param name="flash">Keeps the records.</param>
    /// <param name="random">Source of the unique id.</param>
    public BasicInformationCluster(DeviceInformation device, IFlash flash, IRandom random)
        : base(ClusterId)
    {
        _device = device;
        _flash = flash;
        int length = flash.Read(LabelRecord, _data, 0, MaxLabel);
        _labelLength = length > 0 && Utf8.IsValid(_data, 0, length) ? length : 0;
        LoadLocation();
        if (flash.Read(UniqueRecord, _data, MaxLabel + LocationSize, UniqueSize) != UniqueSize)
        {
            random.Fill(_data, MaxLabel + LocationSize, UniqueSize);
            for (int i = MaxLabel + LocationSize; i < _data.Length; i++)
            {
                int digit = _data[i] & 15;
                _data[i] = (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
            }

            flash.Write(UniqueRecord, _data, MaxLabel + LocationSize, UniqueSize);
        }
    }

    /// <summary>What the maker says.</summary>
    public DeviceInformation Device
    {
        get { return _device; }
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 4; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        switch (index)
        {
            case 0: return DataModelRevision | Element.ReadView;
            case 1: return VendorName | Element.ReadView;
            case 2: return VendorId | Element.ReadView;
            case 3: return ProductName | Element.ReadView;
            case 4: return ProductId | Element.ReadView;
            case 5: return NodeLabel | Element.ReadView | Element.WriteManage;
            case 6: return Location | Element.ReadView | Element.WriteAdminister;
            case 7: return HardwareVersion | Element.ReadView;
            case 8: return HardwareVersionString | Element.ReadView;
            case 9: return SoftwareVersion | Element.ReadView;
            case 10: return SoftwareVersionString | Element.ReadView;
            case 11: return UniqueId | Element.ReadView;
            case 12: return CapabilityMinima | Element.ReadView;
            case 13: return SpecificationVersion | Element.ReadView;
            case 14: return MaxPathsPerInvoke | Element.ReadView;
            case 15: return _device.SerialNumber == null ? Element.End : SerialNumber | Element.ReadView;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override uint GetEvent(int index)
    {
        switch (index)
        {
            case 0: return StartUp | Element.ReadView | Element.Critical;
            case 1: return ShutDown | Element.ReadView | Element.Critical;
            case 2: return Leave | Element.ReadView | Element.Info;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case DataModelRevision:
                writer.PutUnsigned(tag, DataModelRevisionValue);
                break;
            case VendorName:
                writer.PutString(tag, _device.VendorName);
                break;
            case VendorId:
                writer.PutUnsigned(tag, (uint)_device.VendorId);
                break;
            case ProductName:
                writer.PutString(tag, _device.ProductName);
                break;
            case ProductId:
                writer.PutUnsigned(tag, (uint)_device.ProductId);
                break;
            case NodeLabel:
                writer.PutUtf8(tag, _data, 0, _labelLength);
                break;
            case Location:
                writer.PutUtf8(tag, _data, MaxLabel, LocationSize);
                break;
            case HardwareVersion:
                writer.PutUnsigned(tag, (uint)_device.HardwareVersion);
                break;
            case HardwareVersionString:
                writer.PutString(tag, _device.HardwareVersionString);
                break;
            case SoftwareVersion:
                writer.PutUnsigned(tag, _device.SoftwareVersion);
                break;
            case SoftwareVersionString:
                writer.PutString(tag, _device.SoftwareVersionString);
                break;
            case SerialNumber:
                writer.PutString(tag, _device.SerialNumber);
                break;
            case UniqueId:
                writer.PutUtf8(tag, _data, MaxLabel + LocationSize, UniqueSize);
                break;
            case CapabilityMinima:
                writer.StartStructure(tag);
                writer.PutUnsigned(0, Limits.CaseSessionsPerFabric);
                writer.PutUnsigned(1, Limits.SubscriptionsPerFabric);
                writer.EndContainer();
                break;
            case SpecificationVersion:
                writer.PutUnsigned(tag, SpecificationVersionValue);
                break;
            case MaxPathsPerInvoke:
                writer.PutUnsigned(tag, Limits.PathsPerInvoke);
                break;
            default:
                return Status.UnsupportedAttribute;
        }

        return Status.Success;
    }

    /// <inheritdoc/>
    public override int WriteAttribute(uint attribute, TlvReader value, InteractionContext context)
    {
        if (value.Type != TlvType.Utf8String)
        {
            return Status.InvalidDataType;
        }

        if (attribute == Location)
        {
            return value.ValueLength == LocationSize && Utf8.IsValid(value.Buffer, value.ValueOffset, LocationSize)
                ? SetLocation(value.Buffer, value.ValueOffset, false)
                : Status.ConstraintError;
        }

        int length = value.ValueLength;
        if (length > MaxLabel || !Utf8.IsValid(value.Buffer, value.ValueOffset, length))
        {
            return Status.ConstraintError;
        }

        if (length == _labelLength && AreEqual(value.Buffer, value.ValueOffset, 0, length))
        {
            return Status.Success;
        }

        if (!_flash.Write(LabelRecord, value.Buffer, value.ValueOffset, length))
        {
            return Status.Failure;
        }

        Array.Copy(value.Buffer, value.ValueOffset, _data, 0, length);
        _labelLength = length;
        SetChanged(NodeLabel);
        return Status.Success;
    }

    /// <summary>Sets Location, the country code.</summary>
    /// <param name="buffer">Holds two characters.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="provisional">True under a fail-safe: flash has to wait for <see cref="CommitLocation"/>.</param>
    /// <returns>Success or Failure.</returns>
    internal int SetLocation(byte[] buffer, int offset, bool provisional)
    {
        if (AreEqual(buffer, offset, MaxLabel, LocationSize) && (provisional || !_locationPending))
        {
            return Status.Success;
        }

        if (!provisional && !_flash.Write(LocationRecord, buffer, offset, LocationSize))
        {
            return Status.Failure;
        }

        _locationPending = provisional;
        Array.Copy(buffer, offset, _data, MaxLabel, LocationSize);
        SetChanged(Location);
        return Status.Success;
    }

    /// <summary>Makes a Location set under a fail-safe durable.</summary>
    internal void CommitLocation()
    {
        if (_locationPending && _flash.Write(LocationRecord, _data, MaxLabel, LocationSize))
        {
            _locationPending = false;
        }
    }

    /// <summary>Takes back a Location set under a fail-safe.</summary>
    internal void RevertLocation()
    {
        if (_locationPending)
        {
            LoadLocation();
            _locationPending = false;
            SetChanged(Location);
        }
    }

    /// <summary>Records StartUp: the first event after a boot.</summary>
    public void RecordStartUp()
    {
        TlvWriter writer = BeginEvent(StartUp, 0);
        writer.PutUnsigned(0, _device.SoftwareVersion);
        EndEvent();
    }

    /// <summary>Records ShutDown: the last event before an orderly stop.</summary>
    public void RecordShutDown()
    {
        BeginEvent(ShutDown, 0);
        EndEvent();
    }

    /// <summary>Records Leave, before a fabric is removed.</summary>
    public void RecordLeave(int fabricIndex)
    {
        TlvWriter writer = BeginEvent(Leave, 0);
        writer.PutUnsigned(0, (uint)fabricIndex);
        EndEvent();
    }

    private void LoadLocation()
    {
        if (_flash.Read(LocationRecord, _data, MaxLabel, LocationSize) != LocationSize)
        {
            // "XX" is no country in particular.
            _data[MaxLabel] = (byte)'X';
            _data[MaxLabel + 1] = (byte)'X';
        }
    }

    private bool AreEqual(byte[] buffer, int offset, int at, int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (buffer[offset + i] != _data[at + i])
            {
                return false;
            }
        }

        return true;
    }
}
