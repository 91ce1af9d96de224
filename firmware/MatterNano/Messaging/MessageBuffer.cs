namespace MatterNano.Messaging;

/// <summary>One outgoing message of the pool. Taken with <see cref="Exchange.BeginMessage"/>, given back by Send or Cancel.</summary>
public sealed class MessageBuffer
{
    /// <summary>Bytes kept free in front of the payload: group message header 18, protocol header with acknowledgement 10.</summary>
    public const int HeaderRoom = 28;

    /// <summary>Largest payload of <see cref="Exchange.BeginMessage"/> in bytes: 1232 on the wire less the largest headers and the integrity code (Core 4.4.4).</summary>
    public const int MaxPayload = Limits.MaxSentMessage - 18 - PayloadHeader.MaxWrittenSize - MessageCodec.MicSize;

    /// <summary>Largest payload of <see cref="Exchange.BeginShortMessage"/> in bytes.</summary>
    public const int MaxShortPayload = Limits.MaxShortMessage - HeaderRoom - MessageCodec.MicSize;

    /// <summary>The bytes: headers, payload, integrity code.</summary>
    public readonly byte[] Data;

    // Of the message on the wire. Length 0: in nobody's hands; -1: taken, not yet sent.
    internal int Start;
    internal int Length;

    /// <summary>Creates a buffer. Only at start: the pool is fixed.</summary>
    /// <param name="isLarge">True for one to write messages in, false for one that keeps a short message until it is acknowledged.</param>
    public MessageBuffer(bool isLarge)
    {
        Data = new byte[isLarge ? HeaderRoom + MaxPayload + MessageCodec.MicSize : Limits.MaxShortMessage];
    }

    /// <summary>Where the payload starts.</summary>
    public int PayloadOffset
    {
        get { return HeaderRoom; }
    }

    /// <summary>Where the payload must end at the latest: an offset in <see cref="Data"/>, not a length.</summary>
    public int PayloadLimit
    {
        get { return Data.Length - MessageCodec.MicSize; }
    }

    internal bool IsFree
    {
        get { return Length == 0; }
    }
}
