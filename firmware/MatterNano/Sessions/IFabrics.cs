namespace MatterNano.Sessions;

/// <summary>What sessions need to know of the fabrics.</summary>
public interface IFabrics
{
    /// <summary>True when the fabric exists and is not being removed.</summary>
    /// <param name="fabricIndex">Fabric index, 1 to 254.</param>
    bool ContainsFabric(int fabricIndex);

    /// <summary>The fabric's object, or null.</summary>
    object FindFabric(int fabricIndex);

    /// <summary>Our operational node id on the fabric; 0 when there is no such fabric.</summary>
    ulong GetNodeId(int fabricIndex);

    /// <summary>Writes the compressed fabric id, 8 bytes most significant first: the fabric's identity (Core 4.3.2.2).</summary>
    /// <returns>False when there is no such fabric.</returns>
    bool GetCompressedFabricId(int fabricIndex, byte[] buffer, int offset);
}
