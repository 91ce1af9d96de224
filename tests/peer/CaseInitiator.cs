using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

namespace MatterNano.Peer;

/// <summary>What a controller keeps for a resumption.</summary>
public sealed record PeerResumption(byte[] Id, byte[] Secret);

/// <summary>What a CASE attempt does differently from the rules. Everything null or false is a good one.</summary>
public sealed class CaseOptions
{
    /// <summary>Offers a resumption.</summary>
    public PeerResumption Resumption;

    /// <summary>Leaves the resume MIC or the id out, or spoils the MIC.</summary>
    public bool OmitMic;
    public bool OmitResumptionId;
    public bool SpoilMic;

    /// <summary>Uses this random again, as a repeated Sigma1 does.</summary>
    public byte[] Random;

    /// <summary>Uses this ephemeral key again.</summary>
    public ECDiffieHellman EphemeralKey;

    /// <summary>Uses this session id again; 0 takes a new one.</summary>
    public ushort SessionId;

    /// <summary>Replaces parts of the messages.</summary>
    public Func<byte[], byte[]> DestinationId;
    public Func<byte[], byte[]> Sigma1;
    public Func<byte[], byte[]> Sigma3;

    /// <summary>Spoils the encrypted data of Sigma3.</summary>
    public bool SpoilTbe3;

    /// <summary>Replaces the certificates and signature inside Sigma3.</summary>
    public byte[] Noc;
    public byte[] Icac;
    public Func<byte[], byte[]> Signature;

    /// <summary>Replaces both ephemeral keys in what is signed.</summary>
    public bool SpoilInitiatorKey;
    public bool SpoilResponderKey;

    /// <summary>Stops after this opcode has been sent (0x30, 0x32), or before the report of a resumption (0x33), without a word.</summary>
    public int StopAfter;

    /// <summary>Runs after Sigma2 has arrived and before Sigma3 leaves.</summary>
    public Func<Task> BeforeSigma3;
}

/// <summary>CASE as the initiator does it (Core 4.14.2).</summary>
public static class CaseInitiator
{
    public static async Task<HandshakeResult> RunAsync(MatterPeer peer, PeerIdentity identity, ulong nodeId, CaseOptions options = null, long timeout = 30000)
    {
        options ??= new CaseOptions();
        PeerFabric fabric = identity.Fabric;
        PeerSession unsecured = peer.OpenUnsecured();
        PeerExchange exchange = peer.OpenExchange(unsecured);
        ushort sessionId = options.SessionId != 0 ? options.SessionId : peer.NextSessionId();
        byte[] random = options.Random ?? peer.RandomBytes(32);
        ECDiffieHellman ephemeral = options.EphemeralKey ?? ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        byte[] ownKey = PeerCrypto.PublicKey(ephemeral.ExportParameters(false));
        byte[] destinationId = fabric.DestinationId(random, nodeId);
        if (options.DestinationId != null)
        {
            destinationId = options.DestinationId(destinationId);
        }

        PeerTlv tlv = new PeerTlv().Struct().Bytes(1, random).U(2, sessionId).Bytes(3, destinationId).Bytes(4, ownKey);
        tlv.Struct(5).U(1, 500).U(2, 300).U(3, 4000).End();
        if (options.Resumption != null)
        {
            byte[] key = PeerCrypto.Hkdf(options.Resumption.Secret, PeerCrypto.Concat(random, options.Resumption.Id), "Sigma1_Resume", 16);
            byte[] mic = PeerCrypto.Encrypt(key, Encoding.ASCII.GetBytes("NCASE_SigmaS1"), Array.Empty<byte>());
            if (options.SpoilMic)
            {
                mic[3] ^= 0x10;
            }

            if (!options.OmitResumptionId)
            {
                tlv.Bytes(6, options.Resumption.Id);
            }

            if (!options.OmitMic)
            {
                tlv.Bytes(7, mic);
            }
        }

        byte[] sigma1 = tlv.End().ToArray();
        if (options.Sigma1 != null)
        {
            sigma1 = options.Sigma1(sigma1);
        }

        if (options.StopAfter == 0x30)
        {
            exchange.Send(0, 0x30, sigma1);
            return new HandshakeResult(null, null, exchange);
        }

        PeerMessage answer = await exchange.RequestAsync(0, 0x30, sigma1, timeout).ConfigureAwait(false);
        if (answer.Opcode == 0x40)
        {
            return PaseInitiator.Ended(exchange, answer);
        }

        if (answer.Opcode == 0x33)
        {
            return Resume(peer, identity, nodeId, options, exchange, sessionId, random, answer);
        }

        PaseInitiator.Expect(answer, 0x31);
        PeerMessage first = answer;
        byte[] sigma2 = answer.Payload;
        PeerElement fields = PeerElement.Parse(sigma2);
        byte[] nodeRandom = fields[1].Data;
        ushort nodeSessionId = (ushort)fields[2].Unsigned;
        byte[] nodeKey = fields[3].Data;
        byte[] secret = PeerCrypto.SharedSecret(ephemeral, nodeKey);
        byte[] key2 = PeerCrypto.Hkdf(secret, PeerCrypto.Concat(fabric.Ipk, nodeRandom, nodeKey, SHA256.HashData(sigma1)), "Sigma2", 16);
        byte[] plain = PeerCrypto.Decrypt(key2, Encoding.ASCII.GetBytes("NCASE_Sigma2N"), fields[4].Data)
            ?? throw new InvalidOperationException("Sigma2 does not decrypt");
        PeerElement tbe2 = PeerElement.Parse(plain);
        PeerElement nodeNoc = PeerElement.Parse(tbe2[1].Data);
        if (nodeNoc[6][17].Unsigned != nodeId || nodeNoc[6][21].Unsigned != fabric.FabricId)
        {
            throw new InvalidOperationException("Sigma2 carries another node's certificate");
        }

        PeerTlv tbs2 = new PeerTlv().Struct().Bytes(1, tbe2[1].Data);
        if (tbe2[2] != null)
        {
            tbs2.Bytes(2, tbe2[2].Data);
        }

        if (!PeerCrypto.Verify(nodeNoc[9].Data, tbs2.Bytes(3, nodeKey).Bytes(4, ownKey).End().ToArray(), tbe2[3].Data))
        {
            throw new InvalidOperationException("Sigma2 is signed wrongly");
        }

        byte[] resumptionId = tbe2[4].Data;
        if (options.BeforeSigma3 != null)
        {
            await options.BeforeSigma3().ConfigureAwait(false);
        }

        byte[] noc = options.Noc ?? identity.Noc;
        byte[] icac = options.Icac ?? identity.Icac;
        byte[] signedOwnKey = (byte[])ownKey.Clone();
        byte[] signedNodeKey = (byte[])nodeKey.Clone();
        if (options.SpoilInitiatorKey)
        {
            signedOwnKey[40] ^= 1;
        }

        if (options.SpoilResponderKey)
        {
            signedNodeKey[40] ^= 1;
        }

        PeerTlv tbs3 = new PeerTlv().Struct().Bytes(1, noc);
        PeerTlv tbe3 = new PeerTlv().Struct().Bytes(1, noc);
        if (icac != null)
        {
            tbs3.Bytes(2, icac);
            tbe3.Bytes(2, icac);
        }

        byte[] signature = identity.Key.SignData(tbs3.Bytes(3, signedOwnKey).Bytes(4, signedNodeKey).End().ToArray(), HashAlgorithmName.SHA256);
        if (options.Signature != null)
        {
            signature = options.Signature(signature);
        }

        byte[] key3 = PeerCrypto.Hkdf(secret, PeerCrypto.Concat(fabric.Ipk, SHA256.HashData(PeerCrypto.Concat(sigma1, sigma2))), "Sigma3", 16);
        byte[] encrypted = PeerCrypto.Encrypt(key3, Encoding.ASCII.GetBytes("NCASE_Sigma3N"), tbe3.Bytes(3, signature).End().ToArray());
        if (options.SpoilTbe3)
        {
            encrypted[7] ^= 0x20;
        }

        byte[] sigma3 = new PeerTlv().Struct().Bytes(1, encrypted).End().ToArray();
        if (options.Sigma3 != null)
        {
            sigma3 = options.Sigma3(sigma3);
        }

        byte[] salt = PeerCrypto.Concat(fabric.Ipk, SHA256.HashData(PeerCrypto.Concat(sigma1, sigma2, sigma3)));
        byte[] keys = PeerCrypto.Hkdf(secret, salt, "SessionKeys", 48);
        if (options.StopAfter == 0x32)
        {
            // The session is prepared, as for a controller that has sent Sigma3 and lost the report.
            exchange.Send(0, 0x32, sigma3);
            return new HandshakeResult(peer.AddSecure(sessionId, nodeSessionId, keys, identity.NodeId, nodeId), null, exchange)
            {
                FirstAnswer = first,
                Resumption = new PeerResumption(resumptionId, secret),
            };
        }

        answer = await exchange.RequestAsync(0, 0x32, sigma3, timeout).ConfigureAwait(false);
        PaseInitiator.Expect(answer, 0x40);
        PeerStatus status = PeerStatus.Parse(answer.Payload);
        exchange.Close();
        if (!status.IsSuccess)
        {
            return new HandshakeResult(null, status, exchange) { LastMessage = answer, FirstAnswer = first };
        }

        return new HandshakeResult(peer.AddSecure(sessionId, nodeSessionId, keys, identity.NodeId, nodeId), status, exchange)
        {
            LastMessage = answer,
            FirstAnswer = first,
            Resumption = new PeerResumption(resumptionId, secret),
        };
    }

    private static HandshakeResult Resume(
        MatterPeer peer, PeerIdentity identity, ulong nodeId, CaseOptions options, PeerExchange exchange, ushort sessionId, byte[] random, PeerMessage answer)
    {
        PeerElement fields = PeerElement.Parse(answer.Payload);
        byte[] id = fields[1].Data;
        byte[] secret = options.Resumption.Secret;
        byte[] key = PeerCrypto.Hkdf(secret, PeerCrypto.Concat(random, id), "Sigma2_Resume", 16);
        if (PeerCrypto.Decrypt(key, Encoding.ASCII.GetBytes("NCASE_SigmaS2"), fields[2].Data) == null)
        {
            throw new InvalidOperationException("Sigma2Resume carries a wrong MIC");
        }

        byte[] keys = PeerCrypto.Hkdf(secret, PeerCrypto.Concat(random, options.Resumption.Id), "SessionResumptionKeys", 48);
        PeerSession session = peer.AddSecure(sessionId, (ushort)fields[3].Unsigned, keys, identity.NodeId, nodeId);
        if (options.StopAfter != 0x33)
        {
            exchange.Send(0, 0x40, PeerStatus.Build(0, 0));
            exchange.Close();
        }

        return new HandshakeResult(session, null, exchange)
        {
            IsResumed = true,
            FirstAnswer = answer,
            LastMessage = answer,
            Resumption = new PeerResumption(id, secret),
        };
    }
}
