using System;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

namespace MatterNano.Peer;

/// <summary>What a PASE attempt does differently from the rules. Everything null or false is a good one.</summary>
public sealed class PaseOptions
{
    public ulong PasscodeId;

    /// <summary>Claims to know salt and iterations; both must then be given.</summary>
    public byte[] KnownSalt;
    public int KnownIterations;

    /// <summary>Sends these instead of the message.</summary>
    public Func<byte[], byte[]> Request;
    public Func<byte[], byte[]> Pake1;
    public Func<byte[], byte[]> Pake3;

    /// <summary>Stops after this opcode has been sent, without a word.</summary>
    public int StopAfter;

    /// <summary>Runs before Pake1 is sent.</summary>
    public Func<Task> BeforePake1;
}

/// <summary>How a handshake ended.</summary>
/// <param name="Session">The session, or null.</param>
/// <param name="Status">The node's report, or null when it sent none.</param>
/// <param name="Exchange">The exchange, still open when the attempt stopped on purpose.</param>
public sealed record HandshakeResult(PeerSession Session, PeerStatus Status, PeerExchange Exchange)
{
    public bool IsSuccess => Session != null;

    /// <summary>True when the node answered with Sigma2Resume.</summary>
    public bool IsResumed { get; init; }

    /// <summary>What the next resumption needs; null unless CASE succeeded.</summary>
    public PeerResumption Resumption { get; init; }

    /// <summary>Last payload received.</summary>
    public PeerMessage LastMessage { get; init; }

    /// <summary>The node's first answer: PBKDFParamResponse, Sigma2 or Sigma2Resume.</summary>
    public PeerMessage FirstAnswer { get; init; }
}

/// <summary>PASE as the commissioner does it (Core 4.14.1).</summary>
public static class PaseInitiator
{
    public static async Task<HandshakeResult> RunAsync(MatterPeer peer, uint passcode, PaseOptions options = null, long timeout = 30000)
    {
        options ??= new PaseOptions();
        PeerSession unsecured = peer.OpenUnsecured();
        PeerExchange exchange = peer.OpenExchange(unsecured);
        ushort sessionId = peer.NextSessionId();
        byte[] random = peer.RandomBytes(32);
        PeerTlv tlv = new PeerTlv().Struct().Bytes(1, random).U(2, sessionId).U(3, options.PasscodeId).B(4, options.KnownSalt != null);
        tlv.Struct(5).U(1, 500).U(2, 300).U(3, 4000).End();
        byte[] request = tlv.End().ToArray();
        if (options.Request != null)
        {
            request = options.Request(request);
        }

        if (options.StopAfter == 0x20)
        {
            exchange.Send(0, 0x20, request);
            return new HandshakeResult(null, null, exchange);
        }

        PeerMessage answer = await exchange.RequestAsync(0, 0x20, request, timeout).ConfigureAwait(false);
        PeerMessage first = answer;
        if (answer.Opcode == 0x40)
        {
            return Ended(exchange, answer);
        }

        Expect(answer, 0x21);
        byte[] response = answer.Payload;
        PeerElement fields = PeerElement.Parse(response);
        if (!fields[1].Data.SequenceEqual(random))
        {
            throw new InvalidOperationException("PBKDFParamResponse repeats another random");
        }

        ushort nodeSessionId = (ushort)fields[3].Unsigned;
        byte[] salt = options.KnownSalt ?? fields[4][2].Data;
        int iterations = options.KnownSalt != null ? options.KnownIterations : (int)fields[4][1].Unsigned;
        if (options.KnownSalt != null && fields[4] != null)
        {
            throw new InvalidOperationException("PBKDFParamResponse names parameters that the request said it knows");
        }

        (BigInteger w0, BigInteger w1) = PeerCrypto.PasscodeScalars(passcode, salt, iterations);
        BigInteger x = PeerCrypto.RandomScalar(peer.Random);
        byte[] share = PeerCrypto.Add(PeerCrypto.Multiply(x, null), PeerCrypto.Multiply(w0, PeerCrypto.SpakeM));
        byte[] pake1 = new PeerTlv().Struct().Bytes(1, share).End().ToArray();
        if (options.Pake1 != null)
        {
            pake1 = options.Pake1(pake1);
        }

        if (options.BeforePake1 != null)
        {
            await options.BeforePake1().ConfigureAwait(false);
        }

        if (options.StopAfter == 0x22)
        {
            exchange.Send(0, 0x22, pake1);
            return new HandshakeResult(null, null, exchange);
        }

        answer = await exchange.RequestAsync(0, 0x22, pake1, timeout).ConfigureAwait(false);
        if (answer.Opcode == 0x40)
        {
            return Ended(exchange, answer);
        }

        Expect(answer, 0x23);
        fields = PeerElement.Parse(answer.Payload);
        byte[] nodeShare = fields[1].Data;
        byte[] confirmation = fields[2].Data;

        byte[] point = PeerCrypto.Add(nodeShare, PeerCrypto.Negate(PeerCrypto.Multiply(w0, PeerCrypto.SpakeN)));
        byte[] z = PeerCrypto.Multiply(x, point);
        byte[] v = PeerCrypto.Multiply(w1, point);
        byte[] context = SHA256.HashData(PeerCrypto.Concat(Encoding.ASCII.GetBytes("CHIP PAKE V1 Commissioning"), request, response));
        byte[] transcript = SHA256.HashData(PeerCrypto.Concat(
            Item(context), Item(Array.Empty<byte>()), Item(Array.Empty<byte>()), Item(PeerCrypto.SpakeM), Item(PeerCrypto.SpakeN),
            Item(share), Item(nodeShare), Item(z), Item(v), Item(PeerCrypto.Scalar(w0))));
        byte[] secret = transcript.AsSpan(16).ToArray();
        byte[] confirmationKeys = PeerCrypto.Hkdf(transcript.AsSpan(0, 16).ToArray(), Array.Empty<byte>(), "ConfirmationKeys", 32);
        // A commissioner with another passcode sees it here; this one goes on, so that the node's own check is tested.
        bool isNodeRight = confirmation.SequenceEqual(HMACSHA256.HashData(confirmationKeys.AsSpan(16), share));
        byte[] pake3 = new PeerTlv().Struct().Bytes(1, HMACSHA256.HashData(confirmationKeys.AsSpan(0, 16), nodeShare)).End().ToArray();
        if (options.Pake3 != null)
        {
            pake3 = options.Pake3(pake3);
        }

        if (options.StopAfter == 0x24)
        {
            exchange.Send(0, 0x24, pake3);
            return new HandshakeResult(null, null, exchange);
        }

        answer = await exchange.RequestAsync(0, 0x24, pake3, timeout).ConfigureAwait(false);
        PeerStatus status = PeerStatus.Parse(answer.Payload);
        exchange.Close();
        if (!status.IsSuccess)
        {
            return new HandshakeResult(null, status, exchange) { LastMessage = answer, FirstAnswer = first };
        }

        if (!isNodeRight)
        {
            throw new InvalidOperationException("the node took a wrong passcode");
        }

        byte[] keys = PeerCrypto.Hkdf(secret, Array.Empty<byte>(), "SessionKeys", 48);
        return new HandshakeResult(peer.AddSecure(sessionId, nodeSessionId, keys, 0, 0), status, exchange) { LastMessage = answer, FirstAnswer = first };
    }

    internal static HandshakeResult Ended(PeerExchange exchange, PeerMessage answer)
    {
        exchange.Close();
        return new HandshakeResult(null, PeerStatus.Parse(answer.Payload), exchange) { LastMessage = answer };
    }

    internal static void Expect(PeerMessage message, int opcode)
    {
        if (message.ProtocolId != 0 || message.Opcode != opcode)
        {
            throw new InvalidOperationException($"expected opcode {opcode:x2}, got {message.Opcode:x2}");
        }
    }

    private static byte[] Item(byte[] value) => PeerCrypto.Concat(BitConverter.GetBytes((ulong)value.Length), value);
}
