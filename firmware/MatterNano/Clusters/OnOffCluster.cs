using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>On/Off (Application Clusters 1.5), revision 6, with the Lighting feature.</summary>
/// <remarks>
/// OnTime and OffWaitTime count in tenths of a second on the clock. State reaches flash as record "onoff.N" for endpoint N: layout 1 |
/// on 1 | StartUpOnOff 1 (0xff null). A single switch is written 0.1 s later, behind the answer and the reports; switches that follow
/// fast are written together, once in 2 s at most, so that a light that blinks for years does not wear out its flash. A power cut
/// takes back what was switched since the last write.
/// </remarks>
public sealed class OnOffCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0006;

    /// <summary>Feature Lighting.</summary>
    public const uint FeatureLighting = 1;

    private const uint OnOff = 0;
    private const uint GlobalSceneControl = 0x4000;
    private const uint OnTime = 0x4001;
    private const uint OffWaitTime = 0x4002;
    private const uint StartUpOnOff = 0x4003;

    private const uint Off = 0;
    private const uint On = 1;
    private const uint ToggleCommand = 2;
    private const uint OffWithEffect = 0x40;
    private const uint OnWithRecallGlobalScene = 0x41;
    private const uint OnWithTimedOff = 0x42;

    private const int Layout = 1;
    private const int RecordSize = 3;
    private const int StartUpNull = 0xff;
    private const int Forever = 0xffff;
    private const long SaveDelay = 100;
    private const long SaveInterval = 2000;
    private const long SaveRetry = 60000;
    private const long Never = long.MaxValue;

    private readonly IClock _clock;
    private readonly IFlash _flash;
    private readonly int _endpoint;

    private bool _isOn;
    private bool _globalSceneControl = true;
    private int _startUp = StartUpNull;
    private long _saveAt = Never;
    private long _savedAt = -SaveInterval;

    // A running timer counts from its value at its start; a still one has only the value.
    private int _onTime;
    private int _offWaitTime;
    private long _timerStart = Never;

    /// <summary>Creates the cluster and restores its state, as StartUpOnOff asks for.</summary>
    /// <param name="clock">Runs the timers.</param>
    /// <param name="flash">Keeps the state.</param>
    /// <param name="endpoint">Number of the endpoint it is for.</param>
    public OnOffCluster(IClock clock, IFlash flash, int endpoint)
        : base(ClusterId)
    {
        _clock = clock;
        _flash = flash;
        _endpoint = endpoint;
        Load();
    }

    /// <summary>Raised after each change of the state, on the protocol loop.</summary>
    public event OnOffHandler Changed;

    /// <summary>The state.</summary>
    public bool IsOn
    {
        get { return _isOn; }
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 6; }
    }

    /// <inheritdoc/>
    public override uint FeatureMap
    {
        get { return FeatureLighting; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        switch (index)
        {
            case 0: return OnOff | Element.ReadView;
            case 1: return GlobalSceneControl | Element.ReadView;
            case 2: return OnTime | Element.ReadView | Element.WriteOperate;
            case 3: return OffWaitTime | Element.ReadView | Element.WriteOperate;
            case 4: return StartUpOnOff | Element.ReadView | Element.WriteManage;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override uint GetCommand(int index)
    {
        switch (index)
        {
            case 0: return Off | Element.InvokeOperate;
            case 1: return On | Element.InvokeOperate;
            case 2: return ToggleCommand | Element.InvokeOperate;
            case 3: return OffWithEffect | Element.InvokeOperate;
            case 4: return OnWithRecallGlobalScene | Element.InvokeOperate;
            case 5: return OnWithTimedOff | Element.InvokeOperate;
            default: return Element.End;
        }
    }

    /// <summary>Switches on, as the On command does.</summary>
    public void SwitchOn()
    {
        Settle();
        if (!_isOn && _onTime == 0)
        {
            ChangeOffWaitTime(0);
        }

        ChangeGlobalSceneControl(true);
        Change(true);
        StartTimer();
    }

    /// <summary>Switches off, as the Off command does.</summary>
    public void SwitchOff()
    {
        Settle();
        ChangeOnTime(0);
        Change(false);
        StartTimer();
    }

    /// <summary>Switches on or off.</summary>
    public void Switch(bool on)
    {
        if (on)
        {
            SwitchOn();
        }
        else
        {
            SwitchOff();
        }
    }

    /// <summary>Switches to the other state, as the Toggle command does.</summary>
    public void Toggle()
    {
        Switch(!_isOn);
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case OnOff:
                writer.PutBoolean(tag, _isOn);
                return Status.Success;
            case GlobalSceneControl:
                writer.PutBoolean(tag, _globalSceneControl);
                return Status.Success;
            case OnTime:
                writer.PutUnsigned(tag, (uint)CurrentOnTime());
                return Status.Success;
            case OffWaitTime:
                writer.PutUnsigned(tag, (uint)CurrentOffWaitTime());
                return Status.Success;
            case StartUpOnOff:
                if (_startUp == StartUpNull)
                {
                    writer.PutNull(tag);
                }
                else
                {
                    writer.PutUnsigned(tag, (uint)_startUp);
                }

                return Status.Success;
            default:
                return Status.UnsupportedAttribute;
        }
    }

    /// <inheritdoc/>
    public override int WriteAttribute(uint attribute, TlvReader value, InteractionContext context)
    {
        uint number;
        if (attribute == StartUpOnOff)
        {
            int startUp = StartUpNull;
            if (!value.IsNull)
            {
                if (!value.TryGetUnsigned(0xff, out number))
                {
                    return Status.InvalidDataType;
                }

                if (number > 2)
                {
                    return Status.ConstraintError;
                }

                startUp = (int)number;
            }

            if (startUp != _startUp)
            {
                _startUp = startUp;
                SetChanged(StartUpOnOff);
                SaveSoon();
            }

            return Status.Success;
        }

        if (!value.TryGetUnsigned(0xffff, out number))
        {
            return Status.InvalidDataType;
        }

        Settle();
        if (attribute == OnTime)
        {
            ChangeOnTime((int)number);
        }
        else
        {
            ChangeOffWaitTime((int)number);
        }

        StartTimer();
        return Status.Success;
    }

    /// <inheritdoc/>
    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        switch (command)
        {
            case Off:
                SwitchOff();
                return Status.Success;
            case On:
                SwitchOn();
                return Status.Success;
            case ToggleCommand:
                Toggle();
                return Status.Success;
            case OffWithEffect:
                return InvokeOffWithEffect(fields);
            case OnWithRecallGlobalScene:
                if (!_globalSceneControl)
                {
                    // No scenes are kept: the global scene of a light that went off is "on".
                    SwitchOn();
                }

                return Status.Success;
            default:
                return InvokeOnWithTimedOff(fields);
        }
    }

    /// <inheritdoc/>
    public override long Process(long now)
    {
        if (_timerStart != Never && now >= TimerEnd())
        {
            Settle();
            if (_isOn && _onTime == 0)
            {
                ChangeOffWaitTime(0);
                Change(false);
            }

            StartTimer();
        }

        if (now >= _saveAt)
        {
            Save();
        }

        long next = _timerStart == Never ? Never : TimerEnd();
        return next < _saveAt ? next : _saveAt;
    }

    /// <summary>Writes a change that still waits; for an orderly stop.</summary>
    public void Flush()
    {
        if (_saveAt != Never)
        {
            Save();
        }
    }

    private int InvokeOffWithEffect(TlvReader fields)
    {
        uint effect = 0;
        uint variant;
        int found = 0;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.TryGetUnsigned(0xff, out effect))
                {
                    return Status.InvalidCommand;
                }

                found |= 1;
            }
            else if (fields.IsContextTag(1))
            {
                if (!fields.TryGetUnsigned(0xff, out variant))
                {
                    return Status.InvalidCommand;
                }

                found |= 2;
            }
        }

        if (found != 3)
        {
            return Status.InvalidCommand;
        }

        if (effect > 1)
        {
            return Status.ConstraintError;
        }

        ChangeGlobalSceneControl(false);
        SwitchOff();
        return Status.Success;
    }

    private int InvokeOnWithTimedOff(TlvReader fields)
    {
        uint control = 0;
        uint onTime = 0;
        uint offWaitTime = 0;
        int found = 0;
        while (fields.Next())
        {
            bool ok = true;
            if (fields.IsContextTag(0))
            {
                ok = fields.TryGetUnsigned(0xff, out control);
                found |= 1;
            }
            else if (fields.IsContextTag(1))
            {
                ok = fields.TryGetUnsigned(0xffff, out onTime);
                found |= 2;
            }
            else if (fields.IsContextTag(2))
            {
                ok = fields.TryGetUnsigned(0xffff, out offWaitTime);
                found |= 4;
            }

            if (!ok)
            {
                return Status.InvalidCommand;
            }
        }

        if (found != 7)
        {
            return Status.InvalidCommand;
        }

        if (control > 1 || onTime > 0xfffe || offWaitTime > 0xfffe)
        {
            return Status.ConstraintError;
        }

        if (control == 1 && !_isOn)
        {
            // AcceptOnlyWhenOn.
            return Status.Success;
        }

        Settle();
        if (!_isOn && _offWaitTime > 0)
        {
            if (offWaitTime < (uint)_offWaitTime)
            {
                ChangeOffWaitTime((int)offWaitTime);
            }
        }
        else
        {
            if (onTime > (uint)_onTime)
            {
                ChangeOnTime((int)onTime);
            }

            ChangeOffWaitTime((int)offWaitTime);
            ChangeGlobalSceneControl(true);
            Change(true);
        }

        StartTimer();
        return Status.Success;
    }

    // Takes the time that has passed off the running timer and stops it.
    private void Settle()
    {
        if (_timerStart == Never)
        {
            return;
        }

        int onTime = CurrentOnTime();
        int offWaitTime = CurrentOffWaitTime();
        _timerStart = Never;
        ChangeOnTime(onTime);
        ChangeOffWaitTime(offWaitTime);
    }

    // On counts OnTime down, off counts OffWaitTime down; 0 and 0xffff stand still.
    private void StartTimer()
    {
        int value = _isOn ? _onTime : _offWaitTime;
        if (value != 0 && value != Forever)
        {
            _timerStart = _clock.Milliseconds;
            RequestProcess();
        }
    }

    private long TimerEnd()
    {
        return _timerStart + ((_isOn ? _onTime : _offWaitTime) * 100L);
    }

    private int CurrentOnTime()
    {
        return _isOn ? Remaining(_onTime) : _onTime;
    }

    private int CurrentOffWaitTime()
    {
        return _isOn ? _offWaitTime : Remaining(_offWaitTime);
    }

    private int Remaining(int value)
    {
        if (_timerStart == Never)
        {
            return value;
        }

        long passed = (_clock.Milliseconds - _timerStart) / 100;
        return passed >= value ? 0 : value - (int)passed;
    }

    private void Change(bool on)
    {
        if (_isOn == on)
        {
            return;
        }

        _isOn = on;
        SetChanged(OnOff);
        SaveSoon();
        if (Changed != null)
        {
            Changed(this, on);
        }
    }

    private void ChangeGlobalSceneControl(bool value)
    {
        if (_globalSceneControl != value)
        {
            _globalSceneControl = value;
            SetChanged(GlobalSceneControl);
        }
    }

    private void ChangeOnTime(int value)
    {
        if (_onTime != value)
        {
            _onTime = value;
            SetChanged(OnTime);
        }
    }

    private void ChangeOffWaitTime(int value)
    {
        if (_offWaitTime != value)
        {
            _offWaitTime = value;
            SetChanged(OffWaitTime);
        }
    }

    private void SaveSoon()
    {
        if (_saveAt == Never)
        {
            long soon = _clock.Milliseconds + SaveDelay;
            _saveAt = soon < _savedAt + SaveInterval ? _savedAt + SaveInterval : soon;
            RequestProcess();
        }
    }

    private void Save()
    {
        _saveAt = Never;
        _savedAt = _clock.Milliseconds;
        byte[] record = Node.Events.Scratch;
        record[0] = Layout;
        record[1] = (byte)(_isOn ? 1 : 0);
        record[2] = (byte)_startUp;
        if (!_flash.Write(RecordName(), record, 0, RecordSize))
        {
            // Worn or busy: again later, the state in RAM is right.
            _saveAt = _savedAt + SaveRetry;
        }
    }

    private void Load()
    {
        bool before = false;
        byte[] record = new byte[RecordSize];
        if (_flash.Read(RecordName(), record, 0, RecordSize) == RecordSize && record[0] == Layout)
        {
            before = record[1] == 1;
            _startUp = record[2] <= 2 ? record[2] : StartUpNull;
        }

        _isOn = _startUp == 0 ? false : _startUp == 1 ? true : _startUp == 2 ? !before : before;
        if (_isOn != before)
        {
            // The next start toggles from here.
            _saveAt = _clock.Milliseconds + SaveDelay;
        }
    }

    private string RecordName()
    {
        return "onoff." + _endpoint.ToString();
    }
}
