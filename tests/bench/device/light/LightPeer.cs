using System;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using MatterNano.Tlv;

/// <summary>The controller of <see cref="LightCost"/>, on the stack's own parts, made before anything is counted.</summary>
/// <remarks>Certificates and keys: a commissioning recorded between two matter.js 0.17.9 nodes, worthless elsewhere.</remarks>
public class LightPeer
{
    private const ulong DeviceNodeId = 1;
    private const ulong PeerNodeId = 0xb32deeaa68d17c4e;
    private const ulong FabricId = 0x4cc9d31d0c46cba3;

    public readonly LightBoard Board;
    public readonly SymmetricCrypto Crypto = new SymmetricCrypto();
    public readonly TlvWriter Writer = new TlvWriter();
    public readonly byte[] Message = new byte[900];
    public readonly byte[] Id = new byte[16];
    public readonly byte[] Secret = new byte[32];
    private readonly byte[] _root = Bytes("04059275f0815b3d329d5616fcf4a0a428fb55af37699d0714da9af14ea265e906f57dbf5f88ef3f74b5ab6691328df429b8ddc6880e82b76f4e9834de18483361");
    private readonly byte[] _protectionKey = Bytes("07f72db540e2a727d40be2af98e9a45f");
    private readonly byte[] _key = Bytes("c5112bd8a68318a05bb66f423f4f2360eb64bf17d34bea8bfdafc1ce15be16ad");
    private readonly byte[] _noc = Bytes("15300101012402013703241400182604f1abb430260571e2614537062715a3cb460c1dd3c94c27114e7cd168aaee2db31824070124080130094104b0cd9bb630c9fc27c9ebed08a52bfeae3671fe7ca7f8ef0f176ac8b09d543b0eabe72f263c59bcaa904217b7b558263be8903e237ad51061fd558ca29fef69bd370a350128011824020136030402040118300414ed77547cd6b762a9012ad5b1a2417713e4658cfe3005144c3e498348e215ef0afb7c2aba7235025433558918300b406f34cb24fa464057012d00c97dedc4751d20716a1d7cda94843dea177748a8a159537517ec63a3423b2cb7b891ed08a6eda0e43e85cd56b0860d97291996d39218");
    private readonly MessageHeader _header = new MessageHeader();
    private readonly PayloadHeader _payload = new PayloadHeader();
    private readonly MessageCodec _codec;
    private readonly FabricKeys _fabricKeys;
    private readonly TlvReader _reader = new TlvReader();
    private readonly Sha256 _sha = new Sha256();
    private readonly byte[] _datagram = new byte[1280];
    private readonly byte[] _plain = new byte[500];
    private readonly byte[] _sigma1 = new byte[400];
    private readonly byte[] _keys = new byte[162];
    private readonly byte[] _privateKey = new byte[32];
    private readonly byte[] _random = new byte[32];
    private readonly byte[] _scratch = new byte[64];
    private readonly byte[] _salt = new byte[48];
    private readonly byte[] _sessionKey = new byte[16];
    private readonly Sigma2 _sigma2 = new Sigma2();
    private readonly SessionParameters _parameters = new SessionParameters();
    private uint _counter = 1000;
    private uint _received;
    private int _exchange;
    private int _last;
    private int _sigma1Length;

    public LightPeer(LightBoard board)
    {
        Board = board;
        _codec = new MessageCodec(Crypto);
        _fabricKeys = new FabricKeys(Crypto);
        Crypto.CcmEncrypt(_scratch, 0, _scratch, 0, _scratch, 0, 0, _plain, 0, 16);
    }

    public static byte[] Bytes(string text)
    {
        byte[] bytes = new byte[text.Length / 2];
        for (int i = 0; i < text.Length; i++)
        {
            int digit = text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10;
            bytes[i / 2] = (byte)((bytes[i / 2] << 4) | digit);
        }

        return bytes;
    }

    /// <summary>Puts the fabric that both are on into the light's flash.</summary>
    public void StoreFabric()
    {
        byte[] record = new byte[Fabric.RecordLength];
        Fabric fabric = new Fabric();
        fabric.Id = FabricId;
        fabric.Node = DeviceNodeId;
        fabric.Vendor = 0xfff1;
        fabric.KeyCount = 1;
        Array.Copy(_root, 0, fabric.Data, Fabric.RootPublicKeyOffset, 65);
        Array.Copy(Bytes("99ac7df2ebce038f86ac83bda10668d730ffcc94f0bee8827ca009694d8ed640"), 0, fabric.Data, Fabric.PrivateKeyOffset, 32);
        Array.Copy(_protectionKey, 0, fabric.Data, Fabric.IdentityProtectionKeysOffset, 16);
        _fabricKeys.DeriveCompressedId(fabric.Data, Fabric.RootPublicKeyOffset, FabricId, fabric.Data, Fabric.CompressedIdOffset);
        fabric.WriteRecord(record);
        Board.Write("fab.1", record, 0, record.Length);
        Store("fab.1.r", "15300101002402013703241400182604f1abb430260571e2614537062414001824070124080130094104059275f0815b3d329d5616fcf4a0a428fb55af37699d0714da9af14ea265e906f57dbf5f88ef3f74b5ab6691328df429b8ddc6880e82b76f4e9834de18483361370a35012901182402603004144c3e498348e215ef0afb7c2aba723502543355893005144c3e498348e215ef0afb7c2aba7235025433558918300b40241d90923ccb2665b0e7d88ac163729cc3dee83bde142875bfcb10939f5736d37359e83257e1651ec42e9d1411b80b112214e73d528e8f7a00e6e266c36eabd318");
        Store("fab.1.n0", "15300101022402013703241400182604f2abb430260572e2614537062715a3cb460c1dd3c94c2411011824070124080130094104bf75e7ef90e7e5a0231cd28b3d43e5d7088208228e6cb45aa9333c2e9181dc7e20d0ea4ba5ab755051251ce7b87d15cd866f7cc791894fbb0015f71d3b1bce26370a35012801182402013603040204011830041482e78d87eb1d047ccd7bbcea568d4c1b7eb845573005144c3e498348e215ef0afb7c2aba7235025433558918300b40ec9b1796546df5c87dc77b942654b7e90cae09d29360a4bbd381049b9ffcf8bb7ecc9f635853154b9358e2a63ade841450ed07e6969b2a43c9eec7cd422ceb8318");
    }

    public ulong NodeId
    {
        get { return PeerNodeId; }
    }

    public void NewExchange()
    {
        _exchange = ++_last;
        _received = 0;
        IsFromInitiator = false;
    }

    /// <summary>Hands the light an unsecured message; it arrives with its next step.</summary>
    public void SendPlain(int opcode, byte[] payload, int length)
    {
        _header.Set(0, 0, ++_counter);
        _header.HasSource = true;
        _header.SourceNodeId = 0x1122334455667788;
        int at = _header.Write(_datagram, 0);
        int room = _received != 0 ? PayloadHeader.MaxWrittenSize : PayloadHeader.MinSize;
        PayloadHeader.WriteBefore(_datagram, at + room, Flags(opcode), opcode, _exchange, 0, _received);
        Array.Copy(payload, 0, _datagram, at + room, length);
        Board.Arrive(_datagram, 0, at + room + length);
    }

    /// <summary>Hands the light a message of a session of its own.</summary>
    public void SendSecure(SecureSession session, int opcode, int protocol, int length)
    {
        const int start = 100;
        int room = _received != 0 ? PayloadHeader.MaxWrittenSize : PayloadHeader.MinSize;
        PayloadHeader.WriteBefore(_datagram, start + room, Flags(protocol == 0 ? opcode : 0), opcode, _exchange, protocol, _received);
        Array.Copy(Message, 0, _datagram, start + room, length);
        int at;
        int total = _codec.EncryptUnicast(
            session.Data, session.At + SecureSession.KeysAt, session.Id, ++_counter, session.IsPase ? 0 : PeerNodeId, _datagram, start, room + length, out at);
        Board.Arrive(_datagram, at, total);
    }

    /// <summary>Acknowledges the last message of the light.</summary>
    public void Acknowledge(SecureSession session)
    {
        _exchange = ReceivedExchange;
        if (session == null)
        {
            SendPlain(SecureChannelProtocol.StandaloneAck, Message, 0);
        }
        else
        {
            SendSecure(session, SecureChannelProtocol.StandaloneAck, 0, 0);
        }
    }

    /// <summary>Answers the last report of the light with success.</summary>
    public void Confirm(SecureSession session)
    {
        _exchange = ReceivedExchange;
        Writer.Init(Message, 0, Message.Length);
        Writer.StartStructure(TlvTag.Anonymous);
        Writer.PutUnsigned(0, 0);
        Writer.PutUnsigned(255, 12);
        Writer.EndContainer();
        SendSecure(session, 1, 1, Writer.Length);
    }

    /// <summary>Reads the last message of the light.</summary>
    /// <returns>Its opcode.</returns>
    public int Take(SecureSession session)
    {
        _header.TryRead(Board.Sent, 0, Board.SentLength);
        int length = Board.SentLength - _header.Length;
        if (session != null)
        {
            length = _codec.Decrypt(
                session.Data, session.At + SecureSession.KeysAt + SecureSession.KeySize, session.NodeId, Board.Sent, 0, Board.SentLength, _header);
        }

        if (length < 0 || !_payload.TryRead(Board.Sent, _header.Length, length))
        {
            throw new Exception("the answer cannot be read");
        }

        _received = _header.Counter;
        PayloadAt = _header.Length + _payload.Length;
        PayloadLength = length - _payload.Length;
        ReceivedExchange = _payload.ExchangeId;
        IsFromInitiator = (_payload.Flags & PayloadHeader.Initiator) != 0;
        return _payload.Opcode;
    }

    public int PayloadAt;
    public int PayloadLength;
    public int ReceivedExchange;
    public bool IsFromInitiator;

    public void WriteSigma1(bool resumes)
    {
        Board.Fill(_random, 0, 32);
        P256.GenerateKeyPair(Board, _privateKey, 0, _keys, 0);
        byte[] mic = null;
        if (resumes)
        {
            mic = _scratch;
            Derive(Id, "Sigma1_Resume");
            Crypto.CcmEncrypt(_sessionKey, 0, Ascii("NCASE_SigmaS1"), 0, _sessionKey, 0, 0, mic, 0, 0);
        }

        byte[] destination = new byte[32];
        _fabricKeys.ComputeDestinationId(_protectionKey, 0, _random, 0, _root, 0, FabricId, DeviceNodeId, destination, 0);
        Writer.Init(_sigma1, 0, _sigma1.Length);
        Sigma1.Write(Writer, _random, 0, 815, destination, _keys, _parameters, resumes ? Id : null, mic);
        _sigma1Length = Writer.Length;
        NewExchange();
        SendPlain(Sigma1.Opcode, _sigma1, _sigma1Length);
    }

    public void WriteSigma3()
    {
        byte[] signature = new byte[64];
        byte[] sent = Board.Sent;
        if (!_sigma2.TryRead(_reader, sent, PayloadAt, PayloadLength) || !P256.Ecdh(_privateKey, 0, sent, _sigma2.PublicKeyOffset, _scratch, 0))
        {
            throw new Exception("Sigma2");
        }

        Array.Copy(sent, _sigma2.PublicKeyOffset, _keys, 65, 65);
        SignedData.Hash(_sha, _noc, 0, _noc.Length, 0, 0, _keys, 0, 65, 130);
        P256.Sign(_key, 0, _keys, 130, signature, 0, Board);
        Array.Copy(_protectionKey, 0, _salt, 0, 16);
        _sha.Init();
        _sha.Update(_sigma1, 0, _sigma1Length);
        _sha.Update(sent, PayloadAt, PayloadLength);
        _sha.Final(_salt, 16);
        Crypto.Hkdf(_scratch, 0, 32, _salt, 0, 48, Ascii("Sigma3"), 0, 6, _sessionKey, 0, 16);
        Writer.Init(_plain, 0, _plain.Length);
        Writer.StartStructure(TlvTag.Anonymous);
        Writer.PutBytes(1, _noc, 0, _noc.Length);
        Writer.PutBytes(3, signature, 0, 64);
        Writer.EndContainer();
        int length = Writer.Length;
        Crypto.CcmEncrypt(_sessionKey, 0, Ascii("NCASE_Sigma3N"), 0, _sessionKey, 0, 0, _plain, 0, length);
        Writer.Init(Message, 0, Message.Length);
        Sigma3.Write(Writer, _plain, 0, length + 16);
        SendPlain(Sigma3.Opcode, Message, Writer.Length);
    }

    private static byte[] Ascii(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)text[i];
        }

        return bytes;
    }

    private void Derive(byte[] id, string info)
    {
        Array.Copy(_random, 0, _salt, 0, 32);
        Array.Copy(id, 0, _salt, 32, 16);
        Crypto.Hkdf(Secret, 0, 32, _salt, 0, 48, Ascii(info), 0, info.Length, _sessionKey, 0, 16);
    }

    private void Store(string name, string hex)
    {
        byte[] bytes = Bytes(hex);
        Board.Write(name, bytes, 0, bytes.Length);
    }

    private int Flags(int opcode)
    {
        return (IsFromInitiator && _received != 0 ? 0 : PayloadHeader.Initiator) | (opcode == SecureChannelProtocol.StandaloneAck ? 0 : PayloadHeader.Reliable)
            | (_received != 0 ? PayloadHeader.Acknowledgement : 0);
    }
}
