using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Shrink;

/// <summary>All that a type, a method or a field mentions.</summary>
internal static class References
{
    /// <summary>What the declaration of a type mentions: its base, its interfaces, the type around it.</summary>
    public static IEnumerable<MemberReference> OfType(TypeDefinition type)
    {
        return Expand(type.BaseType).Concat(type.Interfaces.SelectMany(i => Expand(i.InterfaceType))).Concat(OfAttributes(type));
    }

    /// <summary>What a field mentions.</summary>
    public static IEnumerable<MemberReference> OfField(FieldDefinition field)
    {
        return Expand(field.FieldType).Concat(OfAttributes(field));
    }

    /// <summary>What a method mentions, its body included.</summary>
    public static IEnumerable<MemberReference> OfMethod(MethodDefinition method)
    {
        IEnumerable<MemberReference> all = Expand(method.ReturnType)
            .Concat(method.Parameters.SelectMany(p => Expand(p.ParameterType)))
            .Concat(method.Overrides.SelectMany(ExpandMember))
            .Concat(OfAttributes(method));
        return method.HasBody ? all.Concat(OfBody(method.Body)) : all;
    }

    /// <summary>What the instructions, the locals and the handlers of a body mention.</summary>
    public static IEnumerable<MemberReference> OfBody(MethodBody body)
    {
        return body.Variables.SelectMany(v => Expand(v.VariableType))
            .Concat(body.ExceptionHandlers.SelectMany(h => Expand(h.CatchType)))
            .Concat(body.Instructions.Select(i => i.Operand).OfType<MemberReference>().SelectMany(ExpandMember));
    }

    private static IEnumerable<MemberReference> OfAttributes(ICustomAttributeProvider provider)
    {
        return provider.CustomAttributes.SelectMany(a => ExpandMember(a.Constructor)
            .Concat(a.ConstructorArguments.Select(x => x.Value).OfType<TypeReference>().SelectMany(Expand)));
    }

    private static IEnumerable<MemberReference> ExpandMember(MemberReference member)
    {
        if (member is TypeReference type)
        {
            return Expand(type);
        }

        if (member is GenericInstanceMethod generic)
        {
            return ExpandMember(generic.ElementMethod).Concat(generic.GenericArguments.SelectMany(Expand));
        }

        IEnumerable<MemberReference> all = Expand(member.DeclaringType).Append(member);
        if (member is MethodReference method && member is not MethodDefinition)
        {
            all = all.Concat(Expand(method.ReturnType)).Concat(method.Parameters.SelectMany(p => Expand(p.ParameterType)));
        }
        else if (member is FieldReference field && member is not FieldDefinition)
        {
            all = all.Concat(Expand(field.FieldType));
        }

        return all;
    }

    // The plain types in an array, a by-reference type and so on.
    private static IEnumerable<MemberReference> Expand(TypeReference type)
    {
        switch (type)
        {
            case null:
            case GenericParameter:
                return Enumerable.Empty<MemberReference>();
            case FunctionPointerType:
                throw new ShrinkException(type.FullName + ": function pointers are not understood");
            case GenericInstanceType generic:
                return Expand(generic.ElementType).Concat(generic.GenericArguments.SelectMany(Expand));
            case IModifierType modifier:
                return Expand(modifier.ElementType).Concat(Expand(modifier.ModifierType));
            case TypeSpecification specification:
                return Expand(specification.ElementType);
            default:
                return Expand(type.DeclaringType).Append(type);
        }
    }
}
