using MatterNano.Clusters;
using MatterNano.Credentials;
using MatterNano.Platform;

namespace MatterNano.Devices;

/// <summary>Keeps the socket in the multicast group of every group that an endpoint is in (Core 4.15.2, 11.2).</summary>
/// <remarks>
/// Address of a group: FF35:0040:FD, fabric id 8 bytes, 00, group id 2 bytes, most significant first (Core 2.5.6.2). Two
/// fabrics with the same id share it.
/// </remarks>
internal sealed class GroupMulticast
{
    // What is joined: ids of the fabrics, 8 each, then place of the fabric's id 1 | group id 2 for each group.
    private const int EntriesAt = 8 * Limits.Fabrics;
    private const int EntrySize = 3;

    private readonly FabricTable _fabrics;
    private readonly GroupTable _groups;
    private readonly IUdp _udp;
    private readonly byte[] _joined;
    private readonly NetworkAddress _address;
    private IUdpSocket _socket;
    private int _count;
    private int _groupChanges;
    private int _networkChanges;

    /// <param name="address">Overwritten by every call; may serve other parts of the loop too.</param>
    internal GroupMulticast(FabricTable fabrics, GroupTable groups, IUdp udp, NetworkAddress address)
    {
        _address = address;
        _fabrics = fabrics;
        _groups = groups;
        _udp = udp;
        _joined = new byte[EntriesAt + (Limits.Fabrics * groups.Capacity * EntrySize)];
    }

    /// <summary>Multicast groups joined.</summary>
    internal int Count
    {
        get { return _count; }
    }

    /// <summary>Joins the groups that flash remembers.</summary>
    /// <param name="socket">The socket that group messages come in on.</param>
    internal void Start(IUdpSocket socket)
    {
        _socket = socket;
        _count = 0;
        _networkChanges = _udp.ChangeCount;
        Update();
    }

    /// <summary>Follows the group table, and joins again what an address change may have lost. Called at each turn of the loop; costs two comparisons.</summary>
    internal void Poll()
    {
        if (_networkChanges != _udp.ChangeCount)
        {
            _networkChanges = _udp.ChangeCount;
            for (int i = 0; i < _count; i++)
            {
                SetAddress(i);
                _socket.JoinGroup(_address);
            }
        }

        if (_groupChanges != _groups.ChangeCount)
        {
            Update();
        }
    }

    private void Update()
    {
        _groupChanges = _groups.ChangeCount;
        for (int i = _count - 1; i >= 0; i--)
        {
            if (!IsWanted(i))
            {
                SetAddress(i);
                _socket.LeaveGroup(_address);
                _count--;
                System.Array.Copy(_joined, EntriesAt + (_count * EntrySize), _joined, EntriesAt + (i * EntrySize), EntrySize);
            }
        }

        int total = _groups.Total;
        for (int i = 0; i < total; i++)
        {
            Fabric fabric = _fabrics.Find(_groups.FabricAt(i));
            int groupId = _groups.GroupAt(i);
            if (fabric != null && !IsJoined(fabric.FabricId, groupId))
            {
                int place = PlaceOf(fabric.FabricId);
                ByteOrder.WriteUInt64(_joined, 8 * place, fabric.FabricId);
                _joined[EntriesAt + (_count * EntrySize)] = (byte)place;
                ByteOrder.WriteUInt16(_joined, EntriesAt + (_count * EntrySize) + 1, (uint)groupId);
                SetAddress(_count++);
                _socket.JoinGroup(_address);
            }
        }
    }

    private ulong GetFabricId(int entry)
    {
        return ByteOrder.ReadUInt64(_joined, 8 * _joined[EntriesAt + (entry * EntrySize)]);
    }

    private int GetGroupId(int entry)
    {
        return ByteOrder.ReadUInt16(_joined, EntriesAt + (entry * EntrySize) + 1);
    }

    // Where a fabric's id is, or a place that no group joined needs: what is joined belongs to fabrics that there are.
    private int PlaceOf(ulong fabricId)
    {
        int used = 0;
        for (int i = 0; i < _count; i++)
        {
            int place = _joined[EntriesAt + (i * EntrySize)];
            if (GetFabricId(i) == fabricId)
            {
                return place;
            }

            used |= 1 << place;
        }

        int free = 0;
        while ((used & (1 << free)) != 0)
        {
            free++;
        }

        return free;
    }

    private bool IsWanted(int entry)
    {
        ulong fabricId = GetFabricId(entry);
        int groupId = GetGroupId(entry);
        int total = _groups.Total;
        for (int i = 0; i < total; i++)
        {
            Fabric fabric = _fabrics.Find(_groups.FabricAt(i));
            if (fabric != null && fabric.FabricId == fabricId && _groups.GroupAt(i) == groupId)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsJoined(ulong fabricId, int groupId)
    {
        for (int i = 0; i < _count; i++)
        {
            if (GetFabricId(i) == fabricId && GetGroupId(i) == groupId)
            {
                return true;
            }
        }

        return false;
    }

    private void SetAddress(int entry)
    {
        _address.Clear();
        _address.Transport = NetworkAddress.Udp;
        _address.Port = _socket.Port;
        byte[] ip = _address.Ip;
        ip[0] = 0xff;
        ip[1] = 0x35;
        ip[3] = 0x40;
        ip[4] = 0xfd;
        ByteOrder.WriteUInt64BigEndian(ip, 5, GetFabricId(entry));
        int groupId = GetGroupId(entry);
        ip[14] = (byte)(groupId >> 8);
        ip[15] = (byte)groupId;
    }
}
