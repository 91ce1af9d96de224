using System;
using MatterNano.Credentials;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;

namespace MatterNano.SecureChannel;

/// <summary>Resumes a CASE session as its initiator (Core 4.14.2.2): Sigma1 with the peer's record, Sigma2Resume, report. One attempt at a time.</summary>
/// <remarks>
/// What it computes it computes on the loop, a step a turn, of at most 45,000 instructions.
/// No elliptic curves: Sigma1 shows the public key that is drawn for the next full handshake anyway. A peer that wants a
/// full handshake (Sigma2) has no record of us; then the attempt ends, and it is left to the peer to come back.
/// </remarks>
internal sealed class CaseInitiator : IHandshake
{
    /// <summary>Result: the session is open.</summary>
    internal const int Resumed = 0;

    /// <summary>Result: the peer has no record of us, or not even the fabric. Our record was deleted.</summary>
    internal const int Forgotten = 1;

    /// <summary>Result: the peer said when to come again.</summary>
    internal const int Busy = 2;

    /// <summary>Result: nobody answered.</summary>
    internal const int NoAnswer = 3;

    /// <summary>Result: the peer refused, or its answer was wrong.</summary>
    internal const int Failed = 4;

    /// <summary>Result: the peer opened a session itself meanwhile.</summary>
    internal const int Overtaken = 5;

    // A peer may compute a Sigma2 before it answers.
    private const int AnswerTimeout = 15000;

    private const int RandomAt = 0;
    private const int OldIdAt = RandomAt + SecureChannelProtocol.RandomSize; // directly behind the random: the salt of the keys
    private const int SaltSize = SecureChannelProtocol.RandomSize + SecureChannelProtocol.ResumptionIdSize;

    // What Sigma1 is made of, at the far end of the buffer it is written in.
    private const int MicAt = SaltSize;
    private const int DestinationAt = MicAt + SecureChannelProtocol.MicSize;
    private const int PublicKeyAt = DestinationAt + SecureChannelProtocol.HashSize;
    private const int PartsSize = PublicKeyAt + SecureChannelProtocol.PointSize;

    // In the data, behind the salt: two pseudorandom keys, what Sigma2Resume brought, the keys of the session.
    private const int OldKeyAt = SaltSize;
    private const int NewKeyAt = OldKeyAt + 32;
    private const int NewIdAt = NewKeyAt + 32;
    private const int AnswerMicAt = NewIdAt + SecureChannelProtocol.ResumptionIdSize;
    private const int OwnMicAt = AnswerMicAt + SecureChannelProtocol.MicSize;
    private const int SessionKeysAt = OwnMicAt + SecureChannelProtocol.MicSize;
    private const int DataSize = SessionKeysAt + SecureSession.KeysSize;

    private const int Waiting = 0;
    private const int Extract = 1;
    private const int Expand = 2;
    private const int MakeMic = 3;
    private const int MakeDestination = 4;
    private const int SendSigma1 = 5;
    private const int ExtractNew = 6;
    private const int ExpandNew = 7;
    private const int CheckMic = 8;
    private const int DeriveKeys = 9;
    private const int DeriveMoreKeys = 10;
    private const int Finish = 11;

    private readonly CaseServer _server;

    // While it runs.
    private Sigma2Resume _answer;
    private byte[] _data;
    private MessageBuffer _message; // Sigma1, until it is sent
    private int _step;
    private int _peerSessionId;
    private Exchange _exchange;
    private int _sessionId;
    private int _fabricIndex;
    private ulong _peerNodeId;

    internal CaseInitiator(CaseServer server)
    {
        _server = server;
    }

    /// <summary>The handler of the exchanges it opens; set at start.</summary>
    internal IProtocolHandler Handler { get; set; }

    /// <summary>Hears of the end of each attempt; null for nobody.</summary>
    internal ICaseInitiatorListener Listener { get; set; }

    /// <summary>True while an attempt runs.</summary>
    internal bool IsRunning
    {
        get { return _exchange != null; }
    }

    /// <summary>True when <see cref="Step"/> has something to do.</summary>
    internal bool IsComputing
    {
        get { return _step != Waiting; }
    }

    /// <summary>Begins a Sigma1 to a peer whose record we hold.</summary>
    /// <param name="fabricIndex">Fabric of the peer.</param>
    /// <param name="peerNodeId">The peer.</param>
    /// <param name="address">Where it is.</param>
    /// <returns>False when nothing will be sent: an attempt runs, there is no record, or no session, exchange, buffer or key is free now.</returns>
    internal bool Start(int fabricIndex, ulong peerNodeId, NetworkAddress address)
    {
        Fabric fabric = _server.Fabrics.Find(fabricIndex);
        SessionManager sessions = _server.Sessions;
        if (IsRunning || fabric == null || !sessions.HasRoomForCase || !_server.Pool.HasKeyPair)
        {
            return false;
        }

        ResumptionRecord record = sessions.FindResumptionRecordByNodeId(fabricIndex, peerNodeId);
        if (record == null)
        {
            return false;
        }

        _answer = new Sigma2Resume();
        record.GetSessionParameters(_answer.Parameters);
        _fabricIndex = fabricIndex;
        _peerNodeId = peerNodeId;
        _sessionId = sessions.GetNextAvailableSessionId(fabricIndex, peerNodeId);
        InsecureSession session = _sessionId < 0 ? null : sessions.CreateUnsecureSession(0, _answer.Parameters, true, address);
        Exchange exchange = session == null ? null : _server.Exchanges.Open(session, ProtocolId.SecureChannel, Handler);
        MessageBuffer message = exchange == null ? null : exchange.BeginMessage();
        if (message == null)
        {
            record.Wipe();
            if (session != null)
            {
                session.End(false);
            }

            Clear();
            return false;
        }

        _data = new byte[DataSize];
        _message = message;
        _server.Random.Fill(_data, RandomAt, SecureChannelProtocol.RandomSize);
        Array.Copy(record.Data, record.IdOffset, _data, OldIdAt, SecureChannelProtocol.ResumptionIdSize);
        record.Wipe();
        int parts = message.PayloadLimit - PartsSize;
        Array.Copy(_data, 0, message.Data, parts, SaltSize);
        _server.Pool.ShowPublicKey(message.Data, parts + PublicKeyAt);
        _exchange = exchange;
        exchange.State = this;
        _step = Extract;
        return true;
    }

    /// <summary>Does the next step of an attempt.</summary>
    internal void Step()
    {
        CaseKeys keys = _server.Keys;
        int step = _step;
        _step++;
        switch (step)
        {
            case Extract:
                ExtractKey(OldIdAt, OldKeyAt);
                break;
            case Expand:
                keys.ExpandMicKey(false, _data, OldKeyAt, _data, OwnMicAt);
                break;
            case MakeMic:
                keys.MakeMic(false, _data, OwnMicAt, _message.Data, _message.PayloadLimit - PartsSize + MicAt);
                break;
            case MakeDestination:
                _server.Fabrics.ComputeDestination(
                    _server.Fabrics.Find(_fabricIndex), _data, RandomAt, _peerNodeId, _message.Data, _message.PayloadLimit - PartsSize + DestinationAt);
                break;
            case SendSigma1:
                _step = Waiting;
                Send();
                break;
            case ExtractNew:
                ExtractKey(NewIdAt, NewKeyAt);
                break;
            case ExpandNew:
                keys.ExpandMicKey(true, _data, NewKeyAt, _data, OwnMicAt);
                break;
            case CheckMic:
                keys.MakeMic(true, _data, OwnMicAt, _data, OwnMicAt);
                if (!Secrets.AreEqual(_data, OwnMicAt, _data, AnswerMicAt, SecureChannelProtocol.MicSize))
                {
                    Refuse();
                }

                break;
            case DeriveKeys:
            case DeriveMoreKeys:
                keys.ExpandResumptionKeys(_data, OldKeyAt, _data, SessionKeysAt, step == DeriveMoreKeys);
                break;
            case Finish:
                Open();
                break;
        }
    }

    /// <summary>Gives the attempt up without a word.</summary>
    /// <param name="result">What the listener is told.</param>
    internal void Abandon(int result)
    {
        if (_exchange != null)
        {
            _exchange.AssumeAcknowledged();
            End(result, 0);
        }
    }

    /// <summary>Gives the attempt up if it is for this fabric.</summary>
    internal void EndFabric(int fabricIndex)
    {
        if (_exchange != null && _fabricIndex == fabricIndex)
        {
            Abandon(Failed);
        }
    }

    /// <summary>A session became usable: if it is with our peer, nothing is left to do.</summary>
    internal void OnSessionOpened(SecureSession session)
    {
        if (_exchange != null && session.FabricIndex == _fabricIndex && session.PeerNodeId == _peerNodeId)
        {
            Abandon(Overtaken);
        }
    }

    /// <inheritdoc/>
    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        if (exchange != _exchange)
        {
            exchange.Close();
            return;
        }

        if (IsComputing && opcode != SecureChannelProtocol.StatusReport)
        {
            // Once more what is being looked at.
            return;
        }

        switch (opcode)
        {
            case Sigma2Resume.Opcode:
                OnSigma2Resume(exchange, buffer, offset, length);
                break;
            case SecureChannelProtocol.Sigma2:
                // The peer has lost its record. It computed with the key we showed, so that key is not used again.
                _server.Pool.DropKeyPair();
                _server.Sessions.RemoveResumptionRecord(_fabricIndex, _peerNodeId);
                SendReport(exchange, StatusReport.GeneralFailure, StatusReport.InvalidParameter);
                End(Forgotten, 0);
                break;
            case SecureChannelProtocol.StatusReport:
                OnReport(buffer, offset, length);
                break;
            default:
                Refuse();
                break;
        }
    }

    /// <inheritdoc/>
    public void OnAcknowledged(Exchange exchange)
    {
    }

    /// <inheritdoc/>
    public void OnExchangeEnded(Exchange exchange, int reason)
    {
        if (exchange == _exchange)
        {
            End(reason == ExchangeEnd.NoAcknowledgement || reason == ExchangeEnd.NoResponse ? NoAnswer : Failed, 0);
        }
    }

    private void ExtractKey(int idAt, int keyAt)
    {
        ResumptionRecord record = _server.Sessions.FindResumptionRecordByNodeId(_fabricIndex, _peerNodeId);
        if (record == null)
        {
            Abandon(Failed);
            return;
        }

        _server.Keys.ExtractResumption(record.Data, record.SecretOffset, _data, RandomAt, _data, idAt, _data, keyAt);
        record.Wipe();
    }

    private void Send()
    {
        Exchange exchange = _exchange;
        MessageBuffer message = _message;
        byte[] data = message.Data;
        int parts = message.PayloadLimit - PartsSize;
        _message = null;
        _server.Writer.Init(data, message.PayloadOffset, parts);
        Sigma1.Write(
            _server.Writer, data, parts + RandomAt, _sessionId, parts + DestinationAt, parts + PublicKeyAt, _server.OwnParameters, parts + OldIdAt, parts + MicAt);
        if (exchange.Send(message, Sigma1.Opcode, _server.Writer.Length, SendFlags.Reliable))
        {
            exchange.ExpectResponseWithin(AnswerTimeout);
        }
        else
        {
            Abandon(Failed);
        }
    }

    private void OnSigma2Resume(Exchange exchange, byte[] buffer, int offset, int length)
    {
        if (!_answer.TryRead(_server.Reader, buffer, offset, length))
        {
            Refuse();
            return;
        }

        Array.Copy(buffer, _answer.ResumptionIdOffset, _data, NewIdAt, SecureChannelProtocol.ResumptionIdSize);
        Array.Copy(buffer, _answer.ResumeMicOffset, _data, AnswerMicAt, SecureChannelProtocol.MicSize);
        exchange.Session.SetSessionParameters(_answer.Parameters);
        _peerSessionId = _answer.SessionId;
        _step = ExtractNew;
    }

    private void Open()
    {
        SessionManager sessions = _server.Sessions;
        ResumptionRecord record = sessions.FindResumptionRecordByNodeId(_fabricIndex, _peerNodeId);
        SecureSession session = null;
        if (record != null && _server.IsReserved(_sessionId))
        {
            _exchange.Session.GetSessionParameters(_answer.Parameters);
            session = sessions.CreateSecureSessionWithKeys(
                _sessionId, _fabricIndex, _peerNodeId, _peerSessionId, _data, SessionKeysAt, true, true, _answer.Parameters, _exchange.Session);
        }

        if (session == null)
        {
            if (record != null)
            {
                record.Wipe();
            }

            Refuse();
            return;
        }

        record.CopyTagsTo(session);
        record.Wipe();
        sessions.PrepareResumptionId(session, _data, NewIdAt);
        if (!SendReport(_exchange, StatusReport.GeneralSuccess, StatusReport.SessionEstablished))
        {
            session.Destroy(false, false);
            End(Failed, 0);
            return;
        }

        // The peer has its keys already, so there is nothing to wait for: the record gets its new id, and reports may leave.
        _sessionId = 0;
        _server.Counters.Count(SecureChannelCounters.CaseInitiated);
        End(Resumed, 0);
        sessions.Activate(session);
    }

    private void Refuse()
    {
        SendReport(_exchange, StatusReport.GeneralFailure, StatusReport.InvalidParameter);
        End(Failed, 0);
    }

    private void OnReport(byte[] buffer, int offset, int length)
    {
        StatusReport report = new StatusReport();
        int result = Failed;
        int wait = 0;
        if (report.TryRead(buffer, offset, length) && report.IsSecureChannel)
        {
            if (report.ProtocolCode == StatusReport.Busy && report.GeneralCode == StatusReport.GeneralBusy)
            {
                result = Busy;
                wait = report.DataLength >= 2 ? ByteOrder.ReadUInt16(buffer, report.DataOffset) : 0;
            }
            else if (report.ProtocolCode == StatusReport.NoSharedTrustRoots && report.GeneralCode == StatusReport.GeneralFailure)
            {
                result = Forgotten;
                _server.Sessions.RemoveResumptionRecord(_fabricIndex, _peerNodeId);
            }
        }

        End(result, wait);
    }

    private bool SendReport(Exchange exchange, int general, int code)
    {
        MessageBuffer message = exchange.BeginMessage();
        if (message == null)
        {
            return false;
        }

        int size = StatusReport.Write(message.Data, message.PayloadOffset, general, code);
        return exchange.Send(message, SecureChannelProtocol.StatusReport, size, SendFlags.Reliable);
    }

    private void End(int result, int milliseconds)
    {
        Exchange exchange = _exchange;
        Clear();
        if (result != Resumed && result != Overtaken)
        {
            _server.Counters.Count(SecureChannelCounters.InitiationFailed);
        }

        exchange.Close();
        if (Listener != null)
        {
            Listener.OnInitiated(_fabricIndex, _peerNodeId, result, milliseconds);
        }
    }

    private void Clear()
    {
        if (_sessionId > 0)
        {
            _server.Sessions.ReleaseSessionId(_sessionId);
        }

        if (_message != null)
        {
            _server.Exchanges.ReleaseBuffer(_message);
            _message = null;
        }

        if (_data != null)
        {
            Secrets.Wipe(_data);
            _data = null;
        }

        _sessionId = 0;
        _step = Waiting;
        _answer = null;
        _exchange = null;
    }
}
