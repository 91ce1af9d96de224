using System.Linq;
using Mono.Cecil;
using Mono.Collections.Generic;

namespace MatterNano.Shrink;

/// <summary>What an assembly tells about itself beyond what runs.</summary>
internal static class Metadata
{
    /// <summary>Takes out attributes, properties and events as such, constants, and what delegates never use.</summary>
    /// <remarks>Nothing on the device reads them: nanoFramework has no such tables but that of attributes, which only reflection asks.</remarks>
    public static void Strip(Image image)
    {
        foreach (ModuleDefinition module in image.Modules.Where(m => !image.IsKept(m)))
        {
            Clear(module.Assembly.CustomAttributes);
            Clear(module.CustomAttributes);
            foreach (TypeDefinition type in module.GetTypes())
            {
                Clear(type.CustomAttributes);
                foreach (MethodDefinition method in type.Methods)
                {
                    Clear(method.CustomAttributes);
                    Clear(method.MethodReturnType.CustomAttributes);
                    foreach (ParameterDefinition parameter in method.Parameters)
                    {
                        Clear(parameter.CustomAttributes);
                    }
                }

                foreach (FieldDefinition field in type.Fields)
                {
                    Clear(field.CustomAttributes);
                }

                type.Properties.Clear();
                type.Events.Clear();
            }
        }
    }

    /// <summary>Makes all visible to all, since code has moved. nanoCLR does not check this, .NET does.</summary>
    public static void Publish(Image image)
    {
        foreach (TypeDefinition type in image.Types.Where(t => t.Name != "<Module>"))
        {
            type.Attributes = (type.Attributes & ~TypeAttributes.VisibilityMask) | (type.IsNested ? TypeAttributes.NestedPublic : TypeAttributes.Public);
            foreach (MethodDefinition method in type.Methods.Where(m => !(m.IsConstructor && m.IsStatic)))
            {
                method.Attributes = (method.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Public;
            }

            foreach (FieldDefinition field in type.Fields)
            {
                field.Attributes = (field.Attributes & ~(FieldAttributes.FieldAccessMask | FieldAttributes.InitOnly)) | FieldAttributes.Public;
            }
        }
    }

    private static void Clear(Collection<CustomAttribute> attributes)
    {
        attributes.Clear();
    }
}
