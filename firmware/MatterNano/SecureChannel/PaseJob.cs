using System;
using MatterNano.Crypto;
using MatterNano.Platform;
using MatterNano.Sessions;

namespace MatterNano.SecureChannel;

/// <summary>What PASE computes while a window is open, for the worker: the answers to Pake1 and Pake3, and what can be drawn ahead while a window is open.</summary>
/// <remarks>
/// While it runs, the SPAKE2+ state belongs to the worker, and <see cref="Data"/> too unless it draws ahead. Whatever is forgotten
/// meanwhile is wiped when it comes back.
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

    /// <summary>Where our confirmation cB is; then the peer's, cA.</summary>
    internal const int ConfirmationAt = ShareAt + Spake2p.PointSize;

    /// <summary>Where the keys of the session are after Pake3.</summary>
    internal const int SessionKeysAt = PeerShareAt;

    private const int SecretAt = ConfirmationAt + Spake2p.ConfirmationSize;
    private const int InfoAt = ContextAt;

    private const int Draw = 0;
    private const int AnswerPake1 = 1;
    private const int AnswerPake3 = 2;

    private const int DataSize = SecretAt + Spake2p.SharedSecretSize;

    /// <summary>Packed values of the handshake that runs, see the offsets; null while there is none.</summary>
    internal byte[] Data;

    private readonly PaseServer _server;

    // While there is a verifier: a commissioned device has no use for it.
    private Spake2pVerifier _spake;

    // The window's own array, which it wipes when it changes: Forget is called then, and what came of it is thrown away.
    private byte[] _verifier;
    private byte[] _points;
    private bool _isRunning;
    private bool _isSet;
    private int _task;
    private bool _isRight;
    private bool _mustRespond;
    private bool _forget;

    internal PaseJob(PaseServer server)
    {
        _server = server;
    }

    /// <summary>True when the worker has it.</summary>
    internal bool IsRunning
    {
        get { return _isRunning; }
    }

    /// <summary>True while it computes an answer, be it one that nobody waits for any more.</summary>
    internal bool IsResponding
    {
        get { return _isRunning && _task != Draw; }
    }

    /// <summary>True when it works with this verifier.</summary>
    internal bool IsFor(byte[] verifier)
    {
        return _verifier == verifier;
    }

    /// <summary>Makes room for a handshake. <see cref="Cancel"/> gives it back.</summary>
    internal void Begin()
    {
        Data ??= new byte[DataSize];
    }

    /// <summary>Takes the verifier of the open window, unless it has it already.</summary>
    /// <param name="verifier">w0 and L; kept, not copied.</param>
    /// <param name="points">w0 * M and w0 * N, or null; kept, not copied.</param>
    internal void SetVerifier(byte[] verifier, byte[] points)
    {
        if (_verifier == null)
        {
            _points = points;
            _spake ??= new Spake2pVerifier(_server.WorkerCrypto);
            _verifier = verifier;
            _isSet = false;
        }
    }

    /// <summary>Draws what the next handshake needs, one step a call.</summary>
    internal void Refill(byte[] verifier, byte[] points)
    {
        if (!_isRunning && (_verifier == null || !_isSet || !_spake.IsPrepared))
        {
            SetVerifier(verifier, points);
            Post(Draw);
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

        return Post(AnswerPake1);
    }

    /// <summary>Checks the peer's confirmation and derives the keys of the session.</summary>
    /// <returns>False when the worker takes no more, or there is nothing to confirm.</returns>
    internal bool Confirm()
    {
        return _spake != null && !_isRunning && Post(AnswerPake3);
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
        }

        if (Data != null && !IsResponding)
        {
            Secrets.Wipe(Data);
            Data = null;
        }
    }

    /// <summary>Forgets the verifier and all that came of it: the window changed.</summary>
    internal void Forget()
    {
        _verifier = null;
        _forget = _isRunning;
        if (!_isRunning)
        {
            _isSet = false;
            DropSpake();
        }
    }

    /// <inheritdoc/>
    public override void Run()
    {
        if (!_isSet)
        {
            byte[] verifier = _verifier;
            byte[] points = _points;
            _isSet = verifier != null && _spake.SetVerifier(verifier, 0, verifier, Spake2p.ScalarSize, points, 0, points, Spake2p.PointSize);
        }
        else if (_task == Draw && !_spake.IsPrepared)
        {
            _spake.Prepare(_server.Random);
        }

        if (_task == AnswerPake1 && _isSet)
        {
            _isRight = _spake.Respond(
                _server.Random, Data, ContextAt, SecureChannelProtocol.HashSize, Data, PeerShareAt, Data, ShareAt, Data, ConfirmationAt);
        }
        else if (_task == AnswerPake3 && _spake.Confirm(Data, ConfirmationAt) && _spake.TakeSharedSecret(Data, SecretAt))
        {
            string info = "SessionKeys";
            for (int i = 0; i < info.Length; i++)
            {
                Data[InfoAt + i] = (byte)info[i];
            }

            _server.WorkerCrypto.Hkdf(Data, SecretAt, Spake2p.SharedSecretSize, null, 0, 0, Data, InfoAt, info.Length, Data, SessionKeysAt, SecureSession.KeysSize);
            _isRight = true;
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
            if (_verifier == null)
            {
                _spake = null;
            }
        }

        if (_task == AnswerPake1)
        {
            _server.OnComputed(_isRight);
        }
        else if (_task == AnswerPake3)
        {
            _server.OnConfirmed(_isRight);
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

    private bool Post(int task)
    {
        _task = task;
        _isRight = false;
        _isRunning = _server.Worker.Post(this);
        return _isRunning;
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
