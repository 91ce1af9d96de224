using MatterNano.Crypto;

namespace MatterNano.Credentials;

/// <summary>Keys derived from an epoch key of a group key set; key set 0 gives the identity protection key (Core 4.17.2, 4.17.3.6, 4.9.1).</summary>
public sealed class GroupKeyDerivation
{
    /// <summary>Length of every key here, in bytes.</summary>
    public const int KeyLength = 16;

    private const int SessionIdAt = 13;
    internal const int ScratchLength = SessionIdAt + 2;

    private readonly SymmetricCrypto _crypto;
    private readonly byte[] _info;

    /// <summary>Makes one; it owns its scratch space, so only one thread may use it.</summary>
    public GroupKeyDerivation(SymmetricCrypto crypto)
        : this(crypto, new byte[ScratchLength])
    {
    }

    // The first ScratchLength bytes of the scratch are used during a call.
    internal GroupKeyDerivation(SymmetricCrypto crypto, byte[] scratch)
    {
        _crypto = crypto;
        _info = scratch;
    }

    /// <summary>Operational key: HKDF(epoch key, salt compressed fabric id, "GroupKey v1.0").</summary>
    /// <param name="epochKey">16 bytes.</param>
    /// <param name="epochKeyOffset">Their first.</param>
    /// <param name="compressedFabricId">8 bytes, big-endian.</param>
    /// <param name="compressedFabricIdOffset">Their first.</param>
    /// <param name="key">Where the 16 bytes go.</param>
    /// <param name="keyOffset">Their first.</param>
    public void DeriveOperationalKey(byte[] epochKey, int epochKeyOffset, byte[] compressedFabricId, int compressedFabricIdOffset, byte[] key, int keyOffset)
    {
        SetInfo("GroupKey v1.0");
        _crypto.Hkdf(epochKey, epochKeyOffset, KeyLength, compressedFabricId, compressedFabricIdOffset, 8, _info, 0, 13, key, keyOffset, KeyLength);
    }

    /// <summary>Group session identifier of an operational key, 0 to 65535.</summary>
    public int DeriveSessionId(byte[] operationalKey, int offset)
    {
        SetInfo("GroupKeyHash");
        _crypto.Hkdf(operationalKey, offset, KeyLength, _info, 0, 0, _info, 0, 12, _info, SessionIdAt, 2);
        return ByteOrder.ReadUInt16BigEndian(_info, SessionIdAt);
    }

    /// <summary>Privacy key of an operational key.</summary>
    /// <param name="operationalKey">16 bytes.</param>
    /// <param name="offset">Their first.</param>
    /// <param name="key">Where the 16 bytes go.</param>
    /// <param name="keyOffset">Their first.</param>
    public void DerivePrivacyKey(byte[] operationalKey, int offset, byte[] key, int keyOffset)
    {
        SetInfo("PrivacyKey");
        _crypto.Hkdf(operationalKey, offset, KeyLength, _info, 0, 0, _info, 0, 10, key, keyOffset, KeyLength);
    }

    private void SetInfo(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            _info[i] = (byte)text[i];
        }
    }
}
