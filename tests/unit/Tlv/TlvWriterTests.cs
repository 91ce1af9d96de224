using MatterNano.Tlv;
using nanoFramework.TestFramework;

namespace NFUnitTest.Tlv;

[TestClass]
public class TlvWriterTests
{
    [TestMethod]
    public void Integers_TakeTheirShortestForm()
    {
        TlvWriter writer = New(200);
        writer.PutSigned(TlvTag.Anonymous, 42);
        writer.PutSigned(TlvTag.Anonymous, -17);
        writer.PutSigned(TlvTag.Anonymous, -170000);
        writer.PutSigned(TlvTag.Anonymous, 40000000000);
        Check(writer, "002a00ef02f067fdff0300902f5009000000");

        writer = New(200);
        writer.PutSigned(TlvTag.Anonymous, -128);
        writer.PutSigned(TlvTag.Anonymous, -129);
        writer.PutSigned(TlvTag.Anonymous, 127);
        writer.PutSigned(TlvTag.Anonymous, 128);
        writer.PutSigned(TlvTag.Anonymous, -32768);
        writer.PutSigned(TlvTag.Anonymous, 32768);
        writer.PutSigned(TlvTag.Anonymous, -2147483648L);
        writer.PutSigned(TlvTag.Anonymous, 2147483648L);
        Check(writer, "0080" + "017fff" + "007f" + "018000" + "010080" + "0200800000" + "0200000080" + "030000008000000000");

        writer = New(200);
        writer.PutUnsigned(TlvTag.Anonymous, 255);
        writer.PutUnsigned(TlvTag.Anonymous, 256);
        writer.PutUnsigned(TlvTag.Anonymous, 65535);
        writer.PutUnsigned(TlvTag.Anonymous, 65536);
        writer.PutUnsigned(TlvTag.Anonymous, 0xffffffff);
        writer.PutUnsigned(TlvTag.Anonymous, 0x100000000);
        writer.PutUnsigned(TlvTag.Anonymous, 0xfedcba9876543210);
        Check(writer, "04ff" + "050001" + "05ffff" + "0600000100" + "06ffffffff" + "070000000001000000" + "071032547698badcfe");
    }

    [TestMethod]
    public void PrintedOthers_AreWritten_A_12()
    {
        TlvWriter writer = New(200);
        writer.PutBoolean(TlvTag.Anonymous, false);
        writer.PutBoolean(TlvTag.Anonymous, true);
        writer.PutNull(TlvTag.Anonymous);
        writer.PutFloat(TlvTag.Anonymous, 17.9f);
        writer.PutDouble(TlvTag.Anonymous, 17.9);
        writer.PutString(TlvTag.Anonymous, "Hello!");
        writer.PutString(TlvTag.Anonymous, "Tsch\u00fcs");
        writer.PutBytes(TlvTag.Anonymous, Hex.Bytes("ff0001020304"), 1, 5);
        writer.PutUtf8(TlvTag.Anonymous, Hex.Bytes("c3bc"), 0, 2);
        Check(writer, "0809140a33338f410b666666666" + "6e631400c0648656c6c6f210c0754736368c3bc7310050001020304" + "0c02c3bc");
    }

    [TestMethod]
    public void EveryTagForm_IsWritten_A_12()
    {
        TlvWriter writer = New(200);
        writer.SetProfile(0xfff1, 0xdeed);
        writer.PutUnsigned(TlvTag.Anonymous, 42);
        writer.PutUnsigned(1, 42);
        writer.PutUnsigned(255, 42);
        writer.PutUnsigned(TlvTag.CommonProfile(1), 42);
        writer.PutUnsigned(TlvTag.CommonProfile(100000), 42);
        writer.PutUnsigned(TlvTag.ImplicitProfile(1), 42);
        writer.PutUnsigned(TlvTag.ImplicitProfile(100000), 42);
        writer.PutUnsigned(TlvTag.FullyQualified(1), 42);
        writer.PutUnsigned(TlvTag.FullyQualified(0x0a55feed), 42);
        Check(writer, "042a" + "24012a" + "24ff2a" + "4401002a" + "64a08601002a" + "8401002a" + "a4a08601002a" + "c4f1ffedde01002a" + "e4f1ffeddeedfe550a2a");
    }

    [TestMethod]
    public void PrintedContainers_AreWritten_A_12()
    {
        TlvWriter writer = New(200);
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutSigned(0, 42);
        writer.PutSigned(1, -17);
        writer.EndContainer();
        writer.StartArray(TlvTag.Anonymous);
        writer.PutSigned(TlvTag.Anonymous, 42);
        writer.StartStructure(TlvTag.Anonymous);
        writer.EndContainer();
        writer.EndContainer();
        writer.StartList(3);
        writer.PutSigned(TlvTag.Anonymous, 1);
        writer.PutSigned(0, 42);
        writer.EndContainer();
        Check(writer, "1520002a2001ef18" + "16002a151818" + "3703000120002a18");
    }

    [TestMethod]
    public void StringLengths_TakeTheirShortestForm()
    {
        // One array for both: two of this size do not fit into the heap of the device.
        byte[] buffer = new byte[65600];
        byte[] value = buffer;
        TlvWriter writer = new TlvWriter();
        writer.Init(buffer, 0, buffer.Length);
        writer.PutBytes(1, value, 0, 255);
        Assert.AreEqual("3001ff", Hex.Text(buffer, 0, 3));
        writer.Init(buffer, 0, buffer.Length);
        writer.PutBytes(1, value, 0, 256);
        Assert.AreEqual("31010001", Hex.Text(buffer, 0, 4));
        writer.Init(buffer, 0, buffer.Length);
        writer.PutUtf8(1, value, 0, 65536);
        Assert.AreEqual("2e0100000100", Hex.Text(buffer, 0, 6));
    }

    [TestMethod]
    public void WhatDoesNotFit_IsLeftOutWhole()
    {
        // Every limit from none to enough: never a byte behind it, and what is there is a prefix of whole elements.
        byte[] bytes = Hex.Bytes("0102030405");
        for (int limit = 0; limit <= 45; limit++)
        {
            byte[] buffer = new byte[60];
            for (int i = 0; i < buffer.Length; i++)
            {
                buffer[i] = 0xa5;
            }

            TlvWriter writer = new TlvWriter();
            writer.Init(buffer, 3, 3 + limit);
            writer.PutUnsigned(1, 0x12345678);
            writer.StartStructure(TlvTag.Anonymous);
            writer.PutString(2, "abc\u00e9");
            writer.PutBytes(3, bytes, 0, 5);
            writer.PutDouble(4, 1.5);
            writer.PutBoolean(5, true);
            writer.EndContainer();
            writer.PutRaw(bytes, 0, 2);
            Assert.AreEqual(limit < 38, writer.Overflow, limit.ToString());
            Assert.IsTrue(writer.Position <= 3 + limit);
            Assert.AreEqual((byte)0xa5, buffer[2]);
            for (int i = writer.Position; i < buffer.Length; i++)
            {
                Assert.AreEqual((byte)0xa5, buffer[i], limit.ToString());
            }
        }
    }

    [TestMethod]
    public void OpenContainers_CanAlwaysBeClosed()
    {
        TlvWriter writer = New(6);
        writer.StartStructure(TlvTag.Anonymous);
        writer.StartArray(1);
        Assert.AreEqual(1, writer.Available);
        int mark = writer.Mark();
        writer.PutUnsigned(TlvTag.Anonymous, 7);
        Assert.IsTrue(writer.Overflow);
        writer.PutNull(TlvTag.Anonymous);
        Assert.AreEqual(3, writer.Length);
        writer.Rollback(mark);
        Assert.IsFalse(writer.Overflow);
        writer.PutNull(TlvTag.Anonymous);
        Assert.AreEqual(0, writer.Available);
        writer.EndContainer();
        writer.EndContainer();
        Check(writer, "153601" + "14" + "1818");
    }

    [TestMethod]
    public void ContainerThatCouldNotBeClosed_IsNotOpened()
    {
        TlvWriter writer = New(1);
        writer.StartStructure(TlvTag.Anonymous);
        Assert.IsTrue(writer.Overflow);
        Assert.AreEqual(0, writer.Length);
        Assert.AreEqual(0, writer.Depth);
    }

    [TestMethod]
    public void Rollback_ForgetsContainersOpenedAndClosedSince()
    {
        TlvWriter writer = New(40);
        writer.StartStructure(TlvTag.Anonymous);
        writer.StartArray(1);
        int mark = writer.Mark();
        writer.StartStructure(TlvTag.Anonymous);
        writer.StartList(1);
        writer.Rollback(mark);
        Assert.AreEqual(2, writer.Depth);
        writer.EndContainer();
        writer.EndContainer();
        Check(writer, "1536011818");

        writer = New(40);
        writer.StartStructure(TlvTag.Anonymous);
        writer.StartArray(1);
        mark = writer.Mark();
        writer.EndContainer();
        writer.EndContainer();
        writer.Rollback(mark);
        Assert.AreEqual(2, writer.Depth);
        writer.EndContainer();
        writer.EndContainer();
        Check(writer, "1536011818");
    }

    [TestMethod]
    public void ReservedBytes_AreKeptUntilReleased()
    {
        TlvWriter writer = New(10);
        Assert.IsTrue(writer.Reserve(4));
        writer.StartStructure(TlvTag.Anonymous);
        writer.PutUnsigned(1, 7);
        Assert.AreEqual(1, writer.Available);
        int mark = writer.Mark();
        writer.PutBoolean(2, true);
        Assert.IsTrue(writer.Overflow);
        writer.Rollback(mark);
        writer.Release(4);
        writer.PutBoolean(2, true);
        writer.EndContainer();
        Assert.IsFalse(writer.Overflow);
        Check(writer, "15" + "240107" + "2902" + "18");
        Assert.IsFalse(writer.Reserve(4));
        Assert.IsTrue(writer.Overflow);
    }

    [TestMethod]
    public void CopiedElement_GetsANewTagAndKeepsItsContent()
    {
        byte[] bytes = Hex.Bytes("15" + "3501" + "240207" + "36030814" + "18" + "18" + "18");
        TlvReader reader = new TlvReader();
        reader.Init(bytes, 0, bytes.Length);
        Assert.IsTrue(reader.Next() && reader.Enter() && reader.Next());
        TlvWriter writer = New(40);
        Assert.IsTrue(writer.CopyElement(TlvTag.Anonymous, reader));
        Assert.IsTrue(writer.CopyElement(9, reader));
        Assert.IsFalse(reader.Next());
        Assert.IsFalse(reader.HasError);
        Check(writer, "15" + "240207" + "36030814" + "18" + "18" + "3509" + "240207" + "36030814" + "18" + "18");

        bytes = Hex.Bytes("3101" + "0200" + "abcd");
        reader.Init(bytes, 0, bytes.Length);
        Assert.IsTrue(reader.Next());
        writer = New(40);
        Assert.IsTrue(writer.CopyElement(TlvTag.Anonymous, reader));
        Check(writer, "110200abcd");

        bytes = Hex.Bytes("3501" + "3501");
        reader.Init(bytes, 0, bytes.Length);
        Assert.IsTrue(reader.Next());
        writer = New(40);
        Assert.IsFalse(writer.CopyElement(1, reader));
        Assert.AreEqual(0, writer.Length);
    }

    [TestMethod]
    public void BytesInPlace_LeaveRoomForTheCaller()
    {
        TlvWriter writer = New(10);
        int at = writer.PutBytesInPlace(1, 3);
        Assert.AreEqual(3, at);
        writer.Buffer[at] = 1;
        writer.Buffer[at + 1] = 2;
        writer.Buffer[at + 2] = 3;
        int mark = writer.Mark();
        Assert.AreEqual(-1, writer.PutBytesInPlace(2, 2));
        writer.Rollback(mark);
        Check(writer, "300103010203");
    }

    [TestMethod]
    public void EndWithoutStart_IsTheCallersMistake()
    {
        TlvWriter writer = New(10);
        Assert.ThrowsException(typeof(System.InvalidOperationException), () => writer.EndContainer());
        Assert.ThrowsException(typeof(System.ArgumentOutOfRangeException), () => writer.Init(new byte[3], 0, 4));
    }

    [TestMethod]
    public void Utf8_KnowsItsShortestForms()
    {
        // Not U+0000: a string of nanoCLR ends there.
        CheckText("7f", "\u007f");
        CheckText("c280", "\u0080");
        CheckText("dfbf", "\u07ff");
        CheckText("e0a080", "\u0800");
        CheckText("ed9fbf", "\ud7ff");
        CheckText("ee8080", "\ue000");
        CheckText("f09f92a1", "\ud83d\udca1");
        CheckText("f48fbfbf", "\udbff\udfff");
        string[] bad = new string[] { "80", "c0", "c080", "c1bf", "c2", "c27f", "e08080", "e09fbf", "eda080", "edbfbf", "e282", "f08080", "f0808080", "f08fbfbf", "f4908080", "f5808080", "ff", "fe", "41c2", "f09f92" };
        for (int i = 0; i < bad.Length; i++)
        {
            byte[] bytes = Hex.Bytes(bad[i]);
            Assert.IsFalse(Utf8.IsValid(bytes, 0, bytes.Length), bad[i]);
            Assert.IsNull(Utf8.GetString(bytes, 0, bytes.Length), bad[i]);
        }

        Assert.AreEqual(string.Empty, Utf8.GetString(new byte[0], 0, 0));
    }

    private static void CheckText(string hex, string text)
    {
        byte[] bytes = Hex.Bytes(hex);
        Assert.AreEqual(text, Utf8.GetString(bytes, 0, bytes.Length), hex);
        Assert.AreEqual(bytes.Length, Utf8.GetByteCount(text), hex);
        byte[] written = new byte[8];
        Assert.AreEqual(bytes.Length, Utf8.GetBytes(text, written, 0));
        Assert.AreEqual(hex, Hex.Text(written, 0, bytes.Length));
    }

    private static TlvWriter New(int size)
    {
        TlvWriter writer = new TlvWriter();
        writer.Init(new byte[size], 0, size);
        return writer;
    }

    private static void Check(TlvWriter writer, string hex)
    {
        Assert.IsFalse(writer.Overflow);
        Assert.AreEqual(hex, Hex.Text(writer.Buffer, 0, writer.Length));
    }
}
