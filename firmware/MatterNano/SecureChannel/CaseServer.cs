using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>CASE as responder (Core 4.14.2): has each Sigma1 judged, then leaves it to the one full handshake or to a resumption beside it.</summary>
internal sealed class CaseServer : IFabricListener
{
    // A reset of the network brings several controllers back at the same moment.
    private const int ResumptionsAtOnce = 3;

    private const int DefaultDuration = 3000;

    internal readonly ExchangeManager Exchanges;
    internal readonly SessionManager Sessions;
    internal readonly FabricTable Fabrics;
    internal readonly IWorker Worker;
    internal readonly IClock Clock;
    internal readonly IRandom Random;
    internal readonly EphemeralPool Pool;
    internal readonly SecureChannelCounters Counters;
    internal readonly SessionParameters OwnParameters;
    internal readonly TlvReader Reader;
    internal readonly TlvWriter Writer;

    internal readonly CaseInitiator Initiator;

    internal readonly SymmetricCrypto WorkerCrypto;

    private readonly SymmetricCrypto _crypto;
    private readonly ILog _log;

    // Each only while it has something to do.
    private CaseKeys _keys;
    private Sigma1Judge _judge;
    private CaseHandshake _handshake;
    private readonly CaseResumption[] _resumptions = new CaseResumption[ResumptionsAtOnce];
    private bool _isReady;
    private int _reservedId;
    private int _usualDuration = DefaultDuration;

    internal CaseServer(
        ExchangeManager exchanges,
        SessionManager sessions,
        FabricTable fabrics,
        IWorker worker,
        SymmetricCrypto crypto,
        SymmetricCrypto workerCrypto,
        IClock clock,
        IRandom random,
        SessionParameters ownParameters,
        TlvReader reader,
        TlvWriter writer,
        SecureChannelCounters counters,
        ILog log)
    {
        Exchanges = exchanges;
        Sessions = sessions;
        Fabrics = fabrics;
        Worker = worker;
        Clock = clock;
        Random = random;
        OwnParameters = ownParameters;
        Reader = reader;
        Writer = writer;
        Counters = counters;
        _log = log;
        _crypto = crypto;
        WorkerCrypto = workerCrypto;
        Pool = new EphemeralPool(worker, random);
        Initiator = new CaseInitiator(this);
        fabrics.AddListener(this);
        sessions.SessionOpened += OnSessionOpened;
    }

    /// <summary>Milliseconds that a full handshake took last.</summary>
    internal int UsualDuration
    {
        get { return _usualDuration; }
    }

    /// <summary>True while a full handshake runs, or one may begin.</summary>
    internal bool IsHandshakeRunning
    {
        get { return _judge != null || (_handshake != null && !_handshake.IsFree); }
    }

    /// <summary>The keys of resumptions, for the loop.</summary>
    internal CaseKeys Keys
    {
        get { return _keys ??= new CaseKeys(_crypto); }
    }

    /// <summary>From now on Sigma1 is answered: fabrics and records are read.</summary>
    internal void Start()
    {
        _isReady = true;
        ReserveSessionId(0, 0);
    }

    /// <summary>Does a step of what the loop itself computes.</summary>
    /// <returns>False when there was nothing to do.</returns>
    internal bool Step()
    {
        if (_handshake != null && _handshake.IsFree)
        {
            _handshake = null;
        }

        for (int i = 0; i < ResumptionsAtOnce; i++)
        {
            if (_resumptions[i] != null && _resumptions[i].IsFree)
            {
                _resumptions[i] = null;
            }
        }

        if (_judge != null && _judge.IsBusy)
        {
            _judge.Step();
            return true;
        }

        _judge = null;
        if (Initiator.IsComputing)
        {
            Initiator.Step();
            return true;
        }

        _keys = null;
        return false;
    }

    /// <summary>A Sigma1: known ones are answered at once, others judged step by step.</summary>
    internal void OnSigma1(Exchange exchange, byte[] buffer, int offset, int length)
    {
        // Before the fabrics are read nothing may be said of trust roots: a controller would drop its record.
        if (!_isReady)
        {
            SendBusy(exchange, HandshakeReport.MinBusyTime);
        }
        else if (IsRepeated(buffer, offset, length))
        {
            AnswerRepeated(exchange, buffer, offset, length);
        }
        else if (exchange.State != null)
        {
            // Another Sigma1 on the exchange of a running handshake: two handshakes on one exchange would each end the other's.
            Counters.Count(SecureChannelCounters.Malformed);
        }
        else
        {
            _judge ??= new Sigma1Judge(this);
            if (!_judge.Add(exchange, buffer, offset, length))
            {
                SendBusy(exchange, HandshakeReport.MinBusyTime);
            }
        }
    }

    /// <summary>True for the very Sigma1 of a handshake that runs.</summary>
    internal bool IsRepeated(byte[] buffer, int offset, int length)
    {
        return (_handshake != null && _handshake.IsRepeated(buffer, offset, length)) || FindRepeated(buffer, offset, length) != null;
    }

    /// <summary>Answers it with the same bytes as before.</summary>
    internal void AnswerRepeated(Exchange exchange, byte[] buffer, int offset, int length)
    {
        Counters.Count(SecureChannelCounters.Repeated);
        if (_handshake != null && _handshake.IsRepeated(buffer, offset, length))
        {
            _handshake.OnRepeated(exchange);
        }
        else
        {
            FindRepeated(buffer, offset, length).OnRepeated(exchange);
        }
    }

    /// <summary>Begins a full handshake, unless another runs.</summary>
    internal void BeginHandshake(Exchange exchange, Fabric fabric, int protectionKeyAt, Sigma1 sigma1, byte[] message)
    {
        if (_handshake != null && !_handshake.IsFree)
        {
            long now = Clock.Milliseconds;
            if (!_handshake.MayBeReplaced(now))
            {
                SendBusy(exchange, _handshake.TimeLeft(now));
                return;
            }

            Counters.Count(SecureChannelCounters.Replaced);
            _handshake.Abandon();
        }

        _handshake = new CaseHandshake(this);
        _handshake.Start(exchange, fabric, protectionKeyAt, sigma1, message);
    }

    /// <summary>Begins a resumption whose MIC was right.</summary>
    /// <param name="exchange">Its exchange.</param>
    /// <param name="record">The peer's record.</param>
    /// <param name="sigma1">The fields of Sigma1.</param>
    /// <param name="message">Sigma1, for who takes it.</param>
    /// <param name="work">What was computed, see <see cref="Sigma1Judge"/>.</param>
    internal void BeginResumption(Exchange exchange, ResumptionRecord record, Sigma1 sigma1, byte[] message, byte[] work)
    {
        // A peer that begins anew has given up what it began before; two pending ids for one record would be one too many.
        int free = -1;
        int oldest = 0;
        for (int i = 0; i < ResumptionsAtOnce; i++)
        {
            CaseResumption resumption = _resumptions[i];
            if (resumption != null && resumption.IsFor(record.FabricIndex, record.PeerNodeId))
            {
                resumption.Abandon();
            }

            if (resumption == null || resumption.IsFree)
            {
                free = i;
            }
            else if (_resumptions[oldest] == null || resumption.Progress < _resumptions[oldest].Progress)
            {
                oldest = i;
            }
        }

        if (free < 0)
        {
            long quiet = Clock.Milliseconds - _resumptions[oldest].Progress;
            if (quiet < CaseHandshake.StaleAfter)
            {
                SendBusy(exchange, (int)(CaseHandshake.StaleAfter - quiet));
                return;
            }

            Counters.Count(SecureChannelCounters.Replaced);
            _resumptions[oldest].Abandon();
            free = oldest;
        }

        _resumptions[free] = new CaseResumption(this);
        _resumptions[free].Start(exchange, record, sigma1, message, work);
    }

    /// <summary>Reserves the handle of the next session, so that a full table never keeps a peer out.</summary>
    /// <param name="fabricIndex">Fabric of the peer that has just connected; 0 for none.</param>
    /// <param name="peerNodeId">That peer: its session is not the one to go.</param>
    internal void ReserveSessionId(int fabricIndex, ulong peerNodeId)
    {
        if (_reservedId == 0 && _isReady)
        {
            int id = Sessions.GetNextAvailableSessionId(fabricIndex, peerNodeId);
            _reservedId = id < 0 ? 0 : id;
        }
    }

    /// <summary>Takes the reserved handle, or another when a handshake beside has it.</summary>
    /// <returns>-1 when there is none.</returns>
    internal int TakeSessionId(int fabricIndex)
    {
        int id = _reservedId;
        _reservedId = 0;
        return IsReserved(id) ? id : Sessions.GetNextAvailableSessionId(fabricIndex, 0);
    }

    /// <summary>True while a handle waits for its session; all of them go when the sessions are closed.</summary>
    internal bool IsReserved(int id)
    {
        SecureSession session = Sessions.GetSession(id);
        return session != null && session.State == SessionState.Reserved;
    }

    /// <summary>Gives back a handle that did not become a session; it serves the next handshake.</summary>
    internal void ReturnSessionId(int id)
    {
        if (_reservedId == 0)
        {
            _reservedId = id;
        }
        else
        {
            Sessions.ReleaseSessionId(id);
        }
    }

    /// <summary>Sends an error report and ends the exchange; nothing while our last message is unacknowledged.</summary>
    internal void SendError(Exchange exchange, int code)
    {
        if (exchange == null)
        {
            return;
        }

        if (exchange.IsAwaitingAcknowledgement)
        {
            // Nobody waits for that message any more.
            exchange.AssumeAcknowledged();
        }
        else
        {
            HandshakeReport.Send(exchange, StatusReport.GeneralFailure, code);
        }

        exchange.Close();
    }

    /// <summary>Tells a peer to come again later, and ends the exchange unless it is a handshake's own.</summary>
    internal void SendBusy(Exchange exchange, int milliseconds)
    {
        Counters.Count(SecureChannelCounters.Busy);
        HandshakeReport.SendBusy(exchange, Random, milliseconds);
        if (exchange.State == null)
        {
            exchange.Close();
        }
    }

    /// <summary>Remembers how long a full handshake takes here.</summary>
    internal void NoteDuration(long milliseconds)
    {
        _usualDuration = milliseconds > 30000 ? 30000 : (int)milliseconds;
    }

    /// <summary>Writes a warning.</summary>
    internal void Warn(string text)
    {
        if (_log != null && _log.IsEnabled(LogLevel.Warning))
        {
            _log.Write(LogLevel.Warning, "case", text);
        }
    }

    /// <inheritdoc/>
    public void OnFabricAdded(Fabric fabric)
    {
        RestartJudge();
    }

    /// <inheritdoc/>
    public void OnFabricUpdated(Fabric fabric)
    {
        EndFabric(fabric.Index);
    }

    /// <inheritdoc/>
    public void OnFabricCommitted(Fabric fabric)
    {
    }

    /// <inheritdoc/>
    public void OnFabricRemoved(Fabric fabric)
    {
        EndFabric(fabric.Index);
    }

    private CaseResumption FindRepeated(byte[] buffer, int offset, int length)
    {
        for (int i = 0; i < ResumptionsAtOnce; i++)
        {
            if (_resumptions[i] != null && _resumptions[i].IsRepeated(buffer, offset, length))
            {
                return _resumptions[i];
            }
        }

        return null;
    }

    private void RestartJudge()
    {
        if (_judge != null)
        {
            _judge.Restart();
        }
    }

    private void EndFabric(int fabricIndex)
    {
        Initiator.EndFabric(fabricIndex);
        RestartJudge();
        if (_handshake != null && _handshake.FabricIndex == fabricIndex)
        {
            _handshake.Abandon();
        }

        for (int i = 0; i < ResumptionsAtOnce; i++)
        {
            if (_resumptions[i] != null && _resumptions[i].FabricIndex == fabricIndex)
            {
                _resumptions[i].Abandon();
            }
        }
    }

    private void OnSessionOpened(SecureSession session)
    {
        Initiator.OnSessionOpened(session);
        for (int i = 0; i < ResumptionsAtOnce; i++)
        {
            if (_resumptions[i] != null)
            {
                _resumptions[i].OnSessionOpened(session);
            }
        }
    }
}
