using System;
using MatterNano.Platform;

namespace NFUnitTest.Clusters;

/// <summary>A radio that does what the test says.</summary>
internal sealed class FakeWifi : IWifi
{
    internal bool Concurrent = true;
    internal int Points = 3;

    /// <summary>What was asked for, as "scan name;" "join name;" "leave;".</summary>
    internal string Calls = "";

    public int ChangeCount { get; private set; }

    public int State { get; private set; }

    public int FailureReason { get; private set; }

    public int ErrorValue { get; private set; }

    public int ScanState { get; private set; }

    public int ScanCount
    {
        get { return Points; }
    }

    public bool IsConcurrent
    {
        get { return Concurrent; }
    }

    internal void Become(int state, int reason, int error)
    {
        State = state;
        FailureReason = reason;
        ErrorValue = error;
        ChangeCount++;
    }

    internal void EndScan(int state)
    {
        ScanState = state;
        ChangeCount++;
    }

    public bool StartScan(byte[] ssid, int offset, int length)
    {
        Calls += "scan " + Hex.Text(ssid, offset, length) + ";";
        ScanState = WifiState.ScanRunning;
        return true;
    }

    public void GetScanResult(int index, WifiAccessPoint into)
    {
        into.Ssid[0] = (byte)(0x61 + index);
        into.SsidLength = 1;
        Array.Clear(into.Bssid, 0, 6);
        into.Bssid[5] = (byte)index;
        into.Channel = 1 + index;
        into.Band = 0;
        into.Rssi = index == 1 ? -30 : -60 - index;
        into.Security = WifiAccessPoint.Wpa2;
    }

    public bool StartConnect(byte[] ssid, int ssidOffset, int ssidLength, byte[] credentials, int credentialsOffset, int credentialsLength)
    {
        Calls += "join " + Hex.Text(ssid, ssidOffset, ssidLength) + "/" + credentialsLength + ";";
        State = WifiState.Connecting;
        return true;
    }

    public void Disconnect()
    {
        Calls += "leave;";
        State = WifiState.Disconnected;
    }

    public bool GetConnection(WifiAccessPoint into)
    {
        GetScanResult(1, into);
        return State == WifiState.Connected;
    }
}
