using System;
using MatterNano;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Messaging;

/// <summary>Which messages reach whom, Core 4.10, and what happens when a pool is full.</summary>
[TestClass]
public class ExchangeTests
{
    [TestMethod]
    public void D17_SameExchangeIdOnTwoSessionsAndRoles_AreFourExchanges_4_10_3()
    {
        FakeClock clock = new FakeClock();
        TestNode b = new TestNode(clock, 2);
        TestNode a = new TestNode(clock, 1);
        SecureSession ba, bc;
        SecureSession ab = TestNode.Connect(a, b, out ba);
        SecureSession cb = TestNode.Connect(a, b, out bc);
        Raw(a, ab, PayloadHeader.Initiator, 1, 2, 77, b, 0);
        Exchange first = b.LastExchange;
        Raw(a, cb, PayloadHeader.Initiator, 1, 2, 77, b, 0);
        Exchange second = b.LastExchange;
        Assert.AreNotSame(first, second);
        Assert.AreEqual(2, b.Exchanges.OpenExchanges);
        Raw(a, ab, PayloadHeader.Initiator, 1, 9, 77, b, 0);
        Assert.AreSame(first, b.LastExchange);
        Raw(a, cb, PayloadHeader.Initiator, 1, 9, 77, b, 0);
        Assert.AreSame(second, b.LastExchange);
        Exchange own = b.Exchanges.Open(ba, ProtocolId.InteractionModel, b);
        Raw(a, ab, 0, 1, 9, own.Id, b, 0);
        Assert.AreSame(own, b.LastExchange);
        Raw(a, ab, PayloadHeader.Initiator, 1, 9, own.Id, b, 0);
        Assert.AreNotSame(own, b.LastExchange, "the same id with the other role");
    }

    [TestMethod]
    public void UnsolicitedMessage_StartsAnExchangeOnlyByTheRules_4_10_5_2()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Raw(a, session, PayloadHeader.Initiator, 1, 2, 1, b, 1);
        Raw(a, session, 0, 1, 5, 2, b, 1);
        Assert.AreEqual(1U, b.Counted(Counters.NoExchange), "not from an initiator");
        Raw(a, session, PayloadHeader.Initiator, 3, 5, 3, b, 1);
        Assert.AreEqual(1U, b.Counted(Counters.WrongProtocol), "unknown protocol");
        Raw(a, session, PayloadHeader.Initiator, 0, 0x30, 4, b, 1);
        Assert.AreEqual(2U, b.Counted(Counters.WrongProtocol), "CASE on a secure session");
        Assert.AreEqual(0, b.Sent.Count, "nobody asked for an acknowledgement");
        Raw(a, session, PayloadHeader.Initiator | PayloadHeader.Reliable, 3, 5, 5, b, 1);
        Raw(a, session, PayloadHeader.Reliable, 1, 5, 6, b, 1);
        Assert.AreEqual(2, b.Sent.Count, "asked for, so acknowledged");
        Assert.AreEqual(1, b.Exchanges.OpenExchanges);
        Assert.AreEqual(1, b.Messages);
    }

    [TestMethod]
    public void InteractionModelUnsecured_AndPakeWithoutRequest_AreRefused_4_10_5_2()
    {
        TestNode b = new TestNode(new FakeClock(), 2);
        Unsecured(b, 1, 100, 1, 2, PayloadHeader.Initiator | PayloadHeader.Reliable);
        Unsecured(b, 2, 100, 0, 0x22, PayloadHeader.Initiator | PayloadHeader.Reliable);
        Unsecured(b, 3, 100, 0, 0x40, PayloadHeader.Initiator);
        Assert.AreEqual(0, b.Messages);
        Assert.AreEqual(2, b.Sent.Count, "acknowledged and closed");
        Assert.AreEqual(0, b.Sessions.UsedUnsecureSessions);
        Assert.AreEqual(0, b.Exchanges.OpenExchanges);
    }

    [TestMethod]
    public void D14_StrangersMessage_LeavesNoSession_UnlessAdopted_4_13_2_2()
    {
        TestNode b = new TestNode(new FakeClock(), 2);
        for (int i = 1; i < 50; i++)
        {
            Unsecured(b, (ulong)i, 7, 0, 0x20, PayloadHeader.Initiator | PayloadHeader.Reliable);
            Assert.AreEqual(0, b.Sessions.UsedUnsecureSessions);
        }

        Assert.AreEqual(49, b.Messages);
        Assert.AreEqual(49, b.Sent.Count, "each acknowledged");
        for (int i = 1; i < 10; i++)
        {
            // What starts no exchange at all: Pake1 without request, an acknowledgement, an answer.
            Unsecured(b, (ulong)i, 7, 0, 0x22, PayloadHeader.Initiator | PayloadHeader.Reliable);
            Unsecured(b, (ulong)i + 100, 7, 0, 0x10, PayloadHeader.Initiator);
            Unsecured(b, (ulong)i + 200, 7, 0, 0x20, 0);
            Assert.AreEqual(0, b.Sessions.UsedUnsecureSessions);
        }

        Assert.AreEqual(49, b.Messages);
        b.Behaviour = TestNode.Adopt;
        Unsecured(b, 1000, 7, 0, 0x30, PayloadHeader.Initiator | PayloadHeader.Reliable);
        Assert.AreEqual(1, b.Sessions.UsedUnsecureSessions);
        b.LastExchange.Close();
        Assert.AreEqual(0, b.Sessions.UsedUnsecureSessions);
    }

    [TestMethod]
    public void UnsecuredMessageWithoutIdOrContext_IsDropped_4_13_2_2()
    {
        TestNode b = new TestNode(new FakeClock(), 2);
        byte[] none = Hex.Bytes("000000000a4ff2170520d36400001518");
        b.Exchanges.OnDatagram(none, 0, none.Length, b.Address);
        byte[] answer = Hex.Bytes("010000000a4ff2177ea0c8a7cb6a63520421d36400001518");
        b.Exchanges.OnDatagram(answer, 0, answer.Length, b.Address);
        Assert.AreEqual(2U, b.Counted(Counters.NoUnsecuredContext));
        Assert.AreEqual(0, b.Sent.Count);
        Assert.AreEqual(0, b.Messages);
    }

    [TestMethod]
    public void UnsecuredReply_HasDestinationAndNoSource_4_13_2_2()
    {
        TestNode b = new TestNode(new FakeClock(), 2);
        b.Behaviour = TestNode.Answer;
        Unsecured(b, 0x52636acba7c8a07eUL, 7, 0, 0x20, PayloadHeader.Initiator | PayloadHeader.Reliable);
        byte[] reply = b.LastSent.Bytes;
        Assert.AreEqual("01000000", Hex.Text(reply, 0, 4));
        Assert.AreEqual("7ea0c8a7cb6a6352", Hex.Text(reply, 8, 8));
        PayloadHeader payload = b.LastSent.UnsecuredPayload;
        Assert.AreEqual(PayloadHeader.Acknowledgement | PayloadHeader.Reliable, payload.Flags, "I is clear");
        Assert.AreEqual(7U, payload.AcknowledgedCounter);
    }

    [TestMethod]
    public void RequestThatCannotBeTaken_IsNotAcknowledged_AndIsTakenWhenItIsRepeated_4_12_2_2()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        SecureSession other;
        SecureSession second = TestNode.Connect(a, b, out other);
        Exchange[] held = new Exchange[ExchangeManager.MaxExchangesPerSession];
        for (int i = 0; i < held.Length; i++)
        {
            Raw(a, session, PayloadHeader.Initiator | PayloadHeader.Reliable, 1, 2, i, b, 1);
            held[i] = b.LastExchange;
        }

        Datagram sixth = RawDatagram(a, session, PayloadHeader.Initiator | PayloadHeader.Reliable, 1, 2, 99, b);
        b.Receive(sixth, a.Address);
        Assert.AreEqual(ExchangeManager.MaxExchangesPerSession, b.Messages, "a session's share");
        Raw(a, second, PayloadHeader.Initiator | PayloadHeader.Reliable, 1, 2, 1, b, 1);
        Datagram last = RawDatagram(a, second, PayloadHeader.Initiator | PayloadHeader.Reliable, 1, 2, 2, b);
        b.Receive(last, a.Address);
        Assert.AreEqual(Limits.Interactions, b.Messages, "the pool");
        Assert.AreEqual(2U, b.Counted(Counters.ExchangesFull));
        b.Receive(sixth, a.Address);
        b.Receive(last, a.Address);
        Assert.AreEqual(0, b.Sent.Count, "what is not taken is not acknowledged, however often it comes");
        Assert.AreEqual(0U, b.Counted(Counters.Duplicate));
        Assert.IsNull(b.Exchanges.Open(other, ProtocolId.InteractionModel, b));

        b.Behaviour = TestNode.Answer;
        held[0].Close();
        b.Sent.Clear();
        b.Receive(sixth, a.Address);
        Assert.AreEqual(0, b.Sent.Count, "the last one is left to who has nothing");
        held[1].Close();
        b.Sent.Clear();
        b.Receive(sixth, a.Address);
        Assert.AreEqual(1, b.Sent.Count, "answered");
        b.Receive(last, a.Address);
        Assert.AreEqual(2, b.Sent.Count, "the first left no exchange behind");
        b.Receive(last, a.Address);
        Assert.AreEqual(Limits.Interactions + 2, b.Messages, "once");
    }

    [TestMethod]
    public void HandlerWithoutRoom_LeavesNoTraceOfTheMessage_4_12_2_2()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        b.Behaviour = TestNode.Answer;
        b.IsFull = true;
        Datagram request = RawDatagram(a, session, PayloadHeader.Initiator | PayloadHeader.Reliable, 1, 2, 1, b);
        b.Receive(request, a.Address);
        Assert.AreEqual(0, b.Messages + b.Sent.Count + b.Exchanges.OpenExchanges);
        b.IsFull = false;
        b.Receive(request, a.Address);
        Assert.AreEqual(1, b.Sent.Count);
        Assert.AreEqual(1, b.Messages);
    }

    [TestMethod]
    public void TwentyRequestsAtOnce_AreAllAnswered_BeforeAnyIsAcknowledged()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        b.Behaviour = TestNode.Answer;
        for (int i = 0; i < 20; i++)
        {
            Raw(a, session, PayloadHeader.Initiator | PayloadHeader.Reliable, 1, 2, i, b, 1);
        }

        Assert.AreEqual(20, b.Sent.Count);
        Assert.AreEqual(20, b.Exchanges.WaitingMessages);
        Assert.AreEqual(0, b.Exchanges.OpenExchanges, "an answer that waits for its acknowledgement holds no exchange");
        Assert.AreEqual(20, b.Exchanges.CountExchanges(b.LastSession), "but its session is in use");
        for (int i = 0; i < 20; i++)
        {
            Datagram answer = (Datagram)b.Sent[i];
            byte[] data = new byte[80];
            int start = PayloadHeader.WriteBefore(data, 50, PayloadHeader.Acknowledgement | PayloadHeader.Initiator, 0x10, i, 0, answer.Counter);
            int total = session.Encode(data, start, 50 - start, out start);
            b.Receive(new Datagram(b.Address, data, start, total), a.Address);
            Assert.AreEqual(19 - i, b.Exchanges.WaitingMessages);
        }

        Assert.AreEqual(Limits.MessageBuffers, b.Exchanges.FreeBuffers);
    }

    [TestMethod]
    public void InteractionsFull_LeaveExchangesToHandshakes_StrangersFull_Sigma1GetsBusy_4_11_1_5()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        SecureSession other;
        SecureSession second = TestNode.Connect(a, b, out other);
        for (int i = 0; i < Limits.Interactions; i++)
        {
            Raw(a, i < Limits.Interactions - 1 ? session : second, PayloadHeader.Initiator, 1, 2, i, b, 1);
        }

        b.Behaviour = TestNode.Adopt;
        for (int i = 0; i < Limits.UnsecuredSessions; i++)
        {
            Unsecured(b, (ulong)i + 10, 7, 0, 0x30, PayloadHeader.Initiator);
        }

        Assert.AreEqual(Limits.Exchanges, b.Messages);
        Assert.AreEqual(0, b.Exchanges.FreeExchanges);
        Assert.AreEqual(Limits.Exchanges, b.Exchanges.ExchangesHighWater);
        Unsecured(b, 5, 100, 0, 0x20, PayloadHeader.Initiator | PayloadHeader.Reliable);
        Assert.AreEqual(0, b.Sent.Count, "PASE: silence");
        Unsecured(b, 5, 101, 0, 0x30, PayloadHeader.Initiator | PayloadHeader.Reliable);
        Assert.AreEqual(1, b.Sent.Count);
        byte[] busy = b.LastSent.Bytes;
        PayloadHeader payload = b.LastSent.UnsecuredPayload;
        Assert.AreEqual(0x40, payload.Opcode);
        Assert.AreEqual(PayloadHeader.Acknowledgement, payload.Flags);
        Assert.AreEqual(101U, payload.AcknowledgedCounter);
        Assert.AreEqual("0800000000000400", Hex.Text(busy, 26, 8));
        int wait = ByteOrder.ReadUInt16(busy, 34);
        Assert.IsTrue(wait >= 1000 && wait < 1256);
        Assert.AreEqual(36, busy.Length);
        Assert.AreEqual(1U, b.Counted(Counters.Busy));
        Assert.AreEqual(Limits.UnsecuredSessions, b.Sessions.UsedUnsecureSessions);
    }

    [TestMethod]
    public void PeerThatLetsExchangesWait_GivesThemUpToOneThatHasNone()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        SecureSession otherTwo, otherThree;
        TestNode c = new TestNode(a.Clock, 3);
        TestNode d = new TestNode(a.Clock, 4);
        c.Fabrics.FirstNodeId = 0xe0000000;
        d.Fabrics.FirstNodeId = 0xf0000000;
        SecureSession two = TestNode.Connect(c, b, out otherTwo);
        SecureSession three = TestNode.Connect(d, b, out otherThree);
        b.Behaviour = TestNode.AnswerAndWait;
        for (int i = 0; i < Limits.Interactions; i++)
        {
            Raw(i < Limits.Interactions - 1 ? a : c, i < Limits.Interactions - 1 ? session : two, PayloadHeader.Initiator | PayloadHeader.Reliable, 1, 2, i, b, 1);
        }

        Datagram late = RawDatagram(d, three, PayloadHeader.Initiator | PayloadHeader.Reliable, 1, 2, 9, b);
        b.Receive(late, d.Address);
        Assert.AreEqual(Limits.Interactions, b.Messages, "nobody has waited long");
        b.Clock.Now += ExchangeManager.StaleAfter;
        b.Receive(late, d.Address);
        Assert.AreEqual(Limits.Interactions + 1, b.Messages);
        Assert.AreEqual(1, b.EndReasons.Count);
        Assert.AreEqual(ExchangeEnd.Reclaimed, (int)b.EndReasons[0]);
        Assert.AreEqual(Limits.Interactions - 2, b.Exchanges.CountExchanges(b.Sessions.GetSession(session.PeerSessionId)), "of who has most");
        Assert.AreEqual(1, b.Exchanges.CountExchanges(otherTwo));
    }

    [TestMethod]
    public void LingeringAnswersToStrangers_GiveWay_SoThatNobodyFillsATable()
    {
        TestNode b = new TestNode(new FakeClock(), 2);
        b.Behaviour = TestNode.Answer;
        for (int i = 1; i <= 30; i++)
        {
            b.Clock.Now++;
            Unsecured(b, (ulong)i, 7, 0, 0x30, PayloadHeader.Initiator | PayloadHeader.Reliable);
        }

        Assert.AreEqual(30, b.Messages, "every stranger is heard");
        Assert.AreEqual(Limits.UnsecuredSessions, b.Sessions.UsedUnsecureSessions);
        Assert.AreEqual(30, b.EndReasons.Count);
        Assert.AreEqual(0, b.Exchanges.OpenExchanges);
        b.Advance(60000);
        for (int i = 0; i < 10; i++)
        {
            b.Advance(60000);
        }

        Assert.AreEqual(0, b.Sessions.UsedUnsecureSessions);
        Assert.AreEqual(0, b.Exchanges.OpenExchanges);
    }

    [TestMethod]
    public void UnsecuredSessionsFull_Sigma1GetsBusy()
    {
        TestNode b = new TestNode(new FakeClock(), 2);
        b.Behaviour = TestNode.Adopt;
        for (int i = 1; i <= Limits.UnsecuredSessions; i++)
        {
            Unsecured(b, (ulong)i, 7, 0, 0x30, PayloadHeader.Initiator);
        }

        Unsecured(b, 99, 7, 0, 0x30, PayloadHeader.Initiator);
        Assert.AreEqual(Limits.UnsecuredSessions, b.Messages);
        Assert.AreEqual(1, b.Sent.Count);
        Assert.AreEqual(1U, b.Counted(Counters.UnsecuredFull));
        Assert.AreEqual(0, b.LastSent.UnsecuredPayload.Flags & PayloadHeader.Acknowledgement, "nobody asked");
    }

    [TestMethod]
    public void LongDatagram_ControlPrivacyAndUnknownHandle_AreDroppedSilently_4_4_4()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        byte[] large = new byte[1281];
        b.Exchanges.OnDatagram(large, 0, 1281, a.Address);
        Assert.AreEqual(1U, b.Counted(Counters.TooLong));
        b.Exchanges.OnDatagram(large, 0, 7, a.Address);
        Assert.AreEqual(1U, b.Counted(Counters.Malformed));
        a.Request(session);
        Datagram sent = a.LastSent;
        sent.Bytes[3] = 0x80;
        b.Receive(sent, a.Address);
        sent.Bytes[3] = 0x40;
        b.Receive(sent, a.Address);
        Assert.AreEqual(2U, b.Counted(Counters.Unsupported));
        sent.Bytes[3] = 0;
        int handle = ByteOrder.ReadUInt16(sent.Bytes, 1);
        ByteOrder.WriteUInt16(sent.Bytes, 1, (uint)(handle + 1));
        b.Receive(sent, a.Address);
        Assert.AreEqual(1U, b.Counted(Counters.UnknownSession));
        sent.Bytes[3] = 2;
        b.Receive(sent, a.Address);
        Assert.AreEqual(2U, b.Counted(Counters.Malformed), "reserved session type");
        Assert.AreEqual(0, b.Sent.Count);
        Assert.AreEqual(0, b.Messages);
        sent.Bytes[3] = 0;
        ByteOrder.WriteUInt16(sent.Bytes, 1, (uint)handle);
        b.Receive(sent, a.Address);
        Assert.AreEqual(1, b.Messages, "what was tried on it did it no harm");
    }

    [TestMethod]
    public void LargestDatagram_Is1280In_1232Out_4_4_4()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Exchange exchange = a.Exchanges.Open(session, ProtocolId.InteractionModel, a);
        MessageBuffer message = exchange.BeginMessage();
        Assert.AreEqual(MessageBuffer.MaxPayload, message.PayloadLimit - message.PayloadOffset);
        Assert.IsTrue(exchange.Send(message, 5, MessageBuffer.MaxPayload, SendFlags.Reliable));
        Assert.IsTrue(a.LastSent.Bytes.Length <= 1232);
        a.DeliverTo(b);
        Assert.AreEqual(MessageBuffer.MaxPayload, b.LastPayload.Length);
        byte[] buffer = new byte[1400];
        int start = PayloadHeader.WriteBefore(buffer, 50, PayloadHeader.Initiator, 2, 9, 1, 0);
        int length = session.Encode(buffer, start, 1280 - 8 - 16, out start);
        Assert.AreEqual(1280, length);
        b.Exchanges.OnDatagram(buffer, start, length, a.Address);
        Assert.AreEqual(1280 - 8 - 16 - 6, b.LastPayload.Length);
    }

    [TestMethod]
    public void D6_ReceivedCloseSession_FreesTheSlotAndItsExchangesAtOnce_4_11_1_4()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        for (int i = 0; i < 10; i++)
        {
            SecureSession other = b.Sessions.GetSession(session.PeerSessionId);
            a.EndReasons.Clear();
            b.EndReasons.Clear();
            a.Request(session);
            a.DeliverTo(b);
            Assert.AreEqual(1, b.Exchanges.OpenExchanges);
            session.Close(false);
            Assert.AreEqual(ExchangeEnd.SessionClosed, (int)a.EndReasons[0]);
            Assert.AreEqual(1, a.Sent.Count);
            a.DeliverTo(b);
            Assert.AreEqual(0, b.Sessions.UsedSecureSessions);
            Assert.AreEqual(0, b.Exchanges.OpenExchanges);
            Assert.AreEqual(SessionState.Free, other.State);
            Assert.AreEqual(ExchangeEnd.SessionClosed, (int)b.EndReasons[0]);
            Assert.AreEqual(i + 1, b.Closed);
            Assert.AreEqual(0, b.Sent.Count, "a close is not answered");
            Assert.AreEqual((uint)(i + 1), b.Counted(Counters.CloseReceived));
            session = TestNode.Connect(a, b, out other);
        }
    }

    [TestMethod]
    public void CloseSession_OnAnOpenExchangeOrAnotherReport_IsNoClose_4_11_1_4()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        byte[] report = new byte[8];
        for (int code = 0; code < 5; code++)
        {
            report[0] = (byte)(code == 3 ? 1 : 0);
            report[6] = (byte)code;
            RawPayload(a, session, PayloadHeader.Initiator, 0, 0x40, 10 + code, b, report, 8);
        }

        report[0] = 0;
        report[6] = 3;
        RawPayload(a, session, PayloadHeader.Initiator, 0, 0x40, 20, b, report, 7);
        RawPayload(a, session, 0, 0, 0x40, 21, b, report, 8);
        Raw(a, session, PayloadHeader.Initiator, 1, 2, 22, b, 1);
        RawPayload(a, session, PayloadHeader.Initiator, 0, 0x40, 22, b, report, 8);
        Assert.AreEqual(1, b.Sessions.UsedSecureSessions);
        RawPayload(a, session, PayloadHeader.Initiator, 0, 0x40, 23, b, report, 8);
        Assert.AreEqual(0, b.Sessions.UsedSecureSessions);
    }

    [TestMethod]
    public void RecordedCloseSession_ClosesItsSession_4_11_1_4()
    {
        TestNode b = new TestNode(new FakeClock(), 2);
        b.Sessions.NextId = 50621;
        int id = b.Sessions.GetNextAvailableSessionId();
        byte[] keys = new byte[48];
        Array.Copy(Hex.Bytes("412a238b0e1ef90f38c65e56d76e925f"), 0, keys, 0, 16);
        SecureSession session = b.Sessions.CreateSecureSessionWithKeys(id, 1, 0xb32deeaa68d17c4eUL, 15888, keys, 0, false, false, null, null);
        b.Sessions.Activate(session);
        byte[] message = Hex.Bytes("05bdc500f8c5be0b4e7cd168aaee2db301000000000000007af29cfbdce89c3186746abaa9b7902a3eef96614be8cbb245abf223732a");
        b.Exchanges.OnDatagram(message, 0, message.Length, b.Address);
        Assert.AreEqual(0, b.Sessions.UsedSecureSessions);
        Assert.AreEqual(1, b.Closed);
    }

    [TestMethod]
    public void OwnExchange_OnAGivenSession_4_10_3()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Exchange first = a.Exchanges.Open(session, ProtocolId.InteractionModel, a);
        Exchange second = a.Exchanges.Open(session, ProtocolId.InteractionModel, a);
        Assert.AreNotEqual(first.Id, second.Id);
        Assert.AreSame(session, first.Session);
        Assert.IsTrue(first.IsInitiator);
        first.Close();
        second.Close();
        first.Close();
        Assert.AreEqual(2, a.EndReasons.Count, "each ends once");
        Assert.IsNull(first.Session);
        Assert.IsNull(first.BeginMessage());
        session.End(false);
        Assert.IsNull(a.Exchanges.Open(session, ProtocolId.InteractionModel, a));
        Assert.IsNull(a.Exchanges.Open(null, ProtocolId.InteractionModel, a));
    }

    [TestMethod]
    public void BuffersFull_BeginMessageIsNull_AndBrokenPromisesThrow()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Exchange exchange = a.Exchanges.Open(session, ProtocolId.InteractionModel, a);
        MessageBuffer[] taken = new MessageBuffer[Limits.LargeMessageBuffers - 1];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = exchange.BeginMessage();
            Assert.IsNotNull(taken[i]);
        }

        Assert.IsNull(exchange.BeginMessage(), "the last is for what peers ask");
        Assert.AreEqual(1U, a.Counted(Counters.NoBuffer));
        for (int i = 1; i < taken.Length; i++)
        {
            exchange.Cancel(taken[i]);
        }

        Assert.ThrowsException(typeof(ArgumentException), () => exchange.Send(taken[1], 1, 0, 0));
        Assert.ThrowsException(typeof(ArgumentException), () => exchange.Send(null, 1, 0, 0));
        Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => exchange.Send(taken[0], 1, MessageBuffer.MaxPayload + 1, 0));
        Assert.AreEqual(Limits.MessageBuffers, a.Exchanges.FreeBuffers);
    }

    [TestMethod]
    public void MessagesWaitTogether_InOneBuffer_AndAreSentAgainByteForByte_4_12()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        Exchange[] exchanges = new Exchange[Limits.Interactions];
        byte[][] first = new byte[exchanges.Length][];
        for (int i = 0; i < exchanges.Length; i++)
        {
            exchanges[i] = a.Request(session);
            first[i] = a.LastSent.Bytes;
        }

        Assert.AreEqual(exchanges.Length, a.Exchanges.WaitingMessages);
        Assert.IsTrue(Limits.MessageBuffers - a.Exchanges.FreeBuffers <= 2, "of all buffers these need two");

        // One that is acknowledged leaves no hole, and takes nothing of the others with it.
        exchanges[1].AssumeAcknowledged();
        a.Sent.Clear();
        a.Advance(500);
        Assert.AreEqual(exchanges.Length - 1, a.Sent.Count);
        for (int i = 0; i < exchanges.Length; i++)
        {
            bool found = false;
            for (int j = 0; j < a.Sent.Count; j++)
            {
                byte[] again = ((Datagram)a.Sent[j]).Bytes;
                found |= Hex.Text(again, 0, again.Length) == Hex.Text(first[i], 0, first[i].Length);
            }

            Assert.AreEqual(i != 1, found);
        }

        a.DeliverTo(b);
        TestNode.Settle(a, b);
        a.Advance(200);
        b.Advance(200);
        TestNode.Settle(a, b);
        Assert.AreEqual(Limits.MessageBuffers, a.Exchanges.FreeBuffers);
    }

    [TestMethod]
    public void WhoHoldsBuffers_LeavesOneToOthers_AndGivesUpWhatHasWaitedTooLong()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        SecureSession own = b.Sessions.GetSession(session.PeerSessionId);
        SecureSession guest = b.AddSession(2, 0xc0000009);
        b.Behaviour = TestNode.AnswerLong;
        int taken = 0;
        for (int i = 0; i < 8; i++)
        {
            if (b.Exchanges.HasRoom(own, true))
            {
                taken++;
                Raw(a, session, PayloadHeader.Initiator | PayloadHeader.Reliable, 1, 2, i, b, 1);
            }
        }

        Assert.AreEqual(Limits.LargeMessageBuffers - 1, taken, "nobody acknowledges");
        Assert.IsTrue(b.Exchanges.HasRoom(guest, true), "the last is for others");
        MessageBuffer last = b.Exchanges.TakeBuffer(true);
        Assert.IsNotNull(last);
        Assert.IsFalse(b.Exchanges.HasRoom(guest, true));
        b.Clock.Now += MessageBufferPool.StaleAfter;
        Assert.IsTrue(b.Exchanges.HasRoom(guest, true), "what has waited a second gives way");
        Assert.AreEqual(taken - 1, b.Exchanges.WaitingMessages);
        b.Exchanges.ReleaseBuffer(last);
    }

    [TestMethod]
    public void D12_ForgedDatagram_DoesNotMoveTheWindowNorTheAddress_4_6_5()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        SecureSession other = b.Sessions.GetSession(session.PeerSessionId);
        a.Request(session);
        Datagram real = a.LastSent;
        Datagram forged = new Datagram(real.To, real.Bytes, 0, real.Bytes.Length);
        ByteOrder.WriteUInt32(forged.Bytes, 4, 0xfffffff0);
        uint before = other.MessageReceptionState;
        long active = other.ActiveTimestamp;
        b.Clock.Now += 10;
        NetworkAddress stranger = new NetworkAddress();
        stranger.SetIPv4(203, 0, 113, 1, 1);
        b.Receive(forged, stranger);
        Assert.AreEqual(before, other.MessageReceptionState);
        Assert.AreEqual(active, other.ActiveTimestamp);
        Assert.AreEqual(1U, b.Counted(Counters.DecryptFailed));
        b.Receive(real, a.Address);
        Assert.AreEqual(1, b.Messages);
        NetworkAddress address = new NetworkAddress();
        b.Receive(real, stranger);
        other.GetAddress(address);
        Assert.IsTrue(address.Matches(a.Address), "a replay does not redirect the session");
        a.Sent.Clear();
        a.Request(session);
        b.Receive(a.LastSent, stranger);
        other.GetAddress(address);
        Assert.IsTrue(address.Matches(stranger), "a new authentic message does");

        // One that was on its way when the peer moved must not take the session back.
        a.Sent.Clear();
        a.Request(session);
        Datagram late = a.LastSent;
        a.Request(session);
        b.Receive(a.LastSent, stranger);
        b.Receive(late, a.Address);
        other.GetAddress(address);
        Assert.IsTrue(address.Matches(stranger), "an older one does not");
        Assert.AreEqual(4, b.Messages, "but is heard");
    }

    [TestMethod]
    public void MalformedProtocolHeader_InsideAnAuthenticMessage_IsCounted_4_4_3()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        byte[] data = new byte[80];
        int start;
        for (int length = 0; length < 6; length++)
        {
            int total = session.Encode(data, 40, length, out start);
            b.Exchanges.OnDatagram(data, start, total, a.Address);
        }

        Assert.AreEqual(6U, b.Counted(Counters.Malformed));
        Assert.AreEqual(0, b.Messages);
    }

    [TestMethod]
    public void InitiatorThatNamesNodeIdZero_IsHeard_OneAddressAtATime_4_13_2_2()
    {
        TestNode b = new TestNode(new FakeClock(), 2);
        b.Behaviour = TestNode.Answer;
        Unsecured(b, 0, 100, 0, 0x20, PayloadHeader.Initiator | PayloadHeader.Reliable);
        Assert.AreEqual(1, b.Messages);
        byte[] answer = b.LastSent.Bytes;
        Assert.AreEqual("01000000", Hex.Text(answer, 0, 4), "to a node");
        Assert.AreEqual("0000000000000000", Hex.Text(answer, 8, 8), "of id 0");

        // What only waits for its acknowledgement gives way to somebody elsewhere; what runs does not.
        b.Behaviour = TestNode.Adopt;
        Unsecured(b, 0, 7, 0, 0x30, PayloadHeader.Initiator | PayloadHeader.Reliable, 9001);
        Assert.AreEqual(2, b.Messages);
        Assert.AreEqual(1, b.Sessions.UsedUnsecureSessions);
        b.Sent.Clear();
        Unsecured(b, 0, 200, 0, 0x30, PayloadHeader.Initiator | PayloadHeader.Reliable, 9002);
        Assert.AreEqual(2, b.Messages);
        Assert.AreEqual(1U, b.Counted(Counters.UnsecuredFull));
        Assert.AreEqual(1U, b.Counted(Counters.Busy));
        Unsecured(b, 0, 8, 0, 0x32, PayloadHeader.Initiator | PayloadHeader.Reliable, 9001);
        Assert.AreEqual(3, b.Messages, "goes on");
    }

    [TestMethod]
    public void WhatIsDroppedBeforeASessionIsKnown_IsCountedAndToldAtDebugLevel()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        byte[] data = new byte[1400];
        int[] counters = new int[] { Counters.TooLong, Counters.Malformed, Counters.Unsupported, Counters.UnknownSession, Counters.NoUnsecuredContext, Counters.DecryptFailed };
        string[] why = new string[] { "longer", "header", "privacy", "session 9", "unsecured", "integrity" };
        for (int i = 0; i < counters.Length; i++)
        {
            int length = i == 0 ? 1281 : i == 1 ? 7 : 60;
            data[1] = (byte)(i == 3 ? 9 : i == 5 ? session.PeerSessionId : 0);
            data[2] = (byte)(i == 5 ? session.PeerSessionId >> 8 : 0);
            data[3] = (byte)(i == 2 ? MessageHeader.Privacy : 0);
            int lines = b.Log.Lines;
            b.Exchanges.OnDatagram(data, 0, length, a.Address);
            Assert.AreEqual(1U, b.Counted(counters[i]), why[i]);
            Assert.AreEqual(lines + 1, b.Log.Lines, why[i]);
            Assert.AreEqual((int)LogLevel.Debug, b.Log.LastLevel);
            Assert.IsTrue(b.Log.Last.IndexOf(why[i]) >= 0, b.Log.Last);
        }
    }

    [TestMethod]
    public void FirstValidMessage_MakesAnEstablishingSessionActive_4_14()
    {
        TestNode a, b;
        SecureSession session = Connect(out a, out b);
        int id = b.Sessions.GetNextAvailableSessionId();
        byte[] keys = new byte[48];
        SecureSession fresh = b.Sessions.CreateSecureSessionWithKeys(id, 1, 0xd0000001UL, 5, keys, 0, false, false, null, null);
        int aId = a.Sessions.GetNextAvailableSessionId();
        SecureSession mine = a.Sessions.CreateSecureSessionWithKeys(aId, 1, 0xd0000001UL, id, keys, 0, true, false, null, null);
        mine.SetAddress(b.Address);
        a.Sessions.Activate(mine);
        int opened = b.Opened;
        Assert.IsNull(b.Exchanges.Open(fresh, ProtocolId.InteractionModel, b), "not yet usable");
        a.Request(mine);
        a.DeliverTo(b);
        Assert.AreEqual(SessionState.Active, fresh.State);
        Assert.AreEqual(opened + 1, b.Opened);
        Assert.AreEqual(1, b.Messages);
        Assert.AreEqual(SessionState.Active, session.State);
    }

    [TestMethod]
    public void GroupMessage_IsDeliveredOnceAndNeverAnswered_4_9()
    {
        TestNode b = new TestNode(new FakeClock(), 2);
        FakeGroupKeys keys = new FakeGroupKeys();
        b.Exchanges.Register(0x40, b);
        byte[] recorded = Hex.Bytes("067ddb81d926afce24c8a0981bdd44f4e7302b2f915a66c9596290ebe4408217b3c0c921a2fca4e1");
        Group(b, recorded);
        Assert.AreEqual(1U, b.Counted(Counters.GroupNoKey), "no keys installed");
        b.Sessions.SetGroupKeys(keys);
        Assert.IsNull(b.Sessions.FindGroupSession(3, 56189));
        Assert.IsNotNull(b.Sessions.FindGroupSession(2, 56189));

        // The recorded message is of a test protocol: authentic, but nobody's.
        Group(b, recorded);
        Assert.AreEqual(1U, b.Counted(Counters.WrongProtocol));
        Group(b, recorded);
        Assert.AreEqual(1U, b.Counted(Counters.Duplicate));

        b.Behaviour = TestNode.Answer;
        byte[] message = GroupInvoke(0, 305419898, 2, 1);
        Group(b, message);
        Assert.AreEqual(1, b.Messages);
        Assert.AreEqual(0, b.Sent.Count, "never answered");
        Assert.IsTrue(b.LastSession.IsGroup);
        Assert.AreEqual(0, b.Exchanges.OpenExchanges);
        Group(b, message);
        Assert.AreEqual(1, b.Messages, "a duplicate");
        Group(b, GroupInvoke(0, 305419899, 4, 1));
        Assert.AreEqual(1, b.Messages, "a group that is not mapped");
        Group(b, GroupInvoke(0, 305419900, 2, 0));
        Assert.AreEqual(1, b.Messages, "no source node");
        message = GroupInvoke(0, 305419901, 2, 1);
        message[20] ^= 1;
        Group(b, message);
        Assert.AreEqual(1, b.Messages, "a wrong integrity code");
        Group(b, GroupInvoke(0, 305419901, 2, 1));
        Assert.AreEqual(2, b.Messages, "which did not move the window");
        b.CheckPools();
        Assert.AreEqual(Limits.MessageBuffers, b.Exchanges.FreeBuffers);
    }

    private static void Group(TestNode node, byte[] message)
    {
        byte[] copy = new byte[message.Length];
        Array.Copy(message, copy, copy.Length);
        node.Exchanges.OnDatagram(copy, 0, copy.Length, node.Address);
    }

    private static byte[] GroupInvoke(int skip, uint counter, int groupId, ulong source)
    {
        MessageCodec codec = new MessageCodec(new MatterNano.Crypto.SymmetricCrypto());
        byte[] data = new byte[80];
        int at = PayloadHeader.WriteBefore(data, 40, PayloadHeader.Initiator, 8, 1, 1, 0);
        int start;
        int length = codec.EncryptGroup(FakeGroupKeys.Second, 0, null, 0, 56189, counter, source, groupId, data, at, 40 - at, out start);
        byte[] message = new byte[length];
        Array.Copy(data, start, message, 0, length);
        if (source == 0)
        {
            message[0] &= 0xfb;
        }

        return message;
    }

    private static SecureSession Connect(out TestNode a, out TestNode b)
    {
        FakeClock clock = new FakeClock();
        a = new TestNode(clock, 1);
        b = new TestNode(clock, 2);
        SecureSession other;
        return TestNode.Connect(a, b, out other);
    }

    private static void Raw(TestNode from, SecureSession session, int flags, int protocol, int opcode, int exchangeId, TestNode to, int payload)
    {
        RawPayload(from, session, flags, protocol, opcode, exchangeId, to, new byte[8], payload);
    }

    private static void RawPayload(TestNode from, SecureSession session, int flags, int protocol, int opcode, int exchangeId, TestNode to, byte[] payload, int length)
    {
        byte[] data = new byte[100];
        Array.Copy(payload, 0, data, 50, length);
        int start = PayloadHeader.WriteBefore(data, 50, flags, opcode, exchangeId, protocol, 0);
        int total = session.Encode(data, start, 50 - start + length, out start);
        to.Receive(new Datagram(to.Address, data, start, total), from.Address);
    }

    private static Datagram RawDatagram(TestNode from, SecureSession session, int flags, int protocol, int opcode, int exchangeId, TestNode to)
    {
        byte[] data = new byte[100];
        int start = PayloadHeader.WriteBefore(data, 50, flags, opcode, exchangeId, protocol, 0);
        int total = session.Encode(data, start, 50 - start + 1, out start);
        return new Datagram(to.Address, data, start, total);
    }

    private static void Unsecured(TestNode to, ulong source, uint counter, int protocol, int opcode, int flags, int port = 9000)
    {
        byte[] data = new byte[60];
        int start = PayloadHeader.WriteBefore(data, 50, flags, opcode, 33, protocol, 0);
        int total = to.Sessions.Codec.FrameUnsecured(true, source, counter, data, start, 51 - start, out start);
        NetworkAddress from = new NetworkAddress();
        from.SetIPv4(192, 0, 2, 77, port);
        to.Receive(new Datagram(to.Address, data, start, total), from);
    }
}
