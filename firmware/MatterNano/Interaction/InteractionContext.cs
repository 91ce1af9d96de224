using MatterNano.Sessions;

namespace MatterNano.Interaction;

/// <summary>Who reads or writes, and how. Handed to clusters, owned and reused by the engine: valid during the call only.</summary>
public abstract class InteractionContext
{
    /// <summary>Who asks. A cluster may keep a copy, never the reference. Once the session is gone, only mode and fabric are left.</summary>
    public abstract AccessSubject Subject { get; }

    /// <summary>The session it came on; null when it is gone, which only a pending command can meet.</summary>
    public abstract Session Session { get; }

    /// <summary>How the other side proved who it is: one of <see cref="Interaction.AuthMode"/>.</summary>
    public abstract int AuthMode { get; }

    /// <summary>Accessing fabric, 1 to 254; 0 when there is none (PASE before AddNOC).</summary>
    public abstract int FabricIndex { get; }

    /// <summary>True when only items of the accessing fabric are wanted. The engine filters lists itself; a cluster rarely asks.</summary>
    public abstract bool IsFabricFiltered { get; }

    /// <summary>True when the interaction came behind a TimedRequest in time.</summary>
    public abstract bool IsTimed { get; }

    /// <summary>True for a message to a group: no answer will be sent.</summary>
    public bool IsGroup
    {
        get { return AuthMode == Interaction.AuthMode.Group; }
    }

    /// <summary>Whether the fabric-sensitive fields of an item may be shown: those of the accessing fabric only (Core 7.5.2).</summary>
    /// <param name="fabricIndex">Fabric of the item.</param>
    public bool ShowsSensitiveOf(int fabricIndex)
    {
        return fabricIndex != 0 && fabricIndex == FabricIndex;
    }
}
