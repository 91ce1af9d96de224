using System;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using MatterNano.Tlv;

namespace MatterNano.SecureChannel;

/// <summary>The one full CASE handshake that a node runs at a time, as responder (Core 4.14.2); an object for each.</summary>
/// <remarks>
/// What computes is this object itself, run by the worker: after Sigma1 the ephemeral key, the shared secret, our signature and
/// the encryption; after Sigma2 the key of Sigma3; after Sigma3 its decryption, then the peer's chain, its signature and the session
/// keys. While it runs the loop touches none of the fields the job uses, and a handshake given up meanwhile stays busy until the
/// job has come back.
/// </remarks>
internal sealed class CaseHandshake : WorkerJob, IHandshake
{
    /// <summary>Milliseconds without progress after which another handshake may take the place of this one.</summary>
    internal const int StaleAfter = 1500;

    private const int Idle = 0;
    private const int ComputingSigma2 = 1;
    private const int AwaitingSigma3 = 2;
    private const int OpeningSigma3 = 3;
    private const int VerifyingSigma3 = 4;

    // Sigma2 as sent, kept for a repeated Sigma1; then the decrypted content of Sigma3. Two certificates of 400 bytes and
    // what stands around them fit.
    private const int BufferSize = 1088;
    private const int IcacReadAt = BufferSize - Limits.MaxCertificate;
    private const int NocReadAt = IcacReadAt - Limits.MaxCertificate;

    // Packed: one array instead of a dozen.
    private const int Sigma1HashAt = 0;
    private const int ProtectionKeyAt = 32;
    private const int HashAt = ProtectionKeyAt + 16; // directly behind the protection key: the salt of the session keys
    private const int PeerKeyAt = HashAt + SecureChannelProtocol.HashSize;
    private const int RandomAt = PeerKeyAt + SecureChannelProtocol.PointSize;
    private const int OwnKeyAt = RandomAt + SecureChannelProtocol.RandomSize; // directly behind the random: the salt of Sigma2
    private const int EphemeralKeyAt = OwnKeyAt + SecureChannelProtocol.PointSize;
    private const int OperationalKeyAt = EphemeralKeyAt + 32;
    private const int SecretAt = OperationalKeyAt + 32;
    private const int SignatureAt = SecretAt + 32;
    private const int FullHashAt = SignatureAt; // of Sigma1 to Sigma3, when the signature is sent
    private const int ResumptionIdAt = SignatureAt + 64;
    private const int FingerprintAt = ResumptionIdAt + SecureChannelProtocol.ResumptionIdSize;
    private const int Sigma3KeyAt = FingerprintAt + 32;
    private const int SessionKeysAt = Sigma3KeyAt + CaseKeys.KeySize;
    private const int KnownChainsAt = SessionKeysAt + SecureSession.KeysSize;
    private const int DataSize = KnownChainsAt + (Fabric.KnownChains * 32);

    private const int JobSign = 1;
    private const int JobPrepare = 2;
    private const int JobOpen = 3;
    private const int JobVerify = 4;

    private readonly CaseServer _server;
    private readonly SymmetricCrypto _crypto;
    private readonly CaseKeys _keys;
    private readonly Sha256 _transcript = new Sha256();
    private readonly Sigma3 _sigma3 = new Sigma3();

    // Only while a handshake runs: 4 KB that the rest of the node has otherwise.
    private byte[] _data;
    private byte[] _buffer;
    private byte[] _sigma1;
    private CertificateChain _chain;
    private int _state;
    private int _job;
    private bool _isPrepared; // the key of Sigma3 is there
    private bool _isJobRunning;
    private bool _isAbandoned;
    private bool _isRight;
    private bool _needsChain;
    private bool _hasKeyPair;
    private bool _isAcknowledged;
    private Exchange _exchange;
    private Exchange _repeat;
    private Exchange _opening; // brought the Sigma3 that is being opened; null when it has ended

    // The Sigma3 being opened, then the root and scratch space, then our report.
    private MessageBuffer _scratch;

    // Another Sigma3, from the other exchange: who has only repeated Sigma1 must not keep out the one that counts.
    private MessageBuffer _held;
    private Exchange _heldExchange;
    private int _heldLength;
    private int _rootLength;
    private int _sessionId;
    private int _peerSessionId;
    private int _fabricIndex;
    private int _sigma2Length;
    private int _publicKeyAt;
    private int _encryptedAt;
    private int _encryptedLength;
    private int _sigma3Length;
    private int _knownChains;
    private int _signatureAt;
    private int _nocAt;
    private int _nocLength;
    private int _icacAt;
    private int _icacLength;
    private long _started;
    private long _progress;

    internal CaseHandshake(CaseServer server)
    {
        _server = server;
        _crypto = server.WorkerCrypto;
        _keys = new CaseKeys(_crypto);
    }

    /// <summary>True when a handshake can start.</summary>
    internal bool IsFree
    {
        get { return _state == Idle && !_isJobRunning; }
    }

    /// <summary>Index of the fabric it is for; 0 when none runs.</summary>
    internal int FabricIndex
    {
        get { return _state == Idle ? 0 : _fabricIndex; }
    }

    /// <summary>True when a newcomer may take the place: nothing is being computed and the peer has been silent too long.</summary>
    internal bool MayBeReplaced(long now)
    {
        return _state == AwaitingSigma3 && !_isJobRunning && now - _progress >= StaleAfter;
    }

    /// <summary>Milliseconds until the place is probably free.</summary>
    internal int TimeLeft(long now)
    {
        long left = _state == AwaitingSigma3 ? StaleAfter - (now - _progress) : _server.UsualDuration - (now - _started);
        return left > 0 ? (int)left : 0;
    }

    /// <summary>True when the Sigma1 is the one that started the handshake.</summary>
    internal bool IsRepeated(byte[] buffer, int offset, int length)
    {
        return _state != Idle && Sigma1Judge.IsSame(_sigma1, buffer, offset, length);
    }

    /// <summary>Begins with a Sigma1 that is for a fabric of ours.</summary>
    /// <param name="exchange">Its exchange.</param>
    /// <param name="fabric">The fabric.</param>
    /// <param name="protectionKeyAt">Where the identity protection key that fitted is in the fabric's data.</param>
    /// <param name="sigma1">Its fields.</param>
    /// <param name="message">Its bytes, taken over.</param>
    internal void Start(Exchange exchange, Fabric fabric, int protectionKeyAt, Sigma1 sigma1, byte[] message)
    {
        _sessionId = _server.TakeSessionId(fabric.Index);
        if (_sessionId < 0)
        {
            _sessionId = 0;
            _server.SendBusy(exchange, StaleAfter);
            return;
        }

        exchange.Session.SetSessionParameters(sigma1.Parameters);
        _started = _server.Clock.Milliseconds;
        _progress = _started;
        _fabricIndex = fabric.Index;
        _peerSessionId = sigma1.SessionId;
        _exchange = exchange;
        _data = new byte[DataSize];
        _buffer = new byte[BufferSize];
        _sigma1 = message;
        Array.Copy(fabric.Data, protectionKeyAt, _data, ProtectionKeyAt, 16);
        Array.Copy(fabric.Data, Fabric.PrivateKeyOffset, _data, OperationalKeyAt, 32);
        Array.Copy(message, sigma1.PublicKeyOffset, _data, PeerKeyAt, SecureChannelProtocol.PointSize);
        _server.Random.Fill(_data, RandomAt, SecureChannelProtocol.RandomSize);
        _server.Random.Fill(_data, ResumptionIdAt, SecureChannelProtocol.ResumptionIdSize);
        _hasKeyPair = _server.Pool.TryTakeKeyPair(_data, EphemeralKeyAt, OwnKeyAt);
        _isAcknowledged = false;
        _state = ComputingSigma2;
        exchange.State = this;
        if (!LayOutSigma2(fabric))
        {
            _server.Warn("certificates of the fabric cannot be read");
            Fail(StatusReport.InvalidParameter);
            return;
        }

        exchange.AcknowledgeNow();
        Post(JobSign);
    }

    /// <summary>The Sigma1 of this handshake came again, on its own exchange or on another one.</summary>
    internal void OnRepeated(Exchange exchange)
    {
        exchange.AcknowledgeNow();
        if (exchange.State != null && exchange.State != this)
        {
            // The exchange is another handshake's.
            return;
        }

        if (exchange != _exchange && exchange != _repeat)
        {
            // Whoever replays a Sigma1 from elsewhere must not draw the handshake away, so the first exchange stays in force
            // beside the new one until one of them brings Sigma3.
            Exchange former = _repeat;
            _repeat = exchange;
            exchange.State = this;
            if (former != null)
            {
                former.Close();
            }
        }

        if (_state == AwaitingSigma3 && !exchange.Resend())
        {
            SendSigma2(exchange);
        }
    }

    /// <summary>Gives the handshake up without a word, for a newcomer.</summary>
    internal void Abandon()
    {
        Exchange exchange = _exchange;
        Reset();
        if (exchange != null)
        {
            // Nobody waits for Sigma2 any more.
            exchange.AssumeAcknowledged();
            exchange.Close();
        }

        _server.ReserveSessionId(0, 0);
    }

    /// <inheritdoc/>
    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        if (_state == Idle || (exchange != _exchange && exchange != _repeat))
        {
            exchange.Close();
            return;
        }

        switch (opcode)
        {
            case Sigma1.Opcode:
                _server.OnSigma1(exchange, buffer, offset, length);
                break;
            case Sigma3.Opcode:
                OnSigma3(exchange, buffer, offset, length);
                break;
            case SecureChannelProtocol.StatusReport:
                // The peer gives up; a report is never answered. From where the message was only repeated, it means nothing.
                if (exchange == _exchange)
                {
                    _server.Counters.Count(SecureChannelCounters.CaseFailed);
                    Abandon();
                }
                else
                {
                    exchange.Close();
                }

                break;
            default:
                if (_state == AwaitingSigma3)
                {
                    Refuse(exchange);
                }

                break;
        }
    }

    /// <inheritdoc/>
    public void OnAcknowledged(Exchange exchange)
    {
        // Once: who repeats Sigma1 and acknowledges each answer must not keep others out.
        if (exchange == _exchange && _state == AwaitingSigma3 && !_isAcknowledged)
        {
            _isAcknowledged = true;
            _progress = _server.Clock.Milliseconds;
        }
    }

    /// <inheritdoc/>
    public void OnExchangeEnded(Exchange exchange, int reason)
    {
        if (exchange == _opening)
        {
            _opening = null;
        }
        else if (exchange == _heldExchange)
        {
            DropHeld();
        }

        if (exchange == _repeat)
        {
            _repeat = null;
        }
        else if (exchange == _exchange && _repeat != null)
        {
            // The initiator had gone on to another exchange.
            _exchange = _repeat;
            _repeat = null;
        }
        else if (exchange == _exchange && _state != Idle)
        {
            _server.Counters.Count(SecureChannelCounters.CaseFailed);
            Abandon();
        }
    }

    /// <summary>Runs on the worker.</summary>
    public override void Run()
    {
        // The result is set once, by the last step: an exception between two steps must not pass for the first one's success.
        bool right;
        switch (_job)
        {
            case JobSign:
                right = Sign();
                break;
            case JobPrepare:
                Prepare();
                right = true;
                break;
            case JobOpen:
                right = OpenSigma3();
                break;
            default:
                right = Verify();
                break;
        }

        _isRight = right;
    }

    /// <inheritdoc/>
    public override void Completed()
    {
        _isJobRunning = false;
        _server.Pool.NoteSigned();
        if (_isAbandoned)
        {
            Clear();
            return;
        }

        switch (_job)
        {
            case JobPrepare:
                _isPrepared = _isRight;
                if (_state == OpeningSigma3)
                {
                    Post(JobOpen);
                }

                break;
            case JobOpen:
                OnSigma3Opened();
                break;
            default:
                if (!_isRight)
                {
                    Fail(StatusReport.InvalidParameter);
                }
                else if (_job == JobSign)
                {
                    OnSigma2Ready();
                }
                else
                {
                    Finish();
                }

                break;
        }
    }

    private void Post(int job)
    {
        _job = job;

        // Until shown otherwise: a job that ends in an exception, such as one without memory, has verified nothing.
        _isRight = false;
        _isJobRunning = _server.Worker.Post(this);
        if (!_isJobRunning && job != JobPrepare)
        {
            Exchange exchange = _exchange;
            Reset();
            _server.SendBusy(exchange, StaleAfter);
            exchange.Close();
        }
    }

    // Lays out all of Sigma2 but what needs elliptic curves: the public key, if it is not drawn yet, and the signature.
    private bool LayOutSigma2(Fabric fabric)
    {
        _nocLength = _server.Fabrics.ReadCertificate(fabric, CertificateKind.Node, _buffer, NocReadAt, Limits.MaxCertificate);
        _icacLength = _server.Fabrics.ReadCertificate(fabric, CertificateKind.Intermediate, _buffer, IcacReadAt, Limits.MaxCertificate);
        if (_nocLength <= 0 || _icacLength < 0)
        {
            return false;
        }

        TlvWriter writer = _server.Writer;
        _encryptedLength = 1 + Head(_nocLength) + _nocLength + (_icacLength == 0 ? 0 : Head(_icacLength) + _icacLength)
            + 3 + 64 + 3 + SecureChannelProtocol.ResumptionIdSize + 1;
        writer.Init(_buffer, 0, BufferSize);
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytes(1, _data, RandomAt, SecureChannelProtocol.RandomSize);
        writer.PutUnsigned(2, (ulong)_sessionId);
        _publicKeyAt = writer.PutBytesInPlace(3, SecureChannelProtocol.PointSize);
        _encryptedAt = writer.PutBytesInPlace(4, _encryptedLength + SecureChannelProtocol.MicSize);
        Array.Copy(_data, OwnKeyAt, _buffer, _publicKeyAt, SecureChannelProtocol.PointSize);

        // Both certificates move down to their places before anything is written over where they were read.
        _nocAt = _encryptedAt + 1 + Head(_nocLength);
        _icacAt = _nocAt + _nocLength + Head(_icacLength);
        Array.Copy(_buffer, NocReadAt, _buffer, _nocAt, _nocLength);
        Array.Copy(_buffer, IcacReadAt, _buffer, _icacAt, _icacLength);
        _server.OwnParameters.Write(writer, 5);
        writer.EndContainer();
        _sigma2Length = writer.Length;
        if (writer.Overflow)
        {
            return false;
        }

        writer.Init(_buffer, _encryptedAt, _encryptedAt + _encryptedLength);
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutBytesInPlace(1, _nocLength);
        if (_icacLength != 0)
        {
            writer.PutBytesInPlace(2, _icacLength);
        }

        _signatureAt = writer.PutBytesInPlace(3, 64);
        writer.PutBytes(4, _data, ResumptionIdAt, SecureChannelProtocol.ResumptionIdSize);
        writer.EndContainer();
        return !writer.Overflow;
    }

    // On the worker, as all to Verify: the ephemeral key, the shared secret and the rest of Sigma2.
    private bool Sign()
    {
        Sha256 sha = _crypto.Digest;
        _transcript.Init();
        _transcript.Update(_sigma1, 0, _sigma1.Length);
        sha.CopyFrom(_transcript);
        sha.Final(_data, Sigma1HashAt);
        if (!_hasKeyPair)
        {
            P256.GenerateKeyPair(_server.Random, _data, EphemeralKeyAt, _data, OwnKeyAt);
        }

        if (!P256.Ecdh(_data, EphemeralKeyAt, _data, PeerKeyAt, _data, SecretAt))
        {
            return false;
        }

        SignedData.Hash(sha, _buffer, _nocAt, _nocLength, _icacAt, _icacLength, _data, OwnKeyAt, PeerKeyAt, HashAt);
        if (!_server.Pool.Sign(_data, OperationalKeyAt, HashAt, SignatureAt))
        {
            return false;
        }

        Array.Copy(_data, OwnKeyAt, _buffer, _publicKeyAt, SecureChannelProtocol.PointSize);
        Array.Copy(_data, SignatureAt, _buffer, _signatureAt, 64);
        _keys.EncryptSigma2(_data, SecretAt, ProtectionKeyAt, RandomAt, Sigma1HashAt, _buffer, _encryptedAt, _encryptedLength);
        Secrets.Wipe(_data, EphemeralKeyAt, 32);
        Secrets.Wipe(_data, OperationalKeyAt, 32);
        return true;
    }

    // What of Sigma3 does not depend on it, while the peer computes it.
    private void Prepare()
    {
        Sha256 sha = _crypto.Digest;
        _transcript.Update(_buffer, 0, _sigma2Length);
        sha.CopyFrom(_transcript);
        sha.Final(_data, HashAt);
        _keys.DeriveSigma3Key(_data, SecretAt, ProtectionKeyAt, HashAt, _data, Sigma3KeyAt);
    }

    private bool OpenSigma3()
    {
        if (!_isPrepared)
        {
            Prepare();
            _isPrepared = true;
        }

        byte[] message = _scratch.Data;
        Sha256 sha = _crypto.Digest;
        sha.CopyFrom(_transcript);
        sha.Update(message, 0, _sigma3Length);
        sha.Final(_data, FullHashAt);
        return _keys.DecryptSigma3(_data, Sigma3KeyAt, message, _encryptedAt, _encryptedLength);
    }

    // Chain, signature, session keys. A chain is verified once and remembered.
    private bool Verify()
    {
        CertificateChain chain = new CertificateChain(_server.Clock);
        byte[] scratch = _scratch.Data;
        if (chain.Load(scratch, 0, _rootLength, _buffer, _icacAt, _icacLength, _buffer, _nocAt, _nocLength) != CertificateStatus.Ok)
        {
            return false;
        }

        // What names the chain begins like what the peer has signed; both certificates are hashed once.
        SignedData.Hash(_crypto.Digest, _buffer, _nocAt, _nocLength, _icacAt, _icacLength, _data, PeerKeyAt, OwnKeyAt, HashAt, _transcript);
        chain.GetFingerprint(_transcript, _data, FingerprintAt);
        _needsChain = !IsKnownChain();
        if (_needsChain && chain.VerifySignatures(scratch, _rootLength, scratch.Length - _rootLength) != CertificateStatus.Ok)
        {
            return false;
        }

        if (!P256.Verify(_buffer, chain.Node.PublicKeyOffset, _data, HashAt, _buffer, _signatureAt))
        {
            return false;
        }

        Array.Copy(_data, FullHashAt, _data, HashAt, SecureChannelProtocol.HashSize);
        _keys.DeriveSessionKeys(_data, SecretAt, ProtectionKeyAt, _data, SessionKeysAt);
        _chain = chain;
        return true;
    }

    private bool IsKnownChain()
    {
        for (int i = 0; i < _knownChains; i++)
        {
            if (Secrets.AreEqual(_data, KnownChainsAt + (32 * i), _data, FingerprintAt, 32))
            {
                return true;
            }
        }

        return false;
    }

    private void OnSigma2Ready()
    {
        _state = AwaitingSigma3;
        _isPrepared = false;
        _progress = _server.Clock.Milliseconds;
        if (_repeat != null)
        {
            SendSigma2(_repeat);
        }

        if (!SendSigma2(_exchange))
        {
            _server.Counters.Count(SecureChannelCounters.CaseFailed);
            Abandon();
            return;
        }

        Post(JobPrepare);
    }

    private bool SendSigma2(Exchange exchange)
    {
        MessageBuffer message = exchange.BeginMessage();
        if (message == null)
        {
            return false;
        }

        Array.Copy(_buffer, 0, message.Data, message.PayloadOffset, _sigma2Length);
        return exchange.Send(message, Sigma2.Opcode, _sigma2Length, SendFlags.Reliable | SendFlags.ExpectResponse);
    }

    // Only copied here: the worker opens it.
    private void OnSigma3(Exchange exchange, byte[] buffer, int offset, int length)
    {
        if ((_state != AwaitingSigma3 && _state != OpeningSigma3) || exchange == _opening || exchange == _heldExchange)
        {
            exchange.AcknowledgeNow();
            return;
        }

        MessageBuffer message = IsSigma3(buffer, offset, length) ? exchange.BeginMessage() : null;
        if (message == null)
        {
            Refuse(exchange);
            return;
        }

        Array.Copy(buffer, offset, message.Data, 0, length);
        exchange.AcknowledgeNow();
        if (_state == OpeningSigma3)
        {
            _held = message;
            _heldExchange = exchange;
            _heldLength = length;
            return;
        }

        Open(exchange, message, length);
    }

    private bool IsSigma3(byte[] buffer, int offset, int length)
    {
        return length <= Limits.MaxSentMessage && _sigma3.TryRead(_server.Reader, buffer, offset, length)
            && _sigma3.EncryptedLength - SecureChannelProtocol.MicSize <= BufferSize;
    }

    private void Open(Exchange exchange, MessageBuffer message, int length)
    {
        _state = OpeningSigma3;
        _opening = exchange;
        _scratch = message;
        _sigma3Length = length;
        IsSigma3(message.Data, 0, length);
        _encryptedAt = _sigma3.EncryptedOffset;
        _encryptedLength = _sigma3.EncryptedLength;
        if (!_isJobRunning)
        {
            Post(JobOpen);
        }
    }

    private void OnSigma3Opened()
    {
        Exchange exchange = _opening;
        _opening = null;
        if (_isRight && exchange != null)
        {
            KeepExchange(exchange);
            DropHeld();
            int plain = _encryptedLength - SecureChannelProtocol.MicSize;
            Array.Copy(_scratch.Data, _encryptedAt, _buffer, 0, plain);
            if (!ReadSigma3(plain) || !LoadRoot())
            {
                Fail(StatusReport.InvalidParameter);
                return;
            }

            _state = VerifyingSigma3;
            _progress = _server.Clock.Milliseconds;
            Post(JobVerify);
            return;
        }

        _server.Exchanges.ReleaseBuffer(_scratch);
        _scratch = null;
        _state = AwaitingSigma3;
        if (exchange != null)
        {
            Refuse(exchange);
        }

        MessageBuffer held = _held;
        if (held != null && _state == AwaitingSigma3)
        {
            exchange = _heldExchange;
            _held = null;
            _heldExchange = null;
            Open(exchange, held, _heldLength);
        }
    }

    private void DropHeld()
    {
        _heldExchange = null;
        if (_held != null)
        {
            _server.Exchanges.ReleaseBuffer(_held);
            _held = null;
        }
    }

    // What cannot be from our peer ends the handshake, except where the first message was only repeated.
    private void Refuse(Exchange exchange)
    {
        if (exchange == _exchange)
        {
            Fail(StatusReport.InvalidParameter);
        }
        else
        {
            _server.SendError(exchange, StatusReport.InvalidParameter);
        }
    }

    // Sigma3 has come on this exchange and decrypts: it is the one that counts, and whoever sent it has Sigma2.
    private void KeepExchange(Exchange exchange)
    {
        Exchange other = exchange == _exchange ? _repeat : _exchange;
        _exchange = exchange;
        _repeat = null;
        if (other != null)
        {
            other.AssumeAcknowledged();
            other.Close();
        }

        exchange.AssumeAcknowledged();
    }

    private bool ReadSigma3(int length)
    {
        TlvReader reader = _server.Reader;
        if (!HandshakeFields.TryOpen(reader, _buffer, 0, length))
        {
            return false;
        }

        _nocLength = 0;
        _icacLength = 0;
        _signatureAt = -1;
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case 1:
                    if (!IsCertificate(reader))
                    {
                        return false;
                    }

                    _nocAt = reader.ValueOffset;
                    _nocLength = reader.ValueLength;
                    break;
                case 2:
                    if (!IsCertificate(reader))
                    {
                        return false;
                    }

                    _icacAt = reader.ValueOffset;
                    _icacLength = reader.ValueLength;
                    break;
                case 3:
                    if (!HandshakeFields.TryGetBytes(reader, 64, out _signatureAt))
                    {
                        return false;
                    }

                    break;
            }
        }

        return !reader.HasError && _nocLength != 0 && _signatureAt >= 0;
    }

    private static bool IsCertificate(TlvReader reader)
    {
        return reader.Type == TlvType.ByteString && reader.ValueLength != 0 && reader.ValueLength <= Limits.MaxCertificate;
    }

    // What the worker needs of the fabric for the peer's chain.
    private bool LoadRoot()
    {
        Fabric fabric = _server.Fabrics.Find(_fabricIndex);
        if (fabric == null)
        {
            return false;
        }

        _knownChains = _server.Fabrics.CopyKnownChains(fabric, _data, KnownChainsAt);
        _rootLength = _server.Fabrics.ReadCertificate(fabric, CertificateKind.Root, _scratch.Data, 0, Limits.MaxCertificate);
        return _rootLength > 0;
    }

    private void Finish()
    {
        MatterCertificate node = _chain.Node;
        SessionParameters parameters = new SessionParameters();
        Exchange exchange = _exchange;
        int fabricIndex = _fabricIndex;
        ulong peerNodeId = node.NodeId;
        exchange.Session.GetSessionParameters(parameters);
        Fabric fabric = _server.Fabrics.Find(fabricIndex);
        SecureSession session = null;
        if (_server.IsReserved(_sessionId) && fabric != null && node.FabricId == fabric.FabricId)
        {
            session = _server.Sessions.CreateSecureSessionWithKeys(
                _sessionId, fabricIndex, peerNodeId, _peerSessionId, _data, SessionKeysAt, false, false, parameters, exchange.Session);
        }

        if (session == null)
        {
            Fail(StatusReport.InvalidParameter);
            return;
        }

        _sessionId = 0;
        uint[] tags = new uint[SecureSession.MaxCaseAuthenticatedTags];
        for (int i = 0; i < SecureSession.MaxCaseAuthenticatedTags; i++)
        {
            tags[i] = i < node.CaseAuthenticatedTagCount ? node.GetCaseAuthenticatedTag(i) : 0;
        }

        session.SetCaseAuthenticatedTags(tags, 0);

        // The session can be used before the peer can know it; and the record does not wait for the acknowledgement of the
        // report, because the initiator has forgotten the unsecured session by then and will not repeat a lost one.
        _server.Sessions.Activate(session);
        MessageBuffer message = _scratch;
        _scratch = null;
        int size = StatusReport.Write(message.Data, message.PayloadOffset, StatusReport.GeneralSuccess, StatusReport.SessionEstablished);
        exchange.Send(message, SecureChannelProtocol.StatusReport, size, SendFlags.Reliable);
        ResumptionRecord record = _server.Sessions.ScratchRecord;
        record.SetPeer(session);
        record.SetId(_data, ResumptionIdAt);
        record.SetSecret(_data, SecretAt);
        _server.Sessions.SaveResumptionRecord(record);
        record.Wipe();
        if (_needsChain)
        {
            _server.Fabrics.RememberChain(fabric, _data, FingerprintAt);
        }

        _server.Counters.Count(SecureChannelCounters.CaseEstablished);
        _server.NoteDuration(_server.Clock.Milliseconds - _started);
        Reset();
        exchange.Close();
        _server.ReserveSessionId(fabricIndex, peerNodeId);
    }

    // Ends the handshake with a report, unless our last message is unacknowledged: then the peer would not take it anyway.
    private void Fail(int code)
    {
        _server.Counters.Count(SecureChannelCounters.CaseFailed);
        Exchange exchange = _exchange;
        Reset();
        _server.SendError(exchange, code);
        _server.ReserveSessionId(0, 0);
    }

    private void Reset()
    {
        Exchange repeat = _repeat;
        _exchange = null;
        _repeat = null;
        _opening = null;
        _state = Idle;
        DropHeld();
        if (_sessionId > 0)
        {
            _server.ReturnSessionId(_sessionId);
            _sessionId = 0;
        }

        if (_isJobRunning)
        {
            // The worker still computes with what is to be wiped; Completed does it.
            _isAbandoned = true;
        }
        else
        {
            Clear();
        }

        if (repeat != null)
        {
            repeat.AssumeAcknowledged();
            repeat.Close();
        }
    }

    private void Clear()
    {
        _isAbandoned = false;
        if (_scratch != null)
        {
            _server.Exchanges.ReleaseBuffer(_scratch);
            _scratch = null;
        }

        if (_data != null)
        {
            Secrets.Wipe(_data);
            Secrets.Wipe(_buffer);
            _data = null;
            _buffer = null;
            _sigma1 = null;
        }

        _chain = null;
        _transcript.Init();
    }

    private static int Head(int length)
    {
        return length < 0x100 ? 3 : 4;
    }
}
