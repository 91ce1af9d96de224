using MatterNano;
using MatterNano.Messaging;
using MatterNano.Sessions;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Sessions;

/// <summary>Who gives way in a full table. The tables are the situations of connectedhomeip's TestSecureSessionTable, as facts.</summary>
[TestClass]
public class EvictionTests
{
    private const int A = 0;
    private const int Defunct = 1;
    private const int Establishing = 2;

    // Peer, fabric, last activity, state.
    private static int[] OneFabricFull
    {
        get { return new int[] { 2, 1, 9, A, 2, 1, 3, A, 2, 1, 2, A, 2, 1, 7, A, 2, 1, 1, A, 2, 1, 2, A }; }
    }

    private static int[] TiedFabrics
    {
        get { return new int[] { 1, 1, 9, A, 1, 2, 3, A, 2, 1, 2, A, 3, 1, 7, A, 3, 2, 1, A, 4, 2, 2, A }; }
    }

    [TestMethod]
    public void OneFabricFull_OldestGoes()
    {
        Victim(4, 2, 1, OneFabricFull);
    }

    [TestMethod]
    public void HintOfAnAbsentFabric_ChangesNothing()
    {
        Victim(4, 2, 2, OneFabricFull);
    }

    [TestMethod]
    public void OverShareFabric_LosesItsMostFrequentPeersOldest()
    {
        Victim(1, 2, 1, new int[] { 2, 1, 9, A, 2, 2, 3, A, 1, 1, 2, A, 2, 2, 7, A, 3, 2, 1, A, 4, 2, 2, A });
    }

    [TestMethod]
    public void EstablishingCandidate_IsPassedOver()
    {
        Victim(3, 2, 1, new int[] { 2, 1, 9, A, 2, 2, 3, Establishing, 1, 1, 2, A, 2, 2, 7, A, 3, 2, 1, A, 4, 2, 2, A });
    }

    [TestMethod]
    public void OverShareFabric_WithOneSessionAPeer_LosesItsOldest()
    {
        Victim(4, 2, 1, new int[] { 2, 1, 9, A, 1, 2, 3, A, 1, 1, 2, A, 2, 2, 7, A, 3, 2, 1, A, 4, 2, 2, A });
    }

    [TestMethod]
    public void TiedFabrics_HintsFabric_MostFrequentPeer()
    {
        Victim(2, 3, 1, new int[] { 2, 1, 9, A, 1, 2, 3, A, 2, 1, 2, A, 3, 1, 7, A, 3, 2, 1, A, 4, 2, 2, A });
    }

    [TestMethod]
    public void TiedPeers_AllDefunct_HintedPeerGoes()
    {
        Victim(3, 3, 1, new int[] { 1, 1, 9, 1, 1, 2, 3, 1, 2, 1, 2, 1, 3, 1, 7, 1, 3, 2, 1, 1, 4, 2, 2, 1 });
    }

    [TestMethod]
    public void TiedPeers_TwoSessionsEach_OlderOfTheHintedPeerGoes()
    {
        Victim(3, 3, 1, new int[]
        {
            1, 1, 9, A, 1, 2, 3, A, 2, 1, 2, A, 3, 1, 7, A, 3, 2, 1, A, 4, 2, 2, A,
            1, 1, 10, A, 1, 2, 4, A, 2, 1, 3, A, 3, 1, 8, A, 3, 2, 2, A, 4, 2, 3, A,
        });
    }

    [TestMethod]
    public void HintedPeersOnlyActiveSession_IsSpared()
    {
        Victim(2, 3, 1, TiedFabrics);
    }

    [TestMethod]
    public void DefunctOne_GoesBeforeAnOlderActiveOne()
    {
        int[] table = TiedFabrics;
        table[3] = Defunct;
        Victim(0, 3, 1, table);
    }

    [TestMethod]
    public void HintOfFabricOnly_OldestOfThatFabricGoes()
    {
        Victim(2, 4, 1, TiedFabrics);
    }

    [TestMethod]
    public void NoMatch_OldestOfAllGoes()
    {
        Victim(4, 4, 3, TiedFabrics);
    }

    [TestMethod]
    public void NoMatch_OldestIsEstablishing_NextOldestGoes()
    {
        Victim(5, 4, 3, new int[] { 1, 1, 9, A, 1, 2, 3, A, 2, 1, 3, A, 3, 1, 7, A, 3, 2, 1, Establishing, 4, 2, 2, A });
    }

    [TestMethod]
    public void D8_FindOldestInactiveSession_IsTheFirstVictim_NullWhenNoneIs()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Assert.IsNull(node.Sessions.FindOldestInactiveSession());
        SecureSession pase = node.Sessions.CreateSecureSessionWithKeys(node.Sessions.GetNextPaseSessionId(), 0, 0, 9, new byte[48], 0, false, false, null, null);
        node.Sessions.Activate(pase);
        node.Sessions.GetNextAvailableSessionId();
        Assert.IsNull(node.Sessions.FindOldestInactiveSession(), "PASE and reserved slots are no victims");
        SecureSession first = node.AddSession(1, 7);
        Assert.IsNull(node.Sessions.FindOldestInactiveSession(), "nor is an older PASE session, nor the newest");
        node.Clock.Now++;
        SecureSession second = node.AddSession(1, 8);
        Assert.AreSame(first, node.Sessions.FindOldestInactiveSession());
        node.Clock.Now++;
        first.NotifyActivity(true);
        Assert.AreSame(first, node.Sessions.FindOldestInactiveSession(), "the other was just established");
        node.AddSession(1, 9);
        Assert.AreSame(second, node.Sessions.FindOldestInactiveSession());
    }

    [TestMethod]
    public void OpenExchange_IsSparedWhileTheFabricHasAnotherSession()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession first = node.AddSession(1, 7);
        node.Clock.Now++;
        SecureSession second = node.AddSession(1, 8);
        node.Clock.Now++;
        node.AddSession(1, 9);
        Exchange exchange = node.Exchanges.Open(first, ProtocolId.InteractionModel, node);
        Assert.AreSame(second, node.Sessions.FindOldestInactiveSession());
        node.Exchanges.Open(second, ProtocolId.InteractionModel, node);
        Assert.AreSame(first, node.Sessions.FindOldestInactiveSession(), "no other choice");
        exchange.Close();
        Assert.AreSame(first, node.Sessions.FindOldestInactiveSession());
    }

    [TestMethod]
    public void Victim_GetsOneCloseSession_ItsExchangesEnd_ItsSubscriptionsMoveOrEnd()
    {
        FakeClock clock = new FakeClock();
        TestNode a = new TestNode(clock, 1);
        TestNode b = new TestNode(clock, 2);
        SecureSession other;
        SecureSession victim = TestNode.Connect(a, b, out other);
        a.Request(victim);
        SecureSession heir = null;
        for (int i = 0; i < 3; i++)
        {
            clock.Now++;
            heir = a.AddSession(1, victim.PeerNodeId);
            a.Exchanges.Open(heir, ProtocolId.InteractionModel, a);
        }

        for (int i = 0; i < 12; i++)
        {
            a.AddSession(2 + i % 4, (ulong)(50 + i));
        }

        FakeSubscription subscription = FakeSubscription.Give(a.Sessions)[0];
        Assert.IsTrue(victim.AddSubscription(subscription));
        a.Sent.Clear();
        Assert.AreEqual(0U, a.Counted(Counters.Evicted));
        a.AddSession(2, 99);
        Assert.AreEqual(1U, a.Counted(Counters.Evicted));
        Assert.AreEqual(1, a.Closed);
        Assert.AreSame(victim, a.LastClosed);
        Assert.AreEqual(1, a.EndReasons.Count);
        Assert.AreEqual(ExchangeEnd.SessionClosed, (int)a.EndReasons[0]);
        Assert.AreEqual(1, a.Sent.Count);
        a.DeliverTo(b);
        Assert.AreEqual(0, b.Sessions.UsedSecureSessions, "the peer was told");
        Assert.AreEqual(0, subscription.Cancelled);
        Assert.AreSame(heir, subscription.Session);
        a.Sessions.RemoveAllSessionsForNode(1, heir.PeerNodeId);
        Assert.AreEqual(1, subscription.Cancelled, "the peer has no session left");
    }

    [TestMethod]
    public void EveryFabricKeepsItsThree_WhateverOneControllerForgets_4_14_2_8()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        for (int i = 0; i < 12; i++)
        {
            node.Clock.Now++;
            node.AddSession(1, 7);
        }

        for (int fabric = 2; fabric <= 5; fabric++)
        {
            for (int peer = 0; peer < 3; peer++)
            {
                node.Clock.Now++;
                node.AddSession(fabric, (ulong)(20 + peer));
            }
        }

        for (int i = 0; i < 12; i++)
        {
            node.Clock.Now++;
            node.AddSession(1, 7);
        }

        for (int fabric = 2; fabric <= 5; fabric++)
        {
            for (int peer = 0; peer < 3; peer++)
            {
                Assert.IsNotNull(node.Sessions.GetSessionForNode(fabric, (ulong)(20 + peer)), "fabric " + fabric);
            }
        }

        Assert.AreEqual(Limits.SecureSessions - 1, node.Sessions.UsedSecureSessions);
        Assert.AreEqual(1, node.Sessions.FreeSecureSessions, "for PASE");
    }

    [TestMethod]
    public void SlotReservedForTheNextHandshake_IsThereAtOnce_AndTheNewcomerStays()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        int reserved = node.Sessions.GetNextAvailableSessionId();
        for (int i = 0; i < 40; i++)
        {
            ulong peer = (ulong)(100 + i);
            SecureSession session = node.Sessions.CreateSecureSessionWithKeys(reserved, 1 + i % 5, peer, 9, new byte[48], 0, false, false, null, null);
            session.SetAddress(node.Address);
            node.Sessions.Activate(session);
            reserved = node.Sessions.GetNextAvailableSessionId(1 + i % 5, peer);
            Assert.AreNotEqual(-1, reserved);
            Assert.AreEqual(SessionState.Active, session.State, "newcomer " + i);
            Assert.AreEqual(SessionState.Reserved, node.Sessions.GetSession(reserved).State);
        }

        Assert.AreEqual(15, node.Sessions.GetActiveSessionInformation().Length);
        Assert.AreEqual(25U, node.Counted(Counters.Evicted));
    }

    [TestMethod]
    public void Eviction_IsNotReentrant()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Greedy greedy = new Greedy();
        greedy.Sessions = node.Sessions;
        node.Sessions.SessionClosed += greedy.OnClosed;
        for (int i = 0; i < Limits.SecureSessions; i++)
        {
            node.AddSession(1, (ulong)(100 + i));
        }

        Assert.AreEqual(-1, greedy.Id);
        Assert.AreEqual(1U, node.Counted(Counters.Evicted));
        Assert.AreEqual(Limits.SecureSessions - 1, node.Sessions.UsedSecureSessions);
    }

    private static void Victim(int expected, ulong hintPeer, int hintFabric, int[] table)
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession[] sessions = new SecureSession[table.Length / 4];
        for (int i = 0; i < sessions.Length; i++)
        {
            int state = table[4 * i + 3];
            int id = node.Sessions.GetNextAvailableSessionId();
            sessions[i] = node.Sessions.CreateSecureSessionWithKeys(id, table[4 * i + 1], (ulong)table[4 * i], 9, new byte[48], 0, false, false, null, null);
            if (state != Establishing)
            {
                node.Sessions.Activate(sessions[i]);
            }

            sessions[i].Timestamp = table[4 * i + 2];
            if (state == Defunct)
            {
                node.Sessions.MarkDefunct(sessions[i]);
            }
        }

        // None of them is the one just established.
        node.AddSession(5, 0x77).End(false);
        SecureSession victim = node.Sessions.FindVictim(hintFabric, hintPeer);
        int found = -1;
        for (int i = 0; i < sessions.Length; i++)
        {
            if (sessions[i] == victim)
            {
                found = i;
            }
        }

        Assert.AreEqual(expected, found);
    }

    private class Greedy
    {
        internal SessionManager Sessions;
        internal int Id;

        internal void OnClosed(SecureSession session)
        {
            Id = Sessions.GetNextAvailableSessionId();
        }
    }
}
