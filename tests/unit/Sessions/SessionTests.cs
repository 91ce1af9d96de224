using System;
using MatterNano;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Sessions;

/// <summary>Session, SecureSession and InsecureSession, member by member.</summary>
[TestClass]
public class SessionTests
{
    [TestMethod]
    public void D1_Defaults_Are500Idle300Active4000Threshold_4_12_8()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(1, 7);
        Assert.AreEqual(500, session.IdleIntervalMs);
        Assert.AreEqual(300, session.ActiveIntervalMs);
        Assert.AreEqual(4000, session.ActiveThresholdMs);
        SessionParameters parameters = new SessionParameters();
        parameters.IdleInterval = 1;
        session.GetSessionParameters(parameters);
        Assert.AreEqual(500U, parameters.IdleInterval);
        Assert.AreEqual(300U, parameters.ActiveInterval);
        Assert.AreEqual(4000U, parameters.ActiveThreshold);
        Assert.AreEqual(17U, parameters.DataModelRevision);
        Assert.AreEqual(11U, parameters.InteractionModelRevision);
        Assert.AreEqual(0U, parameters.SpecificationVersion);
        Assert.AreEqual(1U, parameters.MaxPathsPerInvoke);
    }

    [TestMethod]
    public void AbsurdIntervals_AreKeptButClampedForOurTimers()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SessionParameters parameters = new SessionParameters();
        parameters.IdleInterval = 0xffffffff;
        parameters.ActiveInterval = 0xfffffffe;
        parameters.ActiveThreshold = 0xffff;
        parameters.DataModelRevision = 19;
        parameters.InteractionModelRevision = 13;
        parameters.SpecificationVersion = 0x01040200;
        parameters.MaxPathsPerInvoke = 9;
        SecureSession session = node.Sessions.CreateSecureSessionWithKeys(
            node.Sessions.GetNextAvailableSessionId(), 1, 7, 9, new byte[48], 0, false, false, parameters, null);
        Assert.AreEqual(3600000, session.IdleIntervalMs);
        Assert.AreEqual(3600000, session.ActiveIntervalMs);
        Assert.AreEqual(65535, session.ActiveThresholdMs);
        parameters.SetDefaults();
        session.GetSessionParameters(parameters);
        Assert.AreEqual(0xffffffffU, parameters.IdleInterval);
        Assert.AreEqual(0xfffffffeU, parameters.ActiveInterval);
        Assert.AreEqual(0xffffU, parameters.ActiveThreshold);
        Assert.AreEqual(19U, parameters.DataModelRevision);
        Assert.AreEqual(13U, parameters.InteractionModelRevision);
        Assert.AreEqual(0x01040200U, parameters.SpecificationVersion);
        Assert.AreEqual(9U, parameters.MaxPathsPerInvoke);
        Assert.IsTrue(node.Exchanges.ResponseTimeout(session) > 0);
    }

    [TestMethod]
    public void ASlot_IsResetWhenItBecomesASession_AndWipedWhenItEnds()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(1, 7);
        session.SetCaseAuthenticatedTags(new uint[] { 1, 2, 3 }, 0);
        node.Sessions.MarkDefunct(session);
        session.End(false);
        for (int i = 0; i < SecureSession.PackedSize; i++)
        {
            Assert.AreEqual((byte)0, session.Data[session.At + i], "byte " + i);
        }

        SecureSession next = node.AddSession(1, 8);
        Assert.AreSame(session, next);
        Assert.AreEqual(0U, next.GetCaseAuthenticatedTag(2));
        Assert.IsFalse(next.IsDefunct);
        Assert.IsTrue(next.SendCloseMessageWhenClosing);
        Assert.AreEqual(1 + (int)next.MessageReceptionState, 1);
    }

    [TestMethod]
    public void Timestamps_SendMovesOne_AuthenticReceiveBoth()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(1, 7);
        long start = node.Clock.Now;
        node.Clock.Now += 5;
        session.NotifyActivity(false);
        Assert.AreEqual(start + 5, session.Timestamp);
        Assert.AreEqual(start, session.ActiveTimestamp);
        node.Clock.Now += 5;
        session.NotifyActivity(true);
        Assert.AreEqual(start + 10, session.Timestamp);
        Assert.AreEqual(start + 10, session.ActiveTimestamp);
    }

    [TestMethod]
    public void IsPeerActive_StrictlyBelowTheThreshold_4_12_2_1()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(1, 7);
        Assert.AreEqual(300, session.RetransmissionBase);
        node.Clock.Now += 3999;
        Assert.IsTrue(session.IsPeerActive);
        node.Clock.Now++;
        Assert.IsFalse(session.IsPeerActive);
        Assert.AreEqual(500, session.RetransmissionBase);
        node.Clock.Now = 0x1fffffffff;
        session.NotifyActivity(true);
        node.Clock.Now += 3999;
        Assert.IsTrue(session.IsPeerActive, "clocks beyond 32 bits");
        FakeClock atZero = new FakeClock();
        atZero.Now = 0;
        SecureSession young = new TestNode(atZero, 1).AddSession(1, 7);
        Assert.IsTrue(young.IsPeerActive, "a message at time 0 is a message");
    }

    [TestMethod]
    public void IdentityAndFlags_AreThoseOfTheHandshake()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        InsecureSession handshake = node.Sessions.CreateUnsecureSession(5, null, false, node.Address);
        SecureSession session = node.Sessions.CreateSecureSessionWithKeys(
            node.Sessions.GetNextAvailableSessionId(), 3, 0xf7UL, 0xfedc, new byte[48], 0, false, false, null, handshake);
        Assert.AreEqual(0xfedc, session.PeerSessionId);
        Assert.AreEqual(3, session.FabricIndex);
        Assert.AreEqual(0xd0000003UL, session.NodeId);
        Assert.AreEqual(0xf7UL, session.PeerNodeId);
        Assert.IsFalse(session.IsInitiator);
        Assert.IsFalse(session.IsPase);
        NetworkAddress address = new NetworkAddress();
        session.GetAddress(address);
        Assert.IsTrue(address.Matches(node.Address));
        Assert.AreEqual("case/" + session.Id + " peer 00000000000000F7 fabric 3", session.Name);
        Assert.AreEqual("insecure/0000000000000005", handshake.Name);
        Assert.AreEqual(0, handshake.Id);
        Assert.AreEqual(0, handshake.PeerSessionId);
        Assert.IsFalse(handshake.IsSecure);
        Assert.AreEqual(5UL, handshake.NodeId);
        Assert.AreEqual(0UL, handshake.PeerNodeId);
        Assert.IsNull(handshake.AssociatedFabric);
        Assert.IsFalse(handshake.ClosingAfterExchangeFinished);
        node.Fabrics.Generations[3] = 0;
        Assert.IsNull(session.AssociatedFabric, "the fabric is gone");
    }

    [TestMethod]
    public void CaseAuthenticatedTags_AreThePeers_6_6_2_1_2()
    {
        SecureSession session = new TestNode(new FakeClock(), 1).AddSession(1, 7);
        session.SetCaseAuthenticatedTags(new uint[] { 9, 0xfffe0001, 0x00010002, 0 }, 1);
        Assert.AreEqual(0xfffe0001U, session.GetCaseAuthenticatedTag(0));
        Assert.AreEqual(0x00010002U, session.GetCaseAuthenticatedTag(1));
        Assert.AreEqual(0U, session.GetCaseAuthenticatedTag(2));
    }

    [TestMethod]
    public void D15_SecureCounter_NeverWraps_AndIsClosedBeforeByTheTimer_4_6_1()
    {
        FakeClock clock = new FakeClock();
        TestNode a = new TestNode(clock, 1);
        TestNode b = new TestNode(clock, 2);
        SecureSession other;
        SecureSession session = TestNode.Connect(a, b, out other);
        Assert.IsTrue(session.MessageCounter > 0 && session.MessageCounter <= 0x10000001);
        uint limit = 0xffffffff - SessionManager.CounterReserve;
        ByteOrder.WriteUInt32(session.Data, session.At + SecureSession.CounterAt, limit - 2);
        a.Request(session);
        Assert.AreEqual(long.MaxValue, a.Sessions.Process(clock.Now), "one short");
        Exchange exchange = a.Exchanges.Open(session, ProtocolId.InteractionModel, a);
        Assert.IsTrue(TestNode.Send(exchange, 2, SendFlags.Reliable), "the sender's stack sees no close");
        Assert.AreEqual(SessionState.Active, session.State);
        a.Sent.Clear();
        a.Advance(0);
        Assert.AreEqual(SessionState.Free, session.State);
        Assert.AreEqual(1U, a.Counted(Counters.CounterExhausted));
        a.DeliverTo(b);
        Assert.AreEqual(0, b.Sessions.UsedSecureSessions, "the peer was told");
        session = TestNode.Connect(a, b, out other);
        ByteOrder.WriteUInt32(session.Data, session.At + SecureSession.CounterAt, 0xfffffffe);
        uint counter;
        Assert.IsTrue(session.GetIncrementedMessageCounter(out counter));
        Assert.AreEqual(0xffffffffU, counter);
        Assert.IsFalse(session.GetIncrementedMessageCounter(out counter));
        exchange = a.Exchanges.Open(session, ProtocolId.InteractionModel, a);
        Assert.IsFalse(TestNode.Send(exchange, 2, SendFlags.Reliable), "at the end sending fails");
        Assert.AreEqual(Limits.MessageBuffers, a.Exchanges.FreeBuffers);
    }

    [TestMethod]
    public void D15_UnsecuredCounter_IsOneANode_AndWraps_4_6_1()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        InsecureSession first = node.Sessions.CreateUnsecureSession(5, null, false, null);
        InsecureSession second = node.Sessions.CreateUnsecureSession(6, null, true, null);
        uint one, two;
        Assert.IsTrue(first.GetIncrementedMessageCounter(out one));
        Assert.IsTrue(second.GetIncrementedMessageCounter(out two));
        Assert.AreEqual(one + 1, two);
        Assert.AreEqual(two, first.MessageCounter);
        node.Sessions.UnsecuredCounter = 0xffffffff;
        Assert.IsTrue(first.GetIncrementedMessageCounter(out one));
        Assert.AreEqual(0U, one);
    }

    [TestMethod]
    public void UpdateMessageCounter_IsNewOrDuplicate_4_6_5()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(1, 7);
        Assert.IsTrue(session.UpdateMessageCounter(100));
        Assert.IsFalse(session.UpdateMessageCounter(100));
        Assert.AreEqual(100U, session.MessageReceptionState);
        Assert.IsTrue(session.UpdateMessageCounter(98), "sent before the first that came");
        InsecureSession unsecured = node.Sessions.CreateUnsecureSession(5, null, false, null);
        Assert.IsTrue(unsecured.UpdateMessageCounter(100));
        Assert.IsFalse(unsecured.UpdateMessageCounter(100));
        Assert.IsTrue(unsecured.UpdateMessageCounter(99));
        Assert.IsTrue(unsecured.UpdateMessageCounter(1), "a rebooted peer");
    }

    [TestMethod]
    public void Encode_PutsThePeersHandleAndNoNodeIds_DecodeRefusesAWrongMic()
    {
        FakeClock clock = new FakeClock();
        TestNode a = new TestNode(clock, 1);
        TestNode b = new TestNode(clock, 2);
        SecureSession other;
        SecureSession session = TestNode.Connect(a, b, out other);
        byte[] data = Hex.Filled(90);
        int start;
        int length = session.Encode(data, 40, 10, out start);
        Assert.AreEqual(8 + 10 + 16, length);
        Assert.AreEqual(32, start);
        Assert.AreEqual((byte)0xa5, data[31]);
        Assert.AreEqual((byte)0xa5, data[66]);
        Assert.AreEqual(other.Id, ByteOrder.ReadUInt16(data, 33));
        MessageHeader header = new MessageHeader();
        Assert.IsTrue(header.TryRead(data, start, length));
        Assert.IsFalse(header.HasSource);
        byte[] copy = new byte[90];
        Array.Copy(data, copy, 90);
        Assert.AreEqual(10, other.Decode(copy, start, length, header));
        Assert.AreEqual("a5a5a5a5a5a5a5a5a5a5", Hex.Text(copy, 40, 10));
        data[50] ^= 1;
        Assert.AreEqual(-1, other.Decode(data, start, length, header));
    }

    [TestMethod]
    public void D6_DeferredClose_WaitsForTheLastExchange_AndRefusesNewOnes()
    {
        FakeClock clock = new FakeClock();
        TestNode a = new TestNode(clock, 1);
        TestNode b = new TestNode(clock, 2);
        SecureSession other;
        SecureSession session = TestNode.Connect(a, b, out other);
        a.Request(session);
        a.Request(session);
        a.DeliverTo(b);
        Assert.AreEqual(2, b.Exchanges.OpenExchanges);
        Exchange last = b.LastExchange;
        other.Close();
        Assert.AreEqual(SessionState.Closing, other.State, "the peer is active");
        Assert.IsTrue(other.ClosingAfterExchangeFinished);
        b.Sent.Clear();
        last.Close();
        Assert.AreEqual(SessionState.Closing, other.State, "one exchange is left");
        b.DeliverTo(a);
        a.Request(session);
        int messages = b.Messages;
        a.DeliverTo(b);
        Assert.AreEqual(messages, b.Messages, "no new exchange");
        Assert.AreEqual(0, b.Sent.Count, "and what is not answered is not acknowledged");
        b.Advance(61000);
        Assert.AreEqual(SessionState.Free, other.State, "with its last exchange");
        Assert.AreEqual(1, b.Closed);
        b.DeliverTo(a);
        Assert.AreEqual(SessionState.Free, session.State, "and the peer knows");
    }

    [TestMethod]
    public void D6_DeferredClose_EndsAtTheLatestAfterTheResponseTimeout()
    {
        FakeClock clock = new FakeClock();
        TestNode a = new TestNode(clock, 1);
        TestNode b = new TestNode(clock, 2);
        SecureSession other;
        SecureSession session = TestNode.Connect(a, b, out other);
        a.Request(session);
        a.DeliverTo(b);
        long limit = b.Exchanges.ResponseTimeout(other);
        other.Destroy(true, true);
        b.Advance(limit - 1);
        Assert.AreEqual(SessionState.Closing, other.State);
        b.Advance(1);
        Assert.AreEqual(SessionState.Free, other.State);
        Assert.AreEqual(0, b.Exchanges.OpenExchanges);
    }

    [TestMethod]
    public void D11_DestroyAndEnd_AreIdempotent_AndStatesGoOneWay()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(1, 7);
        Exchange exchange = node.Exchanges.Open(session, ProtocolId.InteractionModel, node);
        session.Destroy(true, true);
        session.Destroy(true, true);
        Assert.AreEqual(0, node.Closed);
        session.End(true);
        session.End(true);
        Assert.AreEqual(1, node.Closed);
        Assert.AreEqual(1, node.Sent.Count, "one CloseSession");
        Assert.IsFalse(exchange.IsOpen);
        node.Sessions.Activate(session);
        Assert.AreEqual(SessionState.Free, session.State, "a free slot does not come back");
    }

    [TestMethod]
    public void DestroyWithoutMessage_SilencesALaterClose()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(1, 7);
        node.Exchanges.Open(session, ProtocolId.InteractionModel, node);
        session.Destroy(false, true);
        Assert.IsFalse(session.SendCloseMessageWhenClosing);
        session.End(true);
        Assert.AreEqual(0, node.Sent.Count);
        Assert.AreEqual(1, node.Closed);
    }

    [TestMethod]
    public void Close_DefersOnlyWhileThePeerIsActive()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(1, 7);
        node.Exchanges.Open(session, ProtocolId.InteractionModel, node);
        node.Clock.Now += 5000;
        session.Close();
        Assert.AreEqual(SessionState.Free, session.State);
        Assert.AreEqual(1, node.Sent.Count);
    }

    [TestMethod]
    public void D13_EverySubscriptionIsCancelled_WithTwoAndThree()
    {
        for (int count = 1; count <= 3; count++)
        {
            TestNode node = new TestNode(new FakeClock(), 1);
            SecureSession session = node.AddSession(1, 7);
            SecureSession bystander = node.AddSession(2, 7);
            FakeSubscription[] all = FakeSubscription.Give(node.Sessions);
            FakeSubscription spared = all[count];
            Assert.IsTrue(bystander.AddSubscription(spared));
            for (int i = 0; i < count; i++)
            {
                Assert.IsTrue(session.AddSubscription(all[i]));
                Assert.IsTrue(session.AddSubscription(all[i]), "twice is once");
            }

            Assert.AreEqual(count, session.NumberOfActiveSubscriptions);
            Assert.AreEqual(count + 1, node.SubscriptionChanges);
            Assert.AreSame(all[count - 1], session.GetSubscription(count - 1));
            Assert.IsNull(session.GetSubscription(count));
            session.ClearSubscriptions(true);
            Assert.AreEqual(0, session.NumberOfActiveSubscriptions);
            for (int i = 0; i < count; i++)
            {
                Assert.AreEqual(1, all[i].Cancelled);
                Assert.IsTrue(all[i].Flushed);
            }

            Assert.AreEqual(0, spared.Cancelled);
            Assert.AreEqual(2 * count + 1, node.SubscriptionChanges);
        }
    }

    [TestMethod]
    public void SubscriptionTable_Full_OneOver_AndRemoval()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(1, 7);
        FakeSubscription first = new FakeSubscription();
        Assert.IsFalse(session.AddSubscription(first), "none is known");
        FakeSubscription[] all = FakeSubscription.Give(node.Sessions);
        first = all[0];
        Assert.IsFalse(session.RemoveSubscription(first));
        for (int i = 0; i < Limits.Subscriptions; i++)
        {
            Assert.IsTrue(session.AddSubscription(all[i]));
        }

        Assert.IsFalse(session.AddSubscription(new FakeSubscription()));
        Assert.AreEqual(2U, node.Counted(Counters.SubscriptionsFull));
        Assert.IsTrue(session.RemoveSubscription(first));
        Assert.IsFalse(session.RemoveSubscription(first));
        Assert.AreEqual(0, first.Cancelled);
        session.End(true);
        Assert.AreEqual(0, session.NumberOfActiveSubscriptions);
    }

    [TestMethod]
    public void NewSessionOfAPeer_TakesOverItsSubscriptions_IfTagsAreEqual()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession old = node.AddSession(1, 7);
        FakeSubscription subscription = FakeSubscription.Give(node.Sessions)[3];
        old.AddSubscription(subscription);
        node.AddSession(2, 7);
        node.AddSession(1, 8);
        Assert.IsNull(subscription.Session);
        int id = node.Sessions.GetNextAvailableSessionId();
        SecureSession stranger = node.Sessions.CreateSecureSessionWithKeys(id, 1, 7, 9, new byte[48], 0, false, false, null, null);
        stranger.SetCaseAuthenticatedTags(new uint[] { 0x10001, 0, 0 }, 0);
        node.Sessions.Activate(stranger);
        Assert.AreEqual(1, old.NumberOfActiveSubscriptions, "other tags, other rights");
        SecureSession fresh = node.AddSession(1, 7);
        Assert.AreSame(fresh, subscription.Session);
        Assert.AreEqual(0, old.NumberOfActiveSubscriptions);
        Assert.AreEqual(1, fresh.NumberOfActiveSubscriptions);
        Assert.AreEqual(0, subscription.Cancelled);
    }

    [TestMethod]
    public void PeerNodeIdZero_IsPaseByStateNotById()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession pase = node.Sessions.CreateSecureSessionWithKeys(node.Sessions.GetNextPaseSessionId(), 0, 0, 9, new byte[48], 0, false, false, null, null);
        node.Sessions.Activate(pase);
        pase.AddAssociatedFabric(2);
        Assert.IsTrue(pase.IsPase);
        pase.RemoveAssociatedFabric();
        Assert.AreEqual(0, pase.FabricIndex);
        SecureSession session = node.AddSession(1, 7);
        session.RemoveAssociatedFabric();
        Assert.AreEqual(1, session.FabricIndex, "CASE keeps its fabric");
        Assert.IsFalse(session.IsPase);
    }
}
