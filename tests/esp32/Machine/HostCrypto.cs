using System.Security.Cryptography;

namespace MatterNano.Esp32.Machine;

/// <summary>The ciphers of the firmware.</summary>
public static class HostCrypto
{
    public static byte[] Hmac(byte[] key, byte[] data) => HMACSHA256.HashData(key, data);

    public static byte[] AesEcb(byte[] key, byte[] data)
    {
        using Aes aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptEcb(data, PaddingMode.None);
    }

    public static byte[] AesCbc(byte[] key, byte[] iv, byte[] data)
    {
        using Aes aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptCbc(data, iv, PaddingMode.None);
    }

    public static void Fill(byte[] buffer) => RandomNumberGenerator.Fill(buffer);
}
