using System;
using System.Collections.Generic;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Peer;
using MatterNano.Platform;
using MatterNano.SecureChannel;
using MatterNano.Sessions;
using MatterNano.Storage;

namespace MatterNano.Simulation;

/// <summary>The lower half of a node, from datagrams to sessions, on the virtual network. Its flash outlives it.</summary>
public sealed class VirtualNode : ITimed, IDatagramSender
{
    private readonly VirtualTime _time;
    /// <summary>What tells the node's own session parameters from those of its peers.</summary>
    public const uint OwnActiveThreshold = 4321;

    private readonly VirtualNetwork _network;
    private readonly NetworkAddress _source = new();
    private readonly byte[] _buffer = new byte[2048];

    public VirtualNode(VirtualTime time, VirtualNetwork network, int host, int seed, IFlash flash = null, bool start = true)
    {
        _time = time;
        _network = network;
        Number = host;
        Flash = flash ?? new MemoryFlash();
        Random = new SeededRandom(seed);
        Worker = new VirtualWorker(time);
        SymmetricCrypto crypto = new();
        Fabrics = new FabricTable(Flash, crypto);
        Sessions = new SessionManager(this, Flash, time, Random, crypto, Fabrics, null);
        Exchanges = new ExchangeManager(Sessions, this, time, Random, null);
        Window = new CommissioningWindow(time);
        SecureChannel = new SecureChannelHandler(Exchanges, Fabrics, Window, Worker, crypto, crypto, time, Random, new SessionParameters { ActiveThreshold = OwnActiveThreshold }, null);
        Echo = new EchoHandler();
        Exchanges.Register(ProtocolId.InteractionModel, Echo);
        Sessions.SessionOpened += s => Opened.Add(s.Name);
        Sessions.SessionClosed += s => Closed.Add(s.Name);
        Fabrics.Load();
        Sessions.InitFromStorage(Fabrics);
        if (start)
        {
            SecureChannel.Start();
        }

        network.Attach(host, OnDatagram);
        time.Add(this);
    }

    public int Number { get; }

    public IFlash Flash { get; }

    public SeededRandom Random { get; }

    public VirtualWorker Worker { get; }

    public FabricTable Fabrics { get; }

    public SessionManager Sessions { get; }

    public ExchangeManager Exchanges { get; }

    public CommissioningWindow Window { get; }

    public SecureChannelHandler SecureChannel { get; }

    public EchoHandler Echo { get; }

    public List<string> Opened { get; } = new();

    public List<string> Closed { get; } = new();

    /// <summary>Puts the node on a fabric as a commissioner does.</summary>
    public Fabric Join(PeerFabric fabric, ulong nodeId)
    {
        byte[] root = fabric.RootCertificate;
        if (!Fabrics.AddTrustedRoot(root, 0, root.Length))
        {
            throw new InvalidOperationException("the flash refused the root");
        }

        byte[] csr = new byte[Csr.MaxLength];
        int length = Fabrics.CreateCsr(Random, false, csr, 0, csr.Length);
        int key = csr.AsSpan(0, length).IndexOf(new byte[] { 0x03, 0x42, 0x00, 0x04 }) + 3;
        byte[] noc = fabric.IssueNoc(nodeId, csr.AsSpan(key, 65).ToArray());
        byte[] icac = fabric.IntermediateCertificate ?? Array.Empty<byte>();
        CertificateChain chain = new(_time);
        int status = chain.Load(root, 0, root.Length, icac, 0, icac.Length, noc, 0, noc.Length);
        if (status == 0)
        {
            byte[] scratch = new byte[MatterCertificate.MaxToBeSigned];
            status = chain.VerifyRootSignature(scratch, 0, scratch.Length);
            status = status != 0 ? status : chain.VerifySignatures(scratch, 0, scratch.Length);
        }

        if (status != 0)
        {
            throw new InvalidOperationException("certificate status " + status);
        }

        status = Fabrics.AddNoc(chain, noc, 0, noc.Length, icac, 0, icac.Length, fabric.EpochKey, 0, 0xfff1, out Fabric added);
        if (status != 0 || !Fabrics.Commit())
        {
            throw new InvalidOperationException("AddNOC status " + status);
        }

        return added;
    }

    /// <summary>Opens a commissioning window for a passcode.</summary>
    public void OpenWindow(uint passcode, int seconds = 900)
    {
        byte[] salt = new byte[32];
        Random.Fill(salt, 0, 32);
        byte[] verifier = PeerCrypto.Verifier(passcode, salt, 1000);
        Window.OpenEnhanced(seconds, 0, 0, verifier, 0, 1000, salt, 0, salt.Length, 3840);
    }

    /// <summary>Takes the node off the network without a word.</summary>
    public void PowerOff()
    {
        _network.Detach(Number);
        _time.Remove(this);
    }

    public void Send(NetworkAddress to, byte[] buffer, int offset, int length) =>
        _network.Send(Number, VirtualNetwork.HostOf(to), buffer.AsSpan(offset, length).ToArray());

    public long Step(long now)
    {
        while (Worker.DeliverCompleted())
        {
        }

        long next = Math.Min(Exchanges.Process(now), SecureChannel.Process(now));
        return Math.Min(next, Math.Min(Window.Process(now), Worker.NextReady));
    }

    private void OnDatagram(int from, byte[] bytes)
    {
        VirtualNetwork.SetAddress(_source, from);
        bytes.CopyTo(_buffer, 0);
        Exchanges.OnDatagram(_buffer, 0, bytes.Length, _source);
    }
}

/// <summary>Stands for the interaction model: sends each payload back, and remembers what came.</summary>
public sealed class EchoHandler : IProtocolHandler
{
    public List<byte[]> Received { get; } = new();

    public bool HasRoomFor(Session session, Exchange exchange, int opcode)
    {
        return true;
    }

    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        Received.Add(buffer.AsSpan(offset, length).ToArray());
        MessageBuffer message = exchange.BeginMessage();
        Array.Copy(buffer, offset, message.Data, message.PayloadOffset, length);
        exchange.Send(message, opcode, length, SendFlags.Reliable);
        exchange.Close();
    }

    public void OnAcknowledged(Exchange exchange)
    {
    }

    public void OnExchangeEnded(Exchange exchange, int reason)
    {
    }
}
