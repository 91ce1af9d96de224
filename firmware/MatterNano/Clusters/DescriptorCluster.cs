using MatterNano.Interaction;
using MatterNano.Tlv;

namespace MatterNano.Clusters;

/// <summary>Descriptor (Core 9.5), revision 2: what an endpoint is and what it holds. Made from the endpoint itself.</summary>
public sealed class DescriptorCluster : Cluster
{
    /// <summary>Cluster id.</summary>
    public const uint ClusterId = 0x001d;

    private const uint DeviceTypeList = 0;
    private const uint ServerList = 1;
    private const uint ClientList = 2;
    private const uint PartsList = 3;

    /// <summary>Creates the cluster of one endpoint.</summary>
    public DescriptorCluster()
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
        return index > 3 ? Element.End : (uint)index | Element.ReadView | Element.List;
    }

    /// <inheritdoc/>
    public override int GetListCount(uint attribute, InteractionContext context)
    {
        switch (attribute)
        {
            case DeviceTypeList:
                return Endpoint.DeviceTypeCount;
            case ServerList:
                return Endpoint.ClusterCount;
            case ClientList:
                return Endpoint.ClientClusterCount;
            default:
                int count = 0;
                for (int i = 0; i < Node.EndpointCount; i++)
                {
                    if (IsPart(Node.GetEndpoint(i)))
                    {
                        count++;
                    }
                }

                return count;
        }
    }

    /// <inheritdoc/>
    public override void ReadListItem(uint attribute, int index, TlvWriter writer, uint tag, InteractionContext context)
    {
        switch (attribute)
        {
            case DeviceTypeList:
                writer.StartStructure(tag);
                writer.PutUnsigned(0, Endpoint.GetDeviceType(index));
                writer.PutUnsigned(1, Endpoint.GetDeviceTypeRevision(index));
                writer.EndContainer();
                break;
            case ServerList:
                writer.PutUnsigned(tag, Endpoint.GetCluster(index).Id);
                break;
            case ClientList:
                writer.PutUnsigned(tag, Endpoint.GetClientCluster(index));
                break;
            case PartsList:
                for (int i = 0; i < Node.EndpointCount; i++)
                {
                    EndpointDefinition endpoint = Node.GetEndpoint(i);
                    if (IsPart(endpoint) && index-- == 0)
                    {
                        writer.PutUnsigned(tag, (uint)endpoint.Number);
                        break;
                    }
                }

                break;
        }
    }

    // The root node lists all other endpoints, others only their own parts (Core 9.5.6.4).
    private bool IsPart(EndpointDefinition endpoint)
    {
        return endpoint.Number != 0 && endpoint.Number != Endpoint.Number
            && (Endpoint.Number == 0 || endpoint.Parent == Endpoint.Number);
    }
}
