namespace MatterNano.Esp32.Machine;

/// <summary>The Bluetooth host stack of the chip; called by the task of a connection.</summary>
public interface IBleHost
{
    void OnConnected();

    void OnMtu(int mtu);

    void OnDisconnected();

    /// <summary>The client configuration of C2 is written: 1 for notifications, 2 for indications, 3 for both, 0 for none.</summary>
    /// <returns>ATT error; 0 for success.</returns>
    byte OnSubscribe(byte configuration);

    /// <returns>ATT error; 0 for success.</returns>
    byte OnWrite(byte[] value);

    byte[] OnRead();
}
