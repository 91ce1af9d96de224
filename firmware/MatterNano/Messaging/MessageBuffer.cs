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

    // 0: in nobody's hands; -1: taken, not yet sent; else start and length of the message on the wire, 16 bits each.
    private int _message;

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
        get { return _message == 0; }
    }

    /// <summary>Where the message on the wire starts.</summary>
    internal int Start
    {
        get { return _message >> 16; }
    }

    /// <summary>Length of the message on the wire in bytes.</summary>
    internal int Length
    {
        get { return _message & 0xffff; }
    }

    /// <summary>Counter of the message on the wire.</summary>
    internal uint Counter
    {
        get { return ByteOrder.ReadUInt32(Data, Start + 4); }
    }

    internal void Take()
    {
        _message = -1;
    }

    internal void Release()
    {
        _message = 0;
    }

    internal void SetMessage(int start, int length)
    {
        _message = (start << 16) | length;
    }
}
