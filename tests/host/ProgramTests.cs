using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MatterNano.Onboarding;
using Xunit;

namespace MatterNano.Host.Tests;

public sealed class ProgramTests : IDisposable
{
    private const int Terminate = 15;
    private const int Interrupt = 2;

    private readonly TemporaryDirectory _directory = new();

    private string Storage => _directory["storage"];

    [Fact]
    public void Help_ListsEveryOption()
    {
        using HostProcess light = new(new[] { "--help" }, true);
        Assert.Equal(0, light.Wait());
        string text = string.Empty;
        for (string line = light.ReadLine(); line != null; line = light.ReadLine())
        {
            text += line;
        }

        foreach (string option in new[] { "--storage", "--port", "--passcode", "--discriminator", "--vendor", "--product", "--bind", "--no-mdns", "--json", "--log" })
        {
            Assert.Contains(option, text);
        }
    }

    [Theory]
    [InlineData("--colour")]
    [InlineData("light")]
    [InlineData("--port")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--port", "http")]
    [InlineData("--port", "1", "--port", "2")]
    [InlineData("--passcode", "11111111")]
    [InlineData("--passcode", "100000000")]
    [InlineData("--discriminator", "4096")]
    [InlineData("--vendor", "0x1234")]
    [InlineData("--product", "0")]
    [InlineData("--bind", "localhost")]
    [InlineData("--bind", "::")]
    [InlineData("--log", "loud")]
    public void BadOption_IsOneClearLineAndCode2(params string[] arguments)
    {
        List<string> all = new() { "--storage", Storage };
        all.AddRange(arguments);
        using HostProcess light = new(all, true);
        Assert.Equal(2, light.Wait());
        string error = Assert.Single(light.Errors);
        Assert.Contains(arguments[0], error);
        Assert.Null(light.ReadLine());
        Assert.False(Directory.Exists(Storage));
    }

    [Fact]
    public void Ready_IsFirst_AndItsCodesAgree()
    {
        using HostProcess light = Start("--passcode", "20202021", "--discriminator", "3840", "--product", "0x8005");
        JsonElement ready = light.Expect("ready");
        Assert.InRange(ready.GetProperty("port").GetInt32(), 1, 65535);
        Assert.Equal("34970112332", ready.GetProperty("manualCode").GetString());
        Assert.Equal(20202021, ready.GetProperty("passcode").GetInt32());
        Assert.Equal(3840, ready.GetProperty("discriminator").GetInt32());
        Assert.Equal(0, ready.GetProperty("fabrics").GetInt32());
        Assert.True(ready.GetProperty("commissionable").GetBoolean());
        OnboardingPayload payload = new();
        Assert.True(payload.TryReadQrCode(ready.GetProperty("qr").GetString()));
        Assert.Equal(20202021U, payload.Passcode);
        Assert.Equal(3840, payload.Discriminator);
        Assert.Equal(0xfff1, payload.VendorId);
        Assert.Equal(0x8005, payload.ProductId);
        Assert.Equal(OnboardingPayload.DiscoveryOnNetwork, payload.Discovery);
    }

    [Fact]
    public void Identity_IsMadeOnce_AndChangesOnlyWhereAnOptionSaysSo()
    {
        JsonElement first = ReadyOf();
        byte[] certificate = File.ReadAllBytes(Path.Combine(Storage, "identity.dac.rec"));
        JsonElement second = ReadyOf();
        foreach (string field in new[] { "qr", "manualCode", "passcode", "discriminator", "serialNumber" })
        {
            Assert.Equal(first.GetProperty(field).ToString(), second.GetProperty(field).ToString());
        }

        JsonElement third = ReadyOf("--passcode", "23456789");
        Assert.Equal(23456789, third.GetProperty("passcode").GetInt32());
        Assert.Equal(first.GetProperty("discriminator").GetInt32(), third.GetProperty("discriminator").GetInt32());
        Assert.Equal(first.GetProperty("serialNumber").GetString(), third.GetProperty("serialNumber").GetString());
        Assert.Equal(certificate, File.ReadAllBytes(Path.Combine(Storage, "identity.dac.rec")));
        Assert.Equal(third.GetProperty("qr").GetString(), ReadyOf().GetProperty("qr").GetString());

        // Another product needs another attestation.
        ReadyOf("--product", "0x8010");
        Assert.NotEqual(certificate, File.ReadAllBytes(Path.Combine(Storage, "identity.dac.rec")));
    }

    [Fact]
    public void TwoLights_ShareNothing()
    {
        JsonElement first = ReadyOf();
        byte[] key = File.ReadAllBytes(Path.Combine(Storage, "identity.key.rec"));
        Directory.Delete(Storage, true);
        JsonElement second = ReadyOf();
        Assert.NotEqual(first.GetProperty("passcode").GetInt32(), second.GetProperty("passcode").GetInt32());
        Assert.NotEqual(first.GetProperty("serialNumber").GetString(), second.GetProperty("serialNumber").GetString());
        Assert.NotEqual(key, File.ReadAllBytes(Path.Combine(Storage, "identity.key.rec")));
    }

    [Fact]
    public void Commands_AreAnswered()
    {
        using HostProcess light = Start();
        light.Expect("ready");
        Assert.False(light.Ask("state").GetProperty("onOff").GetBoolean());
        light.Type("toggle");
        JsonElement change = light.Expect("attribute");
        Assert.Equal(1, change.GetProperty("endpoint").GetInt32());
        Assert.Equal(6, change.GetProperty("cluster").GetInt32());
        Assert.Equal(0, change.GetProperty("attribute").GetInt32());
        Assert.True(change.GetProperty("value").GetBoolean());
        Assert.True(light.Expect("answer").GetProperty("onOff").GetBoolean());
        Assert.Equal(0, light.Ask("sessions").GetProperty("sessions").GetArrayLength());
        Assert.Equal(17, light.Ask("sessions").GetProperty("pools").GetProperty("secureSessions").GetProperty("size").GetInt32());
        Assert.Equal(0, light.Ask("sessions").GetProperty("counters").GetProperty("evicted").GetInt32());
        Assert.Equal(15, light.Ask("records").GetProperty("size").GetInt32());
        Assert.Equal(0, light.Ask("records").GetProperty("records").GetArrayLength());
        Assert.Equal(0, light.Ask("fabrics").GetProperty("fabrics").GetArrayLength());
        Assert.Contains("cannot", light.Ask("window").GetProperty("error").GetString());
        Assert.Contains("180", light.Ask("window 5").GetProperty("error").GetString());
        Assert.Contains("dance", light.Ask("dance").GetProperty("error").GetString());
        Assert.Contains("arguments", light.Ask("state now").GetProperty("error").GetString());
        light.Ask("quit");
        light.Expect("stopped");
        Assert.Equal(0, light.Wait());
    }

    [Theory]
    [InlineData(Terminate)]
    [InlineData(Interrupt)]
    public void Signal_StopsInOrder_AndTheStateIsKept(int signal)
    {
        using (HostProcess light = Start())
        {
            light.Expect("ready");
            light.Type("toggle");
            light.Expect("attribute");
            light.Expect("answer");
            light.Signal(signal);
            light.Expect("stopped");
            Assert.Equal(0, light.Wait());
            Assert.Empty(light.Errors);
        }

        Assert.True(ReadyOf().GetProperty("onOff").GetBoolean());
    }

    [Fact]
    public void PowerCut_LeavesABootableLight()
    {
        string code;
        using (HostProcess light = Start())
        {
            code = light.Expect("ready").GetProperty("qr").GetString();
        }

        Assert.Equal(code, ReadyOf().GetProperty("qr").GetString());
    }

    [Fact]
    public void EndOfInput_IsNotTheEndOfTheLight()
    {
        using HostProcess light = Start();
        light.Expect("ready");
        light.CloseInput();
        Assert.True(light.IsRunning(1000));
        light.Signal(Terminate);
        Assert.Equal(0, light.Wait());
    }

    [Fact]
    public void Reboot_StartsAnewOnTheSamePort_AndKeepsTheState()
    {
        int port = FreePort();
        using HostProcess light = new(new[] { "--json", "--no-mdns", "--bind", "127.0.0.1", "--storage", Storage, "--port", port.ToString() }, true);
        light.Expect("ready");
        light.Type("toggle");
        light.Expect("attribute");
        light.Expect("answer");
        for (int i = 0; i < 3; i++)
        {
            light.Ask("reboot");
            JsonElement ready = light.Expect("ready");
            Assert.Equal(port, ready.GetProperty("port").GetInt32());
            Assert.True(ready.GetProperty("onOff").GetBoolean());
        }
    }

    [Fact]
    public void Reset_ForgetsAllButTheIdentity()
    {
        using HostProcess light = Start();
        JsonElement before = light.Expect("ready");
        light.Type("toggle");
        light.Expect("attribute");
        light.Expect("answer");
        byte[] unique = File.ReadAllBytes(Path.Combine(Storage, "basic.unique.rec"));
        light.Ask("reset");
        JsonElement after = light.Expect("ready");
        Assert.Equal(before.GetProperty("qr").GetString(), after.GetProperty("qr").GetString());
        Assert.False(after.GetProperty("onOff").GetBoolean());
        Assert.NotEqual(unique, File.ReadAllBytes(Path.Combine(Storage, "basic.unique.rec")));
    }

    [Fact]
    public void BusyPort_IsAClearErrorThatNamesIt()
    {
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string port = ((IPEndPoint)other.LocalEndPoint).Port.ToString();
        using HostProcess light = new(new[] { "--json", "--no-mdns", "--bind", "127.0.0.1", "--storage", Storage, "--port", port }, true);
        Assert.Contains(port, light.Expect("error").GetProperty("message").GetString());
        Assert.Equal(1, light.Wait());
        Assert.Contains(port, Assert.Single(light.Errors));
    }

    [Fact]
    public void AddressOfAnotherComputer_IsAClearError()
    {
        using HostProcess light = new(new[] { "--json", "--no-mdns", "--bind", "192.0.2.1", "--storage", Storage }, true);
        Assert.Equal(1, light.Wait());
        Assert.Contains("--bind", Assert.Single(light.Errors));
    }

    [Fact]
    public void SecondLightInTheSameStorage_IsRefused()
    {
        using HostProcess first = Start();
        first.Expect("ready");
        using HostProcess second = Start();
        Assert.Equal(1, second.Wait());
        Assert.Contains("in use", Assert.Single(second.Errors));
        Assert.False(first.Ask("state").GetProperty("onOff").GetBoolean());
    }

    [Theory]
    [InlineData("/proc/light")]
    [InlineData("/dev/null")]
    public void StorageThatCannotBeWritten_IsAClearError(string path)
    {
        using HostProcess light = new(new[] { "--json", "--no-mdns", "--storage", path }, true);
        Assert.Equal(1, light.Wait());
        Assert.Contains(path, Assert.Single(light.Errors));
    }

    [Fact]
    public void DamagedRecord_IsToldAndSetAside_AndTheLightGoesOn()
    {
        string code = ReadyOf().GetProperty("qr").GetString();
        string file = Path.Combine(Storage, "basic.unique.rec");
        byte[] content = File.ReadAllBytes(file);
        content[12] ^= 1;
        File.WriteAllBytes(file, content);
        using HostProcess light = Start();
        Assert.Equal(code, light.Expect("ready").GetProperty("qr").GetString());
        Assert.Contains("basic.unique.rec.damaged", light.Expect("warning").GetProperty("message").GetString());
        Assert.Equal(content, File.ReadAllBytes(file + ".damaged"));
        Assert.Single(light.Errors);
    }

    [Fact]
    public void DamagedIdentity_IsMadeAnew_AndTheOldOneIsKept()
    {
        JsonElement first = ReadyOf();
        string file = Path.Combine(Storage, "identity.rec");
        byte[] content = File.ReadAllBytes(file);
        File.WriteAllBytes(file, content[..^1]);
        JsonElement second = ReadyOf();
        Assert.NotEqual(first.GetProperty("serialNumber").GetString(), second.GetProperty("serialNumber").GetString());
        Assert.True(File.Exists(file + ".damaged"));
    }

    [Fact]
    public void TextMode_ShowsCodesEventsAndAnswers()
    {
        using HostProcess light = new(new[] { "--no-mdns", "--bind", "127.0.0.1", "--port", "0", "--storage", Storage, "--passcode", "20202021", "--discriminator", "3840" }, true);
        string shown = string.Empty;
        string line;
        while ((line = light.ReadLine()) != null && !line.Contains("Commands:"))
        {
            shown += line + "\n";
        }

        Assert.Contains("3497-011-2332", shown);
        Assert.Contains("20202021", shown);
        light.Type("toggle");
        Assert.Contains("Light on", light.ReadLine());
        Assert.Contains("The light is on", light.ReadLine());
        light.Type("quit");
        Assert.Equal("Bye", light.ReadLine());
        Assert.Equal(0, light.Wait());
    }

    public void Dispose()
    {
        _directory.Dispose();
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint).Port;
    }

    private HostProcess Start(params string[] arguments)
    {
        List<string> all = new() { "--storage", Storage };
        all.AddRange(arguments);
        return new HostProcess(all);
    }

    private JsonElement ReadyOf(params string[] arguments)
    {
        using HostProcess light = Start(arguments);
        JsonElement ready = light.Expect("ready");
        light.Signal(Terminate);
        Assert.Equal(0, light.Wait());
        return ready;
    }
}
