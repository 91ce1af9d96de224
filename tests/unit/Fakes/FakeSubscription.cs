using MatterNano.Sessions;

namespace NFUnitTest.Fakes;

/// <summary>A subscription that notes what becomes of it.</summary>
public class FakeSubscription : ISubscription
{
    /// <summary>The session that carries it.</summary>
    public SecureSession Session;

    /// <summary>Times it was cancelled.</summary>
    public int Cancelled;

    /// <summary>True when the last cancel asked for due reports.</summary>
    public bool Flushed;

    /// <inheritdoc/>
    public void OnSessionChanged(SecureSession session)
    {
        Session = session;
    }

    /// <inheritdoc/>
    public void Cancel(bool flush)
    {
        Cancelled++;
        Flushed = flush;
    }
}
