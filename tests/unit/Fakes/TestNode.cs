using System;
using System.Collections;
using MatterNano;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using nanoFramework.TestFramework;

namespace NFUnitTest.Fakes;

/// <summary>Sessions and exchanges of one node, with a handler that does as told and notes what it sees.</summary>
public class TestNode : IProtocolHandler, IDatagramSender
{
    /// <summary>OnMessage leaves the exchange open.</summary>
    public const int KeepOpen = 0;

    /// <summary>OnMessage answers reliably with opcode + 1 and the same payload, and closes.</summary>
    public const int Answer = 1;

    /// <summary>OnMessage closes.</summary>
    public const int CloseAtOnce = 2;

    /// <summary>OnMessage adopts the exchange by its state.</summary>
    public const int Adopt = 3;

    /// <summary>OnMessage acknowledges at once and leaves the exchange open.</summary>
    public const int AcknowledgeFirst = 4;

    /// <summary>OnMessage answers reliably, expects more, and leaves the exchange open.</summary>
    public const int AnswerAndWait = 5;

    /// <summary>OnMessage answers with the longest message and closes.</summary>
    public const int AnswerLong = 6;

    public readonly FakeClock Clock;
    public readonly FakeRandom Random;
    public readonly FakeFlash Flash;
    public readonly FakeFabrics Fabrics = new FakeFabrics();
    public readonly SessionManager Sessions;
    public readonly ExchangeManager Exchanges;
    public readonly NetworkAddress Address = new NetworkAddress();
    public readonly FakeLog Log = new FakeLog();
    public readonly ArrayList Sent = new ArrayList();
    public readonly ArrayList EndReasons = new ArrayList();
    public int Behaviour;
    public bool IsFull;
    public int Messages;
    public int Acknowledged;
    public int Opened;
    public int Closed;
    public int SubscriptionChanges;
    public int LastOpcode;
    public byte[] LastPayload;
    public Exchange LastExchange;
    public Session LastSession;
    public SecureSession LastClosed;

    public TestNode(FakeClock clock, uint seed)
        : this(clock, seed, new FakeFlash())
    {
    }

    public TestNode(FakeClock clock, uint seed, FakeFlash flash)
    {
        Clock = clock;
        Random = new FakeRandom(seed);
        Flash = flash;
        Address.SetIPv4(192, 0, 2, (byte)seed, 5540);
        Sessions = new SessionManager(this, flash, clock, Random, new SymmetricCrypto(), Fabrics, null);
        Sessions.InitFromStorage(Fabrics);
        Sessions.SessionOpened += OnOpened;
        Sessions.SessionClosed += OnClosed;
        Sessions.SubscriptionsChanged += OnSubscriptionsChanged;
        Exchanges = new ExchangeManager(Sessions, this, clock, Random, Log);
        Exchanges.Register(ProtocolId.SecureChannel, this);
        Exchanges.Register(ProtocolId.InteractionModel, this);
    }

    /// <summary>The last datagram sent.</summary>
    public Datagram LastSent
    {
        get { return (Datagram)Sent[Sent.Count - 1]; }
    }

    /// <summary>Count of a refusal.</summary>
    public uint Counted(int counter)
    {
        return Sessions.Counters.Get(counter);
    }

    /// <summary>An active session of a peer that is not there.</summary>
    public SecureSession AddSession(int fabricIndex, ulong peerNodeId)
    {
        int id = Sessions.GetNextAvailableSessionId(fabricIndex, peerNodeId);
        SecureSession session = Sessions.CreateSecureSessionWithKeys(id, fabricIndex, peerNodeId, 1, new byte[48], 0, false, false, null, null);
        NetworkAddress address = new NetworkAddress();
        address.SetIPv4(192, 0, 2, 99, 5540);
        session.SetAddress(address);
        Sessions.Activate(session);
        return session;
    }

    /// <summary>A CASE session on fabric 1 between two nodes; active on both sides.</summary>
    /// <returns>The session of the controller.</returns>
    public static SecureSession Connect(TestNode controller, TestNode device, out SecureSession deviceSession)
    {
        byte[] keys = new byte[48];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = (byte)(i + 1);
        }

        int controllerId = controller.Sessions.GetNextAvailableSessionId();
        int deviceId = device.Sessions.GetNextAvailableSessionId();
        SecureSession session = controller.Sessions.CreateSecureSessionWithKeys(
            controllerId, 1, device.Fabrics.GetNodeId(1), deviceId, keys, 0, true, false, null, null);
        deviceSession = device.Sessions.CreateSecureSessionWithKeys(
            deviceId, 1, controller.Fabrics.GetNodeId(1), controllerId, keys, 0, false, false, null, null);
        session.SetAddress(device.Address);
        deviceSession.SetAddress(controller.Address);
        controller.Sessions.Activate(session);
        device.Sessions.Activate(deviceSession);
        return session;
    }

    /// <summary>Sends a message on an exchange.</summary>
    public static bool Send(Exchange exchange, int opcode, int flags)
    {
        MessageBuffer message = exchange.BeginMessage();
        message.Data[message.PayloadOffset] = 0x15;
        message.Data[message.PayloadOffset + 1] = 0x18;
        return exchange.Send(message, opcode, 2, flags);
    }

    /// <summary>Opens an exchange of the interaction model and sends a reliable message that expects an answer.</summary>
    public Exchange Request(Session session)
    {
        Exchange exchange = Exchanges.Open(session, ProtocolId.InteractionModel, this);
        Send(exchange, 2, SendFlags.Reliable | SendFlags.ExpectResponse);
        return exchange;
    }

    /// <summary>Hands everything sent to another node, and checks its pools after each datagram.</summary>
    public void DeliverTo(TestNode other)
    {
        DeliverToFrom(other, Address);
    }

    /// <summary>The same, as if from another address.</summary>
    public void DeliverToFrom(TestNode other, NetworkAddress source)
    {
        while (Sent.Count > 0)
        {
            Datagram datagram = (Datagram)Sent[0];
            Sent.RemoveAt(0);
            other.Receive(datagram, source);
        }
    }

    /// <summary>Receives a copy of a datagram.</summary>
    public void Receive(Datagram datagram, NetworkAddress source)
    {
        byte[] copy = new byte[Limits.MaxReceivedMessage + 100];
        Array.Copy(datagram.Bytes, 0, copy, 7, datagram.Bytes.Length);
        Exchanges.OnDatagram(copy, 7, datagram.Bytes.Length, source);
        CheckPools();
    }

    /// <summary>Both nodes talk until nothing is under way.</summary>
    public static void Settle(TestNode a, TestNode b)
    {
        while (a.Sent.Count > 0 || b.Sent.Count > 0)
        {
            a.DeliverTo(b);
            b.DeliverTo(a);
        }
    }

    /// <summary>Moves the clock and does what is due.</summary>
    public long Advance(long milliseconds)
    {
        Clock.Now += milliseconds;
        long next = Exchanges.Process(Clock.Now);
        CheckPools();
        return next;
    }

    /// <summary>Free and used make the size, in every pool.</summary>
    public void CheckPools()
    {
        Assert.AreEqual(Limits.SecureSessions, Sessions.FreeSecureSessions + Sessions.UsedSecureSessions);
        Assert.AreEqual(Limits.UnsecuredSessions, Sessions.FreeUnsecureSessions + Sessions.UsedUnsecureSessions);
        Assert.AreEqual(Limits.Exchanges, Exchanges.FreeExchanges + Exchanges.OpenExchanges);
        Assert.IsTrue(Limits.MessageBuffers - Exchanges.FreeBuffers <= Exchanges.WaitingMessages, "a buffer with nothing in it");
    }

    /// <inheritdoc/>
    public bool HasRoomFor(Session session, Exchange exchange, int opcode)
    {
        return !IsFull;
    }

    /// <inheritdoc/>
    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        Messages++;
        LastOpcode = opcode;
        LastExchange = exchange;
        LastSession = exchange.Session;
        LastPayload = new byte[length];
        Array.Copy(buffer, offset, LastPayload, 0, length);
        if (Behaviour == Answer)
        {
            MessageBuffer message = exchange.BeginMessage();
            Array.Copy(LastPayload, 0, message.Data, message.PayloadOffset, length);
            exchange.Send(message, opcode + 1, length, SendFlags.Reliable);
            exchange.Close();
        }
        else if (Behaviour == AnswerLong)
        {
            exchange.Send(exchange.BeginMessage(), opcode + 1, MessageBuffer.MaxPayload, SendFlags.Reliable);
            exchange.Close();
        }
        else if (Behaviour == AnswerAndWait)
        {
            Send(exchange, opcode + 1, SendFlags.Reliable | SendFlags.ExpectResponse);
        }
        else if (Behaviour == CloseAtOnce)
        {
            exchange.Close();
        }
        else if (Behaviour == Adopt)
        {
            exchange.State = this;
        }
        else if (Behaviour == AcknowledgeFirst)
        {
            exchange.AcknowledgeNow();
        }
    }

    /// <inheritdoc/>
    public void OnAcknowledged(Exchange exchange)
    {
        Acknowledged++;
    }

    /// <inheritdoc/>
    public void OnExchangeEnded(Exchange exchange, int reason)
    {
        EndReasons.Add(reason);
    }

    /// <inheritdoc/>
    public void Send(NetworkAddress to, byte[] buffer, int offset, int length)
    {
        Sent.Add(new Datagram(to, buffer, offset, length));
    }

    private void OnOpened(SecureSession session)
    {
        Opened++;
    }

    private void OnClosed(SecureSession session)
    {
        Closed++;
        LastClosed = session;
    }

    private void OnSubscriptionsChanged(SecureSession session)
    {
        SubscriptionChanges++;
    }
}
