using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MatterNano.Interaction;
using MatterNano.Peer;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Simulation;

/// <summary>Whoever names absurd intervals, acknowledges nothing and stops in the middle holds nothing that others need (docs/RULES.md). HOSTILE_HOURS=240: that many simulated hours instead of 24.</summary>
public class HoldingAttackTests
{
    private const uint Hour = 3_600_000;
    private const ulong Member = 0x3333;

    // What a stranger, or a member towards other members, may cost: milliseconds until a command or read is answered, everything is read, a session is had.
    private const long ReadLimit = 1000;
    private const long WildcardLimit = 2500;
    private const long SessionLimit = 5000;

    private readonly ITestOutputHelper _output;

    public HoldingAttackTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void ThreeSigma1OfAnHour_EachWithABrokenSigma3_CostNobodyMoreThanSeconds()
    {
        House house = new(81);
        house.Run(async () =>
        {
            Subscriber honest = await house.Commission(1);
            VirtualPeer stranger = Silent(house);
            for (int i = 0; i < 3; i++)
            {
                await BreakOff(house, stranger, honest.Identity.Fabric);
            }

            await AssertServedForHours(house, honest);
        }, 20 * Hour);
    }

    [Fact]
    public void ThreePbkdfParamRequestsOfAnHour_EachWithAStatusReport_CostNobodyMoreThanSeconds()
    {
        House house = new(82);
        house.Run(async () =>
        {
            Subscriber honest = await house.Commission(1);
            byte[] salt = honest.Peer.Matter.RandomBytes(32);
            byte[] verifier = PeerCrypto.Verifier(34567001, salt, 1000);
            Assert.Equal(0, (await honest.Client.InvokeAsync(0, 0x3c, 0, w => w.U(0, 300).Bytes(1, verifier).U(2, 100).U(3, 1000).Bytes(4, salt), 10000)).Status);
            VirtualPeer stranger = Silent(house);
            for (int i = 0; i < 3; i++)
            {
                await BeginPase(house, stranger);
            }

            await AssertServedForHours(house, honest);
        }, 20 * Hour);
    }

    [Fact]
    public void MemberThatMayOnlyView_WithThreeWildcardReadsItNeverAcknowledges_CostsOthersNothing()
    {
        House house = new(83);
        house.Run(async () =>
        {
            Subscriber honest = await house.Commission(1);
            ImClient member = await AddMember(house, honest);
            for (int i = 0; i < 3; i++)
            {
                Ignore(member.ReadAsync(new ImPath(null, null, null)));
                await house.Time.Delay(10);
            }

            await AssertServedForHours(house, honest);
        }, 20 * Hour);
    }

    [Fact]
    public void StrangerAndMember_TryEverythingForHours_WhileAControllerKeepsWorking()
    {
        int hours = int.TryParse(Environment.GetEnvironmentVariable("HOSTILE_HOURS"), out int given) ? given : 24;
        House house = new(84);
        Random random = new(84);
        long longest = 0;
        house.Run(async () =>
        {
            Subscriber honest = await house.Commission(1);
            await honest.Subscribe();
            ImClient member = await AddMember(house, honest);
            VirtualPeer stranger = Silent(house);
            PeerFabric fabric = honest.Identity.Fabric;
            long end = house.Time.Milliseconds + (hours * (long)Hour);
            for (int round = 0; house.Time.Milliseconds < end; round++)
            {
                for (int i = random.Next(4); i >= 0; i--)
                {
                    await TryAnything(house, stranger, member, fabric, random);
                    await house.Time.Delay(random.Next(3) * 150);
                }

                long started = house.Time.Milliseconds;
                Assert.Equal(0, (await honest.Client.InvokeAsync(1, 6, 2)).Status);
                Assert.InRange(house.Time.Milliseconds - started, 0, ReadLimit);
                longest = Math.Max(longest, house.Time.Milliseconds - started);
                if (round % 50 == 49)
                {
                    Assert.True(await Resume(house, honest, SessionLimit));
                }

                await house.Time.Delay(random.Next(20_000));
            }
        }, (hours + 1) * Hour);
        _output.WriteLine($"longest answer in {hours} hours: {longest} ms");
    }

    private static async Task TryAnything(House house, VirtualPeer stranger, ImClient member, PeerFabric fabric, Random random)
    {
        uint interval = new uint[] { 0, 1, 65535, Hour, uint.MaxValue }[random.Next(5)];
        switch (random.Next(8))
        {
            case 0:
                await BreakOff(house, stranger, fabric, interval);
                break;
            case 1:
                await BeginPase(house, stranger, interval);
                break;
            case 2:
                Ignore(member.ReadAsync(new ImPath(null, null, null)));
                break;
            case 3:
                Ignore(member.InvokeAsync(1, 6, 2));
                break;
            case 4:
                Ignore(member.SubscribeAsync(0, 60, new ImPath[] { new(null, null, null) }));
                break;
            case 5:
                Ignore(member.ReadOneAsync(1, 6, 0));
                break;
            case 6:
                Ignore(member.RequestAsync(ImClient.TimedRequest, new PeerTlv().Struct().U(0, 65535).U(255, 13).End().ToArray()));
                break;
            default:
                int opcode = new[] { 0x10, 0x20, 0x22, 0x24, 0x30, 0x31, 0x32, 0x33, 0x40 }[random.Next(9)];
                PeerExchange exchange = stranger.Matter.OpenExchange(stranger.Matter.OpenUnsecured());
                exchange.Send(0, opcode, stranger.Matter.RandomBytes(random.Next(200)), random.Next(2) == 0);
                break;
        }
    }

    private static VirtualPeer Silent(House house)
    {
        VirtualPeer peer = house.AddPeer();
        peer.Matter.Acknowledges = false;
        peer.Matter.Retransmits = false;
        return peer;
    }

    /// <summary>Sigma1 with a destination id as the air tells it, then a Sigma3 that is an empty structure.</summary>
    private static async Task BreakOff(House house, VirtualPeer stranger, PeerFabric fabric, uint interval = Hour)
    {
        PeerIdentity identity = fabric.CreateIdentity(0x4444);
        CaseOptions options = new() { Sigma1 = s => WithIntervals(s, interval), StopAfter = 0x30 };
        HandshakeResult held = await CaseInitiator.RunAsync(stranger.Matter, identity, House.NodeId, options);
        await house.Time.Delay(50);
        held.Exchange.Send(0, 0x32, new PeerTlv().Struct().End().ToArray(), false);
        await house.Time.Delay(50);
    }

    private static async Task BeginPase(House house, VirtualPeer stranger, uint interval = Hour)
    {
        PeerExchange exchange = stranger.Matter.OpenExchange(stranger.Matter.OpenUnsecured());
        PeerTlv request = new PeerTlv().Struct().Bytes(1, stranger.Matter.RandomBytes(32)).U(2, stranger.Matter.NextSessionId()).U(3, 0).B(4, false)
            .Struct(5).U(1, interval).U(2, interval).U(3, 65535).End().End();
        exchange.Send(0, 0x20, request.ToArray());
        await house.Time.Delay(50);
        exchange.Send(0, 0x40, PeerStatus.Build(1, 2), false);
        await house.Time.Delay(50);
    }

    /// <summary>A node of the fabric that may view, names an hour, and acknowledges nothing once it has a session.</summary>
    private static async Task<ImClient> AddMember(House house, Subscriber administrator)
    {
        ulong self = administrator.Identity.NodeId;
        int written = await administrator.Client.WriteAsync(0, 0x1f, 0, (w, tag) => w.Array(tag)
            .Struct().U(1, 5).U(2, 2).Array(3).U(-1, self).End().Null(4).End()
            .Struct().U(1, 1).U(2, 2).Array(3).U(-1, Member).End().Null(4).End().End());
        Assert.Equal(0, written);
        VirtualPeer peer = house.AddPeer();
        CaseOptions options = new() { Sigma1 = s => WithIntervals(s, Hour) };
        HandshakeResult handshake = await CaseInitiator.RunAsync(peer.Matter, administrator.Identity.Fabric.CreateIdentity(Member), House.NodeId, options);
        Assert.True(handshake.IsSuccess);
        peer.Matter.Acknowledges = false;
        peer.Matter.Retransmits = false;
        return new ImClient(peer.Matter, handshake.Session);
    }

    private static async Task AssertServedForHours(House house, Subscriber honest)
    {
        long began = house.Time.Milliseconds;
        foreach (long at in new long[] { 0, 1000, Hour, 6 * Hour, 12 * Hour })
        {
            await house.Time.Delay(Math.Max(0, began + at - house.Time.Milliseconds));
            Assert.True(at == 0 || await Resume(house, honest, SessionLimit), $"no session after {at} ms");
            long started = house.Time.Milliseconds;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => honest.Client.ReadOneAsync(1, 6, 0)));
            Assert.InRange(house.Time.Milliseconds - started, 0, ReadLimit);
            started = house.Time.Milliseconds;
            ImReport all = await honest.Client.ReadAsync(new ImPath(null, null, null));
            Assert.NotNull(all.Find(1, 6, 0));
            Assert.InRange(house.Time.Milliseconds - started, 0, WildcardLimit);
            started = house.Time.Milliseconds;
            HandshakeResult full = await Connect(house, honest, SessionLimit);
            Assert.True(full.IsSuccess, $"no full handshake after {at} ms");
            honest.Client.Session = full.Session;
            honest.Responder.Resumption = full.Resumption;
            await house.Time.Delay(500);
            Assert.True(at < Hour || house.Light.Node.Exchanges.FreeBuffers == Limits.MessageBuffers, $"buffers are held after {at} ms");
        }
    }

    private static async Task<bool> Resume(House house, Subscriber honest, long limit)
    {
        long end = house.Time.Milliseconds + limit;
        while (house.Time.Milliseconds < end)
        {
            try
            {
                if (await honest.Connect(end - house.Time.Milliseconds))
                {
                    return true;
                }
            }
            catch (TimeoutException)
            {
                return false;
            }

            await house.Time.Delay(500);
        }

        return false;
    }

    /// <summary>As a controller does: again when it is told Busy.</summary>
    private static async Task<HandshakeResult> Connect(House house, Subscriber honest, long limit)
    {
        long end = house.Time.Milliseconds + limit;
        HandshakeResult result = null;
        while (house.Time.Milliseconds < end)
        {
            result = await CaseInitiator.RunAsync(honest.Peer.Matter, honest.Identity, House.NodeId, null, end - house.Time.Milliseconds);
            if (result.IsSuccess)
            {
                break;
            }

            await house.Time.Delay(result.Status.BusyMilliseconds);
        }

        return result;
    }

    private static byte[] WithIntervals(byte[] sigma1, uint interval)
    {
        // ... 5 {1: 500, 2: 300, 3: 4000}
        int at = sigma1.AsSpan().IndexOf(new byte[] { 0x25, 0x01, 0xf4, 0x01, 0x25, 0x02, 0x2c, 0x01 });
        byte[] value = BitConverter.GetBytes(interval);
        List<byte> bytes = new(sigma1[..at]);
        bytes.AddRange(new byte[] { 0x26, 0x01 }.Concat(value).Concat(new byte[] { 0x26, 0x02 }).Concat(value));
        bytes.AddRange(sigma1[(at + 8)..]);
        return bytes.ToArray();
    }

    private static void Ignore(Task task) => task.ContinueWith(t => t.Exception, TaskContinuationOptions.ExecuteSynchronously);
}
