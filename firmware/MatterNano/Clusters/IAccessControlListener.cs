namespace MatterNano.Clusters;

/// <summary>Hears of every change of an access control entry, to record it as an event and to report the attribute.</summary>
public interface IAccessControlListener
{
    /// <summary>An entry was changed, added or removed. Called once an entry, in list order, after the table has the new state.</summary>
    /// <param name="change">0 changed, 1 added, 2 removed (ChangeTypeEnum, Core 9.10.5.1).</param>
    /// <param name="fabricIndex">Fabric of the entry.</param>
    /// <param name="data">Holds the newest value, or the removed one, as <see cref="AccessControlEntry"/>; valid during the call.</param>
    /// <param name="offset">Where the entry begins.</param>
    void OnEntryChanged(int change, int fabricIndex, byte[] data, int offset);

    /// <summary>The list changed; called once after the entries of one change, and when a fabric took its entries with it.</summary>
    void OnListChanged();
}
