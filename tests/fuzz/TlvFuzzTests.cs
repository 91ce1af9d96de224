using System;
using System.Text;
using MatterNano.Tlv;
using Xunit;

namespace MatterNano.Fuzz;

public class TlvFuzzTests
{
    [Fact]
    public void RandomBytes_EndWithoutExceptionInAtMostOneStepPerByte()
    {
        Random random = new Random(1);
        for (int round = 0; round < Rounds.Of(40000); round++)
        {
            byte[] bytes = new byte[random.Next(1, 120)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
            {
                // Mostly control bytes: deeper nesting and more elements than blind chance gives.
                for (int i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = random.Next(4) == 0 ? (byte)0x18 : (byte)(bytes[i] % 0x39);
                }
            }

            Walk(bytes, random);
        }
    }

    [Fact]
    public void RandomTrees_AreReadAsTheyWereWritten()
    {
        Random random = new Random(2);
        TlvReader reader = new TlvReader();
        for (int round = 0; round < Rounds.Of(4000); round++)
        {
            byte[] buffer = new byte[2000];
            TlvWriter writer = new TlvWriter();
            writer.Init(buffer, 7, buffer.Length);
            StringBuilder written = new StringBuilder();
            writer.SetProfile(random.Next(0x10000), random.Next(0x10000));
            WriteElement(writer, random, TlvTag.Anonymous, 0, written);
            Assert.False(writer.Overflow);
            reader.Init(buffer, 7, writer.Length);
            StringBuilder read = new StringBuilder();
            ReadAll(reader, read);
            Assert.False(reader.HasError);
            Assert.Equal(written.ToString(), read.ToString());

            // A copy through the reader is the same bytes; every cut is an error; every change of one byte ends.
            reader.Init(buffer, 7, writer.Length);
            Assert.True(reader.Next());
            byte[] copy = new byte[2000];
            TlvWriter copier = new TlvWriter();
            copier.Init(copy, 0, copy.Length);
            Assert.True(copier.CopyElement(TlvTag.Anonymous, reader));
            Assert.Equal(buffer.AsSpan(7, writer.Length).ToArray(), copy.AsSpan(0, copier.Length).ToArray());

            int cut = random.Next(writer.Length);
            reader.Init(buffer, 7, cut);
            ReadAll(reader, new StringBuilder());
            Assert.True(cut == 0 || reader.HasError);

            byte[] changed = buffer.AsSpan(7, writer.Length).ToArray();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            Walk(changed, random);
        }
    }

    [Fact]
    public void RandomLimits_NeverOverrunAndCanAlwaysBeClosed()
    {
        Random random = new Random(3);
        TlvReader reader = new TlvReader();
        for (int round = 0; round < Rounds.Of(10000); round++)
        {
            int limit = random.Next(200);
            byte[] buffer = new byte[220];
            Array.Fill(buffer, (byte)0xa5);
            TlvWriter writer = new TlvWriter();
            writer.Init(buffer, 3, 3 + limit);

            // A list that takes as many members as fit, the way a report is cut into messages.
            writer.StartStructure(TlvTag.Anonymous);
            writer.StartArray(1);
            if (writer.Overflow)
            {
                Assert.True(limit < 5);
                continue;
            }

            while (true)
            {
                int mark = writer.Mark();
                StringBuilder ignored = new StringBuilder();
                WriteElement(writer, random, TlvTag.Anonymous, 1, ignored);
                if (writer.Overflow)
                {
                    writer.Rollback(mark);
                    break;
                }
            }

            Assert.Equal(2, writer.Depth);
            writer.EndContainer();
            writer.EndContainer();
            Assert.False(writer.Overflow);
            reader.Init(buffer, 3, writer.Length);
            ReadAll(reader, new StringBuilder());
            Assert.False(reader.HasError);
            Assert.Equal(0xa5, buffer[2]);
            for (int i = 3 + limit; i < buffer.Length; i++)
            {
                Assert.Equal(0xa5, buffer[i]);
            }
        }
    }

    // Random moves of a reader: at most a few steps for each byte, then it is at its end or has an error.
    private static void Walk(byte[] bytes, Random random)
    {
        byte[] before = (byte[])bytes.Clone();
        TlvReader reader = new TlvReader();
        reader.Init(bytes, 0, bytes.Length);
        for (int steps = 0; ; steps++)
        {
            Assert.True(steps <= (3 * bytes.Length) + 3, Convert.ToHexString(bytes));
            if (reader.Next())
            {
                int from = reader.ElementOffset;
                Assert.InRange(from, 0, bytes.Length - 1);
                if (random.Next(2) == 0)
                {
                    int length = reader.ElementLength;
                    Assert.True(length == -1 ? reader.HasError : length >= 1 && from + length <= bytes.Length);
                }

                Touch(reader);
                if (reader.IsContainer && random.Next(4) != 0)
                {
                    reader.Enter();
                }
            }
            else if (reader.HasError || reader.Depth == 0)
            {
                break;
            }
            else
            {
                reader.Exit();
            }
        }

        Assert.False(reader.Next());
        Assert.Equal(before, bytes);
    }

    private static void Touch(TlvReader reader)
    {
        reader.TryGetBoolean(out _);
        reader.TryGetDouble(out _);
        reader.TryGetFloat(out _);
        reader.TryGetSigned(out _);
        reader.TryGetUnsigned(out ulong _);
        reader.TryGetUnsigned(7, out uint _);
        reader.TryGetString(out _);
        Assert.InRange(reader.ValueOffset + reader.ValueLength, 0, reader.Buffer.Length);
        _ = reader.Tag;
    }

    private static uint RandomTag(Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                return TlvTag.CommonProfile((uint)random.Next(0x10000000));
            case 1:
                return TlvTag.ImplicitProfile((uint)random.Next(0x10000));
            case 2:
                return TlvTag.FullyQualified((uint)random.Next(0x10000000));
            default:
                return (uint)random.Next(256);
        }
    }

    private static void WriteElement(TlvWriter writer, Random random, uint tag, int depth, StringBuilder text)
    {
        text.Append(tag.ToString("x")).Append(':');
        int type = random.Next(depth > 6 ? 8 : 12);
        if (depth == 0)
        {
            type = 9 + random.Next(3);
        }

        switch (type)
        {
            case 0:
                long signed = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                writer.PutSigned(tag, signed);
                text.Append(signed);
                break;
            case 1:
                ulong unsigned = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                writer.PutUnsigned(tag, unsigned);
                text.Append(unsigned).Append('u');
                break;
            case 2:
                bool flag = random.Next(2) == 0;
                writer.PutBoolean(tag, flag);
                text.Append(flag);
                break;
            case 3:
                writer.PutNull(tag);
                text.Append("null");
                break;
            case 4:
                float single = BitConverter.Int32BitsToSingle(random.Next());
                writer.PutFloat(tag, single);
                text.Append('f').Append(BitConverter.SingleToInt32Bits(single));
                break;
            case 5:
                double number = BitConverter.Int64BitsToDouble(random.NextInt64());
                writer.PutDouble(tag, number);
                text.Append('d').Append(BitConverter.DoubleToInt64Bits(number));
                break;
            case 6:
                byte[] bytes = new byte[random.Next(20) == 0 ? random.Next(300) : random.Next(12)];
                random.NextBytes(bytes);
                writer.PutBytes(tag, bytes, 0, bytes.Length);
                text.Append(Convert.ToHexString(bytes));
                break;
            case 7:
                string value = "\u00e4\ud83d\ude00xyz".Substring(0, random.Next(2) == 0 ? 1 : 5);
                writer.PutString(tag, value);
                text.Append(value);
                break;
            default:
                int kind = type % 3;
                text.Append("{[(".Substring(kind, 1));
                if (kind == 0)
                {
                    writer.StartStructure(tag);
                }
                else if (kind == 1)
                {
                    writer.StartArray(tag);
                }
                else
                {
                    writer.StartList(tag);
                }

                for (int n = random.Next(depth == 0 ? 8 : 4); n > 0; n--)
                {
                    bool anonymous = kind == 1 || (kind == 2 && random.Next(2) == 0);
                    WriteElement(writer, random, anonymous ? TlvTag.Anonymous : RandomTag(random), depth + 1, text);
                }

                writer.EndContainer();
                text.Append(')');
                break;
        }

        text.Append(' ');
    }

    private static void ReadAll(TlvReader reader, StringBuilder text)
    {
        while (true)
        {
            if (!reader.Next())
            {
                if (reader.HasError || reader.Depth == 0)
                {
                    return;
                }

                reader.Exit();
                text.Append(") ");
                continue;
            }

            text.Append(reader.Tag.ToString("x")).Append(':');
            switch (reader.Type)
            {
                case TlvType.SignedInteger:
                    reader.TryGetSigned(out long signed);
                    text.Append(signed);
                    break;
                case TlvType.UnsignedInteger:
                    reader.TryGetUnsigned(out ulong unsigned);
                    text.Append(unsigned).Append('u');
                    break;
                case TlvType.Boolean:
                    reader.TryGetBoolean(out bool flag);
                    text.Append(flag);
                    break;
                case TlvType.Null:
                    text.Append("null");
                    break;
                case TlvType.Float:
                    reader.TryGetFloat(out float single);
                    text.Append('f').Append(BitConverter.SingleToInt32Bits(single));
                    break;
                case TlvType.Double:
                    reader.TryGetDouble(out double number);
                    text.Append('d').Append(BitConverter.DoubleToInt64Bits(number));
                    break;
                case TlvType.ByteString:
                    text.Append(Convert.ToHexString(reader.Buffer, reader.ValueOffset, reader.ValueLength));
                    break;
                case TlvType.Utf8String:
                    reader.TryGetString(out string value);
                    text.Append(value);
                    break;
                default:
                    text.Append("{[(".Substring(reader.Type - TlvType.Structure, 1));
                    reader.Enter();
                    continue;
            }

            text.Append(' ');
        }
    }
}
