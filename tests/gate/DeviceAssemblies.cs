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
    /// <summary>The name of the device's assembly.</summary>
    public static string Of(TypeDefinition type, SourceMap source)
    {
        string firmware = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here()), "..", "..", "firmware"));
        string file = Path.GetRelativePath(Path.Combine(firmware, "MatterNano"), source.Of(type).File).Replace('\\', '/');
        List<(string Name, string[] Sources)> assemblies = XDocument.Load(Path.Combine(firmware, "DeviceAssemblies.props"))
            .Descendants("DeviceAssembly")
            .Select(e => (e.Attribute("Include").Value, e.Attribute("Sources").Value.Split(';')))
            .ToList();
        (string Name, string[] Sources) own = assemblies.FirstOrDefault(a => a.Sources.Any(s => file == s || file.StartsWith(s + "/")));
        return own.Name ?? assemblies.First(a => a.Sources.Contains("*")).Name;
    }

    private static string Here([CallerFilePath] string file = null)
    {
        return file;
    }
}
