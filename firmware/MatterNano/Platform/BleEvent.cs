namespace MatterNano.Platform;

/// <summary>What <see cref="IBleRadio.TryTake"/> returns.</summary>
public static class BleEvent
{
    /// <summary>Nothing waits.</summary>
    public const int None = 0;

    /// <summary>A central connected. The length is the ATT MTU in force, 0 when the radio does not know it.</summary>
    public const int Connected = 1;

    /// <summary>The central subscribed to C2.</summary>
    public const int Subscribed = 2;

    /// <summary>The central ended its subscription to C2.</summary>
    public const int Unsubscribed = 3;

    /// <summary>The central wrote C1; the length is that of the value in the buffer.</summary>
    public const int Written = 4;

    /// <summary>The value given to <see cref="IBleRadio.TrySend"/> has left; the next may follow.</summary>
    public const int Sent = 5;

    /// <summary>The link is gone. Follows every <see cref="Connected"/>, also after <see cref="IBleRadio.Disconnect"/>.</summary>
    public const int Disconnected = 6;
}
