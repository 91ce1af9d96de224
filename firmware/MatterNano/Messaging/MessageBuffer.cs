namespace MatterNano.Messaging;

/// <summary>Where one outgoing message is written. Taken with <see cref="Exchange.BeginMessage"/>, given back by Send or Cancel.</summary>
public sealed class MessageBuffer
{
    /// <summary>Bytes kept free in front of the payload: group message header 18, protocol header with acknowledgement 10.</summary>
    public const int HeaderRoom = 28;

    /// <summary>Largest payload of <see cref="Exchange.BeginMessage"/> in bytes: 1232 on the wire less the largest headers and the integrity code (Core 4.4.4).</summary>
    public const int MaxPayload = Limits.MaxSentMessage - 18 - PayloadHeader.MaxWrittenSize - MessageCodec.MicSize;

    /// <summary>Largest payload of <see cref="Exchange.BeginShortMessage"/> in bytes.</summary>
    public const int MaxShortPayload = Limits.MaxShortMessage - HeaderRoom - MessageCodec.MicSize;

    /// <summary>The bytes: headers, payload, integrity code; or messages that wait for their acknowledgement, one behind the other.</summary>
    public readonly byte[] Data;

    /// <summary>Bytes that waiting messages take; 0 when the buffer is free, -1 when somebody has taken it.</summary>
    internal int Kept;

    /// <summary>Creates a buffer. Only at start: the pool is fixed.</summary>
    /// <param name="isLarge">True for one of full size.</param>
    internal MessageBuffer(bool isLarge)
    {
        Data = new byte[(isLarge ? HeaderRoom + MaxPayload + MessageCodec.MicSize : Limits.MaxShortMessage) + MessageBufferPool.HeaderSize];
    }

    /// <summary>Where the payload starts.</summary>
    public int PayloadOffset
    {
        get { return HeaderRoom; }
    }

    /// <summary>Where the payload must end at the latest: an offset in <see cref="Data"/>, not a length.</summary>
    public int PayloadLimit
    {
        get { return Data.Length - MessageBufferPool.HeaderSize - MessageCodec.MicSize; }
    }

    internal bool IsTaken
    {
        get { return Kept < 0; }
    }
}
