namespace MatterNano.Ble;

/// <summary>Hears when the BLE link of a commissioner opens and ends.</summary>
public interface IBleTransportListener
{
    /// <summary>A BTP session is open.</summary>
    void OnBleLinkOpened();

    /// <summary>The link is gone, or was dropped because the peer broke the protocol. Follows every opening.</summary>
    void OnBleLinkLost();
}
