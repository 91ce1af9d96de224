using System;
using System.Collections;
using MatterNano;
using MatterNano.Crypto;
using MatterNano.Messaging;
using MatterNano.Platform;
using MatterNano.Sessions;
using MatterNano.Storage;

namespace NFUnitTest.Interaction;

/// <summary>Sessions and exchanges of one end of an <see cref="ImLink"/>. The controller's end notes what it receives.</summary>
public sealed class ImSide : IDatagramSender, IProtocolHandler, IFabrics
{
    public readonly SessionManager Sessions;
    public readonly ExchangeManager Exchanges;
    public readonly NetworkAddress Address = new NetworkAddress();
    public readonly ArrayList Sent = new ArrayList();
    public ulong NodeId;
    public Exchange LastExchange;
    public int LastOpcode;
    public byte[] LastPayload;
    public int Messages;

    // Takes what this side sends, in place of Sent.
    public IDatagramSender Tap;

    // The exchanges of all messages received, when it is set.
    public ArrayList Exchanged;

    // Datagrams to this side that are lost: all of them while it is true.
    public bool IsDeaf;

    public ImSide(ImLink link, int number, ImSide device)
    {
        Address.SetIPv4(192, 0, 2, (byte)number, 5540);
        Sessions = new SessionManager(this, new MemoryFlash(), link, link, new SymmetricCrypto(), device == null ? link : (IFabrics)this, null);
        Exchanges = new ExchangeManager(Sessions, this, link, link, null);
        if (device != null)
        {
            Exchanges.Register(ProtocolId.InteractionModel, this);
        }
    }

    /// <summary>The last message as text.</summary>
    public string Told
    {
        get { return LastPayload == null ? string.Empty : ImText.Tell(LastOpcode, LastPayload); }
    }

    public void DeliverTo(ImSide other)
    {
        while (Sent.Count > 0)
        {
            byte[] datagram = (byte[])Sent[0];
            Sent.RemoveAt(0);
            if (!other.IsDeaf)
            {
                other.Exchanges.OnDatagram(datagram, 0, datagram.Length, Address);
            }
        }
    }

    public void Send(NetworkAddress to, byte[] buffer, int offset, int length)
    {
        if (Tap != null)
        {
            Tap.Send(to, buffer, offset, length);
            return;
        }

        byte[] copy = new byte[length];
        Array.Copy(buffer, offset, copy, 0, length);
        Sent.Add(copy);
    }

    /// <inheritdoc/>
    public bool HasRoomFor(Session session, Exchange exchange, int opcode)
    {
        return true;
    }

    public void OnMessage(Exchange exchange, int opcode, byte[] buffer, int offset, int length)
    {
        Messages++;
        LastExchange = exchange;
        if (Exchanged != null)
        {
            Exchanged.Add(exchange);
        }

        LastOpcode = opcode;
        LastPayload = new byte[length];
        Array.Copy(buffer, offset, LastPayload, 0, length);
    }

    public void OnAcknowledged(Exchange exchange)
    {
    }

    public void OnExchangeEnded(Exchange exchange, int reason)
    {
    }

    public bool ContainsFabric(int fabricIndex)
    {
        return true;
    }

    public object FindFabric(int fabricIndex)
    {
        return this;
    }

    public ulong GetNodeId(int fabricIndex)
    {
        return NodeId;
    }

    public bool GetCompressedFabricId(int fabricIndex, byte[] buffer, int offset)
    {
        buffer[offset] = (byte)fabricIndex;
        return true;
    }
}
