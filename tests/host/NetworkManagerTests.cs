using System;
using System.Diagnostics;
using System.Text;
using System.Threading.Tasks;
using MatterNano.Host.NetworkManager;
using MatterNano.Platform;
using Xunit;

namespace MatterNano.Host.Tests;

/// <summary>The computer's own Wi-Fi through NetworkManager, against python-dbusmock.</summary>
public sealed class NetworkManagerTests
{
    private const uint NeedAuthentication = 60;
    private const uint Disconnected = 30;
    private const uint Failed = 120;

    [NetworkManagerFact]
    public async Task NothingIsTouched_UntilANetworkIsJoined()
    {
        using NetworkManagerMock mock = await NetworkManagerMock.Start();
        using NetworkManagerWifi wifi = await NetworkManagerWifi.Open("", new HostSignal(), mock.Address);
        await Scan(wifi, "");
        Assert.Equal(WifiState.Disconnected, wifi.State);
        foreach (string method in new[] { "Activate", "Deactivate", "Delete", "Disconnect", "Update" })
        {
            Assert.DoesNotContain(method, mock.Calls());
        }
    }

    [NetworkManagerFact]
    public async Task Scan_StrongestFirst_AndTheOneAskedForAlone()
    {
        using NetworkManagerMock mock = await NetworkManagerMock.Start();
        using NetworkManagerWifi wifi = await NetworkManagerWifi.Open("wlan7", new HostSignal(), mock.Address);
        await Scan(wifi, "");

        // dbusmock tells the same keys for WPA and WPA2.
        Assert.Equal("home 001122334466 36 2 -60 12; cafe 001122334477 6 0 -70 1; home 001122334455 1 0 -80 12", Points(wifi));
        await Scan(wifi, "cafe");
        Assert.Equal("cafe 001122334477 6 0 -70 1", Points(wifi));
        await Scan(wifi, "nowhere");
        Assert.Equal("", Points(wifi));
    }

    [NetworkManagerFact]
    public async Task Join_WithTheStrongest_TellsTheConnection_AndItsLoss()
    {
        using NetworkManagerMock mock = await NetworkManagerMock.Start();
        await mock.ActivateSlowly();
        using NetworkManagerWifi wifi = await NetworkManagerWifi.Open("", new HostSignal(), mock.Address);
        Join(wifi, "home", "correct horse");
        Assert.Equal(WifiState.Connecting, wifi.State);
        await Until(() => mock.Calls().Contains("AddAndActivateConnection"));
        string call = Array.Find(mock.Calls().Split('\n'), line => line.Contains("AddAndActivateConnection"));
        Assert.Contains("correct horse", call);
        Assert.Contains("wpa-psk", call);
        Assert.Contains("AccessPoint/near", call);
        Assert.False(wifi.GetConnection(new WifiAccessPoint()));
        await mock.TellState(NeedAuthentication, 0);
        await mock.TellState(100, 0);
        await Until(() => wifi.State == WifiState.Connected);
        WifiAccessPoint point = new();
        Assert.True(wifi.GetConnection(point));
        Assert.Equal("home", Encoding.UTF8.GetString(point.Ssid, 0, point.SsidLength));
        int changes = wifi.ChangeCount;
        await mock.TellState(Disconnected, 8);
        await Until(() => wifi.State == WifiState.Disconnected);
        Assert.True(wifi.ChangeCount > changes);
    }

    [NetworkManagerFact]
    public async Task Join_TellsWhyItFailed()
    {
        using NetworkManagerMock mock = await NetworkManagerMock.Start();
        await mock.ActivateSlowly();
        using NetworkManagerWifi wifi = await NetworkManagerWifi.Open("", new HostSignal(), mock.Address);
        Join(wifi, "nowhere", "correct horse");
        await Until(() => wifi.State == WifiState.Failed);
        Assert.Equal(WifiState.ReasonNotFound, wifi.FailureReason);
        Assert.DoesNotContain("AddAndActivate", mock.Calls());
        foreach ((uint number, int reason) in new[] { (7u, WifiState.ReasonAuthentication), (8u, WifiState.ReasonAuthentication), (11u, WifiState.ReasonAuthentication), (53u, WifiState.ReasonNotFound), (1u, WifiState.ReasonOther) })
        {
            int before = mock.Calls().Split("AddAndActivateConnection").Length;
            Join(wifi, "home", "wrong battery");
            await Until(() => mock.Calls().Split("AddAndActivateConnection").Length > before);
            await Until(async () =>
            {
                await mock.TellState(Failed, number);
                return wifi.State == WifiState.Failed;
            });
            Assert.Equal(reason, wifi.FailureReason);
            Assert.Equal((int)number, wifi.ErrorValue);
        }
    }

    [NetworkManagerFact]
    public async Task Disconnect_TakesBackWhatWasMade()
    {
        using NetworkManagerMock mock = await NetworkManagerMock.Start();
        await mock.ActivateSlowly();
        using NetworkManagerWifi wifi = await NetworkManagerWifi.Open("", new HostSignal(), mock.Address);
        wifi.Disconnect();
        Assert.DoesNotContain("DeactivateConnection", mock.Calls());
        Join(wifi, "cafe", "");
        await Until(() => mock.Calls().Contains("AddAndActivateConnection"));
        Assert.DoesNotContain("psk", Array.Find(mock.Calls().Split('\n'), line => line.Contains("AddAndActivateConnection")));
        await Until(async () =>
        {
            await mock.TellState(100, 0);
            return wifi.State == WifiState.Connected;
        });
        wifi.Disconnect();
        Assert.Equal(WifiState.Disconnected, wifi.State);
        await Until(() => mock.Calls().Contains("DeactivateConnection \"/org/freedesktop/NetworkManager/ActiveConnection/mine\""));
    }

    [NetworkManagerFact]
    public async Task NetworkManagerThatGoesAway_EndsScanAndJoin_AndHangsNothing()
    {
        NetworkManagerMock mock = await NetworkManagerMock.Start();
        using NetworkManagerWifi wifi = await NetworkManagerWifi.Open("", new HostSignal(), mock.Address);
        mock.Dispose();
        byte[] any = new byte[1];
        Assert.True(wifi.StartScan(any, 0, 0));
        await Until(() => wifi.ScanState == WifiState.ScanFailed);
        Assert.True(wifi.StartScan(any, 0, 0));
        await Until(() => wifi.ScanState == WifiState.ScanFailed);
        Join(wifi, "home", "correct horse");
        await Until(() => wifi.State == WifiState.Failed);
        wifi.Disconnect();
        Assert.Equal(WifiState.Disconnected, wifi.State);
    }

    [NetworkManagerFact]
    public async Task WithoutNetworkManagerOrDevice_OneLineSaysSo()
    {
        using NetworkManagerMock bus = NetworkManagerMock.StartBus();
        DriverException missing = await Assert.ThrowsAsync<DriverException>(() => NetworkManagerWifi.Open("", new HostSignal(), bus.Address));
        Assert.StartsWith("NetworkManager does not run", missing.Message);
        using NetworkManagerMock mock = await NetworkManagerMock.Start();
        missing = await Assert.ThrowsAsync<DriverException>(() => NetworkManagerWifi.Open("wlan0", new HostSignal(), mock.Address));
        Assert.Equal("NetworkManager has no Wi-Fi device wlan0.", missing.Message);
    }

    private static void Join(NetworkManagerWifi wifi, string ssid, string password)
    {
        byte[] name = Encoding.UTF8.GetBytes(ssid);
        byte[] secret = Encoding.UTF8.GetBytes(password);
        Assert.True(wifi.StartConnect(name, 0, name.Length, secret, 0, secret.Length));
    }

    private static async Task Scan(NetworkManagerWifi wifi, string ssid)
    {
        byte[] name = Encoding.UTF8.GetBytes(ssid);
        Assert.True(wifi.StartScan(name, 0, name.Length));
        await Until(() => wifi.ScanState == WifiState.ScanDone);
    }

    private static string Points(NetworkManagerWifi wifi)
    {
        string[] texts = new string[wifi.ScanCount];
        for (int i = 0; i < texts.Length; i++)
        {
            WifiAccessPoint point = new();
            wifi.GetScanResult(i, point);
            texts[i] = $"{Encoding.UTF8.GetString(point.Ssid, 0, point.SsidLength)} {Convert.ToHexString(point.Bssid)} {point.Channel} {point.Band} {point.Rssi} {point.Security}";
        }

        return string.Join("; ", texts);
    }

    private static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (Stopwatch time = Stopwatch.StartNew(); !await condition(); await Task.Delay(20))
        {
            Assert.True(time.ElapsedMilliseconds < 60000, "not within a minute");
        }
    }
}
