using System.Collections.Generic;

namespace MatterNano.Gate;

/// <summary>A type of a nanoFramework package.</summary>
internal sealed class SurfaceType
{
    public SurfaceType(string name)
    {
        Name = name;
    }

    /// <summary>Metadata name.</summary>
    public string Name { get; }

    /// <summary>Base class and interfaces.</summary>
    public List<string> Bases { get; } = new();

    /// <summary>Whether it is a delegate, whose constructor and Invoke the lists leave out.</summary>
    public bool IsDelegate { get; set; }

    /// <summary>Whether only the compiler sees it: the type is not in mscorlib.pe.</summary>
    public bool CompileOnly { get; set; }

    /// <summary>Methods as <see cref="Names.Signature"/> writes them, and the names of fields.</summary>
    public HashSet<string> Members { get; } = new();
}
