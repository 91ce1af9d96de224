using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;

namespace MatterNano.Esp32.Machine;

/// <summary>One chip with its surroundings. The fakes use the current one.</summary>
public sealed class Chip : IDisposable
{
    private readonly BlockingCollection<Action> _events = new();
    private readonly Dictionary<int, Pin> _pins = new();
    private readonly Thread _eventThread;

    public Chip(string flashDirectory, string target = "ESP32_C6_THREAD")
    {
        Target = target;
        Drive = new Drive(flashDirectory);
        Network = new HostNetwork();
        Air = new AccessPoint(this);
        Radio = new BleAir();
        _eventThread = new Thread(RunEvents) { IsBackground = true, Name = "events" };
        _eventThread.Start();
    }

    /// <summary>The chip that the fakes in this process are.</summary>
    public static Chip Current { get; set; }

    public string Target { get; }

    /// <summary>Without power: whatever the program asks of the chip ends its thread.</summary>
    public bool IsOff { get; private set; }

    public Drive Drive { get; }

    public HostNetwork Network { get; }

    public AccessPoint Air { get; }

    public BleAir Radio { get; }

    /// <summary>Exceptions that left handlers on the event thread; there must be none.</summary>
    public ConcurrentQueue<Exception> Lost { get; } = new();

    public Pin Pin(int number)
    {
        lock (_pins)
        {
            if (!_pins.TryGetValue(number, out Pin pin))
            {
                _pins.Add(number, pin = new Pin(this));
            }

            return pin;
        }
    }

    /// <summary>Runs something on the one thread that handlers of native events share.</summary>
    public void Post(Action handler)
    {
        try
        {
            _events.Add(handler);
        }
        catch (InvalidOperationException)
        {
            // A chip without power has no events.
        }
    }

    /// <summary>Waits until the handlers of all events so far have run.</summary>
    public void Settle()
    {
        using ManualResetEventSlim settled = new();
        Post(settled.Set);
        settled.Wait();
    }

    /// <summary>Cuts the power. The program's main thread ends at its next look at a pin or a file.</summary>
    public void CutPower()
    {
        IsOff = true;
        Drive.CutAfter(0);
        lock (_pins)
        {
            foreach (Pin pin in _pins.Values)
            {
                pin.Drive(pin.IsHigh); // wakes it
            }
        }
    }

    /// <exception cref="PowerOffException">The power is off.</exception>
    public void CheckPower()
    {
        if (IsOff)
        {
            throw new PowerOffException();
        }
    }

    public void Dispose()
    {
        IsOff = true;
        _events.CompleteAdding();
        Network.Dispose();
        Radio.Dispose();
    }

    private void RunEvents()
    {
        foreach (Action handler in _events.GetConsumingEnumerable())
        {
            try
            {
                handler();
            }
            catch (Exception e)
            {
                Lost.Enqueue(e);
            }
        }
    }
}
