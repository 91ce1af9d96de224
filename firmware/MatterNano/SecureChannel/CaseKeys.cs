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
    private const int NonceAt = 184;
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

    /// <summary>Checks the MIC by which Sigma1 proves to know the secret.</summary>
    internal bool IsResume1MicRight(byte[] secret, int secretAt, byte[] random, int randomAt, byte[] id, int idAt, byte[] mic, int micAt)
    {
        SetResumptionSalt(random, randomAt, id, idAt);
        ComputeMic(secret, secretAt, "Sigma1_Resume", "NCASE_SigmaS1");
        bool right = Secrets.AreEqual(_scratch, 0, mic, micAt, SecureChannelProtocol.MicSize);
        Secrets.Wipe(_scratch);
        return right;
    }

    /// <summary>Makes the MIC of Sigma2Resume, over the new id.</summary>
    internal void ComputeResume2Mic(byte[] secret, int secretAt, byte[] random, int randomAt, byte[] newId, int newIdAt, byte[] mic, int micAt)
    {
        SetResumptionSalt(random, randomAt, newId, newIdAt);
        ComputeMic(secret, secretAt, "Sigma2_Resume", "NCASE_SigmaS2");
        Array.Copy(_scratch, 0, mic, micAt, SecureChannelProtocol.MicSize);
        Secrets.Wipe(_scratch);
    }

    /// <summary>Makes the MIC of Sigma1, over the id that is offered.</summary>
    internal void ComputeResume1Mic(byte[] secret, int secretAt, byte[] random, int randomAt, byte[] id, int idAt, byte[] mic, int micAt)
    {
        SetResumptionSalt(random, randomAt, id, idAt);
        ComputeMic(secret, secretAt, "Sigma1_Resume", "NCASE_SigmaS1");
        Array.Copy(_scratch, 0, mic, micAt, SecureChannelProtocol.MicSize);
        Secrets.Wipe(_scratch);
    }

    /// <summary>Checks the MIC by which Sigma2Resume proves to know the secret.</summary>
    internal bool IsResume2MicRight(byte[] secret, int secretAt, byte[] random, int randomAt, byte[] newId, int newIdAt, byte[] mic, int micAt)
    {
        SetResumptionSalt(random, randomAt, newId, newIdAt);
        ComputeMic(secret, secretAt, "Sigma2_Resume", "NCASE_SigmaS2");
        bool right = Secrets.AreEqual(_scratch, 0, mic, micAt, SecureChannelProtocol.MicSize);
        Secrets.Wipe(_scratch);
        return right;
    }

    private void SetResumptionSalt(byte[] random, int randomAt, byte[] id, int idAt)
    {
        Array.Copy(random, randomAt, _scratch, 0, SecureChannelProtocol.RandomSize);
        Array.Copy(id, idAt, _scratch, 32, SecureChannelProtocol.ResumptionIdSize);
    }

    // The tag over nothing, at the start of the scratch.
    private void ComputeMic(byte[] secret, int secretAt, string info, string nonce)
    {
        Derive(secret, secretAt, 48, info, _scratch, KeyAt, KeySize);
        SetNonce(nonce);
        _crypto.CcmEncrypt(_scratch, KeyAt, _scratch, NonceAt, _scratch, 0, 0, _scratch, 0, 0);
    }

    private void Derive(byte[] secret, int secretAt, int saltLength, string info, byte[] output, int outputAt, int length)
    {
        for (int i = 0; i < info.Length; i++)
        {
            _scratch[InfoAt + i] = (byte)info[i];
        }

        _crypto.Hkdf(secret, secretAt, SecureChannelProtocol.HashSize, _scratch, 0, saltLength, _scratch, InfoAt, info.Length, output, outputAt, length);
    }

    private void SetNonce(string nonce)
    {
        for (int i = 0; i < nonce.Length; i++)
        {
            _scratch[NonceAt + i] = (byte)nonce[i];
        }
    }
}
