using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Mono.Cecil;

namespace MatterNano.Shrink.Tests;

/// <summary>Shrinks assemblies of the test's own folder into a temporary one, and loads them from there.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly string _output = Directory.CreateTempSubdirectory("shrink").FullName;
    private readonly ShrunkContext _context;

    public Workplace(string[] assemblies, string[] kept, bool keepNames = false)
    {
        ShrinkOptions options = new() { Root = AppContext.BaseDirectory, Output = _output, KeepNames = keepNames, Map = Path.Combine(_output, "names.map") };
        options.Assemblies.AddRange(assemblies.Select(Original));
        options.Kept.AddRange(kept.Select(Original));
        options.References.AddRange(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")).Split(Path.PathSeparator)
            .Where(p => !options.Assemblies.Concat(options.Kept).Contains(p)));
        Summary = Shrinker.Run(options);
        Modules = assemblies.Concat(kept).Select(a => ModuleDefinition.ReadModule(Path.Combine(_output, a))).ToList();
        _context = new ShrunkContext(_output);
    }

    public string Summary { get; }

    public string Map => Path.Combine(_output, "names.map");

    public IReadOnlyList<ModuleDefinition> Modules { get; }

    public static string Original(string assembly)
    {
        return Path.Combine(AppContext.BaseDirectory, assembly);
    }

    public TypeDefinition Type(string name)
    {
        return Modules.SelectMany(m => m.GetTypes()).FirstOrDefault(t => t.Name == name);
    }

    public Assembly Load(string assembly)
    {
        return _context.LoadFromAssemblyName(new AssemblyName(Path.GetFileNameWithoutExtension(assembly)));
    }

    /// <summary>Runs the program in this process and gives what it printed.</summary>
    public static string Run(Assembly program)
    {
        TextWriter console = Console.Out;
        StringWriter output = new();
        Console.SetOut(output);
        try
        {
            program.EntryPoint.Invoke(null, null);
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }

    public void Dispose()
    {
        foreach (ModuleDefinition module in Modules)
        {
            module.Dispose();
        }

        _context.Unload();
    }
}
