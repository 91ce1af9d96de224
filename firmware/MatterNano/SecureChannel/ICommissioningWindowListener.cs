namespace MatterNano.SecureChannel;

/// <summary>Hears when a commissioning window opens, closes or changes what it advertises.</summary>
public interface ICommissioningWindowListener
{
    /// <summary>The window's state changed; read it from <paramref name="window"/>.</summary>
    void OnWindowChanged(CommissioningWindow window);
}
