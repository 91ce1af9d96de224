namespace MatterNano.Interaction;

/// <summary>Attributes that every cluster has (Core 7.13). The engine makes them from the cluster's tables.</summary>
public static class GlobalAttribute
{
    /// <summary>Commands that the server sends as responses.</summary>
    public const uint GeneratedCommandList = 0xfff8;

    /// <summary>Commands that the server accepts.</summary>
    public const uint AcceptedCommandList = 0xfff9;

    /// <summary>Attributes of this instance, the global ones included.</summary>
    public const uint AttributeList = 0xfffb;

    /// <summary>Features of this instance.</summary>
    public const uint FeatureMap = 0xfffc;

    /// <summary>Revision of the cluster specification.</summary>
    public const uint ClusterRevision = 0xfffd;

    /// <summary>Number of global attributes.</summary>
    public const int Count = 5;

    /// <summary>Table entry of a global attribute.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <returns>The packed description; <see cref="Element.End"/> behind the last.</returns>
    public static uint Get(int index)
    {
        switch (index)
        {
            case 0: return GeneratedCommandList | Element.ReadView | Element.List;
            case 1: return AcceptedCommandList | Element.ReadView | Element.List;
            case 2: return AttributeList | Element.ReadView | Element.List;
            case 3: return FeatureMap | Element.ReadView;
            case 4: return ClusterRevision | Element.ReadView;
            default: return Element.End;
        }
    }
}
