using MatterNano.Discovery;
using nanoFramework.TestFramework;

namespace NFUnitTest.Discovery;

[TestClass]
public class DnsTests
{
    // RFC 1035 4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92; here one question each.
    [TestMethod]
    public void Names_ShareTheirEnds_AsInTheExampleOfRfc1035()
    {
        byte[] expected =
        {
            0x12, 0x34, 0x84, 0, 0, 4, 0, 0, 0, 0, 0, 0,
            1, (byte)'F', 3, (byte)'I', (byte)'S', (byte)'I', 4, (byte)'A', (byte)'R', (byte)'P', (byte)'A', 0, 0, 12, 0, 1,
            3, (byte)'F', (byte)'O', (byte)'O', 0xc0, 12, 0, 12, 0, 1,
            0xc0, 18, 0, 12, 0, 1,
            0, 0, 12, 0x80, 1,
        };
        string[] names = { "F.ISI.ARPA", "FOO.F.ISI.ARPA", "ARPA", "" };
        byte[] buffer = new byte[60];
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = 0xa5;
        }

        DnsWriter writer = new DnsWriter();
        writer.Init(buffer, 3, buffer.Length, 0x1234, 0x8400);
        for (int i = 0; i < names.Length; i++)
        {
            writer.PutName(Wire(names[i]), 0);
            writer.PutUInt16(12);
            writer.PutUInt16(i == 3 ? 0x8001 : 1);
        }

        writer.SetCount(0, 4);
        Assert.AreEqual(expected.Length, writer.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], buffer[3 + i], "byte " + i.ToString());
        }

        Assert.AreEqual((byte)0xa5, buffer[2]);
        Assert.AreEqual((byte)0xa5, buffer[3 + expected.Length]);
        DnsReader reader = new DnsReader();
        Assert.IsTrue(reader.Init(buffer, 3, expected.Length));
        Assert.AreEqual(0x1234, reader.Id);
        Assert.AreEqual(4, reader.QuestionCount);
        for (int i = 0; i < names.Length; i++)
        {
            Assert.IsTrue(reader.ReadQuestion());
            Assert.AreEqual(names[i], Text(reader.Name));
            Assert.AreEqual(12, reader.Type);
            Assert.AreEqual(1, reader.Class);
            Assert.AreEqual(i == 3, reader.IsTopBitSet);
        }

        Assert.IsFalse(reader.ReadQuestion());
        Assert.IsTrue(reader.HasError);
    }

    [TestMethod]
    public void Message_CutAtAnyLengthFailsWithoutReadingOn()
    {
        byte[] buffer = new byte[80];
        DnsWriter writer = new DnsWriter();
        writer.Init(buffer, 0, 80, 0, 0);
        writer.PutName(Wire("a.local"), 0);
        writer.BeginData(33, 1, 120);
        writer.PutUInt32(0);
        writer.PutUInt16(5540);
        writer.PutName(Wire("b.local"), 0);
        writer.EndData();
        int length = writer.Length;
        DnsReader reader = new DnsReader();
        for (int cut = 0; cut < length; cut++)
        {
            Assert.IsFalse(reader.Init(buffer, 0, cut) && reader.ReadRecord(), cut.ToString());
            Assert.IsTrue(reader.HasError);
        }

        Assert.IsTrue(reader.Init(buffer, 0, length) && reader.ReadRecord());
        Assert.AreEqual(120U, reader.Ttl);
        byte[] target = new byte[DnsReader.MaxName];
        Assert.AreEqual(9, reader.ReadDataName(6, target));
        Assert.AreEqual("b.local", Text(target));
        Assert.AreEqual(-1, reader.ReadDataName(5, target));
        Assert.AreEqual(-1, reader.ReadDataName(reader.DataLength, target));
    }

    [TestMethod]
    public void Pointer_ThatDoesNotLeadBackwardsIsRefused()
    {
        // To itself, forwards, into the header, out of the message, and cut in two.
        CheckRefused(new byte[] { 0xc0, 12 });
        CheckRefused(new byte[] { 0xc0, 14, 1, (byte)'a', 0 });
        CheckRefused(new byte[] { 0xc0, 0 });
        CheckRefused(new byte[] { 0xff, 0xff });
        CheckRefused(new byte[] { 0xc0 });
        // Two that point at each other, and a label that leads back to itself.
        CheckRefused(new byte[] { 0xc0, 14, 0xc0, 12 });
        CheckRefused(new byte[] { 1, (byte)'a', 0xc0, 12 });
        // Reserved label kinds.
        CheckRefused(new byte[] { 0x40, (byte)'a', 0 });
        CheckRefused(new byte[] { 0x80, (byte)'a', 0 });
    }

    [TestMethod]
    public void Pointer_ChainBackwardsIsFollowedToItsEnd()
    {
        // "a" at 12, then names that each point to the one before: the last is z.a-fashioned and still finite.
        byte[] buffer = new byte[12 + 7 + 8 * 50];
        buffer[12] = 1;
        buffer[13] = (byte)'a';
        int position = 12 + 7;
        int previous = 12;
        for (int i = 0; i < 50; i++)
        {
            buffer[position] = 1;
            buffer[position + 1] = (byte)'b';
            buffer[position + 2] = (byte)(0xc0 | (previous >> 8));
            buffer[position + 3] = (byte)previous;
            previous = position;
            position += 8;
        }

        DnsReader reader = new DnsReader();
        reader.Init(buffer, 0, buffer.Length);
        for (int i = 0; i < 51; i++)
        {
            Assert.IsTrue(reader.ReadQuestion());
            Assert.AreEqual(3 + 2 * i, reader.NameLength);
        }
    }

    [TestMethod]
    public void Name_Of255BytesIsRead_AndOneOf256IsNot()
    {
        byte[] buffer = new byte[12 + 256 + 4];
        for (int label = 0; label < 4; label++)
        {
            buffer[12 + 64 * label] = 63;
        }

        buffer[12 + 192] = 61;
        buffer[12 + 254] = 0;
        DnsReader reader = new DnsReader();
        reader.Init(buffer, 0, buffer.Length);
        Assert.IsTrue(reader.ReadQuestion());
        Assert.AreEqual(255, reader.NameLength);
        buffer[12 + 192] = 62;
        reader.Init(buffer, 0, buffer.Length);
        Assert.IsFalse(reader.ReadQuestion());
    }

    [TestMethod]
    public void Writer_ThatIsFullSaysSo_AndRollsBackWithItsPointers()
    {
        byte[] buffer = new byte[64];
        DnsWriter writer = new DnsWriter();
        for (int limit = 12; limit < 12 + 9; limit++)
        {
            buffer[limit] = 0xa5;
            writer.Init(buffer, 0, limit, 0, 0);
            int mark = writer.Mark();
            writer.PutName(Wire("a.local"), 0);
            Assert.IsTrue(writer.Overflow, limit.ToString());
            Assert.AreEqual((byte)0xa5, buffer[limit]);
            writer.PutName(Wire("a.local"), 0);
            writer.Rollback(mark);
            Assert.AreEqual(12, writer.Length);
            Assert.IsFalse(writer.Overflow);
        }

        // After a rollback nothing points into what is gone.
        writer.Init(buffer, 0, 64, 0, 0);
        int begin = writer.Mark();
        writer.PutName(Wire("a.local"), 0);
        writer.Rollback(begin);
        writer.PutName(Wire("local"), 0);
        Assert.AreEqual(12 + 7, writer.Length);
        writer.PutName(Wire("a.local"), 0);
        Assert.AreEqual(12 + 7 + 4, writer.Length);
    }

    internal static byte[] Wire(string name)
    {
        byte[] wire = new byte[name.Length == 0 ? 1 : name.Length + 2];
        int label = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '.')
            {
                label = i + 1;
            }
            else
            {
                wire[i + 1] = (byte)name[i];
                wire[label]++;
            }
        }

        return wire;
    }

    internal static string Text(byte[] wire)
    {
        char[] text = new char[DnsReader.MaxName];
        int length = 0;
        for (int position = 0; wire[position] != 0; position += wire[position] + 1)
        {
            if (length > 0)
            {
                text[length++] = '.';
            }

            for (int i = 1; i <= wire[position]; i++)
            {
                text[length++] = (char)wire[position + i];
            }
        }

        return new string(text, 0, length);
    }

    private static void CheckRefused(byte[] name)
    {
        byte[] buffer = new byte[12 + name.Length + 4];
        for (int i = 0; i < name.Length; i++)
        {
            buffer[12 + i] = name[i];
        }

        DnsReader reader = new DnsReader();
        reader.Init(buffer, 0, name.Length == 1 ? 13 : buffer.Length);
        Assert.IsFalse(reader.ReadQuestion());
    }
}
