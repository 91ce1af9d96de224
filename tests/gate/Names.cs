using System.Collections.Generic;
using System.Linq;
using System.Text;
using Mono.Cecil;

namespace MatterNano.Gate;

/// <summary>Writes types and members of an assembly as the surface lists write them.</summary>
internal static class Names
{
    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["System.Void"] = "void",
        ["System.Boolean"] = "bool",
        ["System.Byte"] = "byte",
        ["System.SByte"] = "sbyte",
        ["System.Char"] = "char",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.String"] = "string",
        ["System.Object"] = "object",
    };

    /// <summary>The metadata name of a type definition or reference: nested types with a plus sign.</summary>
    public static string Full(TypeReference type)
    {
        return type.FullName.Replace('/', '+');
    }

    /// <summary>A type as it stands in a signature.</summary>
    public static string InSignature(TypeReference type)
    {
        switch (type)
        {
            case ByReferenceType reference:
                return "ref " + InSignature(reference.ElementType);
            case ArrayType array:
                return InSignature(array.ElementType) + (array.Rank == 1 ? "[]" : "[" + new string(',', array.Rank - 1) + "]");
            case PointerType pointer:
                return InSignature(pointer.ElementType) + "*";
            case IModifierType modified:
                return InSignature(modified.ElementType);
            case GenericInstanceType generic:
                return Full(generic.ElementType) + "<" + string.Join(", ", generic.GenericArguments.Select(InSignature)) + ">";
            case TypeSpecification other:
                return InSignature(other.ElementType);
        }

        return Keywords.TryGetValue(type.FullName, out string keyword) ? keyword : Full(type);
    }

    /// <summary>A method without its type: <c>int CompareExchange(ref int, int, int)</c>; constructors without result.</summary>
    public static string Signature(MethodReference method)
    {
        StringBuilder text = new StringBuilder();
        if (method.Name != ".ctor" && method.Name != ".cctor")
        {
            text.Append(InSignature(method.ReturnType)).Append(' ');
        }

        text.Append(method.Name).Append('(');
        text.Append(string.Join(", ", method.Parameters.Select(p => InSignature(p.ParameterType))));
        return text.Append(')').ToString();
    }
}
