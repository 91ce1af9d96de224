extern alias board;
using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Text;
using MatterNano.Platform;
using Xunit;
using UdpNetwork = board::MatterNano.Esp32.UdpNetwork;
using WifiStation = board::MatterNano.Esp32.WifiStation;

namespace MatterNano.Esp32.Tests;

public sealed class WifiTests : IDisposable
{
    private readonly Bench _bench = new Bench();
    private readonly UdpNetwork _network;
    private readonly WifiStation _wifi;

    public WifiTests()
    {
        Signal signal = new Signal();
        _network = new UdpNetwork(signal);
        _wifi = new WifiStation(_network, signal);
    }

    public void Dispose()
    {
        _bench.Dispose();
    }

    [Fact]
    public void ScanFindsNamesAddressesAndSignal()
    {
        Assert.True(_wifi.StartScan(new byte[0], 0, 0));
        Assert.False(_wifi.StartScan(new byte[0], 0, 0));
        Bench.Until(() => _wifi.ScanState == WifiState.ScanDone, "a scan");
        Assert.Equal(2, _wifi.ScanCount);
        WifiAccessPoint point = new WifiAccessPoint();
        _wifi.GetScanResult(1, point);
        Assert.Equal("home", Encoding.UTF8.GetString(point.Ssid, 0, point.SsidLength));
        Assert.Equal("024E4D0000AF", Convert.ToHexString(point.Bssid));
        Assert.Equal(-48, point.Rssi);
        byte[] name = Encoding.UTF8.GetBytes("xhome");
        Assert.True(_wifi.StartScan(name, 1, 4));
        Bench.Until(() => _wifi.ScanState == WifiState.ScanDone, "a directed scan");
        Assert.Equal(1, _wifi.ScanCount);
    }

    [Fact]
    public void JoinsOnceThereIsAnAddress_AndComesBackAfterALoss()
    {
        _bench.Chip.Air.AddressDelay = 150;
        int changes = _wifi.ChangeCount;
        Assert.True(Connect("home", "correct horse"));
        Assert.Equal(WifiState.Connecting, _wifi.State);
        Bench.Until(() => _bench.Chip.Air.IsJoined, "associated");
        Assert.Equal(WifiState.Connecting, _wifi.State);
        Bench.Until(() => _wifi.State == WifiState.Connected, "an address");
        Assert.True(_network.HasAddress);
        Assert.True(_wifi.ChangeCount > changes);
        WifiAccessPoint point = new WifiAccessPoint();
        Assert.True(_wifi.GetConnection(point));
        Assert.Equal(4, point.SsidLength);

        _bench.Chip.Air.IsPresent = false;
        Bench.Until(() => _wifi.State == WifiState.Disconnected, "the loss");
        Assert.False(_network.HasAddress);
        Assert.False(_wifi.GetConnection(point));
        _bench.Chip.Air.IsPresent = true;
        Bench.Until(() => _wifi.State == WifiState.Connected, "the return");

        _wifi.Disconnect();
        Assert.Equal(WifiState.Disconnected, _wifi.State);
        Assert.False(_bench.Chip.Air.IsJoined);
    }

    [Theory]
    [InlineData("home", "wrong battery", WifiState.ReasonAuthentication)]
    [InlineData("elsewhere", "correct horse", WifiState.ReasonNotFound)]
    public void RefusalIsTold_AndTheRightNetworkTakenAfterwards(string ssid, string password, int reason)
    {
        Assert.True(Connect(ssid, password));
        Bench.Until(() => _wifi.State == WifiState.Failed, "a refusal");
        Assert.Equal(reason, _wifi.FailureReason);
        Assert.True(Connect("home", "correct horse"));
        Bench.Until(() => _wifi.State == WifiState.Connected, "joined");

        // And from network to network: the station leaves the one before it joins the other.
        Assert.True(Connect("home", "correct horse"));
        Bench.Until(() => _wifi.State == WifiState.Connected, "joined again");
    }

    [Fact]
    public void DisconnectWhileJoining_LeavesNothingJoined()
    {
        _bench.Chip.Air.Delay = 300;
        ConcurrentQueue<string> station = new();
        _bench.Chip.Air.StationChanged += station.Enqueue;
        Assert.True(Connect("home", "correct horse"));
        Bench.Until(() => station.Contains("connecting"), "it joins");
        Assert.False(_wifi.StartScan(new byte[0], 0, 0));
        _wifi.Disconnect();
        Assert.Equal(WifiState.Disconnected, _wifi.State);
        Bench.Until(() => station.Contains("disconnected"), "what was joined after all is left");
        Assert.Equal(WifiState.Disconnected, _wifi.State);
        Assert.False(_bench.Chip.Air.IsJoined);
    }

    [Fact]
    public void NameThatNoStringHolds_IsRefused()
    {
        Assert.False(_wifi.StartConnect(new byte[] { (byte)'a', 0, (byte)'b' }, 0, 3, new byte[0], 0, 0));
    }

    [Fact]
    public void HardwareAddressIsTheStations()
    {
        Assert.Equal("024E4D000005", Convert.ToHexString(_wifi.GetHardwareAddress()));
    }

    private bool Connect(string ssid, string password)
    {
        byte[] name = Encoding.UTF8.GetBytes(ssid);
        byte[] secret = Encoding.UTF8.GetBytes(password);
        return _wifi.StartConnect(name, 0, name.Length, secret, 0, secret.Length);
    }
}
