using System;
using MatterNano.Platform;
using MatterNano.Storage;
using nanoFramework.TestFramework;

namespace NFUnitTest.Storage;

[TestClass]
public class FlashTests
{
    [TestMethod]
    public void Crc32_OfTheDigitsIsThePublishedCheckValue()
    {
        byte[] digits = { 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39 };
        Assert.AreEqual(0xcbf43926U, Crc32.Compute(digits, 0, 9));
        Assert.AreEqual(0xcbf43926U, Crc32.Update(Crc32.Compute(digits, 0, 4), digits, 4, 5));
        Assert.AreEqual(0U, Crc32.Compute(digits, 0, 0));
    }

    [TestMethod]
    public void Frame_IsTheseBytes_AndAnyDamageIsFound()
    {
        byte[] record = { 1, 2, 3 };
        byte[] frame = new byte[19];
        for (int i = 0; i < frame.Length; i++)
        {
            frame[i] = 0xa5;
        }

        Assert.AreEqual(17, RecordFrame.Write(frame, 1, 0x01020304, record, 0, 3));
        byte[] expected = { 0xa5, 0x6d, 0x52, 1, 0, 4, 3, 2, 1, 3, 0, 1, 2, 3 };
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], frame[i]);
        }

        Assert.AreEqual((byte)0xa5, frame[18]);
        uint generation;
        Assert.AreEqual(3, RecordFrame.Check(frame, 1, 17, out generation));
        Assert.AreEqual(0x01020304U, generation);
        for (int i = 0; i < 17; i++)
        {
            Assert.AreEqual(-1, RecordFrame.Check(frame, 1, i, out generation));
            for (int bit = 0; bit < 8; bit++)
            {
                frame[1 + i] ^= (byte)(1 << bit);
                Assert.AreEqual(-1, RecordFrame.Check(frame, 1, 17, out generation));
                frame[1 + i] ^= (byte)(1 << bit);
            }
        }
    }

    [TestMethod]
    public void MemoryFlash_KeepsReplacesDeletesAndRefuses()
    {
        MemoryFlash flash = new MemoryFlash();
        CheckRecords(flash);
        flash.RefuseAfter(1);
        Assert.IsTrue(flash.Write("a", new byte[1], 0, 1));
        Assert.IsFalse(flash.Write("a", new byte[2], 0, 2));
        Assert.IsFalse(flash.Delete("a"));
        Assert.AreEqual(1, flash.Read("a", new byte[4], 0, 4));
        Assert.ThrowsException(typeof(ArgumentException), () => flash.Write("A", new byte[1], 0, 1));
    }

    [TestMethod]
    public void TwoSlotFlash_KeepsReplacesAndDeletes()
    {
        CuttableFiles files = new CuttableFiles();
        TwoSlotFlash flash = new TwoSlotFlash(files, 64);
        CheckRecords(flash);
        Assert.AreEqual(0, files.List().Length);
        flash.Write("a", new byte[64], 0, 64);
        flash.Write("a", new byte[3], 0, 3);
        Assert.AreEqual(1, files.List().Length, "one file a record at rest");
        Assert.AreEqual(0, flash.DamagedCount);
        Assert.ThrowsException(typeof(ArgumentException), () => flash.Write("a", new byte[65], 0, 65));
    }

    [TestMethod]
    public void TwoSlotFlash_PowerCutAtAnyByteLeavesTheOldOrTheNewRecord()
    {
        // Create, replace twice, delete; each time cut after every byte.
        for (int round = 0; round < 4; round++)
        {
            for (int cut = 0; cut < 26; cut++)
            {
                CuttableFiles files = new CuttableFiles();
                TwoSlotFlash flash = new TwoSlotFlash(files, 32);
                for (int i = 0; i < round; i++)
                {
                    Assert.IsTrue(flash.Write("a.b", Record(i), 0, 8));
                }

                files.Budget = cut;
                bool done = round == 3 ? flash.Delete("a.b") : flash.Write("a.b", Record(round), 0, 8);
                files.Budget = -1;
                files.IsCut = false;
                TwoSlotFlash after = new TwoSlotFlash(files, 32);
                byte[] found = new byte[8];
                int length = after.Read("a.b", found, 0, 8);
                int oldValue = round == 0 ? -1 : round - 1;
                int newValue = round == 3 ? -1 : round;
                int value = length < 0 ? -1 : found[0];
                Assert.IsTrue(length < 0 || found[7] == found[0] + 7);
                Assert.IsTrue(value == newValue || (!done && value == oldValue));
                Assert.IsTrue(after.Write("a.b", Record(9), 0, 8));
                Assert.AreEqual(8, after.Read("a.b", found, 0, 8));
                Assert.AreEqual((byte)9, found[0]);
                Assert.AreEqual(1, files.List().Length);
            }
        }
    }

    [TestMethod]
    public void TwoSlotFlash_DamagedRecordIsAbsentAndTheOthersStay()
    {
        CuttableFiles files = new CuttableFiles();
        TwoSlotFlash flash = new TwoSlotFlash(files, 32);
        flash.Write("bad", Record(1), 0, 8);
        flash.Write("good", Record(2), 0, 8);
        files.Open("bad.0")[12] ^= 1;
        files.Write("unknown", new byte[1], 0, 1);
        flash = new TwoSlotFlash(files, 32);
        Assert.AreEqual(1, flash.DamagedCount);
        byte[] found = new byte[8];
        Assert.AreEqual(-1, flash.Read("bad", found, 0, 8));
        Assert.AreEqual(8, flash.Read("good", found, 0, 8));
        Assert.AreEqual(1, flash.List().Length);
        Assert.AreEqual(2, files.List().Length);
    }

    [TestMethod]
    public void Names_AreShortAndFitEveryFileSystem()
    {
        string[] good = { "a", "fabric.1", "resume-15.x", "123456789012345678901234" };
        string[] bad = { null, "", ".", ".a", "a.", "A", "a/b", "a\\b", "a b", "1234567890123456789012345" };
        for (int i = 0; i < good.Length; i++)
        {
            Assert.IsTrue(RecordName.IsValid(good[i]), good[i]);
        }

        for (int i = 0; i < bad.Length; i++)
        {
            Assert.IsFalse(RecordName.IsValid(bad[i]), bad[i]);
        }
    }

    private static byte[] Record(int first)
    {
        byte[] record = new byte[8];
        for (int i = 0; i < record.Length; i++)
        {
            record[i] = (byte)(first + i);
        }

        return record;
    }

    private static void CheckRecords(IFlash flash)
    {
        byte[] found = new byte[12];
        Assert.AreEqual(-1, flash.Read("x", found, 0, 12));
        Assert.IsTrue(flash.Delete("x"));
        Assert.IsTrue(flash.Write("x", Record(3), 0, 8));
        Assert.IsTrue(flash.Write("y", Record(5), 2, 0));
        Assert.IsTrue(flash.Write("x", Record(4), 1, 7));
        Assert.AreEqual(-2, flash.Read("x", found, 0, 6));
        found[1] = 0xa5;
        found[9] = 0xa5;
        Assert.AreEqual(7, flash.Read("x", found, 2, 7));
        Assert.AreEqual((byte)0xa5, found[1]);
        Assert.AreEqual((byte)5, found[2]);
        Assert.AreEqual((byte)11, found[8]);
        Assert.AreEqual((byte)0xa5, found[9]);
        Assert.AreEqual(0, flash.Read("y", found, 0, 12));
        Assert.AreEqual(2, flash.List().Length);
        Assert.IsTrue(flash.Delete("x"));
        Assert.IsTrue(flash.Delete("y"));
        Assert.AreEqual(-1, flash.Read("x", found, 0, 12));
        Assert.AreEqual(0, flash.List().Length);
    }
}
