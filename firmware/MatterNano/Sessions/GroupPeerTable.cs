using MatterNano.Messaging;

namespace MatterNano.Sessions;

/// <summary>Reception windows of peers that sent group messages, by fabric and node (Core 4.6.5.2.2).</summary>
/// <remarks>
/// The first counter of a peer is trusted. When the table is full the peer heard longest ago is forgotten. A sender has one
/// counter for all keys, so a window is shared by the keys of a rotation; it ends when none of the keys that it was heard
/// under is installed any more, for what was sent under them cannot come again.
/// </remarks>
public sealed class GroupPeerTable
{
    private const int FabricAt = 0;
    private const int NodeAt = 1;
    private const int WindowAt = 9;
    private const int UsedAt = WindowAt + ReceptionWindow.PackedSize;

    // Group session ids of the keys that the peer was heard under: as many as a fabric can have at once.
    private const int KeyCountAt = UsedAt + 4;
    private const int KeysAt = KeyCountAt + 1;
    private const int MaxKeys = (Limits.GroupKeySetsPerFabric - 1) * 3;
    private const int EntrySize = KeysAt + (2 * MaxKeys);

    private readonly byte[] _entries = new byte[Limits.GroupPeers * EntrySize];
    private uint _uses;

    /// <summary>Peers remembered.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int at = 0; at < _entries.Length; at += EntrySize)
            {
                if (_entries[at + FabricAt] != 0)
                {
                    count++;
                }
            }

            return count;
        }
    }

    /// <summary>Whether the counter of an authentic group message was not received before.</summary>
    public bool IsNew(int fabricIndex, ulong nodeId, uint counter)
    {
        int at = Find(fabricIndex, nodeId);
        return at < 0 || ReceptionWindow.IsNew(_entries, at + WindowAt, ReceptionWindow.Group, counter);
    }

    /// <summary>Records the counter of an authentic group message.</summary>
    /// <param name="fabricIndex">Fabric of the peer.</param>
    /// <param name="nodeId">The peer.</param>
    /// <param name="keyId">Group session id of the key it was sent under.</param>
    /// <param name="counter">The counter.</param>
    /// <returns>True when it is new, false for a duplicate.</returns>
    public bool Update(int fabricIndex, ulong nodeId, int keyId, uint counter)
    {
        int at = Find(fabricIndex, nodeId);
        if (at >= 0)
        {
            if (!ReceptionWindow.IsNew(_entries, at + WindowAt, ReceptionWindow.Group, counter))
            {
                return false;
            }

            ReceptionWindow.Commit(_entries, at + WindowAt, ReceptionWindow.Group, counter);
        }
        else
        {
            at = FindOldest();
            Secrets.Wipe(_entries, at, EntrySize);
            _entries[at + FabricAt] = (byte)fabricIndex;
            ByteOrder.WriteUInt64(_entries, at + NodeAt, nodeId);
            ReceptionWindow.Start(_entries, at + WindowAt, counter, false);
        }

        ByteOrder.WriteUInt32(_entries, at + UsedAt, ++_uses);
        AddKey(at, keyId);
        return true;
    }

    /// <summary>Forgets a peer if all the keys that it was heard under are gone.</summary>
    /// <returns>True when it is forgotten: what it sends now is under a key that nothing was received under.</returns>
    internal bool ForgetWithItsKeys(int fabricIndex, ulong nodeId, IGroupKeys keys)
    {
        int at = Find(fabricIndex, nodeId);
        for (int i = 0; at >= 0 && i < _entries[at + KeyCountAt]; i++)
        {
            int key = -1;
            while ((key = keys.FindNext(key, ByteOrder.ReadUInt16(_entries, at + KeysAt + (2 * i)))) >= 0)
            {
                if (keys.GetFabricIndex(key) == fabricIndex)
                {
                    return false;
                }
            }
        }

        if (at < 0)
        {
            return false;
        }

        Secrets.Wipe(_entries, at, EntrySize);
        return true;
    }

    /// <summary>Forgets the peers of a fabric.</summary>
    public void RemoveFabric(int fabricIndex)
    {
        for (int at = 0; at < _entries.Length; at += EntrySize)
        {
            if (_entries[at + FabricAt] == fabricIndex)
            {
                Secrets.Wipe(_entries, at, EntrySize);
            }
        }
    }
    private int Find(int fabricIndex, ulong nodeId)
    {
        for (int at = 0; at < _entries.Length; at += EntrySize)
        {
            if (_entries[at + FabricAt] == fabricIndex && ByteOrder.ReadUInt64(_entries, at + NodeAt) == nodeId)
            {
                return at;
            }
        }

        return -1;
    }

    private int FindOldest()
    {
        int target = -1;
        uint oldest = 0;
        for (int at = 0; at < _entries.Length; at += EntrySize)
        {
            uint used = _entries[at + FabricAt] == 0 ? 0 : ByteOrder.ReadUInt32(_entries, at + UsedAt);
            if (target < 0 || used < oldest)
            {
                target = at;
                oldest = used;
            }
        }

        return target;
    }

    // The last one is the latest; when there is no room the first goes, of which there can be no more than were installed at once.
    private void AddKey(int at, int keyId)
    {
        int count = _entries[at + KeyCountAt];
        int from = 0;
        while (from < count && ByteOrder.ReadUInt16(_entries, at + KeysAt + (2 * from)) != keyId)
        {
            from++;
        }

        if (from == count && count < MaxKeys)
        {
            count++;
            _entries[at + KeyCountAt] = (byte)count;
        }
        else
        {
            from = from == count ? 0 : from;
            for (int i = from; i < count - 1; i++)
            {
                ByteOrder.WriteUInt16(_entries, at + KeysAt + (2 * i), (uint)ByteOrder.ReadUInt16(_entries, at + KeysAt + (2 * i) + 2));
            }
        }

        ByteOrder.WriteUInt16(_entries, at + KeysAt + (2 * (count - 1)), (uint)keyId);
    }
}
