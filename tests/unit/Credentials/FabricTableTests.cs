using MatterNano;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Storage;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Credentials;

[TestClass]
public class FabricTableTests
{
    [TestMethod]
    public void AddedFabric_IsThereAtOnceAndAfterCommitForGood_11_18_6_8()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        Fabric fabric;
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Add(5, 9, 1234, true, out fabric));
        Assert.AreEqual(1, fabric.Index);
        Assert.IsTrue(fabric.IsProvisional);
        Assert.AreSame(fabric, bench.Table.Pending);
        Assert.AreSame(fabric, bench.Table.Find(1));
        Assert.AreEqual("A1", bench.Recorder.Heard);
        Assert.AreEqual(0, new FabricBench(Copy(bench.Flash)).Table.Count, "before the commit a restart forgets it");

        byte[] key = new byte[65];
        Assert.IsTrue(P256.GetPublicKey(fabric.Data, Fabric.PrivateKeyOffset, key, 0));
        Assert.IsTrue(bench.Chain.IsNodeKey(key, 0));
        Assert.IsTrue(bench.Table.Commit());
        Assert.AreEqual("A1C1", bench.Recorder.Heard);
        Assert.IsFalse(fabric.IsProvisional);
        Assert.IsNull(bench.Table.Pending);
        Assert.IsFalse(bench.Table.HasPendingRoot);
        Assert.IsFalse(bench.Table.HasPendingCsr);

        string data = Hex.Text(fabric.Data, 0, fabric.Data.Length);
        FabricBench again = new FabricBench(bench.Flash);
        Fabric loaded = again.Table.Find(1);
        Assert.AreEqual(9UL, loaded.FabricId);
        Assert.AreEqual(1234UL, loaded.NodeId);
        Assert.AreEqual(0xfff1, loaded.VendorId);
        Assert.AreEqual(1, loaded.IdentityProtectionKeyCount);
        Assert.AreEqual(data, Hex.Text(loaded.Data, 0, loaded.Data.Length));
        Assert.AreEqual(string.Empty, again.Recorder.Heard);
        byte[] certificate = Hex.Filled(400);
        Assert.AreEqual(bench.Node.Length, again.Table.ReadCertificate(loaded, CertificateKind.Node, certificate, 0, 400));
        Assert.AreEqual(Hex.Text(bench.Node, 0, bench.Node.Length), Hex.Text(certificate, 0, bench.Node.Length));
        Assert.AreEqual(bench.Intermediate.Length, again.Table.ReadCertificate(loaded, CertificateKind.Intermediate, certificate, 0, 400));
        Assert.AreEqual(bench.Root.Length, again.Table.ReadCertificate(loaded, CertificateKind.Root, certificate, 0, 400));
        Assert.AreEqual(-1, again.Table.ReadCertificate(loaded, CertificateKind.Root, certificate, 0, 50));
    }

    [TestMethod]
    public void DerivedValues_AreThoseOfTheSpecification_4_14_2_4()
    {
        // The worked example: root key, fabric, node and epoch key printed there.
        byte[] rootKey = Hex.Bytes("044a9f42b1ca4840d37292bbc7f6a7e11e22200c976fc900dbc98a7a383a641cb8254a2e56d4e295a847943b4e3897c4a773e930277b4d9fbede8a052686bfacfa");
        FabricBench bench = new FabricBench(new MemoryFlash());
        CertificateMaker root = CertificateMaker.NewRoot(1);
        root.PublicKey = rootKey;
        bench.Root = root.Make();
        byte[] key = bench.AskForKey(false);
        Assert.IsTrue(bench.Table.AddTrustedRoot(bench.Root, 0, bench.Root.Length));
        bench.MakeChain(1, 0x2906c908d115d362, 0xcd5544aa7b13ef14, false, key);
        Fabric fabric;
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.AddPrepared(out fabric));
        Assert.AreEqual("87e1b004e235a130", Hex.Text(fabric.Data, Fabric.CompressedIdOffset, 8));
        Assert.AreEqual("9bc61cd9c62a2df6d64dfcaa9dc472d4", Hex.Text(fabric.Data, Fabric.IdentityProtectionKeysOffset, 16));

        byte[] random = Hex.Bytes("7e171231568dfa17206b3accf8faec2f4d21b580113196f47c7c4deb810a73dc");
        byte[] destination = Hex.Bytes("dc35dd5fc9134cc5544538c9c3fc4297c1ec3370c839136a80e10796451d4c53");
        int keyOffset;
        Assert.AreSame(fabric, FindByDestination(bench.Table, random, destination, out keyOffset));
        Assert.AreEqual(Fabric.IdentityProtectionKeysOffset, keyOffset);
        destination[31] ^= 1;
        Assert.IsNull(FindByDestination(bench.Table, random, destination, out keyOffset));
        destination[31] ^= 1;

        // The same key as the third of key set 0: every key is tried.
        Assert.IsTrue(bench.Table.SetIdentityProtectionKeys(fabric, Hex.Bytes("000102030405060708090a0b0c0d0e0f" + "101112131415161718191a1b1c1d1e1f" + "4a71cdd7b2a3ca9024f96f3c96a19dee"), 0, 3));
        Assert.AreSame(fabric, FindByDestination(bench.Table, random, destination, out keyOffset));
        Assert.AreEqual(Fabric.IdentityProtectionKeysOffset + 32, keyOffset);
        Assert.IsTrue(bench.Table.Commit());
        FabricBench again = new FabricBench(bench.Flash);
        Assert.AreEqual(3, again.Table.Find(1).IdentityProtectionKeyCount);
        Assert.IsNotNull(FindByDestination(again.Table, random, destination, out keyOffset));
    }

    [TestMethod]
    public void AddNoc_AnswersEachMistake_11_18_6_8()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        Fabric fabric;
        byte[] key = bench.AskForKey(false);
        bench.Root = FabricBench.RootOf(5);
        bench.MakeChain(5, 9, 1, false, key);
        Assert.AreEqual(NodeOperationalCertStatus.InvalidNoc, bench.AddPrepared(out fabric), "no root");
        Assert.IsTrue(bench.Table.AddTrustedRoot(bench.Root, 0, bench.Root.Length));
        Assert.IsTrue(bench.Table.HasPendingRoot);
        byte[] read = new byte[400];
        Assert.AreEqual(bench.Root.Length, bench.Table.ReadPendingRoot(read, 0, 400));

        byte[] other = bench.AskForKey(false);
        Assert.AreEqual(NodeOperationalCertStatus.InvalidPublicKey, bench.AddPrepared(out fabric), "the key of an older request");
        bench.AskForKey(true);
        Assert.AreEqual(NodeOperationalCertStatus.MissingCsr, bench.AddPrepared(out fabric), "a request for an update");
        key = bench.AskForKey(false);
        bench.MakeChain(5, 9, 1, false, key);
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.AddPrepared(out fabric));
        Assert.AreEqual(NodeOperationalCertStatus.MissingCsr, bench.AddPrepared(out fabric), "a key is used once");
        Assert.IsTrue(bench.Table.Commit());
        Assert.AreEqual(-1, bench.Table.ReadPendingRoot(read, 0, 400));

        Assert.AreEqual(NodeOperationalCertStatus.FabricConflict, bench.Add(5, 9, 2, false, out fabric));
        Assert.AreEqual(1, fabric.Index);
        bench.Table.Revert();
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Add(5, 10, 2, false, out fabric), "the same root, another fabric");
        Assert.AreEqual(2, fabric.Index);
    }

    [TestMethod]
    public void FullTable_RefusesOneMoreAndKeepsNothingOfIt()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        for (ulong i = 1; i <= Limits.Fabrics; i++)
        {
            Assert.AreEqual((int)i, bench.AddCommitted(i).Index);
        }

        Assert.AreEqual(Limits.Fabrics, bench.Table.Count);
        int records = bench.CountRecords("fab.");
        Fabric fabric;
        Assert.AreEqual(NodeOperationalCertStatus.TableFull, bench.Add(9, 9, 9, true, out fabric));
        bench.Table.Revert();
        Assert.AreEqual(records, bench.CountRecords("fab."));
        Assert.AreEqual(Limits.Fabrics, new FabricBench(bench.Flash).Table.Count);

        Assert.IsTrue(bench.Table.Remove(3));
        Assert.AreEqual(0, bench.CountRecords("fab.3"));
        Assert.AreEqual(6, bench.AddCommitted(9).Index, "an index is not used again at once");
    }

    [TestMethod]
    public void Indexes_GoRoundAfter254_AndOverThoseInUse()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        bench.AddCommitted(1);
        bench.AddCommitted(2);
        byte[] last = new byte[] { 254, 1 };
        Assert.IsTrue(bench.Flash.Write("fab.last", last, 0, 2));
        bench = new FabricBench(bench.Flash);
        Assert.AreEqual(3, bench.AddCommitted(3).Index);
        Assert.IsTrue(bench.Flash.Write("fab.last", new byte[] { 253, 2 }, 0, 2));
        bench = new FabricBench(bench.Flash);
        Assert.AreEqual(254, bench.AddCommitted(4).Index);
        Assert.AreEqual(4, bench.AddCommitted(5).Index);

        // A damaged record: the highest in use is taken instead.
        Assert.IsTrue(bench.Table.Remove(254));
        Assert.IsTrue(bench.Flash.Write("fab.last", new byte[] { 200, 2 }, 0, 2));
        bench = new FabricBench(bench.Flash);
        Assert.AreEqual(5, bench.AddCommitted(6).Index);
    }

    [TestMethod]
    public void RevertedAdd_LeavesNothing()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        bench.AddCommitted(1);
        int records = bench.CountRecords("fab.");
        Fabric fabric;
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Add(2, 2, 2, true, out fabric));
        bench.Recorder.Heard = string.Empty;
        bench.Table.Revert();
        Assert.AreEqual("R2", bench.Recorder.Heard);
        Assert.IsNull(bench.Table.Find(2));
        Assert.AreEqual(0, fabric.Index);
        Assert.AreEqual(records, bench.CountRecords("fab."));
        bench.Table.Revert();
        Assert.AreEqual("R2", bench.Recorder.Heard);
        Assert.AreEqual(2, bench.AddCommitted(3).Index, "a reverted fabric does not use up its index");
    }

    [TestMethod]
    public void Update_IsInForceAtOnce_AndRevertedToTheOldKey_11_18_6_9()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        Fabric fabric = bench.AddCommitted(1);
        byte[] oldNode = bench.Node;
        string oldData = Hex.Text(fabric.Data, 0, fabric.Data.Length);
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Update(fabric, 1, 555, true));
        Assert.AreEqual(555UL, fabric.NodeId);
        Assert.IsTrue(bench.Table.IsPendingUpdate);
        Assert.AreEqual("A1C1U1", bench.Recorder.Heard);
        byte[] read = new byte[400];
        Assert.AreEqual(bench.Node.Length, bench.Table.ReadCertificate(fabric, CertificateKind.Node, read, 0, 400));
        Assert.AreEqual(101UL, new FabricBench(Copy(bench.Flash)).Table.Find(1).NodeId, "a restart reverts it");

        // A label set meanwhile holds; the new key does not go into flash with it.
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Table.SetLabel(fabric, "Home"));
        bench.Table.Revert();
        Assert.AreEqual("A1C1U1U1", bench.Recorder.Heard);
        Assert.AreEqual(101UL, fabric.NodeId);
        Assert.AreEqual("Home", fabric.Label);
        Assert.AreEqual(oldData, Hex.Text(fabric.Data, 0, fabric.Data.Length));
        int length = bench.Table.ReadCertificate(fabric, CertificateKind.Node, read, 0, 400);
        Assert.AreEqual(Hex.Text(oldNode, 0, oldNode.Length), Hex.Text(read, 0, length));
        Assert.AreEqual(0, bench.Table.ReadCertificate(fabric, CertificateKind.Intermediate, read, 0, 400));

        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Update(fabric, 1, 556, true));
        Assert.IsTrue(bench.Table.Commit());
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Update(fabric, 1, 557, false));
        Assert.IsTrue(bench.Table.Commit());
        Assert.AreEqual("A1C1U1U1U1C1U1C1", bench.Recorder.Heard);
        Assert.AreEqual(3, bench.CountRecords("fab.1"), "the old certificates are gone");
        FabricBench again = new FabricBench(bench.Flash);
        Assert.AreEqual(557UL, again.Table.Find(1).NodeId);
        Assert.AreEqual("Home", again.Table.Find(1).Label);
        Assert.AreEqual(0, again.Table.ReadCertificate(again.Table.Find(1), CertificateKind.Intermediate, read, 0, 400));
        Assert.AreEqual(3, again.CountRecords("fab.1"), "record, root, node");
    }

    [TestMethod]
    public void UpdateNoc_AnswersEachMistake_11_18_6_9()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        Fabric fabric = bench.AddCommitted(1);
        Assert.AreEqual(NodeOperationalCertStatus.MissingCsr, bench.Table.UpdateNoc(fabric, bench.Chain, bench.Node, 0, bench.Node.Length, null, 0, 0));
        bench.AskForKey(true);
        Assert.AreEqual(NodeOperationalCertStatus.InvalidPublicKey, bench.Table.UpdateNoc(fabric, bench.Chain, bench.Node, 0, bench.Node.Length, null, 0, 0));
        Assert.AreEqual(NodeOperationalCertStatus.InvalidNoc, bench.Update(fabric, 2, 555, false), "another root");
        byte[] key = bench.AskForKey(true);
        bench.Root = FabricBench.RootOf(1);
        bench.MakeChain(1, 7, 555, false, key);
        Assert.AreEqual(NodeOperationalCertStatus.InvalidNoc, bench.Table.UpdateNoc(fabric, bench.Chain, bench.Node, 0, bench.Node.Length, null, 0, 0), "another fabric");
        Assert.AreEqual(101UL, fabric.NodeId);
        bench.AskForKey(false);
        Assert.AreEqual(NodeOperationalCertStatus.MissingCsr, bench.Table.UpdateNoc(fabric, bench.Chain, bench.Node, 0, bench.Node.Length, null, 0, 0), "a request for a new fabric");
    }

    [TestMethod]
    public void Labels_AreUnique_ExceptTheEmptyOne_11_18_6_11()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        Fabric one = bench.AddCommitted(1);
        Fabric two = bench.AddCommitted(2);
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Table.SetLabel(one, "Haus \u00fc"));
        Assert.AreEqual(NodeOperationalCertStatus.LabelConflict, bench.Table.SetLabel(two, "Haus \u00fc"));
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Table.SetLabel(two, "haus \u00fc"));
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Table.SetLabel(one, string.Empty));
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Table.SetLabel(two, string.Empty));
        string longest = "12345678901234567890123456789012";
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Table.SetLabel(one, longest));
        Assert.AreEqual(longest, new FabricBench(bench.Flash).Table.Find(1).Label);
        Assert.ThrowsException(typeof(System.ArgumentException), () => bench.Table.SetLabel(one, longest + "3"));
        bench.Flash.RefuseAfter(0);
        Assert.AreEqual(FabricTable.StorageFailed, bench.Table.SetLabel(one, "x"));
        Assert.AreEqual(longest, one.Label);
        Assert.AreEqual(1U, bench.Table.GetCounter(FabricTable.CounterRefused));
    }

    [TestMethod]
    public void Removal_ReachesEveryRecord_AlsoOfAPendingFabric()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        Fabric one = bench.AddCommitted(1);
        bench.AddCommitted(2);
        bench.Table.RememberChain(one, new byte[32], 0);
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Update(one, 1, 9, true));
        Assert.IsTrue(bench.Table.PrepareCommit());
        Assert.IsTrue(bench.Table.Remove(1));
        Assert.IsNull(bench.Table.Pending);
        Assert.AreEqual(0, bench.CountRecords("fab.1"));
        Assert.IsFalse(bench.Table.Remove(1));
        Assert.IsFalse(bench.Table.Remove(0));

        Fabric three;
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Add(3, 3, 3, false, out three));
        Assert.IsTrue(bench.Table.Remove(3));
        Assert.AreEqual(0, bench.CountRecords("fab.3"));
        Assert.IsTrue(bench.Table.Commit());
        Assert.AreEqual(1, new FabricBench(bench.Flash).Table.Count);
        for (int i = 0; i < three.Data.Length; i++)
        {
            Assert.AreEqual((byte)0, three.Data[i]);
        }
    }

    [TestMethod]
    public void RemovedFabric_IsGoneForSessionsWhileListenersRun()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        bench.AddCommitted(1);
        Watcher watcher = new Watcher(bench.Table);
        bench.Table.AddListener(watcher);
        Assert.IsTrue(bench.Table.ContainsFabric(1));
        Assert.AreEqual(101UL, bench.Table.GetNodeId(1));
        byte[] compressed = new byte[8];
        Assert.IsTrue(bench.Table.GetCompressedFabricId(1, compressed, 0));
        Assert.IsTrue(bench.Table.Remove(1));
        Assert.IsTrue(watcher.WasAsked);
        Assert.IsFalse(watcher.Contained);
        Assert.AreEqual(101UL, watcher.NodeId);
        Assert.AreEqual(0UL, bench.Table.GetNodeId(1));
        Assert.IsFalse(bench.Table.GetCompressedFabricId(1, compressed, 0));
    }

    [TestMethod]
    public void KnownChains_ReplaceTheOldest_AndSurvive()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        Fabric fabric = bench.AddCommitted(1);
        byte[] print = new byte[32];
        for (int i = 1; i <= Fabric.KnownChains + 1; i++)
        {
            print[0] = (byte)i;
            Assert.IsFalse(bench.Table.IsKnownChain(fabric, print, 0));
            bench.Table.RememberChain(fabric, print, 0);
            int changes = bench.Flash.ChangeCount;
            bench.Table.RememberChain(fabric, print, 0);
            Assert.AreEqual(changes, bench.Flash.ChangeCount, "a known one costs no write");
        }

        FabricBench again = new FabricBench(bench.Flash);
        fabric = again.Table.Find(1);
        for (int i = 1; i <= Fabric.KnownChains + 1; i++)
        {
            print[0] = (byte)i;
            Assert.AreEqual(i > 1, again.Table.IsKnownChain(fabric, print, 0), i.ToString());
        }

        // Left behind by another fabric with this index.
        byte[] record = new byte[200];
        int length = again.Flash.Read("fab.1.k", record, 0, record.Length);
        record[2] ^= 1;
        Assert.IsTrue(again.Flash.Write("fab.1.k", record, 0, length));
        Assert.IsFalse(again.Table.IsKnownChain(fabric, print, 0), "of another fabric");
        FabricBench other = new FabricBench(again.Flash);
        Assert.AreEqual(1U, other.Table.GetCounter(FabricTable.CounterDropped));
        Assert.IsFalse(other.Table.IsKnownChain(other.Table.Find(1), print, 0));

        Assert.IsTrue(again.Flash.Write("fab.1.k", print, 0, 10));
        again = new FabricBench(again.Flash);
        Assert.AreEqual(1, again.Table.Count);
        Assert.AreEqual(1U, again.Table.GetCounter(FabricTable.CounterDropped));
        Assert.IsFalse(again.Table.IsKnownChain(again.Table.Find(1), print, 0));
    }

    [TestMethod]
    public void DamagedRecords_AreDroppedAndCounted_OthersStay()
    {
        string[] victims = new string[] { "fab.1", "fab.1.n0", "fab.1.r" };
        for (int v = 0; v < victims.Length; v++)
        {
            FabricBench bench = new FabricBench(new MemoryFlash());
            bench.AddCommitted(1);
            bench.AddCommitted(2);
            Assert.IsTrue(v == 0 ? bench.Flash.Write(victims[v], new byte[50], 0, 50) : bench.Flash.Delete(victims[v]));
            FabricBench again = new FabricBench(bench.Flash);
            Assert.AreEqual(1, again.Table.Count);
            Assert.IsNotNull(again.Table.Find(2));
            Assert.AreEqual(1U, again.Table.GetCounter(FabricTable.CounterDropped));
            Assert.AreEqual(0, again.CountRecords("fab.1"), "what belongs to nobody is deleted");
        }

        // Every single byte of the header wrong: never an exception, and the other fabric stays.
        FabricBench whole = new FabricBench(new MemoryFlash());
        whole.AddCommitted(1);
        whole.AddCommitted(2);
        byte[] record = new byte[300];
        int length = whole.Flash.Read("fab.1", record, 0, record.Length);
        for (int i = 0; i < 22; i++)
        {
            MemoryFlash flash = Copy(whole.Flash);
            record[i] ^= 0xff;
            Assert.IsTrue(flash.Write("fab.1", record, 0, length));
            record[i] ^= 0xff;
            Assert.IsNotNull(new FabricBench(flash).Table.Find(2));
        }
    }

    [TestMethod]
    public void ForeignNames_AreLeftAlone()
    {
        MemoryFlash flash = new MemoryFlash();
        string[] names = new string[] { "fab", "fab.", "fab.x", "fab.0", "fab.255", "fab.99999999999", "fabric.1", "net.1", "fab.last" };
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] != "fab.")
            {
                Assert.IsTrue(flash.Write(names[i], new byte[3], 0, 3));
            }
        }

        Assert.AreEqual(0, new FabricBench(flash).Table.Count);
        Assert.AreEqual(names.Length - 1, flash.List().Length);
    }

    [TestMethod]
    public void PowerCutAtEveryWrite_LeavesTheOldOrTheNew()
    {
        // 0 add, 1 update, 2 remove, 3 label, 4 keys, 5 a commit in two steps.
        for (int kind = 0; kind < 6; kind++)
        {
            bool finished = false;
            for (int writes = 0; !finished; writes++)
            {
                Assert.IsTrue(writes < 40, "the work ends");
                FabricBench bench = new FabricBench(new MemoryFlash());
                Fabric one = bench.AddCommitted(1);
                bench.AddCommitted(2);
                bench.Flash.RefuseAfter(writes);
                finished = Work(bench, one, kind);
                bench.Flash.RefuseAfter(-1);

                FabricBench again = new FabricBench(bench.Flash);
                again.Table.Revert();
                Fabric loaded = again.Table.Find(1);
                Assert.IsNotNull(again.Table.Find(2));
                Assert.AreEqual(0U, again.Table.GetCounter(FabricTable.CounterDropped), kind.ToString() + "/" + writes.ToString());
                if (kind != 2)
                {
                    Assert.IsTrue(loaded.NodeId == 101 || (loaded.NodeId == 555 && (kind == 1 || kind == 5)));
                    Assert.IsTrue(loaded.Label.Length == 0 || kind == 3);
                    CheckUsable(again, loaded);
                }

                int certificates = 0;
                for (int i = 0; i < again.Table.Capacity; i++)
                {
                    Fabric fabric = again.Table.GetSlot(i);
                    if (fabric != null)
                    {
                        certificates += 3 + (again.Table.ReadCertificate(fabric, CertificateKind.Intermediate, new byte[400], 0, 400) > 0 ? 1 : 0);
                    }
                }

                Assert.AreEqual(certificates + 1, again.Flash.List().Length, "nothing without owner, and fab.last");
                if (finished)
                {
                    Assert.AreEqual(kind == 0 ? 3 : kind == 2 ? 1 : 2, again.Table.Count);
                    Assert.IsTrue(kind == 2 || loaded.NodeId == (ulong)(kind == 1 || kind == 5 ? 555 : 101));
                }
            }
        }
    }

    [TestMethod]
    public void PreparedCommit_CanBeFinishedOrUndoneAfterARestart()
    {
        FabricBench bench = new FabricBench(new MemoryFlash());
        Fabric one = bench.AddCommitted(1);
        Assert.AreEqual(NodeOperationalCertStatus.Ok, bench.Update(one, 1, 555, true));
        Assert.IsTrue(bench.Table.PrepareCommit());

        FabricBench undone = new FabricBench(Copy(bench.Flash));
        Assert.IsTrue(undone.Table.IsPendingUpdate);
        Assert.AreEqual(555UL, undone.Table.Find(1).NodeId);
        undone.Table.Revert();
        Assert.AreEqual(101UL, undone.Table.Find(1).NodeId);
        CheckUsable(undone, undone.Table.Find(1));

        FabricBench finished = new FabricBench(Copy(bench.Flash));
        Assert.IsTrue(finished.Table.Commit());
        Assert.AreEqual(555UL, finished.Table.Find(1).NodeId);
        finished = new FabricBench(finished.Flash);
        Assert.IsNull(finished.Table.Pending);
        Assert.AreEqual(555UL, finished.Table.Find(1).NodeId);
        CheckUsable(finished, finished.Table.Find(1));

        Fabric two;
        Assert.IsTrue(finished.Table.Commit());
        Assert.AreEqual(NodeOperationalCertStatus.Ok, finished.Add(2, 2, 2, false, out two));
        Assert.IsTrue(finished.Table.PrepareCommit());
        undone = new FabricBench(Copy(finished.Flash));
        Assert.IsTrue(undone.Table.Pending.IsProvisional);
        undone.Table.Revert();
        Assert.AreEqual(1, undone.Table.Count);
        Assert.AreEqual("R2", undone.Recorder.Heard);
        finished = new FabricBench(finished.Flash);
        Assert.IsTrue(finished.Table.Commit());
        finished = new FabricBench(finished.Flash);
        Assert.AreEqual(2, finished.Table.Count);
        Assert.IsFalse(finished.Table.Find(2).IsProvisional);
        CheckUsable(finished, finished.Table.Find(2));
    }

    private static bool Work(FabricBench bench, Fabric one, int kind)
    {
        Fabric added;
        switch (kind)
        {
            case 0:
                return bench.Add(3, 3, 3, true, out added) == NodeOperationalCertStatus.Ok && bench.Table.Commit() && bench.Table.GetCounter(FabricTable.CounterRefused) == 0;
            case 1:
                return bench.Update(one, 1, 555, true) == NodeOperationalCertStatus.Ok && bench.Table.Commit() && bench.Table.GetCounter(FabricTable.CounterRefused) == 0;
            case 2:
                return bench.Table.Remove(1) && bench.Table.GetCounter(FabricTable.CounterRefused) == 0;
            case 3:
                return bench.Table.SetLabel(one, "x") == NodeOperationalCertStatus.Ok;
            case 4:
                return bench.Table.SetIdentityProtectionKeys(one, new byte[48], 0, 3);
            default:
                return bench.Update(one, 1, 555, true) == NodeOperationalCertStatus.Ok && bench.Table.PrepareCommit() && bench.Table.Commit() && bench.Table.GetCounter(FabricTable.CounterRefused) == 0;
        }
    }

    // The key, the certificate and the record of a fabric belong together.
    private static void CheckUsable(FabricBench bench, Fabric fabric)
    {
        byte[] key = new byte[65];
        byte[] certificate = new byte[400];
        Assert.IsTrue(P256.GetPublicKey(fabric.Data, Fabric.PrivateKeyOffset, key, 0));
        int length = bench.Table.ReadCertificate(fabric, CertificateKind.Node, certificate, 0, 400);
        MatterCertificate parsed = new MatterCertificate();
        Assert.AreEqual(CertificateStatus.Ok, parsed.Parse(new MatterNano.Tlv.TlvReader(), certificate, 0, length));
        Assert.AreEqual(fabric.NodeId, parsed.NodeId);
        Assert.IsTrue(Secrets.AreEqual(key, 0, certificate, parsed.PublicKeyOffset, 65));
        Assert.IsTrue(bench.Table.ReadCertificate(fabric, CertificateKind.Root, certificate, 0, 400) > 0);
    }

    private static MemoryFlash Copy(MemoryFlash flash)
    {
        MemoryFlash copy = new MemoryFlash();
        byte[] record = new byte[600];
        string[] names = flash.List();
        for (int i = 0; i < names.Length; i++)
        {
            int length = flash.Read(names[i], record, 0, record.Length);
            copy.Write(names[i], record, 0, length);
        }

        return copy;
    }

    private sealed class Watcher : IFabricListener
    {
        internal bool WasAsked;
        internal bool Contained;
        internal ulong NodeId;

        private readonly FabricTable _table;

        internal Watcher(FabricTable table)
        {
            _table = table;
        }

        public void OnFabricAdded(Fabric fabric)
        {
        }

        public void OnFabricUpdated(Fabric fabric)
        {
        }

        public void OnFabricCommitted(Fabric fabric)
        {
        }

        public void OnFabricRemoved(Fabric fabric)
        {
            WasAsked = true;
            Contained = _table.ContainsFabric(fabric.Index);
            NodeId = fabric.NodeId;
        }
    }

    private static Fabric FindByDestination(FabricTable table, byte[] random, byte[] destination, out int keyOffset)
    {
        Fabric fabric = null;
        keyOffset = 0;
        for (int attempt = 0; fabric == null && attempt < FabricTable.DestinationAttempts;)
        {
            fabric = table.TryDestination(ref attempt, random, 0, destination, 0, out keyOffset);
        }

        return fabric;
    }
}
