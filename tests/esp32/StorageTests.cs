extern alias board;
using System.Linq;
using MatterNano.Storage;
using Xunit;
using FileStream = board::System.IO.FileStream;
using LittleFsStore = board::MatterNano.Esp32.LittleFsStore;

namespace MatterNano.Esp32.Tests;

public sealed class StorageTests
{
    [Fact]
    public void NothingIsDurableBeforeClose()
    {
        using Bench bench = new Bench();
        FileStream file = new FileStream("I:\\a.0", System.IO.FileMode.Create, System.IO.FileAccess.Write);
        file.Write(new byte[] { 1, 2, 3 }, 0, 3);
        file.Flush();
        Assert.Empty(bench.Chip.Drive.List());
        file.Close();
        Assert.Equal(new[] { "a.0" }, bench.Chip.Drive.List());
    }

    [Fact]
    public void MoveOntoAnExistingFileThrows()
    {
        using Bench bench = new Bench();
        LittleFsStore store = new LittleFsStore();
        Assert.True(store.Write("a", new byte[] { 1 }, 0, 1));
        Assert.True(store.Write("b", new byte[] { 2 }, 0, 1));
        Assert.Throws<System.IO.IOException>(() => board::System.IO.File.Move("I:\\a", "I:\\b"));
        board::System.IO.File.Move("I:\\a", "I:\\c");
        Assert.Equal(new[] { "b", "c" }, store.List().OrderBy(n => n));
    }

    [Fact]
    public void AbsentShortAndLongFilesAreResults()
    {
        using Bench bench = new Bench();
        LittleFsStore store = new LittleFsStore();
        byte[] buffer = Enumerable.Repeat((byte)0xa5, 8).ToArray();
        Assert.Equal(-1, store.Read("a", buffer, 0, 8));
        Assert.True(store.Delete("a"));
        Assert.True(store.Write("a", new byte[] { 9, 1, 2, 3, 4, 9 }, 1, 4));
        Assert.Equal(-2, store.Read("a", buffer, 0, 3));
        Assert.Equal(4, store.Read("a", buffer, 2, 4));
        Assert.Equal(new byte[] { 0xa5, 0xa5, 1, 2, 3, 4, 0xa5, 0xa5 }, buffer);
        Assert.Equal(0u, store.Failures);
    }

    [Fact]
    public void PowerCutAtEveryChange_LeavesTheOldRecordOrTheNew()
    {
        for (int cut = 0; cut < 6; cut++)
        {
            using Bench bench = new Bench();
            TwoSlotFlash flash = new TwoSlotFlash(new LittleFsStore(), 64);
            Assert.True(flash.Write("r", new byte[] { 1, 1 }, 0, 2));
            Assert.True(flash.Write("r", new byte[] { 2, 2 }, 0, 2));
            int before = bench.Chip.Drive.Changes;
            bench.Chip.Drive.CutAfter(cut);
            bool written = flash.Write("r", new byte[] { 3, 3 }, 0, 2);
            Assert.True(bench.Chip.Drive.Changes - before <= cut);
            bench.PowerCycle();
            byte[] record = new byte[2];
            Assert.Equal(2, new TwoSlotFlash(new LittleFsStore(), 64).Read("r", record, 0, 2));
            Assert.Equal(written ? (byte)3 : (byte)2, record[0]);
            Assert.Equal(record[0], record[1]);
        }
    }
}
