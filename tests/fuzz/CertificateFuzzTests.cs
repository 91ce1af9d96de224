using System;
using MatterNano.Credentials;
using MatterNano.Tlv;
using Xunit;

namespace MatterNano.Fuzz;

public class CertificateFuzzTests
{
    // "Google: node" of tests/oracle/vectors/operational-certificates.json.
    private const string NodeHex =
        "15300110654729dfcf6ab005b8901c7593f93f8a24020137032c840255532c0706476f6f676c652c010f4d61747465722075732d6561737431271302000000fe"
        + "ffffff18260482f8ae2d260587fe465337062715b9e72b6ced77cd162611f17e706d1824070124080130094104767d4bdbf3dce10d6312ce84b47f952cf6c7cb"
        + "8bb86a38c734106e03b2ea266a3ac79dae78d77e43629b8b436104098323cceb75dd852ef1cdbc10ed6d952f45370a3501280118240201360304020401183004"
        + "14880f043201b38f86b50122b895b51e8fdee1993b30051481420662831a8a83e7247bff47de6cdb19883a2918300b40ec916ed127f2f11edc95f90e2793ae30"
        + "e130dac46c5bfa84ce44771e5c16801d6d94b78dfdf0c87d532cc3f15d6872bb294c78403058952908be376303249b7f18";

    [Fact]
    public void MutatedCertificates_GiveAStatusAndStayInTheirRange()
    {
        byte[] original = Convert.FromHexString(NodeHex);
        Random random = new Random(4);
        TlvReader reader = new TlvReader();
        DerWriter writer = new DerWriter();
        MatterCertificate certificate = new MatterCertificate();
        int accepted = 0;
        int refused = 0;
        for (int round = 0; round < Rounds.Of(60000); round++)
        {
            byte[] bytes = (byte[])original.Clone();
            int length = bytes.Length;
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                switch (random.Next(4))
                {
                    case 0:
                        bytes[random.Next(length)] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        bytes[random.Next(length)] = (byte)random.Next(256);
                        break;
                    case 2:
                        length = random.Next(1, length + 1);
                        break;
                    default:
                        int from = random.Next(length);
                        int to = random.Next(length);
                        Array.Copy(bytes, from, bytes, to, random.Next(length - Math.Max(from, to)));
                        break;
                }
            }

            int status = certificate.Parse(reader, bytes, 0, length);
            Assert.InRange(status, CertificateStatus.Ok, CertificateStatus.BadExtension);
            if (status != CertificateStatus.Ok)
            {
                refused++;
                continue;
            }

            accepted++;
            byte[] buffer = new byte[800];
            Array.Fill(buffer, (byte)0xa5);
            int capacity = random.Next(600);
            writer.Init(buffer, 1, 1 + capacity);
            int body = certificate.WriteToBeSigned(reader, writer);
            Assert.True(body <= capacity);
            Assert.Equal(0xa5, buffer[0]);
            Assert.Equal(0xa5, buffer[1 + capacity]);

            // What was accepted always has a body that fits the room set aside for it.
            writer.Init(buffer, 0, MatterCertificate.MaxToBeSigned);
            Assert.True(certificate.WriteToBeSigned(reader, writer) > 0);
        }

        Assert.True(accepted > 100 && refused > 100, accepted + " accepted, " + refused + " refused");
    }

    [Fact]
    public void RandomDerSignatures_AreReadStrictly()
    {
        Random random = new Random(5);
        byte[] raw = new byte[64];
        byte[] der = new byte[80];
        for (int round = 0; round < Rounds.Of(100000); round++)
        {
            int length = random.Next(0, 75);
            random.NextBytes(der);
            der[0] = 0x30;
            der[1] = (byte)(length - 2);
            der[2] = 2;
            der[3] = (byte)random.Next(1, 35);
            int second = 4 + der[3];
            if (second + 1 < length && random.Next(2) == 0)
            {
                der[second] = 2;
                der[second + 1] = (byte)(length - second - 2);
            }

            if (EcdsaSignature.FromDer(der, 0, length, raw, 0))
            {
                byte[] again = new byte[EcdsaSignature.MaxDerLength];
                Assert.Equal(der.AsSpan(0, length).ToArray(), again.AsSpan(0, EcdsaSignature.ToDer(raw, 0, again, 0, again.Length)).ToArray());
            }
        }
    }
}
