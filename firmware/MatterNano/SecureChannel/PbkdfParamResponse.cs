using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>PBKDFParamResponse, sent by the PASE responder (Core 4.14.1.2).</summary>
/// <remarks>
/// 1 initiator random (32) | 2 responder random (32) | 3 responder session id | 4 {1 iterations, 2 salt (16 to 32)},
/// left out when the initiator has them | 5 session parameters, optional.
/// </remarks>
internal sealed class PbkdfParamResponse
{
    internal const int Opcode = SecureChannelProtocol.PbkdfParamResponse;

    private const int RequiredFields = 0x0e;

    /// <summary>What the responder says of itself; defaults for what it leaves out.</summary>
    internal readonly SessionParameters Parameters = new SessionParameters();

    /// <summary>Where the initiator's random is repeated in the buffer that was read.</summary>
    internal int InitiatorRandomOffset;

    /// <summary>Where the responder's random is.</summary>
    internal int ResponderRandomOffset;

    /// <summary>The responder's session id, 1 to 65535.</summary>
    internal int SessionId;

    /// <summary>PBKDF2 iterations; 0 when left out.</summary>
    internal int Iterations;

    /// <summary>Where the salt is.</summary>
    internal int SaltOffset;

    /// <summary>Bytes of salt; 0 when left out.</summary>
    internal int SaltLength;

    /// <summary>Reads a payload.</summary>
    /// <returns>False when it is malformed or lacks a field.</returns>
    internal bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        Parameters.SetDefaults();
        Iterations = 0;
        SaltLength = 0;
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
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.RandomSize, out InitiatorRandomOffset);
                    seen |= 1 << 1;
                    break;
                case 2:
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.RandomSize, out ResponderRandomOffset);
                    seen |= 1 << 2;
                    break;
                case 3:
                    fits = HandshakeFields.TryGetSessionId(reader, out SessionId);
                    seen |= 1 << 3;
                    break;
                case 4:
                    fits = TryReadPbkdf(reader);
                    break;
                case 5:
                    fits = Parameters.TryRead(reader);
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
    /// <param name="initiatorRandom">Holds the initiator's random.</param>
    /// <param name="initiatorRandomOffset">Where it starts.</param>
    /// <param name="responderRandom">Holds the responder's random.</param>
    /// <param name="responderRandomOffset">Where it starts.</param>
    /// <param name="sessionId">The responder's session id.</param>
    /// <param name="iterations">PBKDF2 iterations; 0 leaves iterations and salt out.</param>
    /// <param name="salt">Holds the salt.</param>
    /// <param name="saltOffset">Where it starts.</param>
    /// <param name="saltLength">16 to 32.</param>
    /// <param name="parameters">What the responder says of itself; null leaves it out.</param>
    internal static bool Write(
        TlvWriter writer,
        byte[] initiatorRandom,
        int initiatorRandomOffset,
        byte[] responderRandom,
        int responderRandomOffset,
        int sessionId,
        int iterations,
        byte[] salt,
        int saltOffset,
        int saltLength,
        SessionParameters parameters)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, initiatorRandom, initiatorRandomOffset, SecureChannelProtocol.RandomSize);
        writer.PutBytes(2, responderRandom, responderRandomOffset, SecureChannelProtocol.RandomSize);
        writer.PutUnsigned(3, (ulong)sessionId);
        if (iterations != 0)
        {
            writer.StartStructure(4);
            writer.PutUnsigned(1, (ulong)iterations);
            writer.PutBytes(2, salt, saltOffset, saltLength);
            writer.EndContainer();
        }

        if (parameters != null)
        {
            parameters.Write(writer, 5);
        }

        writer.EndContainer();
        return !writer.Overflow;
    }

    private bool TryReadPbkdf(TlvReader reader)
    {
        if (reader.Type != TlvType.Structure || !reader.Enter())
        {
            return false;
        }

        while (reader.Next())
        {
            if (reader.Tag == 1)
            {
                if (!reader.TryGetUnsigned(CommissioningWindow.MaxIterations, out uint iterations) || iterations < CommissioningWindow.MinIterations)
                {
                    return false;
                }

                Iterations = (int)iterations;
            }
            else if (reader.Tag == 2)
            {
                if (reader.Type != TlvType.ByteString || reader.ValueLength < CommissioningWindow.MinSalt || reader.ValueLength > CommissioningWindow.MaxSalt)
                {
                    return false;
                }

                SaltOffset = reader.ValueOffset;
                SaltLength = reader.ValueLength;
            }
        }

        return !reader.HasError && Iterations != 0 && SaltLength != 0 && reader.Exit();
    }
}
