using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>PBKDFParamRequest, sent by the PASE initiator (Core 4.14.1.2).</summary>
/// <remarks>1 initiator random (32) | 2 initiator session id | 3 passcode id | 4 has PBKDF parameters | 5 session parameters, optional.</remarks>
internal sealed class PbkdfParamRequest
{
    internal const int Opcode = SecureChannelProtocol.PbkdfParamRequest;

    private const int AllFields = 0x1e;

    /// <summary>What the initiator says of itself; defaults for what it leaves out.</summary>
    internal readonly SessionParameters Parameters = new SessionParameters();

    /// <summary>Where the 32 random bytes are in the buffer that was read.</summary>
    internal int RandomOffset;

    /// <summary>The initiator's session id, 1 to 65535.</summary>
    internal int SessionId;

    /// <summary>0 is the passcode of commissioning, the only one there is.</summary>
    internal int PasscodeId;

    /// <summary>True when the initiator knows salt and iterations already; the response then leaves them out.</summary>
    internal bool HasPbkdfParameters;

    /// <summary>Reads a payload.</summary>
    /// <returns>False when it is malformed or lacks a field.</returns>
    internal bool TryRead(TlvReader reader, byte[] buffer, int offset, int length)
    {
        Parameters.SetDefaults();
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
                    fits = reader.TryGetUnsigned(0xffff, out uint passcodeId);
                    PasscodeId = (int)passcodeId;
                    seen |= 1 << 3;
                    break;
                case 4:
                    fits = reader.TryGetBoolean(out HasPbkdfParameters);
                    seen |= 1 << 4;
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

        return !reader.HasError && seen == AllFields;
    }

    /// <summary>Writes a payload.</summary>
    internal static bool Write(TlvWriter writer, byte[] random, int randomOffset, int sessionId, int passcodeId, bool hasPbkdfParameters, SessionParameters parameters)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, random, randomOffset, SecureChannelProtocol.RandomSize);
        writer.PutUnsigned(2, (ulong)sessionId);
        writer.PutUnsigned(3, (ulong)passcodeId);
        writer.PutBoolean(4, hasPbkdfParameters);
        if (parameters != null)
        {
            parameters.Write(writer, 5);
        }

        writer.EndContainer();
        return !writer.Overflow;
    }
}
