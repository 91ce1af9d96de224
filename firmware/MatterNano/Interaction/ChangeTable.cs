namespace MatterNano.Interaction;

/// <summary>Which attributes changed since when, for all subscriptions together, in a fixed table.</summary>
/// <remarks>
/// Every change takes the next number. A subscription remembers the number up to which it has reported; what has a
/// larger one is due. When the table is full its oldest entry is forgotten, and its whole cluster counts as changed at
/// that number: a subscriber may then see an unchanged value again, never miss a changed one.
/// </remarks>
internal sealed class ChangeTable
{
    /// <summary>Attributes remembered one by one.</summary>
    internal const int Capacity = 24;

    private readonly Cluster[] _clusters = new Cluster[Capacity];
    private readonly uint[] _attributes = new uint[Capacity];
    private readonly uint[] _numbers = new uint[Capacity];
    private int _count;
    private uint _last;
    private uint _forgotten;

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
        int oldest = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_clusters[i] == cluster && _attributes[i] == attribute)
            {
                _numbers[i] = number;
                return;
            }

            if (_numbers[i] < _numbers[oldest])
            {
                oldest = i;
            }
        }

        int at = _count;
        if (at < Capacity)
        {
            _count++;
        }
        else
        {
            at = oldest;
            uint forgotten = _numbers[at];
            if (forgotten > _clusters[at].ForgottenChange)
            {
                _clusters[at].ForgottenChange = forgotten;
            }

            if (forgotten > _forgotten)
            {
                _forgotten = forgotten;
            }
        }

        _clusters[at] = cluster;
        _attributes[at] = attribute;
        _numbers[at] = number;
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

        for (int i = 0; i < _count; i++)
        {
            if (_numbers[i] > since && _clusters[i] == cluster && _attributes[i] == attribute)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Number of an entry.</summary>
    internal uint GetNumber(int index)
    {
        return _numbers[index];
    }

    /// <summary>Cluster of an entry.</summary>
    internal Cluster GetCluster(int index)
    {
        return _clusters[index];
    }

    /// <summary>Attribute of an entry.</summary>
    internal uint GetAttribute(int index)
    {
        return _attributes[index];
    }
}
