using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Shrink;

/// <summary>Says object for every reference in signatures: most of them then are the same, and are held once.</summary>
/// <remarks>The interpreter keeps a reference as a reference, whatever the signature calls it; .NET does too where nothing is verified.</remarks>
internal static class Signatures
{
    /// <summary>The locals of all bodies.</summary>
    public static void WidenLocals(Image image)
    {
        foreach (VariableDefinition variable in image.Types.Where(t => !image.IsKept(t.Module)).SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Variables))
        {
            variable.VariableType = Widened(variable.VariableType, image);
        }
    }

    /// <summary>Arguments and results. Methods of a type must have names of their own already; references are to be told.</summary>
    /// <remarks>What a delegate may hold stays, and so does what a library knows.</remarks>
    public static void WidenMethods(Image image, SlotGroups groups)
    {
        HashSet<MethodDefinition> stay = image.Types.SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions)
            .Where(i => i.OpCode.Code is Code.Ldftn or Code.Ldvirtftn).Select(i => image.Resolve((MethodReference)i.Operand)).OfType<MethodDefinition>().ToHashSet();
        foreach (MethodDefinition method in image.Types.SelectMany(t => t.Methods))
        {
            IReadOnlyList<MethodDefinition> group = method.IsVirtual ? groups.Of(method) : new[] { method };
            bool isOverloaded = method.IsConstructor && method.DeclaringType.Methods.Count(m => m.IsConstructor && !m.IsStatic) > 1;
            if (isOverloaded || method == method.Module.EntryPoint || group.Any(m => m.IsRuntime || !image.Owns(m) || image.IsKept(m.Module) || stay.Contains(m)))
            {
                continue;
            }

            method.ReturnType = Widened(method.ReturnType, image);
            foreach (ParameterDefinition parameter in method.Parameters)
            {
                parameter.ParameterType = Widened(parameter.ParameterType, image);
            }
        }
    }

    private static TypeReference Widened(TypeReference type, Image image)
    {
        bool isReference = type is ArrayType || (type is not TypeSpecification && !type.IsPrimitive && !type.IsValueType && type.MetadataType == MetadataType.Class);
        return isReference ? type.Module.TypeSystem.Object : type;
    }
}
