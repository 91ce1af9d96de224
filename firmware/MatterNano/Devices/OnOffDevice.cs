using MatterNano.Clusters;

namespace MatterNano.Devices;

/// <summary>Something that is on or off: Identify, Groups, On/Off with the Lighting feature.</summary>
public abstract class OnOffDevice : Device
{
    private readonly OnOffCluster _onOff;

    /// <summary>Makes the endpoint.</summary>
    /// <param name="root">The node.</param>
    /// <param name="deviceType">Device type id.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="identifyType">How it shows itself.</param>
    protected OnOffDevice(RootNode root, uint deviceType, uint revision, int identifyType)
        : base(root, deviceType, revision, 2, identifyType)
    {
        _onOff = new OnOffCluster(root.Services.Clock, root.Services.Flash, Endpoint.Number);
        Add(new GroupsCluster(root.Groups, root.GroupKeys, Identify));
        Add(_onOff);
        Finish();
    }

    /// <summary>On/Off: switch it, ask it, hear of changes.</summary>
    public OnOffCluster OnOff
    {
        get { return _onOff; }
    }
}
