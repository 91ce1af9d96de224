using MatterNano.Clusters;

namespace MatterNano.Devices;

/// <summary>Temperature Sensor (device type 0x0302, revision 2).</summary>
public sealed class TemperatureSensor : Device
{
    private readonly TemperatureMeasurementCluster _temperature;

    /// <summary>Makes the sensor the next endpoint of a node.</summary>
    /// <param name="root">The node.</param>
    /// <param name="min">Lowest value that it can measure, in hundredths of a degree Celsius.</param>
    /// <param name="max">Highest value.</param>
    public TemperatureSensor(RootNode root, int min, int max)
        : base(root, 0x0302, 2, 1, IdentifyCluster.TypeVisibleIndicator)
    {
        _temperature = new TemperatureMeasurementCluster(min, max);
        Add(_temperature);
        Finish();
    }

    /// <summary>The temperature: call SetTemperature.</summary>
    public TemperatureMeasurementCluster Temperature
    {
        get { return _temperature; }
    }
}
