using MatterNano.Sessions;

namespace MatterNano.Interaction;

/// <summary>Who reads or writes, and how. Handed to clusters, owned and reused by the engine: valid during the call only.</summary>
public class InteractionContext
{
    private readonly AccessSubject _subject = new AccessSubject();

    /// <summary>Makes a context of nobody.</summary>
    public InteractionContext()
    {
    }

    /// <summary>Who asks. A cluster may keep a copy, never the reference.</summary>
    public AccessSubject Subject
    {
        get { return _subject; }
    }

    /// <summary>The session it came on; null when it is gone, which only a pending command can meet.</summary>
    public Session Session { get; internal set; }

    /// <summary>Accessing fabric, 1 to 254; 0 when there is none (PASE before AddNOC).</summary>
    public int FabricIndex
    {
        get { return _subject.FabricIndex; }
    }

    /// <summary>True when only items of the accessing fabric are wanted. The engine filters lists itself; a cluster rarely asks.</summary>
    public bool IsFabricFiltered { get; internal set; }

    /// <summary>True when the interaction came behind a TimedRequest in time.</summary>
    public bool IsTimed { get; internal set; }

    /// <summary>True for a message to a group: no answer will be sent.</summary>
    public bool IsGroup
    {
        get { return _subject.AuthMode == AuthMode.Group; }
    }

    /// <summary>Whether the fabric-sensitive fields of an item may be shown: those of the accessing fabric only (Core 7.5.2).</summary>
    /// <param name="fabricIndex">Fabric of the item.</param>
    public bool ShowsSensitiveOf(int fabricIndex)
    {
        return fabricIndex != 0 && fabricIndex == _subject.FabricIndex;
    }
}
