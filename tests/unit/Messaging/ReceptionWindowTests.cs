using MatterNano;
using MatterNano.Messaging;
using nanoFramework.TestFramework;

namespace NFUnitTest.Messaging;

/// <summary>Replay protection, Core 4.6.5.</summary>
[TestClass]
public class ReceptionWindowTests
{
    [TestMethod]
    public void D16_ShiftBy31_32_33_ForgetsExactlyWhatLeavesTheWindow_4_6_5()
    {
        for (uint shift = 30; shift <= 34; shift++)
        {
            byte[] window = Window();
            Assert.IsTrue(Take(window, ReceptionWindow.Secure, 1000));
            Assert.IsTrue(Take(window, ReceptionWindow.Secure, 999));
            Assert.IsTrue(Take(window, ReceptionWindow.Secure, 1000 + shift));
            Assert.IsFalse(Take(window, ReceptionWindow.Secure, 1000), "the old maximum, shift " + shift);
            Assert.IsFalse(Take(window, ReceptionWindow.Secure, 999), "the one before, shift " + shift);
            for (uint counter = 1001; counter < 1000 + shift; counter++)
            {
                bool inside = 1000 + shift - counter <= 32;
                Assert.AreEqual(inside, Take(window, ReceptionWindow.Secure, counter), "shift " + shift + " counter " + counter);
            }
        }
    }

    [TestMethod]
    public void D16_FarAhead_ClearsTheWindow_4_6_5()
    {
        byte[] window = Window();
        for (uint i = 0; i < 33; i++)
        {
            Assert.IsTrue(Take(window, ReceptionWindow.Secure, 5000 + i));
        }

        Assert.IsTrue(Take(window, ReceptionWindow.Secure, 5064));
        Assert.IsTrue(Take(window, ReceptionWindow.Secure, 5033));
        Assert.IsFalse(Take(window, ReceptionWindow.Secure, 5032), "old maximum, 32 behind");
        Assert.IsFalse(Take(window, ReceptionWindow.Secure, 5031), "outside");
    }

    [TestMethod]
    public void D20_FirstMessagesOfASession_MayComeInAnyOrder_4_6_5()
    {
        byte[] window = Window();
        Assert.IsTrue(Take(window, ReceptionWindow.Secure, 0x0fffff02));
        Assert.IsTrue(Take(window, ReceptionWindow.Secure, 0x0fffff00));
        Assert.IsTrue(Take(window, ReceptionWindow.Secure, 0x0fffff01));
        Assert.IsFalse(Take(window, ReceptionWindow.Secure, 0x0fffff00));
        Assert.IsFalse(Take(window, ReceptionWindow.Secure, 0x0fffff02));
    }

    [TestMethod]
    public void SecureCounterZeroAndSmallOnes_AreNeverAheadOfTheStart_4_6_5()
    {
        byte[] window = Window();
        Assert.IsFalse(Take(window, ReceptionWindow.Secure, 0));
        Assert.IsTrue(Take(window, ReceptionWindow.Secure, 1));
        Assert.IsTrue(Take(window, ReceptionWindow.Secure, 3));
        Assert.IsTrue(Take(window, ReceptionWindow.Secure, 2));
        Assert.IsFalse(Take(window, ReceptionWindow.Secure, 1));
    }

    [TestMethod]
    public void SecureNeverWraps_UnsecuredTakesARestartedPeer_4_6_5()
    {
        byte[] window = Window();
        Assert.IsTrue(Take(window, ReceptionWindow.Secure, 0xffffffff));
        Assert.IsFalse(Take(window, ReceptionWindow.Secure, 5));
        ReceptionWindow.Start(window, 3, 0xffffffff, true);
        Assert.IsTrue(Take(window, ReceptionWindow.Unsecured, 5), "wrapped or rebooted");
        Assert.IsFalse(Take(window, ReceptionWindow.Unsecured, 5));
        Assert.IsTrue(Take(window, ReceptionWindow.Unsecured, 4));
        Assert.IsTrue(Take(window, ReceptionWindow.Unsecured, 6));
    }

    [TestMethod]
    public void GroupCounters_WrapBySignedDistance_4_6_5()
    {
        byte[] window = Window();
        ReceptionWindow.Start(window, 3, 0xfffffffe, false);
        Assert.IsFalse(Take(window, ReceptionWindow.Group, 0xfffffffd), "trust first: older ones count as received");
        Assert.IsTrue(Take(window, ReceptionWindow.Group, 2));
        Assert.IsTrue(Take(window, ReceptionWindow.Group, 0xffffffff));
        Assert.IsFalse(Take(window, ReceptionWindow.Group, 0xfffffffe));
        Assert.IsFalse(Take(window, ReceptionWindow.Group, 2));
        Assert.IsFalse(Take(window, ReceptionWindow.Group, 0x80000002), "exactly half way is behind");
        Assert.IsTrue(Take(window, ReceptionWindow.Group, 0x80000001));
    }

    [TestMethod]
    public void AskingDoesNotMoveTheWindow_AndNeighbouringBytesStay()
    {
        byte[] window = Window();
        Assert.IsTrue(ReceptionWindow.IsNew(window, 3, ReceptionWindow.Secure, 77));
        Assert.IsTrue(ReceptionWindow.IsNew(window, 3, ReceptionWindow.Secure, 77));
        Take(window, ReceptionWindow.Secure, 77);
        Assert.AreEqual("a5a5a5", Hex.Text(window, 0, 3));
        Assert.AreEqual("a5a5a5", Hex.Text(window, 11, 3));
    }

    private static byte[] Window()
    {
        byte[] window = Hex.Filled(14);
        ReceptionWindow.Reset(window, 3);
        return window;
    }

    private static bool Take(byte[] window, int kind, uint counter)
    {
        if (!ReceptionWindow.IsNew(window, 3, kind, counter))
        {
            return false;
        }

        ReceptionWindow.Commit(window, 3, kind, counter);
        return true;
    }
}
