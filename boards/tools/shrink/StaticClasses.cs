using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace MatterNano.Shrink;

/// <summary>Classes that only hold static methods.</summary>
internal static class StaticClasses
{
    // nanoFramework counts the static methods of a type in a byte.
    private const int MaxMethods = 250;

    /// <summary>Moves their methods into one class of each assembly. References are to be told, and names to be given afterwards.</summary>
    public static void Merge(Image image)
    {
        HashSet<TypeDefinition> used = image.Types.SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions)
            .Select(i => i.Operand).OfType<TypeReference>().Select(image.ResolveType).ToHashSet();
        foreach (ModuleDefinition module in image.Modules.Where(m => !image.IsKept(m)))
        {
            TypeDefinition home = null;
            foreach (TypeDefinition type in module.Types.Where(t => IsPlain(t) && !used.Contains(t)).ToList())
            {
                if (home == null || home.Methods.Count + type.Methods.Count > MaxMethods)
                {
                    home = type;
                    continue;
                }

                foreach (MethodDefinition method in type.Methods.ToList())
                {
                    type.Methods.Remove(method);
                    home.Methods.Add(method);
                }

                module.Types.Remove(type);
            }
        }
    }

    private static bool IsPlain(TypeDefinition type)
    {
        return type.IsAbstract && type.IsSealed && !type.HasFields && !type.HasNestedTypes && !type.HasCustomAttributes
            && type.Methods.All(m => m.IsStatic && !m.IsConstructor && m != type.Module.EntryPoint);
    }
}
