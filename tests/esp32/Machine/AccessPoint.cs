using System;
using System.Threading;

namespace MatterNano.Esp32.Machine;

/// <summary>The one access point in reach, and the chip's station as the driver sees it.</summary>
public sealed class AccessPoint
{
    private readonly Chip _chip;
    private readonly object _lock = new();
    private bool _present = true;
    private Timer _address;

    internal AccessPoint(Chip chip)
    {
        _chip = chip;
    }

    /// <summary>Availability of the network changed; raised on the event thread.</summary>
    public event Action<bool> AvailabilityChanged;

    /// <summary>Addresses changed; raised on the event thread.</summary>
    public event Action AddressChanged;

    /// <summary>What the station does: "connecting", "connected", "failed" or "disconnected"; raised wherever it happens, one after another.</summary>
    public event Action<string> StationChanged;

    public string Ssid { get; set; } = "home";

    public string Password { get; set; } = "correct horse";

    /// <summary>Milliseconds that associating takes.</summary>
    public int Delay { get; set; }

    /// <summary>Milliseconds after association until there is an address.</summary>
    public int AddressDelay { get; set; } = 20;

    /// <summary>The station is associated.</summary>
    public bool IsJoined { get; private set; }

    /// <summary>The driver tries to come back after a loss.</summary>
    public bool IsWanted { get; private set; }

    public bool IsPresent
    {
        get => _present;
        set
        {
            _present = value;
            if (!value)
            {
                Lose();
            }
            else if (IsWanted)
            {
                Up();
            }
        }
    }

    /// <summary>Associates; blocks as the driver does.</summary>
    /// <returns>Number of WifiConnectionStatus.</returns>
    public int Join(string ssid, string password)
    {
        StationChanged?.Invoke("connecting");
        Thread.Sleep(Delay);
        bool found = _present && ssid == Ssid;
        if (!found || password != Password)
        {
            StationChanged?.Invoke("failed");
            return found ? 1 : 2;
        }

        IsWanted = true;
        Up();
        return 3;
    }

    /// <summary>A cable is put in or pulled out; of a board with Ethernet.</summary>
    public void Plug(bool isIn)
    {
        _chip.Post(() => AvailabilityChanged?.Invoke(isIn));
    }

    public void Leave()
    {
        IsWanted = false;
        Lose();
    }

    private void Up()
    {
        lock (_lock)
        {
            IsJoined = true;
            _chip.Post(() => AvailabilityChanged?.Invoke(true));
            _address?.Dispose();
            _address = new Timer(_ => GiveAddress(), null, AddressDelay, Timeout.Infinite);
        }
    }

    private void GiveAddress()
    {
        lock (_lock)
        {
            if (IsJoined)
            {
                _chip.Network.IsUp = true;
                StationChanged?.Invoke("connected");
                _chip.Post(() => AddressChanged?.Invoke());
            }
        }
    }

    private void Lose()
    {
        lock (_lock)
        {
            if (!IsJoined)
            {
                return;
            }

            IsJoined = false;
            _address?.Dispose();
            _chip.Network.IsUp = false;
            StationChanged?.Invoke("disconnected");
            _chip.Post(() => AvailabilityChanged?.Invoke(false));
        }
    }
}
