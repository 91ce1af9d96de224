using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>Pake2, sent by the PASE responder (Core 4.14.1.2).</summary>
/// <remarks>1 pB, the responder's share Y (65) | 2 cB, its confirmation (32).</remarks>
internal sealed class Pake2
{
    internal const int Opcode = SecureChannelProtocol.Pake2;

    /// <summary>Where the 65 bytes of pB are in the buffer that was read.</summary>
    internal int ShareOffset;

    /// <summary>Where the 32 bytes of cB are.</summary>
    internal int ConfirmationOffset;

    /// <summary>Reads a payload.</summary>
    /// <returns>False when it is malformed or lacks a field.</returns>
    internal bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        if (!HandshakeFields.TryOpen(reader, buffer, offset, length))
        {
            return false;
        }

        int seen = 0;
        while (reader.Next())
        {
            bool fits = true;
            switch (reader.Tag)
            {
                case 1:
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.PointSize, out ShareOffset);
                    seen |= 1;
                    break;
                case 2:
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.HashSize, out ConfirmationOffset);
                    seen |= 2;
                    break;
            }

            if (!fits)
            {
                return false;
            }
        }

        return !reader.HasError && seen == 3;
    }

    /// <summary>Writes a payload.</summary>
    internal static bool Write(TlvWriter writer, byte[] share, int shareOffset, byte[] confirmation, int confirmationOffset)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, share, shareOffset, SecureChannelProtocol.PointSize);
        writer.PutBytes(2, confirmation, confirmationOffset, SecureChannelProtocol.HashSize);
        writer.EndContainer();
        return !writer.Overflow;
    }
}
