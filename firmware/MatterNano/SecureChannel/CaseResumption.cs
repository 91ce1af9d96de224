using System;
using MatterNano.Messaging;
using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>A CASE session being resumed, as responder (Core 4.14.2.2): from Sigma2Resume to the initiator's report. No elliptic curves.</summary>
internal sealed class CaseResumption : IHandshake
{
    // The initiator has nothing slow to do.
    private const int ReportTimeout = 10000;

    private const int PayloadSize = 96;

    private readonly CaseServer _server;
    private byte[] _sigma1; // while it runs
    private byte[] _payload;
    private Exchange _exchange;
    private Exchange _repeat;
    private int _payloadLength;
    private int _sessionId;
    private int _fabricIndex;
    private ulong _peerNodeId;
    private long _progress;
    private bool _isAcknowledged;

    internal CaseResumption(CaseServer server)
    {
        _server = server;
    }

    /// <summary>True when it can serve a Sigma1.</summary>
    internal bool IsFree
    {
        get { return _exchange == null; }
    }

    /// <summary>Index of the fabric it is for; 0 when none runs.</summary>
    internal int FabricIndex
    {
        get { return _exchange == null ? 0 : _fabricIndex; }
    }

    /// <summary>Time of the last progress.</summary>
    internal long Progress
    {
        get { return _progress; }
    }

    /// <summary>True when it runs for this peer.</summary>
    internal bool IsFor(int fabricIndex, ulong peerNodeId)
    {
        return _exchange != null && _fabricIndex == fabricIndex && _peerNodeId == peerNodeId;
    }

    /// <summary>True when the Sigma1 is the one it answers.</summary>
    internal bool IsRepeated(byte[] buffer, int offset, int length)
    {
        return _exchange != null && Sigma1Judge.IsSame(_sigma1, buffer, offset, length);
    }

    /// <summary>Answers a Sigma1 whose MIC was right.</summary>
    /// <param name="exchange">Its exchange.</param>
    /// <param name="record">The peer's record.</param>
    /// <param name="sigma1">Its fields.</param>
    /// <param name="message">Its bytes, taken over.</param>
    /// <param name="work">Session keys, MIC and new id, where <see cref="Sigma1Judge"/> says.</param>
    internal void Start(Exchange exchange, ResumptionRecord record, Sigma1 sigma1, byte[] message, byte[] work)
    {
        int sessionId = _server.TakeSessionId(record.FabricIndex);
        if (sessionId < 0)
        {
            _server.SendBusy(exchange, CaseHandshake.StaleAfter);
            return;
        }

        _fabricIndex = record.FabricIndex;
        _peerNodeId = record.PeerNodeId;
        exchange.Session.SetSessionParameters(sigma1.Parameters);
        byte[] payload = new byte[PayloadSize];
        _server.Writer.Init(payload, 0, PayloadSize);
        bool isWritten = Sigma2Resume.Write(_server.Writer, work, Sigma1Judge.NewIdAt, work, Sigma1Judge.MicAt, sessionId, _server.OwnParameters);

        // Keys of the old id, installed before the answer leaves: the peer may use the session with its very next message.
        SecureSession session = _server.Sessions.CreateSecureSessionWithKeys(
            sessionId, _fabricIndex, _peerNodeId, sigma1.SessionId, work, Sigma1Judge.SessionKeysAt, false, true, sigma1.Parameters, exchange.Session);
        if (session == null || !isWritten)
        {
            _server.ReturnSessionId(sessionId);
            _server.SendError(exchange, StatusReport.InvalidParameter);
            return;
        }

        _sessionId = sessionId;
        _sigma1 = message;
        _payload = payload;
        _payloadLength = _server.Writer.Length;
        record.CopyTagsTo(session);
        _server.Sessions.PrepareResumptionId(session, work, Sigma1Judge.NewIdAt);
        exchange.State = this;
        _exchange = exchange;
        _isAcknowledged = false;
        _progress = _server.Clock.Milliseconds;
        if (!Send(exchange))
        {
            Abandon();
        }
    }

    /// <summary>The Sigma1 came again: the same bytes answer it.</summary>
    internal void OnRepeated(Exchange exchange)
    {
        exchange.AcknowledgeNow();
        if (exchange.State != null && exchange.State != this)
        {
            return;
        }

        if (exchange != _exchange && exchange != _repeat)
        {
            // As in a full handshake: the first exchange stays in force, whoever repeats the message elsewhere.
            Exchange former = _repeat;
            _repeat = exchange;
            exchange.State = this;
            if (former != null)
            {
                former.Close();
            }
        }

        if (!exchange.Resend())
        {
            Send(exchange);
        }
    }

    /// <summary>Gives the resumption up; a session that the peer already uses stays.</summary>
    internal void Abandon()
    {
        if (_exchange == null)
        {
            return;
        }

        SecureSession session = FindSession();
        if (session != null && session.State == SessionState.Establishing)
        {
            _server.Counters.Count(SecureChannelCounters.CaseFailed);
            session.Destroy(false, false);
        }

        End(0, 0);
    }

    /// <inheritdoc/>
    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        if (_exchange == null || (exchange != _exchange && exchange != _repeat))
        {
            exchange.Close();
            return;
        }

        if (opcode == Sigma1.Opcode)
        {
            _server.OnSigma1(exchange, buffer, offset, length);
            return;
        }

        StatusReport report = new StatusReport();
        SecureSession session = FindSession();
        if (opcode != SecureChannelProtocol.StatusReport || !report.TryRead(buffer, offset, length) || !report.IsSuccess || session == null)
        {
            // From where the first message was only repeated, a failure means nothing.
            if (exchange == _exchange)
            {
                Abandon();
            }
            else
            {
                exchange.Close();
            }

            return;
        }

        // Ends the resumption too, by the event.
        _server.Sessions.Activate(session);
    }

    /// <inheritdoc/>
    public void OnAcknowledged(Exchange exchange)
    {
        // Once, as in a full handshake.
        if (exchange == _exchange && !_isAcknowledged)
        {
            _isAcknowledged = true;
            _progress = _server.Clock.Milliseconds;
        }
    }

    /// <inheritdoc/>
    public void OnExchangeEnded(Exchange exchange, int reason)
    {
        if (exchange == _repeat)
        {
            _repeat = null;
        }
        else if (exchange == _exchange && _repeat != null)
        {
            _exchange = _repeat;
            _repeat = null;
        }
        else if (exchange == _exchange)
        {
            Abandon();
        }
    }

    /// <summary>A session became usable. If it is this one, by report or by the peer's first message under its keys, all is done.</summary>
    internal void OnSessionOpened(SecureSession session)
    {
        if (_exchange != null && session.Id == _sessionId && session.IsResumption)
        {
            _server.Counters.Count(SecureChannelCounters.CaseResumed);
            End(_fabricIndex, _peerNodeId);
        }
    }

    private void End(int hintFabricIndex, ulong hintPeerNodeId)
    {
        Exchange exchange = _exchange;
        Exchange repeat = _repeat;
        _exchange = null;
        _repeat = null;
        _sessionId = 0;
        _sigma1 = null;
        _payload = null;
        exchange.AssumeAcknowledged();
        exchange.Close();
        if (repeat != null)
        {
            repeat.AssumeAcknowledged();
            repeat.Close();
        }

        _server.ReserveSessionId(hintFabricIndex, hintPeerNodeId);
    }

    private bool Send(Exchange exchange)
    {
        MessageBuffer message = exchange.BeginMessage();
        if (message == null)
        {
            return false;
        }

        Array.Copy(_payload, 0, message.Data, message.PayloadOffset, _payloadLength);
        bool isSent = exchange.Send(message, Sigma2Resume.Opcode, _payloadLength, SendFlags.Reliable);
        exchange.ExpectResponseWithin(ReportTimeout);
        return isSent;
    }

    private SecureSession FindSession()
    {
        SecureSession session = _sessionId == 0 ? null : _server.Sessions.GetSession(_sessionId);
        return session != null && session.FabricIndex == _fabricIndex && session.PeerNodeId == _peerNodeId ? session : null;
    }
}
