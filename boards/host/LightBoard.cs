using System;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading;
using MatterNano.Clusters;
using MatterNano.Credentials;
using MatterNano.Devices;
using MatterNano.Host.Bluez;
using MatterNano.Host.NetworkManager;
using MatterNano.Onboarding;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;

namespace MatterNano.Host;

/// <summary>The light on this computer: builds the node, runs its loop, tells what happens.</summary>
internal sealed class LightBoard : IFabricListener, ICommissioningWindowListener
{
    private readonly HostOptions _options;
    private readonly FileFlash _flash;
    private readonly HostIdentity _identity;
    private readonly Output _output;
    private readonly ILog _log;
    private readonly HostClock _clock = new HostClock();
    private readonly HostRandom _random = new HostRandom();
    private readonly HostSignal _signal = new HostSignal();
    private readonly UdpHost _udp;
    private readonly Commands _commands;
    private readonly IBleRadio _ble;
    private readonly IWifi _wifi;
    private readonly ConcurrentQueue<string> _radioLines = new ConcurrentQueue<string>();
    private ThreadWorker _worker;
    private volatile bool _stop;
    private bool _restart;
    private bool _reset;
    private bool _announcing;
    private bool _windowOpen;
    private int _wifiState;

    public LightBoard(HostOptions options, FileFlash flash, HostIdentity identity, Output output, ILog log)
    {
        _options = options;
        _flash = flash;
        _identity = identity;
        _output = output;
        _log = log;
        _udp = new UdpHost(options.Bind, _signal, log);
        _commands = new Commands(this, output);
        if (options.BleAdapter != null)
        {
            _ble = new BluezRadio(options.BleAdapter.Length == 0 ? null : options.BleAdapter, options.BleNotify, _signal, line =>
            {
                // From a thread of the bus; the loop tells it.
                _radioLines.Enqueue(line);
                _signal.Set();
            });
        }
        else if (options.BleRadio >= 0)
        {
            try
            {
                _ble = new SimulatedBleRadio(options.BleRadio, options.BleMtu, _signal, options.BleNotify);
            }
            catch (SocketException e)
            {
                throw new DriverException($"TCP port {options.BleRadio} of the BLE radio cannot be opened: {e.Message}");
            }
        }

        if (options.Wifi != null)
        {
            _wifi = new SimulatedWifi(options.Wifi, options.WifiDelay, options.WifiVanishes, !options.NonConcurrent, _udp, _signal);
        }
        else if (options.WifiInterface != null)
        {
            _wifi = NetworkManagerWifi.Open(options.WifiInterface, _signal).GetAwaiter().GetResult();
        }

        OnboardingPayload payload = new OnboardingPayload
        {
            VendorId = identity.Device.VendorId,
            ProductId = identity.Device.ProductId,
            Discovery = _ble == null ? OnboardingPayload.DiscoveryOnNetwork : OnboardingPayload.DiscoveryOnNetwork | OnboardingPayload.DiscoveryBle,
            Discriminator = identity.Device.Discriminator,
            Passcode = identity.Passcode,
        };
        QrCode = payload.ToQrCode();
        ManualCode = payload.ToManualCode();
    }

    /// <summary>The node that runs now.</summary>
    public MatterNode Node { get; private set; }

    /// <summary>Its light.</summary>
    public OnOffCluster Light { get; private set; }

    /// <summary>Its simulated Wi-Fi; null for any other.</summary>
    public SimulatedWifi Wifi => _wifi as SimulatedWifi;

    /// <summary>Text of the QR code.</summary>
    public string QrCode { get; }

    /// <summary>Manual pairing code.</summary>
    public string ManualCode { get; }

    /// <summary>Milliseconds of the clock.</summary>
    public long Now => _clock.Milliseconds;

    /// <summary>Runs until told to stop.</summary>
    /// <returns>Exit code.</returns>
    public int Run()
    {
        CommandLine input = new CommandLine(Console.In, _signal);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        do
        {
            if (!Start())
            {
                return 1;
            }

            while (!_stop && !_restart)
            {
                TellWifi();
                TellRadio();
                if (!TryStep(out int wait))
                {
                    Dispose();
                    return 1;
                }

                while (!_stop && !_restart && input.TryTake(out string line))
                {
                    _commands.Run(line);
                    wait = 0;
                }

                if (wait > 0 && !_stop && !_restart)
                {
                    _signal.Wait(wait);
                }
            }

            End();
        }
        while (!_stop);

        Dispose();
        _output.Event("stopped", "Stopped", null);
        return 0;
    }

    /// <summary>Asks the loop to stop in order. From any thread.</summary>
    public void Stop()
    {
        _stop = true;
        _signal.Set();
    }

    /// <summary>Asks the loop to start the node anew in order.</summary>
    /// <param name="reset">True: forget all but the identity first.</param>
    public void Restart(bool reset)
    {
        _restart = true;
        _reset = reset;
    }

    /// <summary>Writes the fields of a fabric but its index.</summary>
    public static void WriteFabric(Utf8JsonWriter writer, Fabric fabric)
    {
        writer.WriteString("fabricId", fabric.FabricId.ToString("X16"));
        writer.WriteString("nodeId", fabric.NodeId.ToString("X16"));
        writer.WriteNumber("vendorId", fabric.VendorId);
        writer.WriteString("label", fabric.Label);
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricAdded(Fabric fabric)
    {
        Tell("fabricAdded", $"Fabric {fabric.Index} added (vendor 0x{fabric.VendorId:X4}, node {fabric.NodeId:X16})", fabric);
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricUpdated(Fabric fabric)
    {
        Tell("fabricUpdated", $"Fabric {fabric.Index} has new credentials", fabric);
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricCommitted(Fabric fabric)
    {
        Tell("commissioned", $"Commissioned into fabric {fabric.Index}", fabric);
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricRemoved(Fabric fabric)
    {
        Tell("fabricRemoved", $"Fabric {fabric.Index} removed", fabric);
    }

    /// <inheritdoc/>
    void ICommissioningWindowListener.OnWindowChanged(CommissioningWindow window)
    {
        bool open = window.IsOpen;
        if (_announcing || open == _windowOpen)
        {
            _windowOpen = open;
            return;
        }

        _windowOpen = open;
        if (!open)
        {
            _output.Event("windowClosed", "Commissioning window closed", null);
            return;
        }

        string kind = window.IsInitial ? "initial" : window.Status == CommissioningWindow.EnhancedWindowOpen ? "enhanced" : "basic";
        _output.Event("windowOpened", $"Commissioning window open ({kind})", writer =>
        {
            writer.WriteString("kind", kind);
            writer.WriteNumber("discriminator", window.Discriminator);
            writer.WriteNumber("adminFabricIndex", window.AdminFabricIndex);
        });
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop();
    }

    private void Dispose()
    {
        (_ble as IDisposable)?.Dispose();
        (_wifi as IDisposable)?.Dispose();
        _udp.Dispose();
    }

    // An exception of the loop, or of a worker's job: what state it left nobody knows, so the light ends as it would after a power
    // cut. Flash holds all that matters; whoever watches the process starts it anew.
    private bool TryStep(out int wait)
    {
        try
        {
            wait = Node.Step();
            return true;
        }
        catch (Exception e)
        {
            wait = 0;
            Fail("internal error: " + e);
            _worker.Stop();
            return false;
        }
    }

    private bool Start()
    {
        _restart = false;
        _reset = false;
        _worker = new ThreadWorker(_signal);
        MatterNodeOptions options = new MatterNodeOptions
        {
            Clock = _clock,
            Random = _random,
            Flash = _flash,
            Udp = _udp,
            Signal = _signal,
            Worker = _worker,
            Log = _log,
            Identity = _identity.Device,
            Port = _options.Port,
            Discovery = !_options.NoMdns,
            Ble = _ble,
        };
        if (_wifi != null)
        {
            options.Settings.Wifi = _wifi;
            options.Settings.NetworkInterface.Name = string.IsNullOrEmpty(_options.WifiInterface) ? "wlan0" : _options.WifiInterface;
            options.Settings.NetworkInterface.Type = NetworkInterfaceInformation.WiFi;
        }

        _udp.Describe(options.Settings.NetworkInterface);
        Node = new MatterNode(options);
        OnOffLight light = new OnOffLight(Node.Root);
        Light = light.OnOff;
        Light.Changed += (sender, on) => _output.Event("attribute", on ? "Light on" : "Light off", writer =>
        {
            writer.WriteNumber("endpoint", light.Endpoint.Number);
            writer.WriteNumber("cluster", OnOffCluster.ClusterId);
            writer.WriteNumber("attribute", 0);
            writer.WriteBoolean("value", on);
        });
        Node.Fabrics.AddListener(this);
        Node.Window.AddListener(this);
        Node.Sessions.SessionOpened += session => Tell("sessionOpened", "opened", session);
        Node.Sessions.SessionClosed += session => Tell("sessionClosed", "closed", session);
        Node.Sessions.SubscriptionsChanged += OnSubscriptionsChanged;

        // The window of a new device opens here; the ready event tells it.
        _announcing = true;
        bool started = Node.Start();
        _announcing = false;
        if (!started)
        {
            _worker.Stop();
            Fail(PortProblem());
            return false;
        }

        _output.Ready(new ReadyInformation
        {
            Port = Node.Port,
            QrCode = QrCode,
            ManualCode = ManualCode,
            Discriminator = _identity.Device.Discriminator,
            Passcode = _identity.Passcode,
            VendorId = _identity.Device.VendorId,
            ProductId = _identity.Device.ProductId,
            SerialNumber = _identity.Device.SerialNumber,
            Fabrics = Node.Fabrics.Count,
            Commissionable = Node.Window.IsOpen,
            Mdns = Node.Discovery.IsRunning,
            Storage = _flash.DirectoryPath,
            OnOff = Light.IsOn,
            BleRadio = (_ble as SimulatedBleRadio)?.Port ?? 0,
        });
        return true;
    }

    private void End()
    {
        _announcing = true;
        if (!_reset)
        {
            Node.Stop();
        }
        else if (!Node.FactoryReset())
        {
            Fail($"Not every record in {_flash.DirectoryPath} could be deleted.");
        }

        _announcing = false;
        _windowOpen = false;
        _worker.Stop();
    }

    private string PortProblem()
    {
        SocketException error = _udp.LastError;
        if (error?.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return $"UDP port {_options.Port} is in use; choose another with --port.";
        }

        if (error?.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return "An address given with --bind is not one of this computer.";
        }

        return $"UDP port {_options.Port} cannot be opened: {error?.Message ?? "no network"}";
    }

    private void TellRadio()
    {
        while (_radioLines.TryDequeue(out string line))
        {
            _output.Event("bluetooth", line, writer => writer.WriteString("message", line));
        }
    }

    private void Fail(string reason)
    {
        _output.Event("error", null, writer => writer.WriteString("message", reason));
        Console.Error.WriteLine("light: " + reason);
    }

    private void Tell(string name, string text, Fabric fabric)
    {
        _output.Event(name, text, writer =>
        {
            writer.WriteNumber("fabricIndex", fabric.Index);
            WriteFabric(writer, fabric);
        });
    }

    private void Tell(string name, string verb, SecureSession session)
    {
        string kind = session.IsPase ? "PASE session" : session.IsResumption ? "Session (resumed)" : "Session";
        string peer = session.IsPase ? string.Empty : $" with {session.PeerNodeId:X16} of fabric {session.FabricIndex}";
        _output.Event(name, $"{kind} {session.Id} {verb}{peer}", writer =>
        {
            writer.WriteString("type", session.IsPase ? "pase" : "case");
            writer.WriteNumber("id", session.Id);
            writer.WriteNumber("fabricIndex", session.FabricIndex);
            writer.WriteString("peerNodeId", session.PeerNodeId.ToString("X16"));
            writer.WriteBoolean("resumed", session.IsResumption);
        });
    }

    private void TellWifi()
    {
        int state = _wifi?.State ?? _wifiState;
        if (state == _wifiState)
        {
            return;
        }

        _wifiState = state;
        string name = SimulatedWifi.NameOf(state);
        _output.Event("wifi", $"Wi-Fi {name}", writer => writer.WriteString("state", name));
    }

    private void OnSubscriptionsChanged(SecureSession session)
    {
        int count = session.NumberOfActiveSubscriptions;
        _output.Event("subscriptions", $"Session {session.Id}: {count} subscription{(count == 1 ? string.Empty : "s")}", writer =>
        {
            writer.WriteNumber("session", session.Id);
            writer.WriteNumber("fabricIndex", session.FabricIndex);
            writer.WriteString("peerNodeId", session.PeerNodeId.ToString("X16"));
            writer.WriteNumber("count", count);
        });
    }
}
