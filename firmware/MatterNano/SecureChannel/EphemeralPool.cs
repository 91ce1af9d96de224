using MatterNano.Crypto;
using MatterNano.Platform;

namespace MatterNano.SecureChannel;

/// <summary>Secrets of the next full CASE handshake, drawn while the node has nothing else to compute: an ephemeral key pair and a signature nonce.</summary>
/// <remarks>
/// Each is used once, wiped as it is taken, never written to flash, and done without when it is not ready. The key pair
/// belongs to the loop except while its job runs; the nonce belongs to the worker.
/// </remarks>
internal sealed class EphemeralPool : WorkerJob
{
    private readonly IWorker _worker;
    private readonly IRandom _random;
    private readonly EphemeralKeyPair _keyPair = new EphemeralKeyPair();
    private readonly SignatureNonce _nonce = new SignatureNonce();
    private bool _isRunning;
    private bool _drawsKeyPair;
    private bool _hasKeyPair;
    private bool _hasNonce;

    internal EphemeralPool(IWorker worker, IRandom random)
    {
        _worker = worker;
        _random = random;
    }

    /// <summary>True when nothing is left to draw.</summary>
    internal bool IsFull
    {
        get { return _hasKeyPair && _hasNonce; }
    }

    /// <summary>Has the worker draw what is missing, one computation at a time. Called by the loop when no handshake runs.</summary>
    internal void Refill()
    {
        if (!_isRunning && !IsFull)
        {
            // Decided here: the loop may take the key pair while the worker draws the nonce.
            _drawsKeyPair = !_hasKeyPair;
            _isRunning = _worker.Post(this);
        }
    }

    /// <summary>Moves the key pair out.</summary>
    /// <returns>False when there is none.</returns>
    internal bool TryTakeKeyPair(byte[] keys, int privateAt, int publicAt)
    {
        bool isTaken = _hasKeyPair && _keyPair.Take(keys, privateAt, keys, publicAt);
        _hasKeyPair = false;
        return isTaken;
    }

    /// <summary>True when a key pair is ready.</summary>
    internal bool HasKeyPair
    {
        get { return _hasKeyPair; }
    }

    /// <summary>Copies the public key, without using the pair: for a Sigma1 that asks for a resumption.</summary>
    internal void ShowPublicKey(byte[] keys, int publicAt)
    {
        _keyPair.TryShow(keys, publicAt);
    }

    /// <summary>Forgets the key pair: somebody has computed with the key that was shown.</summary>
    internal void DropKeyPair()
    {
        if (_hasKeyPair)
        {
            _keyPair.Wipe();
            _hasKeyPair = false;
        }
    }

    /// <summary>On the worker: signs, with the nonce that is ready or with one drawn on the spot.</summary>
    internal bool Sign(byte[] keys, int privateAt, int hashAt, int signatureAt)
    {
        if (_nonce.IsReady && P256.Sign(keys, privateAt, keys, hashAt, keys, signatureAt, _nonce))
        {
            return true;
        }

        return P256.Sign(keys, privateAt, keys, hashAt, keys, signatureAt, _random);
    }

    /// <summary>On the loop, after a job that may have signed.</summary>
    internal void NoteSigned()
    {
        _hasNonce = _nonce.IsReady;
    }

    /// <inheritdoc/>
    public override void Run()
    {
        if (_drawsKeyPair)
        {
            _keyPair.Draw(_random);
        }
        else if (!_nonce.IsReady)
        {
            _nonce.Draw(_random);
        }
    }

    /// <inheritdoc/>
    public override void Completed()
    {
        _isRunning = false;
        _hasKeyPair = _keyPair.IsReady;
        _hasNonce = _nonce.IsReady;
    }
}
