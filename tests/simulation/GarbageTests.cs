using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using MatterNano.Peer;
using MatterNano.Sessions;
using Xunit;

namespace MatterNano.Simulation;

/// <summary>Anybody's datagrams at a commissioned node with live sessions.</summary>
public class GarbageTests
{
    private const ulong PeerNodeId = 0x1_0001;
    private const int Stranger = 200;
    private static readonly PropertyInfo s_data = typeof(Session).GetProperty("Data", BindingFlags.Instance | BindingFlags.NonPublic);
    private static readonly PropertyInfo s_size = typeof(Session).GetProperty("Size", BindingFlags.Instance | BindingFlags.NonPublic);
    private static readonly FieldInfo s_at = typeof(Session).GetField("At", BindingFlags.Instance | BindingFlags.NonPublic);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void NothingWithoutAnIntegrityCode_ChangesAnything_AndHandshakesStillOpen(int seed)
    {
        World world = new(seed);
        VirtualPeer[] peers = { world.AddPeer(), world.AddPeer(), world.AddPeer() };
        PeerIdentity[] identities = peers.Select((_, i) => world.Fabric.CreateIdentity(PeerNodeId + (ulong)i)).ToArray();
        List<byte[]> seen = new();
        world.Network.Sent = d =>
        {
            if (d.To == World.NodeHost && d.From != Stranger)
            {
                seen.Add((byte[])d.Bytes.Clone());
            }
        };
        HandshakeResult[] live = new HandshakeResult[peers.Length];
        world.Run(async () =>
        {
            world.Node.OpenWindow(World.Passcode);
            HandshakeResult pase = await PaseInitiator.RunAsync(peers[0].Matter, World.Passcode);
            peers[0].Matter.Close(pase.Session);
            world.Node.Window.Close();
            for (int i = 0; i < peers.Length; i++)
            {
                live[i] = await CaseInitiator.RunAsync(peers[i].Matter, identities[i], World.NodeId);
                live[i] = await CaseInitiator.RunAsync(peers[i].Matter, identities[i], World.NodeId, new CaseOptions { Resumption = live[i].Resumption });
                await World.AssertWorks(peers[i].Matter, live[i].Session);
            }
        });
        world.Network.Sent = null;
        world.Time.RunFor(20_000);
        Random random = new(seed);
        int received = world.Node.Echo.Received.Count;
        for (int i = 0; i < 400; i++)
        {
            byte[] datagram = Garbage(random, seen, live, out bool isReplay);
            Dictionary<int, string> before = Sessions(world);
            int records = world.Node.Sessions.Records.Count;
            world.Network.Send(Stranger, World.NodeHost, datagram);
            world.Time.RunFor(3);
            if (!isReplay)
            {
                // A Sigma1 may reserve a slot, so only what lived before is compared.
                Dictionary<int, string> after = Sessions(world);
                Assert.All(before, s => Assert.Equal(s.Value, after[s.Key]));
            }

            Assert.Equal(before.Count, Sessions(world).Count);
            Assert.Equal(records, world.Node.Sessions.Records.Count);
            Assert.Equal(received, world.Node.Echo.Received.Count);
            AssertWhole(world);
            if (random.Next(4) == 0)
            {
                world.Time.RunFor(random.Next(3000));
            }
        }

        world.Run(async () =>
        {
            for (int i = 0; i < peers.Length; i++)
            {
                await World.AssertWorks(peers[i].Matter, live[i].Session);
            }

            long start = world.Time.Milliseconds;
            HandshakeResult result = await CaseInitiator.RunAsync(peers[0].Matter, identities[0], World.NodeId);
            while (!result.IsSuccess)
            {
                Assert.InRange(result.Status.BusyMilliseconds, 1, 5000);
                await world.Time.Delay(result.Status.BusyMilliseconds);
                result = await CaseInitiator.RunAsync(peers[0].Matter, identities[0], World.NodeId);
            }

            Assert.InRange(world.Time.Milliseconds - start, 0, 5000);
            world.Node.OpenWindow(World.Passcode);
            Assert.True((await PaseInitiator.RunAsync(peers[1].Matter, World.Passcode)).IsSuccess);
        });
        world.Time.RunFor(100_000);
        Assert.Equal(0, world.Node.Exchanges.OpenExchanges);
        Assert.Equal(Limits.MessageBuffers, world.Node.Exchanges.FreeBuffers);
        Assert.Equal(0, world.Node.Sessions.UsedUnsecureSessions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void LossDuplicatesAndReordering_EveryAcceptedInteractionHappensExactlyOnce(int seed)
    {
        World world = new(seed);
        VirtualPeer[] peers = { world.AddPeer(), world.AddPeer(), world.AddPeer() };
        List<string> answered = new();
        List<string> asked = new();
        world.Run(async () =>
        {
            HandshakeResult[] live = new HandshakeResult[peers.Length];
            for (int i = 0; i < peers.Length; i++)
            {
                live[i] = await CaseInitiator.RunAsync(peers[i].Matter, world.Fabric.CreateIdentity(PeerNodeId + (ulong)i), World.NodeId);
            }

            world.Network.Loss = 0.25;
            world.Network.Duplicates = 0.3;
            world.Network.MaxDelay = 400;
            async Task Ask(int i)
            {
                for (int n = 0; n < 60; n++)
                {
                    byte[] payload = { (byte)i, (byte)n, 7 };
                    asked.Add(Convert.ToHexString(payload));
                    PeerExchange exchange = peers[i].Matter.OpenExchange(live[i].Session);
                    try
                    {
                        PeerMessage answer = await exchange.RequestAsync(1, 2, payload);
                        answered.Add(Convert.ToHexString(answer.Payload));
                    }
                    catch (TimeoutException)
                    {
                        // Given up: it may have happened, or not, but not twice.
                    }

                    exchange.Close();
                }
            }

            await Task.WhenAll(Ask(0), Ask(1), Ask(2));
        }, 3_600_000);
        string[] happened = world.Node.Echo.Received.Select(Convert.ToHexString).ToArray();
        Assert.Equal(happened.Length, happened.Distinct().Count());
        Assert.Empty(answered.Except(happened));
        Assert.Empty(happened.Except(asked));
        Assert.InRange(answered.Count, 120, 180);
        AssertWhole(world);
        world.AssertPools(3);
    }

    private static byte[] Garbage(Random random, List<byte[]> seen, HandshakeResult[] live, out bool isReplay)
    {
        byte[] known = (byte[])seen[random.Next(seen.Count)].Clone();
        isReplay = false;
        switch (random.Next(6))
        {
            case 0:
                byte[] noise = new byte[random.Next(1400)];
                random.NextBytes(noise);
                return noise;
            case 1:
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    known[random.Next(known.Length)] ^= (byte)random.Next(1, 256);
                }

                // A change of the peer's source or exchange id in an unsecured message still is a message.
                return known;
            case 2:
                return known[..random.Next(known.Length)];
            case 3:
                byte[] longer = new byte[known.Length + random.Next(1, 200)];
                random.NextBytes(longer);
                known.CopyTo(longer, 0);
                return longer;
            case 4:
                // To a live session, with a counter ahead.
                byte[] body = new byte[random.Next(0, 200)];
                random.NextBytes(body);
                PeerSession session = live[random.Next(live.Length)].Session;
                return PeerCrypto.Concat(PeerMessage.WriteHeader(session.PeerId, session.Counter + (uint)random.Next(1, 100), null, null), body);
            default:
                isReplay = true;
                return known;
        }
    }

    // What a session is, but for the timestamps.
    private static Dictionary<int, string> Sessions(World world)
    {
        Dictionary<int, string> sessions = new();
        for (int i = 0; i < Limits.SecureSessions; i++)
        {
            SecureSession session = world.Node.Sessions.GetSessionInSlot(i);
            if (session != null && session.State == SessionState.Active)
            {
                sessions[session.Id] = Convert.ToHexString((byte[])s_data.GetValue(session), (int)s_at.GetValue(session), (int)s_size.GetValue(session));
            }
        }

        return sessions;
    }

    private static void AssertWhole(World world)
    {
        VirtualNode node = world.Node;
        Assert.Equal(Limits.Exchanges, node.Exchanges.OpenExchanges + node.Exchanges.FreeExchanges);
        Assert.Equal(Limits.UnsecuredSessions, node.Sessions.UsedUnsecureSessions + node.Sessions.FreeUnsecureSessions);
        Assert.Equal(Limits.SecureSessions, node.Sessions.UsedSecureSessions + node.Sessions.FreeSecureSessions);
        Assert.InRange(Limits.MessageBuffers - node.Exchanges.FreeBuffers, 0, node.Exchanges.WaitingMessages);
        Assert.InRange(node.Sessions.UsedUnsecureSessions, 0, node.Exchanges.OpenExchanges + node.Exchanges.WaitingMessages);
    }
}
