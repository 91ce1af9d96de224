using MatterNano.Clusters;
using MatterNano.Interaction;
using MatterNano.Platform;

namespace MatterNano.Devices;

/// <summary>Endpoint 0 (device type 0x0016, revision 3) and everything that its clusters share.</summary>
/// <remarks>
/// Order: make the root, make the devices, <see cref="Load"/>, then sessions and the interaction engine
/// (<c>Parts.Engine = engine</c>), then <see cref="RecordBoot"/>. At each turn of the loop: <see cref="Poll"/>, then Node.Process, which runs all timed work.
/// </remarks>
public sealed class RootNode
{
    private const uint DeviceType = 0x0016;
    private const int ClusterCount = 9;
    private const int WifiClusterCount = 10;

    private readonly NodeServices _services;
    private readonly NetworkInterfaceInformation _interface;
    private readonly IWifi _wifi;
    private readonly Node _node;
    private readonly CommissioningParts _parts;
    private readonly FailSafe _failSafe;
    private readonly BasicInformationCluster _basic;
    private readonly GeneralCommissioningCluster _commissioning;
    private readonly GeneralDiagnosticsCluster _diagnostics;
    private readonly NetworkCommissioningCluster _network;
    private int _networkChanges;
    private int _wifiChanges;

    /// <summary>Builds endpoint 0.</summary>
    /// <param name="services">What it stands on.</param>
    /// <param name="settings">What it is.</param>
    public RootNode(NodeServices services, RootNodeSettings settings)
    {
        _services = services;
        _interface = settings.NetworkInterface;
        _wifi = settings.Wifi;
        _node = new Node(settings.Devices + 1, services.Events, services.Random);
        AccessControlList list = new AccessControlList(services.Flash);
        GroupTable groups = new GroupTable(services.Flash, settings.Devices);
        GroupKeyStore groupKeys = new GroupKeyStore(services.Flash, services.Fabrics, groups.Capacity);
        _parts = new CommissioningParts(
            services.Flash,
            services.Fabrics,
            list,
            groupKeys,
            groups,
            services.Sessions,
            services.Window,
            services.Events);
        _failSafe = new FailSafe(services.Clock, services.Flash, _parts);
        _basic = new BasicInformationCluster(settings.Device, services.Flash, services.Random);
        _commissioning = new GeneralCommissioningCluster(
            services.Flash,
            _failSafe,
            services.Window,
            _basic,
            settings.LocationCapability,
            settings.Wifi == null || settings.Wifi.IsConcurrent);
        _diagnostics = new GeneralDiagnosticsCluster(services.Clock, services.Flash, settings.NetworkInterface, settings.BootReason);
        if (settings.Wifi == null)
        {
            _network = new EthernetCommissioningCluster(settings.NetworkInterface);
        }
        else
        {
            _network = new WifiCommissioningCluster(services.Flash, services.Clock, settings.Wifi, _failSafe, _commissioning);
        }

        _parts.Basic = _basic;
        _parts.General = _commissioning;
        _parts.Network = _network;

        AccessControlCluster access = new AccessControlCluster(list);
        EndpointDefinition endpoint = new EndpointDefinition(0, new uint[] { DeviceType, 3 }, settings.Wifi == null ? ClusterCount : WifiClusterCount, null);
        endpoint.Add(new DescriptorCluster());
        endpoint.Add(access);
        endpoint.Add(_basic);
        endpoint.Add(_commissioning);
        endpoint.Add(_network);
        endpoint.Add(_diagnostics);
        endpoint.Add(new AdministratorCommissioningCluster(services.Window, _failSafe, services.Fabrics, settings.BasicCommissioningWindow));
        endpoint.Add(new OperationalCredentialsCluster(
            services.Fabrics,
            _failSafe,
            _parts,
            access,
            services.Identity,
            services.Worker,
            services.Clock,
            services.Random));
        endpoint.Add(new GroupKeyManagementCluster(groupKeys, groups));
        if (settings.Wifi != null)
        {
            endpoint.Add(new WifiNetworkDiagnosticsCluster((WifiCommissioningCluster)_network));
        }

        _node.Add(endpoint);
    }

    /// <summary>What the node stands on.</summary>
    public NodeServices Services
    {
        get { return _services; }
    }

    /// <summary>The data model, for the interaction engine.</summary>
    public Node Node
    {
        get { return _node; }
    }

    /// <summary>Access control, for the interaction engine.</summary>
    public AccessControlList Access
    {
        get { return _parts.Access; }
    }

    /// <summary>Group keys, for the session manager.</summary>
    public GroupKeyStore GroupKeys
    {
        get { return _parts.Keys; }
    }

    /// <summary>Groups, for the interaction engine and for the multicast groups to join.</summary>
    public GroupTable Groups
    {
        get { return _parts.Groups; }
    }

    /// <summary>The fail-safe, for PASE: FailSafe.OnPaseEstablished.</summary>
    public FailSafe FailSafe
    {
        get { return _failSafe; }
    }

    /// <summary>What belongs to fabrics.</summary>
    public CommissioningParts Parts
    {
        get { return _parts; }
    }

    /// <summary>Basic Information.</summary>
    public BasicInformationCluster BasicInformation
    {
        get { return _basic; }
    }

    /// <summary>General Diagnostics.</summary>
    public GeneralDiagnosticsCluster Diagnostics
    {
        get { return _diagnostics; }
    }

    /// <summary>Network Commissioning.</summary>
    public NetworkCommissioningCluster Network
    {
        get { return _network; }
    }

    /// <summary>Reads fabrics and what belongs to them, and finishes or undoes what a power cut interrupted.</summary>
    public void Load()
    {
        _services.Fabrics.Load();
        _parts.Load();
        _failSafe.Recover();
    }

    /// <summary>Looks whether addresses or the Wi-Fi state changed. Called at each turn of the loop, before Node.Process; costs two comparisons.</summary>
    /// <returns>True when something did.</returns>
    public bool Poll()
    {
        bool changed = false;
        IUdp network = _interface.Network;
        if (network != null && network.ChangeCount != _networkChanges)
        {
            _networkChanges = network.ChangeCount;
            _diagnostics.OnNetworkChanged();
            changed = true;
        }

        IWifi wifi = _wifi;
        if (wifi != null && wifi.ChangeCount != _wifiChanges)
        {
            _wifiChanges = wifi.ChangeCount;
            ((WifiCommissioningCluster)_network).OnWifiChanged();
            changed = true;
        }

        return changed;
    }

    /// <summary>Records the events of a boot: StartUp first, then BootReason.</summary>
    public void RecordBoot()
    {
        _basic.RecordStartUp();
        _diagnostics.RecordBootReason();
    }

    /// <summary>Prepares for an orderly stop: an armed fail-safe expires, waiting state is written, ShutDown is recorded. Reports and goodbyes follow.</summary>
    public void ShutDown()
    {
        _failSafe.Expire();
        for (int i = 0; i < _node.EndpointCount; i++)
        {
            OnOffCluster light = _node.GetEndpoint(i).FindCluster(OnOffCluster.ClusterId) as OnOffCluster;
            if (light != null)
            {
                light.Flush();
            }
        }

        _basic.RecordShutDown();
    }
}
