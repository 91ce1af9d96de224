using MatterNano.Interaction;
using nanoFramework.TestFramework;

namespace NFUnitTest.Interaction;

[TestClass]
public class ChangeTableTests
{
    [TestMethod]
    public void FullTable_ForgetsTheOldest_AndThenTakesItsClusterForChanged()
    {
        ImLink link = new ImLink();
        ChangeTable table = new ChangeTable(link.Node);
        Cluster first = link.Node.GetCluster(0);
        Cluster second = link.Node.GetCluster(1);
        table.Add(first, 1);
        for (uint i = 0; i < ChangeTable.Capacity - 1; i++)
        {
            table.Add(second, i);
        }

        Assert.IsTrue(table.IsChanged(first, 1, 0));
        Assert.IsFalse(table.IsChanged(first, 2, 0));
        Assert.IsFalse(table.IsChanged(first, 1, 1));

        // A repeated change takes no entry.
        table.Add(second, 3);
        Assert.AreEqual(0U, table.Forgotten);
        Assert.IsFalse(table.IsChanged(first, 2, 0));
        Assert.IsTrue(table.IsChanged(second, 3, ChangeTable.Capacity));

        // One more: the oldest goes, nothing of its cluster is missed.
        table.Add(second, 999);
        Assert.AreEqual(ChangeTable.Capacity, table.Count);
        Assert.AreEqual(1U, table.Forgotten);
        Assert.IsTrue(table.IsChanged(first, 1, 0));
        Assert.IsTrue(table.IsChanged(first, 2, 0));
        Assert.IsFalse(table.IsChanged(first, 1, 1));
        Assert.IsFalse(table.IsChanged(second, 998, 0));
    }
}
