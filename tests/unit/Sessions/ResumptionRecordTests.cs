using System;
using MatterNano;
using MatterNano.Messaging;
using MatterNano.Sessions;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Sessions;

/// <summary>Resumption records and what is left of them on flash.</summary>
[TestClass]
public class ResumptionRecordTests
{
    [TestMethod]
    public void Record_Is96Bytes_InAFixedOrder_WithItsCrc()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        SecureSession session = node.AddSession(2, 0x1122334455667788UL);
        session.SetCaseAuthenticatedTags(new uint[] { 0xfffd0001, 2, 3 }, 0);
        ResumptionRecord record = Record(2, 0, 1);
        record.SetPeer(session);
        Assert.IsTrue(node.Sessions.SaveResumptionRecord(record));
        byte[] bytes = node.Flash.Get("resume.0");
        Assert.AreEqual(96, bytes.Length);
        Assert.AreEqual("0102a00f01000000", Hex.Text(bytes, 0, 8), "layout, fabric, threshold, sequence");
        Assert.AreEqual("8877665544332211" + "0100000000000002" + "0100fdff0200000003000000" + "f4010000" + "2c010000", Hex.Text(bytes, 56, 36));
        Assert.AreEqual(ByteOrder.ReadUInt32(bytes, 92), ResumptionRecords.Crc32(bytes, 0, 92));
        Assert.AreEqual(0xcbf43926U, ResumptionRecords.Crc32(new byte[] { 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39 }, 0, 9));
        SecureSession resumed = node.AddSession(2, 5);
        ResumptionRecord found = node.Sessions.FindResumptionRecordByNodeId(2, 0x1122334455667788UL);
        found.CopyTagsTo(resumed);
        Assert.AreEqual(0xfffd0001U, resumed.GetCaseAuthenticatedTag(0));
        SessionParameters parameters = new SessionParameters();
        found.GetSessionParameters(parameters);
        Assert.AreEqual(500U, parameters.IdleInterval);
        Assert.AreEqual(300U, parameters.ActiveInterval);
        Assert.AreEqual(4000U, parameters.ActiveThreshold);
    }

    [TestMethod]
    public void OneSlotOneWrite_AndTheSamePeerAThousandTimesLeavesOneRecord_4_14_2_2()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        for (int i = 0; i < 1000; i++)
        {
            Assert.IsTrue(node.Sessions.SaveResumptionRecord(Record(1, 7, i & 0xff)));
            Assert.AreEqual(i + 1, node.Flash.Changes);
        }

        Assert.AreEqual(1, node.Flash.Count);
        Assert.AreEqual(1, node.Sessions.Records.Count);
        node.Sessions.StoreResumptionRecords();
        Assert.AreEqual(1000, node.Flash.Changes, "nothing to write again");
    }

    [TestMethod]
    public void FindById_TheIdItselfAndThePendingOne_OthersAreNull()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.Sessions.SaveResumptionRecord(Record(1, 7, 1));
        node.Sessions.SaveResumptionRecord(Record(1, 8, 1));
        ResumptionRecord found = node.Sessions.FindResumptionRecordById(Id(7, 1), 0);
        Assert.AreEqual(7UL, found.PeerNodeId);
        Assert.AreEqual(1, found.FabricIndex);
        Assert.AreEqual(Hex.Text(Secret(7, 1), 0, 32), Hex.Text(found.Data, found.SecretOffset, 32));
        Assert.IsNull(node.Sessions.FindResumptionRecordById(Id(7, 2), 0));
        Assert.IsNull(node.Sessions.FindResumptionRecordById(new byte[16], 0));
        node.Sessions.Records.SetPending(1, 7, Id(7, 2), 0);
        found = node.Sessions.FindResumptionRecordById(Id(7, 2), 0);
        Assert.AreEqual(7UL, found.PeerNodeId);
        Assert.AreEqual(Hex.Text(Id(7, 2), 0, 16), Hex.Text(found.Data, found.IdOffset, 16), "keys come from the id that was offered");
        Assert.IsNotNull(node.Sessions.FindResumptionRecordById(Id(7, 1), 0), "the old one still matches");
    }

    [TestMethod]
    public void D21_ResumedSession_BothIdsMatchUntilThePeerProvesTheNewOne_ThenOneWrite_4_14_2_2()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.Sessions.SaveResumptionRecord(Record(1, 7, 1));
        int changes = node.Flash.Changes;
        SecureSession session = node.Sessions.CreateSecureSessionWithKeys(
            node.Sessions.GetNextAvailableSessionId(), 1, 7, 9, new byte[48], 0, false, true, null, null);
        Assert.IsTrue(node.Sessions.PrepareResumptionId(session, Id(7, 2), 0));
        Assert.AreEqual(changes, node.Flash.Changes);
        session.End(false);
        Assert.IsNotNull(node.Sessions.FindResumptionRecordById(Id(7, 1), 0), "a lost Sigma2Resume: the old id");
        Assert.IsNotNull(node.Sessions.FindResumptionRecordById(Id(7, 2), 0), "a lost report: the new one");
        session = node.Sessions.CreateSecureSessionWithKeys(
            node.Sessions.GetNextAvailableSessionId(), 1, 7, 9, new byte[48], 0, false, true, null, null);
        node.Sessions.PrepareResumptionId(session, Id(7, 3), 0);
        node.Sessions.Activate(session);
        Assert.AreEqual(changes + 1, node.Flash.Changes);
        Assert.IsNull(node.Sessions.FindResumptionRecordById(Id(7, 1), 0));
        Assert.IsNull(node.Sessions.FindResumptionRecordById(Id(7, 2), 0));
        ResumptionRecord found = node.Sessions.FindResumptionRecordById(Id(7, 3), 0);
        Assert.AreEqual(Hex.Text(Secret(7, 1), 0, 32), Hex.Text(found.Data, found.SecretOffset, 32), "only the id changes");
        TestNode rebooted = new TestNode(node.Clock, 1, node.Flash);
        Assert.IsNotNull(rebooted.Sessions.FindResumptionRecordById(Id(7, 3), 0));
        node.Sessions.RemoveResumptionRecord(1, 7);
        Assert.IsFalse(node.Sessions.PrepareResumptionId(session, Id(7, 4), 0));
    }

    [TestMethod]
    public void PendingId_OfASlotThatBecameAnothers_IsNotCommitted()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.Sessions.SaveResumptionRecord(Record(1, 7, 1));
        int slot = node.Sessions.Records.SetPending(1, 7, Id(7, 2), 0);
        node.Sessions.RemoveResumptionRecord(1, 7);
        node.Sessions.SaveResumptionRecord(Record(1, 8, 1));
        node.Sessions.Records.CommitPending(slot, 1, 7);
        Assert.IsNotNull(node.Sessions.FindResumptionRecordById(Id(8, 1), 0));
        Assert.IsNull(node.Sessions.FindResumptionRecordById(Id(7, 2), 0));
    }

    [TestMethod]
    public void D3_Key_IsFabricIdentityAndPeer()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.Sessions.SaveResumptionRecord(Record(1, 7, 1));
        node.Sessions.SaveResumptionRecord(Record(2, 7, 2));
        Assert.AreEqual(Hex.Text(Id(7, 1), 0, 16), Hex.Text(node.Sessions.FindResumptionRecordByNodeId(1, 7).Data, ResumptionRecord.IdAt, 16));
        Assert.AreEqual(Hex.Text(Id(7, 2), 0, 16), Hex.Text(node.Sessions.FindResumptionRecordByNodeId(2, 7).Data, ResumptionRecord.IdAt, 16));
        Assert.IsNull(node.Sessions.FindResumptionRecordByNodeId(3, 7));
        Assert.IsTrue(node.Sessions.RemoveResumptionRecord(1, 7));
        int changes = node.Flash.Changes;
        Assert.IsFalse(node.Sessions.RemoveResumptionRecord(1, 7), "there is none");
        Assert.AreEqual(changes, node.Flash.Changes);
        Assert.IsNotNull(node.Sessions.FindResumptionRecordByNodeId(2, 7));

        // The index is used again by another fabric while the records were away.
        node.Fabrics.Generations[2] = 9;
        Assert.IsNull(node.Sessions.FindResumptionRecordById(Id(7, 2), 0));
        Assert.AreEqual(0, node.Sessions.Records.Count, "and the slot is free");
        Assert.AreEqual(0, node.Flash.Count);
    }

    [TestMethod]
    public void D3_RemovedFabric_LeavesNoByte_AndUpdateNocDropsItsRecords_11_18_6_12()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Fill(node);
        node.Sessions.RemoveFabric(2, null, false);
        Assert.AreEqual(12, node.Flash.Count);
        Assert.AreEqual(12, node.Sessions.Records.Count);
        string[] names = node.Flash.List();
        for (int i = 0; i < names.Length; i++)
        {
            Assert.AreNotEqual((byte)2, node.Flash.Get(names[i])[1]);
        }

        Assert.AreEqual(0, node.Sessions.RemoveResumptionRecords(2));
        node.Sessions.UpdateFabricForResumptionRecords(3);
        node.Sessions.UpdateFabricForResumptionRecords(3);
        Assert.AreEqual(9, node.Flash.Count);
        node.Sessions.Records.Clear();
        Assert.AreEqual(0, node.Flash.Count);
    }

    [TestMethod]
    public void Full_OneOver_LeastRecentlyUsedGoes_NeverOfAFabricWithinItsShare()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Fill(node);
        Assert.AreEqual(15, node.Sessions.Records.Count);
        node.Sessions.SaveResumptionRecord(Record(1, 100, 2));
        Assert.AreEqual(15, node.Sessions.Records.Count);
        node.Sessions.SaveResumptionRecord(Record(1, 99, 1));
        Assert.AreEqual(15, node.Sessions.Records.Count);
        Assert.IsNull(node.Sessions.FindResumptionRecordByNodeId(1, 101), "oldest of the newcomer's own fabric");
        Assert.IsNotNull(node.Sessions.FindResumptionRecordByNodeId(1, 100), "used since");
        for (int fabric = 2; fabric <= 5; fabric++)
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.IsNotNull(node.Sessions.FindResumptionRecordByNodeId(fabric, (ulong)(100 + i)), "fabric " + fabric);
            }
        }

        // One fabric took what others left; they get their share back.
        node.Sessions.RemoveResumptionRecords(2);
        for (int i = 0; i < 3; i++)
        {
            node.Sessions.SaveResumptionRecord(Record(3, (ulong)(200 + i), 1));
        }

        for (int i = 0; i < 3; i++)
        {
            node.Sessions.SaveResumptionRecord(Record(2, (ulong)(100 + i), 1));
        }

        Assert.AreEqual(15, node.Sessions.Records.Count);
        for (int i = 0; i < 3; i++)
        {
            Assert.IsNull(node.Sessions.FindResumptionRecordByNodeId(3, (ulong)(100 + i)), "its oldest three");
            Assert.IsNotNull(node.Sessions.FindResumptionRecordByNodeId(3, (ulong)(200 + i)));
            Assert.IsNotNull(node.Sessions.FindResumptionRecordByNodeId(4, (ulong)(100 + i)));
        }
    }

    [TestMethod]
    public void Boot_RestoresEveryRecord_AndTheOrderOfUse()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Fill(node);
        node.Sessions.SaveResumptionRecord(Record(1, 100, 9));
        TestNode rebooted = new TestNode(node.Clock, 2, node.Flash);
        Assert.AreEqual(15, rebooted.Sessions.Records.Count);
        int changes = node.Flash.Changes;
        rebooted.Sessions.SaveResumptionRecord(Record(1, 99, 1));
        Assert.AreEqual(changes + 1, node.Flash.Changes);
        Assert.IsNull(rebooted.Sessions.FindResumptionRecordByNodeId(1, 101));
        Assert.IsNotNull(rebooted.Sessions.FindResumptionRecordById(Id(100, 9), 0));
    }

    [TestMethod]
    public void Boot_DropsWhatIsDamagedForeignOrOversized_AndGoesOn()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Fill(node);
        FakeFlash flash = node.Flash;
        flash.Get("resume.0")[30] ^= 1;
        flash.Get("resume.1")[92] ^= 1;
        byte[] layout = flash.Get("resume.2");
        layout[0] = 2;
        ByteOrder.WriteUInt32(layout, 92, ResumptionRecords.Crc32(layout, 0, 92));
        byte[] copy = new byte[97];
        Array.Copy(flash.Get("resume.3"), copy, 96);
        flash.Write("resume.3", copy, 0, 97);
        flash.Write("resume.4", copy, 0, 95);
        flash.Write("resume.5", copy, 0, 0);
        for (int i = 0; i < 96; i++)
        {
            copy[i] = 0xff;
        }

        flash.Write("resume.6", copy, 0, 96);
        flash.Write("resume.8", flash.Get("resume.7"), 0, 96);
        flash.Refuses = true;
        TestNode rebooted = new TestNode(node.Clock, 2, flash);
        Assert.AreEqual(7, rebooted.Sessions.Records.Count, "and one of the twins");
        Assert.AreEqual(8U, rebooted.Counted(Counters.RecordDropped));
        flash.Refuses = false;
        rebooted.Sessions.StoreResumptionRecords();
        Assert.AreEqual(7, flash.Count, "dropped on flash as well");
        for (int i = 0; i < 8; i++)
        {
            Assert.IsTrue(rebooted.Sessions.SaveResumptionRecord(Record(1, (ulong)(300 + i), 1)));
        }

        Assert.AreEqual(15, rebooted.Sessions.Records.Count);
    }

    [TestMethod]
    public void Boot_DropsRecordsOfAFabricThatIsGoneOrAnother()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        Fill(node);
        FakeFabrics fabrics = new FakeFabrics();
        fabrics.Generations[4] = 0;
        fabrics.Generations[5] = 2;
        TestNode rebooted = new TestNode(node.Clock, 2, node.Flash);
        rebooted.Sessions.InitFromStorage(fabrics);
        Assert.AreEqual(9, rebooted.Sessions.Records.Count);
        Assert.AreEqual(9, node.Flash.Count);
        Assert.IsFalse(rebooted.Sessions.SaveResumptionRecord(Record(4, 7, 1)), "no record without a fabric");
    }

    [TestMethod]
    public void RefusedWrite_IsCountedAndHarmless_AndMadeUpLater()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.Flash.Refuses = true;
        Assert.IsTrue(node.Sessions.SaveResumptionRecord(Record(1, 7, 1)));
        Assert.AreEqual(1U, node.Counted(Counters.RecordWriteFailed));
        Assert.IsNotNull(node.Sessions.FindResumptionRecordById(Id(7, 1), 0), "usable until the next start");
        node.Flash.Refuses = false;
        node.Sessions.StoreResumptionRecords();
        Assert.AreEqual(1, node.Flash.Count);
        node.Flash.Refuses = true;
        node.Sessions.RemoveResumptionRecord(1, 7);
        Assert.IsNull(node.Sessions.FindResumptionRecordById(Id(7, 1), 0));
        node.Flash.Refuses = false;
        node.Sessions.Close();
        Assert.AreEqual(0, node.Flash.Count);
    }

    [TestMethod]
    public void RefusedRecordOfMany_IsTheOneFound_UntilItIsReplacedOrWritten()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.Sessions.SaveResumptionRecord(Record(1, 7, 1));
        node.Sessions.SaveResumptionRecord(Record(1, 8, 1));
        node.Flash.Refuses = true;
        node.Sessions.SaveResumptionRecord(Record(1, 7, 2));
        Assert.IsNull(node.Sessions.FindResumptionRecordById(Id(7, 1), 0), "what flash still holds");
        ResumptionRecord found = node.Sessions.FindResumptionRecordById(Id(7, 2), 0);
        Assert.AreEqual(Hex.Text(Secret(7, 2), 0, 32), Hex.Text(found.Data, found.SecretOffset, 32));
        int slot = node.Sessions.Records.SetPending(1, 8, Id(8, 3), 0);
        node.Sessions.Records.CommitPending(slot, 1, 8);
        Assert.AreEqual(8UL, node.Sessions.FindResumptionRecordById(Id(8, 3), 0).PeerNodeId);
        node.Flash.Refuses = false;
        node.Sessions.SaveResumptionRecord(Record(1, 7, 3));
        node.Sessions.StoreResumptionRecords();
        TestNode rebooted = new TestNode(node.Clock, 1, node.Flash);
        Assert.IsNotNull(rebooted.Sessions.FindResumptionRecordById(Id(7, 3), 0));
        Assert.IsNotNull(rebooted.Sessions.FindResumptionRecordById(Id(8, 3), 0));
    }

    [TestMethod]
    public void RecordThatFlashLostOrMixedUp_IsDroppedAndCounted()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.Sessions.SaveResumptionRecord(Record(1, 7, 1));
        node.Sessions.SaveResumptionRecord(Record(1, 8, 1));
        node.Sessions.SaveResumptionRecord(Record(1, 9, 1));
        node.Flash.Delete("resume.0");
        node.Flash.Write("resume.1", node.Flash.Get("resume.2"), 0, 96);
        Assert.IsNull(node.Sessions.FindResumptionRecordById(Id(7, 1), 0));
        Assert.IsNull(node.Sessions.FindResumptionRecordByNodeId(1, 8));
        Assert.AreEqual(2U, node.Counted(Counters.RecordDropped));
        Assert.AreEqual(9UL, node.Sessions.FindResumptionRecordById(Id(9, 1), 0).PeerNodeId);
        Assert.AreEqual(1, node.Sessions.Records.Count);
        Assert.AreEqual(1, node.Flash.Count);
    }

    [TestMethod]
    public void Record_OutlivesItsSession()
    {
        TestNode node = new TestNode(new FakeClock(), 1);
        node.AddSession(1, 7);
        node.Sessions.SaveResumptionRecord(Record(1, 7, 1));
        node.Sessions.Close();
        Assert.IsNotNull(node.Sessions.FindResumptionRecordByNodeId(1, 7));
    }

    [TestMethod]
    public void PowerCutAtEveryChange_LeavesEachRecordOldNewOrAbsent_AndTheNodeStarts()
    {
        const int Steps = 33;
        byte[][] states = new byte[Steps + 1][];
        int[] changes = new int[Steps + 1];
        FakeFlash flash = new FakeFlash();
        ResumptionRecords records = Boot(flash);
        states[0] = Snapshot(records);
        for (int step = 0; step < Steps; step++)
        {
            Step(records, step);
            states[step + 1] = Snapshot(records);
            changes[step + 1] = flash.Changes;
        }

        Assert.IsTrue(flash.Changes > 35);
        for (int cut = 0; cut < flash.Changes; cut++)
        {
            int broken = 0;
            while (changes[broken + 1] <= cut)
            {
                broken++;
            }

            for (int leaves = FakeFlash.CutLeavesOld; leaves <= FakeFlash.CutLeavesAbsent; leaves++)
            {
                FakeFlash medium = new FakeFlash();
                medium.CutAt = cut;
                medium.CutLeaves = leaves;
                records = Boot(medium);
                bool wasCut = false;
                try
                {
                    for (int step = 0; step < Steps; step++)
                    {
                        Step(records, step);
                    }
                }
                catch (PowerCutException)
                {
                    wasCut = true;
                }

                Assert.IsTrue(wasCut);
                medium.CutAt = -1;
                records = Boot(medium);
                byte[] found = Snapshot(records);
                byte[] before = states[broken];
                byte[] after = states[broken + 1];
                for (int peer = 0; peer < Peers; peer++)
                {
                    bool isOld = Same(found, before, peer);
                    bool isNew = Same(found, after, peer);
                    bool touched = !Same(before, after, peer);
                    bool isAbsent = found[peer * PeerSize] == 0;
                    Assert.IsTrue(isOld || isNew || (touched && isAbsent), "cut " + cut + " peer " + peer);
                }

                records.Save(Record(1, 3000, 1));
                Assert.IsTrue(records.TryFindById(Id(3000, 1), 0, new ResumptionRecord()), "and goes on");
            }
        }
    }

    // Of each peer: fabric, generation of the id, generation of the secret.
    private const int Peers = 30;
    private const int PeerSize = 3;

    private static ResumptionRecords Boot(FakeFlash flash)
    {
        FakeFabrics fabrics = new FakeFabrics();
        ResumptionRecords records = new ResumptionRecords(flash, fabrics, new Counters());
        records.Init(fabrics);
        return records;
    }

    /// <summary>Saves, replacements, renewed ids, deletions, an overflow, a removed fabric.</summary>
    private static void Step(ResumptionRecords records, int step)
    {
        if (step < 15)
        {
            records.Save(Record(1 + step % 3, (ulong)step, step));
        }
        else if (step < 20)
        {
            records.Save(Record(1 + (step - 15) % 3, (ulong)(step - 15), 100 + step));
        }
        else if (step < 24)
        {
            int slot = records.SetPending(1 + (step - 20) % 3, (ulong)(step - 20), Id((ulong)(step - 20), 200 + step), 0);
            records.CommitPending(slot, 1 + (step - 20) % 3, (ulong)(step - 20));
        }
        else if (step < 29)
        {
            records.Save(Record(2 + step % 4, (ulong)(step - 9), step));
        }
        else if (step < 31)
        {
            records.Remove(1 + (step - 20) % 3, (ulong)(step - 20));
        }
        else if (step == 31)
        {
            records.RemoveFabric(1);
        }
        else
        {
            records.Clear();
        }
    }

    private static byte[] Snapshot(ResumptionRecords records)
    {
        byte[] snapshot = new byte[Peers * PeerSize];
        ResumptionRecord record = new ResumptionRecord();
        for (int fabric = 1; fabric <= 5; fabric++)
        {
            for (int peer = 0; peer < Peers; peer++)
            {
                if (records.TryFindByPeer(fabric, (ulong)peer, record))
                {
                    int generation = record.Data[record.SecretOffset + 31];
                    snapshot[peer * PeerSize] = (byte)fabric;
                    snapshot[peer * PeerSize + 1] = record.Data[record.IdOffset + 15];
                    snapshot[peer * PeerSize + 2] = (byte)generation;
                    Assert.IsTrue(Secrets.AreEqual(record.Data, record.IdOffset, Id((ulong)peer, record.Data[record.IdOffset + 15] - 1), 0, 16), "a mixed id");
                    Assert.IsTrue(Secrets.AreEqual(record.Data, record.SecretOffset, Secret((ulong)peer, generation), 0, 32), "a mixed secret");
                }
            }
        }

        return snapshot;
    }

    private static bool Same(byte[] a, byte[] b, int peer)
    {
        return Secrets.AreEqual(a, peer * PeerSize, b, peer * PeerSize, PeerSize);
    }

    private static void Fill(TestNode node)
    {
        for (int fabric = 1; fabric <= 5; fabric++)
        {
            for (int i = 0; i < 3; i++)
            {
                node.Sessions.SaveResumptionRecord(Record(fabric, (ulong)(100 + i), 1));
            }
        }
    }

    private static ResumptionRecord Record(int fabricIndex, ulong peer, int generation)
    {
        ResumptionRecord record = new ResumptionRecord();
        record.FabricIndex = fabricIndex;
        record.PeerNodeId = peer;
        record.SetId(Id(peer, generation), 0);
        record.SetSecret(Secret(peer, generation), 0);
        return record;
    }

    private static byte[] Id(ulong peer, int generation)
    {
        byte[] id = new byte[16];
        ByteOrder.WriteUInt64(id, 0, peer);
        id[15] = (byte)(generation + 1);
        return id;
    }

    private static byte[] Secret(ulong peer, int generation)
    {
        byte[] secret = new byte[32];
        ByteOrder.WriteUInt64(secret, 0, peer);
        secret[31] = (byte)generation;
        return secret;
    }
}
