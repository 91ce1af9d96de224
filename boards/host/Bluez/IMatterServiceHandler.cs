namespace MatterNano.Host.Bluez;

/// <summary>Hears what a central does with the Matter service. Called on a thread of the bus.</summary>
internal interface IMatterServiceHandler
{
    /// <summary>C1 was written.</summary>
    /// <param name="device">Path of the central.</param>
    /// <param name="mtu">ATT MTU in force; 0 when BlueZ did not say.</param>
    /// <returns>False to refuse it.</returns>
    bool OnWritten(string device, int mtu, byte[] value);

    /// <summary>The first central subscribed to C2, or the last one is gone.</summary>
    void OnSubscribed(bool subscribed);

    /// <summary>The central confirmed an indication.</summary>
    void OnConfirmed();
}
