using MatterNano.Clusters;

namespace MatterNano.Devices;

/// <summary>Contact Sensor (device type 0x0015, revision 2): state true means contact, a closed door.</summary>
public sealed class ContactSensor : Device
{
    private readonly BooleanStateCluster _state;

    /// <summary>Makes the sensor the next endpoint of a node.</summary>
    public ContactSensor(RootNode root)
        : base(root, 0x0015, 2, 1, IdentifyCluster.TypeVisibleIndicator)
    {
        _state = new BooleanStateCluster();
        Add(_state);
        Finish();
    }

    /// <summary>The contact: set its Value.</summary>
    public BooleanStateCluster State
    {
        get { return _state; }
    }
}
