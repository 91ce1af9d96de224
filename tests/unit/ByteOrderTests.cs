using MatterNano;
using nanoFramework.TestFramework;

namespace NFUnitTest;

[TestClass]
public class ByteOrderTests
{
    [TestMethod]
    public void IntegersAreLittleEndian_AndTheTopBitIsKept()
    {
        byte[] buffer = new byte[10];
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = 0xa5;
        }

        ByteOrder.WriteUInt64(buffer, 1, 0xfedcba9876543210UL);
        Assert.AreEqual((byte)0xa5, buffer[0]);
        Assert.AreEqual((byte)0x10, buffer[1]);
        Assert.AreEqual((byte)0xfe, buffer[8]);
        Assert.AreEqual((byte)0xa5, buffer[9]);
        Assert.AreEqual(0xfedcba9876543210UL, ByteOrder.ReadUInt64(buffer, 1));
        Assert.AreEqual(0xfedcba98U, ByteOrder.ReadUInt32(buffer, 5));
        Assert.AreEqual(0xfedc, ByteOrder.ReadUInt16(buffer, 7));
    }

    [TestMethod]
    public void NetworkOrderPutsTheMostSignificantByteFirst()
    {
        byte[] buffer = new byte[8];
        ByteOrder.WriteUInt64BigEndian(buffer, 0, 0xfedcba9876543210UL);
        Assert.AreEqual((byte)0xfe, buffer[0]);
        Assert.AreEqual((byte)0x10, buffer[7]);
        Assert.AreEqual(0xfedcba98U, ByteOrder.ReadUInt32BigEndian(buffer, 0));
        Assert.AreEqual(0x3210, ByteOrder.ReadUInt16BigEndian(buffer, 6));
    }
}
