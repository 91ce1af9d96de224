using System.Device.Gpio;
using MatterNano.Platform;

namespace MatterNano.Boards.Esp32;

/// <summary>A button to ground: short to switch, held to forget everything.</summary>
internal sealed class Button
{
    /// <summary>Nothing to tell.</summary>
    internal const int None = 0;

    /// <summary>It was pressed and let go within a second.</summary>
    internal const int Pressed = 1;

    /// <summary>It has been held for <see cref="ResetMilliseconds"/>.</summary>
    internal const int Held = 2;

    /// <summary>Held so long, the device shows what longer holding will do.</summary>
    internal const int WarnMilliseconds = 1000;

    /// <summary>Held so long, the device forgets everything.</summary>
    internal const int ResetMilliseconds = 5000;

    private const int Settle = 30;
    private const int Forever = 60000;

    private readonly GpioPin _pin;
    private readonly ISignal _signal;
    private bool _down;
    private bool _told;
    private long _since;
    private long _changing = -1;

    internal Button(GpioController gpio, int pin, ISignal signal)
    {
        _signal = signal;
        _pin = gpio.OpenPin(pin, PinMode.InputPullUp);
        _pin.ValueChanged += OnChanged;
    }

    /// <summary>True while it is held longer than a short press.</summary>
    internal bool IsWarning(long now)
    {
        return _down && !_told && now - _since >= WarnMilliseconds;
    }

    /// <summary>Looks at the pin.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <param name="wait">Milliseconds until the next look if nothing happens.</param>
    /// <returns>What happened.</returns>
    internal int Process(long now, out int wait)
    {
        wait = Forever;
        bool down = _pin.Read() == PinValue.Low;
        if (down == _down)
        {
            _changing = -1;
        }
        else if (_changing < 0)
        {
            // Contacts bounce: it counts once it has stayed so.
            _changing = now;
            wait = Settle;
        }
        else if (now - _changing < Settle)
        {
            wait = Settle;
        }
        else
        {
            long held = _changing - _since;
            bool told = _told;
            _down = down;
            _told = false;
            _since = _changing;
            _changing = -1;
            if (!down && !told && held < WarnMilliseconds)
            {
                return Pressed;
            }
        }

        if (_down && !_told)
        {
            long held = now - _since;
            if (held >= ResetMilliseconds)
            {
                _told = true;
                return Held;
            }

            int next = (int)(held < WarnMilliseconds ? WarnMilliseconds - held : ResetMilliseconds - held);
            wait = next < wait ? next : wait;
        }

        return None;
    }

    private void OnChanged(object sender, PinValueChangedEventArgs e)
    {
        _signal.Set();
    }
}
