using System;
using MatterNano.Interaction;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Temperature Measurement (Application Clusters 2.3), revision 4. All values in hundredths of a degree Celsius.</summary>
public sealed class TemperatureMeasurementCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0402;

    /// <summary>Coldest temperature there is: absolute zero.</summary>
    public const int Coldest = -27315;

    /// <summary>Warmest value that can be told.</summary>
    public const int Warmest = 32767;

    private const uint MeasuredValue = 0;
    private const uint MinMeasuredValue = 1;
    private const uint MaxMeasuredValue = 2;

    private readonly int _min;
    private readonly int _max;
    private int _value;
    private bool _isKnown;

    /// <summary>Creates the cluster; the temperature is unknown.</summary>
    /// <param name="min">Lowest value that the sensor can measure, <see cref="Coldest"/> to 32766.</param>
    /// <param name="max">Highest value, above <paramref name="min"/> and at most <see cref="Warmest"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is impossible.</exception>
    public TemperatureMeasurementCluster(int min, int max)
        : base(ClusterId)
    {
        if (min < Coldest || max > Warmest || min >= max)
        {
            throw new ArgumentOutOfRangeException();
        }

        _min = min;
        _max = max;
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 4; }
    }

    /// <summary>Sets the temperature; a value outside the sensor's range is told as its nearest end.</summary>
    /// <param name="hundredths">Hundredths of a degree Celsius.</param>
    public void SetTemperature(int hundredths)
    {
        int value = hundredths < _min ? _min : hundredths > _max ? _max : hundredths;
        if (!_isKnown || _value != value)
        {
            _isKnown = true;
            _value = value;
            SetChanged(MeasuredValue);
        }
    }

    /// <summary>Makes the temperature unknown, as for a broken sensor.</summary>
    public void SetUnknown()
    {
        if (_isKnown)
        {
            _isKnown = false;
            SetChanged(MeasuredValue);
        }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        return index > 2 ? Element.End : (uint)index | Element.ReadView;
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        if (attribute == MeasuredValue && !_isKnown)
        {
            writer.PutNull(tag);
        }
        else
        {
            writer.PutSigned(tag, attribute == MeasuredValue ? _value : attribute == MinMeasuredValue ? _min : _max);
        }

        return Status.Success;
    }
}
