using MatterNano;
using MatterNano.Credentials;
using MatterNano.Crypto;
using MatterNano.Platform;
using MatterNano.Storage;
using nanoFramework.TestFramework;
using NFUnitTest.Fakes;

namespace NFUnitTest.Credentials;

/// <summary>A fabric table with its flash, and what a commissioner does to it.</summary>
internal sealed class FabricBench
{
    internal readonly MemoryFlash Flash;
    internal readonly FabricTable Table;
    internal readonly FabricRecorder Recorder = new FabricRecorder();
    internal readonly CertificateChain Chain = new CertificateChain(new TestClock());
    internal byte[] Node;
    internal byte[] Intermediate = new byte[0];
    internal byte[] Root;

    private readonly FakeRandom _random = new FakeRandom(7);

    internal FabricBench(MemoryFlash flash)
    {
        Flash = flash;
        Table = new FabricTable(flash, new SymmetricCrypto());
        Table.AddListener(Recorder);
        Table.Load();
    }

    // Asks for a CSR and gives back the public key in it: the 65 bytes in front of the empty attributes.
    internal byte[] AskForKey(bool forUpdate)
    {
        byte[] csr = Hex.Filled(Csr.MaxLength);
        int length = Table.CreateCsr(_random, forUpdate, csr, 0, csr.Length);
        Assert.IsTrue(length > 200);
        byte[] key = new byte[65];
        int at = Hex.Text(csr, 0, length).IndexOf("03420004") / 2;
        System.Array.Copy(csr, at + 3, key, 0, 65);
        return key;
    }

    // Root and fabric have the same number; the root's key differs with it.
    internal int Add(ulong root, ulong fabric, ulong node, bool withIntermediate, out Fabric added)
    {
        byte[] key = AskForKey(false);
        Root = RootOf(root);
        added = null;
        if (!Table.AddTrustedRoot(Root, 0, Root.Length))
        {
            return FabricTable.StorageFailed;
        }

        MakeChain(root, fabric, node, withIntermediate, key);
        return AddPrepared(out added);
    }

    internal int AddPrepared(out Fabric added)
    {
        byte[] epochKey = Hex.Bytes("4a71cdd7b2a3ca9024f96f3c96a19dee");
        return Table.AddNoc(Chain, Node, 0, Node.Length, Intermediate, 0, Intermediate.Length, epochKey, 0, 0xfff1, out added);
    }

    internal int Update(Fabric fabric, ulong root, ulong node, bool withIntermediate)
    {
        byte[] key = AskForKey(true);
        Root = RootOf(root);
        MakeChain(root, fabric.FabricId, node, withIntermediate, key);
        return Table.UpdateNoc(fabric, Chain, Node, 0, Node.Length, Intermediate, 0, Intermediate.Length);
    }

    internal void MakeChain(ulong root, ulong fabric, ulong node, bool withIntermediate, byte[] key)
    {
        CertificateMaker leaf;
        if (withIntermediate)
        {
            CertificateMaker between = CertificateMaker.NewIntermediate(77, root);
            Intermediate = between.Make();
            leaf = CertificateMaker.NewNode(node, fabric, CertificateMaker.Intermediate, 77);
        }
        else
        {
            Intermediate = new byte[0];
            leaf = CertificateMaker.NewNode(node, fabric, CertificateMaker.Root, root);
        }

        leaf.PublicKey = key;
        Node = leaf.Make();
        Assert.AreEqual(CertificateStatus.Ok, Chain.Load(Root, 0, Root.Length, Intermediate, 0, Intermediate.Length, Node, 0, Node.Length));
    }

    internal static byte[] RootOf(ulong root)
    {
        CertificateMaker maker = CertificateMaker.NewRoot(root);
        maker.PublicKey[2] = (byte)root;
        return maker.Make();
    }

    internal Fabric AddCommitted(ulong root)
    {
        Fabric fabric;
        Assert.AreEqual(NodeOperationalCertStatus.Ok, Add(root, root, 100 + root, false, out fabric));
        Assert.IsTrue(Table.Commit());
        return fabric;
    }

    internal int CountRecords(string start)
    {
        string[] names = Flash.List();
        int count = 0;
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i].StartsWith(start))
            {
                count++;
            }
        }

        return count;
    }
}
