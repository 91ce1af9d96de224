using MatterNano.Clusters;

namespace MatterNano.Devices;

/// <summary>On/Off Light (device type 0x0100, revision 3).</summary>
/// <example>
/// <code>
/// OnOffLight light = new OnOffLight(root);
/// light.OnOff.Changed += (sender, on) => led.Write(on);
/// button.Pressed += () => light.OnOff.Toggle();
/// </code>
/// </example>
public sealed class OnOffLight : OnOffDevice
{
    /// <summary>Makes the light the next endpoint of a node.</summary>
    public OnOffLight(RootNode root)
        : base(root, 0x0100, 3, IdentifyCluster.TypeLightOutput)
    {
    }
}
