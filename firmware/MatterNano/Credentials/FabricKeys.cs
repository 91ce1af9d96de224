using MatterNano.Crypto;

namespace MatterNano.Credentials;

/// <summary>What names a fabric without telling which: compressed fabric identifier (Core 4.3.2.2) and destination identifier (4.14.2.4).</summary>
public sealed class FabricKeys
{
    /// <summary>Length of a compressed fabric identifier in bytes.</summary>
    public const int CompressedIdLength = 8;

    /// <summary>Length of a destination identifier in bytes.</summary>
    public const int DestinationIdLength = 32;

    internal const int MessageLength = 32 + 65 + 8 + 8;

    private readonly SymmetricCrypto _crypto;
    private readonly byte[] _scratch;

    /// <summary>Makes one; it owns its scratch space, so only one thread may use it.</summary>
    public FabricKeys(SymmetricCrypto crypto)
        : this(crypto, new byte[MessageLength])
    {
    }

    // The first MessageLength bytes of the scratch are used during a call.
    internal FabricKeys(SymmetricCrypto crypto, byte[] scratch)
    {
        _crypto = crypto;
        _scratch = scratch;
    }

    /// <summary>Compressed fabric identifier: HKDF(root public key without its leading 04, salt fabric id big-endian, "CompressedFabric").</summary>
    /// <param name="rootPublicKey">65 bytes.</param>
    /// <param name="offset">Their first.</param>
    /// <param name="fabricId">The fabric identifier.</param>
    /// <param name="compressed">Where the 8 bytes go, big-endian.</param>
    /// <param name="compressedOffset">Their first.</param>
    public void DeriveCompressedId(byte[] rootPublicKey, int offset, ulong fabricId, byte[] compressed, int compressedOffset)
    {
        string info = "CompressedFabric";
        ByteOrder.WriteUInt64BigEndian(_scratch, 0, fabricId);
        for (int i = 0; i < 16; i++)
        {
            _scratch[8 + i] = (byte)info[i];
        }

        _crypto.Hkdf(rootPublicKey, offset + 1, 64, _scratch, 0, 8, _scratch, 8, 16, compressed, compressedOffset, CompressedIdLength);
    }

    /// <summary>Destination identifier: HMAC(identity protection key, initiator random | root public key | fabric id | node id).</summary>
    /// <param name="key">16 bytes, operational.</param>
    /// <param name="keyOffset">Their first.</param>
    /// <param name="random">32 bytes of the initiator.</param>
    /// <param name="randomOffset">Their first.</param>
    /// <param name="rootPublicKey">65 bytes.</param>
    /// <param name="rootPublicKeyOffset">Their first.</param>
    /// <param name="fabricId">The fabric identifier.</param>
    /// <param name="nodeId">The responder's node identifier.</param>
    /// <param name="destination">Where the 32 bytes go.</param>
    /// <param name="destinationOffset">Their first.</param>
    public void ComputeDestinationId(byte[] key, int keyOffset, byte[] random, int randomOffset, byte[] rootPublicKey, int rootPublicKeyOffset, ulong fabricId, ulong nodeId, byte[] destination, int destinationOffset)
    {
        System.Array.Copy(random, randomOffset, _scratch, 0, 32);
        System.Array.Copy(rootPublicKey, rootPublicKeyOffset, _scratch, 32, 65);
        ByteOrder.WriteUInt64(_scratch, 97, fabricId);
        ByteOrder.WriteUInt64(_scratch, 105, nodeId);
        _crypto.HmacSha256(key, keyOffset, 16, _scratch, 0, MessageLength, destination, destinationOffset);
    }
}
