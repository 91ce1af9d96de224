using System;
using MatterNano;
using MatterNano.Messaging;
using nanoFramework.TestFramework;

namespace NFUnitTest.Messaging;

/// <summary>Message and protocol headers, Core 4.4. Bytes of matter.js' MessageCodecTest and its malformed relatives.</summary>
[TestClass]
public class HeaderTests
{
    private const string Request = "040000000a4ff2177ea0c8a7cb6a63520520d364000015300120";

    [TestMethod]
    public void SourceNode_IsRead_4_4_1()
    {
        byte[] bytes = Hex.Bytes(Request);
        MessageHeader header = new MessageHeader();
        Assert.IsTrue(header.TryRead(bytes, 0, bytes.Length));
        Assert.AreEqual(0, header.SessionId);
        Assert.AreEqual(0, header.SecurityFlags);
        Assert.AreEqual(401755914U, header.Counter);
        Assert.IsTrue(header.HasSource);
        Assert.AreEqual(0x52636acba7c8a07eUL, header.SourceNodeId);
        Assert.AreEqual(MessageHeader.NoDestination, header.DestinationKind);
        Assert.AreEqual(16, header.Length);
        PayloadHeader payload = new PayloadHeader();
        Assert.IsTrue(payload.TryRead(bytes, 16, bytes.Length - 16));
        Assert.AreEqual(PayloadHeader.Initiator | PayloadHeader.Reliable, payload.Flags);
        Assert.AreEqual(0x20, payload.Opcode);
        Assert.AreEqual(25811, payload.ExchangeId);
        Assert.AreEqual(0, payload.ProtocolId);
        Assert.AreEqual(6, payload.Length);
    }

    [TestMethod]
    public void DestinationNodeAndAcknowledgement_AreRead_4_4_3()
    {
        byte[] bytes = Hex.Bytes("01000000218712797ea0c8a7cb6a63520621d36400000a4ff2171530");
        MessageHeader header = new MessageHeader();
        Assert.IsTrue(header.TryRead(bytes, 0, bytes.Length));
        Assert.AreEqual(2031257377U, header.Counter);
        Assert.IsFalse(header.HasSource);
        Assert.AreEqual(MessageHeader.NodeDestination, header.DestinationKind);
        Assert.AreEqual(0x52636acba7c8a07eUL, header.Destination);
        PayloadHeader payload = new PayloadHeader();
        Assert.IsTrue(payload.TryRead(bytes, 16, bytes.Length - 16));
        Assert.AreEqual(401755914U, payload.AcknowledgedCounter);
        Assert.AreEqual(10, payload.Length);
    }

    [TestMethod]
    public void Extensions_ArePassedOver_4_4_1_And_4_4_3()
    {
        byte[] bytes = Hex.Bytes("040000200a4ff2177ea0c8a7cb6a635203000102030d20d364000003000102031530");
        MessageHeader header = new MessageHeader();
        Assert.IsTrue(header.TryRead(bytes, 0, bytes.Length));
        Assert.AreEqual(21, header.Length);
        PayloadHeader payload = new PayloadHeader();
        Assert.IsTrue(payload.TryRead(bytes, 21, bytes.Length - 21));
        Assert.AreEqual(11, payload.Length);
        for (int length = 0; length < 21; length++)
        {
            Assert.IsFalse(header.TryRead(bytes, 0, length), "header cut after " + length);
        }

        for (int length = 0; length < 11; length++)
        {
            Assert.IsFalse(payload.TryRead(bytes, 21, length), "protocol header cut after " + length);
        }
    }

    [TestMethod]
    public void CutAnywhere_IsRefused_4_4()
    {
        byte[] bytes = Hex.Bytes(Request);
        MessageHeader header = new MessageHeader();
        for (int length = 0; length < 16; length++)
        {
            Assert.IsFalse(header.TryRead(bytes, 0, length), "cut after " + length);
        }

        PayloadHeader payload = new PayloadHeader();
        for (int length = 0; length < 6; length++)
        {
            Assert.IsFalse(payload.TryRead(bytes, 16, length), "cut after " + length);
        }
    }

    [TestMethod]
    public void ReservedDestinationAndOtherVersion_AreRefused_4_4_1()
    {
        byte[] bytes = Hex.Bytes(Request);
        MessageHeader header = new MessageHeader();
        bytes[0] = 0x07;
        Assert.IsFalse(header.TryRead(bytes, 0, bytes.Length));
        bytes[0] = 0x14;
        Assert.IsFalse(header.TryRead(bytes, 0, bytes.Length));
    }

    [TestMethod]
    public void VendorProtocol_IsNotOneOfOurs_4_4_3()
    {
        byte[] bytes = Hex.Bytes("1102d364f1ff01000915");
        PayloadHeader payload = new PayloadHeader();
        Assert.IsTrue(payload.TryRead(bytes, 0, bytes.Length));
        Assert.AreEqual(1, payload.ProtocolId & 0xffff);
        Assert.AreNotEqual(ProtocolId.InteractionModel, payload.ProtocolId);
        Assert.AreEqual(8, payload.Length);
    }

    [TestMethod]
    public void EveryForm_IsWrittenAndReadBack_4_4_1()
    {
        for (int form = 0; form < 6; form++)
        {
            MessageHeader header = new MessageHeader();
            header.Set(0xfedc, form == 5 ? MessageHeader.Group : 0, 0xfffffff0);
            header.HasSource = (form & 1) != 0;
            header.SourceNodeId = header.HasSource ? 0xf123456789abcdefUL : 0;
            header.DestinationKind = form >> 1;
            header.Destination = form >> 1 == 0 ? 0 : form >> 1 == 2 ? 0xffeeUL : 0x8123456789abcdefUL;
            byte[] bytes = Hex.Filled(40);
            int length = header.Write(bytes, 5);
            Assert.AreEqual(header.WrittenSize, length);
            Assert.AreEqual((byte)0xa5, bytes[4]);
            Assert.AreEqual((byte)0xa5, bytes[5 + length]);
            Assert.AreEqual(length, MessageHeader.SizeOf(bytes[5]));
            MessageHeader read = new MessageHeader();
            Assert.IsTrue(read.TryRead(bytes, 5, length));
            Assert.AreEqual(header.SessionId, read.SessionId);
            Assert.AreEqual(header.SecurityFlags, read.SecurityFlags);
            Assert.AreEqual(header.Counter, read.Counter);
            Assert.AreEqual(header.SourceNodeId, read.SourceNodeId);
            Assert.AreEqual(header.DestinationKind, read.DestinationKind);
            Assert.AreEqual(header.Destination, read.Destination);
            Assert.AreEqual(length, read.Length);
        }
    }

    [TestMethod]
    public void ProtocolHeader_IsWrittenBeforeThePayload_4_4_3()
    {
        byte[] bytes = Hex.Filled(20);
        Assert.AreEqual(14, PayloadHeader.WriteBefore(bytes, 20, 5, 0x20, 25811, 0, 7));
        Assert.AreEqual("a5a50520d3640000", Hex.Text(bytes, 12, 8));
        bytes = Hex.Filled(20);
        Assert.AreEqual(9, PayloadHeader.WriteBefore(bytes, 19, 6, 0x21, 25811, 0, 401755914));
        Assert.AreEqual("a50621d36400000a4ff217a5", Hex.Text(bytes, 8, 12));
    }
}
