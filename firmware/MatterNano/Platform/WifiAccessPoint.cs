namespace MatterNano.Platform;

/// <summary>An access point as a station hears it. A mutable value that its owner reuses.</summary>
public sealed class WifiAccessPoint
{
    /// <summary>Security: open.</summary>
    public const int Open = 0x01;

    /// <summary>Security: WEP.</summary>
    public const int Wep = 0x02;

    /// <summary>Security: WPA.</summary>
    public const int Wpa = 0x04;

    /// <summary>Security: WPA2.</summary>
    public const int Wpa2 = 0x08;

    /// <summary>Security: WPA3.</summary>
    public const int Wpa3 = 0x10;

    /// <summary>Network name.</summary>
    public readonly byte[] Ssid = new byte[32];

    /// <summary>Length of the name in bytes, 0 to 32.</summary>
    public int SsidLength;

    /// <summary>The access point's address.</summary>
    public readonly byte[] Bssid = new byte[6];

    /// <summary>Channel number.</summary>
    public int Channel;

    /// <summary>Band: 0 is 2.4 GHz, 2 is 5 GHz (WiFiBandEnum).</summary>
    public int Band;

    /// <summary>Signal strength in dBm, -120 to 0.</summary>
    public int Rssi;

    /// <summary>Securities offered, a bit each; of a connection the one in use.</summary>
    public int Security;

    /// <summary>Generation: 0 a, 1 b, 2 g, 3 n, 4 ac, 5 ax (WiFiVersionEnum).</summary>
    public int Version;
}
