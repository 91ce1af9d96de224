using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>Sigma3, sent by the CASE initiator (Core 4.14.2.3).</summary>
/// <remarks>1 encrypted TBEData3 with its tag.</remarks>
internal sealed class Sigma3
{
    internal const int Opcode = SecureChannelProtocol.Sigma3;

    /// <summary>Where the encrypted data is in the buffer that was read.</summary>
    internal int EncryptedOffset;

    /// <summary>Bytes of encrypted data with the tag.</summary>
    internal int EncryptedLength;

    /// <summary>Reads a payload.</summary>
    /// <returns>False when it is malformed or lacks a field.</returns>
    internal bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        EncryptedLength = 0;
        if (!HandshakeFields.TryOpen(reader, buffer, offset, length))
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.Tag == 1)
            {
                if (reader.Type != TlvType.ByteString || reader.ValueLength <= SecureChannelProtocol.MicSize)
                {
                    return false;
                }

                EncryptedOffset = reader.ValueOffset;
                EncryptedLength = reader.ValueLength;
            }
        }

        return !reader.HasError && EncryptedLength != 0;
    }

    /// <summary>Writes a payload.</summary>
    internal static bool Write(TlvWriter writer, byte[] encrypted, int offset, int length)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, encrypted, offset, length);
        writer.EndContainer();
        return !writer.Overflow;
    }
}
