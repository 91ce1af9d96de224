using System;
using System.Linq;
using System.Threading.Tasks;
using MatterNano.Peer;
using MatterNano.SecureChannel;
using Xunit;

namespace MatterNano.Simulation;

public class PaseTests
{
    private const int InvalidParameter = 2;

    [Fact]
    public void RightPasscode_OpensASessionThatWorks_4_14_1()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await PaseInitiator.RunAsync(peer.Matter, World.Passcode);
            Assert.True(result.IsSuccess, result.Status?.ToString());
            Assert.Equal(0, result.LastMessage.ExchangeFlags & 1);
            Assert.Null(result.LastMessage.SourceNodeId);
            await World.AssertWorks(peer.Matter, result.Session);
            byte[] challenge = new byte[16];
            world.Node.Sessions.GetPaseSession().GetAttestationChallengeKey(challenge, 0);
            Assert.Equal(result.Session.AttestationChallenge, challenge);
        });
        Assert.StartsWith("pase/", Assert.Single(world.Node.Opened));
        world.AssertPools(1);
    }

    [Fact]
    public void KnownParameters_AreLeftOutOfTheResponse_4_14_1_2()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        byte[] salt = world.Node.Window.Salt.AsSpan(world.Node.Window.SaltOffset, 32).ToArray();
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            PaseOptions options = new() { KnownSalt = salt, KnownIterations = 1000 };
            HandshakeResult result = await PaseInitiator.RunAsync(peer.Matter, World.Passcode, options);
            Assert.True(result.IsSuccess);
        });
    }

    [Fact]
    public void ClosedWindow_IsSilent_TC_CADMIN_1_5()
    {
        World world = new(join: false);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            await Assert.ThrowsAsync<TimeoutException>(() => PaseInitiator.RunAsync(peer.Matter, World.Passcode));
        });
        Assert.DoesNotContain(peer.Matter.Log, m => m.Opcode != 0x10);
        world.AssertPools(0);
    }

    [Fact]
    public void WindowThatExpired_IsSilent()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode, 180);
        world.Time.RunFor(180_000);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            await Assert.ThrowsAsync<TimeoutException>(() => PaseInitiator.RunAsync(peer.Matter, World.Passcode));
        });
        Assert.DoesNotContain(peer.Matter.Log, m => m.Opcode != 0x10);
    }

    [Fact]
    public void WrongPasscodeId_IsInvalidParameter_AndIsNoGuess()
    {
        AssertFails(new PaseOptions { PasscodeId = 1 });
    }

    [Fact]
    public void MalformedRequest_IsInvalidParameter_AndIsNoGuess()
    {
        AssertFails(new PaseOptions { Request = r => r.AsSpan(0, r.Length - 1).ToArray() });
    }

    [Fact]
    public void MalformedPake1_IsInvalidParameter_AndIsNoGuess()
    {
        AssertFails(new PaseOptions { Pake1 = _ => new PeerTlv().Struct().Bytes(1, new byte[64]).End().ToArray() });
    }

    [Fact]
    public void Pake1OffTheCurve_IsInvalidParameter_AndIsNoGuess()
    {
        AssertFails(new PaseOptions
        {
            Pake1 = p =>
            {
                p[60] ^= 1;
                return p;
            },
        });
    }

    [Fact]
    public void Pake1ThatMakesZInfinite_IsInvalidParameter_AndIsNoGuess_3_10()
    {
        // The share w0 * M: X - w0 * M is the identity, whatever y is.
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        byte[] salt = world.Node.Window.Salt.AsSpan(world.Node.Window.SaltOffset, 32).ToArray();
        byte[] share = PeerCrypto.Multiply(PeerCrypto.PasscodeScalars(World.Passcode, salt, 1000).W0, PeerCrypto.SpakeM);
        AssertFails(world, World.Passcode, new PaseOptions { Pake1 = _ => new PeerTlv().Struct().Bytes(1, share).End().ToArray() });
    }

    [Fact]
    public void WrongPasscode_IsInvalidParameter_AndCounts_TC_SC_2_3()
    {
        AssertFails(new PaseOptions(), World.Passcode + 1, 1);
    }

    [Fact]
    public void MalformedPake3_IsInvalidParameter_AndCounts()
    {
        // Who has Pake2 has tried a passcode, whatever Pake3 is.
        AssertFails(new PaseOptions { Pake3 = p => p.AsSpan(0, 20).ToArray() }, World.Passcode, 1);
    }

    [Fact]
    public void PeerThatReportsTheError_AfterPake2_GetsNoAnswer_ButHasGuessed()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await PaseInitiator.RunAsync(peer.Matter, World.Passcode, new PaseOptions { StopAfter = 0x22 });
            await result.Exchange.ReceiveAsync();
            int before = peer.Matter.Log.Count;
            result.Exchange.Send(0, 0x40, PeerStatus.Build(1, InvalidParameter));
            await world.Time.Delay(3000);
            Assert.All(peer.Matter.Log.Skip(before), m => Assert.Equal(0x10, m.Opcode));
        });
        Assert.Equal(1, world.Node.Window.Failures);
        world.AssertPools(0);
    }

    [Fact]
    public void SecondRequest_IsBusy_AndTheFirstHandshakeGoesOn_D22()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer first = world.AddPeer();
        VirtualPeer second = world.AddPeer();
        world.Run(async () =>
        {
            PaseOptions options = new()
            {
                BeforePake1 = async () =>
                {
                    PeerStatus busy = (await PaseInitiator.RunAsync(second.Matter, World.Passcode)).Status;
                    AssertBusy(busy);
                    Assert.InRange(busy.BusyMilliseconds, 250, 1800);
                },
            };
            HandshakeResult result = await PaseInitiator.RunAsync(first.Matter, World.Passcode, options);
            Assert.True(result.IsSuccess);
            AssertBusy((await PaseInitiator.RunAsync(second.Matter, World.Passcode)).Status);
            await World.AssertWorks(first.Matter, result.Session);
        });
        Assert.Equal(0, world.Node.Window.Failures);
        Assert.Equal(0, second.Matter.Retransmissions);
        Assert.Single(world.Node.Opened);
        world.AssertPools(1);
    }

    [Fact]
    public void RequestAgain_OnItsOwnExchange_DoesNotLengthenTheMinute_D22()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult stopped = await PaseInitiator.RunAsync(peer.Matter, World.Passcode, new PaseOptions { StopAfter = 0x20 });
            await stopped.Exchange.ReceiveAsync();
            long start = world.Time.Milliseconds;
            await world.Time.Delay(25_000);

            // Which is thereby not idle: the minute alone ends it.
            stopped.Exchange.Send(0, 0x20, new byte[] { 0x15, 0x18 });
            await world.Time.Delay(start + 55_000 - world.Time.Milliseconds);
            stopped.Exchange.Send(0, 0x20, new byte[] { 0x15, 0x18 });
            await world.Time.Delay(start + 59_900 - world.Time.Milliseconds);
            Assert.True(world.Node.SecureChannel.IsHandshakeRunning);
            await world.Time.Delay(200);
            Assert.False(world.Node.SecureChannel.IsHandshakeRunning);
        });
        Assert.Equal(0, world.Node.Window.Failures);
        world.AssertPools(0);
    }

    [Theory]
    [InlineData(0x20, 0)]
    [InlineData(0x22, 1)]
    public void SilentCommissioner_GivesWayToTheNext_AfterASecondAndAHalf(int stopAfter, int guesses)
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer silent = world.AddPeer();
        VirtualPeer next = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult stopped = await PaseInitiator.RunAsync(silent.Matter, World.Passcode, new PaseOptions { StopAfter = stopAfter });
            await stopped.Exchange.ReceiveAsync();
            await world.Time.Delay(1000);
            AssertBusy((await PaseInitiator.RunAsync(next.Matter, World.Passcode)).Status);
            await world.Time.Delay(1000);
            Assert.True((await PaseInitiator.RunAsync(next.Matter, World.Passcode)).IsSuccess);
        });
        Assert.Equal(guesses, world.Node.Window.Failures);
        Assert.Equal(1U, world.Node.SecureChannel.Counters.Get(SecureChannelCounters.Replaced));
        world.AssertPools(1);
    }

    [Fact]
    public void MalformedRequest_TakesNobodysPlace()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer slow = world.AddPeer();
        VirtualPeer stranger = world.AddPeer();
        world.Run(async () =>
        {
            PaseOptions options = new()
            {
                BeforePake1 = async () =>
                {
                    await world.Time.Delay(5000);
                    PaseOptions bad = new() { Request = r => r.AsSpan(0, r.Length - 1).ToArray() };
                    Assert.Equal(InvalidParameter, (await PaseInitiator.RunAsync(stranger.Matter, World.Passcode, bad)).Status.Code);
                },
            };
            Assert.True((await PaseInitiator.RunAsync(slow.Matter, World.Passcode, options)).IsSuccess);
        });
    }

    [Fact]
    public void MalformedMessages_NeverCloseTheWindow()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer stranger = world.AddPeer();
        VirtualPeer real = world.AddPeer();
        world.Run(async () =>
        {
            for (int i = 0; i < 30; i++)
            {
                PaseOptions bad = (i % 3) switch
                {
                    0 => new() { Request = r => new byte[i] },
                    1 => new() { PasscodeId = (ulong)i << 40 },
                    _ => new() { Pake1 = p => new byte[i] },
                };
                Assert.Equal(InvalidParameter, (await PaseInitiator.RunAsync(stranger.Matter, World.Passcode, bad)).Status.Code);
            }

            Assert.True((await PaseInitiator.RunAsync(real.Matter, World.Passcode)).IsSuccess);
        });
        Assert.Equal(0, world.Node.Window.Failures);
    }

    [Fact]
    public void NothingComputedForUs_IsNoGuess()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            for (int i = 0; i < 25; i++)
            {
                PaseOptions options = new()
                {
                    BeforePake1 = () =>
                    {
                        world.Node.Worker.FailsIn = 1;
                        return Task.CompletedTask;
                    },
                };
                Assert.False((await PaseInitiator.RunAsync(peer.Matter, World.Passcode, options)).IsSuccess);
            }
        });
        Assert.Equal(0, world.Node.Window.Failures);
    }

    [Fact]
    public void CommissionerThatDies_FreesTheWindow()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer dead = world.AddPeer();
        VirtualPeer next = world.AddPeer();
        world.Run(async () =>
        {
            await PaseInitiator.RunAsync(dead.Matter, World.Passcode, new PaseOptions { StopAfter = 0x20 });
            world.Network.Detach(dead.Number);
            await world.Time.Delay(8_000);
            HandshakeResult result = await PaseInitiator.RunAsync(next.Matter, World.Passcode);
            Assert.True(result.IsSuccess);
        });
        Assert.Equal(0, world.Node.Window.Failures);
    }

    [Fact]
    public void TwentyGuesses_CloseTheFirstWindowOfANewNode_UntilAPauseIsOver()
    {
        World world = new(join: false);
        byte[] salt = new byte[32];
        world.Node.Window.SetFactoryParameters(PeerCrypto.Verifier(World.Passcode, salt, 1000), 1000, salt, 3840);
        world.Node.Window.OpenInitial(3600);
        long end = world.Time.Milliseconds + 3_600_000;
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            for (int round = 0; round < 3; round++)
            {
                for (int i = 0; i < 20; i++)
                {
                    Assert.Equal(InvalidParameter, (await PaseInitiator.RunAsync(peer.Matter, World.Passcode + 1)).Status.Code);
                }

                Assert.False(world.Node.Window.IsOpen);
                await world.Time.Delay(CommissioningWindow.PauseAfterGuesses - 100);
                Assert.False(world.Node.Window.IsOpen);
                await world.Time.Delay(100);
                Assert.True(world.Node.Window.IsOpen);
                Assert.True(world.Node.Window.IsInitial);
            }

            Assert.True((await PaseInitiator.RunAsync(peer.Matter, World.Passcode)).IsSuccess);
        });
        world.Node.Sessions.GetPaseSession().Destroy(false, false);

        // The pause does not move the end.
        Assert.True(world.Time.RunUntil(() => !world.Node.Window.IsOpen, 3_600_000));
        Assert.InRange(world.Time.Milliseconds, end, end + 100);
        world.Time.RunFor(3_600_000);
        Assert.False(world.Node.Window.IsOpen);
    }

    [Fact]
    public void WindowClosedOrOpenedAnew_DuringThePause_StaysSo()
    {
        World world = new(join: false);
        byte[] salt = new byte[32];
        world.Node.Window.SetFactoryParameters(PeerCrypto.Verifier(World.Passcode, salt, 1000), 1000, salt, 3840);
        CommissioningWindow window = world.Node.Window;
        void Guess(int times)
        {
            for (int i = 0; i < times; i++)
            {
                window.CountFailure();
            }
        }

        window.OpenInitial(3600);
        Guess(20);
        window.Close();
        world.Time.RunFor(CommissioningWindow.PauseAfterGuesses + 1);
        Assert.False(window.IsOpen);

        window.OpenInitial(3600);
        Guess(20);
        window.OpenBasic(180, 1, 0xfff1);
        world.Time.RunFor(CommissioningWindow.PauseAfterGuesses + 1);
        Assert.Equal(CommissioningWindow.BasicWindowOpen, window.Status);
        Guess(20);
        world.Time.RunFor(CommissioningWindow.PauseAfterGuesses + 1);
        Assert.False(window.IsOpen);

        // Its time is over before the pause is.
        window.OpenInitial(180);
        world.Time.RunFor(179_000);
        Guess(20);
        world.Time.RunFor(CommissioningWindow.PauseAfterGuesses + 1);
        Assert.False(window.IsOpen);
    }

    [Fact]
    public void TwentyFailures_CloseTheWindow_AndANewOneOpens_TC_CADMIN_1_9()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                Assert.True(world.Node.Window.IsOpen);
                HandshakeResult result = await PaseInitiator.RunAsync(peer.Matter, World.Passcode + 1);
                Assert.Equal(InvalidParameter, result.Status.Code);
            }

            Assert.False(world.Node.Window.IsOpen);
            int before = peer.Matter.Log.Count;
            await Assert.ThrowsAsync<TimeoutException>(() => PaseInitiator.RunAsync(peer.Matter, World.Passcode));
            Assert.All(peer.Matter.Log.Skip(before), m => Assert.Equal(0x10, m.Opcode));
            world.Node.OpenWindow(World.Passcode);
            Assert.True((await PaseInitiator.RunAsync(peer.Matter, World.Passcode)).IsSuccess);
        });
    }

    [Fact]
    public void WindowClosedDuringAHandshake_EndsItSilently()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            PaseOptions options = new()
            {
                BeforePake1 = () =>
                {
                    world.Node.Window.Close();
                    return Task.CompletedTask;
                },
            };
            await Assert.ThrowsAsync<TimeoutException>(() => PaseInitiator.RunAsync(peer.Matter, World.Passcode, options));
        });
        Assert.DoesNotContain(peer.Matter.Log, m => m.Opcode == 0x40);
        world.AssertPools(0);
    }

    [Fact]
    public void WindowOpenedAgain_WhileSecretsOfTheLastOneAreDrawn_TakesTheNewPasscode()
    {
        World world = new(join: false);
        world.Node.Worker.JobTime = 3000;
        world.Node.OpenWindow(World.Passcode);
        world.Time.RunFor(100);
        world.Node.Window.Close();
        world.Node.OpenWindow(World.Passcode + 1);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () => Assert.True((await PaseInitiator.RunAsync(peer.Matter, World.Passcode + 1)).IsSuccess));
        Assert.Equal(0, world.Node.Window.Failures);
        world.AssertPools(1);
    }

    [Fact]
    public void JobThatFails_SendsNoPake2_AndTheNextHandshakeSucceeds()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            PaseOptions options = new()
            {
                StopAfter = 0x22,
                BeforePake1 = () =>
                {
                    world.Node.Worker.FailsIn = 1;
                    return Task.CompletedTask;
                },
            };
            HandshakeResult stopped = await PaseInitiator.RunAsync(peer.Matter, World.Passcode, options);
            PeerMessage answer = await stopped.Exchange.ReceiveAsync();
            Assert.Equal(0x40, answer.Opcode);
            Assert.Equal(InvalidParameter, PeerStatus.Parse(answer.Payload).Code);
            Assert.True((await PaseInitiator.RunAsync(peer.Matter, World.Passcode)).IsSuccess);
        });
    }

    [Theory]
    [InlineData(180)]
    [InlineData(172_800)]
    public void Window_EndsToTheMillisecond_ButNotUnderAHandshake_5_4_2_3_1(int seconds)
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode, seconds);
        long end = world.Time.Milliseconds + (seconds * 1000L);
        world.Time.RunUntil(() => false, end - 2000 - world.Time.Milliseconds);
        Assert.True(world.Node.Window.IsOpen);
        VirtualPeer peer = world.AddPeer();
        HandshakeResult result = null;
        world.Run(async () =>
        {
            result = await PaseInitiator.RunAsync(peer.Matter, World.Passcode, new PaseOptions { BeforePake1 = () => world.Time.Delay(5000) });
            Assert.True(result.IsSuccess);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        Assert.True(world.Node.Window.IsOpen);
        peer.Matter.Close(result.Session);
        world.Time.RunFor(10);
        Assert.False(world.Node.Window.IsOpen);

        world.Node.OpenWindow(World.Passcode, seconds);
        world.Time.RunFor((seconds * 1000L) - 1);
        Assert.True(world.Node.Window.IsOpen);
        world.Time.RunFor(1);
        Assert.False(world.Node.Window.IsOpen);
    }

    [Fact]
    public void HandshakeThatOutlivesItsWindow_FailsAndLeavesItClosed()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode, 180);
        world.Time.RunFor(179_000);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () => await PaseInitiator.RunAsync(peer.Matter, World.Passcode, new PaseOptions { StopAfter = 0x22 }));
        Assert.True(world.Node.Window.IsOpen);
        Assert.True(world.Time.RunUntil(() => !world.Node.Window.IsOpen, 61_000));
        world.AssertPools(0);
    }

    [Fact]
    public void SlowComputing_IsAcknowledgedAtOnce_AndTheReplyRepeatsTheAcknowledgement()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        world.Time.RunFor(1000);
        world.Node.Worker.JobTime = 5000;
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await PaseInitiator.RunAsync(peer.Matter, World.Passcode);
            Assert.True(result.IsSuccess);
        });
        Assert.Equal(0, peer.Matter.Retransmissions);
        PeerMessage ack = peer.Matter.Log.First(m => m.Opcode == 0x10);
        PeerMessage pake2 = peer.Matter.Log.First(m => m.Opcode == 0x23);
        Assert.Equal(ack.AcknowledgedCounter, pake2.AcknowledgedCounter);
        Assert.True(pake2.Time - ack.Time >= 5000);
    }

    [Fact]
    public void ExchangeLostWhileTheWorkerComputes_ItsResultIsDiscarded()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        world.Time.RunFor(1000);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            world.Node.Worker.JobTime = 5000;
            HandshakeResult result = await PaseInitiator.RunAsync(peer.Matter, World.Passcode, new PaseOptions { StopAfter = 0x22 });
            await world.Time.Delay(100);
            result.Exchange.Send(0, 0x40, PeerStatus.Build(1, InvalidParameter), reliable: false);
            await world.Time.Delay(100);
            VirtualPeer next = world.AddPeer();

            // While the old result is on its way nobody else starts; afterwards everybody may.
            AssertBusy((await PaseInitiator.RunAsync(next.Matter, World.Passcode)).Status);
            await world.Time.Delay(5000);
            Assert.True((await PaseInitiator.RunAsync(next.Matter, World.Passcode)).IsSuccess);
        });
        Assert.DoesNotContain(peer.Matter.Log, m => m.Opcode == 0x23);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Loss_Duplicates_AndReordering_DoNotBreakIt(int seed)
    {
        World world = new(seed, join: false);
        world.Network.Loss = 0.15;
        world.Network.Duplicates = 0.2;
        world.Network.MaxDelay = 40;
        world.Node.OpenWindow(World.Passcode);
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await PaseInitiator.RunAsync(peer.Matter, World.Passcode);
            Assert.True(result.IsSuccess);
            await World.AssertWorks(peer.Matter, result.Session);
        });
        Assert.Single(world.Node.Opened);
        world.AssertPools(1);
    }

    [Fact]
    public void NextSecrets_AreDrawnInIdleTime_SoThatOneJobIsLeft()
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        world.Time.RunFor(100);
        int idle = world.Node.Worker.Posted;
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult stopped = await PaseInitiator.RunAsync(peer.Matter, World.Passcode, new PaseOptions { StopAfter = 0x22 });
            await stopped.Exchange.ReceiveAsync();
        });
        Assert.Equal(idle + 1, world.Node.Worker.Posted);
        Assert.Equal(0U, world.Node.SecureChannel.Counters.Get(SecureChannelCounters.PaseFailed));
    }

    private static void AssertBusy(PeerStatus status)
    {
        Assert.Equal(8, status.General);
        Assert.Equal(0U, status.Protocol);
        Assert.Equal(4, status.Code);
    }

    private static void AssertFails(PaseOptions options, uint passcode = World.Passcode, int guesses = 0)
    {
        World world = new(join: false);
        world.Node.OpenWindow(World.Passcode);
        AssertFails(world, passcode, options, guesses);
    }

    private static void AssertFails(World world, uint passcode, PaseOptions options, int guesses = 0)
    {
        VirtualPeer peer = world.AddPeer();
        world.Run(async () =>
        {
            HandshakeResult result = await PaseInitiator.RunAsync(peer.Matter, passcode, options);
            Assert.False(result.IsSuccess);
            Assert.Equal(1, result.Status.General);
            Assert.Equal(0U, result.Status.Protocol);
            Assert.Equal(InvalidParameter, result.Status.Code);
            Assert.Equal(guesses, world.Node.Window.Failures);

            // And the next one is not held up.
            Assert.True((await PaseInitiator.RunAsync(peer.Matter, World.Passcode)).IsSuccess);
        });
        Assert.Single(world.Node.Opened);
        world.AssertPools(1);
    }
}
