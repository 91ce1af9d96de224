using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MatterNano.Discovery;
using MatterNano.Interaction;
using MatterNano.Peer;
using Xunit;

namespace MatterNano.Simulation;

/// <summary>Commissioning over BLE onto Wi-Fi, ended at every step in every way: what is left is the factory's, and the next attempt succeeds.</summary>
public class BleCommissioningTests
{
    private const uint Passcode = 20202021;
    private const ulong NodeId = 0x77;
    private const int Steps = 9;

    [Theory]
    [InlineData(247, 6)]
    [InlineData(23, 4)]
    public void EndedByTimeAtEachStep_LeavesTheFactoryState(int mtu, int window)
    {
        for (int steps = 0; steps < Steps; steps++)
        {
            BleWorld world = new(steps + 1, mtu, window);
            string factory = world.Snapshot();
            world.Run(steps);

            // The silent commissioner keeps the link alive; only the fail-safe's time ends it, or PASE's.
            world.Time.RunFor(130_000);
            Assert.Equal((steps, factory), (steps, world.Snapshot()));
            world.Central.Leave();
            world.AssertCommissionable(steps);
        }
    }

    [Fact]
    public void CentralThatNeverBeginsPase_IsDroppedAfterHalfAMinute_AndTheNextOneIsServed()
    {
        BleWorld world = new(90, 247, 6);
        world.Run(0);
        world.Time.RunFor(29_000);
        Assert.True(world.Radio.IsLinked);
        world.Time.RunFor(2_000);
        Assert.False(world.Radio.IsLinked);
        Assert.True(world.Radio.IsAdvertising);
        world.AssertCommissionable(0);
    }

    [Fact]
    public void CentralThatOutlivesTheWindow_IsDropped()
    {
        BleWorld world = new(91, 247, 6);
        world.Run(0);
        world.Time.RunFor(1_000);
        world.Light.Node.Window.Close();
        world.Time.RunFor(4_000);
        Assert.False(world.Radio.IsLinked);
        Assert.False(world.Radio.IsAdvertising);
    }

    [Fact]
    public void LinkLostAtEachStep_LeavesTheFactoryStateAtOnce_UnlessTheCommissionerComesOverIp()
    {
        for (int steps = 0; steps < Steps; steps++)
        {
            BleWorld world = new(steps + 100, 247, 6);
            string factory = world.Snapshot();
            world.Run(steps);
            world.Central.Leave();
            world.Time.RunFor(1);
            bool goesOn = steps >= 7;
            Assert.Equal((steps, goesOn), (steps, world.Light.Node.Root.FailSafe.IsArmed));
            Assert.Equal((steps, !goesOn), (steps, world.Radio.IsAdvertising));
            if (goesOn)
            {
                world.Time.RunFor(61_000);
            }

            Assert.Equal((steps, factory), (steps, world.Snapshot()));
            world.AssertCommissionable(steps);
        }
    }

    [Fact]
    public void PowerCutAtEachStep_LeavesTheFactoryState()
    {
        for (int steps = 0; steps < Steps; steps++)
        {
            BleWorld world = new(steps + 200, 185, 6);
            string factory = world.Snapshot();
            world.Run(steps);
            world.Restart();
            Assert.Equal((steps, factory), (steps, world.Snapshot()));
            world.AssertCommissionable(steps);
        }
    }

    [Fact]
    public void AfterCompletion_TheRadioIsClosed_AndANetworkOfItsOwnIsJoinedAfterARestart()
    {
        BleWorld world = new(300, 247, 6);
        world.Run(Steps + 1);
        world.Time.RunFor(5000);
        Assert.False(world.Radio.IsAdvertising);
        Assert.False(world.Radio.IsLinked);
        Assert.Null(world.Light.Node.Sessions.GetPaseSession());
        world.Restart();
        world.Time.RunFor(10);
        Assert.Equal(Platform.WifiState.Connected, world.Wifi.State);
        Assert.False(world.Radio.IsAdvertising);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(4000)]
    public void LightAnnouncesItself_WithinASecondOfItsAddress_AndAgainWhenItsNetworkIsBack(int addressDelay)
    {
        for (int seed = 500; seed < 510; seed++)
        {
            BleWorld world = new(seed, 247, 6);
            VirtualUdp udp = world.Light.Udp;
            long addressed = 0;
            long announced = 0;
            udp.Plug(false);
            world.Wifi.Joined = () => world.Time.Schedule(addressDelay, () =>
            {
                addressed = world.Time.Milliseconds;
                announced = 0;
                udp.Plug(true);
            });
            udp.Multicast = bytes =>
            {
                bool isOperational = Encoding.Latin1.GetString(bytes).Contains("\x07_matter\x04_tcp");
                announced = announced == 0 && (bytes[2] & 0x80) != 0 && isOperational ? world.Time.Milliseconds : announced;
            };
            world.AddressDelay = addressDelay + 1;
            world.Run(Steps + 1);
            Assert.InRange(announced - addressed, 0, 1000);

            // Heard of again as soon as the access point is, which the light looks for every second.
            world.Wifi.Lose();
            udp.Plug(false);
            announced = 0;
            world.Time.RunFor(60_500);
            Assert.Equal(0, announced);
            world.Wifi.IsThere = true;
            long back = world.Time.Milliseconds;
            world.Time.RunFor(10_000);
            Assert.InRange(announced - addressed, 0, 1000);
            Assert.InRange(announced - back - addressDelay, 0, 2000);
        }
    }

    [Fact]
    public void RotatingId_MovesEachTimeAdvertisingStarts_5_4_2_4_5()
    {
        BleWorld world = new(400, 247, 6, true);
        AssertId(1);

        // An attempt that failed, a restart, a factory reset.
        world.Run(3);
        world.Central.Leave();
        world.Time.RunFor(5);
        AssertId(2);
        world.Restart();
        AssertId(3);
        Assert.True(world.Light.Node.FactoryReset());
        world.Restart();
        AssertId(4);

        // A window of a commissioned device is told by DNS-SD alone.
        world.Run(Steps + 1);
        world.Time.RunFor(5000);
        Assert.True(world.Light.Node.OpenCommissioningWindow(180));
        world.Time.RunFor(5);
        Assert.False(world.Radio.IsAdvertising);
        Assert.StartsWith("0500", world.RotatingId);

        void AssertId(int count)
        {
            world.Time.RunFor(5);
            Assert.True(world.Radio.IsAdvertising);
            Assert.EndsWith("01", world.Radio.ServiceData);
            Assert.StartsWith($"{count:X2}00", world.RotatingId);
            Assert.Equal("15300012" + world.RotatingId + "18", world.Radio.AdditionalData);
        }
    }

    [Fact]
    public void WithoutAUniqueId_NothingMoreIsAdvertised()
    {
        BleWorld world = new(401, 247, 6);
        Assert.EndsWith("00", world.Radio.ServiceData);
        Assert.Equal(string.Empty, world.Radio.AdditionalData);
        Assert.Null(world.RotatingId);
    }

    private sealed class BleWorld
    {
        private readonly VirtualNetwork _network;
        private readonly int _seed;
        private readonly int _mtu;
        private readonly int _window;
        private readonly bool _rotates;
        private int _next = 10;

        public BleWorld(int seed, int mtu, int window, bool rotates = false)
        {
            _rotates = rotates;
            _seed = seed;
            _mtu = mtu;
            _window = window;
            Time = new VirtualTime();
            _network = new VirtualNetwork(Time, seed);
            Start(null);
            Time.RunFor(10);
        }

        public VirtualTime Time { get; }

        public VirtualRadio Radio { get; private set; }

        public VirtualWifi Wifi { get; private set; }

        public VirtualLight Light { get; private set; }

        public VirtualCentral Central { get; private set; }

        /// <summary>Milliseconds from ConnectNetwork's answer until the commissioner goes on over IP.</summary>
        public int AddressDelay { get; set; }

        public void Restart()
        {
            Light.PowerOff();
            Start(Light.Flash);
        }

        /// <summary>The identifier that DNS-SD tells; null for none.</summary>
        public string RotatingId
        {
            get
            {
                CommissionableService service = new();
                Assert.True(((IAdvertisedServices)Light.Node).TryGetCommissionable(service));
                return service.RotatingId;
            }
        }

        /// <summary>Records without the counters that must move on.</summary>
        public string Snapshot()
        {
            string[] counters = { EventLog.RecordName, "fab.last", "diag.boots", "count.group" };
            StringBuilder text = new();
            byte[] value = new byte[4096];
            foreach (string name in Light.Flash.List().Except(counters).OrderBy(n => n, StringComparer.Ordinal))
            {
                int length = Light.Flash.Read(name, value, 0, value.Length);
                text.Append(name).Append('=').Append(Convert.ToHexString(value, 0, length)).Append(';');
            }

            return text.ToString();
        }

        /// <summary>A whole commissioning succeeds, without a restart.</summary>
        public void AssertCommissionable(int steps)
        {
            Time.RunFor(5);
            Assert.True(Radio.IsAdvertising, "after step " + steps);
            Run(Steps + 1);
            Assert.Equal(1, Light.Node.Fabrics.Count);
        }

        /// <summary>The first steps of commissioning with a fresh controller.</summary>
        public void Run(int steps)
        {
            int number = _next++;
            Central = new VirtualCentral(Time, Radio, _seed + number);
            VirtualPeer peer = new(Time, _network, number, 1, _seed + (1000 * number));
            Time.Run(() => Commission(Central.Matter, peer.Matter, steps));
        }

        private async Task Commission(MatterPeer ble, MatterPeer ip, int steps)
        {
            Central.Connect(_mtu, _window);
            await Time.Delay(20);
            if (steps < 1)
            {
                return;
            }

            HandshakeResult pase = await PaseInitiator.RunAsync(ble, Passcode);
            Assert.True(pase.IsSuccess);
            ImClient client = new(ble, pase.Session);
            PeerFabric fabric = new(1);
            PeerIdentity administrator = fabric.CreateIdentity(0x1001);
            byte[] key = null;
            if (steps >= 2)
            {
                Assert.Equal(0, (await client.InvokeAsync(0, 0x30, 0, f => f.U(0, 60).U(1, 1))).Status);
            }

            if (steps >= 3)
            {
                await PeerCommissioner.AttestAsync(client);
                ImInvokeResult csr = await client.InvokeAsync(0, 0x3e, 4, f => f.Bytes(0, new byte[32]));
                key = PeerCommissioner.CsrPublicKey(PeerElement.Parse(csr.Fields[0].Data)[1].Data);
            }

            if (steps >= 4)
            {
                Assert.Equal(0, (await client.InvokeAsync(0, 0x3e, 0x0b, f => f.Bytes(0, fabric.RootCertificate))).Status);
            }

            if (steps >= 5)
            {
                byte[] noc = fabric.IssueNoc(NodeId, key);
                ImInvokeResult added = await client.InvokeAsync(
                    0, 0x3e, 6, f => f.Bytes(0, noc).Bytes(2, fabric.EpochKey).U(3, administrator.NodeId).U(4, 0xfff1));
                Assert.Equal(0UL, added.Fields[0].Unsigned);
            }

            if (steps >= 6)
            {
                ImInvokeResult network = await client.InvokeAsync(0, 0x31, 2, f => f.Bytes(0, "home"u8.ToArray()).Bytes(1, "correct horse"u8.ToArray()));
                Assert.Equal(0UL, network.Fields[0].Unsigned);
            }

            if (steps >= 7)
            {
                ImInvokeResult connected = await client.InvokeAsync(0, 0x31, 6, f => f.Bytes(0, "home"u8.ToArray()));
                Assert.Equal(0UL, connected.Fields[0].Unsigned);
                await Time.Delay(AddressDelay);
            }

            if (steps >= 8)
            {
                HandshakeResult secure = await CaseInitiator.RunAsync(ip, administrator, NodeId);
                Assert.True(secure.IsSuccess);
                if (steps > Steps)
                {
                    ImInvokeResult complete = await new ImClient(ip, secure.Session).InvokeAsync(0, 0x30, 4);
                    Assert.Equal(0UL, complete.Fields[0].Unsigned);
                }
            }
        }

        private void Start(Storage.MemoryFlash flash)
        {
            Radio = new VirtualRadio(Time);
            Wifi = new VirtualWifi();
            Light = new VirtualLight(Time, _network, 1, Passcode, _seed, flash, options =>
            {
                options.Ble = Radio;
                options.Settings.Wifi = Wifi;
                options.Identity.RotatingUniqueId = _rotates ? new byte[16] : null;
            });
        }
    }
}
