using System;
using MatterNano;
using MatterNano.Crypto;
using MatterNano.Interaction;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using MatterNano.Storage;

namespace NFUnitTest.Interaction;

/// <summary>A device with a small data model and a controller, joined by a link in memory, under one clock.</summary>
public sealed class ImLink : IClock, IRandom, IFabrics, IAccessControl, IGroupMembership
{
    public const int OnOffEndpoint = 1;

    public readonly ImSide Controller;
    public readonly ImSide Device;
    public readonly MemoryFlash Flash;
    public readonly EventLog Events;
    public readonly Node Node;
    public readonly TestCluster Test;
    public readonly ExampleOnOffCluster OnOff;
    public readonly InteractionEngine Engine;
    public SecureSession Session;
    public SecureSession DeviceSession;
    public long Now = 1000000;

    // What the controller may do; on DeniedCluster: nothing.
    public int Privileges = Privilege.Administer;
    public uint DeniedCluster = InteractionModel.Wildcard;
    public int GroupEndpoint = -1;

    // True: a request leaves the exchange of the one before open.
    public bool KeepsExchanges;

    private Exchange _exchange;
    private uint _random = 0x1234567;
    private int _sessions;

    public ImLink()
        : this(new MemoryFlash())
    {
    }

    public ImLink(MemoryFlash flash)
    {
        Flash = flash;
        Events = new EventLog(this, flash, 128, 512, 256);
        Node = new Node(3, Events, this);
        Test = new TestCluster();
        OnOff = new ExampleOnOffCluster();
        EndpointDefinition root = new EndpointDefinition(0, new uint[] { 0x16, 1 }, 2, null);
        root.Add(Test);
        Node.Add(root);
        EndpointDefinition light = new EndpointDefinition(OnOffEndpoint, new uint[] { 0x100, 3 }, 1, null);
        light.Add(OnOff);
        Node.Add(light);
        EndpointDefinition second = new EndpointDefinition(2, new uint[] { 0x100, 3 }, 1, null);
        second.Add(new ExampleOnOffCluster());
        Node.Add(second);

        Device = new ImSide(this, 1, null);
        Controller = new ImSide(this, 2, Device);
        Engine = new InteractionEngine(Node, this, Device.Exchanges, this, this, flash, this, null);
        Session = Connect(1, 0xd0000001, 0xc0000001);
        DeviceSession = Device.Sessions.GetSessionForNode(1, 0xc0000001);
    }

    public long Milliseconds
    {
        get { return Now; }
    }

    /// <summary>Opens a session between controller and device; fabric 0 for PASE.</summary>
    /// <returns>The controller's session.</returns>
    public SecureSession Connect(int fabricIndex, ulong deviceNode, ulong controllerNode)
    {
        byte[] keys = new byte[48];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = (byte)(i + _sessions);
        }

        _sessions++;
        int controllerId = Controller.Sessions.GetNextAvailableSessionId();
        int deviceId = fabricIndex == 0 ? Device.Sessions.GetNextPaseSessionId() : Device.Sessions.GetNextAvailableSessionId();
        Controller.NodeId = controllerNode;
        SecureSession session = Controller.Sessions.CreateSecureSessionWithKeys(
            controllerId, fabricIndex, fabricIndex == 0 ? 0 : deviceNode, deviceId, keys, 0, true, false, null, null);
        SecureSession other = Device.Sessions.CreateSecureSessionWithKeys(
            deviceId, fabricIndex, fabricIndex == 0 ? 0 : controllerNode, controllerId, keys, 0, false, false, null, null);
        session.SetAddress(Device.Address);
        other.SetAddress(Controller.Address);
        Controller.Sessions.Activate(session);
        Device.Sessions.Activate(other);
        return session;
    }

    /// <summary>Sends a request of a new exchange and lets both sides talk until nothing is under way.</summary>
    /// <returns>The answer, as <see cref="ImText"/> tells it.</returns>
    public string Request(int opcode, byte[] payload)
    {
        return Request(Session, opcode, payload);
    }

    public string Request(SecureSession session, int opcode, byte[] payload)
    {
        if (_exchange != null && !KeepsExchanges && _exchange.IsOpen)
        {
            _exchange.Close();
        }

        _exchange = Controller.Exchanges.Open(session, ProtocolId.InteractionModel, Controller);
        return Send(_exchange, opcode, payload);
    }

    /// <summary>Sends the next message of the exchange of the last answer.</summary>
    public string Continue(int opcode, byte[] payload)
    {
        return Send(Controller.LastExchange, opcode, payload);
    }

    /// <summary>The same with a status.</summary>
    public string Confirm(int status)
    {
        return Continue(InteractionModel.StatusResponse, ImMessage.StatusResponse(status));
    }

    public string Send(Exchange exchange, int opcode, byte[] payload)
    {
        Controller.LastOpcode = 0;
        Controller.LastPayload = null;
        MessageBuffer message = exchange.BeginMessage();
        if (message == null)
        {
            // Every buffer of the controller waits for an acknowledgement: it says nothing this time.
            Turn(300);
            return Controller.Told;
        }

        Array.Copy(payload, 0, message.Data, message.PayloadOffset, payload.Length);
        exchange.Send(message, opcode, payload.Length, SendFlags.Reliable | SendFlags.ExpectResponse);
        Settle();
        return Controller.Told;
    }

    /// <summary>Delivers everything and lets the device do what is due, until both are quiet.</summary>
    public void Settle()
    {
        do
        {
            while (Controller.Sent.Count > 0 || Device.Sent.Count > 0)
            {
                Controller.DeliverTo(Device);
                Device.DeliverTo(Controller);
            }
        }
        while (Controller.Sent.Count > 0);
    }

    /// <summary>One turn of the device's loop.</summary>
    /// <returns>What the controller got, told by <see cref="ImText"/>; "" for nothing.</returns>
    public string Turn(int milliseconds)
    {
        Controller.LastOpcode = 0;
        Controller.LastPayload = null;
        Now += milliseconds;
        NextDeadline = Engine.Process(Now);
        Settle();
        Controller.Exchanges.Process(Now);
        long exchanges = Device.Exchanges.Process(Now);
        Settle();
        if (exchanges < NextDeadline)
        {
            NextDeadline = exchanges;
        }

        return Controller.Told;
    }

    public long NextDeadline;

    /// <summary>Interactions and exchanges that are left behind: 0 after every complete interaction, once acknowledged.</summary>
    public int Leftovers()
    {
        if (_exchange != null && _exchange.IsOpen)
        {
            _exchange.Close();
        }

        Turn(ExchangeManager.StandaloneAckDelay + 1);
        Turn(1);
        return Engine.OpenInteractions + Device.Exchanges.OpenExchanges + (Limits.MessageBuffers - Device.Exchanges.FreeBuffers);
    }

    public bool TryGetEpochSeconds(out uint seconds)
    {
        seconds = 0;
        return false;
    }

    public void Fill(byte[] buffer, int offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _random ^= _random << 13;
            _random ^= _random >> 17;
            _random ^= _random << 5;
            buffer[offset + i] = (byte)(_random >> 11);
        }
    }

    public bool ContainsFabric(int fabricIndex)
    {
        return fabricIndex >= 1 && fabricIndex <= 5;
    }

    public object FindFabric(int fabricIndex)
    {
        return this;
    }

    public ulong GetNodeId(int fabricIndex)
    {
        return 0xd0000000UL + (uint)fabricIndex;
    }

    public bool GetCompressedFabricId(int fabricIndex, byte[] buffer, int offset)
    {
        buffer[offset] = (byte)fabricIndex;
        return true;
    }

    public bool IsGranted(AccessSubject subject, int privilege, EndpointDefinition endpoint, uint cluster)
    {
        return privilege <= Privileges && cluster != DeniedCluster;
    }

    public bool IsMember(int fabricIndex, int groupId, int endpoint)
    {
        return groupId == 7 && (endpoint == GroupEndpoint || GroupEndpoint == 0);
    }
}
