using MatterNano.Ble;
using nanoFramework.TestFramework;

namespace NFUnitTest.Ble;

[TestClass]
public class BtpSessionTests
{
    [TestMethod]
    public void SegmentIsTheSmallerMtuLess3_Within20And244()
    {
        Assert.AreEqual(182, SegmentFor(247, 185));
        Assert.AreEqual(182, SegmentFor(185, 247));
        Assert.AreEqual(20, SegmentFor(23, 23));
        Assert.AreEqual(20, SegmentFor(0, 0));
        Assert.AreEqual(244, SegmentFor(0, 512));
        Assert.AreEqual(244, SegmentFor(512, 0));
        Assert.AreEqual(97, SegmentFor(100, 0));
    }

    [TestMethod]
    public void WindowIsTheSmaller_AndNeverMoreThanOffered()
    {
        Assert.AreEqual(4, Open(247, 4).Session.Window);
        Assert.AreEqual(BtpSession.OfferedWindow, Open(247, 255).Session.Window);
    }

    [TestMethod]
    public void HandshakeNeedsBothTheRequestAndTheSubscription_InAnyOrder()
    {
        BtpLink link = new BtpLink();
        link.Session.OnConnected(185, 0);
        Assert.IsTrue(link.Session.OnSubscribed(0));
        Assert.IsFalse(link.Session.IsOpen);
        Assert.AreEqual(0, link.Count);
        Assert.IsTrue(link.Write("656c04000000b90006"));
        Assert.IsTrue(link.Session.IsOpen);
        Assert.AreEqual("656c04b60006", link.Take());
    }

    [TestMethod]
    public void RequestsWithoutVersion4OrOfAnotherLayoutAreRefused()
    {
        Refused("656c05000000000006");
        Refused("0d6c04000000b90006");
        Refused("656d04000000b90006");
        Refused("656c00000000b90006");
        Refused("656c04000000b90001");
        string whole = "656c04000000b90006";
        for (int cut = 0; cut < whole.Length; cut += 2)
        {
            Refused(whole.Substring(0, cut));
        }

        Assert.IsTrue(new BtpLink().Begin(185).Write("656c04560000b90006"), "version 4 among others");
    }

    [TestMethod]
    public void DataBeforeTheResponseIsConfirmedIsAccepted()
    {
        BtpLink link = new BtpLink();
        link.Ready = false;
        link.Begin(185);
        link.Write("656c04000000b90006");
        Assert.AreEqual(0, link.Count);
        Assert.IsTrue(link.Write("05000300010203"));
        Assert.AreEqual("010203", link.Message);
        link.Ready = true;
        link.Session.OnSent(0);
        Assert.AreEqual("656c04b60006", link.Take());
    }

    [TestMethod]
    public void AnAnswerCarriesTheAcknowledgement_AndFollowsTheResponseWithSequence1()
    {
        BtpLink link = Open(185, 6);
        link.Answer = "090807060504030201";
        Assert.IsTrue(link.Write("0d00000900010203040506070809"));
        Assert.AreEqual("010203040506070809", link.Message);
        Assert.AreEqual("0d00010900090807060504030201", link.Take());
    }

    [TestMethod]
    public void AMessageIsCutIntoSegments_AsPeersCutThem()
    {
        BtpLink link = Open(23, 6);
        Assert.IsTrue(link.Write("0d0000020001020a".Substring(0, 14)));
        link.Answer = "030201090807060504030201090807060504";
        Assert.IsTrue(link.Write("050102000102"));
        Assert.AreEqual("0901011200030201090807060504030201090807", link.Take());
        Assert.AreEqual("0602060504", link.Take());
    }

    [TestMethod]
    public void EndFlagAloneEndsAMessage_AsConnectedhomeipSendsIt()
    {
        BtpLink link = Open(185, 6);
        Assert.IsTrue(link.Write("01000300fd"));
        Assert.IsTrue(link.Write("0201fe"));
        Assert.IsNull(link.Message);
        Assert.IsTrue(link.Write("0402ff"));
        Assert.AreEqual("fdfeff", link.Message);
    }

    [TestMethod]
    public void ABrokenPacketEndsTheSession()
    {
        Broken("656c04000000b90006");                     // a second handshake request
        Broken("0d6c04000000b90006");                     // sequence out of order
        Broken("65000044000400000049");                   // handshake flag on data
        Broken("0d00000800010203040506070809");           // longer than announced
        Broken("050004000102030405");
        Broken("0500040001");                             // ends early
        Broken("0200ff");                                 // continues nothing
        Broken("0500000001");                             // announces nothing
        Broken("01000105" + "aa");                        // larger than any message
        Broken("0500");                                   // cut
        Broken("05");
        Broken("");
        Broken("0000");                                   // neither data nor acknowledgement
        Broken("0500010005".Substring(0, 8));             // data without a byte
        Broken("0d05000100aa");                           // acknowledges what was never sent
        Broken("05010100aa");                             // a sequence number left out
        Broken("0300010001aa");                           // begins and continues
    }

    [TestMethod]
    public void TheSameNumberIsNotAcknowledgedTwice()
    {
        BtpLink link = Open(185, 6);
        Assert.IsTrue(link.Write("0d00000100aa"));
        Assert.IsFalse(link.Write("0d00010100aa"));
    }

    [TestMethod]
    public void UpTo3BytesOverTheSegmentSizeAreTolerated_MoreAreNot()
    {
        BtpLink link = Open(23, 6);
        Assert.IsTrue(link.Write("05001300" + "01020304050607080910111213141516171819"));
        link = Open(23, 6);
        Assert.IsFalse(link.Write("05001400" + "0102030405060708091011121314151617181920"));
    }

    [TestMethod]
    public void DataIsAcknowledgedAfter2500Ms_AndAPureAcknowledgementOnlyAfter7500()
    {
        BtpLink link = Open(185, 6);
        Assert.IsTrue(link.Write("0d00000100aa"));
        Assert.AreEqual(BtpSession.AcknowledgeAfter, (int)link.Session.NextDeadline);
        Assert.IsTrue(link.Session.Process(BtpSession.AcknowledgeAfter - 1));
        Assert.AreEqual(0, link.Count);
        Assert.IsTrue(link.Session.Process(BtpSession.AcknowledgeAfter));
        Assert.AreEqual("080001", link.Take());

        link.Now = 3000;
        Assert.IsTrue(link.Write("080101"));
        Assert.AreEqual(3000 + BtpSession.KeepAliveAfter, (int)link.Session.NextDeadline);
        Assert.AreEqual(0, link.Count);
    }

    [TestMethod]
    public void FewFreeSlotsAreAnsweredAtOnce_ButNeverAPureAcknowledgement()
    {
        BtpLink link = Open(185, 4);
        Assert.IsTrue(link.Write("0d00000200aabb".Substring(0, 12) + "bb"));
        Assert.AreEqual(0, link.Count);
        Assert.IsTrue(link.Write("05010100cc"));
        Assert.AreEqual("080101", link.Take());
        Assert.IsTrue(link.Write("080102"));
        Assert.AreEqual(0, link.Count);
    }

    [TestMethod]
    public void TheLastSlotIsKeptForAPacketThatAcknowledges()
    {
        BtpLink link = Open(23, 4);
        Assert.IsTrue(link.Write("0d00000100aa"));
        byte[] message = new byte[200];
        Assert.IsTrue(link.Session.Send(message, 0, message.Length, 0));

        // The first takes the acknowledgement along; without another to give, one of four slots stays free.
        Assert.AreEqual(3, link.Count);
        Assert.AreEqual("0900", link.Take().Substring(0, 4));
        Assert.IsTrue(link.Write("05010100bb"));
        Assert.AreEqual(3, link.Count, "the fourth acknowledges that packet");
        Assert.IsTrue(link.Write("080402"));
        Assert.AreEqual(6, link.Count);
    }

    [TestMethod]
    public void AStallOf500MsLetsDataTakeTheLastSlot_UnlessThePeerIsOwedAnAcknowledgement()
    {
        BtpLink link = Open(23, 4);
        Assert.IsTrue(link.Write("0d00000100aa"));
        byte[] message = new byte[200];
        Assert.IsTrue(link.Session.Send(message, 0, message.Length, 0));
        Assert.AreEqual(3, link.Count);
        Assert.AreEqual(500L, link.Session.NextDeadline);
        Assert.IsTrue(link.Session.Process(499));
        Assert.AreEqual(3, link.Count);
        Assert.IsTrue(link.Session.Process(500));
        Assert.AreEqual(4, link.Count);
        Assert.IsTrue(link.Session.Process(5000));
        Assert.AreEqual(4, link.Count, "the window is full");
        link.Now = 5001;
        Assert.IsTrue(link.Write("080401"));
        Assert.AreEqual(7, link.Count);
    }

    [TestMethod]
    public void DrainedWhenTheLastPacketHasLeftTheRadio()
    {
        BtpLink link = Open(185, 6);
        link.Session.OnSent(0);
        Assert.IsTrue(link.Session.IsDrained);
        Assert.IsTrue(link.Session.Send(new byte[5], 0, 5, 0));
        Assert.IsFalse(link.Session.IsDrained, "in the radio");
        link.Session.OnSent(0);
        Assert.IsTrue(link.Session.IsDrained);
        link.Ready = false;
        link.Session.Send(new byte[5], 0, 5, 0);
        Assert.IsFalse(link.Session.IsDrained, "the radio is busy");
        link.Session.Close();
        Assert.IsTrue(link.Session.IsDrained);
    }

    [TestMethod]
    public void APacketNotAcknowledgedFor15SecondsEndsTheSession()
    {
        BtpLink link = Open(185, 6);
        Assert.IsTrue(link.Session.Process(BtpSession.AcknowledgeTimeout - 1));
        Assert.IsFalse(link.Session.Process(BtpSession.AcknowledgeTimeout));
    }

    [TestMethod]
    public void AnIdleCentralIsDroppedAfter30Seconds_AndAnIdleHandshakeAfter15()
    {
        BtpLink link = Open(185, 6);
        Assert.IsTrue(link.Write("080000"));
        Assert.IsTrue(link.Session.Process(BtpSession.KeepAliveAfter));
        Assert.IsTrue(link.Write("080101"));
        link.Session.Process(2 * BtpSession.KeepAliveAfter);
        Assert.IsFalse(link.Session.Process(BtpSession.IdleTimeout));

        link = new BtpLink().Begin(185);
        Assert.IsTrue(link.Session.Process(BtpSession.HandshakeTimeout - 1));
        Assert.IsFalse(link.Session.Process(BtpSession.HandshakeTimeout));
    }

    [TestMethod]
    public void SequenceNumbersRunThrough255()
    {
        BtpLink link = Open(185, 6);
        link.Answer = "55";
        for (int i = 0; i < 600; i++)
        {
            byte[] packet = new byte[] { 0x0d, (byte)i, (byte)i, 1, 0, 0x33 };
            Assert.IsTrue(link.Session.OnWritten(packet, 0, packet.Length, 0));
            string answer = link.Take();
            Assert.AreEqual(12, answer.Length);
            Assert.AreEqual(Hex.Text(new byte[] { (byte)i }, 0, 1), answer.Substring(2, 2));
            Assert.AreEqual(Hex.Text(new byte[] { (byte)(i + 1) }, 0, 1), answer.Substring(4, 2));
        }
    }

    [TestMethod]
    public void ABusyRadioLosesNothing()
    {
        BtpLink link = Open(23, 6);
        link.Ready = false;
        link.Answer = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        Assert.IsTrue(link.Write("0d00000100aa"));
        Assert.AreEqual(0, link.Count);
        link.Ready = true;
        link.Session.OnSent(0);
        Assert.AreEqual("09000120" + "00" + "000102030405060708090a0b0c0d0e", link.Take());
        Assert.AreEqual("06020f101112131415161718191a1b1c1d1e1f", link.Take());
        Assert.AreEqual(0, link.Count);
    }

    [TestMethod]
    public void AFullQueueIsRefused_AndAClosedSessionTakesNothing()
    {
        BtpLink link = Open(185, 6);
        link.Ready = false;
        byte[] message = new byte[MatterNano.Limits.MaxSentMessage];
        Assert.IsTrue(link.Session.Send(message, 0, message.Length, 0));
        Assert.IsTrue(link.Session.Send(message, 0, 1000, 0));
        Assert.IsFalse(link.Session.Send(message, 0, message.Length, 0));
        link.Session.Close();
        Assert.IsFalse(link.Session.Send(message, 0, 1, 0));
        Assert.IsFalse(link.Write("0d00000100aa"));
        Assert.IsTrue(link.Session.NextDeadline == long.MaxValue);
    }

    private static int SegmentFor(int requested, int own)
    {
        BtpLink link = new BtpLink().Begin(own);
        byte[] request = Hex.Bytes("656c04000000000006");
        request[6] = (byte)requested;
        request[7] = (byte)(requested >> 8);
        Assert.IsTrue(link.Session.OnWritten(request, 0, request.Length, 0));
        return link.Session.SegmentSize;
    }

    private static BtpLink Open(int mtu, int window)
    {
        BtpLink link = new BtpLink().Begin(mtu);
        Assert.IsTrue(link.Write("656c040000000000" + Hex.Text(new byte[] { (byte)window }, 0, 1)));
        link.Take();
        return link;
    }

    private static void Refused(string request)
    {
        Assert.IsFalse(new BtpLink().Begin(185).Write(request), request);
    }

    private static void Broken(string packet)
    {
        Assert.IsFalse(Open(185, 6).Write(packet), packet);
    }
}
