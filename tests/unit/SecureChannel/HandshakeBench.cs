using System;
using MatterNano;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using MatterNano.Tlv;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.SecureChannel;

/// <summary>A device on the recorded fabric, and the initiator's side of its unsecured messages.</summary>
/// <remarks>Certificates and keys: a commissioning recorded between two matter.js 0.17.9 nodes, worthless elsewhere.</remarks>
internal sealed class HandshakeBench : IDatagramSender
{
    internal const ulong DeviceNodeId = 1;
    internal const ulong PeerNodeId = 0xb32deeaa68d17c4e;
    internal const ulong FabricId = 0x4cc9d31d0c46cba3;
    internal const string RootPublicKey = "04059275f0815b3d329d5616fcf4a0a428fb55af37699d0714da9af14ea265e906f57dbf5f88ef3f74b5ab6691328df429b8ddc6880e82b76f4e9834de18483361";
    internal const string ProtectionKey = "07f72db540e2a727d40be2af98e9a45f";
    internal const string PeerKey = "c5112bd8a68318a05bb66f423f4f2360eb64bf17d34bea8bfdafc1ce15be16ad";
    internal const string PeerNoc = "15300101012402013703241400182604f1abb430260571e2614537062715a3cb460c1dd3c94c27114e7cd168aaee2db31824070124080130094104b0cd9bb630c9fc27c9ebed08a52bfeae3671fe7ca7f8ef0f176ac8b09d543b0eabe72f263c59bcaa904217b7b558263be8903e237ad51061fd558ca29fef69bd370a350128011824020136030402040118300414ed77547cd6b762a9012ad5b1a2417713e4658cfe3005144c3e498348e215ef0afb7c2aba7235025433558918300b406f34cb24fa464057012d00c97dedc4751d20716a1d7cda94843dea177748a8a159537517ec63a3423b2cb7b891ed08a6eda0e43e85cd56b0860d97291996d39218";

    internal readonly FakeClock Clock = new FakeClock();
    internal readonly FakeRandom Random = new FakeRandom(11);
    internal readonly FakeFlash Flash = new FakeFlash();
    internal readonly SymmetricCrypto Crypto = new SymmetricCrypto();
    internal readonly InlineWorker Worker = new InlineWorker(null);
    internal readonly FabricTable Fabrics;
    internal readonly SessionManager Sessions;
    internal readonly ExchangeManager Exchanges;
    internal readonly CommissioningWindow Window;
    internal readonly SecureChannelHandler Handler;

    /// <summary>Opcode and payload of the last message that was no plain acknowledgement; -1 for none since the last Send.</summary>
    internal int Opcode;
    internal byte[] Payload;

    private readonly NetworkAddress _address = new NetworkAddress();
    private readonly MessageHeader _header = new MessageHeader();
    private readonly PayloadHeader _payload = new PayloadHeader();
    private readonly byte[] _datagram = new byte[1280];
    private uint _counter = 1000;
    private uint _received;
    private int _exchange;

    internal HandshakeBench()
    {
        _address.SetIPv4(192, 0, 2, 9, 5540);
        byte[] record = new byte[Fabric.RecordLength];
        Fabric fabric = new Fabric();
        fabric.Id = FabricId;
        fabric.Node = DeviceNodeId;
        fabric.Vendor = 0xfff1;
        fabric.KeyCount = 1;
        Put(fabric, Fabric.RootPublicKeyOffset, RootPublicKey);
        Put(fabric, Fabric.PrivateKeyOffset, "99ac7df2ebce038f86ac83bda10668d730ffcc94f0bee8827ca009694d8ed640");
        Put(fabric, Fabric.IdentityProtectionKeysOffset, ProtectionKey);
        new FabricKeys(Crypto).DeriveCompressedId(fabric.Data, Fabric.RootPublicKeyOffset, FabricId, fabric.Data, Fabric.CompressedIdOffset);
        fabric.WriteRecord(record);
        Flash.Write("fab.1", record, 0, record.Length);
        Store("fab.1.r", "15300101002402013703241400182604f1abb430260571e2614537062414001824070124080130094104059275f0815b3d329d5616fcf4a0a428fb55af37699d0714da9af14ea265e906f57dbf5f88ef3f74b5ab6691328df429b8ddc6880e82b76f4e9834de18483361370a35012901182402603004144c3e498348e215ef0afb7c2aba723502543355893005144c3e498348e215ef0afb7c2aba7235025433558918300b40241d90923ccb2665b0e7d88ac163729cc3dee83bde142875bfcb10939f5736d37359e83257e1651ec42e9d1411b80b112214e73d528e8f7a00e6e266c36eabd318");
        Store("fab.1.n0", "15300101022402013703241400182604f2abb430260572e2614537062715a3cb460c1dd3c94c2411011824070124080130094104bf75e7ef90e7e5a0231cd28b3d43e5d7088208228e6cb45aa9333c2e9181dc7e20d0ea4ba5ab755051251ce7b87d15cd866f7cc791894fbb0015f71d3b1bce26370a35012801182402013603040204011830041482e78d87eb1d047ccd7bbcea568d4c1b7eb845573005144c3e498348e215ef0afb7c2aba7235025433558918300b40ec9b1796546df5c87dc77b942654b7e90cae09d29360a4bbd381049b9ffcf8bb7ecc9f635853154b9358e2a63ade841450ed07e6969b2a43c9eec7cd422ceb8318");
        Fabrics = new FabricTable(Flash, Crypto);
        Sessions = new SessionManager(this, Flash, Clock, Random, Crypto, Fabrics, null);
        Exchanges = new ExchangeManager(Sessions, this, Clock, Random, null);
        Window = new CommissioningWindow(Clock);
        Handler = new SecureChannelHandler(Exchanges, Fabrics, Window, Worker, Crypto, Crypto, Clock, Random, new SessionParameters(), null);
        Assert.AreEqual(1, Fabrics.Load());
        Sessions.InitFromStorage(Fabrics);
        Handler.Start();
    }

    /// <summary>Begins another exchange.</summary>
    internal void NewExchange()
    {
        _exchange++;
        _received = 0;
    }

    /// <summary>Sends a message of the initiator and lets the device do all that follows.</summary>
    internal void Send(int opcode, byte[] payload, int length)
    {
        Deliver(opcode, payload, length);
        Work();
    }

    /// <summary>Lets the device do what there is to do.</summary>
    internal void Work()
    {
        while (Worker.DeliverCompleted() | Handler.Process(Clock.Milliseconds) <= Clock.Milliseconds)
        {
        }
    }

    /// <summary>Sends a message of the initiator; the device only takes it.</summary>
    internal void Deliver(int opcode, byte[] payload, int length)
    {
        Opcode = -1;
        Payload = null;
        _header.Set(0, 0, ++_counter);
        _header.HasSource = true;
        _header.SourceNodeId = 0x1122334455667788;
        int at = _header.Write(_datagram, 0);
        int flags = PayloadHeader.Initiator | PayloadHeader.Reliable | (_received != 0 ? PayloadHeader.Acknowledgement : 0);
        int room = _received != 0 ? PayloadHeader.MaxWrittenSize : PayloadHeader.MinSize;
        PayloadHeader.WriteBefore(_datagram, at + room, flags, opcode, _exchange, 0, _received);
        Array.Copy(payload, 0, _datagram, at + room, length);
        Exchanges.OnDatagram(_datagram, 0, at + room + length, _address);
    }

    /// <summary>True when the last message is a StatusReport with these codes.</summary>
    internal bool IsReport(int general, int code)
    {
        StatusReport report = new StatusReport();
        return Opcode == SecureChannelProtocol.StatusReport && report.TryRead(Payload, 0, Payload.Length)
            && report.GeneralCode == general && report.IsSecureChannel && report.ProtocolCode == code;
    }

    /// <inheritdoc/>
    public void Send(NetworkAddress to, byte[] buffer, int offset, int length)
    {
        Assert.IsTrue(_header.TryRead(buffer, offset, length));
        if (_header.SessionId != 0)
        {
            return;
        }

        Assert.IsTrue(_payload.TryRead(buffer, offset + _header.Length, length - _header.Length));
        if (_payload.Opcode != SecureChannelProtocol.StandaloneAck)
        {
            int at = _header.Length + _payload.Length;
            _received = _header.Counter;
            Opcode = _payload.Opcode;
            Payload = new byte[length - at];
            Array.Copy(buffer, offset + at, Payload, 0, Payload.Length);
        }
    }

    private static void Put(Fabric fabric, int at, string hex)
    {
        byte[] bytes = Hex.Bytes(hex);
        Array.Copy(bytes, 0, fabric.Data, at, bytes.Length);
    }

    private void Store(string name, string hex)
    {
        byte[] bytes = Hex.Bytes(hex);
        Flash.Write(name, bytes, 0, bytes.Length);
    }
}
