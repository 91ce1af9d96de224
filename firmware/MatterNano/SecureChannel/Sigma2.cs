using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>Sigma2, sent by the CASE responder (Core 4.14.2.3).</summary>
/// <remarks>
/// 1 responder random (32) | 2 responder session id | 3 responder ephemeral public key (65) |
/// 4 encrypted TBEData2 with its tag | 5 session parameters, optional.
/// </remarks>
internal sealed class Sigma2
{
    internal const int Opcode = SecureChannelProtocol.Sigma2;

    private const int RequiredFields = 0x1e;

    /// <summary>What the responder says of itself; defaults for what it leaves out.</summary>
    internal readonly SessionParameters Parameters = new SessionParameters();

    /// <summary>Where the 32 random bytes are in the buffer that was read.</summary>
    internal int RandomOffset;

    /// <summary>The responder's session id, 1 to 65535.</summary>
    internal int SessionId;

    /// <summary>Where the ephemeral public key is.</summary>
    internal int PublicKeyOffset;

    /// <summary>Where the encrypted data is.</summary>
    internal int EncryptedOffset;

    /// <summary>Bytes of encrypted data with the tag.</summary>
    internal int EncryptedLength;

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
                    fits = HandshakeFields.TryGetBytes(reader, SecureChannelProtocol.PointSize, out PublicKeyOffset);
                    seen |= 1 << 3;
                    break;
                case 4:
                    fits = reader.Type == TlvType.ByteString && reader.ValueLength > SecureChannelProtocol.MicSize;
                    EncryptedOffset = reader.ValueOffset;
                    EncryptedLength = reader.ValueLength;
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

        return !reader.HasError && seen == RequiredFields;
    }
}
