using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>Pake3, sent by the PASE initiator (Core 4.14.1.2).</summary>
/// <remarks>1 cA, the initiator's confirmation (32).</remarks>
internal sealed class Pake3
{
    internal const int Opcode = SecureChannelProtocol.Pake3;

    /// <summary>Where the 32 bytes of cA are in the buffer that was read.</summary>
    internal int ConfirmationOffset;

    /// <summary>Reads a payload.</summary>
    /// <returns>False when it is malformed or lacks a field.</returns>
    internal bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        if (!HandshakeFields.TryOpen(reader, buffer, offset, length))
        {
            return false;
        }

        bool seen = false;
        while (reader.Next())
        {
            if (reader.Tag == 1)
            {
                if (!HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.HashSize, out ConfirmationOffset))
                {
                    return false;
                }

                seen = true;
            }
        }

        return !reader.HasError && seen;
    }

    /// <summary>Writes a payload.</summary>
    internal static bool Write(TlvWriter writer, byte[] confirmation, int confirmationOffset)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, confirmation, confirmationOffset, SecureChannelProtocol.HashSize);
        writer.EndContainer();
        return !writer.Overflow;
    }
}
