using System;
using MatterNano;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Sessions;

/// <summary>SessionManager, member by member.</summary>
[TestClass]
public class SessionManagerTests
{
    [TestMethod]
    public void Constructor_ReadsNothing_AndPassesTheContext()
    {
        FakeFlash flash = new FakeFlash();
        object context = new object();
        SessionManager sessions = new SessionManager(context, flash, new FakeClock(), new FakeRandom(1), new SymmetricCrypto(), new FakeFabrics(), null);
        Assert.AreEqual(0, flash.Changes);
        Assert.AreEqual(Limits.SecureSessions, sessions.FreeSecureSessions);
        Assert.AreEqual(Limits.UnsecuredSessions, sessions.FreeUnsecureSessions);
        Assert.AreSame(context, sessions.CreateUnsecureSession(5, null, false, null).Context);
    }

    [TestMethod]
    public void PoolsBelowTheMinima_FailWithTheSection()
    {
        Limits.Check();
        try
        {
            Limits.Require(2, 3, "CaseSessionsPerFabric: Core 4.14.2.8");
            Assert.IsTrue(false);
        }
        catch (InvalidOperationException exception)
        {
            Assert.AreEqual("CaseSessionsPerFabric: Core 4.14.2.8", exception.Message);
        }
    }

    [TestMethod]
    public void D2_Handles_RunFrom1To65535_AndSkipThoseInUse_4_13_2_4()
    {
        FakeRandom random = new FakeRandom(1);
        random.Constant = 0;
        SessionManager sessions = Create(random);
        int first = sessions.GetNextAvailableSessionId();
        Assert.AreEqual(65535, first, "a random start of 0 is not used");
        Assert.AreEqual(1, sessions.GetNextAvailableSessionId(), "after the largest comes 1");
        sessions.NextId = 65534;
        Assert.AreEqual(65534, sessions.GetNextAvailableSessionId());
        Assert.AreEqual(2, sessions.GetNextAvailableSessionId(), "65535 and 1 are in use");
        random.Constant = 0xff;
        Assert.AreEqual(65535, Create(random).GetNextAvailableSessionId());
    }

    [TestMethod]
    public void GetNextAvailableSessionId_ReservesHandleAndSlot_UntilGivenBack()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        int id = node.Sessions.GetNextAvailableSessionId();
        Assert.AreEqual(1, node.Sessions.UsedSecureSessions);
        Assert.AreEqual(SessionState.Reserved, node.Sessions.GetSession(id).State);
        node.Sessions.ReleaseSessionId(id);
        node.Sessions.ReleaseSessionId(id);
        Assert.AreEqual(0, node.Sessions.UsedSecureSessions);
        Assert.IsNull(node.Sessions.GetSession(id));
        Assert.AreEqual(0, node.Opened + node.Closed, "the reserved slot raises nothing");
        SecureSession session = node.AddSession(1, 7);
        node.Sessions.ReleaseSessionId(session.Id);
        Assert.AreEqual(SessionState.Active, session.State, "a session is not given back");
    }

    [TestMethod]
    public void GetNextAvailableSessionId_NothingEvictable_IsMinusOne()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        for (int i = 0; i < Limits.SecureSessions - 1; i++)
        {
            Assert.AreNotEqual(-1, node.Sessions.GetNextAvailableSessionId());
        }

        Assert.AreEqual(-1, node.Sessions.GetNextAvailableSessionId());
        Assert.AreNotEqual(-1, node.Sessions.GetNextPaseSessionId(), "the last slot is for PASE");
        Assert.AreEqual(-1, node.Sessions.GetNextPaseSessionId());
        Assert.AreEqual(2U, node.Counted(Counters.NoSessionSlot));
        Assert.AreEqual(Limits.SecureSessions, node.Sessions.SecureSessionsHighWater);
    }

    [TestMethod]
    public void PaseHasASlot_WhenAllCaseSlotsAreTaken_5_5()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        for (int i = 0; i < 30; i++)
        {
            node.Clock.Now++;
            node.AddSession(1 + i % 5, (ulong)(100 + i));
        }

        Assert.AreEqual(1, node.Sessions.FreeSecureSessions);
        uint evicted = node.Counted(Counters.Evicted);
        Assert.AreNotEqual(-1, node.Sessions.GetNextPaseSessionId());
        Assert.AreEqual(evicted, node.Counted(Counters.Evicted));
        Assert.AreEqual(0, node.Sessions.FreeSecureSessions);
        node.AddSession(1, 999);
        Assert.AreEqual(evicted + 1, node.Counted(Counters.Evicted));
    }

    [TestMethod]
    public void CreateSecureSession_DerivesKeys_4_14_2_6()
    {
        // The specification's own derivation, against HKDF done apart.
        SymmetricCrypto crypto = new SymmetricCrypto();
        byte[] secret = Hex.Bytes("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
        byte[] salt = Hex.Bytes("0102030405");
        string[] names = new string[] { "SessionKeys", "SessionResumptionKeys" };
        for (int resumed = 0; resumed < 2; resumed++)
        {
            TestNode node = new TestNode(new FakeClock(), 1);
            SecureSession session = node.Sessions.CreateSecureSession(
                node.Sessions.GetNextAvailableSessionId(), 1, 7, 9, secret, 0, 32, salt, 0, 5, false, resumed == 1, null, null);
            byte[] info = new byte[names[resumed].Length];
            for (int i = 0; i < info.Length; i++)
            {
                info[i] = (byte)names[resumed][i];
            }

            byte[] keys = new byte[48];
            crypto.Hkdf(secret, 0, 32, salt, 0, 5, info, 0, info.Length, keys, 0, 48);
            byte[] challenge = Hex.Filled(18);
            session.GetAttestationChallengeKey(challenge, 1);
            Assert.AreEqual("a5" + Hex.Text(keys, 32, 16) + "a5", Hex.Text(challenge, 0, 18));
            Assert.AreEqual(resumed == 1, session.IsResumption);

            // The peer's side decrypts what we encrypt.
            SecureSession mirror = node.Sessions.CreateSecureSessionWithKeys(
                node.Sessions.GetNextAvailableSessionId(), 1, session.NodeId, session.Id, keys, 0, true, false, null, null);
            byte[] data = new byte[80];
            int start;
            int length = session.Encode(data, 40, 6, out start);
            MessageHeader header = new MessageHeader();
            Assert.IsTrue(header.TryRead(data, start, length));
            Assert.AreEqual(9, header.SessionId);
            Assert.AreEqual(6, mirror.Decode(data, start, length, header));
        }
    }

    [TestMethod]
    public void CreateSecureSession_PaseWithEmptySalt_AndRecordedKeys_4_14_1()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.Sessions.CreateSecureSession(
            node.Sessions.GetNextPaseSessionId(), 0, 0, 9, new byte[16], 0, 16, null, 0, 0, false, false, null, null);
        Assert.IsTrue(session.IsPase);
        Assert.IsTrue(session.IsSecure);
        Assert.AreEqual(0UL, session.NodeId);
        Assert.AreEqual(0UL, session.PeerNodeId);
        Assert.IsNull(session.AssociatedFabric);
    }

    [TestMethod]
    public void CreateSecureSession_Refuses_HandleZero_AndHalfAnIdentity()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        int id = node.Sessions.GetNextAvailableSessionId();
        byte[] keys = new byte[48];
        Assert.IsNull(node.Sessions.CreateSecureSessionWithKeys(id, 1, 7, 0, keys, 0, false, false, null, null));
        Assert.IsNull(node.Sessions.CreateSecureSessionWithKeys(id, 1, 7, 65536, keys, 0, false, false, null, null));
        Assert.IsNull(node.Sessions.CreateSecureSessionWithKeys(id, 1, 0, 9, keys, 0, false, false, null, null), "fabric without peer");
        Assert.IsNull(node.Sessions.CreateSecureSessionWithKeys(id, 0, 7, 9, keys, 0, false, false, null, null), "peer without fabric");
        Assert.IsNull(node.Sessions.CreateSecureSessionWithKeys(id, 1, 0xfffffffffffffffeUL, 9, keys, 0, false, false, null, null), "not operational");
        Assert.IsNull(node.Sessions.CreateSecureSessionWithKeys(id, 9, 7, 9, keys, 0, false, false, null, null), "fabric gone");
        Assert.AreEqual(SessionState.Reserved, node.Sessions.GetSession(id).State);
        Assert.IsNotNull(node.Sessions.CreateSecureSessionWithKeys(id, 1, 7, 9, keys, 0, false, false, null, null));
        Assert.ThrowsException(typeof(ArgumentException), () => node.Sessions.CreateSecureSessionWithKeys(id, 1, 7, 9, keys, 0, false, false, null, null));
    }

    [TestMethod]
    public void SessionOpened_OnceWhenUsable_SessionClosed_OnceForEveryWayOut()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        int id = node.Sessions.GetNextAvailableSessionId();
        SecureSession session = node.Sessions.CreateSecureSessionWithKeys(id, 1, 7, 9, new byte[48], 0, false, false, null, null);
        Assert.AreEqual(0, node.Opened);
        Assert.AreEqual(SessionState.Establishing, session.State);
        node.Sessions.Activate(session);
        node.Sessions.Activate(session);
        Assert.AreEqual(1, node.Opened);
        for (int way = 0; way < 7; way++)
        {
            session = way == 0 ? session : node.AddSession(1, 7);
            node.Closed = 0;
            switch (way)
            {
                case 0: session.End(true); break;
                case 1: session.Destroy(); break;
                case 2: session.Close(); break;
                case 3: node.Sessions.RemoveFabric(1, null, true); break;
                case 4: node.Sessions.RemoveAllSessionsForNode(1, 7, true); break;
                case 5: node.Sessions.Close(); break;
                case 6: node.Sessions.OnCloseReceived(session); break;
            }

            Assert.AreEqual(1, node.Closed, "way " + way);
            Assert.AreSame(session, node.LastClosed);
            session.End(true);
            session.Destroy(true, false);
            session.Close();
            node.Sessions.Close();
            Assert.AreEqual(1, node.Closed, "again, way " + way);
            Assert.AreEqual(0, node.Sessions.UsedSecureSessions);
        }

        int opened = node.Opened;
        id = node.Sessions.GetNextAvailableSessionId();
        session = node.Sessions.CreateSecureSessionWithKeys(id, 1, 7, 9, new byte[48], 0, false, false, null, null);
        node.Closed = 0;
        session.End(true);
        Assert.AreEqual(0, node.Closed, "what was never opened is not closed");
        Assert.AreEqual(opened, node.Opened);
    }

    [TestMethod]
    public void ThrowingListener_DoesNotStopTheCleanUp()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.Sessions.SessionClosed += Throw;
        node.Sessions.SessionOpened += Throw;
        node.AddSession(1, 7);
        node.AddSession(1, 8);
        node.Sessions.Close();
        Assert.AreEqual(0, node.Sessions.UsedSecureSessions);
        Assert.AreEqual(4U, node.Counted(Counters.ListenerFailed));
        Assert.AreEqual(2, node.Closed);
    }

    [TestMethod]
    public void D7_Close_SendsCloseSessionToEverySession_AndWipesKeys_4_11_1_4()
    {
        FakeClock clock = new FakeClock();
        TestNode a = new TestNode(clock, 1);
        TestNode b = new TestNode(clock, 2);
        SecureSession[] mine = new SecureSession[5];
        SecureSession other = null;
        for (int i = 0; i < mine.Length; i++)
        {
            mine[i] = TestNode.Connect(a, b, out other);
        }

        a.Request(mine[0]);
        a.Sent.Clear();
        a.Sessions.Close();
        Assert.AreEqual(mine.Length, a.Sent.Count);
        byte[] challenge = new byte[16];
        mine[0].GetAttestationChallengeKey(challenge, 0);
        Assert.AreEqual("00000000000000000000000000000000", Hex.Text(challenge, 0, 16));
        a.DeliverTo(b);
        Assert.AreEqual(0, b.Sessions.UsedSecureSessions);
        Assert.AreEqual(0, a.Exchanges.OpenExchanges);
        Assert.AreEqual(Limits.MessageBuffers, a.Exchanges.FreeBuffers);
        a.Sessions.Close();
        Assert.AreEqual(0, a.Sent.Count);
    }

    [TestMethod]
    public void CreateUnsecureSession_DrawsAnOperationalId_AndGivesUpAfterFive()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        InsecureSession session = node.Sessions.CreateUnsecureSession(0, null, true, node.Address);
        Assert.AreNotEqual(0UL, session.NodeId);
        Assert.IsFalse(session.IsPeerActive, "nothing heard yet");
        Assert.AreSame(session, node.Sessions.GetUnsecureSession(session.NodeId, true));
        Assert.IsNull(node.Sessions.GetUnsecureSession(session.NodeId, false), "the other role");
        Assert.IsNull(node.Sessions.CreateUnsecureSession(session.NodeId, null, true, null), "in use");
        node.Random.Constant = 0;
        Assert.IsNull(node.Sessions.CreateUnsecureSession(0, null, true, null));
        node.Random.Constant = 0xff;
        Assert.IsNull(node.Sessions.CreateUnsecureSession(0, null, true, null), "beyond the operational range");
        Assert.AreEqual(2U, node.Counted(Counters.RandomFailed));
        InsecureSession responder = node.Sessions.CreateUnsecureSession(5, null, false, null);
        Assert.IsTrue(responder.IsPeerActive);
        node.Sessions.CreateUnsecureSession(6, null, true, null);
        node.Sessions.CreateUnsecureSession(7, null, true, null);
        Assert.AreEqual(0, node.Sessions.FreeUnsecureSessions);
        Assert.IsNotNull(node.Sessions.CreateUnsecureSession(8, null, true, null), "a responder without exchange gives way");
        Assert.IsNull(node.Sessions.CreateUnsecureSession(9, null, true, null), "the others do not");
        Assert.AreEqual(4, node.Sessions.UnsecureSessionsHighWater);
        session.End(false);
        session.Destroy();
        Assert.AreEqual(1, node.Sessions.FreeUnsecureSessions);
    }

    [TestMethod]
    public void GetSession_ZeroIsNull_ClosingOnesAreFound()
    {
        FakeClock clock = new FakeClock();
        TestNode a = new TestNode(clock, 1);
        TestNode b = new TestNode(clock, 2);
        SecureSession other;
        SecureSession session = TestNode.Connect(a, b, out other);
        Assert.IsNull(a.Sessions.GetSession(0));
        Assert.IsNull(a.Sessions.GetSession(-1));
        a.Request(session);
        int id = session.Id;
        session.Destroy(true, true);
        Assert.AreSame(session, a.Sessions.GetSession(id));
        a.Sessions.RemoveSession(id);
        Assert.IsNull(a.Sessions.GetSession(id));
        a.Sessions.RemoveSession(id);
    }

    [TestMethod]
    public void GetPaseSession_SkipsClosingOnes()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Assert.IsNull(node.Sessions.GetPaseSession());
        node.AddSession(1, 7);
        int id = node.Sessions.GetNextPaseSessionId();
        Assert.IsNull(node.Sessions.GetPaseSession(), "only reserved");
        SecureSession pase = node.Sessions.CreateSecureSessionWithKeys(id, 0, 0, 9, new byte[48], 0, false, false, null, null);
        node.Sessions.Activate(pase);
        Assert.AreSame(pase, node.Sessions.GetPaseSession());
        Exchange exchange = node.Exchanges.Open(pase, ProtocolId.InteractionModel, node);
        pase.Destroy(true, true);
        Assert.AreEqual(SessionState.Closing, pase.State);
        Assert.IsNull(node.Sessions.GetPaseSession());
        exchange.Close();
        Assert.AreEqual(SessionState.Free, pase.State);
    }

    [TestMethod]
    public void D4_GetSessionForNode_IsTheOneHeardFromLast_AndUsable()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Assert.IsNull(node.Sessions.GetSessionForNode(1, 7));
        SecureSession first = node.AddSession(1, 7);
        node.Clock.Now += 10;
        SecureSession second = node.AddSession(1, 7);
        node.Clock.Now += 10;
        SecureSession third = node.AddSession(1, 7);
        Assert.AreSame(third, node.Sessions.GetSessionForNode(1, 7));
        node.Clock.Now += 10;
        first.NotifyActivity(true);
        Assert.AreSame(first, node.Sessions.GetSessionForNode(1, 7));
        node.Clock.Now += 10;
        second.NotifyActivity(false);
        Assert.AreSame(first, node.Sessions.GetSessionForNode(1, 7), "sending is not hearing");
        node.Sessions.MarkDefunct(first);
        Assert.AreSame(third, node.Sessions.GetSessionForNode(1, 7));
        node.Exchanges.Open(third, ProtocolId.InteractionModel, node);
        third.Destroy(true, true);
        Assert.AreSame(second, node.Sessions.GetSessionForNode(1, 7));
        int id = node.Sessions.GetNextAvailableSessionId();
        node.Clock.Now += 10;
        node.Sessions.CreateSecureSessionWithKeys(id, 1, 7, 9, new byte[48], 0, false, false, null, null);
        Assert.AreSame(second, node.Sessions.GetSessionForNode(1, 7), "establishing");
        first.NotifyActivity(true);
        Assert.AreSame(first, node.Sessions.GetSessionForNode(1, 7), "found again");
    }

    [TestMethod]
    public void D5_SamePeerIdOnTwoFabrics_AreTwoPeers()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession one = node.AddSession(1, 7);
        SecureSession two = node.AddSession(2, 7);
        Assert.AreSame(one, node.Sessions.GetSessionForNode(1, 7));
        Assert.AreSame(two, node.Sessions.GetSessionForNode(2, 7));
        Assert.IsNull(node.Sessions.GetSessionForNode(3, 7));
    }

    [TestMethod]
    public void D9_RemoveAllSessionsForNode_StaysInTheFabric_AndSparesPase()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.AddSession(1, 7);
        node.AddSession(1, 7);
        node.AddSession(1, 8);
        SecureSession two = node.AddSession(2, 7);
        SecureSession pase = node.Sessions.CreateSecureSessionWithKeys(node.Sessions.GetNextPaseSessionId(), 0, 0, 9, new byte[48], 0, false, false, null, null);
        node.Sessions.Activate(pase);
        node.Sent.Clear();
        node.Sessions.RemoveAllSessionsForNode(1, 7);
        Assert.AreEqual(3, node.Sessions.UsedSecureSessions);
        Assert.AreEqual(0, node.Sent.Count, "silent by default");
        node.Sessions.RemoveAllSessionsForNode(0, 0, true);
        Assert.AreEqual(SessionState.Active, pase.State);
        node.Sessions.RemoveAllSessionsForNode(1, 8, true);
        Assert.AreEqual(1, node.Sent.Count);
        Assert.AreEqual(SessionState.Active, two.State);
    }

    [TestMethod]
    public void RemoveFabric_ReachesCaseAndBoundPase_AndDefersTheOneItCameOn_11_18_6_12()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession asking = node.AddSession(1, 7);
        node.AddSession(1, 8);
        SecureSession other = node.AddSession(2, 7);
        SecureSession pase = node.Sessions.CreateSecureSessionWithKeys(node.Sessions.GetNextPaseSessionId(), 0, 0, 9, new byte[48], 0, false, false, null, null);
        node.Sessions.Activate(pase);
        pase.AddAssociatedFabric(1);
        pase.AddAssociatedFabric(1);
        Assert.AreEqual("fabric 1", (string)pase.AssociatedFabric);
        Assert.ThrowsException(typeof(InvalidOperationException), () => pase.AddAssociatedFabric(2));
        Exchange exchange = node.Exchanges.Open(asking, ProtocolId.InteractionModel, node);
        node.Sessions.RemoveFabric(1, asking, false);
        Assert.AreEqual(2, node.Sessions.UsedSecureSessions);
        Assert.AreEqual(SessionState.Closing, asking.State);
        exchange.Close();
        Assert.AreEqual(1, node.Sessions.UsedSecureSessions);
        Assert.AreEqual(SessionState.Active, other.State);
        Assert.AreEqual(0, node.Sent.Count, "asked to be silent");
    }

    [TestMethod]
    public void GetActiveSessionInformation_ListsCaseSessions()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(2, 7);
        session.AddSubscription(FakeSubscription.Give(node.Sessions)[0]);
        node.Sessions.Activate(node.Sessions.CreateSecureSessionWithKeys(node.Sessions.GetNextPaseSessionId(), 0, 0, 9, new byte[48], 0, false, false, null, null));
        SessionInformation[] all = node.Sessions.GetActiveSessionInformation();
        Assert.AreEqual(1, all.Length);
        Assert.AreEqual(session.Name, all[0].Name);
        Assert.AreEqual(session.Id, all[0].Id);
        Assert.AreEqual(SessionState.Active, all[0].State);
        Assert.AreEqual(0xd0000002UL, all[0].NodeId);
        Assert.AreEqual(7UL, all[0].PeerNodeId);
        Assert.AreEqual("fabric 2", (string)all[0].Fabric);
        Assert.IsTrue(all[0].IsPeerActive);
        Assert.IsTrue(all[0].Secure);
        Assert.AreEqual(node.Clock.Now, all[0].LastInteractionTimestamp);
        Assert.AreEqual(node.Clock.Now, all[0].LastActiveTimestamp);
        Assert.AreEqual(1, all[0].NumberOfActiveSubscriptions);
    }

    [TestMethod]
    public void D10_FindGroupSession_WithoutKeysIsNullAndCounted_4_13_2_3()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Assert.IsNull(node.Sessions.FindGroupSession(2, 56189));
        Assert.AreEqual(1U, node.Counted(Counters.GroupNoKey));
        node.Sessions.SetGroupKeys(new FakeGroupKeys());
        GroupSession session = node.Sessions.FindGroupSession(2, 56189);
        Assert.AreEqual(2, session.GroupId);
        Assert.AreEqual(1, session.FabricIndex);
        Assert.IsNull(node.Sessions.FindGroupSession(2, 1));
        Assert.IsNull(node.Sessions.FindGroupSession(9, 56189));
        uint first, second;
        Assert.IsTrue(session.GetIncrementedMessageCounter(out first));
        Assert.IsTrue(session.GetIncrementedMessageCounter(out second));
        Assert.AreEqual(first + 1, second);
        Assert.AreEqual(second, node.Sessions.GroupDataCounter.Last);
        byte[] data = new byte[80];
        int start;
        Assert.IsTrue(session.Encode(data, 40, 6, out start) > 0);
        Assert.AreEqual(22, start, "source node and group");
    }

    [TestMethod]
    public void GroupPeers_FullTable_ForgetsTheOneHeardLongestAgo()
    {
        GroupPeerTable peers = new GroupPeerTable();
        for (int i = 0; i < Limits.GroupPeers; i++)
        {
            Assert.IsTrue(peers.Update(1, (ulong)(100 + i), 7, 50));
        }

        Assert.IsTrue(peers.Update(1, 100, 7, 51));
        Assert.IsTrue(peers.Update(1, 200, 7, 50), "one over");
        Assert.AreEqual(Limits.GroupPeers, peers.Count);
        Assert.IsFalse(peers.Update(1, 100, 7, 51), "heard since: kept");
        Assert.IsTrue(peers.Update(1, 101, 7, 50), "forgotten");
        Assert.IsTrue(peers.Update(2, 100, 7, 51), "another fabric is another peer");
        peers.RemoveFabric(1);
        Assert.AreEqual(1, peers.Count);
    }

    [TestMethod]
    public void GroupPeersWindow_EndsWithTheLastKeyItWasHeardUnder_AndIsSharedByARotation_4_6_5_2_2()
    {
        GroupPeerTable peers = new GroupPeerTable();
        InstalledKeys keys = new InstalledKeys();
        keys.Ids = new int[] { 7, 8 };
        Assert.IsTrue(peers.Update(1, 100, 7, 5000));
        Assert.IsTrue(peers.Update(1, 100, 8, 5001));
        Assert.IsFalse(peers.IsNew(1, 100, 4000), "one window for both keys");
        Assert.IsFalse(peers.ForgetWithItsKeys(1, 100, keys));

        // The old key goes: the window stays, or what came under the new one could come again.
        keys.Ids = new int[] { 8, 9 };
        Assert.IsFalse(peers.ForgetWithItsKeys(1, 100, keys));
        Assert.IsFalse(peers.IsNew(1, 100, 5001));
        keys.Ids = new int[] { 9 };
        Assert.IsFalse(peers.ForgetWithItsKeys(1, 101, keys), "another peer");
        Assert.IsTrue(peers.ForgetWithItsKeys(1, 100, keys), "nothing was heard under the key that is left");
        Assert.IsTrue(peers.IsNew(1, 100, 4000), "of a sender that began anew with new keys");
        Assert.IsTrue(peers.Update(1, 100, 9, 4000));
        Assert.IsFalse(peers.ForgetWithItsKeys(1, 100, keys));
        Assert.IsFalse(peers.IsNew(1, 100, 4000));

        // The same id of another fabric's key is not this one.
        keys.Fabric = 2;
        Assert.IsTrue(peers.ForgetWithItsKeys(1, 100, keys));

        // As many as can be installed at once are remembered, the latest last.
        keys.Fabric = 1;
        for (int i = 0; i < 9; i++)
        {
            Assert.IsTrue(peers.Update(1, 100, 20 + i, (uint)(6000 + (2 * i))));
            Assert.IsTrue(peers.Update(1, 100, 20, (uint)(6001 + (2 * i))));
        }

        keys.Ids = new int[] { 20 };
        Assert.IsFalse(peers.ForgetWithItsKeys(1, 100, keys));
        keys.Ids = new int[] { 24 };
        Assert.IsFalse(peers.ForgetWithItsKeys(1, 100, keys));
        keys.Ids = new int[] { 21 };
        Assert.IsTrue(peers.ForgetWithItsKeys(1, 100, keys));
    }

    private static SessionManager Create(FakeRandom random)
    {
        return new SessionManager(null, new FakeFlash(), new FakeClock(), random, new SymmetricCrypto(), new FakeFabrics(), null);
    }

    private static void Throw(SecureSession session)
    {
        throw new InvalidOperationException("a listener's mistake");
    }
    private class InstalledKeys : IGroupKeys
    {
        internal int[] Ids;
        internal int Fabric = 1;

        public int FindNext(int previous, int groupSessionId)
        {
            for (int i = previous + 1; i < Ids.Length; i++)
            {
                if (Ids[i] == groupSessionId)
                {
                    return i;
                }
            }

            return -1;
        }

        public void GetOperationalKey(int key, byte[] buffer, int offset)
        {
        }

        public void GetPrivacyKey(int key, byte[] buffer, int offset)
        {
        }

        public int GetFabricIndex(int key)
        {
            return Fabric;
        }

        public bool IsGroupMapped(int key, int groupId)
        {
            return true;
        }
    }
}
