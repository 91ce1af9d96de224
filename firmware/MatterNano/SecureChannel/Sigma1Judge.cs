using System;
using MatterNano.Credentials;
using MatterNano.Messaging;
using MatterNano.Sessions;

namespace MatterNano.SecureChannel;

/// <summary>Each Sigma1 from its arrival to its answer, or to the full handshake it begins (Core 4.14.2): one step a turn of the loop.</summary>
/// <remarks>
/// A step takes 45,000 instructions at most, the HMAC of one identity protection key or a half of an HKDF, so that no other datagram
/// waits long. They are the loop's, not the worker's, because a resumption must not wait for another controller's elliptic curves.
/// One Sigma1 is judged at a time; a few more wait, copied.
/// </remarks>
internal sealed class Sigma1Judge : IHandshake
{
    /// <summary>Sigma1 held at a time: one for each handshake that can begin, as after a failure of the network.</summary>
    internal const int Capacity = 4;

    private const int Read = 0;
    private const int ExtractOld = 1;
    private const int ExpandOld = 2;
    private const int CheckMic = 3;
    private const int DeriveKeys = 4;
    private const int DeriveMoreKeys = 5;
    private const int ExtractNew = 6;
    private const int ExpandNew = 7;
    private const int MakeMic = 8;
    private const int Resume = 9;
    private const int Search = 10;
    private const int Begin = 11;

    // While a resumption is computed: what its Sigma2Resume and its session are made of.
    private const int SecretAt = 0;
    private const int PseudoRandomKeyAt = 32;
    private const int WorkSize = NewIdAt + SecureChannelProtocol.ResumptionIdSize;

    /// <summary>Where the keys of the session are.</summary>
    internal const int SessionKeysAt = 64;

    /// <summary>Where the MIC of Sigma2Resume is.</summary>
    internal const int MicAt = SessionKeysAt + SecureSession.KeysSize;

    /// <summary>Where the new resumption id is.</summary>
    internal const int NewIdAt = MicAt + SecureChannelProtocol.MicSize;

    private readonly CaseServer _server;
    private readonly Sigma1 _sigma1 = new Sigma1();
    private readonly Exchange[] _exchanges = new Exchange[Capacity];
    private readonly byte[][] _messages = new byte[Capacity][];
    private byte[] _work;
    private int _count;
    private int _step;
    private int _attempt;
    private int _fabricIndex;
    private int _protectionKeyAt;

    internal Sigma1Judge(CaseServer server)
    {
        _server = server;
    }

    /// <summary>True while a Sigma1 waits.</summary>
    internal bool IsBusy
    {
        get { return _count != 0; }
    }

    /// <summary>True when a message is the one that was copied.</summary>
    internal static bool IsSame(byte[] copy, byte[] buffer, int offset, int length)
    {
        if (copy == null || copy.Length != length)
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            if (copy[i] != buffer[offset + i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes a Sigma1 on an exchange of its own.</summary>
    /// <returns>False when too many wait.</returns>
    internal bool Add(Exchange exchange, byte[] buffer, int offset, int length)
    {
        if (_count == Capacity)
        {
            return false;
        }

        byte[] copy = new byte[length];
        Array.Copy(buffer, offset, copy, 0, length);
        _exchanges[_count] = exchange;
        _messages[_count] = copy;
        _count++;
        exchange.State = this;
        return true;
    }

    /// <summary>Begins with the current one anew: the fabrics have changed.</summary>
    internal void Restart()
    {
        WipeWork();
        _step = Read;
    }

    /// <summary>Does the next step of the oldest.</summary>
    internal void Step()
    {
        byte[] message = _messages[0];
        int step = _step;
        _step++;
        switch (step)
        {
            case Read:
                ReadFirst(_exchanges[0], message);
                break;
            case ExtractOld:
                _server.Keys.ExtractResumption(
                    _work, SecretAt, message, _sigma1.RandomOffset, message, _sigma1.ResumptionIdOffset, _work, PseudoRandomKeyAt);
                break;
            case ExpandOld:
            case ExpandNew:
                _server.Keys.ExpandMicKey(step == ExpandNew, _work, PseudoRandomKeyAt, _work, MicAt);
                break;
            case CheckMic:
                _server.Keys.MakeMic(false, _work, MicAt, _work, MicAt);
                if (!Secrets.AreEqual(_work, MicAt, message, _sigma1.ResumeMicOffset, SecureChannelProtocol.MicSize))
                {
                    Refuse();
                }

                break;
            case DeriveKeys:
            case DeriveMoreKeys:
                _server.Keys.ExpandResumptionKeys(_work, PseudoRandomKeyAt, _work, SessionKeysAt, step == DeriveMoreKeys);
                break;
            case ExtractNew:
                _server.Random.Fill(_work, NewIdAt, SecureChannelProtocol.ResumptionIdSize);
                _server.Keys.ExtractResumption(_work, SecretAt, message, _sigma1.RandomOffset, _work, NewIdAt, _work, PseudoRandomKeyAt);
                break;
            case MakeMic:
                _server.Keys.MakeMic(true, _work, MicAt, _work, MicAt);
                break;
            case Resume:
                BeginResumption(message);
                break;
            case Search:
                TryNextKey(message);
                break;
            case Begin:
                BeginHandshake(message);
                break;
        }
    }

    /// <inheritdoc/>
    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        if (opcode == Sigma1.Opcode)
        {
            // Impatience; the answer is under way.
            exchange.AcknowledgeNow();
        }
        else if (opcode == SecureChannelProtocol.StatusReport)
        {
            // The peer gives up. Closing tells OnExchangeEnded.
            exchange.Close();
        }
    }

    /// <inheritdoc/>
    public void OnAcknowledged(Exchange exchange)
    {
    }

    /// <inheritdoc/>
    public void OnExchangeEnded(Exchange exchange, int reason)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_exchanges[i] == exchange)
            {
                RemoveAt(i);
                return;
            }
        }
    }

    private void ReadFirst(Exchange exchange, byte[] message)
    {
        // It may have come again, on another exchange, while the first was judged.
        if (_server.IsRepeated(message, 0, message.Length))
        {
            TakeFirst();
            _server.AnswerRepeated(exchange, message, 0, message.Length);
            return;
        }

        if (!_sigma1.TryRead(_server.Reader, message, 0, message.Length))
        {
            _server.Counters.Count(SecureChannelCounters.Malformed);
            _server.SendError(TakeFirst(), StatusReport.InvalidParameter);
            return;
        }

        if (_sigma1.HasResumptionId != _sigma1.HasResumeMic)
        {
            _server.SendError(TakeFirst(), StatusReport.InvalidParameter);
            return;
        }

        if (!_sigma1.HasResumptionId)
        {
            BeginSearch();
            return;
        }

        ResumptionRecord record = _server.Sessions.FindResumptionRecordById(message, _sigma1.ResumptionIdOffset);
        if (record == null)
        {
            Refuse();
            return;
        }

        _work = new byte[WorkSize];
        Array.Copy(record.Data, record.SecretOffset, _work, SecretAt, ResumptionRecord.SecretSize);
        record.Wipe();
    }

    // As if no resumption had been offered (TC-SC-3.4).
    private void Refuse()
    {
        _server.Counters.Count(SecureChannelCounters.ResumptionRefused);
        BeginSearch();
    }

    private void BeginSearch()
    {
        WipeWork();
        _attempt = 0;
        _step = Search;
    }

    private void BeginResumption(byte[] message)
    {
        // The record may have been replaced since.
        ResumptionRecord record = _server.Sessions.FindResumptionRecordById(message, _sigma1.ResumptionIdOffset);
        if (record == null || !Secrets.AreEqual(record.Data, record.SecretOffset, _work, SecretAt, ResumptionRecord.SecretSize))
        {
            if (record != null)
            {
                record.Wipe();
            }

            Refuse();
            return;
        }

        byte[] work = _work;
        _work = null;
        _server.BeginResumption(TakeFirst(), record, _sigma1, message, work);
        record.Wipe();
        Secrets.Wipe(work);
    }

    private void TryNextKey(byte[] message)
    {
        Fabric fabric = _server.Fabrics.TryDestination(
            ref _attempt, message, _sigma1.RandomOffset, message, _sigma1.DestinationIdOffset, out _protectionKeyAt);
        if (fabric != null)
        {
            _fabricIndex = fabric.Index;
        }
        else if (_attempt < FabricTable.DestinationAttempts)
        {
            _step = Search;
        }
        else
        {
            _server.Counters.Count(SecureChannelCounters.NoSharedTrustRoots);
            _server.SendError(TakeFirst(), StatusReport.NoSharedTrustRoots);
        }
    }

    private void BeginHandshake(byte[] message)
    {
        if (!_server.Fabrics.ContainsFabric(_fabricIndex))
        {
            Restart();
            return;
        }

        Fabric fabric = _server.Fabrics.Find(_fabricIndex);
        _server.BeginHandshake(TakeFirst(), fabric, _protectionKeyAt, _sigma1, message);
    }

    // The exchange is nobody's then, as if the message had just come.
    private Exchange TakeFirst()
    {
        Exchange exchange = _exchanges[0];
        exchange.State = null;
        RemoveAt(0);
        return exchange;
    }

    private void RemoveAt(int index)
    {
        _count--;
        Array.Copy(_exchanges, index + 1, _exchanges, index, _count - index);
        Array.Copy(_messages, index + 1, _messages, index, _count - index);
        _exchanges[_count] = null;
        _messages[_count] = null;
        if (index == 0)
        {
            Restart();
        }
    }

    private void WipeWork()
    {
        if (_work != null)
        {
            Secrets.Wipe(_work);
            _work = null;
        }
    }
}
