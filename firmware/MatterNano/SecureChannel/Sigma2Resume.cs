using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>Sigma2Resume, sent by the CASE responder (Core 4.14.2.3).</summary>
/// <remarks>1 new resumption id (16) | 2 resume MIC (16) | 3 responder session id | 4 session parameters, optional.</remarks>
internal sealed class Sigma2Resume
{
    internal const int Opcode = SecureChannelProtocol.Sigma2Resume;

    private const int RequiredFields = 0x0e;

    /// <summary>What the responder says of itself; defaults for what it leaves out.</summary>
    internal readonly SessionParameters Parameters;

    /// <summary>Where the new resumption id is in the buffer that was read.</summary>
    internal int ResumptionIdOffset;

    /// <summary>Where the resume MIC is.</summary>
    internal int ResumeMicOffset;

    /// <summary>The responder's session id, 1 to 65535.</summary>
    internal int SessionId;

    internal Sigma2Resume()
        : this(new SessionParameters())
    {
    }

    /// <summary>Makes one that reads into parameters which others use too.</summary>
    internal Sigma2Resume(SessionParameters parameters)
    {
        Parameters = parameters;
    }

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
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.ResumptionIdSize, out ResumptionIdOffset);
                    seen |= 1 << 1;
                    break;
                case 2:
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.MicSize, out ResumeMicOffset);
                    seen |= 1 << 2;
                    break;
                case 3:
                    fits = HandshakeFields.TryGetSessionId(reader, out SessionId);
                    seen |= 1 << 3;
                    break;
                case 4:
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
    internal static bool Write(TlvWriter writer, byte[] resumptionId, int resumptionIdOffset, byte[] resumeMic, int resumeMicOffset, int sessionId, SessionParameters parameters)
    {
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, resumptionId, resumptionIdOffset, SecureChannelProtocol.ResumptionIdSize);
        writer.PutBytes(2, resumeMic, resumeMicOffset, SecureChannelProtocol.MicSize);
        writer.PutUnsigned(3, (ulong)sessionId);
        if (parameters != null)
        {
            parameters.Write(writer, 4);
        }

        writer.EndContainer();
        return !writer.Overflow;
    }
}
