namespace MatterNano.Interaction;

/// <summary>Constants of the interaction model protocol (Core 8, 10).</summary>
public static class InteractionModel
{
    /// <summary>Interaction model revision that is put into every message: that of Matter 1.4.</summary>
    public const uint Revision = 12;

    /// <summary>Context tag of the revision in every message.</summary>
    public const uint RevisionTag = 0xff;

    /// <summary>In a path: every cluster, attribute or event.</summary>
    public const uint Wildcard = 0xffffffff;

    /// <summary>In a path: every endpoint.</summary>
    public const int AnyEndpoint = 0xffff;

    /// <summary>Opcode StatusResponse.</summary>
    public const int StatusResponse = 0x01;

    /// <summary>Opcode ReadRequest.</summary>
    public const int ReadRequest = 0x02;

    /// <summary>Opcode SubscribeRequest.</summary>
    public const int SubscribeRequest = 0x03;

    /// <summary>Opcode SubscribeResponse.</summary>
    public const int SubscribeResponse = 0x04;

    /// <summary>Opcode ReportData.</summary>
    public const int ReportData = 0x05;

    /// <summary>Opcode WriteRequest.</summary>
    public const int WriteRequest = 0x06;

    /// <summary>Opcode WriteResponse.</summary>
    public const int WriteResponse = 0x07;

    /// <summary>Opcode InvokeRequest.</summary>
    public const int InvokeRequest = 0x08;

    /// <summary>Opcode InvokeResponse.</summary>
    public const int InvokeResponse = 0x09;

    /// <summary>Opcode TimedRequest.</summary>
    public const int TimedRequest = 0x0a;
}
