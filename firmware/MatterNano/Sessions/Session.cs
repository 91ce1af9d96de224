using System;
using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.Sessions;

/// <summary>Common part of all sessions (Core 4.13): identity, peer, counters, activity.</summary>
/// <remarks>
/// A slot of a pool: created at start, then taken and given back. All its state is a row of the manager's packed array,
/// because on nanoCLR a field costs 12 bytes whatever it holds, and an array 20. Times are 5 bytes, milliseconds for 34
/// years. Keep no reference to a session beyond its SessionClosed event.
/// </remarks>
public abstract class Session
{
    /// <summary>Longest interval believed of a peer, whatever it claims: one hour in milliseconds.</summary>
    public const uint MaxInterval = 3600000;

    /// <summary>Shortest interval between our own transmissions in milliseconds: five of them outlast three seconds of silence.</summary>
    internal const int LeastBase = 300;

    /// <summary>Longest interval on a secure session in milliseconds: what an intermittently connected device with a short idle time may ask for.</summary>
    internal const int MostBase = 15000;

    /// <summary>Longest interval on an unsecured session in milliseconds: nobody waits longer in a handshake.</summary>
    internal const int MostHandshakeBase = 2000;

    // Places in a session's row, to be added to its At.
    internal const int StateAt = 0;
    internal const int FlagsAt = 1;
    internal const int IdAt = 2;
    internal const int PeerSessionIdAt = 4;
    internal const int FabricIndexAt = 6;
    internal const int NodeIdAt = 7;
    internal const int PeerNodeIdAt = 15;
    internal const int TimestampAt = 23;
    internal const int ActiveTimestampAt = 28;
    internal const int WindowAt = 33;
    internal const int IdleIntervalAt = 41;
    internal const int ActiveIntervalAt = 45;
    internal const int ActiveThresholdAt = 49;
    internal const int DataModelRevisionAt = 51;
    internal const int InteractionModelRevisionAt = 53;
    internal const int SpecificationVersionAt = 55;
    internal const int MaxPathsPerInvokeAt = 59;
    internal const int AddressAt = 61;
    internal const int CommonSize = AddressAt + NetworkAddress.PackedSize;
    internal const int TimeSize = 5;

    internal const int FlagPase = 0x01;
    internal const int FlagInitiator = 0x02;
    internal const int FlagDefunct = 0x04;
    internal const int FlagSilentClose = 0x08;
    internal const int FlagWindowStarted = 0x10;
    internal const int FlagHeard = 0x20;
    internal const int FlagResumption = 0x40;
    internal const int FlagEnding = 0x80;

    internal readonly SessionManager Manager;

    // Where the session's row starts in Data.
    internal readonly int At;

    /// <summary>Creates a slot. "Constructing" a session resets every field of a free slot.</summary>
    protected Session(SessionManager manager, int at)
    {
        Manager = manager;
        At = at;
    }

    /// <summary>What the manager's owner passed to its constructor.</summary>
    public object Context
    {
        get { return Manager.Context; }
    }

    /// <summary>One of <see cref="SessionState"/>.</summary>
    public int State
    {
        get { return Data[At + StateAt]; }
    }

    /// <summary>True for sessions with keys.</summary>
    public abstract bool IsSecure { get; }

    /// <summary>For logs: kind, handle, peer and fabric index. Allocates.</summary>
    public abstract string Name { get; }

    /// <summary>True for the session that received group messages come on; nothing is answered on it.</summary>
    public virtual bool IsGroup
    {
        get { return false; }
    }

    /// <summary>True for a session made by PASE.</summary>
    public bool IsPase
    {
        get { return HasFlag(FlagPase); }
    }

    /// <summary>True when we started the session.</summary>
    public bool IsInitiator
    {
        get { return HasFlag(FlagInitiator); }
    }

    /// <summary>True after MRP gave up on the session and nothing was heard since.</summary>
    public bool IsDefunct
    {
        get { return HasFlag(FlagDefunct); }
    }

    /// <summary>Our handle, 1 to 65535; 0 for unsecured sessions.</summary>
    public int Id
    {
        get { return ByteOrder.ReadUInt16(Data, At + IdAt); }
    }

    /// <summary>The peer's handle, 1 to 65535; 0 for unsecured sessions.</summary>
    public int PeerSessionId
    {
        get { return ByteOrder.ReadUInt16(Data, At + PeerSessionIdAt); }
    }

    /// <summary>Secure: our node id on the fabric, 0 on PASE. Unsecured: the initiator's ephemeral id.</summary>
    public ulong NodeId
    {
        get { return ByteOrder.ReadUInt64(Data, At + NodeIdAt); }
    }

    /// <summary>The peer's operational node id; 0 on PASE and unsecured sessions.</summary>
    public ulong PeerNodeId
    {
        get { return ByteOrder.ReadUInt64(Data, At + PeerNodeIdAt); }
    }

    /// <summary>Index of the fabric, 1 to 254; 0 when there is none.</summary>
    public int FabricIndex
    {
        get { return Data[At + FabricIndexAt]; }
    }

    /// <summary>The fabric; null on unsecured sessions, on PASE before AddNOC, and after the fabric's removal.</summary>
    public object AssociatedFabric
    {
        get { return FabricIndex == 0 ? null : Manager.Fabrics.FindFabric(FabricIndex); }
    }

    /// <summary>Last activity in either direction, in milliseconds of the clock.</summary>
    public long Timestamp
    {
        get { return ReadTime(TimestampAt); }
        internal set { WriteTime(TimestampAt, value); }
    }

    /// <summary>Last authentic message received, in milliseconds of the clock; 0 when never.</summary>
    public long ActiveTimestamp
    {
        get { return ReadTime(ActiveTimestampAt); }
    }

    /// <summary>True from a deferred close on: the session ends with its last exchange.</summary>
    public bool ClosingAfterExchangeFinished
    {
        get { return State == SessionState.Closing; }
    }

    /// <summary>Transport of the peer's address, such as <see cref="NetworkAddress.Udp"/>.</summary>
    public byte Transport
    {
        get { return Data[At + AddressAt]; }
    }

    /// <summary>True when messages of this session are repeated until acknowledged: UDP only.</summary>
    public bool UsesMrp
    {
        get { return Data[At + AddressAt] == NetworkAddress.Udp; }
    }

    /// <summary>True when a message came from the peer within its active threshold.</summary>
    public bool IsPeerActive
    {
        get
        {
            if (!HasFlag(FlagHeard))
            {
                return false;
            }

            return Manager.Clock.Milliseconds - ActiveTimestamp < ActiveThresholdMs;
        }
    }

    /// <summary>Interval MRP starts from now: the peer's active or idle one, in milliseconds (Core 4.12.2.1), within what the message is worth.</summary>
    public int RetransmissionBase
    {
        get
        {
            int interval = IsPeerActive ? ActiveIntervalMs : IdleIntervalMs;
            int most = IsSecure ? MostBase : MostHandshakeBase;
            return interval < LeastBase ? LeastBase : interval > most ? most : interval;
        }
    }

    /// <summary>The peer's idle interval in milliseconds, at most one hour.</summary>
    protected internal int IdleIntervalMs
    {
        get { return ReadInterval(IdleIntervalAt); }
    }

    /// <summary>The peer's active interval in milliseconds, at most one hour.</summary>
    protected internal int ActiveIntervalMs
    {
        get { return ReadInterval(ActiveIntervalAt); }
    }

    /// <summary>The peer's active threshold in milliseconds, 0 to 65535.</summary>
    protected internal int ActiveThresholdMs
    {
        get { return ByteOrder.ReadUInt16(Data, At + ActiveThresholdAt); }
    }

    /// <summary>Counter of the last message sent.</summary>
    protected internal abstract uint MessageCounter { get; }

    /// <summary>Largest counter received. The 32 before it are known to <see cref="ReceptionWindow"/>.</summary>
    protected internal uint MessageReceptionState
    {
        get { return ByteOrder.ReadUInt32(Data, At + WindowAt); }
    }

    /// <summary>The peer's parameters, as told in the handshake or by default.</summary>
    /// <param name="into">Receives them.</param>
    public void GetSessionParameters(SessionParameters into)
    {
        into.IdleInterval = ByteOrder.ReadUInt32(Data, At + IdleIntervalAt);
        into.ActiveInterval = ByteOrder.ReadUInt32(Data, At + ActiveIntervalAt);
        into.ActiveThreshold = (uint)ByteOrder.ReadUInt16(Data, At + ActiveThresholdAt);
        into.DataModelRevision = (uint)ByteOrder.ReadUInt16(Data, At + DataModelRevisionAt);
        into.InteractionModelRevision = (uint)ByteOrder.ReadUInt16(Data, At + InteractionModelRevisionAt);
        into.SpecificationVersion = ByteOrder.ReadUInt32(Data, At + SpecificationVersionAt);
        into.MaxPathsPerInvoke = (uint)ByteOrder.ReadUInt16(Data, At + MaxPathsPerInvokeAt);
    }

    /// <summary>Takes the peer's parameters from a handshake message.</summary>
    public void SetSessionParameters(SessionParameters parameters)
    {
        ByteOrder.WriteUInt32(Data, At + IdleIntervalAt, parameters.IdleInterval);
        ByteOrder.WriteUInt32(Data, At + ActiveIntervalAt, parameters.ActiveInterval);
        ByteOrder.WriteUInt16(Data, At + ActiveThresholdAt, parameters.ActiveThreshold);
        ByteOrder.WriteUInt16(Data, At + DataModelRevisionAt, parameters.DataModelRevision);
        ByteOrder.WriteUInt16(Data, At + InteractionModelRevisionAt, parameters.InteractionModelRevision);
        ByteOrder.WriteUInt32(Data, At + SpecificationVersionAt, parameters.SpecificationVersion);
        ByteOrder.WriteUInt16(Data, At + MaxPathsPerInvokeAt, parameters.MaxPathsPerInvoke);
    }

    /// <summary>The peer's address: where its last authentic message came from.</summary>
    /// <param name="into">Receives it.</param>
    public void GetAddress(NetworkAddress into)
    {
        into.Read(Data, At + AddressAt);
    }

    /// <summary>Sets the peer's address.</summary>
    public void SetAddress(NetworkAddress address)
    {
        address.Write(Data, At + AddressAt);
    }

    /// <summary>Notes activity.</summary>
    /// <param name="messageReceived">True for an authentic message from the peer, duplicates included; false for one sent.</param>
    public void NotifyActivity(bool messageReceived)
    {
        long now = Manager.Clock.Milliseconds;
        WriteTime(TimestampAt, now);
        if (messageReceived)
        {
            WriteTime(ActiveTimestampAt, now);
            SetFlag(FlagHeard, true);
            SetFlag(FlagDefunct, false);
        }
    }

    /// <summary>Next own counter (Core 4.6.1).</summary>
    /// <param name="counter">Receives it.</param>
    /// <returns>False when a secure session has used its last one; nothing can be sent on it any more.</returns>
    public abstract bool GetIncrementedMessageCounter(out uint counter);

    /// <summary>Whether the counter of an authentic message was not received before.</summary>
    public abstract bool IsNewMessageCounter(uint counter);

    /// <summary>Records the counter of an authentic message that is taken.</summary>
    /// <returns>True when it is new, false for a duplicate.</returns>
    public abstract bool UpdateMessageCounter(uint counter);

    /// <summary>Whether a counter is ahead of all that were received.</summary>
    internal bool IsNewest(uint counter)
    {
        return counter > MessageReceptionState;
    }

    /// <summary>Makes the message readable in its buffer.</summary>
    /// <param name="buffer">Holds the datagram.</param>
    /// <param name="offset">Start of the message header.</param>
    /// <param name="length">Length of the datagram.</param>
    /// <param name="header">The header read from it.</param>
    /// <returns>Length of protocol header and payload behind the message header; -1 when the integrity check failed (the buffer is then unusable).</returns>
    public abstract int Decode(byte[] buffer, int offset, int length, MessageHeader header);

    /// <summary>Puts the message header in front of protocol header and payload and encrypts them in place.</summary>
    /// <param name="buffer">Holds them, with room for 24 bytes in front and 16 behind.</param>
    /// <param name="offset">Start of the protocol header.</param>
    /// <param name="length">Length of protocol header and payload.</param>
    /// <param name="start">Receives where the message starts.</param>
    /// <returns>Length of the whole message; -1 when the session has no counter left.</returns>
    public abstract int Encode(byte[] buffer, int offset, int length, out int start);

    /// <summary>Ends the session in an orderly way: due reports first. Repeated calls do nothing.</summary>
    /// <param name="sendClose">True: tell the peer with CloseSession.</param>
    public abstract void End(bool sendClose);

    /// <summary>Ends the session. Repeated calls do nothing.</summary>
    /// <param name="sendClose">True: tell the peer with CloseSession. False also silences a later close.</param>
    /// <param name="closeAfterExchangeFinished">True: not before its last exchange has ended, and at the latest after the response time-out.</param>
    public abstract void Destroy(bool sendClose = false, bool closeAfterExchangeFinished = true);

    /// <summary>Place of the session among the secure ones, or behind them among the unsecured ones.</summary>
    internal int Place
    {
        get
        {
            return At < SessionManager.InsecureRows ? At / SecureSession.PackedSize : Limits.SecureSessions + ((At - SessionManager.InsecureRows) / CommonSize);
        }
    }

    /// <summary>Holds the rows of all sessions.</summary>
    internal byte[] Data
    {
        get { return Manager.Rows; }
    }

    /// <summary>Bytes of the session's row.</summary>
    internal virtual int Size
    {
        get { return CommonSize; }
    }

    internal bool HasFlag(int flag)
    {
        return (Data[At + FlagsAt] & flag) != 0;
    }

    internal void SetFlag(int flag, bool value)
    {
        byte[] data = Data;
        int at = At + FlagsAt;
        data[at] = (byte)(value ? data[at] | flag : data[at] & ~flag);
    }

    internal void SetState(int state)
    {
        Data[At + StateAt] = (byte)state;
    }

    internal void SetDefaultParameters()
    {
        ByteOrder.WriteUInt32(Data, At + IdleIntervalAt, SessionParameters.DefaultIdleInterval);
        ByteOrder.WriteUInt32(Data, At + ActiveIntervalAt, SessionParameters.DefaultActiveInterval);
        ByteOrder.WriteUInt16(Data, At + ActiveThresholdAt, SessionParameters.DefaultActiveThreshold);
        ByteOrder.WriteUInt16(Data, At + DataModelRevisionAt, 17);
        ByteOrder.WriteUInt16(Data, At + InteractionModelRevisionAt, 11);
        ByteOrder.WriteUInt16(Data, At + MaxPathsPerInvokeAt, 1);
    }

    internal void SetIds(int id, int peerSessionId)
    {
        ByteOrder.WriteUInt16(Data, At + IdAt, (uint)id);
        ByteOrder.WriteUInt16(Data, At + PeerSessionIdAt, (uint)peerSessionId);
    }

    internal void SetNodes(int fabricIndex, ulong nodeId, ulong peerNodeId)
    {
        Data[At + FabricIndexAt] = (byte)fabricIndex;
        ByteOrder.WriteUInt64(Data, At + NodeIdAt, nodeId);
        ByteOrder.WriteUInt64(Data, At + PeerNodeIdAt, peerNodeId);
    }

    /// <summary>Wipes keys and all other state; the slot is free afterwards.</summary>
    internal void Wipe()
    {
        Secrets.Wipe(Data, At, Size);
    }

    internal long ReadTime(int at)
    {
        return ByteOrder.ReadTime(Data, At + at);
    }

    internal void WriteTime(int at, long time)
    {
        ByteOrder.WriteTime(Data, At + at, time);
    }

    private int ReadInterval(int at)
    {
        uint interval = ByteOrder.ReadUInt32(Data, At + at);
        return (int)((interval > MaxInterval ? MaxInterval : interval) & 0x7fffffff);
    }
}
