using MatterNano.Tlv;

namespace MatterNano.Interaction;

/// <summary>WriteRequest (Core 10.7.6).</summary>
/// <remarks>structure: 0 suppress response | 1 timed request | 2 AttributeDataIBs | 3 more chunked messages | 255 revision</remarks>
public sealed class WriteRequest
{
    /// <summary>No WriteResponse is wanted.</summary>
    public bool SuppressResponse;

    /// <summary>The message says that it follows a TimedRequest.</summary>
    public bool IsTimed;

    /// <summary>Another WriteRequest of the same write follows.</summary>
    public bool MoreChunkedMessages;

    private byte[] _buffer;
    private int _writesAt;
    private int _writesLength;

    /// <summary>Reads the outline of a message; it must stay where it is while <see cref="OpenWrites"/> is used.</summary>
    /// <returns>False when it is malformed.</returns>
    public bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        _buffer = buffer;
        _writesLength = 0;
        SuppressResponse = false;
        IsTimed = false;
        MoreChunkedMessages = false;
        bool timed = false;
        reader.Init(buffer, offset, length);
        if (!reader.Expect(TlvTag.Anonymous, TlvType.Structure) || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.TagKind != TlvTag.KindContext)
            {
                continue;
            }

            bool fine = true;
            switch (reader.Tag)
            {
                case 0:
                    fine = reader.TryGetBoolean(out SuppressResponse);
                    break;
                case 1:
                    fine = reader.TryGetBoolean(out IsTimed);
                    timed = true;
                    break;
                case 2:
                    fine = reader.Type == TlvType.Array;
                    _writesAt = reader.ElementOffset;
                    _writesLength = reader.ElementLength;
                    break;
                case 3:
                    fine = reader.TryGetBoolean(out MoreChunkedMessages);
                    break;
            }

            if (!fine)
            {
                return false;
            }
        }

        return reader.Exit() && timed && _writesLength > 0;
    }

    /// <summary>Puts a reader before the first AttributeDataIB.</summary>
    public bool OpenWrites(TlvReader reader)
    {
        reader.Init(_buffer, _writesAt, _writesLength);
        return reader.Next() && reader.Enter();
    }
}
