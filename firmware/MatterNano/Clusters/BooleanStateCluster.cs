using MatterNano.Interaction;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Boolean State (Application Clusters 1.7), revision 1: a contact, a leak, any yes or no.</summary>
public sealed class BooleanStateCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0045;

    private const uint StateValue = 0;
    private const uint StateChange = 0;

    private bool _value;

    /// <summary>Creates the cluster, with state false.</summary>
    public BooleanStateCluster()
        : base(ClusterId)
    {
    }

    /// <summary>The state. Setting another one reports it and records the event StateChange.</summary>
    public bool Value
    {
        get
        {
            return _value;
        }

        set
        {
            if (_value == value)
            {
                return;
            }

            _value = value;
            SetChanged(StateValue);
            if (Node != null)
            {
                TlvWriter writer = BeginEvent(StateChange, 0);
                writer.PutBoolean(0, value);
                EndEvent();
            }
        }
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 1; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        return index == 0 ? StateValue | Element.ReadView : Element.End;
    }

    /// <inheritdoc/>
    public override uint GetEvent(int index)
    {
        return index == 0 ? StateChange | Element.ReadView | Element.Info : Element.End;
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        writer.PutBoolean(tag, _value);
        return Status.Success;
    }
}
