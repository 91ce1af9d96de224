using MatterNano.Messaging;

namespace MatterNano.Sessions;

/// <summary>Reception windows of peers that sent group messages, by fabric and node (Core 4.6.5.2.2).</summary>
/// <remarks>The first counter of a peer is trusted. When the table is full the peer heard longest ago is forgotten.</remarks>
public sealed class GroupPeerTable
{
    private const int FabricAt = 0;
    private const int NodeAt = 1;
    private const int WindowAt = 9;
    private const int UsedAt = WindowAt + ReceptionWindow.PackedSize;
    private const int EntrySize = UsedAt + 4;

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
        for (int at = 0; at < _entries.Length; at += EntrySize)
        {
            if (_entries[at + FabricAt] == fabricIndex && ByteOrder.ReadUInt64(_entries, at + NodeAt) == nodeId)
            {
                return ReceptionWindow.IsNew(_entries, at + WindowAt, ReceptionWindow.Group, counter);
            }
        }

        return true;
    }

    /// <summary>Records the counter of an authentic group message.</summary>
    /// <returns>True when it is new, false for a duplicate.</returns>
    public bool Update(int fabricIndex, ulong nodeId, uint counter)
    {
        int target = -1;
        uint oldest = 0;
        for (int at = 0; at < _entries.Length; at += EntrySize)
        {
            int fabric = _entries[at + FabricAt];
            if (fabric == fabricIndex && ByteOrder.ReadUInt64(_entries, at + NodeAt) == nodeId)
            {
                if (!ReceptionWindow.IsNew(_entries, at + WindowAt, ReceptionWindow.Group, counter))
                {
                    return false;
                }

                ReceptionWindow.Commit(_entries, at + WindowAt, ReceptionWindow.Group, counter);
                ByteOrder.WriteUInt32(_entries, at + UsedAt, ++_uses);
                return true;
            }

            uint used = fabric == 0 ? 0 : ByteOrder.ReadUInt32(_entries, at + UsedAt);
            if (target < 0 || used < oldest)
            {
                target = at;
                oldest = used;
            }
        }

        _entries[target + FabricAt] = (byte)fabricIndex;
        ByteOrder.WriteUInt64(_entries, target + NodeAt, nodeId);
        ReceptionWindow.Start(_entries, target + WindowAt, counter, false);
        ByteOrder.WriteUInt32(_entries, target + UsedAt, ++_uses);
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
}
