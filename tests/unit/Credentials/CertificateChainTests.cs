using MatterNano.Credentials;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Credentials;

[TestClass]
public class CertificateChainTests
{
    private const int Root = CertificateMaker.Root;
    private const int Intermediate = CertificateMaker.Intermediate;

    [TestMethod]
    public void IssuedChains_AreAccepted_6_5()
    {
        CheckIssued(KnownCertificates.GeneralRoot, null, KnownCertificates.GeneralNode);
        CheckIssued(KnownCertificates.GoogleRoot, KnownCertificates.GoogleIntermediate, KnownCertificates.GoogleNode);
        CheckIssued(KnownCertificates.AqaraRoot, KnownCertificates.AqaraIntermediate, KnownCertificates.AqaraNode);
    }

    [TestMethod]
    public void OneWrongByte_BreaksTheSignature()
    {
        byte[] root = Hex.Bytes(KnownCertificates.GeneralRoot);
        byte[] node = Hex.Bytes(KnownCertificates.GeneralNode);
        byte[] scratch = new byte[MatterCertificate.MaxToBeSigned];
        CertificateChain chain = new CertificateChain(new TestClock());

        // The serial number: signed, and free to be anything.
        node[4] ^= 1;
        Assert.AreEqual(CertificateStatus.Ok, chain.Load(root, 0, root.Length, null, 0, 0, node, 0, node.Length));
        Assert.AreEqual(CertificateStatus.BadSignature, chain.VerifySignatures(scratch, 0, scratch.Length));
        node[4] ^= 1;
        Assert.AreEqual(CertificateStatus.Ok, chain.Load(root, 0, root.Length, null, 0, 0, node, 0, node.Length));
        Assert.AreEqual(CertificateStatus.TooLong, chain.VerifySignatures(scratch, 0, 380));
        Assert.AreEqual(CertificateStatus.Ok, chain.VerifySignatures(scratch, 0, scratch.Length));
        root[4] ^= 1;
        Assert.AreEqual(CertificateStatus.Ok, chain.LoadRoot(root, 0, root.Length));
        Assert.AreEqual(CertificateStatus.BadSignature, chain.VerifyRootSignature(scratch, 0, scratch.Length));
    }

    [TestMethod]
    public void Names_LinkNodeToIssuerToRoot_6_5_5()
    {
        Check(CertificateStatus.Ok, CertificateMaker.NewRoot(1), null, CertificateMaker.NewNode(5, 9, Root, 1));
        Check(CertificateStatus.IssuerMismatch, CertificateMaker.NewRoot(2), null, CertificateMaker.NewNode(5, 9, Root, 1));
        Check(CertificateStatus.Ok, CertificateMaker.NewRoot(1), CertificateMaker.NewIntermediate(3, 1), CertificateMaker.NewNode(5, 9, Intermediate, 3));
        Check(CertificateStatus.IssuerMismatch, CertificateMaker.NewRoot(1), CertificateMaker.NewIntermediate(3, 2), CertificateMaker.NewNode(5, 9, Intermediate, 3));
        Check(CertificateStatus.IssuerMismatch, CertificateMaker.NewRoot(1), CertificateMaker.NewIntermediate(3, 1), CertificateMaker.NewNode(5, 9, Intermediate, 4));

        // An intermediate that the node does not need, and one that it lacks.
        Check(CertificateStatus.IssuerMismatch, CertificateMaker.NewRoot(1), CertificateMaker.NewIntermediate(3, 1), CertificateMaker.NewNode(5, 9, Root, 1));
        Check(CertificateStatus.IssuerMismatch, CertificateMaker.NewRoot(1), null, CertificateMaker.NewNode(5, 9, Intermediate, 3));

        // The same identifier, and one attribute more.
        CertificateMaker node = CertificateMaker.NewNode(5, 9, Root, 1);
        node.IssuerFabric = 9;
        Check(CertificateStatus.IssuerMismatch, CertificateMaker.NewRoot(1), null, node);
    }

    [TestMethod]
    public void KeyIdentifiers_LinkToo_6_5_11_4()
    {
        CertificateMaker node = CertificateMaker.NewNode(5, 9, Root, 1);
        node.AuthorityKey = 7;
        Check(CertificateStatus.KeyIdentifierMismatch, CertificateMaker.NewRoot(1), null, node);
        CertificateMaker intermediate = CertificateMaker.NewIntermediate(3, 1);
        intermediate.AuthorityKey = 7;
        Check(CertificateStatus.KeyIdentifierMismatch, CertificateMaker.NewRoot(1), intermediate, CertificateMaker.NewNode(5, 9, Intermediate, 3));
        CertificateMaker root = CertificateMaker.NewRoot(1);
        root.AuthorityKey = 7;
        Check(CertificateStatus.KeyIdentifierMismatch, root, null, CertificateMaker.NewNode(5, 9, Root, 1));
    }

    [TestMethod]
    public void FabricIdentifiers_AreTheSameWhereverTheyAre_6_5_6_3()
    {
        CertificateMaker root = CertificateMaker.NewRoot(1);
        root.SubjectFabric = 9;
        root.IssuerFabric = 9;
        CertificateMaker node = CertificateMaker.NewNode(5, 9, Root, 1);
        node.IssuerFabric = 9;
        Check(CertificateStatus.Ok, root, null, node);
        node.SubjectFabric = 8;
        Check(CertificateStatus.FabricMismatch, root, null, node);

        CertificateMaker intermediate = CertificateMaker.NewIntermediate(3, 1);
        intermediate.SubjectFabric = 9;
        node = CertificateMaker.NewNode(5, 9, Intermediate, 3);
        node.IssuerFabric = 9;
        Check(CertificateStatus.Ok, CertificateMaker.NewRoot(1), intermediate, node);
        node.SubjectFabric = 8;
        Check(CertificateStatus.FabricMismatch, CertificateMaker.NewRoot(1), intermediate, node);
    }

    [TestMethod]
    public void Kinds_HaveTheirPlaces()
    {
        CertificateMaker root = CertificateMaker.NewRoot(1);
        CertificateMaker node = CertificateMaker.NewNode(5, 9, Root, 1);
        Check(CertificateStatus.WrongKind, CertificateMaker.NewIntermediate(3, 1), null, node);
        Check(CertificateStatus.WrongKind, root, node, node);
        Check(CertificateStatus.WrongKind, root, null, CertificateMaker.NewIntermediate(3, 1));
        Check(CertificateStatus.WrongKind, root, null, root);
    }

    [TestMethod]
    public void PathLength_LimitsAuthoritiesBelow_6_5_11_1()
    {
        CertificateMaker root = CertificateMaker.NewRoot(1);
        CertificateMaker intermediate = CertificateMaker.NewIntermediate(3, 1);
        CertificateMaker node = CertificateMaker.NewNode(5, 9, Intermediate, 3);
        root.PathLength = 1;
        intermediate.PathLength = 0;
        Check(CertificateStatus.Ok, root, intermediate, node);
        root.PathLength = 0;
        Check(CertificateStatus.PathTooLong, root, intermediate, node);
        Check(CertificateStatus.Ok, root, null, CertificateMaker.NewNode(5, 9, Root, 1));
    }

    [TestMethod]
    public void Validity_IsCheckedWhenTheTimeIsKnown_6_5_7()
    {
        CertificateMaker root = CertificateMaker.NewRoot(1);
        CertificateMaker intermediate = CertificateMaker.NewIntermediate(3, 1);
        CertificateMaker node = CertificateMaker.NewNode(5, 9, Intermediate, 3);
        node.NotBefore = 1000;
        node.NotAfter = 2000;
        CheckAt(0, CertificateStatus.Ok, root, intermediate, node);
        CheckAt(99, CertificateStatus.NotYetValid, root, intermediate, node);
        CheckAt(999, CertificateStatus.NotYetValid, root, intermediate, node);
        CheckAt(1000, CertificateStatus.Ok, root, intermediate, node);
        CheckAt(2000, CertificateStatus.Ok, root, intermediate, node);
        CheckAt(2001, CertificateStatus.Expired, root, intermediate, node);
        intermediate.NotAfter = 1500;
        CheckAt(1501, CertificateStatus.Expired, root, intermediate, node);
        root.NotAfter = 1200;
        CheckAt(1201, CertificateStatus.Expired, root, intermediate, node);
        node.NotAfter = 0;
        root.NotAfter = 0;
        intermediate.NotAfter = 0;
        CheckAt(0xffffffff, CertificateStatus.Ok, root, intermediate, node);
    }

    private static void CheckIssued(string rootHex, string intermediateHex, string nodeHex)
    {
        byte[] root = Hex.Bytes(rootHex);
        byte[] intermediate = intermediateHex == null ? null : Hex.Bytes(intermediateHex);
        byte[] node = Hex.Bytes(nodeHex);
        byte[] scratch = Hex.Filled(MatterCertificate.MaxToBeSigned);
        CertificateChain chain = new CertificateChain(new TestClock());
        Assert.AreEqual(CertificateStatus.Ok, chain.Load(root, 0, root.Length, intermediate, 0, intermediate == null ? 0 : intermediate.Length, node, 0, node.Length));
        Assert.AreEqual(intermediate != null, chain.Intermediate != null);
        Assert.AreEqual(CertificateStatus.Ok, chain.VerifySignatures(scratch, 0, scratch.Length));
        Assert.AreEqual(CertificateStatus.Ok, chain.VerifyRootSignature(scratch, 0, scratch.Length));
    }

    private static void Check(int status, CertificateMaker root, CertificateMaker intermediate, CertificateMaker node)
    {
        CheckAt(0, status, root, intermediate, node);
    }

    private static void CheckAt(uint epoch, int status, CertificateMaker root, CertificateMaker intermediate, CertificateMaker node)
    {
        byte[] first = root.Make();
        byte[] second = intermediate == null ? new byte[0] : intermediate.Make();
        byte[] third = node.Make();
        TestClock clock = new TestClock();
        clock.Epoch = epoch;
        Assert.AreEqual(status, new CertificateChain(clock).Load(first, 0, first.Length, second, 0, second.Length, third, 0, third.Length));
    }
}
