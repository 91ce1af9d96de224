using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Mono.Cecil;

namespace MatterNano.Gate;

/// <summary>Which assembly of the device will hold a type of the stack; read from firmware/DeviceAssemblies.props.</summary>
internal static class DeviceAssemblies
{
    private static readonly List<(string Name, string[] Sources)> Assemblies = Read();

    /// <summary>The assemblies of the device in the order in which they are built.</summary>
    public static IReadOnlyList<string> Order => Assemblies.Select(a => a.Name).ToList();

    /// <summary>The name of the device's assembly.</summary>
    public static string Of(TypeDefinition type, SourceMap source)
    {
        string file = Path.GetRelativePath(Path.Combine(Firmware(), "MatterNano"), source.Of(type).File).Replace('\\', '/');
        (string Name, string[] Sources) own = Assemblies.FirstOrDefault(a => a.Sources.Any(s => file == s || file.StartsWith(s + "/")));
        return own.Name ?? Assemblies.First(a => a.Sources.Length == 0).Name;
    }

    private static List<(string Name, string[] Sources)> Read()
    {
        return XDocument.Load(Path.Combine(Firmware(), "DeviceAssemblies.props"))
            .Descendants("DeviceAssembly")
            .Select(e => (e.Attribute("Include").Value, e.Attribute("Sources")?.Value.Split(';') ?? Array.Empty<string>()))
            .ToList();
    }

    private static string Firmware()
    {
        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here()), "..", "..", "firmware"));
    }

    private static string Here([CallerFilePath] string file = null)
    {
        return file;
    }
}
