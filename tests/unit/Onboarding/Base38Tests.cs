using MatterNano.Onboarding;
using nanoFramework.TestFramework;

namespace NFUnitTest.Onboarding;

// Values: connectedhomeip src/setup_payload/tests/TestQRCode.cpp, matter.js Base38SchemaTest.ts; Apache-2.0.
[TestClass]
public class Base38Tests
{
    [TestMethod]
    public void Bytes_BecomeTheirCharacters()
    {
        Check(new byte[0], "");
        Check(new byte[] { 10 }, "A0");
        Check(new byte[] { 10, 10 }, "OT10");
        Check(new byte[] { 10, 10, 10 }, "-N.B0");
        Check(new byte[] { 10, 10, 0 }, "OT100");
        Check(new byte[] { 10, 10, 255 }, "Q-M08");
        Check(new byte[] { 255 }, "R6");
        Check(new byte[] { 255, 255 }, "NE71");
        Check(new byte[] { 255, 255, 255 }, "PLS18");
        Check(new byte[] { 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x57, 0x6f, 0x72, 0x6c, 0x64, 0x21 }, "KKHF3W2S013OPM3EJX11");
    }

    [TestMethod]
    public void Text_ThatNoBytesGiveIsRefused()
    {
        string[] wrong = { "S6", "OE71", "QLS18", "[0", " 0", "a0", "0", "000" };
        byte[] output = new byte[8];
        for (int i = 0; i < wrong.Length; i++)
        {
            Assert.AreEqual(-1, Base38.Decode(wrong[i], 0, wrong[i].Length, output), wrong[i]);
        }

        Assert.AreEqual(-1, Base38.Decode("A0", 1, 2, output));
        Assert.AreEqual(-1, Base38.Decode("A0", -1, 2, output));
        Assert.AreEqual(-1, Base38.Decode(null, 0, 0, output));
        Assert.AreEqual(-1, Base38.Decode("PLS18", 0, 5, new byte[2]));
    }

    private static void Check(byte[] bytes, string text)
    {
        Assert.AreEqual(text, Base38.Encode(bytes, 0, bytes.Length));
        byte[] output = new byte[20];
        Assert.AreEqual(bytes.Length, Base38.Decode(text, 0, text.Length, output));
        for (int i = 0; i < bytes.Length; i++)
        {
            Assert.AreEqual(bytes[i], output[i]);
        }
    }
}
