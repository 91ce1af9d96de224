using System;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>PASE as responder (Core 4.14.1): one handshake at a time, only while the commissioning window is open.</summary>
internal sealed class PaseServer : IHandshake, ICommissioningWindowListener
{
    /// <summary>Milliseconds for a whole handshake (Core 5.5).</summary>
    internal const int Timeout = 60000;

    /// <summary>Milliseconds of silence after which another commissioner takes the place of one whose turn it is.</summary>
    internal const int StaleAfter = 1500;

    // Told to who comes while an answer is computed, or while a commissioner is connected.
    private const int BusyTime = 3000;

    private const int Idle = 0;
    private const int AwaitingPake1 = 1;
    private const int Computing = 2;
    private const int AwaitingPake3 = 3;
    private const int Confirming = 4;

    internal readonly IWorker Worker;
    internal readonly SymmetricCrypto WorkerCrypto;
    internal readonly IRandom Random;

    private readonly SessionManager _sessions;
    private readonly CommissioningWindow _window;
    private readonly IClock _clock;
    private readonly SessionParameters _ownParameters;
    private readonly TlvReader _reader;
    private readonly TlvWriter _writer;
    private readonly SecureChannelCounters _counters;
    private readonly ILog _log;

    // While a handshake runs.
    private PbkdfParamRequest _request;
    private Sha256 _context;

    // While a window is open, and until its last job has come back.
    private PaseJob _job;
    private Exchange _exchange;
    private int _state;
    private int _sessionId;
    private int _peerSessionId;
    private long _progress;
    private long _deadline;

    internal PaseServer(
        SessionManager sessions,
        CommissioningWindow window,
        IWorker worker,
        SymmetricCrypto workerCrypto,
        IClock clock,
        IRandom random,
        SessionParameters ownParameters,
        TlvReader reader,
        TlvWriter writer,
        SecureChannelCounters counters,
        ILog log)
    {
        _sessions = sessions;
        _window = window;
        _clock = clock;
        Worker = worker;
        WorkerCrypto = workerCrypto;
        Random = random;
        _ownParameters = ownParameters;
        _reader = reader;
        _writer = writer;
        _counters = counters;
        _log = log;
        window.AddListener(this);
        sessions.SessionClosed += OnSessionClosed;
    }

    /// <summary>True while a handshake runs, or the worker still computes for one given up.</summary>
    internal bool IsRunning
    {
        get { return _state != Idle || (_job != null && _job.IsResponding); }
    }

    /// <summary>A PBKDFParamRequest on an exchange of its own.</summary>
    internal void OnRequest(Exchange exchange, byte[] buffer, int offset, int length)
    {
        // Any report here would tell a certification test that the window is not closed (TC-CADMIN-1.5, 1.9).
        if (!_window.IsOpen)
        {
            _counters.Count(SecureChannelCounters.PaseNoWindow);
            exchange.Close();
            return;
        }

        PbkdfParamRequest request = new PbkdfParamRequest();
        if (!request.TryRead(_reader, buffer, offset, length) || request.PasscodeId != 0)
        {
            _counters.Count(SecureChannelCounters.Malformed);
            HandshakeReport.Send(exchange, StatusReport.GeneralFailure, StatusReport.InvalidParameter);
            exchange.Close();
            return;
        }

        long now = _clock.Milliseconds;
        int wait = TimeUntilFree(now);
        if (wait > 0)
        {
            SendBusy(exchange, wait);
            return;
        }

        if (_state != Idle)
        {
            // Its commissioner has been silent too long for one that waits.
            _counters.Count(SecureChannelCounters.Replaced);
            Fail(false);
            if (!_window.IsOpen)
            {
                exchange.Close();
                return;
            }
        }

        int sessionId = _sessions.GetNextPaseSessionId();
        MessageBuffer message = sessionId < 0 ? null : exchange.BeginMessage();
        if (message == null)
        {
            if (sessionId > 0)
            {
                _sessions.ReleaseSessionId(sessionId);
            }

            SendBusy(exchange, StaleAfter);
            return;
        }

        _request = request;
        _exchange = exchange;
        _sessionId = sessionId;
        _peerSessionId = _request.SessionId;
        exchange.State = this;
        exchange.Session.SetSessionParameters(_request.Parameters);
        _context = new Sha256();
        _job ??= new PaseJob(this);
        _job.Begin();
        HashText("CHIP PAKE V1 Commissioning");
        _context.Update(buffer, offset, length);
        Random.Fill(_job.Data, PaseJob.RandomAt, SecureChannelProtocol.RandomSize);
        _writer.Init(message.Data, message.PayloadOffset, message.PayloadLimit);
        PbkdfParamResponse.Write(
            _writer, buffer, _request.RandomOffset, _job.Data, PaseJob.RandomAt, sessionId,
            _request.HasPbkdfParameters ? 0 : _window.Iterations, _window.Salt, _window.SaltOffset, _window.SaltLength, _ownParameters);
        _context.Update(message.Data, message.PayloadOffset, _writer.Length);
        _job.SetVerifier(_window.Secret, _window.Points);
        _progress = now;
        _deadline = now + Timeout;
        _state = AwaitingPake1;
        _window.SetPaseActive(true);
        if (!exchange.Send(message, PbkdfParamResponse.Opcode, _writer.Length, SendFlags.Reliable | SendFlags.ExpectResponse))
        {
            Fail(false);
        }
    }

    /// <summary>Draws the secrets of the next handshake while a window is open.</summary>
    internal void Refill()
    {
        if (_window.IsOpen && _sessions.GetPaseSession() == null)
        {
            _job ??= new PaseJob(this);
            _job.Refill(_window.Secret, _window.Points);
        }
    }

    /// <summary>Ends a handshake that has taken too long.</summary>
    /// <returns>Time of the next call in milliseconds; long.MaxValue for none.</returns>
    internal long Process(long now)
    {
        if (_state == Idle)
        {
            if (_job != null && !_window.IsOpen && !_job.IsRunning)
            {
                _job = null;
            }

            return long.MaxValue;
        }

        if (now >= _deadline)
        {
            Fail(false);
            return long.MaxValue;
        }

        return _deadline;
    }

    /// <summary>The link is gone, and the handshake with it.</summary>
    internal void OnLinkLost(byte transport)
    {
        if (_state != Idle && _exchange.Session.Transport == transport)
        {
            Fail(false);
        }
    }

    /// <inheritdoc/>
    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        if (_state == Idle || exchange != _exchange)
        {
            exchange.Close();
            return;
        }

        if (opcode == Pake1.Opcode && _state == AwaitingPake1)
        {
            OnPake1(exchange, buffer, offset, length);
        }
        else if (opcode == Pake3.Opcode && _state == AwaitingPake3)
        {
            OnPake3(exchange, buffer, offset, length);
        }
        else if (opcode == SecureChannelProtocol.StatusReport)
        {
            // The peer gives up, usually because its passcode is another; a report is never answered.
            exchange.AssumeAcknowledged();
            Fail(false);
        }
        else if (opcode == PbkdfParamRequest.Opcode || _state == Computing || _state == Confirming)
        {
            // A request again, or impatience: no error, and no new time.
            _counters.Count(SecureChannelCounters.PaseIgnored);
            exchange.AcknowledgeNow();
        }
        else
        {
            Fail(true);
        }
    }

    /// <inheritdoc/>
    public void OnAcknowledged(Exchange exchange)
    {
        if (exchange == _exchange && _state != Idle)
        {
            _progress = _clock.Milliseconds;
        }
    }

    /// <inheritdoc/>
    public void OnExchangeEnded(Exchange exchange, int reason)
    {
        if (exchange == _exchange && _state != Idle)
        {
            Fail(false);
        }
    }

    /// <inheritdoc/>
    public void OnWindowChanged(CommissioningWindow window)
    {
        // Also told when PASE itself begins or ends; what is drawn for the same verifier stays good.
        if (_job != null && (!window.IsOpen || !_job.IsFor(window.Secret)))
        {
            _job.Forget();
        }

        if (!window.IsOpen && _state != Idle)
        {
            Exchange exchange = _exchange;
            Reset();
            exchange.Close();
        }
    }

    /// <summary>Pake2 is computed, or Pake1 was no valid point.</summary>
    internal void OnComputed(bool isRight)
    {
        if (_state != Computing)
        {
            // Given up meanwhile.
            _job.Cancel();
            return;
        }

        MessageBuffer message = isRight ? _exchange.BeginMessage() : null;
        if (message == null)
        {
            Fail(true);
            return;
        }

        _writer.Init(message.Data, message.PayloadOffset, message.PayloadLimit);
        Pake2.Write(_writer, _job.Data, PaseJob.ShareAt, _job.Data, PaseJob.ConfirmationAt);
        _exchange.AssumeAcknowledged();
        if (!_exchange.Send(message, Pake2.Opcode, _writer.Length, SendFlags.Reliable | SendFlags.ExpectResponse))
        {
            Fail(false);
            return;
        }

        _progress = _clock.Milliseconds;
        _state = AwaitingPake3;
    }

    /// <summary>The peer's confirmation is checked: with it the session is there, or the passcode was another.</summary>
    internal void OnConfirmed(bool isRight)
    {
        if (_state != Confirming)
        {
            _job.Cancel();
        }
        else if (isRight)
        {
            Open();
        }
        else
        {
            Fail(true);
        }
    }

    private void OnPake1(Exchange exchange, byte[] buffer, int offset, int length)
    {
        Pake1 pake1 = new Pake1();
        if (!pake1.TryRead(_reader, buffer, offset, length))
        {
            Fail(true);
            return;
        }

        exchange.AcknowledgeNow();
        Array.Copy(buffer, pake1.ShareOffset, _job.Data, PaseJob.PeerShareAt, SecureChannelProtocol.PointSize);
        _context.Final(_job.Data, PaseJob.ContextAt);
        _state = Computing;
        if (!_job.Respond())
        {
            Fail(true);
        }
    }

    private void OnPake3(Exchange exchange, byte[] buffer, int offset, int length)
    {
        exchange.AssumeAcknowledged();
        Pake3 pake3 = new Pake3();
        if (!pake3.TryRead(_reader, buffer, offset, length))
        {
            Fail(true);
            return;
        }

        Array.Copy(buffer, pake3.ConfirmationOffset, _job.Data, PaseJob.ConfirmationAt, SecureChannelProtocol.HashSize);
        _state = Confirming;
        if (!_job.Confirm())
        {
            Fail(true);
        }
    }

    private void Open()
    {
        Exchange exchange = _exchange;
        exchange.Session.GetSessionParameters(_request.Parameters);
        SecureSession session = _sessions.GetSession(_sessionId);
        session = session == null || session.State != SessionState.Reserved ? null : _sessions.CreateSecureSessionWithKeys(
            _sessionId, 0, 0, _peerSessionId, _job.Data, PaseJob.SessionKeysAt, false, false, _request.Parameters, exchange.Session);
        if (session == null)
        {
            Fail(true);
            return;
        }

        _sessionId = 0;
        _counters.Count(SecureChannelCounters.PaseEstablished);
        _exchange = null;
        Reset();

        // In force before the report leaves: the peer's first message may follow it at once.
        _window.SetPaseActive(true);
        _sessions.Activate(session);
        HandshakeReport.Send(exchange, StatusReport.GeneralSuccess, StatusReport.SessionEstablished);
        exchange.Close();
    }

    private void OnSessionClosed(SecureSession session)
    {
        if (session.IsPase)
        {
            _window.SetPaseActive(false);
        }
    }

    // The peer hears of it unless it told us, or did not acknowledge our last message. From Pake2 on, whose confirmation tells a peer
    // whether its passcode is right, it has made a guess, be its own confirmation wrong, malformed or withheld; nothing else is one.
    private void Fail(bool report)
    {
        Exchange exchange = _exchange;
        bool hasGuessed = _state == AwaitingPake3 || _state == Confirming;
        Reset();
        _counters.Count(SecureChannelCounters.PaseFailed);
        if (exchange.IsAwaitingAcknowledgement)
        {
            // Nobody waits for that message any more.
            exchange.AssumeAcknowledged();
        }
        else if (report)
        {
            HandshakeReport.Send(exchange, StatusReport.GeneralFailure, StatusReport.InvalidParameter);
        }

        exchange.Close();
        if (hasGuessed && _window.CountFailure() && _log != null)
        {
            _log.Write(LogLevel.Warning, "pase", "too many wrong passcodes: commissioning window closed");
        }
    }

    private void Reset()
    {
        _exchange = null;
        _state = Idle;
        if (_sessionId > 0)
        {
            _sessions.ReleaseSessionId(_sessionId);
            _sessionId = 0;
        }

        _context = null;
        _request = null;
        if (_job != null)
        {
            _job.Cancel();
        }

        _window.SetPaseActive(false);
    }

    // 0 when a handshake may begin.
    private int TimeUntilFree(long now)
    {
        if (_sessions.GetPaseSession() != null || _state == Computing || _state == Confirming || (_job != null && _job.IsResponding))
        {
            return BusyTime;
        }

        long left = StaleAfter - (now - _progress);
        return _state != Idle && left > 0 ? (int)left : 0;
    }

    private void SendBusy(Exchange exchange, int milliseconds)
    {
        _counters.Count(SecureChannelCounters.Busy);
        HandshakeReport.SendBusy(exchange, Random, milliseconds);
        exchange.Close();
    }

    private void HashText(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            _job.Data[PaseJob.RandomAt] = (byte)text[i];
            _context.Update(_job.Data, PaseJob.RandomAt, 1);
        }
    }
}
