using MatterNano.Clusters;
using MatterNano.Onboarding;
using MatterNano.Platform;

namespace MatterNano.Devices;

/// <summary>What a node may be told about itself; the defaults suit a light on Ethernet.</summary>
public sealed class RootNodeSettings
{
    /// <summary>Vendor, product and versions.</summary>
    public DeviceInformation Device = new DeviceInformation();

    /// <summary>The network interface.</summary>
    public NetworkInterfaceInformation NetworkInterface = new NetworkInterfaceInformation();

    /// <summary>Endpoints behind the root, 1 to 10.</summary>
    public int Devices = 1;

    /// <summary>Why the node started, one of the Boot constants of <see cref="GeneralDiagnosticsCluster"/>.</summary>
    public int BootReason = GeneralDiagnosticsCluster.BootUnspecified;

    /// <summary>Where the device may be used, such as <see cref="GeneralCommissioningCluster.IndoorOutdoor"/>.</summary>
    public int LocationCapability = GeneralCommissioningCluster.IndoorOutdoor;

    /// <summary>The radio of a Wi-Fi device; null for Ethernet.</summary>
    public IWifi Wifi;

    /// <summary>True to let administrators re-open the window with the factory passcode.</summary>
    public bool BasicCommissioningWindow;
}
