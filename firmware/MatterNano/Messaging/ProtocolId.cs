namespace MatterNano.Messaging;

/// <summary>Protocol ids of the standard vendor (Core 4.4.3.4). Others are vendor id * 65536 + protocol.</summary>
public static class ProtocolId
{
    /// <summary>Secure channel: PASE, CASE, StatusReport, standalone acknowledgement.</summary>
    public const int SecureChannel = 0;

    /// <summary>Interaction model.</summary>
    public const int InteractionModel = 1;
}
