// PC implementation of what is used of nanoFramework.System.Security.Cryptography, and of the random numbers of the chip.
using MatterNano.Esp32.Machine;

namespace System.Security.Cryptography
{
    public enum CipherMode
    {
        None = 0,
        CBC = 1,
        ECB = 2,
    }

    /// <summary>AES-128 without padding. The key is the caller's own array; a new CBC cipher has a drawn IV.</summary>
    public class Aes
    {
        public Aes(CipherMode mode)
        {
            Mode = mode;
            if (mode == CipherMode.CBC)
            {
                IV = new byte[16];
                HostCrypto.Fill(IV);
            }
        }

        public CipherMode Mode { get; set; }

        public byte[] Key { get; set; }

        public byte[] IV { get; set; }

        public byte[] Encrypt(byte[] data)
        {
            if (Key.Length != 16 || data.Length % 16 != 0 || data.Length == 0)
            {
                throw new ArgumentException();
            }

            if (Mode == CipherMode.ECB)
            {
                return HostCrypto.AesEcb(Key, data);
            }

            byte[] result = HostCrypto.AesCbc(Key, IV, data);

            // mbedTLS leaves the last block there.
            Array.Copy(result, result.Length - 16, IV, 0, 16);
            return result;
        }
    }

    public class HMACSHA256
    {
        public static byte[] HashData(byte[] key, byte[] source)
        {
            if (key == null || source == null)
            {
                throw new ArgumentNullException();
            }

            return HostCrypto.Hmac(key, source);
        }
    }
}

namespace System
{
    /// <summary>The seed is ignored: the hardware draws.</summary>
    public class Random
    {
        public virtual void NextBytes(byte[] buffer) => HostCrypto.Fill(buffer);
    }
}
