using MatterNano.Ble;

namespace NFUnitTest.Ble;

/// <summary>A BTP session with a radio that records what is sent and can be made busy.</summary>
internal class BtpLink : IBtpHandler
{
    internal readonly BtpSession Session;
    internal bool Ready = true;
    internal string Answer;
    internal string Message;
    internal long Now;
    private readonly string[] _sent = new string[64];
    private int _first;
    private int _end;

    internal BtpLink()
    {
        Session = new BtpSession(this);
    }

    internal int Count
    {
        get { return _end - _first; }
    }

    internal BtpLink Begin(int mtu)
    {
        Session.OnConnected(mtu, Now);
        Session.OnSubscribed(Now);
        return this;
    }

    internal bool Write(string packet)
    {
        byte[] bytes = Hex.Bytes(packet);
        return Session.OnWritten(bytes, 0, bytes.Length, Now);
    }

    internal string Take()
    {
        return _sent[_first++ % _sent.Length];
    }

    public void OnBtpMessage(byte[] buffer, int offset, int length)
    {
        Message = Hex.Text(buffer, offset, length);
        if (Answer != null)
        {
            byte[] answer = Hex.Bytes(Answer);
            Session.Send(answer, 0, answer.Length, Now);
        }
    }

    public bool TrySendBtpPacket(byte[] buffer, int offset, int length)
    {
        if (!Ready)
        {
            return false;
        }

        _sent[_end++ % _sent.Length] = Hex.Text(buffer, offset, length);
        return true;
    }
}
