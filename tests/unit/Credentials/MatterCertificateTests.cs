using MatterNano;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Tlv;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Credentials;

[TestClass]
public class MatterCertificateTests
{
    [TestMethod]
    public void IssuedCertificates_GiveTheBodyThatWasSigned_6_5()
    {
        CheckBody(KnownCertificates.GeneralRoot, KnownCertificates.GeneralRootBody);
        CheckBody(KnownCertificates.GeneralNode, KnownCertificates.GeneralNodeBody);
        CheckBody(KnownCertificates.GoogleRoot, KnownCertificates.GoogleRootBody);
        CheckBody(KnownCertificates.GoogleIntermediate, KnownCertificates.GoogleIntermediateBody);
        CheckBody(KnownCertificates.GoogleNode, KnownCertificates.GoogleNodeBody);
        CheckBody(KnownCertificates.AppleRoot, KnownCertificates.AppleRootBody);
        CheckBody(KnownCertificates.AppleNode, KnownCertificates.AppleNodeBody);
        CheckBody(KnownCertificates.AqaraRoot, KnownCertificates.AqaraRootBody);
        CheckBody(KnownCertificates.AqaraIntermediate, KnownCertificates.AqaraIntermediateBody);
        CheckBody(KnownCertificates.AqaraNode, KnownCertificates.AqaraNodeBody);
        CheckBody(KnownCertificates.AmazonRoot, KnownCertificates.AmazonRootBody);
        CheckBody(KnownCertificates.AmazonIntermediate, KnownCertificates.AmazonIntermediateBody);
        CheckBody(KnownCertificates.AmazonNode, KnownCertificates.AmazonNodeBody);
    }

    [TestMethod]
    public void TagsOfTheSubject_AreEightDigits_6_5_6()
    {
        // The three tags go behind the two identifiers of the subject, whose list ends at this place.
        string tlv = KnownCertificates.GeneralNode;
        int at = tlv.IndexOf("24070124080130") - 2;
        string tags = "2616" + "78563412" + "2616" + "12907856" + "2616" + "56341290";
        CheckBody(tlv.Substring(0, at) + tags + tlv.Substring(at), KnownCertificates.GeneralNodeWithTagsBody);
    }

    [TestMethod]
    public void SerialNumber_IsPositive_HoweverTheIssuerWroteIt()
    {
        // matter.js writes number 128 as 80, others as 0080; both sign the same body.
        string rest = KnownCertificates.AppleRoot.Substring(KnownCertificates.AppleRoot.IndexOf("240201"));
        string without = BodyOf(Hex.Bytes("1530010180" + rest));
        string with = BodyOf(Hex.Bytes("153001020080" + rest));
        Assert.AreEqual(with, without);
        Assert.IsTrue(with.IndexOf("a00302010202020080") > 0, with);
    }

    [TestMethod]
    public void Fields_AreRead()
    {
        MatterCertificate certificate = Parse(KnownCertificates.AqaraNode);
        Assert.AreEqual(CertificateKind.Node, certificate.Kind);
        Assert.AreEqual(0x11438001fa066000UL, certificate.FabricId);
        Assert.AreEqual(0x018c4a98930de000UL, certificate.NodeId);
        Assert.AreEqual(1, certificate.CaseAuthenticatedTagCount);
        Assert.AreEqual(0x00010001U, certificate.GetCaseAuthenticatedTag(0));
        Assert.AreEqual(0U, certificate.GetCaseAuthenticatedTag(1));
        Assert.IsFalse(certificate.IsAuthority);

        certificate = Parse(KnownCertificates.GoogleRoot);
        Assert.AreEqual(CertificateKind.Root, certificate.Kind);
        Assert.AreEqual(0xfffffffe00000001UL, certificate.AuthorityId);
        Assert.AreEqual(0UL, certificate.FabricId);
        Assert.AreEqual(1, certificate.PathLength);
        Assert.AreEqual(0x60, certificate.KeyUsageBits);
        Assert.AreEqual(0, Parse(KnownCertificates.GoogleIntermediate).PathLength);
        Assert.AreEqual(CertificateKind.Intermediate, Parse(KnownCertificates.GoogleIntermediate).Kind);
        Assert.AreEqual(2UL, Parse(KnownCertificates.AppleRoot).FabricId);
        Assert.AreEqual(0U, Parse(KnownCertificates.AppleRoot).NotAfter);
        Assert.AreEqual(-1, Parse(KnownCertificates.AppleRoot).PathLength);
    }

    [TestMethod]
    public void EveryCut_IsRefused()
    {
        byte[] whole = Hex.Bytes(KnownCertificates.GoogleNode);
        MatterCertificate certificate = new MatterCertificate();
        TlvReader reader = new TlvReader();
        for (int cut = 0; cut < whole.Length; cut++)
        {
            Assert.AreNotEqual(CertificateStatus.Ok, certificate.Parse(reader, whole, 0, cut), cut.ToString());
        }

        Assert.AreEqual(CertificateStatus.Ok, certificate.Parse(reader, whole, 0, whole.Length));
        byte[] longer = new byte[whole.Length + 1];
        System.Array.Copy(whole, 0, longer, 0, whole.Length);
        longer[whole.Length] = 0x14;
        Assert.AreEqual(CertificateStatus.Malformed, certificate.Parse(reader, longer, 0, longer.Length));
    }

    [TestMethod]
    public void MoreThan400Bytes_AreRefused_6_1_3()
    {
        CertificateMaker maker = CertificateMaker.NewRoot(1);
        maker.FutureExtension = Extension(0);
        int filler = 400 - maker.Make().Length;

        // Head of the octet string, of the extension and of the byte string grow by one byte each above 127, 127 and 255.
        maker.FutureExtension = Extension(filler - 2);
        Assert.AreEqual(400, maker.Make().Length);
        Check(CertificateStatus.Ok, maker);
        maker.FutureExtension = Extension(filler - 1);
        Assert.AreEqual(401, maker.Make().Length);
        Check(CertificateStatus.TooLong, maker);
    }

    [TestMethod]
    public void OutputThatDoesNotFit_IsToldAndStaysInItsRange()
    {
        byte[] tlv = Hex.Bytes(KnownCertificates.GoogleNode);
        MatterCertificate certificate = new MatterCertificate();
        TlvReader reader = new TlvReader();
        Assert.AreEqual(CertificateStatus.Ok, certificate.Parse(reader, tlv, 0, tlv.Length));
        DerWriter writer = new DerWriter();
        for (int capacity = 0; capacity <= 460; capacity++)
        {
            byte[] buffer = Hex.Filled(470);
            writer.Init(buffer, 5, 5 + capacity);
            Assert.AreEqual(capacity < 458 ? -1 : 458, certificate.WriteToBeSigned(reader, writer), capacity.ToString());
            Assert.AreEqual((byte)0xa5, buffer[4]);
            Assert.AreEqual((byte)0xa5, buffer[5 + capacity]);
        }
    }

    [TestMethod]
    public void Algorithms_AreTheOnesOfMatter_6_5_5()
    {
        CertificateMaker maker = CertificateMaker.NewRoot(1);
        maker.SignatureAlgorithm = 2;
        Check(CertificateStatus.UnsupportedAlgorithm, maker);
        maker.SignatureAlgorithm = 1;
        maker.PublicKey[0] = 2;
        Check(CertificateStatus.UnsupportedAlgorithm, maker);
        maker.PublicKey = new byte[64];
        maker.PublicKey[0] = 4;
        Check(CertificateStatus.UnsupportedAlgorithm, maker);
    }

    [TestMethod]
    public void NodeIdentifier_IsAnOperationalOne_2_5_5()
    {
        Check(CertificateStatus.Ok, CertificateMaker.NewNode(1, 1, CertificateMaker.Root, 1));
        Check(CertificateStatus.Ok, CertificateMaker.NewNode(0xffffffefffffffff, 1, CertificateMaker.Root, 1));
        Check(CertificateStatus.BadName, CertificateMaker.NewNode(0, 1, CertificateMaker.Root, 1));
        Check(CertificateStatus.BadName, CertificateMaker.NewNode(0xfffffff000000000, 1, CertificateMaker.Root, 1));
        Check(CertificateStatus.BadName, CertificateMaker.NewNode(0xffffffffffffffff, 1, CertificateMaker.Root, 1));
        Check(CertificateStatus.BadName, CertificateMaker.NewNode(1, 0, CertificateMaker.Root, 1));
    }

    [TestMethod]
    public void Tags_HaveAVersionAndDifferentIdentifiers_6_6_2_1_2()
    {
        CertificateMaker maker = CertificateMaker.NewNode(1, 1, CertificateMaker.Root, 1);
        maker.Cat0 = 0x00010002;
        maker.Cat1 = 0x00020001;
        Check(CertificateStatus.Ok, maker);
        maker.Cat1 = 0x00010003;
        Check(CertificateStatus.BadName, maker);
        maker.Cat1 = 0x00020000;
        Check(CertificateStatus.BadName, maker);

        maker = CertificateMaker.NewRoot(1);
        maker.Cat0 = 0x00010002;
        Check(CertificateStatus.BadName, maker);
    }

    [TestMethod]
    public void IssuedByANode_IsRefused_6_5_6()
    {
        CertificateMaker maker = CertificateMaker.NewNode(1, 1, CertificateMaker.Node, 1);
        maker.IssuerFabric = 1;
        Check(CertificateStatus.BadName, maker);
        maker = CertificateMaker.NewNode(1, 1, 18, 1);
        Check(CertificateStatus.BadName, maker);
    }

    [TestMethod]
    public void UnknownAttributes_AreRefused()
    {
        // Tag 24, tag 0, tag 0x90 (a domain component has no printable form), and a number where a text belongs.
        CheckSubject(CertificateStatus.BadName, "241401" + "241801");
        CheckSubject(CertificateStatus.BadName, "241401" + "2c000141");
        CheckSubject(CertificateStatus.BadName, "241401" + "2c900141");
        CheckSubject(CertificateStatus.BadName, "241401" + "240101");
        CheckSubject(CertificateStatus.BadName, "2c140131");
        CheckSubject(CertificateStatus.BadName, "241401" + "241302");
        CheckSubject(CertificateStatus.BadName, "241401" + "241402");
        CheckSubject(CertificateStatus.BadName, "241401" + "241501" + "241501");
        CheckSubject(CertificateStatus.BadName, string.Empty);
        CheckSubject(CertificateStatus.BadName, "2c010141");

        // Five attributes are allowed, six are not.
        CheckSubject(CertificateStatus.Ok, "2c010141" + "2c020141" + "2c030141" + "2c850141" + "241401");
        CheckSubject(CertificateStatus.BadName, "2c010141" + "2c020141" + "2c030141" + "2c040141" + "2c050141" + "241401");
    }

    [TestMethod]
    public void StandardAttributes_GetTheirObjectIdentifiers_6_5_6()
    {
        // Tags 1 to 15 as UTF8String and, above 0x80, as PrintableString; 16 as IA5String.
        string[] arcs = new string[] { "03", "04", "05", "06", "07", "08", "0a", "0b", "0c", "29", "2a", "2b", "2c", "2e", "41" };
        for (int i = 0; i < 15; i++)
        {
            string tag = Hex.Text(new byte[] { (byte)(i + 1) }, 0, 1);
            string printable = Hex.Text(new byte[] { (byte)(i + 0x81) }, 0, 1);
            string name = SubjectOf("2c" + tag + "0141" + "2c" + printable + "0142" + "241401");
            Assert.IsTrue(name.IndexOf("310a30080603" + "5504" + arcs[i] + "0c0141" + "310a30080603" + "5504" + arcs[i] + "130142") == 0, name);
        }

        string domain = SubjectOf("2c100161" + "241401");
        Assert.IsTrue(domain.IndexOf("3111300f060a" + "0992268993f22c640119" + "160161") == 0, domain);
    }

    [TestMethod]
    public void Extensions_FollowTheKind_6_5_11()
    {
        for (int extension = 1; extension <= 5; extension++)
        {
            CertificateMaker node = CertificateMaker.NewNode(1, 1, CertificateMaker.Root, 1);
            node.LeaveOutExtension = extension;
            Check(CertificateStatus.BadExtension, node);
            if (extension != 3)
            {
                CertificateMaker root = CertificateMaker.NewRoot(1);
                root.LeaveOutExtension = extension;
                Check(CertificateStatus.BadExtension, root);
            }
        }

        CertificateMaker maker = CertificateMaker.NewRoot(1);
        maker.IsAuthority = false;
        Check(CertificateStatus.BadExtension, maker);
        maker = CertificateMaker.NewRoot(1);
        maker.KeyUsage = 0x40;
        Check(CertificateStatus.BadExtension, maker);
        maker.KeyUsage = 0x21;
        Check(CertificateStatus.Ok, maker);
        maker.KeyUsage = 0x220;
        Check(CertificateStatus.BadExtension, maker);
        maker = CertificateMaker.NewNode(1, 1, CertificateMaker.Root, 1);
        maker.IsAuthority = true;
        Check(CertificateStatus.BadExtension, maker);
        maker = CertificateMaker.NewNode(1, 1, CertificateMaker.Root, 1);
        maker.PathLength = 0;
        Check(CertificateStatus.BadExtension, maker);
        maker.PathLength = -1;
        maker.KeyUsage = 0x60;
        Check(CertificateStatus.BadExtension, maker);
    }

    [TestMethod]
    public void FutureExtension_GoesIntoTheBodyAsItIs_6_5_11_6()
    {
        CertificateMaker maker = CertificateMaker.NewRoot(1);
        maker.FutureExtension = "300d0603551d1f04063004a002a000";
        byte[] tlv = maker.Make();
        string body = BodyOf(tlv);
        Assert.IsTrue(body.IndexOf(maker.FutureExtension) == body.Length - maker.FutureExtension.Length);

        // Marked critical, a wrong length, no sequence.
        maker.FutureExtension = "30100603551d1f0101ff04063004a002a000";
        Check(CertificateStatus.BadExtension, maker);
        maker.FutureExtension = "300e0603551d1f04063004a002a000";
        Check(CertificateStatus.BadExtension, maker);
        maker.FutureExtension = "310d0603551d1f04063004a002a000";
        Check(CertificateStatus.BadExtension, maker);
        maker.FutureExtension = "300d06ff551d1f04063004a002a000";
        Check(CertificateStatus.BadExtension, maker);
    }

    [TestMethod]
    public void Times_ChangeTheirFormIn2050()
    {
        Assert.AreEqual("170d3030303130313030303030305a", TimeOf(0));
        Assert.AreEqual("170d3030303232393030303030305a", TimeOf(59 * 86400));
        Assert.AreEqual("170d3030313233313233353935395a", TimeOf((366 * 86400) - 1));
        Assert.AreEqual("170d3031303130313030303030305a", TimeOf(366 * 86400));
        Assert.AreEqual("170d3439313233313233353935395a", TimeOf(1577923199));
        Assert.AreEqual("180f32303530303130313030303030305a", TimeOf(1577923200));
        Assert.AreEqual("180f32313030303232383030303030305a", TimeOf(3160771200));
        Assert.AreEqual("180f32313030303330313030303030305a", TimeOf(3160857600));
        Assert.AreEqual("180f32313336303230373036323831355a", TimeOf(0xffffffff));
    }

    private static string TimeOf(uint seconds)
    {
        CertificateMaker maker = CertificateMaker.NewRoot(1);
        maker.NotBefore = seconds;
        string body = BodyOf(maker.Make());

        // Behind the issuer's 36 bytes, which end with the identifier's sixteen digits; then the head of the validity.
        int at = body.IndexOf("30303030303030303030303030303031") + 32 + 4;
        string length = body.Substring(at + 2, 2);
        Assert.IsTrue(body.IndexOf("180f39393939313233313233353935395a") > at);
        return body.Substring(at, length == "0d" ? 30 : 34);
    }

    // A non-critical extension with this many bytes of content.
    private static string Extension(int content)
    {
        byte[] buffer = new byte[300];
        DerWriter writer = new DerWriter();
        writer.Init(buffer, 0, buffer.Length);
        int extension = writer.Start(DerWriter.Sequence);
        writer.PutObjectIdentifier(0x551d1f, 3);
        writer.PutElement(DerWriter.OctetString, new byte[300], 0, content);
        writer.End(extension);
        return Hex.Text(buffer, 0, writer.Length);
    }

    private static byte[] WithSubject(string attributes)
    {
        string tlv = Hex.Text(CertificateMaker.NewRoot(1).Make(), 0, CertificateMaker.NewRoot(1).Make().Length);
        int at = tlv.IndexOf("370624140118");
        return Hex.Bytes(tlv.Substring(0, at) + "3706" + attributes + tlv.Substring(at + 10));
    }

    private static void CheckSubject(int status, string attributes)
    {
        byte[] tlv = WithSubject(attributes);
        Assert.AreEqual(status, new MatterCertificate().Parse(new TlvReader(), tlv, 0, tlv.Length), attributes);
    }

    // The RDNs of the subject.
    private static string SubjectOf(string attributes)
    {
        string body = BodyOf(WithSubject(attributes));
        int at = body.IndexOf("180f39393939313233313233353935395a") + 34;
        return body.Substring(at + 4);
    }

    private static string BodyOf(byte[] tlv)
    {
        MatterCertificate certificate = new MatterCertificate();
        TlvReader reader = new TlvReader();
        Assert.AreEqual(CertificateStatus.Ok, certificate.Parse(reader, tlv, 0, tlv.Length));
        byte[] buffer = new byte[MatterCertificate.MaxToBeSigned];
        DerWriter writer = new DerWriter();
        writer.Init(buffer, 0, buffer.Length);
        return Hex.Text(buffer, 0, certificate.WriteToBeSigned(reader, writer));
    }

    private static MatterCertificate Parse(string hex)
    {
        byte[] tlv = Hex.Bytes(hex);
        MatterCertificate certificate = new MatterCertificate();
        Assert.AreEqual(CertificateStatus.Ok, certificate.Parse(new TlvReader(), tlv, 0, tlv.Length));
        return certificate;
    }

    private static void Check(int status, CertificateMaker maker)
    {
        byte[] tlv = maker.Make();
        Assert.AreEqual(status, new MatterCertificate().Parse(new TlvReader(), tlv, 0, tlv.Length));
    }

    private static void CheckBody(string hex, string hash)
    {
        byte[] body = Hex.Bytes(BodyOf(Hex.Bytes(hex)));
        Sha256 sha = new Sha256();
        sha.Init();
        sha.Update(body, 0, body.Length);
        byte[] digest = new byte[32];
        sha.Final(digest, 0);
        Assert.AreEqual(hash, Hex.Text(digest, 0, 32));
    }
}
