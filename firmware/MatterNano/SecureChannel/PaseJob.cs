using System;
using MatterNano.Crypto;
using MatterNano.Platform;

namespace MatterNano.SecureChannel;

/// <summary>The elliptic-curve work of PASE, for the worker: what Pake1 asks for, and what can be drawn ahead while a window is open.</summary>
/// <remarks>
/// While it runs, <see cref="Data"/> and the SPAKE2+ state belong to the worker. Whatever is forgotten meanwhile is wiped when
/// it comes back.
/// </remarks>
internal sealed class PaseJob : WorkerJob
{
    /// <summary>Where our random is, until the context takes its place.</summary>
    internal const int RandomAt = 0;

    /// <summary>Where the hash of both parameter messages is.</summary>
    internal const int ContextAt = 0;

    /// <summary>Where the peer's share pA is.</summary>
    internal const int PeerShareAt = 32;

    /// <summary>Where our share pB is.</summary>
    internal const int ShareAt = PeerShareAt + Spake2p.PointSize;

    /// <summary>Where our confirmation cB is.</summary>
    internal const int ConfirmationAt = ShareAt + Spake2p.PointSize;

    /// <summary>Where the shared secret goes.</summary>
    internal const int SecretAt = ConfirmationAt + Spake2p.ConfirmationSize;

    private const int VerifierAt = SecretAt + Spake2p.SharedSecretSize;

    /// <summary>Packed values, see the offsets.</summary>
    internal readonly byte[] Data = new byte[VerifierAt + CommissioningWindow.VerifierSize];

    private readonly PaseServer _server;
    private readonly IWorker _worker;
    private readonly IRandom _random;
    private readonly SymmetricCrypto _crypto;

    // While there is a verifier: a commissioned device has no use for it.
    private Spake2pVerifier _spake;
    private byte[] _points;
    private bool _isRunning;
    private bool _hasVerifier;
    private bool _isSet;
    private bool _responds;
    private bool _isRight;
    private bool _mustRespond;
    private bool _forget;

    internal PaseJob(PaseServer server, IWorker worker, IRandom random, SymmetricCrypto workerCrypto)
    {
        _server = server;
        _worker = worker;
        _random = random;
        _crypto = workerCrypto;
    }

    /// <summary>True while it computes an answer, be it one that nobody waits for any more.</summary>
    internal bool IsResponding
    {
        get { return _isRunning && _responds; }
    }

    /// <summary>True when it works with this verifier.</summary>
    internal bool IsFor(byte[] verifier, int offset)
    {
        return _hasVerifier && Secrets.AreEqual(Data, VerifierAt, verifier, offset, CommissioningWindow.VerifierSize);
    }

    /// <summary>Takes the verifier of the open window, unless it has it already.</summary>
    /// <param name="verifier">Holds w0 and L.</param>
    /// <param name="offset">Where they start.</param>
    /// <param name="points">w0 * M and w0 * N, or null.</param>
    internal void SetVerifier(byte[] verifier, int offset, byte[] points)
    {
        if (!_hasVerifier)
        {
            _points = points;
            _spake ??= new Spake2pVerifier(_crypto);
            Array.Copy(verifier, offset, Data, VerifierAt, CommissioningWindow.VerifierSize);
            _hasVerifier = true;
            _isSet = false;
        }
    }

    /// <summary>Draws what the next handshake needs, one step a call.</summary>
    internal void Refill(byte[] verifier, int offset, byte[] points)
    {
        if (!_isRunning && (!_hasVerifier || !_isSet || !_spake.IsPrepared))
        {
            SetVerifier(verifier, offset, points);
            _responds = false;
            _isRight = false;
            _isRunning = _worker.Post(this);
        }
    }

    /// <summary>Computes Pake2 from context and peer's share.</summary>
    /// <returns>False when the worker takes no more.</returns>
    internal bool Respond()
    {
        if (_isRunning)
        {
            // Still drawing ahead; a job is not queued twice.
            _mustRespond = true;
            return true;
        }

        _responds = true;
        _isRight = false;
        _isRunning = _worker.Post(this);
        return _isRunning;
    }

    /// <summary>Checks the peer's confirmation and puts the shared secret in its place.</summary>
    internal bool Confirm(byte[] buffer, int offset)
    {
        return _spake != null && _spake.Confirm(buffer, offset) && _spake.TakeSharedSecret(Data, SecretAt);
    }

    /// <summary>Ends a handshake; verifier and what is drawn ahead stay for the next.</summary>
    internal void Cancel()
    {
        _mustRespond = false;
        if (!_isRunning)
        {
            if (_spake != null)
            {
                _spake.Cancel();
            }

            Secrets.Wipe(Data, 0, VerifierAt);
        }
    }

    /// <summary>Forgets the verifier and all that came of it: the window changed.</summary>
    internal void Forget()
    {
        _hasVerifier = false;
        _forget = _isRunning;
        if (!_isRunning)
        {
            _isSet = false;
            DropSpake();
            Secrets.Wipe(Data);
        }
    }

    /// <inheritdoc/>
    public override void Run()
    {
        if (!_isSet)
        {
            byte[] points = _points;
            _isSet = _spake.SetVerifier(Data, VerifierAt, Data, VerifierAt + Spake2p.ScalarSize, points, 0, points, Spake2p.PointSize);
        }
        else if (!_responds && !_spake.IsPrepared)
        {
            _spake.Prepare(_random);
        }

        if (_responds && _isSet)
        {
            _isRight = _spake.Respond(
                _random, Data, ContextAt, SecureChannelProtocol.HashSize, Data, PeerShareAt, Data, ShareAt, Data, ConfirmationAt);
        }
    }

    /// <inheritdoc/>
    public override void Completed()
    {
        _isRunning = false;
        if (_forget)
        {
            // The next window may be open already, and its handshake begun: what is in Data by now is of that one.
            _forget = false;
            _isSet = false;
            _spake.Wipe();
            if (!_hasVerifier)
            {
                _spake = null;
                Secrets.Wipe(Data, VerifierAt, CommissioningWindow.VerifierSize);
            }
        }

        if (_responds)
        {
            _responds = false;
            _server.OnComputed(_isRight);
        }
        else if (_mustRespond)
        {
            _mustRespond = false;
            if (!Respond())
            {
                _server.OnComputed(false);
            }
        }
    }

    private void DropSpake()
    {
        if (_spake != null)
        {
            _spake.Wipe();
            _spake = null;
        }
    }
}
