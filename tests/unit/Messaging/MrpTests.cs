using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Messaging;

/// <summary>Retransmission and acknowledgement, Core 4.12, with the clock in the test's hand.</summary>
[TestClass]
public class MrpTests
{
    [TestMethod]
    public void Delay_IsBaseTimesMarginBackoffAndJitter_4_12_2_1()
    {
        int[] least = new int[] { 330, 330, 528, 844, 1350 };
        int[] most = new int[] { 412, 412, 660, 1055, 1687 };
        for (int n = 1; n <= 5; n++)
        {
            Assert.AreEqual(least[n - 1], ExchangeManager.RetransmissionDelay(300, n, 0));
            Assert.AreEqual(most[n - 1], ExchangeManager.RetransmissionDelay(300, n, 255));
        }

        Assert.IsTrue(ExchangeManager.RetransmissionDelay((int)Session.MaxInterval, 5, 255) > 0, "an hour's interval fits");
    }

    [TestMethod]
    public void FiveTransmissionsOfTheSameBytes_ThenGiveUpAndDefunct_4_12_8()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        a.Random.Constant = 0;
        Exchange exchange = a.Request(session);
        byte[] first = a.LastSent.Bytes;
        int[] waits = new int[] { 330, 330, 528, 844 };
        for (int i = 0; i < waits.Length; i++)
        {
            long due = a.Clock.Now + waits[i];
            Assert.AreEqual(due, a.Advance(waits[i] - 1), "deadline " + i);
            Assert.AreEqual(i + 1, a.Sent.Count);
            a.Advance(1);
            Assert.AreEqual(i + 2, a.Sent.Count, "transmission " + i);
            Assert.AreEqual(Hex.Text(first, 0, first.Length), Hex.Text(a.LastSent.Bytes, 0, a.LastSent.Bytes.Length));
        }

        a.Advance(1349);
        Assert.IsTrue(exchange.IsOpen);
        Assert.IsFalse(session.IsDefunct);
        a.Advance(1);
        Assert.AreEqual(5, a.Sent.Count);
        Assert.AreEqual(ExchangeEnd.NoAcknowledgement, (int)a.EndReasons[0]);
        Assert.IsTrue(session.IsDefunct);
        Assert.AreEqual(SessionState.Active, session.State, "the session itself stays");
        Assert.AreEqual(1U, a.Counted(Counters.GaveUp));
        Assert.AreEqual(0, a.Exchanges.OpenExchanges);
        Assert.AreEqual(long.MaxValue, a.Exchanges.Process(a.Clock.Now));
    }

    [TestMethod]
    public void IntervalsOfAPeer_AreUsedWithinWhatTheMessageIsWorth_4_12_8()
    {
        uint[] told = new uint[] { 0, 1, 299, 4000, 3600000, 0xffffffff };
        int[] secure = new int[] { 300, 300, 300, 4000, 15000, 15000 };
        int[] unsecured = new int[] { 300, 300, 300, 2000, 2000, 2000 };
        for (int i = 0; i < told.Length; i++)
        {
            TestNode a, b;
            SecureSession session = Connect(out a, out b);
            a.Random.Constant = 0;
            SessionParameters parameters = new SessionParameters();
            parameters.IdleInterval = told[i];
            parameters.ActiveInterval = told[i];
            session.SetSessionParameters(parameters);
            InsecureSession handshake = a.Sessions.CreateUnsecureSession(77, parameters, true, b.Address);
            Assert.AreEqual(secure[i], session.RetransmissionBase, "idle");
            Assert.AreEqual(unsecured[i], handshake.RetransmissionBase);
            a.Request(session);
            Assert.AreEqual(a.Clock.Now + (secure[i] * 11 / 10), a.Advance(0));
            a.Advance((secure[i] * 11 / 10) - 1);
            Assert.AreEqual(1, a.Sent.Count);
            session.NotifyActivity(true);
            Assert.AreEqual(secure[i], session.RetransmissionBase, "active");
        }
    }

    [TestMethod]
    public void LastMessageOfAClosedExchange_IsRepeatedAndGivenUp_AsAnyOther_4_12_8()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        b.Random.Constant = 0;
        b.Behaviour = TestNode.Answer;
        a.Request(session);
        a.DeliverTo(b);
        SecureSession other = b.Sessions.GetSession(session.PeerSessionId);
        byte[] first = b.LastSent.Bytes;
        int[] waits = new int[] { 330, 330, 528, 844 };
        for (int i = 0; i < waits.Length; i++)
        {
            Assert.AreEqual(b.Clock.Now + waits[i], b.Advance(0));
            b.Advance(waits[i]);
            Assert.AreEqual(i + 2, b.Sent.Count);
            Assert.AreEqual(Hex.Text(first, 0, first.Length), Hex.Text(b.LastSent.Bytes, 0, b.LastSent.Bytes.Length));
        }

        Assert.IsFalse(other.IsDefunct);
        b.Advance(1350);
        Assert.IsTrue(other.IsDefunct);
        Assert.AreEqual(1, b.EndReasons.Count);
        Assert.AreEqual(Limits(), b.Exchanges.FreeBuffers);
        Assert.AreEqual(0, other.NumberOfExchanges);
    }

    [TestMethod]
    public void HandlerThatKeepsItsState_HearsOfTheLastAcknowledgement_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        a.Request(session);
        a.DeliverTo(b);
        Exchange exchange = b.LastExchange;
        exchange.State = b;
        TestNode.Send(exchange, 5, SendFlags.Reliable);
        exchange.Close();
        Assert.AreEqual(0, b.EndReasons.Count);
        b.DeliverTo(a);
        a.LastExchange.Close();
        a.DeliverTo(b);
        Assert.AreEqual(ExchangeEnd.Closed, (int)b.EndReasons[0]);
        Assert.AreEqual(0, b.Exchanges.OpenExchanges);
    }

    [TestMethod]
    public void SessionThatEnds_TakesItsWaitingMessagesWithIt()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        b.Behaviour = TestNode.Answer;
        a.Request(session);
        a.DeliverTo(b);
        Assert.AreEqual(1, b.Exchanges.WaitingMessages);
        b.Sessions.GetSession(session.PeerSessionId).End(false);
        Assert.AreEqual(0, b.Exchanges.WaitingMessages);
        b.Sent.Clear();
        b.Advance(10000);
        Assert.AreEqual(0, b.Sent.Count);
    }

    [TestMethod]
    public void Base_IsChosenAgainForEachTransmission_4_12_2_1()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        a.Random.Constant = 0;
        a.Clock.Now += 3800;
        a.Request(session);
        a.Advance(330);
        Assert.AreEqual(2, a.Sent.Count);
        Assert.IsFalse(session.IsPeerActive, "4000 ms without a word");
        a.Advance(549);
        Assert.AreEqual(2, a.Sent.Count);
        a.Advance(1);
        Assert.AreEqual(3, a.Sent.Count, "500 * 1.1");
    }

    [TestMethod]
    public void Ack_EndsTheRetransmission_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Exchange exchange = a.Request(session);
        a.DeliverTo(b);
        b.Advance(200);
        Assert.AreEqual(1, b.Sent.Count, "standalone acknowledgement");
        b.DeliverTo(a);
        Assert.AreEqual(1, a.Acknowledged);
        Assert.IsFalse(exchange.IsAwaitingAcknowledgement);
        a.Advance(20000);
        Assert.AreEqual(0, a.Sent.Count);
        Assert.AreEqual(0U, a.Counted(Counters.Retransmission));
    }

    [TestMethod]
    public void StandaloneAck_After200MsNotSooner_AndOnlyOnce_4_12_8()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        a.Request(session);
        a.DeliverTo(b);
        Assert.AreEqual(b.Clock.Now + 200, b.Exchanges.Process(b.Clock.Now));
        b.Advance(199);
        Assert.AreEqual(0, b.Sent.Count);
        b.Advance(1);
        b.Advance(1000);
        Assert.AreEqual(1, b.Sent.Count);
    }

    [TestMethod]
    public void UnreliableMessage_IsNeverAcked_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        TestNode.Send(a.Exchanges.Open(session, ProtocolId.InteractionModel, a), 2, SendFlags.None);
        Datagram datagram = a.LastSent;
        a.DeliverTo(b);
        b.Receive(datagram, a.Address);
        b.Advance(1000);
        Assert.AreEqual(1, b.Messages);
        Assert.AreEqual(0, b.Sent.Count);
    }

    [TestMethod]
    public void Answer_CarriesTheAck_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        b.Behaviour = TestNode.Answer;
        a.Request(session);
        a.DeliverTo(b);
        Assert.AreEqual(1, b.Sent.Count);
        b.DeliverTo(a);
        Assert.AreEqual(1, a.Acknowledged);
        Assert.AreEqual(3, a.LastOpcode);
        Assert.AreEqual("1518", Hex.Text(a.LastPayload, 0, 2));
        Assert.AreEqual(0, b.Exchanges.OpenExchanges, "over");
        Assert.AreEqual(1, b.Exchanges.WaitingMessages, "but for its acknowledgement");
        a.LastExchange.Close();
        Assert.AreEqual(1, a.Sent.Count, "acknowledgement at close");
        a.DeliverTo(b);
        Assert.AreEqual(0, b.Exchanges.WaitingMessages);
        Assert.AreEqual(ExchangeEnd.Closed, (int)b.EndReasons[0]);
        Assert.AreEqual(ExchangeEnd.Closed, (int)a.EndReasons[0]);
    }

    [TestMethod]
    public void SecondMessageThatAsks_AcksTheFirstAtOnce_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Exchange exchange = a.Request(session);
        uint first = a.LastSent.Counter;
        a.Sent.Clear();
        exchange.Resend();
        a.DeliverTo(b);
        Assert.AreEqual(0, b.Sent.Count);

        // A peer that did not wait: pretend the first was acknowledged.
        exchange.AssumeAcknowledged();
        TestNode.Send(exchange, 4, SendFlags.Reliable);
        a.DeliverTo(b);
        Assert.AreEqual(1, b.Sent.Count, "the first is acknowledged by the second's arrival");
        b.DeliverTo(a);
        Assert.AreEqual(1U, a.Counted(Counters.LateAcknowledgement), "that of the first");
        Assert.AreEqual(2, b.Messages);
        Assert.IsTrue(first != 0);
        b.Advance(200);
        b.DeliverTo(a);
        Assert.IsFalse(exchange.IsAwaitingAcknowledgement);
    }

    [TestMethod]
    public void AckBeforeSlowWork_IsRepeatedInTheAnswer_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        b.Behaviour = TestNode.AcknowledgeFirst;
        Exchange exchange = a.Request(session);
        a.DeliverTo(b);
        Assert.AreEqual(1, b.Sent.Count);
        b.Sent.Clear();
        b.Advance(500);
        Assert.AreEqual(0, b.Sent.Count, "not twice alone");
        TestNode.Send(b.LastExchange, 5, SendFlags.Reliable);
        b.DeliverTo(a);
        Assert.AreEqual(1, a.Acknowledged, "the lost standalone one is made good");
        Assert.IsFalse(exchange.IsAwaitingAcknowledgement);
        Assert.AreEqual(5, a.LastOpcode);
    }

    [TestMethod]
    public void Duplicate_IsAckedAgainAndNeverDelivered_4_12_2_2()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Exchange exchange = a.Request(session);
        Datagram datagram = a.LastSent;
        a.DeliverTo(b);
        b.Receive(datagram, a.Address);
        Assert.AreEqual(1, b.Messages);
        Assert.AreEqual(1, b.Sent.Count);
        b.Receive(datagram, a.Address);
        Assert.AreEqual(1, b.Messages);
        Assert.AreEqual(2, b.Sent.Count);
        Assert.AreEqual(2U, b.Counted(Counters.Duplicate));
        b.DeliverTo(a);
        Assert.IsFalse(exchange.IsAwaitingAcknowledgement);
        b.LastExchange.Close();
        b.Sent.Clear();
        b.Receive(datagram, a.Address);
        Assert.AreEqual(1, b.Sent.Count, "also when the exchange is gone");
        Assert.AreEqual(0, b.Exchanges.OpenExchanges);
    }

    [TestMethod]
    public void Ack_MatchesByCounterWhateverTheInitiatorFlag_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Exchange exchange = a.Request(session);
        uint counter = a.LastSent.Counter;
        a.Sent.Clear();

        // The peer acknowledges on an exchange of its own making, as 0.17.9 does for late retransmissions.
        SecureSession other = b.Sessions.GetSession(session.PeerSessionId);
        byte[] data = new byte[80];
        int start = PayloadHeader.WriteBefore(data, 50, PayloadHeader.Acknowledgement | PayloadHeader.Initiator, 0x10, exchange.Id, 0, counter);
        int length = other.Encode(data, start, 50 - start, out start);
        b.Send(a.Address, data, start, length);
        b.DeliverTo(a);
        Assert.AreEqual(1, a.Acknowledged);
        Assert.IsFalse(exchange.IsAwaitingAcknowledgement);
    }

    [TestMethod]
    public void AckOfAnotherSession_MatchesNothing_4_12()
    {
        TestNode a, b;
        SecureSession first = Connect(out a, out b);
        SecureSession bFirst;
        SecureSession second = TestNode.Connect(a, b, out bFirst);
        Exchange exchange = a.Request(first);
        byte[] data = new byte[80];
        int start = PayloadHeader.WriteBefore(data, 50, PayloadHeader.Acknowledgement, 0x10, exchange.Id, 0, a.LastSent.Counter);
        a.Sent.Clear();
        int length = bFirst.Encode(data, start, 50 - start, out start);
        b.Send(a.Address, data, start, length);
        b.DeliverTo(a);
        Assert.AreEqual(0, a.Acknowledged);
        Assert.AreEqual(1U, a.Counted(Counters.LateAcknowledgement));
        Assert.AreEqual(SessionState.Active, second.State);
    }

    [TestMethod]
    public void LateRetransmission_OfAClosedExchange_IsStillAcked_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        b.Behaviour = TestNode.Answer;
        a.Request(session);
        a.DeliverTo(b);
        Datagram answer = b.LastSent;
        b.DeliverTo(a);
        a.LastExchange.Close();
        a.Sent.Clear();
        Assert.AreEqual(0, a.Exchanges.OpenExchanges);
        a.Receive(answer, b.Address);
        Assert.AreEqual(1, a.Sent.Count);
        Assert.AreEqual(1, b.Exchanges.WaitingMessages);
        a.DeliverTo(b);
        Assert.AreEqual(0, b.Exchanges.WaitingMessages, "the late acknowledgement ends the repetition");
    }

    [TestMethod]
    public void NothingOverBle_UsesMrp_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        NetworkAddress ble = new NetworkAddress();
        ble.Transport = NetworkAddress.Ble;
        session.SetAddress(ble);
        a.Request(session);
        Datagram datagram = a.LastSent;
        a.DeliverToFrom(b, ble);
        Assert.AreEqual(1, b.Messages);
        b.Advance(5000);
        Assert.AreEqual(0, b.Sent.Count, "no acknowledgement");
        a.Advance(5000);
        Assert.AreEqual(0, a.Sent.Count, "no retransmission");
        Assert.IsFalse(b.LastExchange.Session.UsesMrp);
        Assert.AreEqual(Limits(), a.Exchanges.FreeBuffers);
        b.Behaviour = TestNode.Answer;
        b.Receive(datagram, ble);
        Assert.AreEqual(0, b.Sent.Count, "a duplicate gets no acknowledgement either");
    }

    [TestMethod]
    public void MissingAnswer_EndsTheExchange_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Exchange exchange = a.Request(session);
        long sent = a.Clock.Now;
        a.DeliverTo(b);
        b.Advance(200);
        b.DeliverTo(a);
        long deadline = a.Exchanges.Process(a.Clock.Now);
        Assert.AreEqual(sent + 30000 + 2 * 4230, deadline);
        a.Advance(deadline - a.Clock.Now - 1);
        Assert.IsTrue(exchange.IsOpen);
        a.Advance(1);
        Assert.AreEqual(ExchangeEnd.NoResponse, (int)a.EndReasons[0]);
        Assert.IsFalse(session.IsDefunct, "it did acknowledge");
        Exchange other = a.Request(session);
        a.DeliverTo(b);
        b.Advance(200);
        b.DeliverTo(a);
        other.ExpectResponseWithin(1000);
        a.Advance(1000);
        Assert.AreEqual(2, a.EndReasons.Count);
    }

    [TestMethod]
    public void OneReliableMessageAtATime_SeveralInARow_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        b.Behaviour = TestNode.AcknowledgeFirst;
        Exchange exchange = a.Exchanges.Open(session, ProtocolId.InteractionModel, a);
        for (int chunk = 0; chunk < 20; chunk++)
        {
            Assert.IsTrue(TestNode.Send(exchange, 5, SendFlags.Reliable));
            Assert.IsFalse(TestNode.Send(exchange, 5, SendFlags.Reliable), "the first is still outstanding");
            TestNode.Settle(a, b);
        }

        Assert.AreEqual(20, b.Messages);
        Assert.AreEqual(20, a.Acknowledged);
        Assert.AreEqual(1, b.Exchanges.OpenExchanges);
        exchange.Close();
        Assert.AreEqual(Limits(), a.Exchanges.FreeBuffers);
    }

    [TestMethod]
    public void IdleExchange_IsTakenBackAfterAMinute()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        a.Request(session);
        a.DeliverTo(b);
        b.Advance(59999);
        Assert.AreEqual(1, b.Exchanges.OpenExchanges);
        b.Advance(1);
        Assert.AreEqual(0, b.Exchanges.OpenExchanges);
        Assert.AreEqual(ExchangeEnd.Reclaimed, (int)b.EndReasons[0]);
    }

    private static int Limits()
    {
        return MatterNano.Limits.MessageBuffers;
    }

    private static SecureSession Connect(out TestNode a, out TestNode b)
    {
        FakeClock clock = new FakeClock();
        a = new TestNode(clock, 1);
        b = new TestNode(clock, 2);
        SecureSession other;
        return TestNode.Connect(a, b, out other);
    }
}
