using System;
using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Network Commissioning with the Wi-Fi feature: finds, keeps and joins networks, and joins again when one is lost.</summary>
/// <remarks>
/// Concurrent boards answer ConnectNetwork when they have joined or failed; others answer Success first and join when the answer is out
/// (Core 11.9.7.9).
/// </remarks>
public sealed class WifiCommissioningCluster : NetworkCommissioningCluster
{
    /// <summary>ScanMaxTime in seconds.</summary>
    public const int ScanSeconds = 10;

    /// <summary>ConnectMaxTime in seconds.</summary>
    public const int ConnectSeconds = 20;

    private const uint ScanMaxTime = 2;
    private const uint ConnectMaxTime = 3;
    private const uint SupportedWiFiBands = 8;

    private const uint ScanNetworks = 0;
    private const uint AddOrUpdateWiFiNetwork = 2;
    private const uint RemoveNetwork = 4;
    private const uint ConnectNetwork = 6;
    private const uint ReorderNetwork = 8;
    private const uint ScanNetworksResponse = 1;
    private const uint NetworkConfigResponse = 5;
    private const uint ConnectNetworkResponse = 7;

    private const int NoStatus = -1;
    private const long FirstRetry = 1000;
    private const long LastRetry = 15000;

    // Room for the closing of a response behind its last scan result, in bytes.
    private const int ResponseTail = 40;
    private const int ScanResultSize = 64;
    private const int MaxScanResults = 32;

    private readonly IWifi _wifi;
    private readonly FailSafe _failSafe;
    private readonly GeneralCommissioningCluster _general;
    private readonly IClock _clock;
    private readonly WifiNetworkList _networks;
    private readonly WifiAccessPoint _point = new WifiAccessPoint();

    // Flags. Chosen: from ConnectNetwork until the fail-safe ends; until then a new network is tried by nothing else.
    // First: until the first attempt after ConnectNetwork has ended.
    private const int HasLastError = 1;
    private const int Joins = 2;
    private const int WasConnected = 4;
    private const int Chosen = 8;
    private const int First = 16;
    private const int LeavesBle = 32;
    private const int Directed = 64;
    private const int WaitsForBleFlag = 128;

    // Places in _ids, each a length and then a name: the network being joined or joined last, and LastNetworkID.
    private const int TargetAt = 0;
    private const int LastIdAt = 1 + WifiNetworkList.MaxSsid;

    private readonly byte[] _ids = new byte[2 * (1 + WifiNetworkList.MaxSsid)];
    private int _flags;
    private int _lastStatus = NoStatus;
    private int _lastError;

    private InvokeContext _scan;
    private InvokeContext _connect;
    private long _deadline;
    private long _retryAt;
    private long _retryDelay = FirstRetry;
    private int _next;

    /// <summary>Creates the cluster and reads its networks.</summary>
    /// <param name="flash">Keeps the networks.</param>
    /// <param name="clock">Limits scans and joins.</param>
    /// <param name="wifi">The radio.</param>
    /// <param name="failSafe">The node's fail-safe.</param>
    /// <param name="general">Reports Breadcrumb.</param>
    public WifiCommissioningCluster(IFlash flash, IClock clock, IWifi wifi, FailSafe failSafe, GeneralCommissioningCluster general)
    {
        _wifi = wifi;
        _failSafe = failSafe;
        _general = general;
        _clock = clock;
        _networks = new WifiNetworkList(flash);
    }

    /// <summary>The networks.</summary>
    public WifiNetworkList NetworkList
    {
        get { return _networks; }
    }

    /// <summary>True when ConnectNetwork was obeyed in this fail-safe period and has not failed: the commissioner will come over IP.</summary>
    public bool IsConnectAccepted
    {
        get { return Has(Chosen); }
    }

    /// <summary>Set by an owner of BLE on a board that cannot hold both: it leaves BLE when <see cref="MustLeaveBle"/> and calls <see cref="LeftBle"/>.</summary>
    public bool WaitsForBle
    {
        get { return Has(WaitsForBleFlag); }
        set { Set(WaitsForBleFlag, value); }
    }

    /// <summary>True when ConnectNetwork was answered and the radio is wanted for Wi-Fi.</summary>
    public bool MustLeaveBle
    {
        get { return Has(LeavesBle); }
    }

    /// <summary>BLE is off: joins the network.</summary>
    public void LeftBle()
    {
        Set(LeavesBle, false);
        StartJoin();
        RequestProcess();
    }

    /// <summary>The access point in use, until the next scan; null while there is none.</summary>
    internal WifiAccessPoint GetConnection()
    {
        return _wifi.GetConnection(_point) ? _point : null;
    }

    /// <inheritdoc/>
    public override uint FeatureMap
    {
        get { return FeatureWiFi; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        switch (index)
        {
            case 6: return ScanMaxTime | Element.ReadView;
            case 7: return ConnectMaxTime | Element.ReadView;
            case 8: return SupportedWiFiBands | Element.ReadView | Element.List;
            default: return base.GetAttribute(index);
        }
    }

    /// <inheritdoc/>
    public override uint GetCommand(int index)
    {
        switch (index)
        {
            case 0: return ScanNetworks | Element.InvokeAdminister | Element.Response(ScanNetworksResponse);
            case 1: return AddOrUpdateWiFiNetwork | Element.InvokeAdminister | Element.Response(NetworkConfigResponse);
            case 2: return RemoveNetwork | Element.InvokeAdminister | Element.Response(NetworkConfigResponse);
            case 3: return ConnectNetwork | Element.InvokeAdminister | Element.Response(ConnectNetworkResponse);
            case 4: return ReorderNetwork | Element.InvokeAdminister | Element.Response(NetworkConfigResponse);
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case MaxNetworks:
                writer.PutUnsigned(tag, WifiNetworkList.Capacity);
                break;
            case ScanMaxTime:
                writer.PutUnsigned(tag, ScanSeconds);
                break;
            case ConnectMaxTime:
                writer.PutUnsigned(tag, ConnectSeconds);
                break;
            case InterfaceEnabled:
                writer.PutBoolean(tag, true);
                break;
            case LastNetworkingStatus:
                if (_lastStatus == NoStatus)
                {
                    writer.PutNull(tag);
                }
                else
                {
                    writer.PutUnsigned(tag, (uint)_lastStatus);
                }

                break;
            case LastNetworkId:
                if (_ids[LastIdAt] == 0)
                {
                    writer.PutNull(tag);
                }
                else
                {
                    writer.PutBytes(tag, _ids, LastIdAt + 1, _ids[LastIdAt]);
                }

                break;
            case LastConnectErrorValue:
                if (Has(HasLastError))
                {
                    writer.PutSigned(tag, _lastError);
                }
                else
                {
                    writer.PutNull(tag);
                }

                break;
            default:
                return Status.UnsupportedAttribute;
        }

        return Status.Success;
    }

    /// <inheritdoc/>
    public override int GetListCount(uint attribute, InteractionContext context)
    {
        return attribute == Networks ? _networks.Count : 1;
    }

    /// <inheritdoc/>
    public override void ReadListItem(uint attribute, int index, TlvWriter writer, uint tag, InteractionContext context)
    {
        if (attribute == SupportedWiFiBands)
        {
            // 2.4 GHz.
            writer.PutUnsigned(tag, 0);
            return;
        }

        writer.StartStructure(tag);
        writer.PutBytes(0, _networks.Data, _networks.SsidOffset(index), _networks.SsidLength(index));
        writer.PutBoolean(1, _wifi.State == WifiState.Connected && IsTarget(index));
        writer.EndContainer();
    }

    /// <inheritdoc/>
    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        int first = -1;
        int firstLength = 0;
        int credentials = -1;
        int credentialsLength = 0;
        uint place = 0;
        ulong breadcrumb = 0;
        bool hasBreadcrumb = false;
        bool hasPlace = false;
        uint breadcrumbTag = command == AddOrUpdateWiFiNetwork || command == ReorderNetwork ? 2u : 1;
        while (fields.Next())
        {
            if (fields.TagKind != TlvTag.KindContext || fields.Tag > breadcrumbTag)
            {
                continue;
            }

            if (fields.Tag == breadcrumbTag)
            {
                if (!fields.TryGetUnsigned(out breadcrumb))
                {
                    return Status.InvalidCommand;
                }

                hasBreadcrumb = true;
            }
            else if (fields.Tag == 0)
            {
                if (fields.IsNull && command == ScanNetworks)
                {
                    continue;
                }

                if (fields.Type != TlvType.ByteString)
                {
                    return Status.InvalidCommand;
                }

                first = fields.ValueOffset;
                firstLength = fields.ValueLength;
            }
            else if (command == ReorderNetwork)
            {
                if (!fields.TryGetUnsigned(0xff, out place))
                {
                    return Status.InvalidCommand;
                }

                hasPlace = true;
            }
            else
            {
                if (fields.Type != TlvType.ByteString)
                {
                    return Status.InvalidCommand;
                }

                credentials = fields.ValueOffset;
                credentialsLength = fields.ValueLength;
            }
        }

        if ((first < 0 && command != ScanNetworks) || (command == ReorderNetwork && !hasPlace)
            || (command == AddOrUpdateWiFiNetwork && credentials < 0))
        {
            return Status.InvalidCommand;
        }

        if (firstLength > MaxNetworkId || credentialsLength > WifiNetworkList.MaxCredentials || (first >= 0 && firstLength < 1))
        {
            return Status.ConstraintError;
        }

        if (command == ScanNetworks)
        {
            return BeginScan(fields.Buffer, first, firstLength, context, breadcrumb, hasBreadcrumb);
        }

        if (!_failSafe.IsArmedFor(context.FabricIndex))
        {
            return Status.FailsafeRequired;
        }

        int index = _networks.Find(fields.Buffer, first, firstLength);
        switch (command)
        {
            case AddOrUpdateWiFiNetwork:
                return AddOrUpdate(fields.Buffer, first, firstLength, credentials, credentialsLength, context, breadcrumb, hasBreadcrumb);
            case RemoveNetwork:
                if (index < 0)
                {
                    return RefuseConfig(context, NetworkIdNotFound, fields.Buffer, first, firstLength);
                }

                if (!_failSafe.BeginNetworks())
                {
                    return Status.Failure;
                }

                _networks.Remove(index);
                break;
            case ReorderNetwork:
                if (index < 0)
                {
                    return RefuseConfig(context, NetworkIdNotFound, fields.Buffer, first, firstLength);
                }

                if (place >= (uint)_networks.Count)
                {
                    return RefuseConfig(context, OutOfRange, fields.Buffer, first, firstLength);
                }

                if (!_failSafe.BeginNetworks())
                {
                    return Status.Failure;
                }

                if (index != (int)(place & 0xff))
                {
                    _networks.Move(index, (int)(place & 0xff));
                }

                index = (int)(place & 0xff);
                break;
            default:
                if (index < 0)
                {
                    SetLast(NetworkIdNotFound, fields.Buffer, first, firstLength, false, 0);
                    return RespondConnect(context, NetworkIdNotFound, false, 0);
                }

                return BeginConnect(index, context, breadcrumb, hasBreadcrumb);
        }

        SetBreadcrumb(breadcrumb, hasBreadcrumb);
        SetLast(Ok, fields.Buffer, first, firstLength, Has(HasLastError), _lastError);
        SetChanged(Networks);
        return RespondConfig(context, Ok, index);
    }

    /// <inheritdoc/>
    public override void ResponseSent(uint command)
    {
        // Non-concurrent: the answer is out, BLE may go now.
        if (command != ConnectNetwork || !Has(Chosen))
        {
            return;
        }

        Set(LeavesBle, WaitsForBle);
        if (!Has(LeavesBle))
        {
            LeftBle();
        }
    }

    /// <inheritdoc/>
    public override void RestoreNetworks()
    {
        _networks.Restore();
        Set(Chosen, false);
        Set(LeavesBle, false);
        if (_wifi.State != WifiState.Disconnected && _networks.Find(_ids, TargetAt + 1, _ids[TargetAt]) < 0)
        {
            _wifi.Disconnect();
            _ids[TargetAt] = 0;
        }

        SetChanged(Networks);
        RequestProcess();
    }

    /// <inheritdoc/>
    public override bool PrepareNetworks()
    {
        return _networks.Prepare();
    }

    /// <inheritdoc/>
    public override void CommitNetworks()
    {
        _networks.Commit();
        Set(Chosen, false);
    }

    /// <inheritdoc/>
    public override long Process(long now)
    {
        if (_scan != null)
        {
            if (_wifi.ScanState != WifiState.ScanRunning || now >= _deadline)
            {
                CompleteScan();
            }
        }

        bool connected = _wifi.State == WifiState.Connected;
        if (connected != Has(WasConnected))
        {
            Set(WasConnected, connected);
            SetChanged(Networks);
        }

        if (Has(Joins))
        {
            if (_wifi.State != WifiState.Connecting || now >= _deadline)
            {
                CompleteJoin(now);
            }
        }
        else if (_scan == null)
        {
            Rejoin(now, connected);
        }

        // A retry that fell due meanwhile waits for the end of a scan or join.
        return _scan != null || Has(Joins) ? _deadline : _retryAt != 0 ? _retryAt : long.MaxValue;
    }

    /// <summary>The radio's state changed: looks at it at the next turn of the loop.</summary>
    public void OnWifiChanged()
    {
        RequestProcess();
    }

    private int BeginScan(byte[] buffer, int ssid, int length, InvokeContext context, ulong breadcrumb, bool hasBreadcrumb)
    {
        if (_scan != null || Has(Joins))
        {
            return Status.Busy;
        }

        if (!_wifi.StartScan(buffer, ssid < 0 ? 0 : ssid, length))
        {
            return RespondScan(context, UnknownError);
        }

        SetBreadcrumb(breadcrumb, hasBreadcrumb);
        Set(Directed, length > 0);
        _scan = context;
        _deadline = _clock.Milliseconds + (ScanSeconds * 1000L);
        RequestProcess();
        return Status.Pending;
    }

    private void CompleteScan()
    {
        InvokeContext context = _scan;
        _scan = null;
        int status = _wifi.ScanState != WifiState.ScanDone ? UnknownError : Has(Directed) && _wifi.ScanCount == 0 ? NetworkNotFound : Ok;
        SetLast(status, null, 0, 0, Has(HasLastError), _lastError);
        context.Complete(RespondScan(context, status));
    }

    // Strongest first; what does not fit into one message is left out, as controllers look for the strong ones.
    private int RespondScan(InvokeContext context, int networkingStatus)
    {
        TlvWriter writer = context.StartResponse(ScanNetworksResponse);
        writer.PutUnsigned(0, (uint)networkingStatus);
        writer.PutString(1, "");
        if (networkingStatus != Ok)
        {
            return Status.Success;
        }

        writer.StartArray(2);
        int count = _wifi.ScanCount < MaxScanResults ? _wifi.ScanCount : MaxScanResults;
        uint written = 0;
        for (int i = 0; i < count && writer.Available > ScanResultSize + ResponseTail; i++)
        {
            int best = -1;
            int bestRssi = 0;
            for (int j = 0; j < count; j++)
            {
                if ((written & (1u << j)) != 0)
                {
                    continue;
                }

                _wifi.GetScanResult(j, _point);
                if (best < 0 || _point.Rssi > bestRssi)
                {
                    best = j;
                    bestRssi = _point.Rssi;
                }
            }

            written |= 1u << best;
            _wifi.GetScanResult(best, _point);
            writer.StartStructure(TlvTag.Anonymous);
            writer.PutUnsigned(0, (uint)_point.Security);
            writer.PutBytes(1, _point.Ssid, 0, _point.SsidLength);
            writer.PutBytes(2, _point.Bssid, 0, 6);
            writer.PutUnsigned(3, (uint)_point.Channel);
            writer.PutUnsigned(4, (uint)_point.Band);
            writer.PutSigned(5, _point.Rssi);
            writer.EndContainer();
        }

        writer.EndContainer();
        return Status.Success;
    }

    private int AddOrUpdate(
        byte[] buffer,
        int ssid,
        int ssidLength,
        int credentials,
        int credentialsLength,
        InvokeContext context,
        ulong breadcrumb,
        bool hasBreadcrumb)
    {
        // Open, WEP (5 or 13 bytes, 10 or 26 digits), passphrase 8 to 63, key 64 digits (Core 11.9.7.3.2).
        if (credentialsLength != 0 && credentialsLength != 5 && credentialsLength < 8)
        {
            return RefuseConfig(context, OutOfRange, buffer, ssid, ssidLength);
        }

        if (_networks.Count == WifiNetworkList.Capacity && _networks.Find(buffer, ssid, ssidLength) < 0)
        {
            return RefuseConfig(context, BoundsExceeded, buffer, ssid, ssidLength);
        }

        if (!_failSafe.BeginNetworks())
        {
            return Status.Failure;
        }

        int index = _networks.AddOrUpdate(buffer, ssid, ssidLength, credentials, credentialsLength);
        SetBreadcrumb(breadcrumb, hasBreadcrumb);
        SetLast(Ok, buffer, ssid, ssidLength, Has(HasLastError), _lastError);
        SetChanged(Networks);
        return RespondConfig(context, Ok, index);
    }

    private int BeginConnect(int index, InvokeContext context, ulong breadcrumb, bool hasBreadcrumb)
    {
        if (_scan != null || _connect != null || Has(LeavesBle))
        {
            return Status.Busy;
        }

        if (!_failSafe.BeginNetworks())
        {
            return Status.Failure;
        }

        SetTarget(index);
        Set(Chosen, true);
        Set(First, true);
        SetBreadcrumb(breadcrumb, hasBreadcrumb);
        if (!_wifi.IsConcurrent)
        {
            context.NotifyWhenSent = true;
            return RespondConnect(context, Ok, false, 0);
        }

        _connect = context;
        StartJoin();
        RequestProcess();
        return Status.Pending;
    }

    private void StartJoin()
    {
        int index = _networks.Find(_ids, TargetAt + 1, _ids[TargetAt]);
        Set(Joins, true);
        _retryAt = 0;
        _deadline = _clock.Milliseconds + (ConnectSeconds * 1000L);
        if (index < 0 || !_wifi.StartConnect(
            _networks.Data,
            _networks.SsidOffset(index),
            _networks.SsidLength(index),
            _networks.Data,
            _networks.CredentialsOffset(index),
            _networks.CredentialsLength(index)))
        {
            _deadline = _clock.Milliseconds;
        }
    }

    private void CompleteJoin(long now)
    {
        InvokeContext context = _connect;
        bool first = Has(First);
        _connect = null;
        Set(Joins, false);
        Set(First, false);
        int status = Ok;
        bool hasError = false;
        int error = 0;
        if (_wifi.State == WifiState.Connected)
        {
            _retryDelay = FirstRetry;
        }
        else
        {
            hasError = true;
            error = _wifi.ErrorValue;
            int reason = _wifi.State == WifiState.Failed ? _wifi.FailureReason : WifiState.ReasonOther;
            status = reason == WifiState.ReasonNotFound ? NetworkNotFound
                : reason == WifiState.ReasonAuthentication ? AuthFailure
                : reason == WifiState.ReasonSecurity ? UnsupportedSecurity
                : OtherConnectionFailure;
            _wifi.Disconnect();

            // To look for a network costs nobody anything, and it may be back at any moment. One that refuses is left in peace.
            if (reason == WifiState.ReasonNotFound)
            {
                _retryAt = now + FirstRetry;
            }
            else
            {
                _retryAt = now + _retryDelay;
                _retryDelay = _retryDelay * 2 > LastRetry ? LastRetry : _retryDelay * 2;
            }

            if (first)
            {
                // The commissioner says what comes next; where it can only come back over BLE, it finds the device as it was.
                Set(Chosen, false);
                if (context == null || !context.IsAlive)
                {
                    _failSafe.ExpireSoon();
                    RequestProcess();
                }
            }
        }

        SetLast(status, _ids, TargetAt + 1, _ids[TargetAt], hasError, error);
        SetChanged(Networks);
        if (context != null)
        {
            context.Complete(RespondConnect(context, status, hasError, error));
        }
    }

    // A device that lost its network, or has just started, tries its networks in turn: at once when it was connected, every second while none is heard, ever more slowly when they refuse.
    private void Rejoin(long now, bool connected)
    {
        if (connected || _networks.Count == 0)
        {
            _retryAt = 0;
            return;
        }

        if (_wifi.State == WifiState.Connecting || (_retryAt != 0 && now < _retryAt))
        {
            return;
        }

        if (_failSafe.NetworksChanged)
        {
            // Only what the commissioner has chosen, and that again when it was lost.
            if (Has(Chosen) && _networks.Find(_ids, TargetAt + 1, _ids[TargetAt]) >= 0)
            {
                StartJoin();
            }

            _retryAt = 0;
            return;
        }

        if (_next >= _networks.Count)
        {
            _next = 0;
        }

        SetTarget(_next++);
        StartJoin();
    }

    private bool Has(int flag)
    {
        return (_flags & flag) != 0;
    }

    private void Set(int flag, bool value)
    {
        _flags = value ? _flags | flag : _flags & ~flag;
    }

    private void SetTarget(int index)
    {
        _ids[TargetAt] = (byte)_networks.SsidLength(index);
        Array.Copy(_networks.Data, _networks.SsidOffset(index), _ids, TargetAt + 1, _ids[TargetAt]);
    }

    private bool IsTarget(int index)
    {
        return _ids[TargetAt] != 0 && _networks.Find(_ids, TargetAt + 1, _ids[TargetAt]) == index;
    }

    private void SetBreadcrumb(ulong breadcrumb, bool present)
    {
        if (present && _failSafe.SetBreadcrumb(breadcrumb))
        {
            _general.OnFailSafeChanged(false);
        }
    }

    private void SetLast(int status, byte[] id, int offset, int length, bool hasError, int error)
    {
        if (_lastStatus != status)
        {
            _lastStatus = status;
            SetChanged(LastNetworkingStatus);
        }

        if (id != null && (_ids[LastIdAt] != length || !Secrets.AreEqual(_ids, LastIdAt + 1, id, offset, length)))
        {
            _ids[LastIdAt] = (byte)length;
            Array.Copy(id, offset, _ids, LastIdAt + 1, length);
            SetChanged(LastNetworkId);
        }

        if (Has(HasLastError) != hasError || _lastError != error)
        {
            Set(HasLastError, hasError);
            _lastError = error;
            SetChanged(LastConnectErrorValue);
        }
    }

    private int RefuseConfig(InvokeContext context, int networkingStatus, byte[] buffer, int id, int length)
    {
        SetLast(networkingStatus, buffer, id, length, Has(HasLastError), _lastError);
        return RespondConfig(context, networkingStatus, -1);
    }

    private static int RespondConfig(InvokeContext context, int networkingStatus, int index)
    {
        TlvWriter writer = context.StartResponse(NetworkConfigResponse);
        writer.PutUnsigned(0, (uint)networkingStatus);
        writer.PutString(1, "");
        if (index >= 0)
        {
            writer.PutUnsigned(2, (uint)index);
        }

        return Status.Success;
    }

    private static int RespondConnect(InvokeContext context, int networkingStatus, bool hasError, int error)
    {
        TlvWriter writer = context.StartResponse(ConnectNetworkResponse);
        writer.PutUnsigned(0, (uint)networkingStatus);
        writer.PutString(1, "");
        if (hasError)
        {
            writer.PutSigned(2, error);
        }
        else
        {
            writer.PutNull(2);
        }

        return Status.Success;
    }
}
