using System;
using MatterNano.Ble;
using MatterNano.Clusters;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Discovery;
using MatterNano.Interaction;
using MatterNano.Messaging;
using MatterNano.Onboarding;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;

namespace MatterNano.Devices;

/// <summary>A Matter accessory: every part put together, and the one loop that drives them.</summary>
/// <remarks>
/// Make the node, make its devices on <see cref="Root"/>, <see cref="Start"/> it, then call <see cref="Step"/> and wait as
/// long as it says (or let <see cref="Run"/> do that). Everything happens on the thread of the loop; other threads only
/// set the signal.
/// </remarks>
/// <example>
/// <code>
/// MatterNode node = new MatterNode(options);
/// OnOffLight light = new OnOffLight(node.Root);
/// light.OnOff.Changed += (sender, on) => led.Write(on);
/// node.Start();
/// node.Run();
/// </code>
/// </example>
public sealed class MatterNode : IDatagramSender, IAdvertisedServices, IFabricListener, ICommissioningWindowListener, IBleTransportListener
{
    /// <summary>Milliseconds that an orderly stop waits for its last reports to be acknowledged.</summary>
    public const int StopLimit = 400;

    // Datagrams taken in one step, so that a flood cannot keep timers from running.
    private const int DatagramsPerStep = 8;
    private const int MaxWait = 60000;

    // Turns that may fail one after the other.
    private const int MaxFailures = 10;

    // Bytes of events kept: 4 changes of the access control list and 100 bytes more; of critical ones there are three in a run, some 35 bytes each.
    private const int InfoEvents = 512;
    private const int CriticalEvents = 256;

    // A name of mDNS must fit the scratch space that the fabrics lend.
    private const uint NameFits = FabricTable.ScratchLength - DnsReader.MaxName;

    // Milliseconds that the last answer over BLE gets to leave before the radio is switched off.
    private const int BleGrace = 3000;

    // Milliseconds that a central may hold the one link before it begins PASE.
    private const int BleIdle = 30000;

    private const int Discovers = 1;
    private const int Running = 2;
    private const int OpenAgain = 4;
    private const int Advertising = 8;
    private const int BleOn = 16;
    private const int Rotated = 32;
    private const int WindowOpen = 64;

    // Not the options: most of them are needed at construction only.
    private readonly IUdp _udp;
    private readonly ISignal _signal;
    private readonly IWifi _radio;
    private readonly ILog _log;
    private readonly DeviceIdentity _identity;
    private readonly int _port;
    private readonly int _initialWindowSeconds;
    private readonly NodeServices _services;
    private readonly ExchangeManager _exchanges;
    private readonly SecureChannelHandler _secureChannel;
    private readonly RootNode _root;
    private readonly GroupMulticast _groups;
    private readonly MdnsResponder _mdns;
    private readonly BleTransport _ble;
    private readonly WifiCommissioningCluster _wifi;
    private readonly SubscriberRecovery _recovery;
    private readonly RotatingDeviceId _rotatingId;

    // For whatever part of the loop runs: datagrams and BLE values come into them, one at a time.
    private readonly NetworkAddress _source = new NetworkAddress();
    private readonly byte[] _received = new byte[MdnsResponder.ReceiveSize];
    private InteractionEngine _engine;
    private IUdpSocket _socket;
    private int _flags;
    private long _due = long.MaxValue;
    private int _failures;
    private long _linkSpentAt = long.MaxValue;
    private long _linkIdleAt = long.MaxValue;
    private long _bleOffAt = long.MaxValue;

    /// <summary>Makes every part; nothing is read, sent or listened to yet.</summary>
    /// <exception cref="ArgumentException">Something needed is missing, or the identity is not valid.</exception>
    public MatterNode(MatterNodeOptions options)
    {
        if (options.Clock == null || options.Random == null || options.Flash == null || options.Udp == null || options.Signal == null
            || options.Identity == null || !options.Identity.IsValid())
        {
            throw new ArgumentException();
        }

        IClock clock = options.Clock;
        _udp = options.Udp;
        _signal = options.Signal;
        _radio = options.Settings.Wifi;
        _log = options.Log;
        _identity = options.Identity;
        _port = options.Port;
        _initialWindowSeconds = options.InitialWindowSeconds;
        Set(Discovers, options.Discovery);
        IWorker worker = options.Worker ?? new InlineWorker(options.Signal);
        SymmetricCrypto crypto = options.Crypto ?? new SymmetricCrypto();
        SymmetricCrypto workerCrypto = options.WorkerCrypto ?? new SymmetricCrypto();
        DeviceIdentity identity = options.Identity;

        FabricTable fabrics = new FabricTable(options.Flash, crypto);
        SessionManager sessions = new SessionManager(this, options.Flash, clock, options.Random, crypto, fabrics, options.Log);
        _exchanges = new ExchangeManager(sessions, this, clock, options.Random, options.Log);
        CommissioningWindow window = new CommissioningWindow(clock);
        window.SetFactoryParameters(identity.Verifier, identity.Iterations, identity.Salt, identity.Discriminator);
        window.SetFactoryPoints(identity.Points);
        SessionParameters parameters = DescribeSessions();
        _secureChannel = new SecureChannelHandler(
            _exchanges, fabrics, window, worker, crypto, workerCrypto, clock, options.Random, parameters, options.Log);

        DescribeDevice(options);
        NodeServices services = new NodeServices();
        services.Clock = clock;
        services.Flash = options.Flash;
        services.Random = options.Random;
        services.Worker = worker;
        services.Crypto = crypto;
        services.Identity = options.Attestation ?? new DeviceAttestation(options.Flash, options.Random);
        services.Fabrics = fabrics;
        services.Sessions = sessions;
        services.Window = window;
        services.Events = new EventLog(clock, options.Flash, 0, InfoEvents, CriticalEvents, fabrics.Scratch);
        _services = services;
        _root = new RootNode(services, options.Settings);
        _wifi = _root.Network as WifiCommissioningCluster;
        sessions.SetGroupKeys(_root.GroupKeys);

        _groups = new GroupMulticast(fabrics, _root.Groups, options.Udp, _source);
        _mdns = new MdnsResponder(options.Udp, options.Random, options.Log, this, _received, _source, fabrics.Scratch, _exchanges);
        _mdns.SetSessionParameters((int)parameters.IdleInterval, (int)parameters.ActiveInterval, (int)parameters.ActiveThreshold);
        _recovery = new SubscriberRecovery(fabrics, _exchanges, _secureChannel, _mdns, options.Udp, clock, options.Random);
        if (identity.RotatingUniqueId != null)
        {
            _rotatingId = new RotatingDeviceId(options.Flash, identity.RotatingUniqueId);
        }

        if (options.Ble != null)
        {
            _ble = new BleTransport(options.Ble, clock, _received, _source);
            _ble.Attach(_exchanges, this);
            if (_wifi != null)
            {
                _wifi.WaitsForBle = true;
            }
        }

        fabrics.AddListener(this);
        window.AddListener(this);
        sessions.SessionOpened += OnSessionOpened;
        sessions.SessionClosed += OnSessionClosed;
    }

    /// <summary>Endpoint 0; devices are made on it before <see cref="Start"/>.</summary>
    public RootNode Root
    {
        get { return _root; }
    }

    /// <summary>Fabrics the node belongs to.</summary>
    public FabricTable Fabrics
    {
        get { return _services.Fabrics; }
    }

    /// <summary>Sessions, resumption records and what was refused.</summary>
    public SessionManager Sessions
    {
        get { return _services.Sessions; }
    }

    /// <summary>Exchanges.</summary>
    public ExchangeManager Exchanges
    {
        get { return _exchanges; }
    }

    /// <summary>Handshakes.</summary>
    public SecureChannelHandler SecureChannel
    {
        get { return _secureChannel; }
    }

    /// <summary>Interactions and subscriptions; null before <see cref="Start"/>.</summary>
    public InteractionEngine Engine
    {
        get { return _engine; }
    }

    /// <summary>The commissioning window.</summary>
    public CommissioningWindow Window
    {
        get { return _services.Window; }
    }

    /// <summary>The DNS-SD responder.</summary>
    public MdnsResponder Discovery
    {
        get { return _mdns; }
    }

    /// <summary>UDP port; 0 while stopped.</summary>
    public int Port
    {
        get { return _socket == null ? 0 : _socket.Port; }
    }

    /// <summary>Reads what flash holds, opens the port, and becomes findable. A device without fabric can be commissioned from now on.</summary>
    /// <returns>False when the UDP port is taken; nothing was started then.</returns>
    public bool Start()
    {
        _socket = _udp.Open(_port, false);
        if (_socket == null)
        {
            return false;
        }

        _root.Load();
        _services.Sessions.InitFromStorage(_services.Fabrics);
        _engine = new InteractionEngine(
            _root.Node, _root.Access, _exchanges, _services.Clock, _services.Random, _services.Flash, _root.Groups, _log);
        _root.Parts.Engine = _engine;
        _root.RecordBoot();
        _groups.Start(_socket);
        _secureChannel.Start();
        _recovery.Start(_engine);
        Set(Running, true);
        if (Has(Discovers))
        {
            _mdns.Start(_services.Clock.Milliseconds);
        }

        UpdateReachability();

        if (_services.Fabrics.Count == 0)
        {
            _services.Window.OpenInitial(_initialWindowSeconds);
        }

        UpdateBle(_services.Clock.Milliseconds);
        return true;
    }

    /// <summary>Does everything that is due.</summary>
    /// <returns>Milliseconds until the next call if nothing sets the signal before, 0 to 60,000.</returns>
    /// <exception cref="Exception">The turn failed ten times in a row: only a new start helps.</exception>
    /// <remarks>What an application's listener or a job of the worker throws is logged, and the loop goes on.</remarks>
    public int Step()
    {
        try
        {
            int wait = Turn();
            _failures = 0;
            return wait;
        }
        catch (Exception e)
        {
            if (_log != null)
            {
                _log.Write(LogLevel.Error, "node", "turn failed: " + e.GetType().FullName + ": " + e.Message);
            }

            if (++_failures == MaxFailures)
            {
                throw;
            }

            return 0;
        }
    }

    private int Turn()
    {
        bool more = _services.Worker.DeliverCompleted();
        more |= Receive();
        long now = _services.Clock.Milliseconds;

        // What was due may schedule something with a part that was asked before: all are asked again, in a turn in which nothing is due.
        more |= now >= _due;
        long next = _ble == null ? long.MaxValue : _ble.Process(now);
        bool changed = _root.Poll();
        _groups.Poll();
        if (changed)
        {
            UpdateReachability();
        }

        next = Earlier(next, _recovery.Process(now));
        next = Earlier(next, _secureChannel.Process(now));
        next = Earlier(next, _root.Node.Process(now));
        next = Earlier(next, _engine.Process(now));
        next = Earlier(next, _exchanges.Process(now));
        next = Earlier(next, _mdns.Process(now));
        if (Has(OpenAgain))
        {
            ReopenAfterLastFabric();
            more = true;
        }

        next = Earlier(next, UpdateBle(now));
        _due = next;
        if (more || changed || next <= now)
        {
            return 0;
        }

        return next - now > MaxWait ? MaxWait : (int)(next - now);
    }

    /// <summary>Runs the loop until <see cref="Stop"/> is called on it (from an event, say).</summary>
    public void Run()
    {
        while (Has(Running))
        {
            _signal.Wait(Step());
        }
    }

    /// <summary>Stops in order: the last reports with the ShutDown event, CloseSession to every peer, goodbye, port closed. At most <see cref="StopLimit"/> ms.</summary>
    public void Stop()
    {
        if (!Has(Running))
        {
            return;
        }

        _recovery.Stop();
        _root.ShutDown();
        ulong shutDown = _services.Events.NextNumber - 1;
        _engine.ReportNow();
        long limit = _services.Clock.Milliseconds + StopLimit;
        for (int wait = Step(); _engine.ReportsInFlight > 0 && _services.Clock.Milliseconds < limit; wait = Step())
        {
            _signal.Wait(wait < 10 ? wait : 10);
        }

        // Who was told subscribes anew, as it may call us unavailable until it has.
        _engine.Subscriptions.MarkTold(BasicInformationCluster.ClusterId, BasicInformationCluster.ShutDown, shutDown);
        Set(Running, false);
        _services.Window.Close();
        _services.Sessions.Close();
        if (Has(Discovers))
        {
            _mdns.Stop();
        }

        if (_ble != null)
        {
            _ble.Close();
            Set(BleOn, false);
            Set(Advertising, false);
        }

        _socket.Close();
        _socket = null;
    }

    /// <summary>Stops and deletes every record but the factory's. The board starts anew afterwards.</summary>
    /// <returns>False when the flash refused to delete something.</returns>
    public bool FactoryReset()
    {
        Stop();
        string[] names = _services.Flash.List();
        bool clean = true;
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] != DeviceIdentity.Record && !names[i].StartsWith(DeviceIdentity.Record + "."))
            {
                clean &= _services.Flash.Delete(names[i]);
            }
        }

        return clean;
    }

    /// <summary>Opens a commissioning window with the factory passcode, as a button on the device does.</summary>
    /// <param name="seconds">180 to 900.</param>
    /// <returns>False when one is open or a commissioning is under way.</returns>
    public bool OpenCommissioningWindow(int seconds)
    {
        if (_services.Window.IsOpen || _root.FailSafe.IsArmed)
        {
            return false;
        }

        if (_services.Fabrics.Count == 0)
        {
            _services.Window.OpenInitial(seconds);
        }
        else
        {
            _services.Window.OpenBasic(seconds, 0, -1);
        }

        return true;
    }

    /// <inheritdoc/>
    void IDatagramSender.Send(NetworkAddress to, byte[] buffer, int offset, int length)
    {
        if (to.Transport == NetworkAddress.Ble)
        {
            if (_ble != null)
            {
                _ble.Send(to, buffer, offset, length);
            }
        }
        else if (_socket != null)
        {
            _socket.Send(to, buffer, offset, length);
        }
    }

    /// <inheritdoc/>
    int IAdvertisedServices.ServicePort
    {
        get { return Port; }
    }

    /// <inheritdoc/>
    bool IAdvertisedServices.TryGetCommissionable(CommissionableService service)
    {
        if (!_services.Window.IsOpen)
        {
            return false;
        }

        DeviceIdentity identity = _identity;
        service.Discriminator = _services.Window.Discriminator;
        service.CommissioningMode = _services.Window.Status == CommissioningWindow.EnhancedWindowOpen ? 2 : 1;
        service.VendorId = identity.VendorId;
        service.ProductId = identity.ProductId;
        service.DeviceType = identity.DeviceType;
        service.DeviceName = identity.ProductName;
        service.RotatingId = _rotatingId == null ? null : _rotatingId.Text;
        service.PairingHint = 0;
        service.PairingInstruction = null;
        return true;
    }

    /// <inheritdoc/>
    bool IAdvertisedServices.TryGetOperational(int index, out ulong compressedFabricId, out ulong nodeId)
    {
        Fabric fabric = _services.Fabrics.GetSlot(index);
        compressedFabricId = fabric == null ? 0 : ByteOrder.ReadUInt64BigEndian(fabric.Data, Fabric.CompressedIdOffset);
        nodeId = fabric == null ? 0 : fabric.NodeId;
        return fabric != null;
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricAdded(Fabric fabric)
    {
        _mdns.ServicesChanged();
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricUpdated(Fabric fabric)
    {
        _mdns.ServicesChanged();
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricCommitted(Fabric fabric)
    {
    }

    /// <inheritdoc/>
    void IFabricListener.OnFabricRemoved(Fabric fabric)
    {
        _mdns.ServicesChanged();
        Set(OpenAgain, true);
    }

    /// <inheritdoc/>
    void ICommissioningWindowListener.OnWindowChanged(CommissioningWindow window)
    {
        if (window.IsOpen && !Has(WindowOpen))
        {
            RotateId();
            Set(Rotated, true);
        }

        Set(WindowOpen, window.IsOpen);
        if (!Has(WindowOpen) && _rotatingId != null)
        {
            _rotatingId.Rest();
        }

        _mdns.ServicesChanged();
    }

    /// <inheritdoc/>
    void IBleTransportListener.OnBleLinkOpened()
    {
    }

    /// <inheritdoc/>
    void IBleTransportListener.OnBleLinkLost()
    {
        _secureChannel.OnLinkLost(NetworkAddress.Ble);
        SecureSession pase = _services.Sessions.GetPaseSession();
        if (pase != null && pase.Transport == NetworkAddress.Ble)
        {
            pase.Destroy(false, false);
        }
    }

    private bool Has(int flag)
    {
        return (_flags & flag) != 0;
    }

    private void Set(int flag, bool value)
    {
        _flags = value ? _flags | flag : _flags & ~flag;
    }

    private static long Earlier(long a, long b)
    {
        return a < b ? a : b;
    }

    // The same revisions as Basic Information tells.
    private static SessionParameters DescribeSessions()
    {
        SessionParameters parameters = new SessionParameters();
        parameters.DataModelRevision = BasicInformationCluster.DataModelRevisionValue;
        parameters.InteractionModelRevision = InteractionModel.Revision;
        parameters.SpecificationVersion = BasicInformationCluster.SpecificationVersionValue;
        parameters.MaxPathsPerInvoke = Limits.PathsPerInvoke;
        return parameters;
    }

    private static void DescribeDevice(MatterNodeOptions options)
    {
        DeviceIdentity identity = options.Identity;
        identity.SoftwareVersion = options.SoftwareVersion;
        identity.SoftwareVersionString = options.SoftwareVersionString;
        options.Settings.Device = identity;
        options.Settings.NetworkInterface.Network = options.Udp;
    }

    private bool Receive()
    {
        for (int i = 0; i < DatagramsPerStep; i++)
        {
            int length = _socket == null ? 0 : _socket.TryReceive(_received, 0, Limits.MaxReceivedMessage, _source);
            if (length <= 0)
            {
                return i > 0;
            }

            _exchanges.OnDatagram(_received, 0, length, _source);
        }

        return true;
    }

    private void OnSessionOpened(SecureSession session)
    {
        if (session.IsPase)
        {
            _root.FailSafe.OnPaseEstablished();
        }
        else
        {
            _engine.ResumeSubscriptions(session);
        }
    }

    private void OnSessionClosed(SecureSession session)
    {
        if (session.IsPase && session.Transport == NetworkAddress.Ble)
        {
            _linkSpentAt = _services.Clock.Milliseconds + BleGrace;
        }

        // The commissioner gave up before it had a fabric, or cannot come back on any network: the next one need not wait for the fail-safe's
        // time. Otherwise it may go on over CASE, as it does when BLE goes at ConnectNetwork.
        bool lost = _root.FailSafe.NocAdded && session.Transport == NetworkAddress.Ble && !IsReachableOverIp;
        if (session.IsPase && (_root.FailSafe.FabricIndex == 0 || lost))
        {
            _root.FailSafe.Expire();
        }
    }

    // Whether a commissioner that had BLE only can find the device on its network, now or soon.
    private bool IsReachableOverIp
    {
        get { return _wifi == null || _wifi.IsConnectAccepted || _radio.State == WifiState.Connected; }
    }

    /// <summary>Without a network nothing is reported; when it is back, every subscriber hears at once.</summary>
    private void UpdateReachability()
    {
        if (_wifi != null)
        {
            _engine.SetSuspended(_radio.State != WifiState.Connected || _udp.GetAddresses(_received) == 0);
        }
    }

    /// <summary>Advertises while the device is new and waits for a commissioner; gives the radio back once it is commissioned, or when it must leave BLE to connect.</summary>
    /// <returns>Time of the next call in milliseconds; long.MaxValue for none.</returns>
    private long UpdateBle(long now)
    {
        if (_ble == null || !Has(Running))
        {
            return long.MaxValue;
        }

        bool armed = _root.FailSafe.IsArmed;
        bool leave = _wifi != null && _wifi.MustLeaveBle;
        if (!_ble.IsOpen)
        {
            _linkSpentAt = long.MaxValue;
        }
        else if (!armed && !leave && (now >= _linkSpentAt || (_linkSpentAt != long.MaxValue && _ble.IsDrained)))
        {
            // Its commissioning is over and undone. Some commissioners keep the link all the same, and nobody else could come.
            _linkSpentAt = long.MaxValue;
            _ble.Disconnect();
        }

        if (!_ble.IsConnected || armed || leave || _services.Window.IsPaseActive)
        {
            _linkIdleAt = long.MaxValue;
        }
        else if (_linkIdleAt > now + (_services.Window.IsOpen ? BleIdle : BleGrace))
        {
            // It has nothing to do here once the window is closed.
            _linkIdleAt = now + (_services.Window.IsOpen ? BleIdle : BleGrace);
        }
        else if (now >= _linkIdleAt)
        {
            _linkIdleAt = long.MaxValue;
            _ble.Disconnect();
        }

        // A commissioned device is found over DNS-SD only (Core 5.4.2.3).
        bool wanted = !armed && _services.Window.IsInitial && _services.Fabrics.Count == 0;
        if (wanted != Has(Advertising))
        {
            Set(Advertising, wanted);
            if (wanted)
            {
                Set(BleOn, true);

                // The first time the window's opening did it; after an attempt that failed advertising starts anew.
                if (!Has(Rotated))
                {
                    RotateId();
                }

                Set(Rotated, false);
                _ble.Advertise(
                    _services.Window.Discriminator,
                    _identity.VendorId,
                    _identity.ProductId,
                    _rotatingId == null ? null : _rotatingId.AdditionalData);
            }
            else
            {
                _ble.StopAdvertising();
            }
        }

        if (!leave && (!Has(BleOn) || armed || _services.Fabrics.Count == 0))
        {
            _bleOffAt = long.MaxValue;
            return Earlier(_linkSpentAt, _linkIdleAt);
        }

        // What was answered last, with which the commissioner goes on over IP, leaves first.
        if (_bleOffAt == long.MaxValue)
        {
            _bleOffAt = now + BleGrace;
        }

        if (!_ble.IsDrained && now < _bleOffAt)
        {
            return _bleOffAt;
        }

        _bleOffAt = long.MaxValue;
        if (Has(BleOn))
        {
            Set(BleOn, false);
            _ble.Close();
        }

        if (leave)
        {
            _wifi.LeftBle();
        }

        return now;
    }

    private void RotateId()
    {
        if (_rotatingId != null)
        {
            _rotatingId.Rotate();
            _mdns.ServicesChanged();
        }
    }

    /// <summary>Nobody administers the device any more: it can be commissioned again, as a new one can.</summary>
    private void ReopenAfterLastFabric()
    {
        Set(OpenAgain, false);
        if (Has(Running) && _services.Fabrics.Count == 0 && !_services.Window.IsOpen && !_root.FailSafe.IsArmed)
        {
            _services.Window.OpenInitial(_initialWindowSeconds);
        }
    }
}
