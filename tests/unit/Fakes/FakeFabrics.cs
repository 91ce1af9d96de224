using System;
using MatterNano.Sessions;

namespace NFUnitTest.Fakes;

/// <summary>Fabrics 1 to 5; the compressed id of a fabric is its generation and index.</summary>
public class FakeFabrics : IFabrics
{
    /// <summary>Generation of each fabric by index; 0: there is none.</summary>
    public readonly byte[] Generations = new byte[] { 0, 1, 1, 1, 1, 1 };

    /// <inheritdoc/>
    public bool ContainsFabric(int fabricIndex)
    {
        return fabricIndex > 0 && fabricIndex < Generations.Length && Generations[fabricIndex] != 0;
    }

    /// <inheritdoc/>
    public object FindFabric(int fabricIndex)
    {
        return ContainsFabric(fabricIndex) ? "fabric " + fabricIndex : null;
    }

    /// <summary>Node id on fabric 0, so that one node can be told from another.</summary>
    public ulong FirstNodeId = 0xd0000000;

    /// <inheritdoc/>
    public ulong GetNodeId(int fabricIndex)
    {
        return ContainsFabric(fabricIndex) ? FirstNodeId + (uint)fabricIndex : 0;
    }

    /// <inheritdoc/>
    public bool GetCompressedFabricId(int fabricIndex, byte[] buffer, int offset)
    {
        if (!ContainsFabric(fabricIndex))
        {
            return false;
        }

        Array.Clear(buffer, offset, 8);
        buffer[offset] = Generations[fabricIndex];
        buffer[offset + 7] = (byte)fabricIndex;
        return true;
    }
}
