namespace MatterNano.Interaction;

/// <summary>Which attributes changed since when, for all subscriptions together, in a fixed table.</summary>
/// <remarks>
/// Every change takes the next number. A subscription remembers the number up to which it has reported; what has a
/// larger one is due. When the table is full its oldest entry is forgotten, and its whole cluster counts as changed at
/// that number: a subscriber may then see an unchanged value again, never miss a changed one.
/// Entry: number | ordinal of the cluster u16, attribute u16 below it.
/// </remarks>
internal sealed class ChangeTable
{
    /// <summary>Attributes remembered one by one.</summary>
    internal const int Capacity = 24;

    private const int EntrySize = 2;

    private readonly Node _node;
    private readonly uint[] _entries = new uint[Capacity * EntrySize];
    private int _count;
    private uint _last;
    private uint _forgotten;

    internal ChangeTable(Node node)
    {
        _node = node;
    }

    /// <summary>Number of the last change; 0 before the first.</summary>
    internal uint Last
    {
        get { return _last; }
    }

    /// <summary>Largest number of a change that is no longer remembered one by one; 0 for none.</summary>
    internal uint Forgotten
    {
        get { return _forgotten; }
    }

    /// <summary>Entries in use.</summary>
    internal int Count
    {
        get { return _count; }
    }

    /// <summary>Notes a change.</summary>
    internal void Add(Cluster cluster, uint attribute)
    {
        uint number = ++_last;
        cluster.LastChange = number;
        uint key = ((uint)cluster.Ordinal << 16) | attribute;
        int end = _count * EntrySize;
        int at = end;
        int oldest = 0;
        for (int i = 0; i < end; i += EntrySize)
        {
            if (_entries[i + 1] == key)
            {
                _entries[i] = number;
                return;
            }

            if (_entries[i] < _entries[oldest])
            {
                oldest = i;
            }
        }

        if (_count < Capacity)
        {
            _count++;
        }
        else
        {
            at = oldest;
            uint forgotten = _entries[at];
            Cluster forgetting = GetCluster(at / EntrySize);
            if (forgotten > forgetting.ForgottenChange)
            {
                forgetting.ForgottenChange = forgotten;
            }

            if (forgotten > _forgotten)
            {
                _forgotten = forgotten;
            }
        }

        _entries[at] = number;
        _entries[at + 1] = key;
    }

    /// <summary>True when the attribute may have changed after a change number.</summary>
    internal bool IsChanged(Cluster cluster, uint attribute, uint since)
    {
        if (cluster.LastChange <= since)
        {
            return false;
        }

        if (cluster.ForgottenChange > since)
        {
            return true;
        }

        uint key = ((uint)cluster.Ordinal << 16) | attribute;
        int end = _count * EntrySize;
        for (int i = 0; i < end; i += EntrySize)
        {
            if (_entries[i + 1] == key)
            {
                return _entries[i] > since;
            }
        }

        return false;
    }

    /// <summary>Number of an entry.</summary>
    internal uint GetNumber(int index)
    {
        return _entries[index * EntrySize];
    }

    /// <summary>Cluster of an entry.</summary>
    internal Cluster GetCluster(int index)
    {
        return _node.GetCluster(-1 & (int)(_entries[(index * EntrySize) + 1] >> 16));
    }

    /// <summary>Attribute of an entry.</summary>
    internal uint GetAttribute(int index)
    {
        return _entries[(index * EntrySize) + 1] & 0xffff;
    }
}
