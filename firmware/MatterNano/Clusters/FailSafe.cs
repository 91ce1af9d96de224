using MatterNano.Platform;

namespace MatterNano.Clusters;

/// <summary>The fail-safe of Core 11.10.7.2: everything a commissioner does is undone unless it ends with CommissioningComplete.</summary>
/// <remarks>
/// One record "failsafe" is the marker: it reaches flash before the first provisional write and goes last, so that a restart in between
/// finds it and cleans up (a restart is an expiry). Deleting it is what makes a commissioning final.
/// Record: layout 1 | flags 1 | fabric index 1.
/// </remarks>
public sealed class FailSafe
{
    /// <summary>CommissioningErrorEnum OK.</summary>
    public const int Ok = 0;

    /// <summary>CommissioningErrorEnum ValueOutsideRange.</summary>
    public const int ValueOutsideRange = 1;

    /// <summary>CommissioningErrorEnum InvalidAuthentication.</summary>
    public const int InvalidAuthentication = 2;

    /// <summary>CommissioningErrorEnum NoFailSafe.</summary>
    public const int NoFailSafe = 3;

    /// <summary>CommissioningErrorEnum BusyWithOtherAdmin.</summary>
    public const int BusyWithOtherAdmin = 4;

    /// <summary>BasicCommissioningInfo: suggested length of the first fail-safe in seconds.</summary>
    public const int ExpiryLengthSeconds = 60;

    /// <summary>BasicCommissioningInfo: a fail-safe ends after this many seconds however often it is armed again.</summary>
    public const int MaxCumulativeSeconds = 900;

    private const string Record = "failsafe";
    private const int Layout = 1;
    private const int RecordSize = 3;
    private const int FlagAddNoc = 1;
    private const int FlagUpdateNoc = 2;
    private const int FlagNetworks = 4;
    private const int FlagRoot = 8;
    private const int FlagCsr = 16;
    private const int FlagCsrForUpdate = 32;
    private const int StoredFlags = FlagAddNoc | FlagUpdateNoc | FlagNetworks | FlagRoot;

    private readonly IClock _clock;
    private readonly IFlash _flash;
    private readonly IFailSafeParts _parts;

    private bool _isArmed;
    private bool _marked;
    private int _flags;
    private int _fabricIndex;
    private long _deadline;
    private long _cumulativeDeadline;
    private ulong _breadcrumb;
    private int _period;

    /// <summary>Creates a disarmed fail-safe. Call <see cref="Recover"/> once, after every table has been read from flash.</summary>
    public FailSafe(IClock clock, IFlash flash, IFailSafeParts parts)
    {
        _clock = clock;
        _flash = flash;
        _parts = parts;
    }

    /// <summary>True from arming to expiry or completion.</summary>
    public bool IsArmed
    {
        get { return _isArmed; }
    }

    /// <summary>Number of the fail-safe period: another one each time it is armed anew, so that slow work can tell that its own is over.</summary>
    public int Period
    {
        get { return _period; }
    }

    /// <summary>Fabric of the context: of who armed it, then of AddNOC or UpdateNOC; 0 for none yet.</summary>
    public int FabricIndex
    {
        get { return _fabricIndex; }
    }

    /// <summary>The Breadcrumb attribute: a commissioner's own note of how far it came.</summary>
    public ulong Breadcrumb
    {
        get { return _breadcrumb; }
    }

    /// <summary>True after AddNOC in this period.</summary>
    public bool NocAdded
    {
        get { return (_flags & FlagAddNoc) != 0; }
    }

    /// <summary>True after UpdateNOC in this period.</summary>
    public bool NocUpdated
    {
        get { return (_flags & FlagUpdateNoc) != 0; }
    }

    /// <summary>True after AddTrustedRootCertificate in this period.</summary>
    public bool RootAdded
    {
        get { return (_flags & FlagRoot) != 0; }
    }

    /// <summary>True after CSRRequest in this period, until its key is used.</summary>
    public bool HasCsr
    {
        get { return (_flags & FlagCsr) != 0; }
    }

    /// <summary>True when that CSRRequest was for UpdateNOC.</summary>
    public bool CsrIsForUpdate
    {
        get { return (_flags & FlagCsrForUpdate) != 0; }
    }

    /// <summary>True when Networks differ from what they were at arming.</summary>
    public bool NetworksChanged
    {
        get { return (_flags & FlagNetworks) != 0; }
    }

    /// <summary>At boot: a marker in flash means that a fail-safe was running at the power cut, which is an expiry.</summary>
    /// <returns>True when there was something to clean up.</returns>
    public bool Recover()
    {
        byte[] record = new byte[RecordSize];
        int length = _flash.Read(Record, record, 0, RecordSize);
        if (length == -1)
        {
            _parts.Commit();
            return false;
        }

        _marked = true;
        if (length == RecordSize && record[0] == Layout)
        {
            _flags = record[1] & StoredFlags;
            _fabricIndex = record[2];
        }
        else
        {
            // An unreadable marker still says that something was going on; networks are the part that needs no fabric index.
            _flags = FlagNetworks;
            _fabricIndex = 0;
        }

        CleanUp(true);
        return true;
    }

    /// <summary>ArmFailSafe (Core 11.10.7.2).</summary>
    /// <param name="fabricIndex">Accessing fabric; 0 on PASE before AddNOC.</param>
    /// <param name="isCase">True over CASE.</param>
    /// <param name="windowOpen">True while a commissioning window is open.</param>
    /// <param name="seconds">Length, 0 to 65535; 0 expires it.</param>
    /// <param name="breadcrumb">New Breadcrumb, set on success.</param>
    /// <returns><see cref="Ok"/> or <see cref="BusyWithOtherAdmin"/>.</returns>
    public int Arm(int fabricIndex, bool isCase, bool windowOpen, int seconds, ulong breadcrumb)
    {
        if (!_isArmed)
        {
            if (isCase && windowOpen)
            {
                // The commissioner that the window is for comes first.
                return BusyWithOtherAdmin;
            }

            if (seconds != 0)
            {
                Start(fabricIndex, seconds);
                _breadcrumb = breadcrumb;
                _parts.OnFailSafeChanged(false);
            }

            return Ok;
        }

        if (fabricIndex != _fabricIndex)
        {
            return BusyWithOtherAdmin;
        }

        // An expiry asked for runs from Process, so that the answer still leaves on its session.
        _deadline = _clock.Milliseconds + seconds * 1000L;
        if (seconds != 0)
        {
            _breadcrumb = breadcrumb;
            _parts.OnFailSafeChanged(false);
        }

        return Ok;
    }

    /// <summary>A PASE session opened: the fail-safe is armed for 60 s unless it is already (Core 4.14.1.2).</summary>
    public void OnPaseEstablished()
    {
        if (!_isArmed)
        {
            Start(0, ExpiryLengthSeconds);
            _parts.OnFailSafeChanged(false);
        }
    }

    /// <summary>CommissioningComplete (Core 11.10.7.6).</summary>
    /// <param name="fabricIndex">Accessing fabric.</param>
    /// <param name="isCase">True over CASE.</param>
    /// <returns><see cref="Ok"/>, <see cref="NoFailSafe"/>, <see cref="InvalidAuthentication"/>; -1 when the flash refused and the fail-safe goes on.</returns>
    public int Complete(int fabricIndex, bool isCase)
    {
        if (!_isArmed)
        {
            return NoFailSafe;
        }

        if (!isCase || fabricIndex == 0 || fabricIndex != _fabricIndex)
        {
            return InvalidAuthentication;
        }

        if (!_parts.PrepareCommit())
        {
            return -1;
        }

        if (_marked && !_flash.Delete(Record))
        {
            return -1;
        }

        _marked = false;
        _isArmed = false;
        _flags = 0;
        _fabricIndex = 0;
        _breadcrumb = 0;
        _parts.Commit();
        _parts.DropPendingCredentials();
        _parts.OnCompleted();
        _parts.OnFailSafeChanged(false);
        return Ok;
    }

    /// <summary>Sets the Breadcrumb attribute, which any administrator may write.</summary>
    /// <returns>True when it changed.</returns>
    public bool SetBreadcrumb(ulong value)
    {
        if (_breadcrumb == value)
        {
            return false;
        }

        _breadcrumb = value;
        return true;
    }

    /// <summary>True when it is armed and the accessing fabric is the context's: what CSR, root, NOC and network commands need.</summary>
    public bool IsArmedFor(int fabricIndex)
    {
        return _isArmed && fabricIndex == _fabricIndex;
    }

    /// <summary>Notes that a CSR key was made for AddNOC or UpdateNOC; it replaces an earlier one.</summary>
    public void NoteCsr(bool forUpdate)
    {
        _flags = (_flags & ~FlagCsrForUpdate) | FlagCsr | (forUpdate ? FlagCsrForUpdate : 0);
    }

    /// <summary>Marks AddTrustedRootCertificate in flash. Must succeed before the certificate is written.</summary>
    /// <returns>False when the flash refused.</returns>
    public bool BeginRoot()
    {
        if (!Mark(_flags | FlagRoot, _fabricIndex))
        {
            return false;
        }

        _flags |= FlagRoot;
        return true;
    }

    /// <summary>Marks AddNOC in flash. Must succeed before anything of the new fabric is written.</summary>
    /// <param name="fabricIndex">Index that the fabric will get; the context is re-pointed to it.</param>
    /// <returns>False when the flash refused.</returns>
    public bool BeginAddNoc(int fabricIndex)
    {
        return BeginNoc(FlagAddNoc, fabricIndex);
    }

    /// <summary>Marks UpdateNOC in flash. Must succeed before anything of the fabric is changed.</summary>
    /// <returns>False when the flash refused.</returns>
    public bool BeginUpdateNoc(int fabricIndex)
    {
        return BeginNoc(FlagUpdateNoc, fabricIndex);
    }

    /// <summary>Marks a change of Networks in flash. Must succeed before it is made.</summary>
    /// <returns>False when the flash refused.</returns>
    public bool BeginNetworks()
    {
        if ((_flags & FlagNetworks) != 0)
        {
            return true;
        }

        if (!Mark(_flags | FlagNetworks, _fabricIndex))
        {
            return false;
        }

        _flags |= FlagNetworks;
        return true;
    }

    /// <summary>Expires it now, as RevokeCommissioning and the loss of a BLE link do. Nothing when it is not armed.</summary>
    public void Expire()
    {
        if (_isArmed)
        {
            CleanUp(false);
        }
    }

    /// <summary>Expires it at the next call of <see cref="Process"/>, so that an answer can still leave.</summary>
    public void ExpireSoon()
    {
        _deadline = _clock.Milliseconds;
    }

    /// <summary>The context's fabric was removed by RemoveFabric: the rest of the fail-safe goes on without a fabric.</summary>
    /// <remarks>Only a fabric that existed before can be removed this way with effect; an added one is undone by <see cref="Expire"/>.</remarks>
    public void OnFabricRemoved(int fabricIndex)
    {
        if (_isArmed && _fabricIndex == fabricIndex)
        {
            _flags &= ~(FlagAddNoc | FlagUpdateNoc);
            CleanUp(false);
        }
    }

    /// <summary>Expires the fail-safe when its time, or the cumulative time, is over.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <returns>Time of the next call in milliseconds; long.MaxValue for none.</returns>
    public long Process(long now)
    {
        if (!_isArmed)
        {
            return long.MaxValue;
        }

        long deadline = _deadline < _cumulativeDeadline ? _deadline : _cumulativeDeadline;
        if (now < deadline)
        {
            return deadline;
        }

        CleanUp(false);
        return long.MaxValue;
    }

    private void Start(int fabricIndex, int seconds)
    {
        long now = _clock.Milliseconds;
        _period++;
        _isArmed = true;
        _flags = 0;
        _fabricIndex = fabricIndex;
        _deadline = now + seconds * 1000L;
        _cumulativeDeadline = now + MaxCumulativeSeconds * 1000L;
    }

    private bool BeginNoc(int flag, int fabricIndex)
    {
        int flags = _flags | flag;
        if (!Mark(flags, fabricIndex))
        {
            return false;
        }

        _flags = flags & ~(FlagCsr | FlagCsrForUpdate);
        _fabricIndex = fabricIndex;
        return true;
    }

    private bool Mark(int flags, int fabricIndex)
    {
        byte[] record = Staging.Make(RecordSize);
        if (record == null)
        {
            return false;
        }

        record[0] = Layout;
        record[1] = (byte)(flags & StoredFlags);
        record[2] = (byte)fabricIndex;
        if (!_flash.Write(Record, record, 0, RecordSize))
        {
            return false;
        }

        _marked = true;
        return true;
    }

    // The order of Core 11.10.7.2.2.
    private void CleanUp(bool atBoot)
    {
        int flags = _flags;
        int fabricIndex = _fabricIndex;
        _isArmed = false;
        _flags = 0;
        _fabricIndex = 0;
        _breadcrumb = 0;

        _parts.ClosePaseSessions();
        if ((flags & (FlagAddNoc | FlagUpdateNoc)) != 0)
        {
            _parts.CloseCaseSessions(fabricIndex);
        }

        if ((flags & FlagNetworks) != 0)
        {
            _parts.RestoreNetworks();
        }

        if ((flags & FlagUpdateNoc) != 0)
        {
            _parts.RevertFabric(fabricIndex);
        }

        if ((flags & FlagAddNoc) != 0)
        {
            _parts.RemoveFabric(fabricIndex);
        }

        _parts.DropPendingCredentials();

        // Last: a power cut before this finds the marker again and repeats the steps above.
        if (_marked && _flash.Delete(Record))
        {
            _marked = false;
        }

        _parts.OnFailSafeChanged(!atBoot);
    }
}
