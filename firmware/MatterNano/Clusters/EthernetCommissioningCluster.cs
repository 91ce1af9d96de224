using MatterNano.Interaction;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Network Commissioning with the Ethernet feature: one network, the cable, which needs no commands.</summary>
public sealed class EthernetCommissioningCluster : NetworkCommissioningCluster
{
    private readonly NetworkInterfaceInformation _interface;

    /// <summary>Creates the cluster.</summary>
    /// <param name="networkInterface">Its name is the network's id.</param>
    public EthernetCommissioningCluster(NetworkInterfaceInformation networkInterface)
    {
        _interface = networkInterface;
    }

    /// <inheritdoc/>
    public override uint FeatureMap
    {
        get { return FeatureEthernet; }
    }

    /// <inheritdoc/>
    public override int ReadAttribute(uint attribute, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case MaxNetworks:
                writer.PutUnsigned(tag, 1);
                break;
            case InterfaceEnabled:
                writer.PutBoolean(tag, true);
                break;
            default:
                // Nothing ever connects by command, so there is no last status, network or error.
                writer.PutNull(tag);
                break;
        }

        return Status.Success;
    }

    /// <inheritdoc/>
    public override int GetListCount(uint attribute, InteractionContext context)
    {
        return 1;
    }

    /// <inheritdoc/>
    public override void ReadListItem(uint attribute, int index, TlvWriter writer, uint tag, InteractionContext context)
    {
        string name = _interface.Name;
        writer.StartStructure(tag);
        int at = writer.PutBytesInPlace(0, Utf8.GetByteCount(name));
        if (at >= 0)
        {
            Utf8.GetBytes(name, writer.Buffer, at);
        }

        writer.PutBoolean(1, true);
        writer.EndContainer();
    }
}
