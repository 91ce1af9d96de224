using System;

namespace MatterNano.Clusters;

/// <summary>Room for a record that is being changed. A change is rare, so the room is made for it and not kept.</summary>
internal static class Staging
{
    /// <summary>Makes room.</summary>
    /// <returns>Null when there is no memory for it: the change is answered with ResourceExhausted.</returns>
    internal static byte[] Make(int size)
    {
        try
        {
            return new byte[size];
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }
}
