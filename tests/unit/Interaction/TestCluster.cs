using System.Collections;
using MatterNano.Interaction;
using MatterNano.Tlv;

namespace NFUnitTest.Interaction;

/// <summary>A cluster with an element of every kind.</summary>
public sealed class TestCluster : Cluster
{
    public const uint ClusterId = 0x64;
    public const uint Number = 0;
    public const uint Blobs = 1;
    public const uint Scoped = 2;
    public const uint WriteOnly = 3;
    public const uint TimedNumber = 4;
    public const uint UpTime = 5;
    public const uint Secret = 6;
    public const uint Fails = 7;

    public uint Value = 5;
    public int BlobCount;
    public int BlobSize = 100;
    public int Begun;
    public int Ended;
    public int EndStatus = -1;
    public int EndAnswer;
    public int SentResponses;
    public int InvokeCount;
    public InvokeContext Pending;

    /// <summary>All that were put off and are not completed; whoever completes one takes it out.</summary>
    public readonly ArrayList PutOff = new ArrayList();

    public TestCluster()
        : base(ClusterId)
    {
    }

    public override int Revision
    {
        get { return 3; }
    }

    public override uint FeatureMap
    {
        get { return 0x81; }
    }

    public override uint GetAttribute(int index)
    {
        switch (index)
        {
            case 0: return Number | Element.ReadView | Element.WriteOperate;
            case 1: return Blobs | Element.ReadView | Element.WriteManage | Element.List;
            case 2: return Scoped | Element.ReadView | Element.WriteAdminister | Element.List | Element.FabricScoped;
            case 3: return WriteOnly | Element.WriteOperate;
            case 4: return TimedNumber | Element.ReadView | Element.WriteOperate | Element.Timed;
            case 5: return UpTime | Element.ReadView | Element.ChangesOmitted;
            case 6: return Secret | Element.ReadAdminister;
            case 7: return Fails | Element.ReadView;
            default: return Element.End;
        }
    }

    public override uint GetCommand(int index)
    {
        switch (index)
        {
            case 0: return 0 | Element.InvokeOperate;
            case 1: return 1 | Element.InvokeOperate | Element.Response(2);
            case 2: return 3 | Element.InvokeOperate | Element.Timed;
            case 3: return 4 | Element.InvokeOperate | Element.FabricScoped;
            case 4: return 5 | Element.InvokeOperate | Element.Response(2);
            case 5: return 6 | Element.InvokeAdminister;
            default: return Element.End;
        }
    }

    public override uint GetEvent(int index)
    {
        switch (index)
        {
            case 0: return 0 | Element.ReadView | Element.Info;
            case 1: return 1 | Element.ReadView | Element.Critical | Element.FabricScoped;
            case 2: return 2 | Element.ReadAdminister | Element.Debug;
            default: return Element.End;
        }
    }

    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        if (attribute == Fails)
        {
            return Status.Busy;
        }

        writer.PutUnsigned(tag, attribute == Number || attribute == TimedNumber ? Value : 1);
        return Status.Success;
    }

    public override int GetListCount(uint attribute, InteractionContext context)
    {
        return attribute == Blobs ? BlobCount : 3;
    }

    public override int GetListItemFabric(uint attribute, int index)
    {
        return index == 1 ? 1 : 2;
    }

    public override void ReadListItem(uint attribute, int index, TlvWriter writer, uint tag, InteractionContext context)
    {
        if (attribute == Blobs)
        {
            int at = writer.PutBytesInPlace(tag, BlobSize);
            for (int i = 0; at >= 0 && i < BlobSize; i++)
            {
                writer.Buffer[at + i] = (byte)index;
            }

            return;
        }

        int fabric = GetListItemFabric(attribute, index);
        writer.StartStructure(tag);
        if (context.ShowsSensitiveOf(fabric))
        {
            writer.PutUnsigned(1, (ulong)index);
        }

        writer.PutUnsigned(FabricIndexTag, (ulong)fabric);
        writer.EndContainer();
    }

    public override int WriteAttribute(uint attribute, TlvReader value, InteractionContext context)
    {
        uint number;
        if (!value.TryGetUnsigned(0xffffffff, out number))
        {
            return Status.InvalidDataType;
        }

        if (number > 100)
        {
            return Status.ConstraintError;
        }

        if (Value != number)
        {
            Value = number;
            SetChanged(attribute);
        }

        return Status.Success;
    }

    public override int BeginListWrite(uint attribute, InteractionContext context)
    {
        Begun++;
        BlobCount = 0;
        return Status.Success;
    }

    public override int AppendListItem(uint attribute, TlvReader item, InteractionContext context)
    {
        if (item.Type != TlvType.ByteString)
        {
            return Status.InvalidDataType;
        }

        BlobCount++;
        return Status.Success;
    }

    public override int EndListWrite(uint attribute, int status, InteractionContext context)
    {
        Ended++;
        EndStatus = status;
        SetChanged(attribute);
        return EndAnswer;
    }

    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        InvokeCount++;
        uint number = 0;
        while (fields.Next())
        {
            if (fields.IsContextTag(0) && !fields.TryGetUnsigned(0xff, out number))
            {
                return Status.InvalidCommand;
            }
        }

        switch (command)
        {
            case 1:
                context.StartResponse(2).PutUnsigned(0, number + 1);
                if (number == 200)
                {
                    return Status.ConstraintError;
                }

                return Status.Success;
            case 5:
                Pending = context;
                PutOff.Add(context);
                return Status.Pending;
            case 6:
                context.ClusterStatus = 9;
                context.NotifyWhenSent = true;
                return Status.Failure;
            default:
                return Status.Success;
        }
    }

    public override void ResponseSent(uint command)
    {
        SentResponses++;
    }

    public void Change(uint attribute)
    {
        SetChanged(attribute);
    }

    public ulong Happen(uint eventId, int fabricIndex, int size)
    {
        TlvWriter writer = BeginEvent(eventId, fabricIndex);
        int at = writer.PutBytesInPlace(0, size);
        for (int i = 0; at >= 0 && i < size; i++)
        {
            writer.Buffer[at + i] = 0x77;
        }

        return EndEvent();
    }
}
