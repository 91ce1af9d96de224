using System;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;

namespace MatterNano.Sessions;

/// <summary>All sessions and resumption records of the node, in pools of fixed size (Core 4.13, 4.14.2.8).</summary>
/// <remarks>
/// The table holds 3 CASE sessions a fabric, one slot for the next handshake, and one for PASE. A full table evicts, so a
/// handle is always to be had. What a peer can cause is a result and a count, never an exception.
/// </remarks>
public sealed class SessionManager
{
    /// <summary>Counters left on a session when it is closed, so that it never runs out in the middle of something.</summary>
    public const uint CounterReserve = 100000;

    private const uint CounterLimit = 0xffffffff - CounterReserve;
    private const ulong MaxOperationalNodeId = 0xffffffefffffffff;
    private const int RandomTries = 5;
    private const byte NoSlot = 0xff;
    private const int MaxInfo = 21; // "SessionResumptionKeys"

    // Rows of the secure sessions, then of the unsecured ones, then of the group session.
    internal const int InsecureRows = Limits.SecureSessions * SecureSession.PackedSize;
    internal const int GroupRow = InsecureRows + Limits.UnsecuredSessions * Session.CommonSize;

    internal readonly byte[] Rows = new byte[GroupRow + GroupSession.PackedSize];
    internal readonly object Context;
    internal readonly IClock Clock;
    internal readonly MessageCodec Codec;
    internal readonly GroupPeerTable GroupPeers = new GroupPeerTable();
    internal readonly PersistedCounter GroupDataCounter;
    internal IFabrics Fabrics;
    internal ExchangeManager Exchanges;
    internal int NextId;

    private readonly IRandom _random;
    private readonly ILog _log;
    private readonly SymmetricCrypto _crypto;
    private readonly Counters _counters = new Counters();
    private readonly SecureSession[] _secure = new SecureSession[Limits.SecureSessions];
    private readonly InsecureSession[] _insecure = new InsecureSession[Limits.UnsecuredSessions];
    private readonly GroupSession _group;

    // The slot of the session that carries each subscription, or NoSlot. The subscriptions are their owner's array.
    private readonly byte[] _subscriptionSlots = new byte[Limits.Subscriptions];
    private ISubscription[] _subscriptions;
    private readonly ResumptionRecords _records;
    private readonly ResumptionRecord _found = new ResumptionRecord();
    private readonly byte[] _scratch = new byte[MaxInfo];
    private IGroupKeys _groupKeys;
    private uint _unsecuredCounter;
    private int _newest = -1;
    private int _highWater;
    private int _insecureHighWater;
    private bool _evicting;
    private long _nextSweep = long.MaxValue;

    /// <summary>Allocates every pool. Reads nothing: that is <see cref="InitFromStorage"/>.</summary>
    /// <param name="context">Passed to every session.</param>
    /// <param name="sessionStorage">Where resumption records and the group counter are kept.</param>
    /// <param name="clock">Milliseconds.</param>
    /// <param name="random">For handles, counters and ids.</param>
    /// <param name="crypto">Derives keys, encrypts messages.</param>
    /// <param name="fabrics">The fabrics.</param>
    /// <param name="log">Diagnostics; may be null.</param>
    /// <exception cref="InvalidOperationException">A pool in <see cref="Limits"/> is smaller than the specification asks for.</exception>
    public SessionManager(object context, IFlash sessionStorage, IClock clock, IRandom random, SymmetricCrypto crypto, IFabrics fabrics, ILog log)
    {
        Limits.Check();
        Context = context;
        Clock = clock;
        _random = random;
        _crypto = crypto;
        _log = log;
        Fabrics = fabrics;
        Codec = new MessageCodec(crypto);
        _records = new ResumptionRecords(sessionStorage, fabrics, _counters, _found);
        GroupDataCounter = new PersistedCounter(sessionStorage, random, _counters, "group.data");
        for (int i = 0; i < _secure.Length; i++)
        {
            _secure[i] = new SecureSession(this, i);
        }

        for (int i = 0; i < _insecure.Length; i++)
        {
            _insecure[i] = new InsecureSession(this, InsecureRows + i * Session.CommonSize);
        }

        SetSubscriptions(null);
        _group = new GroupSession(this);
        random.Fill(_scratch, 0, 2);
        NextId = ByteOrder.ReadUInt16(_scratch, 0);
        if (NextId == 0)
        {
            NextId = 0xffff;
        }

        _unsecuredCounter = PersistedCounter.FirstValue(random, _scratch);
    }

    /// <summary>Raised once a secure session is usable: the success report was sent or received, or a first valid message came under its keys.</summary>
    public event SessionEventHandler SessionOpened;

    /// <summary>Raised once for a session that was usable, whatever ended it. Its keys are gone when the listeners have returned.</summary>
    public event SessionEventHandler SessionClosed;

    /// <summary>Raised after the list of subscriptions of a session has changed.</summary>
    public event SessionEventHandler SubscriptionsChanged;

    /// <summary>What was refused, lost or evicted.</summary>
    public Counters Counters
    {
        get { return _counters; }
    }

    /// <summary>The resumption records.</summary>
    public ResumptionRecords Records
    {
        get { return _records; }
    }

    /// <summary>Secure slots that are free.</summary>
    public int FreeSecureSessions
    {
        get { return _secure.Length - UsedSecureSessions; }
    }

    /// <summary>Secure slots in use, reserved ones included.</summary>
    public int UsedSecureSessions
    {
        get { return CountSecure(false); }
    }

    /// <summary>Most secure slots that were ever in use at once.</summary>
    public int SecureSessionsHighWater
    {
        get { return _highWater; }
    }

    /// <summary>Unsecured slots in use.</summary>
    public int UsedUnsecureSessions
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _insecure.Length; i++)
            {
                if (_insecure[i].State != SessionState.Free)
                {
                    count++;
                }
            }

            return count;
        }
    }

    /// <summary>Unsecured slots that are free.</summary>
    public int FreeUnsecureSessions
    {
        get { return _insecure.Length - UsedUnsecureSessions; }
    }

    /// <summary>Most unsecured slots that were ever in use at once.</summary>
    public int UnsecureSessionsHighWater
    {
        get { return _insecureHighWater; }
    }

    /// <summary>Names the owner of the group keys; without one, group messages are dropped.</summary>
    public void SetGroupKeys(IGroupKeys groupKeys)
    {
        _groupKeys = groupKeys;
    }

    /// <summary>Closes every session: due reports, then CloseSession to each peer. Repeated calls do nothing. Records are durable already.</summary>
    public void Close()
    {
        for (int i = 0; i < _secure.Length; i++)
        {
            if (_secure[i].State == SessionState.Reserved || _secure[i].State == SessionState.Establishing)
            {
                CloseSession(_secure[i], false, false, false);
            }
            else
            {
                _secure[i].End(true);
            }
        }

        for (int i = 0; i < _insecure.Length; i++)
        {
            CloseInsecureSession(_insecure[i]);
        }

        _records.Store();
    }

    // Handles and slots

    /// <summary>True when a CASE session can be had without evicting another, and a slot stays for PASE.</summary>
    internal bool HasRoomForCase
    {
        get { return FreeSecureSessions > (CountSecure(true) > 0 ? 0 : 1); }
    }


    /// <summary>Reserves a handle and its slot for a CASE handshake, without a hint who will come.</summary>
    /// <returns>1 to 65535; -1 only when nothing can be evicted.</returns>
    public int GetNextAvailableSessionId()
    {
        return Reserve(0, 0, false);
    }

    /// <summary>Reserves a handle and its slot for the next CASE handshake. Evicts when the table is full.</summary>
    /// <param name="hintFabricIndex">Fabric of the peer that connected last or is connecting; 0 for none.</param>
    /// <param name="hintPeerNodeId">That peer.</param>
    /// <returns>1 to 65535, until used by <see cref="CreateSecureSession"/> or given back; -1 only when nothing can be evicted.</returns>
    public int GetNextAvailableSessionId(int hintFabricIndex, ulong hintPeerNodeId)
    {
        return Reserve(hintFabricIndex, hintPeerNodeId, false);
    }

    /// <summary>Reserves a handle and its slot for a PASE handshake. CASE leaves one slot to PASE, so nothing is evicted.</summary>
    /// <returns>1 to 65535; -1 when the slot is taken by another PASE session.</returns>
    public int GetNextPaseSessionId()
    {
        return Reserve(0, 0, true);
    }

    /// <summary>Gives back a handle that was reserved and not used.</summary>
    public void ReleaseSessionId(int sessionId)
    {
        SecureSession session = GetSession(sessionId);
        if (session != null && session.State == SessionState.Reserved)
        {
            session.Wipe();
        }
    }

    /// <summary>Makes a reserved slot a session: derives its keys (Core 4.14.2.6.1) and takes the peer. It is establishing until <see cref="Activate"/>.</summary>
    /// <param name="sessionId">Our handle, reserved before.</param>
    /// <param name="fabricIndex">Fabric, or 0 for PASE.</param>
    /// <param name="peerNodeId">The peer's operational node id, or 0 for PASE.</param>
    /// <param name="peerSessionId">The peer's handle, 1 to 65535.</param>
    /// <param name="sharedSecret">Holds the shared secret.</param>
    /// <param name="secretOffset">Its start.</param>
    /// <param name="secretLength">Its length: 16 for PASE (Ke), 32 for CASE.</param>
    /// <param name="salt">Holds the salt; may be null when <paramref name="saltLength"/> is 0.</param>
    /// <param name="saltOffset">Its start.</param>
    /// <param name="saltLength">Its length; 0 for PASE.</param>
    /// <param name="isInitiator">True when we started the handshake.</param>
    /// <param name="isResumption">True: derived as "SessionResumptionKeys".</param>
    /// <param name="sessionParameters">The peer's; null for the defaults.</param>
    /// <param name="handshake">Session the handshake ran on, for the peer's address; may be null.</param>
    /// <returns>Null, with the handle still reserved, when the peer's handle is 0, only one of fabric and peer id is given, the fabric is gone, or the peer id is not operational.</returns>
    /// <exception cref="ArgumentException">The handle is not reserved.</exception>
    public SecureSession CreateSecureSession(
        int sessionId, int fabricIndex, ulong peerNodeId, int peerSessionId, byte[] sharedSecret, int secretOffset, int secretLength,
        byte[] salt, int saltOffset, int saltLength, bool isInitiator, bool isResumption, SessionParameters sessionParameters, Session handshake)
    {
        SecureSession session = Prepare(sessionId, fabricIndex, peerNodeId, peerSessionId, isInitiator, isResumption, sessionParameters, handshake);
        if (session != null)
        {
            int infoLength = WriteAscii(isResumption ? "SessionResumptionKeys" : "SessionKeys", _scratch);
            _crypto.Hkdf(
                sharedSecret, secretOffset, secretLength, salt ?? _scratch, saltOffset, saltLength, _scratch, 0, infoLength,
                session.Data, session.At + SecureSession.KeysAt, SecureSession.KeysSize);
        }

        return session;
    }

    /// <summary>Makes a reserved slot a session with keys that were derived elsewhere.</summary>
    /// <param name="sessionId">Our handle, reserved before.</param>
    /// <param name="fabricIndex">Fabric, or 0 for PASE.</param>
    /// <param name="peerNodeId">The peer's operational node id, or 0 for PASE.</param>
    /// <param name="peerSessionId">The peer's handle, 1 to 65535.</param>
    /// <param name="keys">Holds 48 bytes: initiator to responder, responder to initiator, attestation challenge.</param>
    /// <param name="keysOffset">Their start.</param>
    /// <param name="isInitiator">True when we started the handshake.</param>
    /// <param name="isResumption">True when the session is resumed.</param>
    /// <param name="sessionParameters">The peer's; null for the defaults.</param>
    /// <param name="handshake">Session the handshake ran on, for the peer's address; may be null.</param>
    /// <returns>As <see cref="CreateSecureSession"/>.</returns>
    /// <exception cref="ArgumentException">The handle is not reserved.</exception>
    public SecureSession CreateSecureSessionWithKeys(
        int sessionId, int fabricIndex, ulong peerNodeId, int peerSessionId, byte[] keys, int keysOffset,
        bool isInitiator, bool isResumption, SessionParameters sessionParameters, Session handshake)
    {
        SecureSession session = Prepare(sessionId, fabricIndex, peerNodeId, peerSessionId, isInitiator, isResumption, sessionParameters, handshake);
        if (session != null)
        {
            Array.Copy(keys, keysOffset, session.Data, session.At + SecureSession.KeysAt, SecureSession.KeysSize);
        }

        return session;
    }

    /// <summary>Lets a resumption give the peer's record a new id: from now on both match; the new one is written when the session becomes active.</summary>
    /// <param name="session">The resumed session, establishing.</param>
    /// <param name="newId">Holds the new id.</param>
    /// <param name="offset">Start of its 16 bytes.</param>
    /// <returns>False when the peer has no record any more.</returns>
    public bool PrepareResumptionId(SecureSession session, byte[] newId, int offset)
    {
        int slot = _records.SetPending(session.FabricIndex, session.PeerNodeId, newId, offset);
        session.Data[session.At + SecureSession.RecordAt] = (byte)(slot + 1);
        return slot >= 0;
    }

    /// <summary>Makes an establishing session usable. Comes from the handshake, or by itself with the first valid message under the keys. Repeated calls do nothing.</summary>
    public void Activate(SecureSession session)
    {
        if (session.State != SessionState.Establishing)
        {
            return;
        }

        session.SetState(SessionState.Active);
        session.NotifyActivity(true);
        session.WriteTime(SecureSession.CloseDeadlineAt, Clock.Milliseconds);
        _newest = session.Id;
        int record = session.Data[session.At + SecureSession.RecordAt];
        if (record != 0)
        {
            session.Data[session.At + SecureSession.RecordAt] = 0;
            _records.CommitPending(record - 1, session.FabricIndex, session.PeerNodeId);
        }

        TakeOver(session);
        Raise(SessionOpened, session);
    }

    /// <summary>Creates an unsecured session.</summary>
    /// <param name="initiatorNodeId">The initiator's ephemeral id; 0 draws one (then we are the initiator).</param>
    /// <param name="sessionParameters">The peer's; null for the defaults.</param>
    /// <param name="isInitiator">True when we start the handshake.</param>
    /// <param name="address">The peer's address; may be null and set later.</param>
    /// <returns>Null when the id is in use, the pool is full, or random repeats itself.</returns>
    public InsecureSession CreateUnsecureSession(ulong initiatorNodeId, SessionParameters sessionParameters, bool isInitiator, NetworkAddress address)
    {
        ulong id = initiatorNodeId;
        for (int i = 0; id == 0 && i < RandomTries; i++)
        {
            _random.Fill(_scratch, 0, 8);
            id = ByteOrder.ReadUInt64(_scratch, 0);
            if (id == 0 || id > MaxOperationalNodeId || GetUnsecureSession(id, isInitiator) != null)
            {
                id = 0;
            }
        }

        if (id == 0)
        {
            _counters.Count(Messaging.Counters.RandomFailed);
            return null;
        }

        return GetUnsecureSession(id, isInitiator) != null ? null : TakeUnsecureSession(id, sessionParameters, isInitiator, address);
    }

    private InsecureSession TakeUnsecureSession(ulong id, SessionParameters sessionParameters, bool isInitiator, NetworkAddress address)
    {
        InsecureSession session = TakeInsecure();
        if (session == null)
        {
            return null;
        }

        ResetCommon(session, sessionParameters);
        session.SetState(SessionState.Active);
        session.SetFlag(Session.FlagInitiator, isInitiator);
        session.SetNodes(0, id, 0);
        if (address != null)
        {
            session.SetAddress(address);
        }

        session.NotifyActivity(!isInitiator);
        int used = UsedUnsecureSessions;
        if (used > _insecureHighWater)
        {
            _insecureHighWater = used;
        }

        return session;
    }

    // Look-ups

    /// <summary>Session of one of our handles, closing and reserved ones included.</summary>
    /// <param name="sessionId">0 to 65535; 0 is always null.</param>
    public SecureSession GetSession(int sessionId)
    {
        if (sessionId <= 0)
        {
            return null;
        }

        byte[] rows = Rows;
        int at = 0;
        for (int i = 0; i < _secure.Length; i++)
        {
            if ((rows[at + Session.IdAt] | (rows[at + Session.IdAt + 1] << 8)) == sessionId && rows[at + Session.StateAt] != SessionState.Free)
            {
                return _secure[i];
            }

            at += SecureSession.PackedSize;
        }

        return null;
    }

    // The object of a slot, in use or not: it is always the same.
    internal SecureSession GetSlot(int slot)
    {
        return _secure[slot];
    }

    /// <summary>Session by its <see cref="Session.Place"/>.</summary>
    internal Session GetByPlace(int place)
    {
        return place < _secure.Length ? _secure[place] : _insecure[place - _secure.Length];
    }

    /// <summary>Session in a slot, for iteration and diagnostics.</summary>
    /// <param name="slot">0 to <see cref="Limits.SecureSessions"/> - 1.</param>
    /// <returns>Null when the slot is free or only reserved.</returns>
    public SecureSession GetSessionInSlot(int slot)
    {
        SecureSession session = _secure[slot];
        return session.State >= SessionState.Establishing ? session : null;
    }

    /// <summary>The PASE session, unless it is closing; null when there is none.</summary>
    public SecureSession GetPaseSession()
    {
        for (int i = 0; i < _secure.Length; i++)
        {
            SecureSession session = _secure[i];
            if (session.IsPase && (session.State == SessionState.Establishing || session.State == SessionState.Active))
            {
                return session;
            }
        }

        return null;
    }

    /// <summary>The session to use towards a peer: the one heard from last. Skips closing, defunct and establishing ones.</summary>
    /// <param name="fabricIndex">Fabric, 1 to 254.</param>
    /// <param name="nodeId">The peer's node id on it.</param>
    /// <returns>Null when there is none.</returns>
    public SecureSession GetSessionForNode(int fabricIndex, ulong nodeId)
    {
        SecureSession best = null;
        for (int i = 0; i < _secure.Length; i++)
        {
            SecureSession session = _secure[i];
            if (session.State == SessionState.Active && !session.IsDefunct && IsPeer(session, fabricIndex, nodeId)
                && (best == null || session.ActiveTimestamp > best.ActiveTimestamp))
            {
                best = session;
            }
        }

        return best;
    }

    /// <summary>Unsecured session of a handshake.</summary>
    /// <param name="sourceNodeId">The initiator's ephemeral id.</param>
    /// <param name="isInitiator">True for a handshake that we started.</param>
    /// <returns>Null when there is none.</returns>
    public InsecureSession GetUnsecureSession(ulong sourceNodeId, bool isInitiator)
    {
        for (int i = 0; i < _insecure.Length; i++)
        {
            InsecureSession session = _insecure[i];
            if (session.State != SessionState.Free && session.IsInitiator == isInitiator && session.NodeId == sourceNodeId)
            {
                return session;
            }
        }

        return null;
    }

    /// <summary>Session for a group, with the first installed key that fits.</summary>
    /// <param name="groupId">Group id.</param>
    /// <param name="groupSessionId">Group session id.</param>
    /// <returns>Null, and counted, when no key is installed or none of the matching ones is bound to the group.</returns>
    public GroupSession FindGroupSession(int groupId, int groupSessionId)
    {
        int key = -1;
        while (_groupKeys != null && (key = _groupKeys.FindNext(key, groupSessionId)) >= 0)
        {
            if (_groupKeys.IsGroupMapped(key, groupId))
            {
                SetGroup(key, groupSessionId, groupId, 0);
                return _group;
            }
        }

        _counters.Count(Messaging.Counters.GroupNoKey);
        return null;
    }

    /// <summary>The session that would be evicted next, by the order of eviction and without a hint.</summary>
    /// <returns>Null when nothing can be evicted.</returns>
    public SecureSession FindOldestInactiveSession()
    {
        return FindVictim(0, 0);
    }

    /// <summary>All CASE sessions, for display. Allocates.</summary>
    public SessionInformation[] GetActiveSessionInformation()
    {
        int count = 0;
        for (int i = 0; i < _secure.Length; i++)
        {
            if (IsCase(_secure[i]))
            {
                count++;
            }
        }

        SessionInformation[] result = new SessionInformation[count];
        count = 0;
        for (int i = 0; i < _secure.Length; i++)
        {
            SecureSession session = _secure[i];
            if (IsCase(session))
            {
                SessionInformation information = new SessionInformation();
                information.Name = session.Name;
                information.Id = session.Id;
                information.State = session.State;
                information.NodeId = session.NodeId;
                information.PeerNodeId = session.PeerNodeId;
                information.Fabric = session.AssociatedFabric;
                information.FabricIndex = session.FabricIndex;
                information.IsPeerActive = session.IsPeerActive;
                information.Secure = true;
                information.LastInteractionTimestamp = session.Timestamp;
                information.LastActiveTimestamp = session.ActiveTimestamp;
                information.NumberOfActiveSubscriptions = session.NumberOfActiveSubscriptions;
                result[count++] = information;
            }
        }

        return result;
    }

    // Ending

    /// <summary>Ends all sessions with a peer.</summary>
    /// <param name="fabricIndex">Fabric, 1 to 254.</param>
    /// <param name="nodeId">The peer's node id on it; 0 matches nothing, PASE in particular.</param>
    /// <param name="sendClose">True: tell the peer.</param>
    public void RemoveAllSessionsForNode(int fabricIndex, ulong nodeId, bool sendClose = false)
    {
        for (int i = 0; i < _secure.Length; i++)
        {
            if (nodeId != 0 && IsCase(_secure[i]) && IsPeer(_secure[i], fabricIndex, nodeId))
            {
                _secure[i].Destroy(sendClose, false);
            }
        }
    }

    /// <summary>Ends all sessions of a fabric, a PASE session bound to it included, and forgets its records and group peers.</summary>
    /// <param name="fabricIndex">Fabric, 1 to 254.</param>
    /// <param name="deferred">A session that ends only after its last exchange, such as the one RemoveFabric came on; may be null.</param>
    /// <param name="sendClose">True: tell the peers.</param>
    public void RemoveFabric(int fabricIndex, SecureSession deferred, bool sendClose)
    {
        for (int i = 0; i < _secure.Length; i++)
        {
            SecureSession session = _secure[i];
            if (session.State >= SessionState.Establishing && session.FabricIndex == fabricIndex)
            {
                session.Destroy(sendClose, session == deferred);
            }
        }

        GroupPeers.RemoveFabric(fabricIndex);
        RemoveResumptionRecords(fabricIndex);
    }

    // Resumption records

    /// <summary>Record with an id, the current or the pending one.</summary>
    /// <param name="resumptionId">Holds the id.</param>
    /// <param name="offset">Start of its 16 bytes.</param>
    /// <returns>Valid until records are looked for, changed or removed again; null when there is none.</returns>
    public ResumptionRecord FindResumptionRecordById(byte[] resumptionId, int offset)
    {
        return _records.TryFindById(resumptionId, offset, _found) ? _found : null;
    }

    /// <summary>Record of a peer.</summary>
    /// <param name="fabricIndex">Fabric, 1 to 254.</param>
    /// <param name="nodeId">The peer's node id on it.</param>
    /// <returns>Valid until records are looked for, changed or removed again; null when there is none.</returns>
    public ResumptionRecord FindResumptionRecordByNodeId(int fabricIndex, ulong nodeId)
    {
        return _records.TryFindByPeer(fabricIndex, nodeId, _found) ? _found : null;
    }

    /// <summary>A record to fill and save; overwritten by whatever looks for or changes records.</summary>
    internal ResumptionRecord ScratchRecord
    {
        get { return _found; }
    }

    /// <summary>Keeps a record in place of the peer's older one. One slot, one write; a refused write is counted and harmless.</summary>
    /// <returns>False when its fabric is gone.</returns>
    public bool SaveResumptionRecord(ResumptionRecord record)
    {
        return _records.Save(record);
    }

    /// <summary>Writes what flash refused before. Normally nothing.</summary>
    public void StoreResumptionRecords()
    {
        _records.Store();
    }

    /// <summary>Deletes the record of a peer.</summary>
    /// <returns>True when there was one.</returns>
    public bool RemoveResumptionRecord(int fabricIndex, ulong peerNodeId)
    {
        _found.Wipe();
        return _records.Remove(fabricIndex, peerNodeId);
    }

    /// <summary>Deletes all records of a fabric.</summary>
    /// <returns>Number of records deleted.</returns>
    public int RemoveResumptionRecords(int fabricIndex)
    {
        _found.Wipe();
        return _records.RemoveFabric(fabricIndex);
    }

    /// <summary>After UpdateNOC: drops the records of the fabric, because they speak for the old certificate.</summary>
    public void UpdateFabricForResumptionRecords(int fabricIndex)
    {
        _found.Wipe();
        _records.RemoveFabric(fabricIndex);
    }

    /// <summary>Reads records and the group counter. Drops what is damaged or foreign; never fails.</summary>
    /// <param name="fabrics">The fabrics, loaded before.</param>
    public void InitFromStorage(IFabrics fabrics)
    {
        Fabrics = fabrics;
        _records.Init(fabrics);
        GroupDataCounter.Init();
    }

    /// <summary>Ends sessions whose time has come: counter nearly used up, deferred close overdue.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <returns>Time of the next deadline; long.MaxValue when there is none.</returns>
    public long Process(long now)
    {
        if (now < _nextSweep)
        {
            return _nextSweep;
        }

        _nextSweep = long.MaxValue;
        for (int i = 0; i < _secure.Length; i++)
        {
            SecureSession session = _secure[i];
            if (session.State == SessionState.Closing)
            {
                long deadline = session.ReadTime(SecureSession.CloseDeadlineAt);
                if (now >= deadline)
                {
                    Finish(session, session.SendCloseMessageWhenClosing);
                }
                else if (deadline < _nextSweep)
                {
                    _nextSweep = deadline;
                }
            }
            else if (session.State == SessionState.Active && session.MessageCounter >= CounterLimit)
            {
                _counters.Count(Messaging.Counters.CounterExhausted);
                session.End(true);
            }
        }

        return _nextSweep;
    }

    // Called by sessions

    internal uint UnsecuredCounter
    {
        get { return _unsecuredCounter; }
        set { _unsecuredCounter = value; }
    }

    internal uint NextUnsecuredCounter()
    {
        _unsecuredCounter++;
        return _unsecuredCounter;
    }

    /// <summary>A session found its counter low: it is closed by the next <see cref="Process"/>, not on the sender's stack.</summary>
    internal void CheckCounter(uint counter)
    {
        if (counter >= CounterLimit)
        {
            _nextSweep = 0;
        }
    }

    /// <summary>Tells which subscriptions there are to carry.</summary>
    /// <param name="subscriptions">At most <see cref="Limits.Subscriptions"/>; kept, not copied, and only read here. Null for none.</param>
    internal void SetSubscriptions(ISubscription[] subscriptions)
    {
        _subscriptions = subscriptions;
        for (int i = 0; i < _subscriptionSlots.Length; i++)
        {
            _subscriptionSlots[i] = NoSlot;
        }
    }

    internal bool AddSubscription(SecureSession session, ISubscription subscription)
    {
        int index = IndexOf(subscription);
        if (index >= 0 && _subscriptionSlots[index] != NoSlot)
        {
            return _subscriptionSlots[index] == session.Slot;
        }

        if (index < 0 || session.State != SessionState.Active)
        {
            _counters.Count(Messaging.Counters.SubscriptionsFull);
            return false;
        }

        _subscriptionSlots[index] = (byte)session.Slot;
        Raise(SubscriptionsChanged, session);
        return true;
    }

    internal bool RemoveSubscription(SecureSession session, ISubscription subscription)
    {
        int index = IndexOf(subscription);
        if (index < 0 || _subscriptionSlots[index] != session.Slot)
        {
            return false;
        }

        _subscriptionSlots[index] = NoSlot;
        Raise(SubscriptionsChanged, session);
        return true;
    }

    internal void ClearSubscriptions(SecureSession session, bool flush)
    {
        for (int i = _subscriptionSlots.Length - 1; i >= 0; i--)
        {
            if (_subscriptionSlots[i] == session.Slot)
            {
                _subscriptionSlots[i] = NoSlot;
                _subscriptions[i].Cancel(flush);
                Raise(SubscriptionsChanged, session);
            }
        }
    }

    internal int CountSubscriptions(SecureSession session)
    {
        int count = 0;
        for (int i = 0; i < _subscriptionSlots.Length; i++)
        {
            if (_subscriptionSlots[i] == session.Slot)
            {
                count++;
            }
        }

        return count;
    }

    internal ISubscription GetSubscription(SecureSession session, int index)
    {
        for (int i = 0; i < _subscriptionSlots.Length; i++)
        {
            if (_subscriptionSlots[i] == session.Slot && index-- == 0)
            {
                return _subscriptions[i];
            }
        }

        return null;
    }

    private int IndexOf(ISubscription subscription)
    {
        for (int i = 0; _subscriptions != null && i < _subscriptions.Length; i++)
        {
            if (_subscriptions[i] == subscription)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The one way out of the table for a session with keys.</summary>
    /// <param name="session">The session.</param>
    /// <param name="sendClose">Tell the peer.</param>
    /// <param name="defer">Only after its last exchange.</param>
    /// <param name="flush">Due reports first.</param>
    internal void CloseSession(SecureSession session, bool sendClose, bool defer, bool flush)
    {
        if (session.State == SessionState.Reserved)
        {
            session.Wipe();
            return;
        }

        if (session.State == SessionState.Free || session.HasFlag(Session.FlagEnding))
        {
            return;
        }

        if (!sendClose)
        {
            session.SetFlag(Session.FlagSilentClose, true);
        }

        if (defer && session.State == SessionState.Closing)
        {
            return;
        }

        ClearSubscriptions(session, flush);
        if (defer && session.State == SessionState.Active && Exchanges != null && Exchanges.CountExchanges(session) > 0)
        {
            long deadline = Clock.Milliseconds + Exchanges.ResponseTimeout(session);
            session.WriteTime(SecureSession.CloseDeadlineAt, deadline);
            session.SetState(SessionState.Closing);
            if (deadline < _nextSweep)
            {
                _nextSweep = deadline;
            }

            return;
        }

        Finish(session, session.SendCloseMessageWhenClosing);
    }

    /// <summary>Ends a session at the next turn of the loop, when the answer to what ends it is out.</summary>
    internal void CloseAtNextTurn(SecureSession session)
    {
        ClearSubscriptions(session, false);
        session.WriteTime(SecureSession.CloseDeadlineAt, Clock.Milliseconds);
        session.SetState(SessionState.Closing);
        _nextSweep = 0;
    }

    internal void CloseInsecureSession(InsecureSession session)
    {
        if (session.State != SessionState.Free && !session.HasFlag(Session.FlagEnding))
        {
            session.SetFlag(Session.FlagEnding, true);
            if (Exchanges != null)
            {
                Exchanges.EndAll(session, ExchangeEnd.SessionClosed);
            }

            session.Wipe();
        }
    }

    // Called by ExchangeManager

    /// <summary>The session of an initiator's message; a new one for a new handshake.</summary>
    /// <remarks>Initiators that name 0 are told apart by their address, one at a time: there are controllers that never name anything else.</remarks>
    internal InsecureSession AcceptUnsecureSession(ulong initiatorNodeId, NetworkAddress source)
    {
        InsecureSession session = GetUnsecureSession(initiatorNodeId, false);
        if (session == null || initiatorNodeId != 0 || source.MatchesPacked(session.Data, session.At + Session.AddressAt))
        {
            return session ?? TakeUnsecureSession(initiatorNodeId, null, false, source);
        }

        if (!Exchanges.OnlyLingers(session))
        {
            return null;
        }

        CloseInsecureSession(session);
        return TakeUnsecureSession(0, null, false, source);
    }

    internal void ReleaseIfUnused(InsecureSession session)
    {
        if (session.State != SessionState.Free && Exchanges.CountExchanges(session) == 0)
        {
            CloseInsecureSession(session);
        }
    }

    internal void OnExchangeEnded(Session session)
    {
        if (session.State == SessionState.Free || session.HasFlag(Session.FlagEnding) || Exchanges.CountExchanges(session) > 0)
        {
            return;
        }

        if (!session.IsSecure)
        {
            CloseInsecureSession((InsecureSession)session);
        }
        else if (session.State == SessionState.Closing)
        {
            SecureSession secure = (SecureSession)session;
            Finish(secure, secure.SendCloseMessageWhenClosing);
        }
    }

    internal void OnCloseReceived(SecureSession session)
    {
        CloseSession(session, false, false, false);
    }

    internal void MarkDefunct(Session session)
    {
        if (session.IsSecure)
        {
            session.SetFlag(Session.FlagDefunct, true);
        }
    }

    /// <summary>Finds the key of a group message: every installed one with that 16-bit id, until an integrity code fits.</summary>
    /// <param name="buffer">Holds the datagram; holds protocol header and payload in clear afterwards.</param>
    /// <param name="offset">Its start.</param>
    /// <param name="length">Its length.</param>
    /// <param name="header">Receives the header.</param>
    /// <param name="copy">At least <paramref name="length"/> bytes.</param>
    /// <returns>The group session with a new message, whose counter is not recorded yet; null when it was dropped and counted.</returns>
    internal GroupSession ReceiveGroupMessage(byte[] buffer, int offset, int length, MessageHeader header, byte[] copy)
    {
        Array.Copy(buffer, offset, copy, 0, length);
        int groupSessionId = ByteOrder.ReadUInt16(buffer, offset + 1);
        bool privacy = (buffer[offset + 3] & MessageHeader.Privacy) != 0;
        int key = -1;
        while (_groupKeys != null && (key = _groupKeys.FindNext(key, groupSessionId)) >= 0)
        {
            Array.Copy(copy, 0, buffer, offset, length);
            if (privacy)
            {
                _groupKeys.GetPrivacyKey(key, _group.Data, _group.At + GroupSession.KeyAt);
                if (!Codec.TogglePrivacy(_group.Data, _group.At + GroupSession.KeyAt, buffer, offset, length))
                {
                    break;
                }
            }

            if (!header.TryRead(buffer, offset, length))
            {
                continue;
            }

            if (!header.HasSource || header.DestinationKind != MessageHeader.GroupDestination || !_groupKeys.IsGroupMapped(key, (int)header.Destination))
            {
                continue;
            }

            SetGroup(key, groupSessionId, (int)header.Destination, header.SourceNodeId);
            if (_group.Decode(buffer, offset, length, header) < 0)
            {
                _counters.Count(Messaging.Counters.DecryptFailed);
                continue;
            }

            if (!_group.IsNewMessageCounter(header.Counter) && !GroupPeers.ForgetWithItsKeys(_group.FabricIndex, header.SourceNodeId, _groupKeys))
            {
                _group.Wipe();
                _counters.Count(Messaging.Counters.Duplicate);
                return null;
            }

            _group.NotifyActivity(true);
            return _group;
        }

        _group.Wipe();
        _counters.Count(Messaging.Counters.GroupNoKey);
        return null;
    }

    // Internals

    private static bool IsCase(SecureSession session)
    {
        return session.State >= SessionState.Establishing && !session.IsPase;
    }

    private static bool IsPeer(Session session, int fabricIndex, ulong nodeId)
    {
        return session.FabricIndex == fabricIndex && session.PeerNodeId == nodeId;
    }

    private static int WriteAscii(string text, byte[] into)
    {
        for (int i = 0; i < text.Length; i++)
        {
            into[i] = (byte)text[i];
        }

        return text.Length;
    }

    private int CountSecure(bool paseOnly)
    {
        int count = 0;
        for (int i = 0; i < _secure.Length; i++)
        {
            if (_secure[i].State != SessionState.Free && (!paseOnly || _secure[i].IsPase))
            {
                count++;
            }
        }

        return count;
    }

    private int Reserve(int hintFabricIndex, ulong hintPeerNodeId, bool isPase)
    {
        if (_evicting)
        {
            return -1;
        }

        // CASE leaves the last free slot to PASE unless PASE has one already.
        int keep = isPase || CountSecure(true) > 0 ? 0 : 1;
        if (FreeSecureSessions <= keep)
        {
            SecureSession victim = isPase ? null : FindVictim(hintFabricIndex, hintPeerNodeId);
            if (victim == null)
            {
                _counters.Count(Messaging.Counters.NoSessionSlot);
                return -1;
            }

            Evict(victim);
        }

        for (int i = 0; i < _secure.Length; i++)
        {
            SecureSession session = _secure[i];
            if (session.State == SessionState.Free)
            {
                int id = NextFreeId();
                session.SetIds(id, 0);
                session.SetState(SessionState.Reserved);
                session.SetFlag(Session.FlagPase, isPase);
                int used = UsedSecureSessions;
                if (used > _highWater)
                {
                    _highWater = used;
                }

                return id;
            }
        }

        _counters.Count(Messaging.Counters.NoSessionSlot);
        return -1;
    }

    private int NextFreeId()
    {
        int id;
        do
        {
            id = NextId;
            NextId = NextId == 0xffff ? 1 : NextId + 1;
        }
        while (GetSession(id) != null);
        return id;
    }

    private SecureSession Prepare(
        int sessionId, int fabricIndex, ulong peerNodeId, int peerSessionId, bool isInitiator, bool isResumption,
        SessionParameters sessionParameters, Session handshake)
    {
        SecureSession session = GetSession(sessionId);
        if (session == null || session.State != SessionState.Reserved)
        {
            throw new ArgumentException();
        }

        bool isPase = fabricIndex == 0;
        if (peerSessionId <= 0 || peerSessionId > 0xffff || isPase != (peerNodeId == 0) || peerNodeId > MaxOperationalNodeId
            || (!isPase && !Fabrics.ContainsFabric(fabricIndex)))
        {
            return null;
        }

        ResetCommon(session, sessionParameters);
        session.SetIds(sessionId, peerSessionId);
        session.SetNodes(fabricIndex, isPase ? 0 : Fabrics.GetNodeId(fabricIndex), peerNodeId);
        session.SetState(SessionState.Establishing);
        session.SetFlag(Session.FlagPase, isPase);
        session.SetFlag(Session.FlagInitiator, isInitiator);
        session.SetFlag(Session.FlagResumption, isResumption);
        ByteOrder.WriteUInt32(session.Data, session.At + SecureSession.CounterAt, PersistedCounter.FirstValue(_random, _scratch));
        ReceptionWindow.Reset(session.Data, session.At + Session.WindowAt);
        if (handshake != null)
        {
            Array.Copy(handshake.Data, handshake.At + Session.AddressAt, session.Data, session.At + Session.AddressAt, NetworkAddress.PackedSize);
        }

        session.NotifyActivity(true);
        return session;
    }

    private void ResetCommon(Session session, SessionParameters parameters)
    {
        session.Wipe();
        if (parameters != null)
        {
            session.SetSessionParameters(parameters);
        }
        else
        {
            session.SetDefaultParameters();
        }
    }

    private void TakeOver(SecureSession newcomer)
    {
        if (newcomer.IsPase)
        {
            return;
        }

        for (int i = 0; i < _subscriptionSlots.Length; i++)
        {
            if (_subscriptionSlots[i] != NoSlot)
            {
                SecureSession owner = _secure[_subscriptionSlots[i]];
                if (owner != newcomer && IsSamePeer(owner, newcomer))
                {
                    Move(i, owner, newcomer);
                }
            }
        }
    }

    private static bool IsSamePeer(SecureSession a, SecureSession b)
    {
        if (a.IsPase || b.IsPase || !IsPeer(a, b.FabricIndex, b.PeerNodeId))
        {
            return false;
        }

        for (int i = 0; i < SecureSession.MaxCaseAuthenticatedTags; i++)
        {
            if (a.GetCaseAuthenticatedTag(i) != b.GetCaseAuthenticatedTag(i))
            {
                return false;
            }
        }

        return true;
    }

    private void Move(int index, SecureSession from, SecureSession to)
    {
        _subscriptionSlots[index] = (byte)to.Slot;
        _subscriptions[index].OnSessionChanged(to);
        Raise(SubscriptionsChanged, from);
        Raise(SubscriptionsChanged, to);
    }

    private void Evict(SecureSession victim)
    {
        _counters.Count(Messaging.Counters.Evicted);
        _evicting = true;
        SecureSession heir = null;
        for (int i = 0; i < _secure.Length; i++)
        {
            SecureSession other = _secure[i];
            if (other != victim && other.State == SessionState.Active && !other.IsDefunct && IsSamePeer(victim, other)
                && (heir == null || other.ActiveTimestamp > heir.ActiveTimestamp))
            {
                heir = other;
            }
        }

        for (int i = 0; heir != null && i < _subscriptionSlots.Length; i++)
        {
            if (_subscriptionSlots[i] == victim.Slot)
            {
                Move(i, victim, heir);
            }
        }

        if (_log != null && _log.IsEnabled(LogLevel.Info))
        {
            _log.Write(LogLevel.Info, "sessions", "evicted " + victim.Name);
        }

        ClearSubscriptions(victim, false);
        Finish(victim, true);
        _evicting = false;
    }

    /// <summary>Last step of every close: message, exchanges, event, wipe.</summary>
    private void Finish(SecureSession session, bool sendClose)
    {
        if (session.HasFlag(Session.FlagEnding))
        {
            return;
        }

        bool wasOpen = session.State >= SessionState.Active;
        session.SetFlag(Session.FlagEnding, true);
        if (wasOpen)
        {
            session.SetState(SessionState.Closing);
        }

        if (Exchanges != null)
        {
            if (sendClose && wasOpen)
            {
                Exchanges.SendCloseSession(session);
            }

            Exchanges.EndAll(session, ExchangeEnd.SessionClosed);
        }

        if (wasOpen)
        {
            Raise(SessionClosed, session);
        }

        RemoveSession(session.Id);
    }

    /// <summary>Drops a session from the table and nothing else: message, exchanges, subscriptions and event are done by then. Unknown handles: nothing.</summary>
    internal void RemoveSession(int sessionId)
    {
        SecureSession session = GetSession(sessionId);
        if (session != null)
        {
            if (_newest == sessionId)
            {
                _newest = -1;
            }

            session.Wipe();
        }
    }

    private InsecureSession TakeInsecure()
    {
        InsecureSession oldest = null;
        for (int i = 0; i < _insecure.Length; i++)
        {
            InsecureSession session = _insecure[i];
            if (session.State == SessionState.Free)
            {
                return session;
            }

            // One whose handler is done and that only waits for an acknowledgement must not keep a newcomer out.
            if (!session.IsInitiator && Exchanges != null && Exchanges.OnlyLingers(session)
                && (oldest == null || session.Timestamp < oldest.Timestamp))
            {
                oldest = session;
            }
        }

        if (oldest != null)
        {
            CloseInsecureSession(oldest);
        }

        return oldest;
    }

    /// <summary>Best victim of the order: fabric with most sessions, fabric of the hint, no open exchange, peer with most sessions, peer of the hint, defunct, least recently used.</summary>
    internal SecureSession FindVictim(int hintFabricIndex, ulong hintPeerNodeId)
    {
        SecureSession best = null;
        for (int i = 0; i < _secure.Length; i++)
        {
            SecureSession session = _secure[i];
            if (session.State >= SessionState.Active && !session.IsPase && !session.HasFlag(Session.FlagEnding) && session.Id != _newest
                && (best == null || IsBetterVictim(session, best, hintFabricIndex, hintPeerNodeId)))
            {
                best = session;
            }
        }

        return best;
    }

    private bool IsBetterVictim(SecureSession a, SecureSession b, int hintFabricIndex, ulong hintPeerNodeId)
    {
        // More sessions of the fabric: what guarantees each fabric its three.
        int difference = CountPeers(a, false) - CountPeers(b, false);
        if (difference != 0)
        {
            return difference > 0;
        }

        if ((a.FabricIndex == hintFabricIndex) != (b.FabricIndex == hintFabricIndex))
        {
            return a.FabricIndex == hintFabricIndex;
        }

        // An open exchange is spared among the sessions that may be taken at all.
        bool aBusy = Exchanges != null && Exchanges.CountExchanges(a) > 0;
        bool bBusy = Exchanges != null && Exchanges.CountExchanges(b) > 0;
        if (aBusy != bBusy)
        {
            return bBusy;
        }

        int aPeers = CountPeers(a, true);
        int bPeers = CountPeers(b, true);
        if (aPeers != bPeers)
        {
            return aPeers > bPeers;
        }

        // The hinted peer's only live session is the one just made, or the one it will use next.
        bool aHinted = IsPeer(a, hintFabricIndex, hintPeerNodeId) && (aPeers > 1 || IsDead(a));
        bool bHinted = IsPeer(b, hintFabricIndex, hintPeerNodeId) && (bPeers > 1 || IsDead(b));
        if (aHinted != bHinted)
        {
            return aHinted;
        }

        if (IsDead(a) != IsDead(b))
        {
            return IsDead(a);
        }

        return a.Timestamp < b.Timestamp;
    }

    private static bool IsDead(SecureSession session)
    {
        return session.IsDefunct || session.State == SessionState.Closing;
    }

    private int CountPeers(SecureSession session, bool sameNode)
    {
        int count = 0;
        for (int i = 0; i < _secure.Length; i++)
        {
            SecureSession other = _secure[i];
            if (IsCase(other) && other.FabricIndex == session.FabricIndex && (!sameNode || other.PeerNodeId == session.PeerNodeId))
            {
                count++;
            }
        }

        return count;
    }

    private void SetGroup(int key, int groupSessionId, int groupId, ulong sourceNodeId)
    {
        int fabricIndex = _groupKeys.GetFabricIndex(key);
        _group.Wipe();
        _group.SetState(SessionState.Active);
        _group.SetIds(groupSessionId, groupSessionId);
        _group.SetNodes(fabricIndex, Fabrics.GetNodeId(fabricIndex), sourceNodeId);
        _group.SetGroupId(groupId);
        _groupKeys.GetOperationalKey(key, _group.Data, _group.At + GroupSession.KeyAt);
    }

    private void Raise(SessionEventHandler handler, SecureSession session)
    {
        if (handler == null)
        {
            return;
        }

        try
        {
            handler(session);
        }
        catch (Exception exception)
        {
            // A listener's mistake must not leave a session half closed.
            _counters.Count(Messaging.Counters.ListenerFailed);
            if (_log != null)
            {
                _log.Write(LogLevel.Error, "sessions", "listener failed: " + exception.Message);
            }
        }
    }
}
