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

    /// <summary>Makes all the subscriptions that the sessions of a manager may carry.</summary>
    public static FakeSubscription[] Give(SessionManager sessions)
    {
        FakeSubscription[] all = new FakeSubscription[MatterNano.Limits.Subscriptions];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = new FakeSubscription();
        }

        sessions.SetSubscriptions(all);
        return all;
    }

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
