using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace MatterNano.Shrink.Tests;

/// <summary>Loads what lies in a folder from there, though assemblies of the same names are at hand elsewhere.</summary>
internal sealed class ShrunkContext : AssemblyLoadContext
{
    private readonly string _folder;

    public ShrunkContext(string folder)
        : base(isCollectible: true)
    {
        _folder = folder;
    }

    protected override Assembly Load(AssemblyName name)
    {
        string path = Path.Combine(_folder, name.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
