namespace MatterNano.SecureChannel;

/// <summary>Numbers of the secure channel protocol (Core 4.11.1, table of opcodes).</summary>
public static class SecureChannelProtocol
{
    /// <summary>Protocol id in the header.</summary>
    public const int ProtocolId = 0x0000;

    /// <summary>Standalone acknowledgement; handled by MRP.</summary>
    public const int StandaloneAck = 0x10;

    /// <summary>PBKDFParamRequest, initiator to responder.</summary>
    public const int PbkdfParamRequest = 0x20;

    /// <summary>PBKDFParamResponse.</summary>
    public const int PbkdfParamResponse = 0x21;

    /// <summary>Pake1, initiator to responder.</summary>
    public const int Pake1 = 0x22;

    /// <summary>Pake2.</summary>
    public const int Pake2 = 0x23;

    /// <summary>Pake3, initiator to responder.</summary>
    public const int Pake3 = 0x24;

    /// <summary>Sigma1, initiator to responder.</summary>
    public const int Sigma1 = 0x30;

    /// <summary>Sigma2.</summary>
    public const int Sigma2 = 0x31;

    /// <summary>Sigma3, initiator to responder.</summary>
    public const int Sigma3 = 0x32;

    /// <summary>Sigma2Resume.</summary>
    public const int Sigma2Resume = 0x33;

    /// <summary>StatusReport, both ways.</summary>
    public const int StatusReport = 0x40;

    /// <summary>Bytes of each handshake random.</summary>
    public const int RandomSize = 32;

    /// <summary>Bytes of an uncompressed curve point.</summary>
    public const int PointSize = 65;

    /// <summary>Bytes of a resumption id.</summary>
    public const int ResumptionIdSize = 16;

    /// <summary>Bytes of an AES-CCM tag.</summary>
    public const int MicSize = 16;

    /// <summary>Bytes of a SHA-256 hash.</summary>
    public const int HashSize = 32;
}
