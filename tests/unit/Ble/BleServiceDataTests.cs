using MatterNano.Ble;
using nanoFramework.TestFramework;

namespace NFUnitTest.Ble;

[TestClass]
public class BleServiceDataTests
{
    [TestMethod]
    public void DiscriminatorSharesItsTopNibbleWithTheVersion()
    {
        byte[] data = Hex.Filled(BleServiceData.Size);
        BleServiceData.Write(data, 0xf00, 0xfff1, 0x8000, BleServiceData.HasAdditionalData);
        Assert.AreEqual("00000ff1ff008001", Hex.Text(data, 0, data.Length));
        BleServiceData.Write(data, 0xfabc, 0xfff1, 0x8000, 0);
        Assert.AreEqual("00bc0af1ff008000", Hex.Text(data, 0, data.Length));
    }
}
