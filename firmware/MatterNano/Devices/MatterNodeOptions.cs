using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Onboarding;
using MatterNano.Platform;

namespace MatterNano.Devices;

/// <summary>What a board gives a node: its drivers, its identity, and what it is.</summary>
public sealed class MatterNodeOptions
{
    /// <summary>The UDP port of Matter.</summary>
    public const int DefaultPort = 5540;

    /// <summary>Time. Needed.</summary>
    public IClock Clock;

    /// <summary>Randomness. Needed.</summary>
    public IRandom Random;

    /// <summary>Records. Needed.</summary>
    public IFlash Flash;

    /// <summary>The IP network. Needed.</summary>
    public IUdp Udp;

    /// <summary>Wakes the loop. Needed.</summary>
    public ISignal Signal;

    /// <summary>Runs elliptic-curve work; null runs it on the loop.</summary>
    public IWorker Worker;

    /// <summary>The BLE radio for commissioning; null without one.</summary>
    public IBleRadio Ble;

    /// <summary>Diagnostics; null for none.</summary>
    public ILog Log;

    /// <summary>Hashes and ciphers of the loop; null for the managed ones. A board with native ones derives from the class.</summary>
    public SymmetricCrypto Crypto;

    /// <summary>Hashes and ciphers of the worker's thread; null for managed ones of its own.</summary>
    public SymmetricCrypto WorkerCrypto;

    /// <summary>What the factory gave the device. Needed; kept, and given the software version below.</summary>
    public DeviceIdentity Identity;

    /// <summary>The device's attestation; null takes it from the flash records of the factory.</summary>
    public IAttestationProvider Attestation;

    /// <summary>UDP port, 0 lets the system choose.</summary>
    public int Port = DefaultPort;

    /// <summary>True to be found by DNS-SD; without it nothing can find the node on the network.</summary>
    public bool Discovery = true;

    /// <summary>Seconds for which a device without fabric can be commissioned after its start, 180 to 172,800 (Core 5.4.2.3.1).</summary>
    public int InitialWindowSeconds = 900;

    /// <summary>Software version; rises with each release.</summary>
    public uint SoftwareVersion = 1;

    /// <summary>Software version for people, 1 to 64 bytes of UTF-8.</summary>
    public string SoftwareVersionString = "0.1.0";

    /// <summary>The rest of what the node says about itself; names and numbers of the device are taken from the identity.</summary>
    public RootNodeSettings Settings = new RootNodeSettings();
}
