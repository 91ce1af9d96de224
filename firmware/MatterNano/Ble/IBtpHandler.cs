namespace MatterNano.Ble;

/// <summary>What a <see cref="BtpSession"/> tells its owner.</summary>
public interface IBtpHandler
{
    /// <summary>A whole message arrived; valid during the call.</summary>
    void OnBtpMessage(byte[] buffer, int offset, int length);

    /// <summary>Sends one value on C2; false when the radio is not ready for it yet.</summary>
    bool TrySendBtpPacket(byte[] buffer, int offset, int length);
}
