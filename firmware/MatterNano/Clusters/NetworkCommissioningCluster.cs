using MatterNano.Interaction;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Network Commissioning (Core 11.9), revision 2: what Ethernet and Wi-Fi have in common. InterfaceEnabled is always true.</summary>
public abstract class NetworkCommissioningCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x0031;

    /// <summary>Feature Wi-Fi.</summary>
    public const uint FeatureWiFi = 1;

    /// <summary>Feature Ethernet.</summary>
    public const uint FeatureEthernet = 4;

    /// <summary>NetworkCommissioningStatus Success.</summary>
    public const int Ok = 0;

    /// <summary>NetworkCommissioningStatus OutOfRange.</summary>
    public const int OutOfRange = 1;

    /// <summary>NetworkCommissioningStatus BoundsExceeded.</summary>
    public const int BoundsExceeded = 2;

    /// <summary>NetworkCommissioningStatus NetworkIDNotFound.</summary>
    public const int NetworkIdNotFound = 3;

    /// <summary>NetworkCommissioningStatus DuplicateNetworkID.</summary>
    public const int DuplicateNetworkId = 4;

    /// <summary>NetworkCommissioningStatus NetworkNotFound.</summary>
    public const int NetworkNotFound = 5;

    /// <summary>NetworkCommissioningStatus RegulatoryError.</summary>
    public const int RegulatoryError = 6;

    /// <summary>NetworkCommissioningStatus AuthFailure.</summary>
    public const int AuthFailure = 7;

    /// <summary>NetworkCommissioningStatus UnsupportedSecurity.</summary>
    public const int UnsupportedSecurity = 8;

    /// <summary>NetworkCommissioningStatus OtherConnectionFailure.</summary>
    public const int OtherConnectionFailure = 9;

    /// <summary>NetworkCommissioningStatus UnknownError.</summary>
    public const int UnknownError = 12;

    /// <summary>Longest network id in bytes.</summary>
    public const int MaxNetworkId = 32;

    internal const uint MaxNetworks = 0;
    internal const uint Networks = 1;
    internal const uint InterfaceEnabled = 4;
    internal const uint LastNetworkingStatus = 5;
    internal const uint LastNetworkId = 6;
    internal const uint LastConnectErrorValue = 7;

    /// <summary>Creates the cluster.</summary>
    protected NetworkCommissioningCluster()
        : base(ClusterId)
    {
    }

    /// <inheritdoc/>
    public override int Revision
    {
        get { return 2; }
    }

    /// <inheritdoc/>
    public override uint GetAttribute(int index)
    {
        switch (index)
        {
            case 0: return MaxNetworks | Element.ReadAdminister;
            case 1: return Networks | Element.ReadAdminister | Element.List;
            case 2: return InterfaceEnabled | Element.ReadView | Element.WriteAdminister;
            case 3: return LastNetworkingStatus | Element.ReadAdminister;
            case 4: return LastNetworkId | Element.ReadAdminister;
            case 5: return LastConnectErrorValue | Element.ReadAdminister;
            default: return Element.End;
        }
    }

    /// <inheritdoc/>
    public override int WriteAttribute(uint attribute, TlvReader value, InteractionContext context)
    {
        bool enabled;
        if (!value.TryGetBoolean(out enabled))
        {
            return Status.InvalidDataType;
        }

        // The only interface of a device must stay reachable (Core 11.9.6.4).
        return enabled ? Status.Success : Status.InvalidAction;
    }

    /// <summary>Takes Networks back to what they were when the fail-safe was armed.</summary>
    public virtual void RestoreNetworks()
    {
    }

    /// <summary>Writes Networks beside what is in force, so that <see cref="CommitNetworks"/> can be repeated after a power cut.</summary>
    /// <returns>False when the flash refused.</returns>
    public virtual bool PrepareNetworks()
    {
        return true;
    }

    /// <summary>Makes Networks final.</summary>
    public virtual void CommitNetworks()
    {
    }
}
