namespace MatterNano.Esp32.Machine;

/// <summary>The Bluetooth host stack of the chip; called by the task of a connection.</summary>
public interface IBleHost
{
    void OnConnected();

    void OnMtu(int mtu);

    void OnDisconnected();

    void OnSubscribe(bool on);

    /// <returns>ATT error; 0 for success.</returns>
    byte OnWrite(byte[] value);

    byte[] OnRead();
}
