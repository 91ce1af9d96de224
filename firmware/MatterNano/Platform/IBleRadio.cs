namespace MatterNano.Platform;

/// <summary>A BLE peripheral with the Matter service 0xFFF6: C1 (write), C2 (indicate), C3 (read). One central at a time.</summary>
/// <remarks>
/// The driver answers the link layer by itself, puts what happened into a fixed ring in order and wakes the loop, which
/// takes it with <see cref="TryTake"/>. A second central is refused by the driver while one is connected. A ring that
/// overflows is a lost link: the driver disconnects rather than lose a write.
/// </remarks>
public interface IBleRadio
{
    /// <summary>Starts advertising, or replaces what is advertised. No central can connect to a device that does not advertise. While connected it is remembered and resumes afterwards.</summary>
    /// <param name="serviceData">The service data of UUID 0xFFF6 (Core 5.4.2.5.6), 8 bytes.</param>
    /// <returns>False when the radio cannot.</returns>
    bool StartAdvertising(byte[] serviceData);

    /// <summary>Stops advertising; a connection stays.</summary>
    void StopAdvertising();

    /// <summary>The value of C3, additional commissioning data (Core 5.4.2.5.7); empty when there is none.</summary>
    void SetAdditionalData(byte[] data, int length);

    /// <summary>Sends one value on C2, as an indication or, where the radio has none, a notification.</summary>
    /// <returns>False when the one before has not left yet, or nobody is subscribed; <see cref="BleEvent.Sent"/> tells when to try again.</returns>
    bool TrySend(byte[] buffer, int offset, int length);

    /// <summary>Takes the oldest event.</summary>
    /// <param name="buffer">Receives a written value, up to 244 + 3 bytes.</param>
    /// <param name="offset">Where in the buffer.</param>
    /// <param name="length">The length or MTU that belongs to the event.</param>
    /// <returns>One of <see cref="BleEvent"/>.</returns>
    int TryTake(byte[] buffer, int offset, out int length);

    /// <summary>Drops the central.</summary>
    void Disconnect();

    /// <summary>Ends advertising and connection and gives the radio's memory back as far as the platform can. <see cref="StartAdvertising"/> switches it on again.</summary>
    void Close();
}
