using System.Collections.Generic;

namespace MatterNano.Shrink;

/// <summary>What is shrunk, and how.</summary>
internal sealed class ShrinkOptions
{
    /// <summary>The assemblies of the image; one or more are programs, or <see cref="Kept"/> holds some.</summary>
    public List<string> Assemblies { get; } = new();

    /// <summary>Assemblies of the image that keep all they have, with its names: those that reflection looks into, as unit tests.</summary>
    public List<string> Kept { get; } = new();

    /// <summary>Libraries that stay as they are.</summary>
    public List<string> References { get; } = new();

    /// <summary>Where the shrunk assemblies go. Each keeps its path below <see cref="Root"/>.</summary>
    public string Output { get; set; }

    /// <summary>The folder that holds the assemblies, directly or deeper.</summary>
    public string Root { get; set; }

    /// <summary>Where the map from short to long names goes; null for nowhere.</summary>
    public string Map { get; set; }

    /// <summary>Names stay readable, for a debugger and for stack traces.</summary>
    public bool KeepNames { get; set; }

    /// <summary>Calls stay calls.</summary>
    public bool KeepCalls { get; set; }

    /// <summary>Null and what is wrong, if an option is unknown or missing.</summary>
    public static ShrinkOptions Parse(IReadOnlyList<string> lines, out string mistake)
    {
        ShrinkOptions options = new();
        for (int i = 0; i < lines.Count; i++)
        {
            string name = lines[i];
            if (name == "--keep-names" || name == "--keep-calls")
            {
                options.KeepNames |= name == "--keep-names";
                options.KeepCalls |= name == "--keep-calls";
                continue;
            }

            if (++i == lines.Count)
            {
                mistake = name + " needs a value";
                return null;
            }

            switch (name)
            {
                case "--assembly": options.Assemblies.Add(lines[i]); break;
                case "--kept": options.Kept.Add(lines[i]); break;
                case "--reference": options.References.Add(lines[i]); break;
                case "--root": options.Root = lines[i]; break;
                case "--map": options.Map = lines[i]; break;
                case "--output": options.Output = lines[i]; break;
                default:
                    mistake = "unknown option " + name;
                    return null;
            }
        }

        mistake = options.Root == null || options.Output == null ? "--root and --output are needed" : null;
        return mistake == null ? options : null;
    }
}
