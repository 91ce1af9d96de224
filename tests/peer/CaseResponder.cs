using System;
using System.Security.Cryptography;
using System.Text;

namespace MatterNano.Peer;

/// <summary>What a controller answers to a Sigma1 of the node.</summary>
public enum CaseAnswer
{
    /// <summary>Sigma2Resume, if the MIC is right.</summary>
    Resume,

    /// <summary>Sigma2Resume with a wrong MIC.</summary>
    WrongMic,

    /// <summary>Sigma2: the record is gone.</summary>
    Full,

    /// <summary>NoSharedTrustRoots: the fabric is gone.</summary>
    NoSharedTrustRoots,

    /// <summary>Busy for <see cref="CaseResponder.BusyTime"/>.</summary>
    Busy,

    /// <summary>An acknowledgement and nothing else.</summary>
    Silence,
}

/// <summary>A controller that lets the node resume a session (Core 4.14.2.2).</summary>
public sealed class CaseResponder
{
    private readonly MatterPeer _peer;
    private readonly PeerIdentity _identity;
    private readonly ulong _nodeId;

    public CaseResponder(MatterPeer peer, PeerIdentity identity, ulong nodeId, PeerResumption resumption)
    {
        _peer = peer;
        _identity = identity;
        _nodeId = nodeId;
        Resumption = resumption;
        peer.IncomingHandshake = OnSigma1;
    }

    /// <summary>The record; renewed with each resumption.</summary>
    public PeerResumption Resumption { get; set; }

    public CaseAnswer Answer { get; set; }

    /// <summary>Milliseconds that a busy answer asks for.</summary>
    public int BusyTime { get; set; } = 700;

    /// <summary>Sigma1 seen, with their times.</summary>
    public System.Collections.Generic.List<long> Attempts { get; } = new();

    /// <summary>Runs with each session that is open.</summary>
    public Action<PeerSession> Opened { get; set; }

    private async void OnSigma1(PeerExchange exchange, PeerMessage message)
    {
        if (message.Opcode != 0x30)
        {
            exchange.Close();
            return;
        }

        Attempts.Add(_peer.Host.Now);
        PeerElement fields = PeerElement.Parse(message.Payload);
        byte[] random = fields[1].Data;
        if (!CryptographicOperations.FixedTimeEquals(fields[3].Data, _identity.Fabric.DestinationId(random, _identity.NodeId)))
        {
            throw new InvalidOperationException("Sigma1 is for somebody else");
        }

        // Throws when it is no point of the curve.
        ECDiffieHellman.Create(PeerCrypto.Import(fields[4].Data)).Dispose();
        switch (Answer)
        {
            case CaseAnswer.Full:
                byte[] sigma2 = new PeerTlv().Struct().Bytes(1, _peer.RandomBytes(32)).U(2, 77).Bytes(3, fields[4].Data).Bytes(4, new byte[300]).End().ToArray();
                exchange.Send(0, 0x31, sigma2);
                return;
            case CaseAnswer.NoSharedTrustRoots:
                exchange.Send(0, 0x40, PeerStatus.Build(1, 1));
                exchange.Close();
                return;
            case CaseAnswer.Busy:
                exchange.Send(0, 0x40, PeerCrypto.Concat(PeerStatus.Build(8, 4), new[] { (byte)BusyTime, (byte)(BusyTime >> 8) }));
                exchange.Close();
                return;
            case CaseAnswer.Silence:
                exchange.Close();
                return;
        }

        byte[] oldId = fields[6].Data;
        byte[] key1 = PeerCrypto.Hkdf(Resumption.Secret, PeerCrypto.Concat(random, oldId), "Sigma1_Resume", 16);
        if (!CryptographicOperations.FixedTimeEquals(oldId, Resumption.Id)
            || PeerCrypto.Decrypt(key1, Encoding.ASCII.GetBytes("NCASE_SigmaS1"), fields[7].Data) == null)
        {
            throw new InvalidOperationException("the node offers another record");
        }

        byte[] newId = _peer.RandomBytes(16);
        byte[] key2 = PeerCrypto.Hkdf(Resumption.Secret, PeerCrypto.Concat(random, newId), "Sigma2_Resume", 16);
        byte[] mic = PeerCrypto.Encrypt(key2, Encoding.ASCII.GetBytes("NCASE_SigmaS2"), Array.Empty<byte>());
        if (Answer == CaseAnswer.WrongMic)
        {
            mic[5] ^= 1;
        }

        byte[] keys = PeerCrypto.Hkdf(Resumption.Secret, PeerCrypto.Concat(random, oldId), "SessionResumptionKeys", 48);
        ushort sessionId = _peer.NextSessionId();
        PeerSession session = null;
        if (Answer == CaseAnswer.Resume)
        {
            // We are the responder: the second key encrypts what we send.
            byte[] swapped = PeerCrypto.Concat(keys.AsSpan(16, 16).ToArray(), keys.AsSpan(0, 16).ToArray(), keys.AsSpan(32).ToArray());
            session = _peer.AddSecure(sessionId, (ushort)fields[2].Unsigned, swapped, _identity.NodeId, _nodeId);
            Opened?.Invoke(session);
        }

        try
        {
            PeerMessage report = await exchange.RequestAsync(
                0, 0x33, new PeerTlv().Struct().Bytes(1, newId).Bytes(2, mic).U(3, sessionId).Struct(4).U(1, 500).U(2, 300).U(3, 4000).End().End().ToArray()).ConfigureAwait(false);
            if (session != null && PeerStatus.Parse(report.Payload).IsSuccess)
            {
                Resumption = new PeerResumption(newId, Resumption.Secret);
            }
        }
        catch (TimeoutException)
        {
            // The node is gone again.
        }

        exchange.Close();
    }
}
