using MatterNano.Messaging;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Messaging;

/// <summary>Counters stored ahead, Core 4.6.1.</summary>
[TestClass]
public class PersistedCounterTests
{
    [TestMethod]
    public void Start_Is28RandomBitsPlusOne_4_6_1_1()
    {
        byte[] scratch = new byte[4];
        FakeRandom random = new FakeRandom(1);
        random.Constant = 0xff;
        Assert.AreEqual(0x10000000U, PersistedCounter.FirstValue(random, scratch));
        random.Constant = 0;
        Assert.AreEqual(1U, PersistedCounter.FirstValue(random, scratch));
    }

    [TestMethod]
    public void ABlockOfThousand_IsReservedBeforeItsFirstValue_4_6_1()
    {
        FakeFlash flash = new FakeFlash();
        PersistedCounter counter = Create(flash);
        uint first;
        Assert.AreEqual(0, flash.Changes);
        Assert.IsTrue(counter.TryNext(out first));
        Assert.AreEqual(1, flash.Changes);
        uint value = 0;
        for (int i = 1; i < 1000; i++)
        {
            Assert.IsTrue(counter.TryNext(out value));
        }

        Assert.AreEqual(first + 999, value);
        Assert.AreEqual(1, flash.Changes);
        Assert.IsTrue(counter.TryNext(out value));
        Assert.AreEqual(2, flash.Changes);
        PersistedCounter next = Create(flash);
        uint after;
        Assert.IsTrue(next.TryNext(out after));
        Assert.AreEqual(first + 2000, after, "what a restart leaves unused is skipped");
    }

    [TestMethod]
    public void CutAtEveryWrite_NeverRepeatsAValue_4_6_1()
    {
        for (int leaves = FakeFlash.CutLeavesOld; leaves <= FakeFlash.CutLeavesNew; leaves++)
        {
            FakeFlash flash = new FakeFlash();
            uint largest = 0;
            for (int cut = 0; cut < 5; cut++)
            {
                PersistedCounter counter = Create(flash);
                flash.CutAt = flash.Changes + (cut & 1);
                flash.CutLeaves = leaves;
                try
                {
                    for (int i = 0; i < 1500; i++)
                    {
                        uint value;
                        Assert.IsTrue(counter.TryNext(out value));
                        Assert.IsTrue(value > largest, "a value came again");
                        largest = value;
                    }
                }
                catch (PowerCutException)
                {
                    flash.CutAt = -1;
                }
            }

            Assert.IsTrue(largest > 0);
        }
    }

    [TestMethod]
    public void RefusedWrite_StopsTheCounterInsteadOfRiskingARepetition_4_6_1()
    {
        FakeFlash flash = new FakeFlash();
        Counters counters = new Counters();
        PersistedCounter counter = new PersistedCounter(flash, new FakeRandom(3), counters, "group.data");
        counter.Init();
        flash.Refuses = true;
        uint value;
        Assert.IsFalse(counter.TryNext(out value));
        Assert.AreEqual(1U, counters.Get(Counters.CounterWriteFailed));
        flash.Refuses = false;
        Assert.IsTrue(counter.TryNext(out value));
    }

    [TestMethod]
    public void TheEndOf32Bits_RollsOver_4_6_1()
    {
        FakeFlash flash = new FakeFlash();
        byte[] end = new byte[] { 0xff, 0xff, 0xff, 0xff };
        flash.Write("group.data", end, 0, 4);
        PersistedCounter counter = Create(flash);
        uint value;
        Assert.IsTrue(counter.TryNext(out value));
        Assert.AreEqual(0xffffffffU, value);
        Assert.IsTrue(counter.TryNext(out value));
        Assert.AreEqual(0U, value);
    }

    private static PersistedCounter Create(FakeFlash flash)
    {
        PersistedCounter counter = new PersistedCounter(flash, new FakeRandom(3), new Counters(), "group.data");
        counter.Init();
        return counter;
    }
}
