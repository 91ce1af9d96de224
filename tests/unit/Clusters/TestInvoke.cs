using MatterNano.Interaction;
using MatterNano.Sessions;
using MatterNano.Tlv;

namespace NFUnitTest.Clusters;

/// <summary>A command as a cluster sees it, without an engine.</summary>
internal sealed class TestInvoke : InvokeContext
{
    internal const int Waiting = -2;

    private readonly TlvWriter _writer = new TlvWriter();
    private readonly byte[] _buffer = new byte[1300];

    /// <summary>Response command; -1 for none.</summary>
    internal int ResponseCommand = -1;

    /// <summary>Status of a pending command, once completed.</summary>
    internal int Completed = Waiting;

    private readonly AccessSubject _subject = new AccessSubject();
    private Session _session;
    private int _clusterStatus = -1;
    private bool _notify;

    public override AccessSubject Subject
    {
        get { return _subject; }
    }

    public override Session Session
    {
        get { return _session; }
    }

    public override int AuthMode
    {
        get { return _subject.AuthMode; }
    }

    public override int FabricIndex
    {
        get { return _subject.FabricIndex; }
    }

    public override bool IsFabricFiltered
    {
        get { return false; }
    }

    public override bool IsTimed
    {
        get { return false; }
    }

    public override int ClusterStatus
    {
        get { return _clusterStatus; }
        set { _clusterStatus = value; }
    }

    public override bool NotifyWhenSent
    {
        get { return _notify; }
        set { _notify = value; }
    }

    public override bool IsAlive
    {
        get { return !IsGone; }
    }

    /// <summary>True: whoever asked is not there any more.</summary>
    internal bool IsGone { get; set; }

    /// <summary>Fields of the response.</summary>
    internal string Response
    {
        get
        {
            if (ResponseCommand < 0)
            {
                return "none";
            }

            if (_writer.Depth > 0)
            {
                _writer.EndContainer();
            }

            return TlvText.Decode(_buffer, 0, _writer.Position);
        }
    }

    internal void SetSession(Session session)
    {
        _session = session;
    }

    public override TlvWriter StartResponse(uint command)
    {
        ResponseCommand = (int)command;
        _writer.Init(_buffer, 0, _buffer.Length);
        _writer.StartStructure(TlvTag.Anonymous);
        return _writer;
    }

    public override void Complete(int status)
    {
        Completed = status;
    }
}
