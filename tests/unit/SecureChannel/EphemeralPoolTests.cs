using MatterNano.Platform;
using MatterNano.SecureChannel;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.SecureChannel;

[TestClass]
public class EphemeralPoolTests
{
    [TestMethod]
    public void KeyPair_IsHandedOutOnce_AndWipedFromThePool()
    {
        InlineWorker worker = new InlineWorker(null);
        EphemeralPool pool = new EphemeralPool(worker, new FakeRandom(3));
        byte[] keys = new byte[97];
        Assert.IsFalse(pool.TryTakeKeyPair(keys, 0, 32));
        Fill(pool, worker);
        Assert.IsTrue(pool.IsFull);
        Assert.IsTrue(pool.TryTakeKeyPair(keys, 0, 32));
        Assert.IsFalse(pool.TryTakeKeyPair(keys, 0, 32));
        Assert.IsFalse(pool.IsFull);
    }

    [TestMethod]
    public void KeyPairTaken_WhileTheNonceIsDrawn_IsNotDrawnAgainByThatJob()
    {
        // On a thread of its own the job would draw into the arrays that the loop is wiping.
        InlineWorker worker = new InlineWorker(null);
        EphemeralPool pool = new EphemeralPool(worker, new FakeRandom(3));
        byte[] keys = new byte[97];
        pool.Refill();
        worker.DeliverCompleted();
        pool.Refill();
        Assert.IsTrue(pool.TryTakeKeyPair(keys, 0, 32));
        worker.DeliverCompleted();
        Assert.IsFalse(pool.TryTakeKeyPair(keys, 0, 32));
        Fill(pool, worker);
        Assert.IsTrue(pool.IsFull);
    }

    private static void Fill(EphemeralPool pool, InlineWorker worker)
    {
        for (int i = 0; i < 3; i++)
        {
            pool.Refill();
            worker.DeliverCompleted();
        }
    }
}
