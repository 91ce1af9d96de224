// PC implementation of what is used of nanoFramework.System.Device.Gpio.
using MatterNano.Esp32.Machine;

namespace System.Device.Gpio;

public delegate void PinValueChangedEventHandler(object sender, PinValueChangedEventArgs e);

public enum PinMode
{
    Input = 0,
    InputPullDown = 1,
    InputPullUp = 2,
    Output = 3,
}

[Flags]
public enum PinEventTypes
{
    None = 0,
    Rising = 1,
    Falling = 2,
}

public readonly struct PinValue
{
    private readonly bool _high;

    private PinValue(bool high)
    {
        _high = high;
    }

    public static PinValue High => new PinValue(true);

    public static PinValue Low => new PinValue(false);

    public static implicit operator PinValue(bool value) => new PinValue(value);

    public static explicit operator bool(PinValue value) => value._high;

    public static bool operator ==(PinValue a, PinValue b) => a._high == b._high;

    public static bool operator !=(PinValue a, PinValue b) => a._high != b._high;

    public override bool Equals(object obj) => obj is PinValue other && other == this;

    public override int GetHashCode() => _high ? 1 : 0;
}

public class PinValueChangedEventArgs
{
    public PinValueChangedEventArgs(PinEventTypes changeType, int pinNumber)
    {
        ChangeType = changeType;
        PinNumber = pinNumber;
    }

    public PinEventTypes ChangeType { get; }

    public int PinNumber { get; }
}

public sealed class GpioController
{
    public GpioPin OpenPin(int pinNumber, PinMode mode) => new GpioPin(pinNumber, mode);
}

public sealed class GpioPin
{
    private readonly Chip _chip = Chip.Current;
    private readonly Pin _pin;
    private readonly bool _output;

    internal GpioPin(int number, PinMode mode)
    {
        PinNumber = number;
        _output = mode == PinMode.Output;
        _pin = _chip.Pin(number);
        if (!_output)
        {
            _pin.Changed += high => ValueChanged?.Invoke(this, new PinValueChangedEventArgs(high ? PinEventTypes.Rising : PinEventTypes.Falling, number));
        }
    }

    public event PinValueChangedEventHandler ValueChanged;

    public int PinNumber { get; }

    public PinValue Read()
    {
        _chip.CheckPower();
        return _pin.Read();
    }

    public void Write(PinValue value)
    {
        if (!_output)
        {
            throw new InvalidOperationException();
        }

        _pin.Write((bool)value);
    }
}
