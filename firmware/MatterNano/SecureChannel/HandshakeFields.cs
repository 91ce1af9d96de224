using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>The few field types that the handshake messages share.</summary>
internal static class HandshakeFields
{
    /// <summary>Opens the anonymous structure that every handshake message is.</summary>
    internal static bool TryOpen(TlvReader reader, byte[] buffer, int offset, int length)
    {
        reader.Init(buffer, offset, length);
        return reader.Next() && reader.Type == TlvType.Structure && reader.Tag == TlvTag.Anonymous && reader.Enter();
    }

    /// <summary>Takes the current element as a byte string of one exact size.</summary>
    internal static bool TryGetBytes(TlvReader reader, int size, out int offset)
    {
        offset = reader.ValueOffset;
        return reader.IsBytes(size);
    }

    /// <summary>Takes the current element as the peer's session id; 0 is the unsecured session and refused (Core 4.13.2.4).</summary>
    internal static bool TryGetSessionId(TlvReader reader, out int id)
    {
        bool fits = reader.TryGetUnsigned(0xffff, out uint value) && value != 0;
        id = (int)value;
        return fits;
    }
}
