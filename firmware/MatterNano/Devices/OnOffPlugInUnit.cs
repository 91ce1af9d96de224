using MatterNano.Clusters;

namespace MatterNano.Devices;

/// <summary>On/Off Plug-in Unit (device type 0x010A, revision 3).</summary>
public sealed class OnOffPlugInUnit : OnOffDevice
{
    /// <summary>Makes the plug the next endpoint of a node.</summary>
    public OnOffPlugInUnit(RootNode root)
        : base(root, 0x010a, 3, IdentifyCluster.TypeVisibleIndicator)
    {
    }
}
