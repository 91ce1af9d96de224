using MatterNano.Tlv;
using nanoFramework.TestFramework;

namespace NFUnitTest.Tlv;

[TestClass]
public class TlvReaderTests
{
    [TestMethod]
    public void PrintedIntegers_AreRead_A_12()
    {
        Assert.AreEqual(42L, ReadSigned("002a"));
        Assert.AreEqual(-17L, ReadSigned("00ef"));
        Assert.AreEqual(42L, ReadSigned("012a00"));
        Assert.AreEqual(-170000L, ReadSigned("02f067fdff"));
        Assert.AreEqual(40000000000L, ReadSigned("0300902f5009000000"));
        Assert.AreEqual(-2L, ReadSigned("03feffffffffffffff"));
        Assert.AreEqual(-32768L, ReadSigned("010080"));
        Assert.AreEqual(-2147483648L, ReadSigned("0200000080"));
        Assert.AreEqual(2147483647L, ReadSigned("02ffffff7f"));
        Assert.AreEqual(42UL, ReadUnsigned("042a"));
        Assert.AreEqual(0xfffeUL, ReadUnsigned("05feff"));
        Assert.AreEqual(0xfffffffeUL, ReadUnsigned("06feffffff"));
        Assert.AreEqual(0xfffffffffffffffeUL, ReadUnsigned("07feffffffffffffff"));
    }

    [TestMethod]
    public void NegativeValue_ShiftsAsASignedOne()
    {
        // What nanoCLR gets wrong when the value still carries its unsigned tag.
        long value = ReadSigned("02f067fdff");
        Assert.AreEqual(-10625L, value >> 4);
        Assert.AreEqual(-1L, value % 7 == -5 ? -1L : 0L);
    }

    [TestMethod]
    public void PrintedOthers_AreRead_A_12()
    {
        TlvReader reader = Read("08");
        bool flag;
        Assert.IsTrue(reader.TryGetBoolean(out flag));
        Assert.IsFalse(flag);
        reader = Read("09");
        Assert.IsTrue(reader.TryGetBoolean(out flag));
        Assert.IsTrue(flag);
        Assert.IsTrue(Read("14").IsNull);

        float single;
        Assert.IsTrue(Read("0a33338f41").TryGetFloat(out single));
        Assert.AreEqual(17.9f, single);
        double number;
        Assert.IsTrue(Read("0b6666666666e63140").TryGetDouble(out number));
        Assert.AreEqual(17.9, number);
        Assert.IsTrue(Read("0a0000803f").TryGetDouble(out number));
        Assert.AreEqual(1.0, number);
        Assert.IsTrue(Read("0a0000807f").TryGetFloat(out single));
        Assert.IsTrue(single > 3e38f);

        string text;
        Assert.IsTrue(Read("0c06" + "48656c6c6f21").TryGetString(out text));
        Assert.AreEqual("Hello!", text);
        Assert.IsTrue(Read("0c07" + "54736368c3bc73").TryGetString(out text));
        Assert.AreEqual("Tsch\u00fcs", text);
        reader = Read("1005" + "0001020304");
        Assert.IsTrue(reader.IsBytes(5));
        Assert.AreEqual(2, reader.ValueOffset);
        Assert.AreEqual((byte)4, reader.Buffer[reader.ValueOffset + 4]);
    }

    [TestMethod]
    public void WideLengths_AreRead()
    {
        Assert.IsTrue(Read("110200" + "aabb").IsBytes(2));
        Assert.IsTrue(Read("1202000000" + "aabb").IsBytes(2));
        Assert.IsTrue(Read("130200000000000000" + "aabb").IsBytes(2));
        string text;
        Assert.IsTrue(Read("0f0100000000000000" + "41").TryGetString(out text));
        Assert.AreEqual("A", text);
    }

    [TestMethod]
    public void EveryTagForm_IsRead_A_12()
    {
        CheckTag("042a", TlvTag.KindAnonymous, TlvTag.Anonymous, 0);
        CheckTag("24012a", TlvTag.KindContext, 1, 1);
        CheckTag("44" + "01002a", TlvTag.KindCommonProfile, TlvTag.CommonProfile(1), 1);
        CheckTag("64" + "a08601002a", TlvTag.KindCommonProfile, TlvTag.CommonProfile(100000), 100000);
        CheckTag("84" + "01002a", TlvTag.KindImplicitProfile, TlvTag.ImplicitProfile(1), 1);
        CheckTag("a4" + "a08601002a", TlvTag.KindImplicitProfile, TlvTag.ImplicitProfile(100000), 100000);
        TlvReader reader = CheckTag("c4" + "f1ffedde01002a", TlvTag.KindFullyQualified, TlvTag.FullyQualified(1), 1);
        Assert.AreEqual(0xfff1, reader.TagVendor);
        Assert.AreEqual(0xdeed, reader.TagProfile);

        // 28 bits of the number are kept in Tag; a larger one equals nothing that a caller asks for.
        CheckTag("e4" + "f1ffeddeedfe55aa2a", TlvTag.KindFullyQualified, TlvTag.Unknown, 0xaa55feed);
    }

    [TestMethod]
    public void ProfileTag_IsNotAContextTag()
    {
        TlvReader reader = Read("44" + "01002a");
        Assert.IsFalse(reader.IsContextTag(1));
        Assert.IsTrue(Read("24012a").IsContextTag(1));
        Assert.IsFalse(Read("24012a").IsContextTag(2));
    }

    [TestMethod]
    public void Structure_IsEnteredAndLeft()
    {
        TlvReader reader = Read("152000" + "2a2001ef18");
        Assert.AreEqual(TlvType.Structure, reader.Type);
        Assert.AreEqual(8, reader.ElementLength);
        Assert.IsTrue(reader.Enter());
        Assert.IsTrue(reader.Expect(0, TlvType.SignedInteger));
        Assert.IsTrue(reader.Next());
        Assert.IsTrue(reader.IsContextTag(1));
        Assert.IsFalse(reader.Next());
        Assert.IsFalse(reader.Next());
        Assert.IsTrue(reader.AtEnd);
        Assert.AreEqual(TlvType.None, reader.Type);
        Assert.IsTrue(reader.Exit());
        Assert.IsFalse(reader.Next());
        Assert.IsTrue(reader.AtEnd);
        Assert.IsFalse(reader.HasError);
        Assert.IsFalse(reader.Exit());
    }

    [TestMethod]
    public void WhatIsNotEntered_IsSteppedOver()
    {
        // [42, -170000, {}, 17.9, "Hello!"] of the specification, then the same inside a structure.
        const string Mixed = "002a02f067fdff15180a33338f410c0648656c6c6f2118";
        TlvReader reader = Read("16" + Mixed);
        Assert.IsTrue(reader.Enter());
        string types = string.Empty;
        while (reader.Next())
        {
            types += reader.Type.ToString() + " ";
        }

        Assert.AreEqual("0 0 21 10 12 ", types);
        Assert.IsFalse(reader.HasError);

        reader = Read("153601" + Mixed + "240207" + "18");
        Assert.IsTrue(reader.Enter());
        Assert.IsTrue(reader.Next());
        Assert.AreEqual(2 + 23, reader.ElementLength);
        Assert.AreEqual(1, reader.ElementOffset);
        Assert.IsTrue(reader.IsContextTag(1));
        Assert.IsTrue(reader.Expect(2, TlvType.UnsignedInteger));

        // Leaving early: the rest of the array and of the structure is stepped over.
        reader = Read("153601" + Mixed + "240207" + "18" + "09");
        Assert.IsTrue(reader.Enter());
        Assert.IsTrue(reader.Next());
        Assert.IsTrue(reader.Enter());
        Assert.IsTrue(reader.Next());
        Assert.AreEqual(2, reader.Depth);
        Assert.IsTrue(reader.Exit());
        Assert.IsTrue(reader.Exit());
        Assert.IsTrue(reader.Next());
        Assert.AreEqual(TlvType.Boolean, reader.Type);
    }

    [TestMethod]
    public void ListMembers_MayHaveTagsOrNot()
    {
        TlvReader reader = Read("17" + "0001" + "20002a" + "0002" + "0003" + "2000ef" + "18");
        Assert.IsTrue(reader.Enter());
        int count = 0;
        while (reader.Next())
        {
            count++;
        }

        Assert.AreEqual(5, count);
        Assert.IsFalse(reader.HasError);
    }

    [TestMethod]
    public void EveryCut_IsAnErrorAndNothingElse()
    {
        byte[] whole = Hex.Bytes("1520002a3001050001020304" + "2c020648656c6c6f21" + "3603002a02f067fdff151818" + "2a0433338f41" + "2b05666666666666e63f" + "3706e4f1ffeddeedfe55aa2a18" + "3507350124012a1818" + "18");
        Assert.IsTrue(Walk(whole, 0, whole.Length));
        for (int cut = 1; cut < whole.Length; cut++)
        {
            Assert.IsFalse(Walk(whole, 0, cut), cut.ToString());
        }
    }

    [TestMethod]
    public void BadControlBytes_AreErrors()
    {
        for (int control = 0x19; control < 0x20; control++)
        {
            byte[] bytes = new byte[20];
            bytes[0] = (byte)control;
            Assert.IsFalse(Walk(bytes, 0, bytes.Length), control.ToString());
        }

        Assert.IsFalse(Walk(Hex.Bytes("18"), 0, 1), "an end without a beginning");
        Assert.IsFalse(Walk(Hex.Bytes("151818"), 0, 3), "one end too many");
        Assert.IsFalse(Walk(Hex.Bytes("15002a18"), 0, 4), "a member of a structure without tag");
        Assert.IsFalse(Walk(Hex.Bytes("1620012a18"), 0, 5), "a member of an array with tag");
    }

    [TestMethod]
    public void OverlongLengths_AreErrors()
    {
        string[] bad = new string[] { "1001", "10ff00", "11ffff00", "12ffffffff00", "12ffffff7f00", "13ffffffffffffffff00", "13ffffff7f0000000000", "130000000001000000", "0c05414243", "0fffffffffffffff7f41" };
        for (int i = 0; i < bad.Length; i++)
        {
            byte[] bytes = Hex.Bytes(bad[i]);
            Assert.IsFalse(Walk(bytes, 0, bytes.Length), bad[i]);
        }
    }

    [TestMethod]
    public void Nesting_IsBoundedAndDoesNotRecurse()
    {
        Assert.IsTrue(Nested(TlvReader.MaxDepth, false));
        Assert.IsFalse(Nested(TlvReader.MaxDepth + 1, false));
        Assert.IsTrue(Nested(TlvReader.MaxDepth, true));
        Assert.IsFalse(Nested(TlvReader.MaxDepth + 1, true));
        Assert.IsFalse(Nested(600, true));
    }

    [TestMethod]
    public void WrongType_IsRefusedAndChangesNothing()
    {
        ulong unsigned;
        long signed;
        bool flag;
        float single;
        double number;
        string text;
        uint small;
        TlvReader reader = Read("002a");
        Assert.IsFalse(reader.TryGetUnsigned(out unsigned));
        Assert.IsFalse(reader.TryGetBoolean(out flag));
        Assert.IsFalse(reader.TryGetFloat(out single));
        Assert.IsFalse(reader.TryGetDouble(out number));
        Assert.IsFalse(reader.TryGetString(out text));
        Assert.IsFalse(reader.IsNull);
        Assert.IsFalse(reader.Enter());
        Assert.IsFalse(reader.HasError);
        Assert.IsTrue(reader.TryGetSigned(out signed));

        reader = Read("05" + "0001");
        Assert.IsFalse(reader.TryGetSigned(out signed));
        Assert.IsFalse(reader.TryGetUnsigned(255, out small));
        Assert.IsTrue(reader.TryGetUnsigned(256, out small));
        Assert.AreEqual(256U, small);
    }

    [TestMethod]
    public void ExpectOfAnother_IsAnErrorForEver()
    {
        TlvReader reader = new TlvReader();
        byte[] bytes = Hex.Bytes("24012a24022b");
        reader.Init(bytes, 0, bytes.Length);
        Assert.IsFalse(reader.Expect(2, TlvType.UnsignedInteger));
        Assert.IsTrue(reader.HasError);
        Assert.IsFalse(reader.Next());
        Assert.IsFalse(reader.Exit());
        Assert.AreEqual(-1, reader.ElementLength);
        reader.Init(bytes, 3, 3);
        Assert.IsTrue(reader.Expect(2, TlvType.UnsignedInteger));
    }

    [TestMethod]
    public void ElementReader_SeesOneElementOnly()
    {
        TlvReader outer = Read("1535012403071824022b18");
        Assert.IsTrue(outer.Enter());
        Assert.IsTrue(outer.Next());
        TlvReader inner = new TlvReader();
        Assert.IsTrue(inner.InitElement(outer));
        Assert.IsTrue(inner.Enter());
        Assert.IsTrue(inner.Expect(3, TlvType.UnsignedInteger));
        Assert.IsTrue(inner.Exit());
        Assert.IsFalse(inner.Next());
        Assert.IsFalse(inner.HasError);

        TlvReader copy = new TlvReader();
        copy.CopyFrom(outer);
        Assert.IsTrue(copy.Expect(2, TlvType.UnsignedInteger));
        Assert.IsTrue(outer.Expect(2, TlvType.UnsignedInteger));
    }

    [TestMethod]
    public void Init_RefusesARangeOutsideTheArray()
    {
        TlvReader reader = new TlvReader();
        byte[] bytes = new byte[4];
        Assert.ThrowsException(typeof(System.ArgumentOutOfRangeException), () => reader.Init(bytes, 0, 5));
        Assert.ThrowsException(typeof(System.ArgumentOutOfRangeException), () => reader.Init(bytes, -1, 2));
        Assert.ThrowsException(typeof(System.ArgumentOutOfRangeException), () => reader.Init(bytes, 3, 2));
    }

    private static TlvReader Read(string hex)
    {
        byte[] bytes = Hex.Bytes(hex);
        TlvReader reader = new TlvReader();
        reader.Init(bytes, 0, bytes.Length);
        Assert.IsTrue(reader.Next(), hex);
        return reader;
    }

    private static long ReadSigned(string hex)
    {
        TlvReader reader = Read(hex);
        long value;
        Assert.IsTrue(reader.TryGetSigned(out value), hex);
        Assert.AreEqual(hex.Length / 2, reader.ElementLength);
        return value;
    }

    private static ulong ReadUnsigned(string hex)
    {
        TlvReader reader = Read(hex);
        ulong value;
        Assert.IsTrue(reader.TryGetUnsigned(out value), hex);
        Assert.AreEqual(hex.Length / 2, reader.ElementLength);
        return value;
    }

    private static TlvReader CheckTag(string hex, int kind, uint tag, uint number)
    {
        TlvReader reader = Read(hex);
        Assert.AreEqual(kind, reader.TagKind, hex);
        Assert.AreEqual(tag, reader.Tag, hex);
        Assert.AreEqual(number, reader.TagNumber, hex);
        ulong value;
        Assert.IsTrue(reader.TryGetUnsigned(out value));
        Assert.AreEqual(42UL, value);
        return reader;
    }

    // Reads one top-level element, going into every container: true when it is well-formed and nothing follows.
    private static bool Walk(byte[] bytes, int offset, int length)
    {
        TlvReader reader = new TlvReader();
        reader.Init(bytes, offset, length);
        int count = 0;
        while (true)
        {
            if (reader.Next())
            {
                count++;
                if (reader.IsContainer)
                {
                    TlvReader over = new TlvReader();
                    over.CopyFrom(reader);
                    bool well = over.ElementLength > 0;
                    if (!reader.Enter() || !well)
                    {
                        return false;
                    }
                }
            }
            else if (reader.HasError)
            {
                return false;
            }
            else if (reader.Depth == 0)
            {
                return count > 0;
            }
            else if (!reader.Exit())
            {
                return false;
            }
        }
    }

    private static bool Nested(int depth, bool over)
    {
        byte[] bytes = new byte[2 * depth];
        for (int i = 0; i < depth; i++)
        {
            bytes[i] = 0x16;
            bytes[depth + i] = 0x18;
        }

        TlvReader reader = new TlvReader();
        reader.Init(bytes, 0, bytes.Length);
        if (over)
        {
            return reader.Next() && !reader.Next() && !reader.HasError;
        }

        for (int i = 0; i < depth; i++)
        {
            if (!reader.Next() || !reader.Enter())
            {
                return false;
            }
        }

        return !reader.Next() && !reader.HasError;
    }
}
