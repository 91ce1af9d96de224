namespace MatterNano.Interaction;

/// <summary>Who asks: the input of every access check (Core 6.6.2). A mutable value that its owner reuses.</summary>
public sealed class AccessSubject
{
    /// <summary>One of <see cref="Interaction.AuthMode"/>.</summary>
    public int AuthMode;

    /// <summary>Accessing fabric, 1 to 254; 0 when there is none (PASE before AddNOC).</summary>
    public int FabricIndex;

    /// <summary>CASE: operational node id. Group: 0xFFFFFFFFFFFF0000 + group id. PASE: 0.</summary>
    public ulong NodeId;

    /// <summary>First CASE authenticated tag (identifier high half, version low half); 0 for none.</summary>
    public uint Tag0;

    /// <summary>Second CASE authenticated tag; 0 for none.</summary>
    public uint Tag1;

    /// <summary>Third CASE authenticated tag; 0 for none.</summary>
    public uint Tag2;

    /// <summary>Group id of a group message; 0 else.</summary>
    public int GroupId
    {
        get
        {
            return AuthMode == Interaction.AuthMode.Group ? -1 & (int)(NodeId & 0xffff) : 0;
        }
    }

    /// <summary>CASE authenticated tag by index.</summary>
    /// <param name="index">0 to 2.</param>
    public uint GetTag(int index)
    {
        return index == 0 ? Tag0 : index == 1 ? Tag1 : Tag2;
    }

    /// <summary>Makes this nobody.</summary>
    public void Clear()
    {
        AuthMode = Interaction.AuthMode.None;
        FabricIndex = 0;
        NodeId = 0;
        Tag0 = 0;
        Tag1 = 0;
        Tag2 = 0;
    }

    /// <summary>Copies all of another subject.</summary>
    public void CopyFrom(AccessSubject other)
    {
        AuthMode = other.AuthMode;
        FabricIndex = other.FabricIndex;
        NodeId = other.NodeId;
        Tag0 = other.Tag0;
        Tag1 = other.Tag1;
        Tag2 = other.Tag2;
    }
}
