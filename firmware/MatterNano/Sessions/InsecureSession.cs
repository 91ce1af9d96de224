using MatterNano.Messaging;

namespace MatterNano.Sessions;

/// <summary>An unsecured session: the messages of one handshake (Core 4.13.2.2). Lives as long as an exchange of it.</summary>
public sealed class InsecureSession : Session
{
    internal InsecureSession(SessionManager manager, int at)
        : base(manager, at)
    {
    }

    /// <inheritdoc/>
    public override bool IsSecure
    {
        get { return false; }
    }

    /// <inheritdoc/>
    public override string Name
    {
        get { return "insecure/" + NodeId.ToString("X16"); }
    }

    /// <inheritdoc/>
    protected internal override uint MessageCounter
    {
        get { return Manager.UnsecuredCounter; }
    }

    /// <inheritdoc/>
    public override bool GetIncrementedMessageCounter(out uint counter)
    {
        counter = Manager.NextUnsecuredCounter();
        return true;
    }

    /// <inheritdoc/>
    public override bool IsNewMessageCounter(uint counter)
    {
        return !HasFlag(FlagWindowStarted) || ReceptionWindow.IsNew(Data, At + WindowAt, ReceptionWindow.Unsecured, counter);
    }

    /// <inheritdoc/>
    public override bool UpdateMessageCounter(uint counter)
    {
        if (!HasFlag(FlagWindowStarted))
        {
            SetFlag(FlagWindowStarted, true);
            ReceptionWindow.Start(Data, At + WindowAt, counter, true);
            return true;
        }

        if (!IsNewMessageCounter(counter))
        {
            return false;
        }

        ReceptionWindow.Commit(Data, At + WindowAt, ReceptionWindow.Unsecured, counter);
        return true;
    }

    /// <inheritdoc/>
    public override int Decode(byte[] buffer, int offset, int length, MessageHeader header)
    {
        return length - header.Length;
    }

    /// <inheritdoc/>
    public override int Encode(byte[] buffer, int offset, int length, out int start)
    {
        return Manager.Codec.FrameUnsecured(IsInitiator, NodeId, Manager.NextUnsecuredCounter(), buffer, offset, length, out start);
    }

    /// <inheritdoc/>
    public override void End(bool sendClose)
    {
        Manager.CloseInsecureSession(this);
    }

    /// <inheritdoc/>
    public override void Destroy(bool sendClose = false, bool closeAfterExchangeFinished = true)
    {
        Manager.CloseInsecureSession(this);
    }
}
