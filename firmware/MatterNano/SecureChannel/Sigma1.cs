using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>Sigma1, sent by the CASE initiator (Core 4.14.2.3).</summary>
/// <remarks>
/// 1 initiator random (32) | 2 initiator session id | 3 destination id (32) | 4 initiator ephemeral public key (65) |
/// 5 session parameters, optional | 6 resumption id (16) and 7 resume MIC (16), both or none.
/// </remarks>
internal sealed class Sigma1
{
    internal const int Opcode = SecureChannelProtocol.Sigma1;

    private const int RequiredFields = 0x1e;

    /// <summary>What the initiator says of itself; defaults for what it leaves out.</summary>
    internal readonly SessionParameters Parameters = new SessionParameters();

    /// <summary>Where the 32 random bytes are in the buffer that was read.</summary>
    internal int RandomOffset;

    /// <summary>The initiator's session id, 1 to 65535.</summary>
    internal int SessionId;

    /// <summary>Where the destination id is.</summary>
    internal int DestinationIdOffset;

    /// <summary>Where the ephemeral public key is.</summary>
    internal int PublicKeyOffset;

    /// <summary>Where the resumption id is.</summary>
    internal int ResumptionIdOffset;

    /// <summary>Where the resume MIC is.</summary>
    internal int ResumeMicOffset;

    /// <summary>True when a resumption id is there.</summary>
    internal bool HasResumptionId;

    /// <summary>True when a resume MIC is there.</summary>
    internal bool HasResumeMic;

    /// <summary>Reads a payload. Whether resumption id and MIC come together is for the protocol to judge.</summary>
    /// <returns>False when it is malformed or lacks a field.</returns>
    internal bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        Parameters.SetDefaults();
        HasResumptionId = false;
        HasResumeMic = false;
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
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.RandomSize, out RandomOffset);
                    seen |= 1 << 1;
                    break;
                case 2:
                    fits = HandshakeFields.TryGetSessionId(reader, out SessionId);
                    seen |= 1 << 2;
                    break;
                case 3:
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.HashSize, out DestinationIdOffset);
                    seen |= 1 << 3;
                    break;
                case 4:
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.PointSize, out PublicKeyOffset);
                    seen |= 1 << 4;
                    break;
                case 5:
                    fits = Parameters.TryRead(reader);
                    break;
                case 6:
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.ResumptionIdSize, out ResumptionIdOffset);
                    HasResumptionId = true;
                    break;
                case 7:
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.MicSize, out ResumeMicOffset);
                    HasResumeMic = true;
                    break;
            }

            if (!fits)
            {
                return false;
            }
        }

        return !reader.HasError && seen == RequiredFields;
    }

    /// <summary>Writes a payload.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="random">Holds the random.</param>
    /// <param name="randomOffset">Where it starts.</param>
    /// <param name="sessionId">The initiator's session id.</param>
    /// <param name="destinationId">Holds the destination id from byte 0.</param>
    /// <param name="publicKey">Holds the ephemeral public key from byte 0.</param>
    /// <param name="parameters">What the initiator says of itself; null leaves it out.</param>
    /// <param name="resumptionId">16 bytes; null leaves it out.</param>
    /// <param name="resumeMic">16 bytes; null leaves it out.</param>
    internal static bool Write(
        TlvWriter writer,
        byte[] random,
        int randomOffset,
        int sessionId,
        byte[] destinationId,
        byte[] publicKey,
        SessionParameters parameters,
        byte[] resumptionId,
        byte[] resumeMic)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, random, randomOffset, SecureChannelProtocol.RandomSize);
        writer.PutUnsigned(2, (ulong)sessionId);
        writer.PutBytes(3, destinationId, 0, SecureChannelProtocol.HashSize);
        writer.PutBytes(4, publicKey, 0, SecureChannelProtocol.PointSize);
        if (parameters != null)
        {
            parameters.Write(writer, 5);
        }

        if (resumptionId != null)
        {
            writer.PutBytes(6, resumptionId, 0, SecureChannelProtocol.ResumptionIdSize);
        }

        if (resumeMic != null)
        {
            writer.PutBytes(7, resumeMic, 0, SecureChannelProtocol.MicSize);
        }

        writer.EndContainer();
        return !writer.Overflow;
    }

    /// <summary>Writes a payload with resumption, every field from one array.</summary>
    internal static bool Write(
        TlvWriter writer, byte[] data, int randomAt, int sessionId, int destinationIdAt, int publicKeyAt, SessionParameters parameters, int resumptionIdAt, int resumeMicAt)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, data, randomAt, SecureChannelProtocol.RandomSize);
        writer.PutUnsigned(2, (ulong)sessionId);
        writer.PutBytes(3, data, destinationIdAt, SecureChannelProtocol.HashSize);
        writer.PutBytes(4, data, publicKeyAt, SecureChannelProtocol.PointSize);
        parameters.Write(writer, 5);
        writer.PutBytes(6, data, resumptionIdAt, SecureChannelProtocol.ResumptionIdSize);
        writer.PutBytes(7, data, resumeMicAt, SecureChannelProtocol.MicSize);
        writer.EndContainer();
        return !writer.Overflow;
    }
}
