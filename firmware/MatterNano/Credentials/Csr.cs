using MatterNano.Crypto;
using MatterNano.Platform;

namespace MatterNano.Credentials;

/// <summary>PKCS#10 certificate signing request of an operational key (RFC 2986, Core 6.4.6.1): subject O=CSR, no attributes.</summary>
public static class Csr
{
    /// <summary>Greatest length in bytes.</summary>
    public const int MaxLength = 208;

    /// <summary>Writes and signs a request.</summary>
    /// <param name="random">For the signature.</param>
    /// <param name="privateKey">32 bytes.</param>
    /// <param name="privateKeyOffset">Their first.</param>
    /// <param name="publicKey">65 bytes.</param>
    /// <param name="publicKeyOffset">Their first.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">Index of the first byte.</param>
    /// <param name="capacity">Bytes there; <see cref="MaxLength"/> is enough.</param>
    /// <returns>Its length; -1 when it does not fit.</returns>
    public static int Write(IRandom random, byte[] privateKey, int privateKeyOffset, byte[] publicKey, int publicKeyOffset, byte[] buffer, int offset, int capacity)
    {
        DerWriter writer = new DerWriter();
        writer.Init(buffer, offset, offset + capacity);
        int request = writer.Start(DerWriter.Sequence);
        int infoOffset = writer.Position;
        WriteInfo(writer, publicKey, publicKeyOffset);
        if (writer.Overflow)
        {
            return -1;
        }

        byte[] work = new byte[32 + EcdsaSignature.RawLength];
        Sha256 sha = new Sha256();
        sha.Init();
        sha.Update(buffer, infoOffset, writer.Position - infoOffset);
        sha.Final(work, 0);
        P256.Sign(privateKey, privateKeyOffset, work, 0, work, 32, random);
        writer.PutEcdsaWithSha256();
        writer.PutSignatureBits(work, 32);
        writer.End(request);
        return writer.Length;
    }

    /// <summary>Writes the CertificationRequestInfo, the part that is signed.</summary>
    public static void WriteInfo(DerWriter writer, byte[] publicKey, int publicKeyOffset)
    {
        int info = writer.Start(DerWriter.Sequence);
        writer.PutLiteral(0x020100, 3);

        // SEQUENCE { SET { SEQUENCE { organizationName, "CSR" } } }.
        int subject = writer.Start(DerWriter.Sequence);
        writer.PutLiteral(0x310c300a0603UL, 6);
        writer.PutLiteral(0x55040a0c03435352UL, 8);
        writer.End(subject);
        writer.PutP256PublicKey(publicKey, publicKeyOffset);

        // [0] attributes, none.
        writer.PutLiteral(0xa000, 2);
        writer.End(info);
    }
}
