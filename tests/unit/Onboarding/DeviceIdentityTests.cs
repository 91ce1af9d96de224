using MatterNano.Onboarding;
using MatterNano.Storage;
using nanoFramework.TestFramework;

namespace NFUnitTest.Onboarding;

[TestClass]
public class DeviceIdentityTests
{
    [TestMethod]
    public void Record_IsTheseBytes_AndIsReadBack()
    {
        DeviceIdentity identity = Sample();
        byte[] buffer = new byte[DeviceIdentity.MaxSize + 2];
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = 0xa5;
        }

        int length = identity.Write(buffer, 1, buffer.Length - 1);
        byte[] expected = { 0x15, 0x24, 0, 1, 0x25, 1, 0xf1, 0xff, 0x25, 2, 1, 0x80, 0x2c, 3, 1, (byte)'V', 0x2c, 4, 1, (byte)'P', 0x24, 5, 7 };
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], buffer[1 + i], i.ToString());
        }

        Assert.AreEqual((byte)0xa5, buffer[0]);
        Assert.AreEqual((byte)0xa5, buffer[1 + length]);
        DeviceIdentity read = new DeviceIdentity();
        Assert.IsTrue(read.TryRead(buffer, 1, length));
        Assert.AreEqual(0xfff1, read.VendorId);
        Assert.AreEqual(0x8001, read.ProductId);
        Assert.AreEqual("V", read.VendorName);
        Assert.AreEqual("P", read.ProductName);
        Assert.AreEqual(7, read.HardwareVersion);
        Assert.AreEqual("h", read.HardwareVersionString);
        Assert.IsNull(read.SerialNumber);
        Assert.AreEqual(3840, read.Discriminator);
        Assert.AreEqual(1000, read.Iterations);
        Assert.AreEqual(16, read.Salt.Length);
        Assert.AreEqual((byte)4, read.Verifier[32]);
        Assert.AreEqual((byte)9, read.Points[129]);
        Assert.AreEqual(256U, read.DeviceType);
        Assert.IsNull(read.RotatingUniqueId);
        for (int cut = 0; cut < length; cut++)
        {
            Assert.IsFalse(read.TryRead(buffer, 1, cut), cut.ToString());
        }
    }

    [TestMethod]
    public void Record_FitsWithEveryFieldAtItsLongest()
    {
        DeviceIdentity identity = Sample();
        identity.VendorName = new string('v', 32);
        identity.ProductName = new string('p', 32);
        identity.HardwareVersionString = new string('h', 64);
        identity.SerialNumber = new string('s', 32);
        identity.Salt = new byte[32];
        identity.Iterations = 100000;
        identity.DeviceType = 0xffffffff;
        identity.RotatingUniqueId = new byte[32];
        identity.RotatingUniqueId[31] = 7;
        MemoryFlash flash = new MemoryFlash();
        byte[] scratch = new byte[DeviceIdentity.MaxSize];
        Assert.IsTrue(identity.Store(flash, scratch));
        DeviceIdentity read = new DeviceIdentity();
        Assert.IsTrue(read.TryLoad(flash, scratch));
        Assert.AreEqual((byte)7, read.RotatingUniqueId[31]);
        for (int i = 0; i < scratch.Length; i++)
        {
            Assert.AreEqual((byte)0, scratch[i], "wiped");
        }
    }

    [TestMethod]
    public void Field_OutOfRangeIsNeitherWrittenNorRead()
    {
        byte[] buffer = new byte[DeviceIdentity.MaxSize];
        for (int i = 0; i < 12; i++)
        {
            DeviceIdentity identity = Sample();
            switch (i)
            {
                case 0: identity.VendorId = 0; break;
                case 1: identity.Discriminator = 4096; break;
                case 2: identity.Iterations = 999; break;
                case 3: identity.Salt = new byte[15]; break;
                case 4: identity.Salt = new byte[33]; break;
                case 5: identity.Verifier[32] = 2; break;
                case 6: identity.Points = new byte[129]; break;
                case 7: identity.VendorName = new string('v', 33); break;
                case 8: identity.ProductName = ""; break;
                case 9: identity.RotatingUniqueId = new byte[15]; break;
                case 10: identity.RotatingUniqueId = new byte[33]; break;
                default: identity.Verifier = null; break;
            }

            Assert.AreEqual(-1, identity.Write(buffer, 0, buffer.Length), i.ToString());
        }

        // Iterations of 999 on the flash.
        DeviceIdentity good = Sample();
        int length = good.Write(buffer, 0, buffer.Length);
        for (int i = 0; i < length - 4; i++)
        {
            if (buffer[i] == 0x25 && buffer[i + 1] == 9)
            {
                buffer[i + 2]--;
            }
        }

        Assert.IsFalse(new DeviceIdentity().TryRead(buffer, 0, length));
        Assert.IsFalse(new DeviceIdentity().TryLoad(new MemoryFlash(), buffer));
    }

    private static DeviceIdentity Sample()
    {
        DeviceIdentity identity = new DeviceIdentity();
        identity.VendorId = 0xfff1;
        identity.ProductId = 0x8001;
        identity.VendorName = "V";
        identity.ProductName = "P";
        identity.HardwareVersion = 7;
        identity.HardwareVersionString = "h";
        identity.Discriminator = 3840;
        identity.Iterations = 1000;
        identity.Salt = new byte[16];
        identity.Verifier = new byte[97];
        identity.Verifier[32] = 4;
        identity.Points = new byte[130];
        identity.Points[0] = 4;
        identity.Points[65] = 4;
        identity.Points[129] = 9;
        identity.DeviceType = 256;
        return identity;
    }
}
