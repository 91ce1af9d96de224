namespace MatterNano.Platform;

/// <summary>The Wi-Fi station of a board. Nothing here blocks: the loop starts work and polls <see cref="ChangeCount"/>.</summary>
public interface IWifi
{
    /// <summary>Grows by one whenever <see cref="State"/> or <see cref="ScanState"/> may have changed; the driver also wakes the loop.</summary>
    int ChangeCount { get; }

    /// <summary>One of the states of <see cref="WifiState"/>.</summary>
    int State { get; }

    /// <summary>Why <see cref="State"/> became <see cref="WifiState.Failed"/>: one of the reasons of <see cref="WifiState"/>.</summary>
    int FailureReason { get; }

    /// <summary>The driver's own number for that reason, told to the commissioner as it is.</summary>
    int ErrorValue { get; }

    /// <summary>One of the scan states of <see cref="WifiState"/>.</summary>
    int ScanState { get; }

    /// <summary>Access points found by the last scan.</summary>
    int ScanCount { get; }

    /// <summary>True when the board can stay on BLE while it joins Wi-Fi.</summary>
    bool IsConcurrent { get; }

    /// <summary>Begins to look for access points.</summary>
    /// <param name="ssid">Holds the name to look for.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">Its length in bytes; 0 looks for all.</param>
    /// <returns>False when the radio cannot now.</returns>
    bool StartScan(byte[] ssid, int offset, int length);

    /// <summary>Copies one access point found.</summary>
    /// <param name="index">0 to <see cref="ScanCount"/> - 1.</param>
    /// <param name="into">Receives it.</param>
    void GetScanResult(int index, WifiAccessPoint into);

    /// <summary>Begins to join a network; leaves the present one.</summary>
    /// <param name="ssid">Holds the name.</param>
    /// <param name="ssidOffset">Where it begins.</param>
    /// <param name="ssidLength">1 to 32.</param>
    /// <param name="credentials">Holds passphrase or key; the driver keeps no reference.</param>
    /// <param name="credentialsOffset">Where they begin.</param>
    /// <param name="credentialsLength">0 (open network) to 64.</param>
    /// <returns>False when the radio cannot now.</returns>
    bool StartConnect(byte[] ssid, int ssidOffset, int ssidLength, byte[] credentials, int credentialsOffset, int credentialsLength);

    /// <summary>Leaves the network, or gives up joining one.</summary>
    void Disconnect();

    /// <summary>Describes the access point that the station is connected to.</summary>
    /// <returns>False when it is not connected.</returns>
    bool GetConnection(WifiAccessPoint into);
}
