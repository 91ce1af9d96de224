using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MatterNano.Storage;
using Xunit;

namespace MatterNano.Host.Tests;

public class FileFlashTests
{
    private readonly byte[] _buffer = new byte[100];

    [Fact]
    public void Record_IsKeptReplacedAndDeleted_AcrossRestarts()
    {
        using TemporaryDirectory directory = new();
        using (FileFlash flash = new(directory["new/deep"]))
        {
            Assert.Equal(-1, flash.Read("a.b", _buffer, 0, 100));
            Assert.True(flash.Write("a.b", new byte[] { 9, 1, 2, 9 }, 1, 2));
            Assert.True(flash.Write("c", new byte[0], 0, 0));
            Assert.True(flash.Write("a.b", new byte[] { 3, 4, 5 }, 0, 3));
            Assert.Equal(-2, flash.Read("a.b", _buffer, 0, 2));
        }

        using (FileFlash flash = new(directory["new/deep"]))
        {
            Array.Fill(_buffer, (byte)0xa5);
            Assert.Equal(3, flash.Read("a.b", _buffer, 1, 3));
            Assert.Equal(new byte[] { 0xa5, 3, 4, 5, 0xa5 }, _buffer.Take(5));
            Assert.Equal(0, flash.Read("c", _buffer, 0, 100));
            Assert.Equal(new[] { "a.b", "c" }, flash.List().Order());
            Assert.True(flash.Delete("a.b"));
            Assert.True(flash.Delete("a.b"));
            Assert.Equal(-1, flash.Read("a.b", _buffer, 0, 100));
            Assert.Empty(flash.Damaged);
        }
    }

    [Fact]
    public void DamagedRecord_IsSetAside_AndTheOthersStay()
    {
        using TemporaryDirectory directory = new();
        for (int round = 0; round < 2; round++)
        {
            using (FileFlash flash = new(directory.Path))
            {
                flash.Write("bad", new byte[] { 1, 2, 3 }, 0, 3);
                flash.Write("good", new byte[] { 4 }, 0, 1);
            }

            byte[] file = File.ReadAllBytes(directory["bad.rec"]);
            file[RecordFrame.HeaderSize + 1] ^= 1;
            File.WriteAllBytes(directory["bad.rec"], file);
            using (FileFlash flash = new(directory.Path))
            {
                Assert.Equal(-1, flash.Read("bad", _buffer, 0, 100));
                Assert.Equal(1, flash.Read("good", _buffer, 0, 100));
                string aside = Assert.Single(flash.Damaged);
                Assert.Equal(file, File.ReadAllBytes(aside));
            }
        }

        Assert.Equal(2, Directory.GetFiles(directory.Path, "*.damaged*").Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(16)]
    public void TornRecord_IsSetAside(int length)
    {
        using TemporaryDirectory directory = new();
        using (FileFlash flash = new(directory.Path))
        {
            flash.Write("x", new byte[] { 1, 2, 3 }, 0, 3);
        }

        File.WriteAllBytes(directory["x.rec"], File.ReadAllBytes(directory["x.rec"])[..length]);
        using FileFlash again = new(directory.Path);
        Assert.Equal(-1, again.Read("x", _buffer, 0, 100));
        Assert.Single(again.Damaged);
    }

    [Fact]
    public void WriteThatAPowerCutEnded_LeavesTheOldRecord()
    {
        using TemporaryDirectory directory = new();
        using (FileFlash flash = new(directory.Path))
        {
            flash.Write("x", new byte[] { 7 }, 0, 1);
        }

        File.WriteAllBytes(directory["x.rec.tmp"], new byte[] { 0x6d, 0x52, 1 });
        using FileFlash again = new(directory.Path);
        Assert.Equal(1, again.Read("x", _buffer, 0, 100));
        Assert.Equal(7, _buffer[0]);
        Assert.Empty(again.Damaged);
        Assert.False(File.Exists(directory["x.rec.tmp"]));
    }

    [Fact]
    public void PowerCutInsideAChange_LeavesTheOldOrTheNewRecord()
    {
        using TemporaryDirectory directory = new();
        for (int changes = 1; changes <= 4; changes++)
        {
            byte[] before;
            byte[] after;
            File.Delete(directory["x.rec"]);
            using (FileFlash flash = new(directory.Path))
            {
                for (int i = 0; i < changes; i++)
                {
                    flash.Write("x", new byte[] { (byte)i, (byte)i, (byte)i }, 0, 3);
                }

                before = File.ReadAllBytes(directory["x.rec"]);
                flash.Write("x", new byte[] { 99, 99, 99 }, 0, 3);
                after = File.ReadAllBytes(directory["x.rec"]);
            }

            // First the new frame, byte by byte, then the zeros over the old one.
            Assert.Equal(before.Length, after.Length);
            int half = after.Length / 2;
            int slot = after[0] != 0 ? 0 : half;
            Assert.All(after[(half - slot)..][..half], one => Assert.Equal(0, one));
            byte[] torn = (byte[])before.Clone();
            for (int step = 0; step <= 34; step++)
            {
                int at = step < 17 ? slot + step : half - slot + step - 17;
                File.WriteAllBytes(directory["x.rec"], torn);
                using (FileFlash flash = new(directory.Path))
                {
                    Assert.Equal(3, flash.Read("x", _buffer, 0, 100));
                    Assert.True(_buffer[0] == (step < 17 ? changes - 1 : 99) && _buffer[0] == _buffer[2], $"{changes} {step}");
                    Assert.Empty(flash.Damaged);
                }

                torn[at] = after[at];
            }
        }
    }

    [Fact]
    public void GrowingAndShrinkingRecord_KeepsItsContent()
    {
        using TemporaryDirectory directory = new();
        using FileFlash flash = new(directory.Path);
        byte[] record = new byte[RecordFrame.MaxRecord];
        byte[] found = new byte[RecordFrame.MaxRecord];
        foreach (int length in new[] { 1, 4082, 4083, 0, 9000, 20, RecordFrame.MaxRecord, 3 })
        {
            for (int round = 0; round < 3; round++)
            {
                Array.Fill(record, (byte)(length + round));
                Assert.True(flash.Write("x", record, 0, length));
                Assert.Equal(length, flash.Read("x", found, 0, found.Length));
                Assert.Equal(record[..length], found[..length]);
            }
        }

        Assert.Throws<ArgumentException>(() => flash.Write("x", new byte[RecordFrame.MaxRecord + 1], 0, RecordFrame.MaxRecord + 1));
    }

    [Fact]
    public void SecondLight_IsRefusedTheDirectory_UntilTheFirstIsGone()
    {
        using TemporaryDirectory directory = new();
        FileFlash first = new(directory.Path);
        StorageException e = Assert.Throws<StorageException>(() => new FileFlash(directory.Path));
        Assert.Contains("in use", e.Message);
        first.Dispose();
        new FileFlash(directory.Path).Dispose();
    }

    [Fact]
    public void PathThatIsAFile_IsAClearError()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["file"], "mine");
        StorageException e = Assert.Throws<StorageException>(() => new FileFlash(directory["file"]));
        Assert.Contains(directory["file"], e.Message);
        Assert.DoesNotContain("\n", e.Message);
        Assert.Equal("mine", File.ReadAllText(directory["file"]));
    }

    [Fact]
    public void WriteThatTheDiskRefuses_KeepsTheOldRecordAndSaysSo()
    {
        using TemporaryDirectory directory = new();
        using FileFlash flash = new(directory.Path);
        List<string> problems = new();
        flash.Problem = problems.Add;
        flash.Write("x", new byte[] { 7 }, 0, 1);

        // A directory in the way of the temporary file stands for a full disk, which a test cannot make.
        Directory.CreateDirectory(directory["x.rec.tmp"]);
        Assert.False(flash.Write("x", new byte[5000], 0, 5000));
        Assert.Single(problems);
        Assert.Equal(1, flash.Read("x", _buffer, 0, 100));
        Assert.Equal(7, _buffer[0]);
    }

    [Fact]
    public void Name_ThatCouldLeaveTheDirectoryIsRefused()
    {
        using TemporaryDirectory directory = new();
        using FileFlash flash = new(directory.Path);
        Assert.Throws<ArgumentException>(() => flash.Write("../x", new byte[1], 0, 1));
        Assert.Throws<ArgumentException>(() => flash.Read("a/b", _buffer, 0, 1));
    }
}
