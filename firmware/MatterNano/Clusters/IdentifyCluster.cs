using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Identify (Application Clusters 1.2), revision 5, with TriggerEffect.</summary>
public sealed class IdentifyCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0003;

    /// <summary>IdentifyType: nothing to see.</summary>
    public const int TypeNone = 0;

    /// <summary>IdentifyType: the light itself.</summary>
    public const int TypeLightOutput = 1;

    /// <summary>IdentifyType: an LED.</summary>
    public const int TypeVisibleIndicator = 2;

    /// <summary>IdentifyType: a sound.</summary>
    public const int TypeAudibleBeep = 3;

    /// <summary>EffectIdentifier Blink.</summary>
    public const int EffectBlink = 0;

    /// <summary>EffectIdentifier Breathe.</summary>
    public const int EffectBreathe = 1;

    /// <summary>EffectIdentifier Okay.</summary>
    public const int EffectOkay = 2;

    /// <summary>EffectIdentifier ChannelChange.</summary>
    public const int EffectChannelChange = 0x0b;

    /// <summary>EffectIdentifier FinishEffect: finish the current effect, then stop.</summary>
    public const int EffectFinish = 0xfe;

    /// <summary>EffectIdentifier StopEffect: stop at once.</summary>
    public const int EffectStop = 0xff;

    private const uint IdentifyTime = 0;
    private const uint IdentifyType = 1;
    private const uint Identify = 0;
    private const uint TriggerEffect = 0x40;

    private readonly IClock _clock;
    private readonly int _type;
    private long _until;
    private bool _isIdentifying;

    /// <summary>Creates the cluster.</summary>
    /// <param name="clock">Counts IdentifyTime down.</param>
    /// <param name="type">How the device shows itself, such as <see cref="TypeVisibleIndicator"/>.</param>
    public IdentifyCluster(IClock clock, int type)
        : base(ClusterId)
    {
        _clock = clock;
        _type = type;
    }

    /// <summary>Raised when the device begins and when it ends identifying itself.</summary>
    public event IdentifyHandler Changed;

    /// <summary>Raised for an effect that a controller asks for.</summary>
    public event IdentifyEffectHandler EffectTriggered;

    /// <summary>True while the device shall show itself.</summary>
    public bool IsIdentifying
    {
        get { return _isIdentifying; }
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 5; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        switch (index)
        {
            case 0: return IdentifyTime | Element.ReadView | Element.WriteOperate;
            case 1: return IdentifyType | Element.ReadView;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override uint GetCommand(int index)
    {
        switch (index)
        {
            case 0: return Identify | Element.InvokeManage;
            case 1: return TriggerEffect | Element.InvokeManage;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        if (attribute == IdentifyTime)
        {
            writer.PutUnsigned(tag, (ulong)RemainingSeconds());
        }
        else
        {
            writer.PutUnsigned(tag, (uint)_type);
        }

        return Status.Success;
    }

    /// <inheritdoc/>
    public override int WriteAttribute(uint attribute, TlvReader value, InteractionContext context)
    {
        uint seconds;
        if (!value.TryGetUnsigned(0xffff, out seconds))
        {
            return Status.InvalidDataType;
        }

        Start((int)(seconds & 0xffff));
        return Status.Success;
    }

    /// <inheritdoc/>
    public override int Invoke(uint command, TlvReader fields, InvokeContext context)
    {
        uint first = 0;
        uint second = 0;
        int found = 0;
        while (fields.Next())
        {
            if (fields.IsContextTag(0))
            {
                if (!fields.TryGetUnsigned(command == Identify ? 0xffffu : 0xff, out first))
                {
                    return Status.InvalidCommand;
                }

                found |= 1;
            }
            else if (fields.IsContextTag(1) && command == TriggerEffect)
            {
                if (!fields.TryGetUnsigned(0xff, out second))
                {
                    return Status.InvalidCommand;
                }

                found |= 2;
            }
        }

        if (command == Identify)
        {
            if (found != 1)
            {
                return Status.InvalidCommand;
            }

            Start((int)(first & 0xffff));
            return Status.Success;
        }

        if (found != 3)
        {
            return Status.InvalidCommand;
        }

        if (first > EffectOkay && first != EffectChannelChange && first < EffectFinish)
        {
            return Status.ConstraintError;
        }

        if (EffectTriggered != null)
        {
            // An unknown variant is played as the default one.
            EffectTriggered(this, (int)(first & 0xff), 0);
        }

        return Status.Success;
    }

    /// <inheritdoc/>
    public override long Process(long now)
    {
        if (!_isIdentifying)
        {
            return long.MaxValue;
        }

        if (now < _until)
        {
            return _until;
        }

        Start(0);
        return long.MaxValue;
    }

    private void Start(int seconds)
    {
        long before = RemainingSeconds();
        bool was = _isIdentifying;
        _isIdentifying = seconds != 0;
        _until = _clock.Milliseconds + (seconds * 1000L);
        RequestProcess();

        // The count-down itself is not reported, only what somebody set and the end.
        if (before != seconds || was != _isIdentifying)
        {
            SetChanged(IdentifyTime);
        }

        if (was != _isIdentifying && Changed != null)
        {
            Changed(this, _isIdentifying);
        }
    }

    private long RemainingSeconds()
    {
        if (!_isIdentifying)
        {
            return 0;
        }

        long left = _until - _clock.Milliseconds;
        return left <= 0 ? 0 : (left + 999) / 1000;
    }
}
