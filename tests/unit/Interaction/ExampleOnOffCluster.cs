using MatterNano.Interaction;
using MatterNano.Tlv;

namespace NFUnitTest.Interaction;

/// <summary>The smallest useful cluster: one attribute, three commands, one change report.</summary>
public sealed class ExampleOnOffCluster : Cluster
{
    private bool _on;

    public ExampleOnOffCluster()
        : base(0x0006)
    {
    }

    public bool IsOn
    {
        get { return _on; }
    }

    public override int Revision
    {
        get { return 6; }
    }

    public override uint GetAttribute(int index)
    {
        return index == 0 ? 0x0000 | Element.ReadView : Element.End;
    }

    public override uint GetCommand(int index)
    {
        return index < 3 ? (uint)index | Element.InvokeOperate : Element.End;
    }

    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        writer.PutBoolean(tag, _on);
        return Status.Success;
    }

    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        Set(command == 2 ? !_on : command == 1);
        return Status.Success;
    }

    public void Set(bool on)
    {
        if (_on != on)
        {
            _on = on;
            SetChanged(0);
        }
    }
}
