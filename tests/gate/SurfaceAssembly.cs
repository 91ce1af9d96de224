using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using Mono.Cecil;

namespace MatterNano.Gate;

/// <summary>The public types and members of a package whose assembly is here.</summary>
internal static class SurfaceAssembly
{
    /// <summary>Reads the assembly and its list of what is in the .pe file.</summary>
    public static IEnumerable<SurfaceType> Read(string name)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(Open(name + ".dll"));
        HashSet<uint> onDevice = ReadTokens(name + ".pdbx");
        foreach (TypeDefinition type in module.GetTypes().Where(IsVisible))
        {
            yield return Read(type, !onDevice.Contains(type.MetadataToken.ToUInt32()));
        }
    }

    private static SurfaceType Read(TypeDefinition type, bool compileOnly)
    {
        SurfaceType result = new SurfaceType(Names.Full(type)) { CompileOnly = compileOnly };
        if (type.BaseType != null)
        {
            result.Bases.Add(Names.Full(type.BaseType.GetElementType()));
        }

        result.Bases.AddRange(type.Interfaces.Select(i => Names.Full(i.InterfaceType.GetElementType())));
        result.Members.UnionWith(type.Methods.Where(m => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly).Select(Names.Signature));
        result.Members.UnionWith(type.Fields.Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Select(f => f.Name));
        return result;
    }

    private static bool IsVisible(TypeDefinition type)
    {
        return type.DeclaringType == null ? type.IsPublic : (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType);
    }

    // The metadata processor leaves out attributes and what only they need; its list for debuggers names the types that it took.
    private static HashSet<uint> ReadTokens(string name)
    {
        using Stream stream = Open(name);
        return XDocument.Load(stream).Descendants("Class")
            .Select(c => uint.Parse(c.Element("Token").Element("CLR").Value.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            .ToHashSet();
    }

    private static Stream Open(string name)
    {
        return Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException(name + " is not in the gate.");
    }
}
