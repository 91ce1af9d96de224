using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace MatterNano.Shrink;

/// <summary>Virtual methods that no other overrides.</summary>
internal static class VirtualMethods
{
    /// <summary>Makes ordinary methods of those that stand alone in their group: the image is closed, nothing can override them any more.</summary>
    public static void Seal(Image image)
    {
        SlotGroups groups = new(image);
        foreach (IReadOnlyList<MethodDefinition> group in groups.All.Where(g => g.Count == 1 && !groups.IsForeign(g)))
        {
            MethodDefinition method = group[0];
            if (!method.IsAbstract && !method.HasOverrides && !image.IsKept(method.Module))
            {
                method.IsVirtual = false;
                method.IsNewSlot = false;
                method.IsFinal = false;
            }
        }
    }
}
