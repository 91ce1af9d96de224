using MatterNano.Tlv;

namespace NFUnitTest.Fakes;

/// <summary>Makes certificates in Matter TLV that are right, except where a test sets a field wrong. The signature is nobody's.</summary>
internal sealed class CertificateMaker
{
    internal const int Root = 20;
    internal const int Intermediate = 19;
    internal const int Node = 17;

    internal int SubjectKind;
    internal ulong SubjectId;
    internal ulong SubjectFabric;
    internal int IssuerKind;
    internal ulong IssuerId;
    internal ulong IssuerFabric;
    internal uint NotBefore = 100;
    internal uint NotAfter;
    internal bool IsAuthority;
    internal int PathLength = -1;
    internal uint KeyUsage;
    internal bool HasPurposes;
    internal byte SubjectKey;
    internal byte AuthorityKey;
    internal byte[] PublicKey;
    internal uint Cat0;
    internal uint Cat1;
    internal string FutureExtension;
    internal int LeaveOutExtension;
    internal uint SignatureAlgorithm = 1;

    internal static CertificateMaker NewRoot(ulong id)
    {
        CertificateMaker maker = NewAuthority(Root, id, Root, id);
        maker.SubjectKey = 1;
        maker.AuthorityKey = 1;
        return maker;
    }

    internal static CertificateMaker NewIntermediate(ulong id, ulong rootId)
    {
        CertificateMaker maker = NewAuthority(Intermediate, id, Root, rootId);
        maker.SubjectKey = 2;
        maker.AuthorityKey = 1;
        return maker;
    }

    internal static CertificateMaker NewNode(ulong id, ulong fabric, int issuerKind, ulong issuerId)
    {
        CertificateMaker maker = NewAuthority(Node, id, issuerKind, issuerId);
        maker.SubjectFabric = fabric;
        maker.IsAuthority = false;
        maker.KeyUsage = 1;
        maker.HasPurposes = true;
        maker.SubjectKey = 3;
        maker.AuthorityKey = (byte)(issuerKind == Root ? 1 : 2);
        return maker;
    }

    internal byte[] Make()
    {
        TlvWriter writer = new TlvWriter();
        byte[] buffer = new byte[1000];
        writer.Init(buffer, 0, buffer.Length);
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, new byte[] { 7 }, 0, 1);
        writer.PutUnsigned(2, SignatureAlgorithm);
        writer.StartList(3);
        writer.PutUnsigned((uint)IssuerKind, IssuerId);
        if (IssuerFabric != 0)
        {
            writer.PutUnsigned(21, IssuerFabric);
        }

        writer.EndContainer();
        writer.PutUnsigned(4, NotBefore);
        writer.PutUnsigned(5, NotAfter);
        writer.StartList(6);
        writer.PutUnsigned((uint)SubjectKind, SubjectId);
        if (SubjectFabric != 0)
        {
            writer.PutUnsigned(21, SubjectFabric);
        }

        if (Cat0 != 0)
        {
            writer.PutUnsigned(22, Cat0);
        }

        if (Cat1 != 0)
        {
            writer.PutUnsigned(22, Cat1);
        }

        writer.EndContainer();
        writer.PutUnsigned(7, 1);
        writer.PutUnsigned(8, 1);
        writer.PutBytes(9, PublicKey, 0, PublicKey.Length);
        writer.StartList(10);
        if (LeaveOutExtension != 1)
        {
            writer.StartStructure(1);
            writer.PutBoolean(1, IsAuthority);
            if (PathLength >= 0)
            {
                writer.PutUnsigned(2, (ulong)PathLength);
            }

            writer.EndContainer();
        }

        if (LeaveOutExtension != 2)
        {
            writer.PutUnsigned(2, KeyUsage);
        }

        if (HasPurposes && LeaveOutExtension != 3)
        {
            writer.StartArray(3);
            writer.PutUnsigned(TlvTag.Anonymous, 2);
            writer.PutUnsigned(TlvTag.Anonymous, 1);
            writer.EndContainer();
        }

        if (LeaveOutExtension != 4)
        {
            PutIdentifier(writer, 4, SubjectKey);
        }

        if (LeaveOutExtension != 5)
        {
            PutIdentifier(writer, 5, AuthorityKey);
        }

        if (FutureExtension != null)
        {
            byte[] extension = Hex.Bytes(FutureExtension);
            writer.PutBytes(6, extension, 0, extension.Length);
        }

        writer.EndContainer();
        writer.PutBytes(11, new byte[64], 0, 64);
        writer.EndContainer();
        byte[] made = new byte[writer.Length];
        System.Array.Copy(buffer, 0, made, 0, made.Length);
        return made;
    }

    private static CertificateMaker NewAuthority(int kind, ulong id, int issuerKind, ulong issuerId)
    {
        CertificateMaker maker = new CertificateMaker();
        maker.SubjectKind = kind;
        maker.SubjectId = id;
        maker.IssuerKind = issuerKind;
        maker.IssuerId = issuerId;
        maker.IsAuthority = true;
        maker.KeyUsage = 0x60;
        maker.PublicKey = new byte[65];
        maker.PublicKey[0] = 4;
        maker.PublicKey[1] = (byte)kind;
        return maker;
    }

    private static void PutIdentifier(TlvWriter writer, uint tag, byte fill)
    {
        byte[] identifier = new byte[20];
        for (int i = 0; i < 20; i++)
        {
            identifier[i] = fill;
        }

        writer.PutBytes(tag, identifier, 0, 20);
    }
}
