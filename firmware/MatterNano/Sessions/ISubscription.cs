namespace MatterNano.Sessions;

/// <summary>A subscription as a session sees it. It belongs to the peer; the session only carries it.</summary>
public interface ISubscription
{
    /// <summary>Another session of the same peer carries it from now on.</summary>
    void OnSessionChanged(SecureSession session);

    /// <summary>Ends it. The session has taken it off its list already.</summary>
    /// <param name="flush">True: report what is due first.</param>
    void Cancel(bool flush);
}
