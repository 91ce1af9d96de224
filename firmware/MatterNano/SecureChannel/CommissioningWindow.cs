using System;
using MatterNano.Platform;

namespace MatterNano.SecureChannel;

/// <summary>The one commissioning window of a node: whether PASE may start, with which passcode verifier, and until when (Core 5.4, 11.19).</summary>
/// <remarks>
/// PASE reads its parameters here and reports its failures; discovery listens; Administrator Commissioning opens and closes.
/// The verifier of an enhanced window is wiped when it closes.
/// </remarks>
public sealed class CommissioningWindow
{
    /// <summary>WindowStatus: no window, or only the initial one of a new device.</summary>
    public const int WindowNotOpen = 0;

    /// <summary>WindowStatus: open with an administrator's own passcode.</summary>
    public const int EnhancedWindowOpen = 1;

    /// <summary>WindowStatus: open with the factory passcode.</summary>
    public const int BasicWindowOpen = 2;

    /// <summary>Bytes of a PAKE passcode verifier: w0 (32), L uncompressed (65).</summary>
    public const int VerifierSize = 97;

    /// <summary>Longest salt in bytes; the shortest has <see cref="MinSalt"/>.</summary>
    public const int MaxSalt = 32;

    /// <summary>Shortest salt in bytes.</summary>
    public const int MinSalt = 16;

    /// <summary>Fewest PBKDF2 iterations.</summary>
    public const int MinIterations = 1000;

    /// <summary>Most PBKDF2 iterations.</summary>
    public const int MaxIterations = 100000;

    /// <summary>Shortest time-out in seconds (Core 5.4.2.3.1).</summary>
    public const int MinTimeout = 180;

    /// <summary>Longest time-out in seconds of a commissioned device.</summary>
    public const int MaxTimeout = 900;

    /// <summary>Failed attempts that close the window (Core 5.5).</summary>
    public const int MaxFailures = 20;

    /// <summary>Milliseconds after which the window of a new device opens again that guesses have closed: nobody has to pull the plug.</summary>
    public const int PauseAfterGuesses = 60000;

    private const int ListenerCount = 4;
    private const int DiscriminatorBits = 12;
    private const int MaxDiscriminator = 0xfff;

    private readonly IClock _clock;
    private readonly ICommissioningWindowListener[] _listeners = new ICommissioningWindowListener[ListenerCount];

    // Verifier, then salt, of the window that an administrator opened; null while there is none.
    private byte[] _own;
    private byte[] _factoryVerifier;
    private byte[] _factorySalt;
    private byte[] _factoryPoints;

    // Iterations, and below that 12 bits: the discriminator.
    private int _ownNumbers;
    private int _factoryNumbers;

    private bool _isOpen;
    private bool _paseActive;

    /// <summary>True while a PASE handshake runs or its session is open.</summary>
    internal bool IsPaseActive
    {
        get { return _paseActive; }
    }
    private int _status;
    private int _failures;
    private long _deadline;

    // When the initial window opens again after a pause; 0 for never.
    private long _reopenAt;
    private int _adminFabricIndex;
    private int _adminVendorId;

    /// <summary>Creates a closed window.</summary>
    public CommissioningWindow(IClock clock)
    {
        _clock = clock;
    }

    /// <summary>True when PASE may start.</summary>
    public bool IsOpen
    {
        get { return _isOpen; }
    }

    /// <summary>True when the window is open because the device is new, not because an administrator opened it.</summary>
    public bool IsInitial
    {
        get { return _isOpen && _status == WindowNotOpen; }
    }

    /// <summary>The WindowStatus attribute; stays <see cref="WindowNotOpen"/> for the initial window.</summary>
    public int Status
    {
        get { return _status; }
    }

    /// <summary>Fabric of the administrator that opened the window; 0 for none (null).</summary>
    public int AdminFabricIndex
    {
        get { return _adminFabricIndex; }
    }

    /// <summary>Vendor of that administrator; -1 for none (null).</summary>
    public int AdminVendorId
    {
        get { return _status == WindowNotOpen ? -1 : _adminVendorId; }
    }

    /// <summary>Failed attempts in this window.</summary>
    public int Failures
    {
        get { return _failures; }
    }

    /// <summary>The array with the verifier in force at <see cref="VerifierOffset"/>.</summary>
    public byte[] Secret
    {
        get { return _status == EnhancedWindowOpen ? _own : _factoryVerifier; }
    }

    /// <summary>Where the verifier lies in <see cref="Secret"/>: w0, then L.</summary>
    public int VerifierOffset
    {
        get { return 0; }
    }

    /// <summary>w0 * M and w0 * N, 65 bytes each, of the verifier in force when the factory made them; else null.</summary>
    public byte[] Points
    {
        get { return _status == EnhancedWindowOpen ? null : _factoryPoints; }
    }

    /// <summary>The array with the salt in force at <see cref="SaltOffset"/>.</summary>
    public byte[] Salt
    {
        get { return _status == EnhancedWindowOpen ? _own : _factorySalt; }
    }

    /// <summary>Where the salt lies in <see cref="Salt"/>.</summary>
    public int SaltOffset
    {
        get { return _status == EnhancedWindowOpen ? VerifierSize : 0; }
    }

    /// <summary>Length of the salt in bytes, 16 to 32.</summary>
    public int SaltLength
    {
        get { return Salt.Length - SaltOffset; }
    }

    /// <summary>PBKDF2 iterations, 1000 to 100,000.</summary>
    public int Iterations
    {
        get { return (_status == EnhancedWindowOpen ? _ownNumbers : _factoryNumbers) >> DiscriminatorBits; }
    }

    /// <summary>Discriminator to advertise, 0 to 4095.</summary>
    public int Discriminator
    {
        get { return (_status == EnhancedWindowOpen ? _ownNumbers : _factoryNumbers) & MaxDiscriminator; }
    }

    /// <summary>Adds a listener; there is room for 4.</summary>
    /// <exception cref="InvalidOperationException">A fifth listener.</exception>
    public void AddListener(ICommissioningWindowListener listener)
    {
        for (int i = 0; i < ListenerCount; i++)
        {
            if (_listeners[i] == null)
            {
                _listeners[i] = listener;
                return;
            }
        }

        throw new InvalidOperationException();
    }

    /// <summary>Sets what the initial and a basic window use. Called once at start with the factory data.</summary>
    /// <param name="verifier"><see cref="VerifierSize"/> bytes, the whole array; kept, not copied.</param>
    /// <param name="iterations">1000 to 100,000.</param>
    /// <param name="salt">16 to 32 bytes, the whole array; kept, not copied.</param>
    /// <param name="discriminator">0 to 4095.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void SetFactoryParameters(byte[] verifier, int iterations, byte[] salt, int discriminator)
    {
        if (!AreValid(iterations, salt.Length, discriminator) || verifier.Length != VerifierSize)
        {
            throw new ArgumentException();
        }

        _factoryVerifier = verifier;
        _factorySalt = salt;
        _factoryNumbers = (iterations << DiscriminatorBits) | discriminator;
    }

    /// <summary>Gives the points that save PASE two multiplications at the first window.</summary>
    /// <param name="points">w0 * M and w0 * N of the factory verifier, 65 bytes each; kept, not copied. Null for none.</param>
    public void SetFactoryPoints(byte[] points)
    {
        _factoryPoints = points;
    }

    /// <summary>True when iterations, salt length and discriminator are what Core 3.9 and 5.4.2 allow.</summary>
    public static bool AreValid(int iterations, int saltLength, int discriminator)
    {
        return iterations >= MinIterations && iterations <= MaxIterations
            && saltLength >= MinSalt && saltLength <= MaxSalt
            && discriminator >= 0 && discriminator <= MaxDiscriminator;
    }

    /// <summary>Opens the window of a device that has no fabric, with the factory passcode.</summary>
    /// <param name="seconds">Duration; 172,800 (48 hours) at most by Core 5.4.2.3.1.</param>
    public void OpenInitial(int seconds)
    {
        Open(WindowNotOpen, seconds, 0, 0);
    }

    /// <summary>Opens a window with the factory passcode for an administrator.</summary>
    /// <param name="seconds">Duration.</param>
    /// <param name="fabricIndex">Fabric of the administrator; 0 for the node's own owner.</param>
    /// <param name="vendorId">Vendor of that fabric's administrator; -1 for none.</param>
    public void OpenBasic(int seconds, int fabricIndex, int vendorId)
    {
        Open(BasicWindowOpen, seconds, fabricIndex, vendorId);
    }

    /// <summary>Opens a window with an administrator's verifier. The values were checked by the caller.</summary>
    /// <param name="seconds">Duration.</param>
    /// <param name="fabricIndex">Fabric of the administrator; 0 for the node's own owner.</param>
    /// <param name="vendorId">Vendor of that fabric's administrator.</param>
    /// <param name="verifier">Holds <see cref="VerifierSize"/> bytes.</param>
    /// <param name="verifierOffset">Where they begin.</param>
    /// <param name="iterations">1000 to 100,000.</param>
    /// <param name="salt">Holds the salt.</param>
    /// <param name="saltOffset">Where it begins.</param>
    /// <param name="saltLength">16 to 32.</param>
    /// <param name="discriminator">0 to 4095.</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void OpenEnhanced(
        int seconds,
        int fabricIndex,
        int vendorId,
        byte[] verifier,
        int verifierOffset,
        int iterations,
        byte[] salt,
        int saltOffset,
        int saltLength,
        int discriminator)
    {
        if (!AreValid(iterations, saltLength, discriminator))
        {
            throw new ArgumentException();
        }

        byte[] own = new byte[VerifierSize + saltLength];
        Array.Copy(verifier, verifierOffset, own, 0, VerifierSize);
        Array.Copy(salt, saltOffset, own, VerifierSize, saltLength);
        WipeOwn();
        _own = own;
        _ownNumbers = (iterations << DiscriminatorBits) | discriminator;
        Open(EnhancedWindowOpen, seconds, fabricIndex, vendorId);
    }

    /// <summary>Closes the window and wipes an administrator's verifier; a closed one stays so.</summary>
    public void Close()
    {
        _reopenAt = 0;
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        _status = WindowNotOpen;
        _failures = 0;
        _adminFabricIndex = 0;
        _adminVendorId = 0;
        WipeOwn();
        Notify();
    }

    /// <summary>PASE: a handshake began or a PASE session lives (true), or neither does any more (false). A window does not expire under it.</summary>
    public void SetPaseActive(bool active)
    {
        if (_paseActive != active)
        {
            _paseActive = active;
            Notify();
        }
    }

    /// <summary>Counts a failed attempt: a passcode that was tried and wrong, or a commissioning that ended in fail-safe expiry.</summary>
    /// <returns>True when that was the one too many and the window is closed now: an administrator's for good, that of a new device for
    /// <see cref="PauseAfterGuesses"/>.</returns>
    public bool CountFailure()
    {
        if (!_isOpen || ++_failures < MaxFailures)
        {
            return false;
        }

        bool isInitial = IsInitial;
        Close();
        if (isInitial)
        {
            _reopenAt = _clock.Milliseconds + PauseAfterGuesses;
        }

        return true;
    }

    /// <summary>The administrator's fabric is gone: AdminFabricIndex becomes null, the window stays.</summary>
    public void OnFabricRemoved(int fabricIndex)
    {
        if (_adminFabricIndex == fabricIndex && fabricIndex != 0)
        {
            _adminFabricIndex = 0;
            Notify();
        }
    }

    /// <summary>Closes the window when its time is over, and opens that of a new device again after a pause.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <returns>Time of the next call in milliseconds; long.MaxValue for none.</returns>
    public long Process(long now)
    {
        if (_reopenAt != 0)
        {
            if (now < _reopenAt)
            {
                return _reopenAt;
            }

            // The pause does not lengthen the window's time.
            _reopenAt = 0;
            _isOpen = now < _deadline;
            if (_isOpen)
            {
                Notify();
            }
        }

        if (!_isOpen || _paseActive)
        {
            return long.MaxValue;
        }

        if (now < _deadline)
        {
            return _deadline;
        }

        Close();
        return long.MaxValue;
    }

    private void WipeOwn()
    {
        if (_own != null)
        {
            Secrets.Wipe(_own);
            _own = null;
        }
    }

    private void Open(int status, int seconds, int fabricIndex, int vendorId)
    {
        _isOpen = true;
        _reopenAt = 0;
        _status = status;
        _failures = 0;
        _adminFabricIndex = fabricIndex;
        _adminVendorId = vendorId;
        _deadline = _clock.Milliseconds + seconds * 1000L;
        Notify();
    }

    private void Notify()
    {
        for (int i = 0; i < ListenerCount && _listeners[i] != null; i++)
        {
            _listeners[i].OnWindowChanged(this);
        }
    }
}
