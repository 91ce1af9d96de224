using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Shrink;

/// <summary>Virtual methods that no other overrides.</summary>
internal static class VirtualMethods
{
    /// <summary>
    /// Makes ordinary methods of those that stand alone in their group: the image is closed, nothing can override them any more.
    /// Where all but one of a group are declarations only, the one is called in their stead.
    /// </summary>
    public static void Seal(Image image)
    {
        SlotGroups groups = new(image);
        Dictionary<MethodDefinition, MethodDefinition> only = new();
        foreach (IReadOnlyList<MethodDefinition> group in groups.All.Where(g => !groups.IsForeign(g) && g.Count(m => !m.IsAbstract) == 1))
        {
            MethodDefinition method = group.Single(m => !m.IsAbstract);
            if (group.All(m => m.Module == method.Module) && !image.IsKept(method.Module) && !method.DeclaringType.IsValueType)
            {
                method.Overrides.Clear();
                method.IsVirtual = false;
                method.IsNewSlot = false;
                method.IsFinal = false;
                foreach (MethodDefinition declaration in group.Where(m => m != method))
                {
                    only.Add(declaration, method);
                }
            }
        }

        if (only.Count > 0)
        {
            Redirect(image, only);
        }
    }

    private static void Redirect(Image image, Dictionary<MethodDefinition, MethodDefinition> only)
    {
        foreach (MethodDefinition caller in image.Types.SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            foreach (Instruction instruction in caller.Body.Instructions)
            {
                if (instruction.Operand is MethodReference reference && image.Resolve(reference) is MethodDefinition called && only.TryGetValue(called, out MethodDefinition method))
                {
                    instruction.Operand = caller.Module == method.Module ? method : caller.Module.ImportReference(method);
                }
            }
        }

        foreach (MethodDefinition declaration in only.Keys)
        {
            declaration.DeclaringType.Methods.Remove(declaration);
        }
    }
}
