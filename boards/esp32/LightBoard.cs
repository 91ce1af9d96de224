using System.Device.Gpio;
using System.Threading;
using MatterNano.Clusters;
using MatterNano.Credentials;
using MatterNano.Devices;
using MatterNano.Esp32;
using MatterNano.Onboarding;
using MatterNano.Platform;
using MatterNano.Storage;
using nanoFramework.Runtime.Native;

namespace MatterNano.Boards.Esp32;

/// <summary>An LED and a button as an On/Off light.</summary>
public sealed class LightBoard : IFabricListener
{
    private const string Area = "light";
    private const int MaxRecord = 2048;
    private const int RepeatMilliseconds = 10000;
    private const int RestartMilliseconds = 5000;

    // Half periods in milliseconds, powers of two.
    private const int FastBlink = 128;
    private const int SlowBlink = 512;

    private readonly ILog _log = new SerialLog(LogLevel.Info);
    private readonly MonotonicClock _clock = new MonotonicClock();
    private readonly LoopSignal _signal = new LoopSignal();
    private readonly DeviceIdentity _identity = new DeviceIdentity();
    private GpioPin _led;
    private Button _button;
    private MatterNode _node;
    private OnOffLight _light;
    private Link _link;
    private bool _lit;

    /// <summary>Runs the light for ever.</summary>
    public void Run()
    {
        _log.Write(LogLevel.Info, Area, "MatterNano on " + SystemInfo.TargetName + ", " + GC.Run(true).ToString() + " bytes of heap free");
        GpioController gpio = new GpioController();
        string target = SystemInfo.TargetName;
        _led = gpio.OpenPin(BoardPins.Led(target), PinMode.Output);
        _led.Write(PinValue.Low);
        _button = new Button(gpio, BoardPins.Button(target), _signal);
        TwoSlotFlash flash = new TwoSlotFlash(new LittleFsStore(), MaxRecord);
        while (!_identity.TryLoad(flash, new byte[DeviceIdentity.MaxSize]))
        {
            // Said again and again: whoever connects the serial port comes late.
            _log.Write(LogLevel.Error, Area, "No identity on this device. Make one with boards/tools/factory and deploy its file list (README).");
            Thread.Sleep(RepeatMilliseconds);
        }

        Build(flash);
        if (!_node.Start())
        {
            _log.Write(LogLevel.Error, Area, "The UDP port of Matter cannot be opened; restarting.");
            Thread.Sleep(RestartMilliseconds);
            Power.RebootDevice();
            return;
        }

        Tell();
        while (true)
        {
            int wait = Step();
            long now = _clock.Milliseconds;
            int next = WatchButton(now);
            wait = next < wait ? next : wait;
            next = ShowLight(now);
            wait = next < wait ? next : wait;
            if (wait > 0)
            {
                _signal.Wait(wait);
            }
        }
    }

    private int Step()
    {
        try
        {
            return _node.Step();
        }
        catch (System.Exception e)
        {
            // Out of memory, most likely. A light that hangs is worse than one that starts anew: it takes up its sessions and
            // subscriptions again from flash.
            _log.Write(LogLevel.Error, Area, "Restarting after " + e.GetType().FullName + ": " + e.Message);
            Power.RebootDevice();
            return 0;
        }
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricAdded(Fabric fabric)
    {
        _log.Write(LogLevel.Info, Area, "Fabric " + fabric.Index.ToString() + " added");
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricUpdated(Fabric fabric)
    {
        _log.Write(LogLevel.Info, Area, "Fabric " + fabric.Index.ToString() + " has new credentials");
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricCommitted(Fabric fabric)
    {
        _log.Write(LogLevel.Info, Area, "Commissioned into fabric " + fabric.Index.ToString());
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricRemoved(Fabric fabric)
    {
        _log.Write(LogLevel.Info, Area, "Fabric " + fabric.Index.ToString() + " removed");
    }

    private void Build(IFlash flash)
    {
        UdpNetwork network = new UdpNetwork(_signal);
        MatterNodeOptions options = new MatterNodeOptions();
        options.Clock = _clock;
        options.Random = new HardwareRandom();
        options.Flash = flash;
        options.Udp = network;
        options.Signal = _signal;
        options.Worker = new ThreadWorker(_signal);
        options.Log = _log;
        options.Crypto = new NativeCrypto();
        options.WorkerCrypto = new NativeCrypto();
        options.Identity = _identity;
        _link = new Link(network, _signal, options);
        _node = new MatterNode(options);
        _light = new OnOffLight(_node.Root);
        _light.OnOff.Changed += OnSwitched;
        _node.Fabrics.AddListener(this);
    }

    private void Tell()
    {
        _log.Write(LogLevel.Info, Area, "Vendor " + _identity.VendorId.ToString() + ", product " + _identity.ProductId.ToString()
            + ", serial number " + (_identity.SerialNumber ?? "none") + ", discriminator " + _identity.Discriminator.ToString());
        if (_node.Window.IsOpen)
        {
            _log.Write(LogLevel.Info, Area, "Waiting to be commissioned. The code is on the label that boards/tools/factory made; the device does not know its passcode.");
        }

        _log.Write(LogLevel.Info, Area, "Ready: port " + _node.Port.ToString() + ", fabrics " + _node.Fabrics.Count.ToString()
            + ", light " + (_light.OnOff.IsOn ? "on" : "off") + ", heap free " + GC.Run(true).ToString());
    }

    private void OnSwitched(OnOffCluster sender, bool on)
    {
        _log.Write(LogLevel.Info, Area, on ? "On" : "Off");
    }

    private int WatchButton(long now)
    {
        int wait;
        switch (_button.Process(now, out wait))
        {
            case Button.Pressed:
                _light.OnOff.Toggle();
                return 0;
            case Button.Held:
                Reset();
                return 0;
            default:
                return wait;
        }
    }

    private void Reset()
    {
        _log.Write(LogLevel.Warning, Area, "Factory reset");
        _led.Write(PinValue.High);
        if (!_node.FactoryReset())
        {
            _log.Write(LogLevel.Error, Area, "The flash refused to delete every record");
        }

        _link.Leave();
        _led.Write(PinValue.Low);
        Power.RebootDevice();
    }

    // Fast: the button is held and a reset comes. Slow: someone asked which device this is. Else the light itself.
    private int ShowLight(long now)
    {
        int blink = _button.IsWarning(now) ? FastBlink : _light.Identify.IsIdentifying ? SlowBlink : 0;
        bool lit = blink == 0 ? _light.OnOff.IsOn : (now & blink) == 0;
        if (lit != _lit)
        {
            _lit = lit;
            _led.Write(lit ? PinValue.High : PinValue.Low);
        }

        return blink == 0 ? int.MaxValue : blink - (int)(now & (blink - 1));
    }
}
