using MatterNano.Onboarding;
using nanoFramework.TestFramework;

namespace NFUnitTest.Onboarding;

// Printed values: connectedhomeip src/setup_payload/tests (TestHelpers.h, TestQRCode.cpp, TestManualCode.cpp), matter.js
// packages/types/test/schema, rs-matter rs-matter/src/pairing; all Apache-2.0.
[TestClass]
public class OnboardingPayloadTests
{
    [TestMethod]
    public void QrCode_IsThePackedStructureInBase38_5_1_3()
    {
        CheckQr("MT:YNJV7VSC00CMVH7SR00", 9050, 65279, 0, 2, 2976, 34567890);
        CheckQr("MT:M5L90MP500K64J00000", 12, 1, 0, 1, 128, 2048);
        CheckQr("MT:M5L908OU03-85J00000", 12, 1, 0, 1, 131, 2051);
        CheckQr("MT:-24J0AFN00KA0648G00", 65521, 32769, 0, 4, 3840, 20202021);
        CheckQr("MT:-MOA57ZU02IT2L2BJ00", 65521, 4660, 2, 2, 2050, 24029347);
    }

    [TestMethod]
    public void QrCode_CarriesOptionalTlvBehindTheStructure_5_1_5()
    {
        OnboardingPayload payload = Make(65521, 32769, 0, 4, 3840, 20202021);
        byte[] tlv = { 0x15, 0x2c, 0x00, 0x0a, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x30, 0x18 };
        string text = "MT:-24J0AFN00KA064IJ3P0IXZB0DK5N1K8SQ1RYCU1-A40";
        Assert.AreEqual(text, payload.ToQrCode(tlv, 0, tlv.Length));
        OnboardingPayload read = new OnboardingPayload();
        Assert.IsTrue(read.TryReadQrCode(text));
        Assert.AreEqual(20202021U, read.Passcode);
    }

    [TestMethod]
    public void QrCode_ThatIsNotOneIsRefusedAtEveryLength()
    {
        OnboardingPayload read = new OnboardingPayload();
        string text = "MT:-24J0AFN00KA0648G00";
        for (int i = 0; i < text.Length; i++)
        {
            Assert.IsFalse(read.TryReadQrCode(text.Substring(0, i)));
        }

        Assert.IsFalse(read.TryReadQrCode(null));
        Assert.IsFalse(read.TryReadQrCode("mt:-24J0AFN00KA0648G00"));
        Assert.IsFalse(read.TryReadQrCode("MT:-24J0AFN00KA0648g00"));
        Assert.IsFalse(read.TryReadQrCode("MT:.24J0AFN00KA0648G00"), "version 1");
        Assert.AreEqual(0U, read.Passcode);
    }

    [TestMethod]
    public void ManualCode_HasElevenDigits_OrTwentyOneWithVendorAndProduct_5_1_4()
    {
        CheckManual("26318621095", 0, 0, 0, 2976, 34567890);
        CheckManual("16043714310", 0, 0, 0, 2001, 23456789);
        CheckManual("34970112332", 0, 0, 0, 3840, 20202021);
        CheckManual("00876800071", 0, 0, 0, 250, 123456);
        CheckManual("23610875350", 0, 0, 0, 2560, 123456780);
        CheckManual("00000100007", 0, 0, 0, 0, 1);
        CheckManual("636108753500000000006", 2, 0, 0, 2560, 123456780);
        CheckManual("636108753545367145260", 2, 45367, 14526, 2560, 123456780);
        CheckManual("529276236304562000322", 2, 4562, 32, 1280, 38728284);
        CheckManual("765535819165535655356", 2, 65535, 65535, 4095, 134217727);
    }

    [TestMethod]
    public void ManualCode_MayBeWrittenInGroups()
    {
        Assert.AreEqual("3497-011-2332", OnboardingPayload.GroupDigits("34970112332"));
        Assert.AreEqual("5292-762-3630-45620-00322", OnboardingPayload.GroupDigits("529276236304562000322"));
        OnboardingPayload read = new OnboardingPayload();
        Assert.IsTrue(read.TryReadManualCode("1604-371-4310"));
        Assert.AreEqual(23456789U, read.Passcode);
        Assert.IsTrue(read.TryReadManualCode("0085 260 7537"));
        Assert.AreEqual(12345678U, read.Passcode);
    }

    [TestMethod]
    public void ManualCode_WithWrongLengthGroupOrCheckDigitIsRefused()
    {
        string[] wrong =
        {
            "", "0", "24563", "1234567891234567856718", "127498753804", "234567891234567856105", "23276800006",
            "02684354589", "34970112323", "39999901234", "3497011233a", "80000100007",
        };
        OnboardingPayload read = new OnboardingPayload();
        for (int i = 0; i < wrong.Length; i++)
        {
            Assert.IsFalse(read.TryReadManualCode(wrong[i]), wrong[i]);
        }

        Assert.IsFalse(read.TryReadManualCode(null));
    }

    [TestMethod]
    public void ManualCode_CheckDigitFindsEveryWrongDigitAndEverySwap()
    {
        string good = "34970112332";
        OnboardingPayload read = new OnboardingPayload();
        for (int i = 0; i < good.Length; i++)
        {
            for (char c = '0'; c <= '9'; c++)
            {
                string text = good.Substring(0, i) + c.ToString() + good.Substring(i + 1);
                Assert.AreEqual(text == good, read.TryReadManualCode(text), text);
            }

            if (i > 0 && good[i] != good[i - 1])
            {
                string text = good.Substring(0, i - 1) + good[i].ToString() + good[i - 1].ToString() + good.Substring(i + 1);
                Assert.IsFalse(read.TryReadManualCode(text), text);
            }
        }
    }

    [TestMethod]
    public void Passcode_EqualDigitsAndCountingAreForbidden_5_1_7_1()
    {
        for (uint digit = 0; digit <= 9; digit++)
        {
            Assert.IsFalse(SetupPasscode.IsAllowed(digit * 11111111));
        }

        Assert.IsFalse(SetupPasscode.IsAllowed(12345678));
        Assert.IsFalse(SetupPasscode.IsAllowed(87654321));
        Assert.IsFalse(SetupPasscode.IsAllowed(99999999));
        Assert.IsFalse(SetupPasscode.IsAllowed(100000000));
        Assert.IsTrue(SetupPasscode.IsAllowed(1));
        Assert.IsTrue(SetupPasscode.IsAllowed(99999998));
        Assert.IsTrue(SetupPasscode.IsAllowed(20202021));
    }

    private static OnboardingPayload Make(int vendor, int product, int flow, int discovery, int discriminator, uint passcode)
    {
        OnboardingPayload payload = new OnboardingPayload();
        payload.VendorId = vendor;
        payload.ProductId = product;
        payload.Flow = flow;
        payload.Discovery = discovery;
        payload.Discriminator = discriminator;
        payload.Passcode = passcode;
        return payload;
    }

    private static void CheckQr(string text, int vendor, int product, int flow, int discovery, int discriminator, uint passcode)
    {
        Assert.AreEqual(text, Make(vendor, product, flow, discovery, discriminator, passcode).ToQrCode());
        OnboardingPayload read = new OnboardingPayload();
        Assert.IsTrue(read.TryReadQrCode(text), text);
        Assert.AreEqual(vendor, read.VendorId);
        Assert.AreEqual(product, read.ProductId);
        Assert.AreEqual(flow, read.Flow);
        Assert.AreEqual(discovery, read.Discovery);
        Assert.AreEqual(discriminator, read.Discriminator);
        Assert.AreEqual(passcode, read.Passcode);
    }

    private static void CheckManual(string text, int flow, int vendor, int product, int discriminator, uint passcode)
    {
        Assert.AreEqual(text, Make(vendor, product, flow, 0, discriminator, passcode).ToManualCode());
        OnboardingPayload read = new OnboardingPayload();
        Assert.IsTrue(read.TryReadManualCode(text), text);
        Assert.AreEqual(vendor, read.VendorId);
        Assert.AreEqual(product, read.ProductId);
        Assert.AreEqual(discriminator & 0xf00, read.Discriminator);
        Assert.AreEqual(passcode, read.Passcode);
    }
}
