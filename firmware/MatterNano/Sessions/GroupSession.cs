using MatterNano.Messaging;

namespace MatterNano.Sessions;

/// <summary>The session a group message comes on (Core 4.13.2.3). One object serves all groups; valid during the message only.</summary>
public sealed class GroupSession : Session
{
    internal const int KeyAt = CommonSize;
    internal const int GroupIdAt = KeyAt + 16;
    internal const int PackedSize = GroupIdAt + 2;

    internal GroupSession(SessionManager manager)
        : base(manager, SessionManager.GroupRow)
    {
    }

    internal override int Size
    {
        get { return PackedSize; }
    }

    /// <inheritdoc/>
    public override bool IsSecure
    {
        get { return true; }
    }

    /// <inheritdoc/>
    public override bool IsGroup
    {
        get { return true; }
    }

    /// <summary>Group id, 1 to 65535.</summary>
    public int GroupId
    {
        get { return ByteOrder.ReadUInt16(Data, At + GroupIdAt); }
    }

    /// <inheritdoc/>
    public override string Name
    {
        get { return "group/" + GroupId + " peer " + PeerNodeId.ToString("X16") + " fabric " + FabricIndex; }
    }

    /// <inheritdoc/>
    protected internal override uint MessageCounter
    {
        get { return Manager.GroupDataCounter.Last; }
    }

    /// <inheritdoc/>
    public override bool GetIncrementedMessageCounter(out uint counter)
    {
        return Manager.GroupDataCounter.TryNext(out counter);
    }

    /// <inheritdoc/>
    public override bool IsNewMessageCounter(uint counter)
    {
        return Manager.GroupPeers.IsNew(FabricIndex, PeerNodeId, counter);
    }

    /// <summary>Records the counter of an authentic message of the current peer.</summary>
    /// <returns>True when it is new, false for a duplicate.</returns>
    public override bool UpdateMessageCounter(uint counter)
    {
        return Manager.GroupPeers.Update(FabricIndex, PeerNodeId, Id, counter);
    }

    /// <inheritdoc/>
    public override int Decode(byte[] buffer, int offset, int length, MessageHeader header)
    {
        return Manager.Codec.Decrypt(Data, At + KeyAt, PeerNodeId, buffer, offset, length, header);
    }

    /// <inheritdoc/>
    public override int Encode(byte[] buffer, int offset, int length, out int start)
    {
        uint counter;
        if (!GetIncrementedMessageCounter(out counter))
        {
            start = offset;
            return -1;
        }

        return Manager.Codec.EncryptGroup(Data, At + KeyAt, null, 0, Id, counter, NodeId, GroupId, buffer, offset, length, out start);
    }

    /// <summary>Nothing to end: group sessions have no peer to tell.</summary>
    public override void End(bool sendClose)
    {
        Wipe();
    }

    /// <summary>Nothing to end: group sessions have no peer to tell.</summary>
    public override void Destroy(bool sendClose = false, bool closeAfterExchangeFinished = true)
    {
        Wipe();
    }

    internal void SetGroupId(int groupId)
    {
        ByteOrder.WriteUInt16(Data, At + GroupIdAt, (uint)groupId);
    }
}
