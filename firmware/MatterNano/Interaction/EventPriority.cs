namespace MatterNano.Interaction;

/// <summary>Priorities of events with their values on the wire (Core 7.14.2).</summary>
public static class EventPriority
{
    /// <summary>For engineering.</summary>
    public const int Debug = 0;

    /// <summary>For the user and for other nodes.</summary>
    public const int Info = 1;

    /// <summary>Safety and operation.</summary>
    public const int Critical = 2;

    /// <summary>Number of priorities.</summary>
    public const int Count = 3;
}
