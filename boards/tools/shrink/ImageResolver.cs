using System;
using System.Collections.Generic;
using System.IO;
using Mono.Cecil;

namespace MatterNano.Shrink;

/// <summary>Finds an assembly by its name among those of the image and the libraries.</summary>
internal sealed class ImageResolver : IAssemblyResolver
{
    private readonly Dictionary<string, AssemblyDefinition> _read = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _paths = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>With the files of the libraries.</summary>
    public ImageResolver(IEnumerable<string> libraries)
    {
        foreach (string path in libraries)
        {
            _paths[Path.GetFileNameWithoutExtension(path)] = path;
        }
    }

    /// <summary>The names of the libraries that were needed.</summary>
    public IEnumerable<AssemblyDefinition> Read => _read.Values;

    /// <summary>An assembly of the image. Of several with one name nobody can refer to any.</summary>
    public void Add(AssemblyDefinition assembly)
    {
        _read[assembly.Name.Name] = assembly;
    }

    /// <inheritdoc/>
    public AssemblyDefinition Resolve(AssemblyNameReference name)
    {
        return Resolve(name, new ReaderParameters());
    }

    /// <inheritdoc/>
    public AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters)
    {
        if (!_read.TryGetValue(name.Name, out AssemblyDefinition assembly))
        {
            if (!_paths.TryGetValue(name.Name, out string path))
            {
                throw new ShrinkException("the assembly " + name.Name + " is missing");
            }

            parameters.AssemblyResolver = this;
            assembly = AssemblyDefinition.ReadAssembly(path, parameters);
            _read.Add(name.Name, assembly);
        }

        return assembly;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AssemblyDefinition assembly in _read.Values)
        {
            assembly.Dispose();
        }
    }
}
