using MatterNano.Interaction;
using MatterNano.Platform;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Wi-Fi Network Diagnostics (Core 11.15), revision 1: the access point in use. Null while there is none.</summary>
public sealed class WifiNetworkDiagnosticsCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0036;

    private const uint Bssid = 0;
    private const uint SecurityType = 1;
    private const uint WiFiVersion = 2;
    private const uint ChannelNumber = 3;

    private readonly WifiCommissioningCluster _network;

    /// <summary>Creates the cluster.</summary>
    /// <param name="network">Commissions the interface.</param>
    public WifiNetworkDiagnosticsCluster(WifiCommissioningCluster network)
        : base(ClusterId)
    {
        _network = network;
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 1; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        return index > 4 ? Element.End : (uint)index | Element.ReadView | (index == 4 ? Element.ChangesOmitted : 0);
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        WifiAccessPoint point = _network.GetConnection();
        if (point == null)
        {
            writer.PutNull(tag);
            return Status.Success;
        }

        switch (attribute)
        {
            case Bssid:
                writer.PutBytes(tag, point.Bssid, 0, 6);
                break;
            case SecurityType:
                writer.PutUnsigned(tag, ToSecurityType(point.Security));
                break;
            case WiFiVersion:
                writer.PutUnsigned(tag, (uint)point.Version);
                break;
            case ChannelNumber:
                writer.PutUnsigned(tag, (uint)point.Channel);
                break;
            default:
                writer.PutSigned(tag, point.Rssi);
                break;
        }

        return Status.Success;
    }

    private static uint ToSecurityType(int security)
    {
        if ((security & WifiAccessPoint.Wpa3) != 0)
        {
            return 5;
        }

        if ((security & WifiAccessPoint.Wpa2) != 0)
        {
            return 4;
        }

        if ((security & WifiAccessPoint.Wpa) != 0)
        {
            return 3;
        }

        return (security & WifiAccessPoint.Wep) != 0 ? 2u : (security & WifiAccessPoint.Open) != 0 ? 1u : 0;
    }
}
