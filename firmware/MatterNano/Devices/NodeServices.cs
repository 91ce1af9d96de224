using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;

namespace MatterNano.Devices;

/// <summary>The parts of a node that its clusters stand on. All are set before <see cref="RootNode"/> is made.</summary>
public sealed class NodeServices
{
    /// <summary>Time.</summary>
    public IClock Clock;

    /// <summary>Records.</summary>
    public IFlash Flash;

    /// <summary>Randomness.</summary>
    public IRandom Random;

    /// <summary>Runs elliptic-curve work.</summary>
    public IWorker Worker;

    /// <summary>Hashes and keys; used on the loop only.</summary>
    public SymmetricCrypto Crypto;

    /// <summary>The device's attestation.</summary>
    public IAttestationProvider Identity;

    /// <summary>Fabrics; not loaded yet.</summary>
    public FabricTable Fabrics;

    /// <summary>Sessions.</summary>
    public SessionManager Sessions;

    /// <summary>Commissioning window.</summary>
    public CommissioningWindow Window;

    /// <summary>Events.</summary>
    public EventLog Events;
}
