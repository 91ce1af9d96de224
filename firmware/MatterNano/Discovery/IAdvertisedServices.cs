namespace MatterNano.Discovery;

/// <summary>What the node has to advertise. Asked at start and after <see cref="MdnsResponder.ServicesChanged"/>.</summary>
public interface IAdvertisedServices
{
    /// <summary>UDP port of the node.</summary>
    int ServicePort { get; }

    /// <summary>Tells whether the node can be commissioned over IP now.</summary>
    /// <param name="service">To be filled, every field.</param>
    /// <returns>False when the commissionable service shall not be advertised.</returns>
    bool TryGetCommissionable(CommissionableService service);

    /// <summary>The operational instance of one fabric (Core 4.3.2).</summary>
    /// <param name="index">0 to <see cref="Limits.Fabrics"/> - 1; a fabric keeps its place.</param>
    /// <returns>False when no fabric has this place.</returns>
    bool TryGetOperational(int index, out ulong compressedFabricId, out ulong nodeId);
}
