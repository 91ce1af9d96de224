using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>The secure channel protocol on unsecured sessions: hands PASE and CASE their messages (Core 4.11, 4.14). All on the protocol loop.</summary>
public sealed class SecureChannelHandler : IProtocolHandler
{
    private readonly SecureChannelCounters _counters = new SecureChannelCounters();
    private readonly PaseServer _pase;
    private readonly CaseServer _case;
    private readonly ExchangeManager _exchanges;

    /// <summary>Creates both responders and registers itself for the protocol. PASE answers as soon as a window is open, CASE from <see cref="Start"/> on.</summary>
    /// <param name="exchanges">Where the messages come from.</param>
    /// <param name="fabrics">Fabrics that CASE answers for.</param>
    /// <param name="window">Says whether PASE may start, and with which verifier.</param>
    /// <param name="worker">Does the elliptic-curve work.</param>
    /// <param name="crypto">Symmetric primitives; used on the loop.</param>
    /// <param name="workerCrypto">Symmetric primitives for the worker; the same object will do when the worker has no thread.</param>
    /// <param name="clock">Milliseconds, and wall time for certificates when known.</param>
    /// <param name="random">Randomness; the worker draws from it too.</param>
    /// <param name="ownParameters">What the node says of itself in every handshake.</param>
    /// <param name="log">Diagnostics; may be null.</param>
    public SecureChannelHandler(
        ExchangeManager exchanges,
        FabricTable fabrics,
        CommissioningWindow window,
        IWorker worker,
        SymmetricCrypto crypto,
        SymmetricCrypto workerCrypto,
        IClock clock,
        IRandom random,
        SessionParameters ownParameters,
        ILog log)
    {
        _exchanges = exchanges;
        TlvReader reader = new TlvReader();
        TlvWriter writer = new TlvWriter();
        _case = new CaseServer(
            exchanges, exchanges.Sessions, fabrics, worker, crypto, workerCrypto, clock, random, ownParameters, reader, writer, _counters, log);
        _pase = new PaseServer(exchanges.Sessions, window, worker, workerCrypto, clock, random, ownParameters, reader, writer, _counters, log);
        _case.Initiator.Handler = this;
        exchanges.Register(ProtocolId.SecureChannel, this);
    }

    /// <summary>Handshakes made, failed and refused.</summary>
    public SecureChannelCounters Counters
    {
        get { return _counters; }
    }

    /// <summary>Resumes sessions towards peers.</summary>
    internal CaseInitiator Initiator
    {
        get { return _case.Initiator; }
    }

    /// <summary>True while a handshake is being computed or waits for its peer.</summary>
    public bool IsHandshakeRunning
    {
        get { return _pase.IsRunning || _case.IsHandshakeRunning; }
    }

    /// <summary>Lets CASE answer. To be called when fabrics and resumption records are read; until then every Sigma1 is told to come again.</summary>
    public void Start()
    {
        _case.Start();
    }

    /// <summary>Does what is due, and has the worker draw the secrets of the next handshake while none runs.</summary>
    /// <param name="now">Milliseconds of the clock.</param>
    /// <returns>Time of the next deadline in milliseconds of the clock; long.MaxValue when there is none.</returns>
    public long Process(long now)
    {
        long next = _pase.Process(now);
        if (!IsHandshakeRunning)
        {
            _case.Pool.Refill();
            _pase.Refill();
        }

        return _case.Step() ? now : next;
    }

    /// <summary>A link is gone, and with it a PASE handshake that ran over it; the next one may begin at once.</summary>
    /// <param name="transport">Its transport, such as NetworkAddress.Ble.</param>
    public void OnLinkLost(byte transport)
    {
        _pase.OnLinkLost(transport);
    }

    /// <inheritdoc/>
    public bool HasRoomFor(Session session, Exchange exchange, int opcode)
    {
        // A report only ends something.
        return opcode == SecureChannelProtocol.StatusReport || _exchanges.HasRoom(session, true);
    }

    /// <inheritdoc/>
    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        IHandshake handshake = exchange.State as IHandshake;
        if (handshake != null)
        {
            handshake.OnMessage(exchange, opcode, buffer, offset, length);
        }
        else if (opcode == Sigma1.Opcode)
        {
            _case.OnSigma1(exchange, buffer, offset, length);
        }
        else if (opcode == PbkdfParamRequest.Opcode)
        {
            _pase.OnRequest(exchange, buffer, offset, length);
        }
        else
        {
            exchange.Close();
        }
    }

    /// <inheritdoc/>
    public void OnAcknowledged(Exchange exchange)
    {
        IHandshake handshake = exchange.State as IHandshake;
        if (handshake != null)
        {
            handshake.OnAcknowledged(exchange);
        }
    }

    /// <inheritdoc/>
    public void OnExchangeEnded(Exchange exchange, int reason)
    {
        IHandshake handshake = exchange.State as IHandshake;
        if (handshake != null)
        {
            handshake.OnExchangeEnded(exchange, reason);
        }
    }
}
