using System;
using MatterNano.Messaging;

namespace MatterNano.Sessions;

/// <summary>A PASE or CASE session (Core 4.13.2.1). 190 bytes of managed heap a slot on a 32-bit CLR: 36 the object, 154 its row.</summary>
public sealed class SecureSession : Session
{
    /// <summary>Bytes of one session key.</summary>
    public const int KeySize = 16;

    /// <summary>Bytes of all keys of a session: initiator to responder, responder to initiator, attestation challenge.</summary>
    public const int KeysSize = 3 * KeySize;

    /// <summary>CASE authenticated tags that a session can carry (Core 6.6.2.1.2).</summary>
    public const int MaxCaseAuthenticatedTags = 3;

    internal const int CounterAt = CommonSize;
    internal const int KeysAt = CounterAt + 4;
    internal const int TagsAt = KeysAt + KeysSize;

    // Until the session closes: when it was opened.
    internal const int CloseDeadlineAt = TagsAt + 4 * MaxCaseAuthenticatedTags;
    internal const int RecordAt = CloseDeadlineAt + TimeSize;
    internal const int PackedSize = RecordAt + 1;

    internal SecureSession(SessionManager manager, int slot)
        : base(manager, slot * PackedSize)
    {
    }

    internal override int Size
    {
        get { return PackedSize; }
    }

    /// <summary>Number of the slot, 0 or more.</summary>
    internal int Slot
    {
        get { return Place; }
    }

    /// <inheritdoc/>
    public override bool IsSecure
    {
        get { return true; }
    }

    /// <inheritdoc/>
    public override string Name
    {
        get { return (IsPase ? "pase/" : "case/") + Id + " peer " + PeerNodeId.ToString("X16") + " fabric " + FabricIndex; }
    }

    /// <summary>True unless the close is to be silent.</summary>
    public bool SendCloseMessageWhenClosing
    {
        get { return !HasFlag(FlagSilentClose); }
    }

    /// <summary>True when the session was resumed.</summary>
    public bool IsResumption
    {
        get { return HasFlag(FlagResumption); }
    }

    /// <summary>When the session became usable, in milliseconds of the clock; 0 before that and while it closes.</summary>
    public long OpenedTimestamp
    {
        get { return State == SessionState.Active ? ReadTime(CloseDeadlineAt) : 0; }
    }

    /// <summary>Exchanges open on the session.</summary>
    public int NumberOfExchanges
    {
        get { return Manager.Exchanges == null ? 0 : Manager.Exchanges.CountExchanges(this); }
    }

    /// <summary>Number of subscriptions the session carries.</summary>
    public int NumberOfActiveSubscriptions
    {
        get { return Manager.CountSubscriptions(this); }
    }

    /// <inheritdoc/>
    protected internal override uint MessageCounter
    {
        get { return ByteOrder.ReadUInt32(Data, At + CounterAt); }
    }

    /// <summary>Copies the attestation challenge, 16 bytes (Core 4.14.2.6.1). All zero before the session has keys.</summary>
    public void GetAttestationChallengeKey(byte[] buffer, int offset)
    {
        Array.Copy(Data, At + KeysAt + 2 * KeySize, buffer, offset, KeySize);
    }

    /// <summary>One of the peer's CASE authenticated tags, from its certificate or record.</summary>
    /// <param name="index">0 to 2.</param>
    /// <returns>The tag, or 0 for none.</returns>
    public uint GetCaseAuthenticatedTag(int index)
    {
        return ByteOrder.ReadUInt32(Data, At + TagsAt + 4 * index);
    }

    /// <summary>Sets the peer's CASE authenticated tags.</summary>
    /// <param name="tags">Three tags, unused ones 0.</param>
    /// <param name="offset">Index of the first.</param>
    public void SetCaseAuthenticatedTags(uint[] tags, int offset)
    {
        for (int i = 0; i < MaxCaseAuthenticatedTags; i++)
        {
            ByteOrder.WriteUInt32(Data, At + TagsAt + 4 * i, tags[offset + i]);
        }
    }

    /// <summary>Binds a PASE session to the fabric that AddNOC made on it, so that the fabric's removal reaches it.</summary>
    /// <param name="fabricIndex">Fabric index, 1 to 254. The same fabric again is fine.</param>
    /// <exception cref="InvalidOperationException">The session belongs to another fabric.</exception>
    public void AddAssociatedFabric(int fabricIndex)
    {
        if (FabricIndex != 0 && FabricIndex != fabricIndex)
        {
            throw new InvalidOperationException();
        }

        Data[At + FabricIndexAt] = (byte)fabricIndex;
    }

    /// <summary>Unbinds a PASE session from a fabric that the fail-safe took back. Nothing on other sessions.</summary>
    public void RemoveAssociatedFabric()
    {
        if (IsPase)
        {
            Data[At + FabricIndexAt] = 0;
        }
    }

    /// <summary>Lets the session carry a subscription, one of those that the interaction engine gave to the manager.</summary>
    /// <returns>False when it is none of them, when another session carries it, or when this session is not active.</returns>
    public bool AddSubscription(ISubscription subscription)
    {
        return Manager.AddSubscription(this, subscription);
    }

    /// <summary>Takes a subscription off the session.</summary>
    /// <returns>False when the session does not carry it.</returns>
    public bool RemoveSubscription(ISubscription subscription)
    {
        return Manager.RemoveSubscription(this, subscription);
    }

    /// <summary>Cancels all subscriptions the session carries.</summary>
    /// <param name="flush">True: each reports what is due first.</param>
    public void ClearSubscriptions(bool flush)
    {
        Manager.ClearSubscriptions(this, flush);
    }

    /// <summary>One of the subscriptions the session carries.</summary>
    /// <param name="index">0 to <see cref="NumberOfActiveSubscriptions"/> - 1.</param>
    /// <returns>Null when there are not so many.</returns>
    public ISubscription GetSubscription(int index)
    {
        return Manager.GetSubscription(this, index);
    }

    /// <summary>Closes the session with CloseSession; waits for its exchanges while the peer is active.</summary>
    public void Close()
    {
        Close(IsPeerActive);
    }

    /// <summary>Closes the session with CloseSession.</summary>
    /// <param name="defer">True: after its last exchange.</param>
    public void Close(bool defer)
    {
        if (defer)
        {
            Manager.CloseSession(this, true, true, true);
        }
        else
        {
            End(true);
        }
    }

    /// <inheritdoc/>
    public override bool GetIncrementedMessageCounter(out uint counter)
    {
        uint last = ByteOrder.ReadUInt32(Data, At + CounterAt);
        counter = last + 1;
        if (last == 0xffffffff)
        {
            counter = last;
            return false;
        }

        ByteOrder.WriteUInt32(Data, At + CounterAt, counter);
        Manager.CheckCounter(counter);
        return true;
    }

    /// <inheritdoc/>
    public override bool IsNewMessageCounter(uint counter)
    {
        return ReceptionWindow.IsNew(Data, At + WindowAt, ReceptionWindow.Secure, counter);
    }

    /// <inheritdoc/>
    public override bool UpdateMessageCounter(uint counter)
    {
        if (!IsNewMessageCounter(counter))
        {
            return false;
        }

        ReceptionWindow.Commit(Data, At + WindowAt, ReceptionWindow.Secure, counter);
        return true;
    }

    /// <inheritdoc/>
    public override int Decode(byte[] buffer, int offset, int length, MessageHeader header)
    {
        int key = IsInitiator ? KeysAt + KeySize : KeysAt;
        return Manager.Codec.Decrypt(Data, At + key, PeerNodeId, buffer, offset, length, header);
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

        int key = IsInitiator ? KeysAt : KeysAt + KeySize;
        return Manager.Codec.EncryptUnicast(Data, At + key, PeerSessionId, counter, NodeId, buffer, offset, length, out start);
    }

    /// <inheritdoc/>
    public override void End(bool sendClose)
    {
        Manager.CloseSession(this, sendClose, false, true);
    }

    /// <inheritdoc/>
    public override void Destroy(bool sendClose = false, bool closeAfterExchangeFinished = true)
    {
        Manager.CloseSession(this, sendClose, closeAfterExchangeFinished, false);
    }
}
