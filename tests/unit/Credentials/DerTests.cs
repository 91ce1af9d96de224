using MatterNano.Credentials;
using nanoFramework.TestFramework;

namespace NFUnitTest.Credentials;

[TestClass]
public class DerTests
{
    [TestMethod]
    public void Lengths_TakeTheirShortestForm()
    {
        CheckLength(0x7f, "047f", 2);
        CheckLength(0x80, "048180", 3);
        CheckLength(0xff, "0481ff", 3);
        CheckLength(0x100, "04820100", 4);
        CheckLength(700, "048202bc", 4);
    }

    [TestMethod]
    public void Nested_LongContentsMoveUp()
    {
        byte[] buffer = Hex.Filled(300);
        DerWriter writer = new DerWriter();
        writer.Init(buffer, 1, 300);
        int outer = writer.Start(DerWriter.Sequence);
        int inner = writer.Start(DerWriter.Set);
        writer.PutBytes(new byte[130], 0, 130);
        writer.End(inner);
        writer.PutByte(5);
        writer.End(outer);
        Assert.AreEqual(130 + 3 + 1 + 3, writer.Length);
        Assert.AreEqual("a5308186318182000000", Hex.Text(buffer, 0, 10));
        Assert.AreEqual("0005a5", Hex.Text(buffer, 136, 3));
    }

    [TestMethod]
    public void Integers_AreShortAndNotNegative()
    {
        byte[] buffer = new byte[40];
        DerWriter writer = new DerWriter();
        writer.Init(buffer, 0, 40);
        writer.PutUnsignedInteger(Hex.Bytes("00000000"), 0, 4);
        writer.PutUnsignedInteger(Hex.Bytes("0000007f"), 0, 4);
        writer.PutUnsignedInteger(Hex.Bytes("00000080"), 0, 4);
        writer.PutUnsignedInteger(Hex.Bytes("ff000001"), 0, 4);
        Assert.AreEqual("020100" + "02017f" + "02020080" + "020500ff000001", Hex.Text(buffer, 0, writer.Length));
    }

    [TestMethod]
    public void Overflow_LastsAndWritesNothingBehind()
    {
        for (int limit = 0; limit < 12; limit++)
        {
            byte[] buffer = Hex.Filled(20);
            DerWriter writer = new DerWriter();
            writer.Init(buffer, 0, limit);
            int mark = writer.Start(DerWriter.Sequence);
            writer.PutLiteral(0x0102030405060708, 8);
            writer.PutUnsignedInteger(new byte[] { 1 }, 0, 1);
            writer.End(mark);
            Assert.AreEqual(-1, writer.Length);
            Assert.IsTrue(writer.Overflow);
            for (int i = limit; i < 20; i++)
            {
                Assert.AreEqual((byte)0xa5, buffer[i]);
            }
        }
    }

    [TestMethod]
    public void Signatures_GoBothWays()
    {
        CheckSignature("4e8fb06526f0332b3e928166864a6d29cade53fb5b8918a6d134d0994bf1ae6dce6762dcba99e80e96249d2f1ccedb336b26990f935dba5a0b9e5b4c9e5d1d8f",
            "304502204e8fb06526f0332b3e928166864a6d29cade53fb5b8918a6d134d0994bf1ae6d022100ce6762dcba99e80e96249d2f1ccedb336b26990f935dba5a0b9e5b4c9e5d1d8f");
        string zeros = "00000000000000000000000000000000000000000000000000000000000000";
        CheckSignature(zeros + "01" + zeros + "80", "3007020101" + "02020080");
        CheckSignature(zeros + "00" + zeros + "00", "3006020100" + "020100");
    }

    [TestMethod]
    public void OtherDerOfASignature_IsRefused()
    {
        string[] bad = new string[]
        {
            "30070201010202008000", "3008020101020200800", "310702010102020080", "3007020101020200", "30080202000102020080", "30070201010202ff80",
            "3007020181020101", "3006020101020081", "30060201010201", "30050201010200", "3006020101030101", "300602010102017f00", "30810602010102017f",
        };
        byte[] raw = Hex.Filled(64);
        for (int i = 0; i < bad.Length; i++)
        {
            byte[] der = Hex.Bytes(bad[i]);
            Assert.IsFalse(EcdsaSignature.FromDer(der, 0, der.Length, raw, 0), bad[i]);
            Assert.AreEqual((byte)0xa5, raw[0]);
        }

        byte[] whole = Hex.Bytes("304502204e8fb06526f0332b3e928166864a6d29cade53fb5b8918a6d134d0994bf1ae6d022100ce6762dcba99e80e96249d2f1ccedb336b26990f935dba5a0b9e5b4c9e5d1d8f");
        for (int cut = 0; cut < whole.Length; cut++)
        {
            Assert.IsFalse(EcdsaSignature.FromDer(whole, 0, cut, raw, 0));
        }

        // 33 bytes whose first is not zero: larger than any P-256 number.
        whole = Hex.Bytes("3026022101" + "0000000000000000000000000000000000000000000000000000000000000000" + "020101");
        Assert.IsFalse(EcdsaSignature.FromDer(whole, 0, whole.Length, raw, 0));
    }

    private static void CheckLength(int length, string head, int headLength)
    {
        byte[] buffer = new byte[720];
        DerWriter writer = new DerWriter();
        writer.Init(buffer, 0, buffer.Length);
        writer.PutElement(DerWriter.OctetString, new byte[length], 0, length);
        Assert.AreEqual(head, Hex.Text(buffer, 0, headLength));
        Assert.AreEqual(headLength + length, writer.Length);
    }

    private static void CheckSignature(string rawHex, string derHex)
    {
        byte[] der = Hex.Filled(80);
        int length = EcdsaSignature.ToDer(Hex.Bytes(rawHex), 0, der, 2, 76);
        Assert.AreEqual(derHex, Hex.Text(der, 2, length));
        Assert.AreEqual(-1, EcdsaSignature.ToDer(Hex.Bytes(rawHex), 0, der, 2, length - 1));
        byte[] raw = Hex.Filled(66);
        Assert.IsTrue(EcdsaSignature.FromDer(Hex.Bytes(derHex), 0, derHex.Length / 2, raw, 1));
        Assert.AreEqual("a5" + rawHex + "a5", Hex.Text(raw, 0, 66));
    }
}
