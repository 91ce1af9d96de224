using MatterNano.Crypto;

namespace MatterNano.SecureChannel;

/// <summary>What Sigma2 and Sigma3 sign, TBSData2 and TBSData3 (Core 4.14.2.3): the same form for both.</summary>
/// <remarks>1 sender's NOC | 2 sender's ICAC, if any | 3 sender's ephemeral public key (65) | 4 receiver's (65).</remarks>
internal static class SignedData
{
    /// <summary>Hashes the structure without ever having it in one piece.</summary>
    /// <param name="sha">Does the work; started anew.</param>
    /// <param name="certificates">Holds both certificates.</param>
    /// <param name="nocOffset">Where the node certificate starts.</param>
    /// <param name="nocLength">Its length.</param>
    /// <param name="icacOffset">Where the intermediate certificate starts.</param>
    /// <param name="icacLength">Its length, 0 for none.</param>
    /// <param name="keys">Holds both public keys and receives the hash.</param>
    /// <param name="senderKey">Where the sender's key starts.</param>
    /// <param name="receiverKey">Where the receiver's key starts.</param>
    /// <param name="hash">Where the 32 bytes of hash go; used as scratch before.</param>
    /// <param name="fork">Goes on from the hash of both certificates, with their heads; may be null.</param>
    internal static void Hash(
        Sha256 sha,
        byte[] certificates,
        int nocOffset,
        int nocLength,
        int icacOffset,
        int icacLength,
        byte[] keys,
        int senderKey,
        int receiverKey,
        int hash,
        Sha256 fork = null)
    {
        sha.Init();
        keys[hash] = 0x15;
        sha.Update(keys, hash, 1);
        Head(sha, keys, hash, 1, nocLength);
        sha.Update(certificates, nocOffset, nocLength);
        if (icacLength != 0)
        {
            Head(sha, keys, hash, 2, icacLength);
            sha.Update(certificates, icacOffset, icacLength);
        }

        if (fork != null)
        {
            fork.CopyFrom(sha);
        }

        Head(sha, keys, hash, 3, SecureChannelProtocol.PointSize);
        sha.Update(keys, senderKey, SecureChannelProtocol.PointSize);
        Head(sha, keys, hash, 4, SecureChannelProtocol.PointSize);
        sha.Update(keys, receiverKey, SecureChannelProtocol.PointSize);
        keys[hash] = 0x18;
        sha.Update(keys, hash, 1);
        sha.Final(keys, hash);
    }

    // The head of a byte string with context tag, in its shortest form, which is what the peer hashed too.
    private static void Head(Sha256 sha, byte[] scratch, int at, int tag, int length)
    {
        scratch[at + 1] = (byte)tag;
        scratch[at + 2] = (byte)length;
        if (length < 0x100)
        {
            scratch[at] = 0x30;
            sha.Update(scratch, at, 3);
        }
        else
        {
            scratch[at] = 0x31;
            scratch[at + 3] = (byte)(length >> 8);
            sha.Update(scratch, at, 4);
        }
    }
}
