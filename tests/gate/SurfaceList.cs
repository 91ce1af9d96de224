using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Mono.Cecil;

namespace MatterNano.Gate;

/// <summary>The public types and members of nanoFramework packages: mscorlib's from its package, those of others from the lists in the folder Surface.</summary>
internal sealed class SurfaceList
{
    private const string CoreLibrary = "nanoFramework.CoreLibrary";

    private static readonly string[] Modifiers = { "protected", "static", "abstract", "virtual", "override", "sealed", "readonly" };

    // What the compiler emits against .NET where it emits something else against nanoFramework's mscorlib.
    private static readonly Dictionary<string, string> CompilerChoices = new()
    {
        ["System.Threading.Monitor::void Enter(object, ref bool)"] = "System.Threading.Monitor::void Enter(object)",
        ["System.Threading.EventWaitHandle::bool Set()"] = "System.Threading.AutoResetEvent::bool Set()",
        ["System.Threading.EventWaitHandle::bool Reset()"] = "System.Threading.AutoResetEvent::bool Reset()",
        ["System.Runtime.CompilerServices.SwitchExpressionException::.ctor()"] = "System.InvalidOperationException::.ctor()",
        ["System.Runtime.CompilerServices.SwitchExpressionException::.ctor(object)"] = "System.InvalidOperationException::.ctor()",
    };

    private readonly Dictionary<string, SurfaceType> _types = new();

    public SurfaceList(IEnumerable<string> packages)
    {
        foreach (string package in packages)
        {
            if (package == CoreLibrary)
            {
                ReadCoreLibrary();
            }
            else
            {
                Read(package);
            }
        }
    }

    /// <summary>The type, or null when no package has it.</summary>
    public SurfaceType Find(string name)
    {
        return _types.TryGetValue(name, out SurfaceType type) ? type : null;
    }

    /// <summary>Whether the packages have the method, in its type or a base of it.</summary>
    public bool HasMethod(MethodReference method)
    {
        string type = Names.Full(method.DeclaringType);
        string signature = Names.Signature(method);
        if (CompilerChoices.TryGetValue(type + "::" + signature, out string choice))
        {
            int cut = choice.IndexOf("::", StringComparison.Ordinal);
            type = choice.Substring(0, cut);
            signature = choice.Substring(cut + 2);
        }

        return Has(type, signature, new HashSet<string>());
    }

    /// <summary>Whether the packages have the field, in its type or a base of it.</summary>
    public bool HasField(FieldReference field)
    {
        return Has(Names.Full(field.DeclaringType), field.Name, new HashSet<string>());
    }

    /// <summary>Whether the compiler joins strings and characters here: against .NET it does so through spans, else through strings.</summary>
    public static bool IsJoining(MethodReference method)
    {
        const string Span = "System.ReadOnlySpan`1<char>";
        string signature = Names.Signature(method);
        return method.DeclaringType.FullName == "System.String"
            ? signature.Contains(" Concat(" + Span) || signature == Span + " op_Implicit(string)"
            : Names.InSignature(method.DeclaringType) == Span && method.Name == ".ctor" && method.Parameters.Count == 1;
    }

    /// <summary>Whether a missing type is one that the compiler replaces by itself.</summary>
    public static bool IsCompilerChoice(string type)
    {
        return CompilerChoices.Keys.Any(k => k.StartsWith(type + "::", StringComparison.Ordinal));
    }

    private bool Has(string type, string member, HashSet<string> seen)
    {
        SurfaceType found = Find(type);
        if (found == null || !seen.Add(type))
        {
            return false;
        }

        if (found.Members.Contains(member) || (found.IsDelegate && (member.StartsWith(".ctor(") || member.Contains(" Invoke("))))
        {
            return true;
        }

        // A constructor is not inherited; Object's methods belong to interfaces too.
        return !member.StartsWith(".ctor(") && (found.Bases.Any(b => Has(b, member, seen)) || Has("System.Object", member, seen));
    }

    private void ReadCoreLibrary()
    {
        foreach (SurfaceType type in SurfaceAssembly.Read("mscorlib"))
        {
            _types.Add(type.Name, type);
        }
    }

    private void Read(string package)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(package + ".txt")
            ?? throw new InvalidOperationException("There is no surface list of the package " + package + " in tests/gate/Surface.");
        using StreamReader reader = new StreamReader(stream);
        string line;
        while ((line = reader.ReadLine()) != null)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                int cut = line.IndexOf(' ');
                ReadMember(Type(line.Substring(0, cut)), line.Substring(cut + 1));
            }
        }
    }

    private SurfaceType Type(string name)
    {
        if (!_types.TryGetValue(name, out SurfaceType type))
        {
            type = new SurfaceType(name);
            _types.Add(name, type);
        }

        return type;
    }

    private static void ReadMember(SurfaceType type, string text)
    {
        foreach (string end in new[] { " [Obsolete]", " [Flags]", " [Conditional(\"DEBUG\")]" })
        {
            text = text.Replace(end, string.Empty);
        }

        if (text.StartsWith("type "))
        {
            ReadType(type, text.Substring(5));
            return;
        }

        bool cut = true;
        while (cut)
        {
            cut = false;
            foreach (string modifier in Modifiers)
            {
                if (text.StartsWith(modifier + " "))
                {
                    text = text.Substring(modifier.Length + 1);
                    cut = true;
                }
            }
        }

        if (text.StartsWith("value ") || text.StartsWith("const "))
        {
            string left = text.Substring(0, text.IndexOf(" = ", StringComparison.Ordinal));
            type.Members.Add(left.Substring(left.LastIndexOf(' ') + 1));
        }
        else if (text.StartsWith("field "))
        {
            type.Members.Add(text.Substring(text.LastIndexOf(' ') + 1));
        }
        else if (text.StartsWith("event "))
        {
            string[] parts = text.Split(' ');
            type.Members.Add("void add_" + parts[2] + "(" + parts[1] + ")");
            type.Members.Add("void remove_" + parts[2] + "(" + parts[1] + ")");
        }
        else if (text.StartsWith("property "))
        {
            ReadProperty(type, text.Substring(9));
        }
        else
        {
            int open = text.IndexOf('(');
            type.Members.Add(text.Substring(0, open + 1) + string.Join(", ", Parameters(text.Substring(open + 1, text.LastIndexOf(')') - open - 1))) + ")");
        }
    }

    private static void ReadType(SurfaceType type, string text)
    {
        type.IsDelegate = text.StartsWith("delegate ");
        if (type.IsDelegate)
        {
            type.Bases.Add("System.MulticastDelegate");
            return;
        }

        if (text.StartsWith("enum "))
        {
            type.Bases.Add("System.Enum");
            return;
        }

        int colon = text.IndexOf(" : ", StringComparison.Ordinal);
        if (colon >= 0)
        {
            type.Bases.AddRange(text.Substring(colon + 3).Split(", "));
        }

        if (text.Contains("struct"))
        {
            type.Bases.Add("System.ValueType");
        }
    }

    private static void ReadProperty(SurfaceType type, string text)
    {
        int brace = text.IndexOf(" {", StringComparison.Ordinal);
        string head = text.Substring(0, brace);
        string accessors = text.Substring(brace);
        string index = string.Empty;
        string name;
        int bracket = head.IndexOf(" this[", StringComparison.Ordinal);
        if (bracket >= 0)
        {
            index = string.Join(", ", Parameters(head.Substring(bracket + 6, head.Length - bracket - 7)));
            name = type.Name == "System.String" ? "Chars" : "Item";
            head = head.Substring(0, bracket);
        }
        else
        {
            int space = head.LastIndexOf(' ');
            name = head.Substring(space + 1);
            head = head.Substring(0, space);
        }

        if (accessors.Contains("get;"))
        {
            type.Members.Add(head + " get_" + name + "(" + index + ")");
        }

        if (accessors.Contains("set;") || accessors.Contains("init;"))
        {
            type.Members.Add("void set_" + name + "(" + (index.Length > 0 ? index + ", " : string.Empty) + head + ")");
        }
    }

    private static IEnumerable<string> Parameters(string text)
    {
        List<string> result = new List<string>();
        int depth = 0;
        bool quoted = false;
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ',';
            if (c == '"')
            {
                quoted = !quoted;
            }

            if (quoted && i < text.Length)
            {
                continue;
            }

            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
            if (c == ',' && depth == 0)
            {
                string one = text.Substring(start, i - start).Trim();
                start = i + 1;
                if (one.Length > 0)
                {
                    result.Add(Parameter(one));
                }
            }
        }

        return result;
    }

    private static string Parameter(string text)
    {
        int equals = text.IndexOf(" = ", StringComparison.Ordinal);
        if (equals >= 0)
        {
            text = text.Substring(0, equals);
        }

        foreach (string word in new[] { "this ", "params " })
        {
            if (text.StartsWith(word))
            {
                text = text.Substring(word.Length);
            }
        }

        foreach (string word in new[] { "out ", "in " })
        {
            if (text.StartsWith(word))
            {
                text = "ref " + text.Substring(word.Length);
            }
        }

        return text;
    }
}
