using System;
using MatterNano.Crypto;

namespace MatterNano.Messaging;

/// <summary>Frames, encrypts and decrypts messages in their buffers (Core 4.8, 4.9). Holds only scratch space.</summary>
public sealed class MessageCodec
{
    /// <summary>Integrity code at the end of a secured message, in bytes.</summary>
    public const int MicSize = 16;

    /// <summary>Nonce: security flags 1, counter 4, source node id 8.</summary>
    public const int NonceSize = 13;

    private readonly SymmetricCrypto _crypto;
    private readonly byte[] _nonce = new byte[NonceSize];

    /// <summary>Creates a codec.</summary>
    public MessageCodec(SymmetricCrypto crypto)
    {
        _crypto = crypto;
    }

    /// <summary>Decrypts a message in place.</summary>
    /// <param name="keys">Holds the key.</param>
    /// <param name="keyOffset">Start of the 16-byte key.</param>
    /// <param name="sourceNodeId">Node id of the sender; 0 on PASE.</param>
    /// <param name="buffer">Holds the datagram.</param>
    /// <param name="offset">Start of the message header.</param>
    /// <param name="length">Length of the datagram.</param>
    /// <param name="header">The header read from it.</param>
    /// <returns>Length of protocol header and payload; -1 when the integrity check failed.</returns>
    public int Decrypt(byte[] keys, int keyOffset, ulong sourceNodeId, byte[] buffer, int offset, int length, MessageHeader header)
    {
        int secured = length - header.Length;
        if (secured < MicSize)
        {
            return -1;
        }

        SetNonce(header.SecurityFlags, header.Counter, sourceNodeId);
        bool authentic = _crypto.CcmDecrypt(keys, keyOffset, _nonce, 0, buffer, offset, header.Length, buffer, offset + header.Length, secured);
        return authentic ? secured - MicSize : -1;
    }

    /// <summary>Frames and encrypts a unicast message; neither node id is sent.</summary>
    /// <param name="keys">Holds the key.</param>
    /// <param name="keyOffset">Start of the 16-byte key.</param>
    /// <param name="peerSessionId">The peer's handle.</param>
    /// <param name="counter">Message counter.</param>
    /// <param name="sourceNodeId">Our node id on the fabric; 0 on PASE.</param>
    /// <param name="buffer">Holds protocol header and payload.</param>
    /// <param name="offset">Start of the protocol header.</param>
    /// <param name="length">Length of both.</param>
    /// <param name="start">Receives the start of the message.</param>
    /// <returns>Length of the message.</returns>
    public int EncryptUnicast(byte[] keys, int keyOffset, int peerSessionId, uint counter, ulong sourceNodeId, byte[] buffer, int offset, int length, out int start)
    {
        start = offset - MessageHeader.MinSize;
        MessageHeader.WriteFixed(buffer, start, 0, peerSessionId, MessageHeader.Unicast, counter);
        return Encrypt(keys, keyOffset, MessageHeader.Unicast, counter, sourceNodeId, buffer, start, offset, length);
    }

    /// <summary>Frames and encrypts a group message, with privacy when a privacy key is given.</summary>
    /// <param name="keys">Holds the operational key.</param>
    /// <param name="keyOffset">Start of the 16-byte key.</param>
    /// <param name="privacyKeys">Holds the privacy key, or null for none.</param>
    /// <param name="privacyKeyOffset">Start of the 16-byte privacy key.</param>
    /// <param name="groupSessionId">Group session id.</param>
    /// <param name="counter">Group data counter.</param>
    /// <param name="sourceNodeId">Our node id on the fabric.</param>
    /// <param name="groupId">Group id.</param>
    /// <param name="buffer">Holds protocol header and payload.</param>
    /// <param name="offset">Start of the protocol header.</param>
    /// <param name="length">Length of both.</param>
    /// <param name="start">Receives the start of the message.</param>
    /// <returns>Length of the message.</returns>
    public int EncryptGroup(
        byte[] keys, int keyOffset, byte[] privacyKeys, int privacyKeyOffset, int groupSessionId, uint counter, ulong sourceNodeId, int groupId,
        byte[] buffer, int offset, int length, out int start)
    {
        int securityFlags = MessageHeader.Group | (privacyKeys == null ? 0 : MessageHeader.Privacy);
        start = offset - MessageHeader.MinSize - 10;
        MessageHeader.WriteFixed(buffer, start, MessageHeader.SourceFlag | MessageHeader.GroupDestination, groupSessionId, securityFlags, counter);
        ByteOrder.WriteUInt64(buffer, offset - 10, sourceNodeId);
        ByteOrder.WriteUInt16(buffer, offset - 2, (uint)groupId);
        int total = Encrypt(keys, keyOffset, securityFlags, counter, sourceNodeId, buffer, start, offset, length);
        if (privacyKeys != null)
        {
            TogglePrivacy(privacyKeys, privacyKeyOffset, buffer, start, total);
        }

        return total;
    }

    /// <summary>Frames an unsecured message (Core 4.8.1): the initiator sends its ephemeral id as source, the responder as destination.</summary>
    /// <returns>Length of the message.</returns>
    public int FrameUnsecured(bool isInitiator, ulong ephemeralNodeId, uint counter, byte[] buffer, int offset, int length, out int start)
    {
        start = offset - MessageHeader.MinSize - 8;
        MessageHeader.WriteFixed(buffer, start, isInitiator ? MessageHeader.SourceFlag : MessageHeader.NodeDestination, 0, MessageHeader.Unicast, counter);
        ByteOrder.WriteUInt64(buffer, offset - 8, ephemeralNodeId);
        return offset - start + length;
    }

    /// <summary>Applies or removes privacy (Core 4.9.3): AES-CTR over the header from the counter to the end of the addresses and extension.</summary>
    /// <remarks>The same operation both ways; the header's first byte, which tells its length, is never hidden.</remarks>
    /// <returns>False when the message is too short for its header form.</returns>
    public bool TogglePrivacy(byte[] keys, int keyOffset, byte[] buffer, int offset, int length)
    {
        if (length < MessageHeader.MinSize + MicSize)
        {
            return false;
        }

        int size = MessageHeader.SizeOf(buffer[offset]);
        if (size < 0 || size + MicSize > length)
        {
            return false;
        }

        _nonce[0] = buffer[offset + 2];
        _nonce[1] = buffer[offset + 1];
        Array.Copy(buffer, offset + length - 11, _nonce, 2, 11);
        _crypto.AesCtr(keys, keyOffset, _nonce, 0, buffer, offset + MessageHeader.ClearSize, size - MessageHeader.ClearSize);
        return true;
    }

    // The header stands between start and offset.
    private int Encrypt(byte[] keys, int keyOffset, int securityFlags, uint counter, ulong sourceNodeId, byte[] buffer, int start, int offset, int length)
    {
        SetNonce(securityFlags, counter, sourceNodeId);
        _crypto.CcmEncrypt(keys, keyOffset, _nonce, 0, buffer, start, offset - start, buffer, offset, length);
        return offset - start + length + MicSize;
    }

    private void SetNonce(int securityFlags, uint counter, ulong nodeId)
    {
        _nonce[0] = (byte)securityFlags;
        ByteOrder.WriteUInt32(_nonce, 1, counter);
        ByteOrder.WriteUInt64(_nonce, 5, nodeId);
    }
}
