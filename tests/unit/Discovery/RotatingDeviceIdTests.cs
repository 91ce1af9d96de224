using MatterNano.Discovery;
using MatterNano.Storage;
using nanoFramework.TestFramework;

namespace NFUnitTest.Discovery;

[TestClass]
public class RotatingDeviceIdTests
{
    // connectedhomeip, src/setup_payload/tests/TestAdditionalDataPayload.cpp (Apache-2.0): unique id 00 11 .. ff.
    [TestMethod]
    public void AdditionalData_IsTheseBytes_5_4_2_4_5()
    {
        RotatingDeviceId id = new RotatingDeviceId(new MemoryFlash(), UniqueId());
        id.Describe(10);
        Assert.AreEqual("153000120a00d00561e77a68a9fd975057375b9283a818", Hex.Text(id.AdditionalData, 0, RotatingDeviceId.AdditionalDataSize));
        Assert.AreEqual("0A00D00561E77A68A9FD975057375B9283A8", id.Text);
        id.Describe(0xffff);
        Assert.AreEqual("15300012ffff8bea0c775f001981365d6362e1c0665a18", Hex.Text(id.AdditionalData, 0, RotatingDeviceId.AdditionalDataSize));
    }

    [TestMethod]
    public void Counter_MovesAtEachStart_AndOutlivesTheDevice()
    {
        MemoryFlash flash = new MemoryFlash();
        RotatingDeviceId id = new RotatingDeviceId(flash, UniqueId());
        Assert.IsNull(id.Text);
        Assert.IsTrue(id.Rotate());
        Assert.AreEqual("0100", id.Text.Substring(0, 4));
        id.Rest();
        Assert.IsNull(id.Text);
        Assert.IsNull(id.AdditionalData);
        Assert.IsTrue(id.Rotate());
        id = new RotatingDeviceId(flash, UniqueId());
        Assert.IsTrue(id.Rotate());
        Assert.AreEqual("0300", id.Text.Substring(0, 4));
    }

    [TestMethod]
    public void Counter_StartsOverBehindItsLast()
    {
        MemoryFlash flash = new MemoryFlash();
        flash.Write(RotatingDeviceId.Record, new byte[] { 0xff, 0xff }, 0, 2);
        RotatingDeviceId id = new RotatingDeviceId(flash, UniqueId());
        Assert.IsTrue(id.Rotate());
        Assert.AreEqual("0000", id.Text.Substring(0, 4));
    }

    private static byte[] UniqueId()
    {
        return Hex.Bytes("00112233445566778899aabbccddeeff");
    }
}
