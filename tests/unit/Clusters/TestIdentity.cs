using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Platform;

namespace NFUnitTest.Clusters;

/// <summary>An attestation whose certificates are runs of one byte, and whose key signs.</summary>
internal sealed class TestIdentity : IAttestationProvider
{
    internal readonly byte[] PublicKey = new byte[65];

    private readonly byte[] _privateKey = new byte[32];
    private readonly IRandom _random;

    internal TestIdentity(IRandom random)
    {
        _random = random;
        P256.GenerateKeyPair(random, _privateKey, 0, PublicKey, 0);
    }

    public int Read(int item, byte[] buffer, int offset, int capacity)
    {
        for (int i = 0; i < 4; i++)
        {
            buffer[offset + i] = (byte)(0xd0 + item);
        }

        return 4;
    }

    public bool Sign(byte[] hash, int hashOffset, byte[] signature, int signatureOffset)
    {
        return P256.Sign(_privateKey, 0, hash, hashOffset, signature, signatureOffset, _random);
    }
}
