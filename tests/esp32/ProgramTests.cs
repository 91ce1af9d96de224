using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using MatterNano.Peer;
using Xunit;

namespace MatterNano.Esp32.Tests;

/// <summary>The program that is flashed, unchanged, from power to power.</summary>
public sealed class ProgramTests : IDisposable
{
    private const uint Passcode = 20202021;
    private const ulong NodeId = 0x77;
    private const uint OnOff = 6;

    private readonly string _storage = Path.Combine(Path.GetTempPath(), "esp32-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_storage))
        {
            Directory.Delete(_storage, true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Light_IsCommissioned_Switched_SurvivesAPowerCut_AndForgetsAll(bool ipv6)
    {
        int port = LightProcess.FreePort();
        string[] options = ipv6 ? new[] { "--joined" } : new[] { "--joined", "--no-ipv6" };
        using UdpPeerHost host = new UdpPeerHost(new IPEndPoint(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, port), 7);
        PeerFabric fabric = new PeerFabric(0x1122);
        Commissioned home = null;
        using (LightProcess light = new LightProcess(_storage, port, options))
        {
            JsonElement ready = light.Expect("ready");
            Assert.Equal(0, ready.GetProperty("fabrics").GetInt32());
            host.Run(async () =>
            {
                home = await PeerCommissioner.RunAsync(host.Matter, Passcode, fabric, NodeId, fabric.CreateIdentity(0x5));
                Assert.Equal(0, (await home.Client.InvokeAsync(1, OnOff, 2)).Status);
                Assert.True((await home.Client.ReadOneAsync(1, OnOff, 0)).Boolean);
            });
            light.Expect("commissioned");
            light.ExpectLed(true);

            // The button, and the passcode nowhere on the serial log.
            light.Ask("toggle");
            light.ExpectLed(false);
            host.Run(async () => Assert.False((await home.Client.ReadOneAsync(1, OnOff, 0)).Boolean));
            Assert.DoesNotContain(light.Serial, line => line.Contains(Passcode.ToString()));
            light.CutPower();
        }

        using (LightProcess light = new LightProcess(_storage, port, options))
        {
            Assert.Equal(1, light.Expect("ready").GetProperty("fabrics").GetInt32());
            host.Run(async () =>
            {
                HandshakeResult again = await CaseInitiator.RunAsync(
                    host.Matter, home.Administrator, NodeId, new CaseOptions { Resumption = home.Case.Resumption });
                Assert.True(again.IsResumed);
                ImClient client = new(host.Matter, again.Session);
                Assert.Equal(0, (await client.InvokeAsync(1, OnOff, 1)).Status);
            });

            // Held for long, but not long enough.
            light.Ask("hold 2500");
            light.ExpectLed(true);
            light.Ask("reset");
            JsonElement anew = light.Expect("ready");
            Assert.Equal(0, anew.GetProperty("fabrics").GetInt32());
            Assert.Contains(light.Serial, line => line.Contains("Factory reset"));

            // The identity and how often it was advertised.
            Assert.Equal(
                new[] { "identity.0", "identity.cd.0", "identity.count.", "identity.dac.0", "identity.key.0", "identity.pai.0" },
                Identity().Select(name => name.StartsWith("identity.count.") ? "identity.count." : name).Distinct());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LightOnACable_IsCommissionedOverIp_AndSurvivesAPowerCut(bool ipv6)
    {
        int port = LightProcess.FreePort();
        string[] options = ipv6 ? new[] { "--joined" } : new[] { "--joined", "--no-ipv6" };
        using UdpPeerHost host = new UdpPeerHost(new IPEndPoint(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, port), 7);
        PeerFabric fabric = new PeerFabric(0x1122);
        Commissioned home = null;
        using (LightProcess light = LightProcess.StartCable(_storage, port, options))
        {
            light.Expect("ready");
            host.Run(async () =>
            {
                home = await PeerCommissioner.RunAsync(host.Matter, Passcode, fabric, NodeId, fabric.CreateIdentity(0x5));
                Assert.Equal(0, (await home.Client.InvokeAsync(1, OnOff, 2)).Status);

                // NetworkCommissioning with the feature of Ethernet, and an interface of its type.
                Assert.Equal(4u, (uint)(await home.Client.ReadOneAsync(0, 0x31, 0xfffc)).Unsigned);
                Assert.Equal(2u, (uint)(await home.Client.ReadOneAsync(0, 0x33, 0)).Items[0][7].Unsigned);
            });
            light.ExpectLed(true);
            light.CutPower();
        }

        using (LightProcess light = LightProcess.StartCable(_storage, port, options))
        {
            Assert.Equal(1, light.Expect("ready").GetProperty("fabrics").GetInt32());
            host.Run(async () =>
            {
                HandshakeResult again = await CaseInitiator.RunAsync(
                    host.Matter, home.Administrator, NodeId, new CaseOptions { Resumption = home.Case.Resumption });
                Assert.True(again.IsResumed);
            });
        }
    }

    [Fact]
    public void WithoutIdentity_ItSaysHowToGetOne()
    {
        using LightProcess light = new LightProcess(_storage, LightProcess.FreePort(), "--no-identity");
        Bench.Until(() => light.Serial.Any(line => line.Contains("boards/tools/factory")), "the advice");
        Assert.DoesNotContain(light.Serial, line => line.Contains("Ready"));
    }

    private string[] Identity()
    {
        return Directory.GetFiles(_storage, "identity*").Select(Path.GetFileName).OrderBy(n => n, StringComparer.Ordinal).ToArray();
    }
}
