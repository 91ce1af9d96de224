using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using MatterNano.Messaging;
using MatterNano.Peer;
using MatterNano.Sessions;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Simulation;

/// <summary>The session table over real handshakes: whose parameters are told, and that nothing grows.</summary>
public class SessionTableTests
{
    private const ulong PeerNodeId = 0x77;
    private readonly ITestOutputHelper _output;

    public SessionTableTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void D18_AnswersCarryOurOwnParameters_AndThePeersAreKept_4_13_1()
    {
        World world = new();
        VirtualPeer peer = world.AddPeer();
        PeerIdentity identity = world.Fabric.CreateIdentity(PeerNodeId);
        world.Run(async () =>
        {
            HandshakeResult full = await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId);
            Assert.Equal(VirtualNode.OwnActiveThreshold, Threshold(full.FirstAnswer, 5));
            AssertPeersParameters(world.Node.Sessions.GetSessionForNode(1, PeerNodeId));
            HandshakeResult resumed = await CaseInitiator.RunAsync(peer.Matter, identity, World.NodeId, new CaseOptions { Resumption = full.Resumption });
            Assert.True(resumed.IsResumed);
            Assert.Equal(VirtualNode.OwnActiveThreshold, Threshold(resumed.FirstAnswer, 4));
            AssertPeersParameters(world.Node.Sessions.GetSessionForNode(1, PeerNodeId));
            world.Node.OpenWindow(World.Passcode);
            HandshakeResult pase = await PaseInitiator.RunAsync(peer.Matter, World.Passcode);
            Assert.Equal(VirtualNode.OwnActiveThreshold, Threshold(pase.FirstAnswer, 5));
            AssertPeersParameters(world.Node.Sessions.GetPaseSession());
        });
    }

    [Fact]
    public void ManyHandshakes_HalfResumed_LeaveTheMemoryOfTheFirstHundred()
    {
        // 10,000 of them take about a minute: MATTERNANO_HANDSHAKES=10000.
        int handshakes = int.TryParse(Environment.GetEnvironmentVariable("MATTERNANO_HANDSHAKES"), out int wanted) ? wanted : 600;
        World world = new();
        VirtualPeer peer = world.AddPeer();
        PeerIdentity[] identities = Enumerable.Range(0, Limits.ResumptionRecords).Select(i => world.Fabric.CreateIdentity(PeerNodeId + (ulong)i)).ToArray();
        PeerResumption[] resumptions = new PeerResumption[identities.Length];
        int resumed = 0;
        long early = 0;
        world.Run(
            async () =>
            {
                for (int i = 0; i < handshakes; i++)
                {
                    int who = i % identities.Length;
                    bool resume = (i / identities.Length) % 2 == 1;
                    HandshakeResult result = await CaseInitiator.RunAsync(
                        peer.Matter, identities[who], World.NodeId, new CaseOptions { Resumption = resume ? resumptions[who] : null });
                    Assert.True(result.IsSuccess, result.Status?.ToString());
                    resumed += result.IsResumed ? 1 : 0;
                    resumptions[who] = result.Resumption;
                    if (i % 3 == 0)
                    {
                        peer.Matter.Close(result.Session);
                    }
                    else
                    {
                        peer.Matter.Forget(result.Session);
                    }

                    await world.Time.Delay(20);
                    if (i == 99)
                    {
                        await world.Time.Delay(100_000);
                        early = Memory(world.Node);
                    }
                }

                // The last one is full, as the hundredth was, so that readers hold the same kind of buffer.
                Assert.True((await CaseInitiator.RunAsync(peer.Matter, identities[0], World.NodeId)).IsSuccess);
                await world.Time.Delay(100_000);
            },
            long.MaxValue / 4);
        long late = Memory(world.Node);
        _output.WriteLine($"{handshakes} handshakes, {resumed} resumed; stack's objects after 100: {early} bytes, at the end: {late} bytes; evictions {world.Node.Sessions.Counters.Get(Counters.Evicted)}");
        Assert.Equal(early, late);

        Assert.InRange(resumed, (handshakes / 2) - identities.Length, handshakes / 2);
        Assert.Equal(Limits.ResumptionRecords, world.Node.Sessions.Records.Count);
        world.Node.Sessions.Close();
        Assert.Equal(0, world.Node.Sessions.UsedSecureSessions);
        Assert.Equal(0, world.Node.Sessions.UsedUnsecureSessions);
        Assert.Equal(0, world.Node.Exchanges.OpenExchanges);
        Assert.Equal(Limits.MessageBuffers, world.Node.Exchanges.FreeBuffers);
    }

    private static uint Threshold(PeerMessage answer, int tag) => (uint)PeerElement.Parse(answer.Payload)[tag][3].Unsigned;

    private static void AssertPeersParameters(SecureSession session)
    {
        SessionParameters parameters = new();
        session.GetSessionParameters(parameters);
        Assert.Equal(500U, parameters.IdleInterval);
        Assert.Equal(300U, parameters.ActiveInterval);
        Assert.Equal(4000U, parameters.ActiveThreshold);
    }

    // Everything of the stack that its three entry points hold on to, in bytes of packed data and eight a field.
    private static long Memory(VirtualNode node)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Stack<object> open = new(new object[] { node.Sessions, node.Exchanges, node.SecureChannel });
        long bytes = 0;
        while (open.Count > 0)
        {
            object value = open.Pop();
            if (value == null || !seen.Add(value))
            {
                continue;
            }

            if (value is Array array)
            {
                Type element = array.GetType().GetElementType();
                bytes += 16 + (element.IsPrimitive ? Buffer.ByteLength(array) : 8 * array.Length);
                if (!element.IsPrimitive)
                {
                    foreach (object item in array)
                    {
                        open.Push(item);
                    }
                }
            }
            else if (value.GetType().Assembly == typeof(SessionManager).Assembly)
            {
                bytes += 16;
                for (Type type = value.GetType(); type != typeof(object); type = type.BaseType)
                {
                    foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                    {
                        bytes += 8;
                        if (!field.FieldType.IsValueType)
                        {
                            open.Push(field.GetValue(value));
                        }
                    }
                }
            }
        }

        return bytes;
    }
}
