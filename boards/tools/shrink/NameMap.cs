using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Mono.Cecil;

namespace MatterNano.Shrink;

/// <summary>Which long name each short name of an image stands for.</summary>
/// <remarks>A line for each type and method: as nanoCLR writes it in a stack trace, a tab, as the source has it.</remarks>
internal sealed class NameMap
{
    private static readonly Regex s_method = new(@"[^\s:]+::[^\s:]+", RegexOptions.CultureInvariant);

    private readonly List<(IMemberDefinition Member, string Name)> _names = new();

    private NameMap()
    {
    }

    /// <summary>Of an image whose names are still those of the source.</summary>
    public static NameMap Of(Image image)
    {
        NameMap map = new();
        foreach (TypeDefinition type in image.Types.Where(t => !image.IsKept(t.Module) && t.Name != "<Module>"))
        {
            map._names.Add((type, Name(type)));
            map._names.AddRange(type.Methods.Select(m => ((IMemberDefinition)m, Name(m))));
        }

        return map;
    }

    /// <summary>Writes what has another name by now.</summary>
    public void Write(string path)
    {
        File.WriteAllLines(path, _names.Select(n => (Short: Name(n.Member), Long: n.Name)).Where(n => n.Short != n.Long)
            .Select(n => n.Short + "\t" + n.Long).Distinct().OrderBy(l => l, StringComparer.Ordinal));
    }

    /// <summary>Puts the long names into a stack trace. What the map does not know stays.</summary>
    public static string Translate(string trace, IEnumerable<string> map)
    {
        Dictionary<string, string> names = map.Select(l => l.Split('\t')).GroupBy(l => l[0])
            .ToDictionary(g => g.Key, g => string.Join(" or ", g.Select(l => l[1])), StringComparer.Ordinal);
        return s_method.Replace(trace, m => names.GetValueOrDefault(m.Value, m.Value));
    }

    private static string Name(IMemberDefinition member)
    {
        return member is TypeDefinition type ? type.FullName.Replace('/', '+') : Name(member.DeclaringType) + "::" + member.Name;
    }
}
