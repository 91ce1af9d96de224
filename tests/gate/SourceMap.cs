using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatterNano.Gate;

/// <summary>From metadata back to file and line, with the help of the debug information.</summary>
internal sealed class SourceMap
{
    private readonly List<string> _files;
    private readonly Dictionary<string, string[]> _lines = new();
    private readonly Dictionary<(TypeDefinition, string), (string File, int Line)> _places = new();

    public SourceMap(ModuleDefinition module)
    {
        SortedSet<string> files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (MethodDefinition method in module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            foreach (SequencePoint point in method.DebugInformation.SequencePoints)
            {
                files.Add(point.Document.Url);
            }
        }

        // Files without code (interfaces, delegates) lie beside the others.
        foreach (string folder in files.Select(Path.GetDirectoryName).Distinct().Where(Directory.Exists).ToList())
        {
            foreach (string file in Directory.GetFiles(folder, "*.cs"))
            {
                files.Add(file);
            }
        }

        _files = files.ToList();
    }

    /// <summary>The line of an instruction, or of the nearest one before it that has one.</summary>
    public (string File, int Line) Of(MethodDefinition method, Instruction instruction)
    {
        SequencePoint found = null;
        foreach (SequencePoint point in method.DebugInformation.SequencePoints.Where(p => !p.IsHidden))
        {
            if (found == null || (instruction != null && point.Offset <= instruction.Offset))
            {
                found = point;
            }
        }

        return found == null ? Of(method.DeclaringType, method.Name) : (found.Document.Url, found.StartLine);
    }

    /// <summary>The line where a method begins.</summary>
    public (string File, int Line) Of(MethodDefinition method)
    {
        (string File, int Line) declared = Of(method.DeclaringType, method.IsConstructor ? SimpleName(method.DeclaringType) : method.Name);
        return method.DebugInformation.SequencePoints.Any(p => !p.IsHidden) && declared.Line == 0 ? Of(method, null) : declared;
    }

    /// <summary>The line of a type, or of the first mention of a member's name after it.</summary>
    public (string File, int Line) Of(TypeDefinition type, string member = null)
    {
        if (!_places.TryGetValue((type, member), out (string File, int Line) place))
        {
            place = Search(type, member);
            _places.Add((type, member), place);
        }

        return place;
    }

    private (string File, int Line) Search(TypeDefinition type, string member)
    {
        while (type.Name.StartsWith("<") && type.DeclaringType != null)
        {
            // What the compiler makes for a member bears its name.
            string of = type.Name.Substring(1).Split('>')[0];
            member = member ?? (of.Length > 0 ? of : null);
            type = type.DeclaringType;
        }

        string name = SimpleName(type);
        Regex declaration = new Regex(@"\b(class|struct|interface|enum|record|delegate\s+[^;(]*)\s+" + Regex.Escape(name) + @"\b");
        IEnumerable<string> own = type.Methods.SelectMany(m => m.DebugInformation.SequencePoints).Select(p => p.Document.Url).Distinct();
        foreach (string file in own.Concat(_files))
        {
            string[] lines = Lines(file);
            string space = type.DeclaringType == null && type.Namespace.Length > 0 ? "namespace " + type.Namespace : null;
            if (space != null && !lines.Any(l => l.StartsWith(space)))
            {
                continue;
            }

            int start = Array.FindIndex(lines, l => l.Contains(name) && declaration.IsMatch(l));
            if (start >= 0)
            {
                int line = member == null ? start : Array.FindIndex(lines, start, l => l.Contains(member) && Regex.IsMatch(l, @"(?<![\w.])" + Regex.Escape(member) + @"\b"));
                return (file, (line < 0 ? start : line) + 1);
            }
        }

        return (_files.FirstOrDefault() ?? type.Module.Name, 0);
    }

    /// <summary>The lines that match, in the files of some types.</summary>
    public IEnumerable<(string File, int Line)> Find(IEnumerable<TypeDefinition> types, string pattern)
    {
        foreach (string file in types.Select(t => Of(t).File).Distinct())
        {
            string[] lines = Lines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                if (Regex.IsMatch(lines[i], pattern))
                {
                    yield return (file, i + 1);
                }
            }
        }
    }

    private static string SimpleName(TypeDefinition type)
    {
        int tick = type.Name.IndexOf('`');
        return tick < 0 ? type.Name : type.Name.Substring(0, tick);
    }

    private string[] Lines(string file)
    {
        if (!_lines.TryGetValue(file, out string[] lines))
        {
            lines = File.Exists(file) ? File.ReadAllLines(file) : Array.Empty<string>();
            _lines.Add(file, lines);
        }

        return lines;
    }
}
