using System;
using MatterNano.Crypto;
using MatterNano.Sessions;

namespace MatterNano.SecureChannel;

/// <summary>The keys that CASE uses inside the handshake (Core 4.14.2.6, 4.14.2.7). For one thread.</summary>
internal sealed class CaseKeys
{
    /// <summary>Bytes of a key that encrypts Sigma2 or Sigma3 or makes a resume MIC.</summary>
    internal const int KeySize = SymmetricCrypto.KeySize;

    private const int InfoAt = 160;
    private const int NonceAt = 184; // behind the longest info, 21 bytes
    private const int KeyAt = 200;

    private readonly SymmetricCrypto _crypto;
    private readonly byte[] _scratch = new byte[KeyAt + KeySize];

    internal CaseKeys(SymmetricCrypto crypto)
    {
        _crypto = crypto;
    }

    /// <summary>Encrypts TBEData2 in place; its tag goes behind it.</summary>
    /// <param name="secret">Holds the ECDH secret (32), the identity protection key (16), the responder's random and key (32 + 65, one after the other) and SHA-256(Sigma1).</param>
    /// <param name="secretAt">Where the secret is.</param>
    /// <param name="protectionKeyAt">Where the identity protection key is.</param>
    /// <param name="randomAndKeyAt">Where random and key are.</param>
    /// <param name="hashAt">Where the hash is.</param>
    /// <param name="buffer">Holds the plain text.</param>
    /// <param name="offset">Where it starts.</param>
    /// <param name="length">Its length without tag.</param>
    internal void EncryptSigma2(byte[] secret, int secretAt, int protectionKeyAt, int randomAndKeyAt, int hashAt, byte[] buffer, int offset, int length)
    {
        Array.Copy(secret, protectionKeyAt, _scratch, 0, KeySize);
        Array.Copy(secret, randomAndKeyAt, _scratch, 16, SecureChannelProtocol.RandomSize + SecureChannelProtocol.PointSize);
        Array.Copy(secret, hashAt, _scratch, 113, SecureChannelProtocol.HashSize);
        Derive(secret, secretAt, 145, "Sigma2", _scratch, KeyAt, KeySize);
        SetNonce("NCASE_Sigma2N");
        _crypto.CcmEncrypt(_scratch, KeyAt, _scratch, NonceAt, _scratch, 0, 0, buffer, offset, length);
        Secrets.Wipe(_scratch);
    }

    /// <summary>Derives the key of TBEData3, 16 bytes.</summary>
    /// <param name="secret">Holds the ECDH secret, the identity protection key and SHA-256(Sigma1, Sigma2).</param>
    /// <param name="secretAt">Where the secret is.</param>
    /// <param name="protectionKeyAt">Where the identity protection key is.</param>
    /// <param name="hashAt">Where the hash is.</param>
    /// <param name="key">Receives the key.</param>
    /// <param name="keyAt">Where it goes.</param>
    internal void DeriveSigma3Key(byte[] secret, int secretAt, int protectionKeyAt, int hashAt, byte[] key, int keyAt)
    {
        Array.Copy(secret, protectionKeyAt, _scratch, 0, KeySize);
        Array.Copy(secret, hashAt, _scratch, 16, SecureChannelProtocol.HashSize);
        Derive(secret, secretAt, 48, "Sigma3", key, keyAt, KeySize);
        Secrets.Wipe(_scratch);
    }

    /// <summary>Derives the keys of the session, 48 bytes (Core 4.14.2.6.1).</summary>
    /// <param name="secret">Holds the ECDH secret, and the identity protection key with SHA-256(Sigma1, Sigma2, Sigma3) behind it.</param>
    /// <param name="secretAt">Where the secret is.</param>
    /// <param name="protectionKeyAt">Where the identity protection key is.</param>
    /// <param name="keys">Receives the keys.</param>
    /// <param name="keysAt">Where they go.</param>
    internal void DeriveSessionKeys(byte[] secret, int secretAt, int protectionKeyAt, byte[] keys, int keysAt)
    {
        Array.Copy(secret, protectionKeyAt, _scratch, 0, KeySize + SecureChannelProtocol.HashSize);
        Derive(secret, secretAt, KeySize + SecureChannelProtocol.HashSize, "SessionKeys", keys, keysAt, SecureSession.KeysSize);
        Secrets.Wipe(_scratch);
    }

    /// <summary>Decrypts TBEData3 in place.</summary>
    /// <param name="key">Holds the key.</param>
    /// <param name="keyAt">Where it is.</param>
    /// <param name="buffer">Holds the encrypted data.</param>
    /// <param name="offset">Where it starts.</param>
    /// <param name="length">Its length with tag.</param>
    /// <returns>False when the tag is wrong.</returns>
    internal bool DecryptSigma3(byte[] key, int keyAt, byte[] buffer, int offset, int length)
    {
        SetNonce("NCASE_Sigma3N");
        return _crypto.CcmDecrypt(key, keyAt, _scratch, NonceAt, _scratch, 0, 0, buffer, offset, length);
    }

    /// <summary>First half of all that a resumption derives: the pseudorandom key of secret, random and id (Core 4.14.2.2).</summary>
    /// <param name="secret">Holds the record's secret.</param>
    /// <param name="secretAt">Where it is.</param>
    /// <param name="random">Holds the initiator's random.</param>
    /// <param name="randomAt">Where it is.</param>
    /// <param name="id">Holds the resumption id: the one offered, or for Sigma2Resume the new one.</param>
    /// <param name="idAt">Where it is.</param>
    /// <param name="key">Receives 32 bytes.</param>
    /// <param name="keyAt">Where they go.</param>
    internal void ExtractResumption(byte[] secret, int secretAt, byte[] random, int randomAt, byte[] id, int idAt, byte[] key, int keyAt)
    {
        Array.Copy(random, randomAt, _scratch, 0, SecureChannelProtocol.RandomSize);
        Array.Copy(id, idAt, _scratch, 32, SecureChannelProtocol.ResumptionIdSize);
        _crypto.HmacSha256(_scratch, 0, 48, secret, secretAt, SecureChannelProtocol.HashSize, key, keyAt);
        Secrets.Wipe(_scratch);
    }

    /// <summary>Second half for a MIC: the key it is made with, 16 bytes.</summary>
    /// <param name="isAnswer">False for the MIC of Sigma1, true for that of Sigma2Resume.</param>
    /// <param name="key">Holds the pseudorandom key: of the id that is offered, or of the new one.</param>
    /// <param name="keyAt">Where it is.</param>
    /// <param name="micKey">Receives the key.</param>
    /// <param name="micKeyAt">Where it goes.</param>
    internal void ExpandMicKey(bool isAnswer, byte[] key, int keyAt, byte[] micKey, int micKeyAt)
    {
        string info = isAnswer ? "Sigma2_Resume" : "Sigma1_Resume";
        SetInfo(info);
        _crypto.HkdfExpand(key, keyAt, _scratch, InfoAt, info.Length, micKey, micKeyAt, KeySize);
    }

    /// <summary>Makes a MIC, 16 bytes: the tag over nothing.</summary>
    /// <param name="isAnswer">False for the MIC of Sigma1, true for that of Sigma2Resume.</param>
    /// <param name="micKey">Holds the key.</param>
    /// <param name="micKeyAt">Where it is.</param>
    /// <param name="mic">Receives the MIC; may be where the key is.</param>
    /// <param name="micAt">Where it goes.</param>
    internal void MakeMic(bool isAnswer, byte[] micKey, int micKeyAt, byte[] mic, int micAt)
    {
        SetNonce(isAnswer ? "NCASE_SigmaS2" : "NCASE_SigmaS1");
        _crypto.CcmEncrypt(micKey, micKeyAt, _scratch, NonceAt, _scratch, 0, 0, mic, micAt, 0);
    }

    /// <summary>Second half for the session, with the key of the id that was offered: its 48 bytes of keys, in two steps that one HMAC each takes (RFC 5869, 2.3).</summary>
    /// <param name="key">Holds the pseudorandom key.</param>
    /// <param name="keyAt">Where it is.</param>
    /// <param name="keys">Receives the keys.</param>
    /// <param name="keysAt">Where they go.</param>
    /// <param name="isSecond">False for the first 32 bytes, true for the rest, which needs them.</param>
    internal void ExpandResumptionKeys(byte[] key, int keyAt, byte[] keys, int keysAt, bool isSecond)
    {
        string info = "SessionResumptionKeys";
        int at = InfoAt;
        SetInfo(info);
        _scratch[InfoAt + info.Length] = 1;
        if (isSecond)
        {
            at -= SymmetricCrypto.HashSize;
            Array.Copy(keys, keysAt, _scratch, at, SymmetricCrypto.HashSize);
            _scratch[InfoAt + info.Length] = 2;
        }

        _crypto.HmacSha256(key, keyAt, SymmetricCrypto.HashSize, _scratch, at, InfoAt + info.Length + 1 - at, _scratch, 0);
        Array.Copy(_scratch, 0, keys, isSecond ? keysAt + SymmetricCrypto.HashSize : keysAt, isSecond ? SecureSession.KeysSize - SymmetricCrypto.HashSize : SymmetricCrypto.HashSize);
        Secrets.Wipe(_scratch);
    }

    private void Derive(byte[] secret, int secretAt, int saltLength, string info, byte[] output, int outputAt, int length)
    {
        SetInfo(info);
        _crypto.Hkdf(secret, secretAt, SecureChannelProtocol.HashSize, _scratch, 0, saltLength, _scratch, InfoAt, info.Length, output, outputAt, length);
    }

    private void SetInfo(string info)
    {
        for (int i = 0; i < info.Length; i++)
        {
            _scratch[InfoAt + i] = (byte)info[i];
        }
    }

    private void SetNonce(string nonce)
    {
        for (int i = 0; i < nonce.Length; i++)
        {
            _scratch[NonceAt + i] = (byte)nonce[i];
        }
    }
}
