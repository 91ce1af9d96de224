using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>Pake1, sent by the PASE initiator (Core 4.14.1.2).</summary>
/// <remarks>1 pA, the initiator's share X (65).</remarks>
internal sealed class Pake1
{
    internal const int Opcode = SecureChannelProtocol.Pake1;

    /// <summary>Where the 65 bytes of pA are in the buffer that was read.</summary>
    internal int ShareOffset;

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
                if (!HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.PointSize, out ShareOffset))
                {
                    return false;
                }

                seen = true;
            }
        }

        return !reader.HasError && seen;
    }

    /// <summary>Writes a payload.</summary>
    internal static bool Write(TlvWriter writer, byte[] share, int shareOffset)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, share, shareOffset, SecureChannelProtocol.PointSize);
        writer.EndContainer();
        return !writer.Overflow;
    }
}
