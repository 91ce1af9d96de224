using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace MatterNano.Shrink;

/// <summary>The assemblies that one device will hold, and the libraries below them.</summary>
internal sealed class Image : IDisposable
{
    private readonly ShrinkOptions _options;
    private readonly ImageResolver _resolver;
    private readonly Dictionary<ModuleDefinition, string> _paths = new();
    private readonly HashSet<ModuleDefinition> _kept = new();
    private readonly Dictionary<MemberReference, IMemberDefinition> _resolved = new();

    private Image(ShrinkOptions options)
    {
        _options = options;
        _resolver = new ImageResolver(options.References);
    }

    /// <summary>Those of the image, in the order given.</summary>
    public List<ModuleDefinition> Modules { get; } = new();

    /// <summary>All types of the image, nested ones too.</summary>
    public IEnumerable<TypeDefinition> Types => Modules.SelectMany(m => m.GetTypes());

    /// <summary>How many methods the image has.</summary>
    public int MethodCount => Types.Sum(t => t.Methods.Count);

    /// <summary>Reads all.</summary>
    /// <exception cref="ShrinkException">Generic code that is not kept, or no program.</exception>
    public static Image Load(ShrinkOptions options)
    {
        Image image = new(options);
        foreach (string path in options.Assemblies.Concat(options.Kept))
        {
            ModuleDefinition module = ModuleDefinition.ReadModule(path, new ReaderParameters(ReadingMode.Immediate) { AssemblyResolver = image._resolver, InMemory = true });
            image._paths.Add(module, path);
            image.Modules.Add(module);
            image._resolver.Add(module.Assembly);

            // Native code is bound to the names and places of methods.
            if (options.Kept.Contains(path) || module.GetTypes().Any(t => t.Methods.Any(m => m.IsInternalCall)))
            {
                image._kept.Add(module);
            }
        }

        if (image.Modules.All(m => m.EntryPoint == null && !image.IsKept(m)))
        {
            throw new ShrinkException("none of the assemblies is a program: nothing would stay");
        }

        foreach (TypeDefinition type in image.Types.Where(t => !image.IsKept(t.Module)))
        {
            IMemberDefinition generic = type.HasGenericParameters ? type : type.Methods.FirstOrDefault(m => m.HasGenericParameters);
            if (generic != null)
            {
                throw new ShrinkException(generic.FullName + " is generic, which nanoFramework does not run");
            }

            if (type.Name == "<Module>" && (type.HasMethods || type.HasFields))
            {
                throw new ShrinkException(type.Module.Name + " has members outside of all types, which are not understood");
            }
        }

        return image;
    }

    /// <summary>True for a module that keeps what it has.</summary>
    public bool IsKept(ModuleDefinition module)
    {
        return _kept.Contains(module);
    }

    /// <summary>True for what belongs to the image rather than to a library.</summary>
    public bool Owns(IMemberDefinition member)
    {
        return member != null && _paths.ContainsKey(((MemberReference)member).Module);
    }

    /// <summary>What a reference refers to; null for an array's methods and the like.</summary>
    /// <exception cref="ShrinkException">It refers to nothing.</exception>
    public IMemberDefinition Resolve(MemberReference reference)
    {
        if (reference is IMemberDefinition own)
        {
            return own;
        }

        if (_resolved.TryGetValue(reference, out IMemberDefinition known))
        {
            return known;
        }

        IMemberDefinition definition = reference is TypeReference type ? type.GetElementType().Resolve()
            : reference.DeclaringType.IsArray ? null
            : reference is MethodReference method ? method.Resolve()
            : ((FieldReference)reference).Resolve();
        if (definition == null && !(reference.DeclaringType?.IsArray ?? false))
        {
            throw new ShrinkException(reference.FullName + " is in none of the assemblies");
        }

        _resolved.Add(reference, definition);
        return definition;
    }

    /// <summary>What another assembly's instruction mentions, as one of this assembly may.</summary>
    public MemberReference Import(MemberReference member, ModuleDefinition module)
    {
        if (member.Module == module)
        {
            return member;
        }

        IMemberDefinition definition = member is TypeSpecification ? null : Resolve(member);
        return definition != null && ((MemberReference)definition).Module == module ? (MemberReference)definition
            : member is TypeReference type ? module.ImportReference(type)
            : member is MethodReference method ? module.ImportReference(method)
            : module.ImportReference((FieldReference)member);
    }

    /// <summary>The type of <see cref="Import(MemberReference, ModuleDefinition)"/>.</summary>
    public TypeReference Import(TypeReference type, ModuleDefinition module)
    {
        return (TypeReference)Import((MemberReference)type, module);
    }

    /// <summary>The type that a reference names, or null.</summary>
    public TypeDefinition ResolveType(TypeReference reference)
    {
        return reference == null ? null : (TypeDefinition)Resolve(reference);
    }

    /// <summary>All names that stay: of the libraries that were needed and of the assemblies that are kept.</summary>
    public IEnumerable<string> FixedNames()
    {
        return _resolver.Read.Select(a => a.MainModule).Concat(_kept).Where(m => !_paths.ContainsKey(m) || IsKept(m)).SelectMany(m => m.GetTypes())
            .SelectMany(t => t.Methods.Cast<IMemberDefinition>().Concat(t.Fields).Append(t)).Select(m => m.Name);
    }

    /// <summary>Writes each assembly of the image to its place.</summary>
    public void Write()
    {
        foreach (ModuleDefinition module in Modules)
        {
            string path = Path.Combine(_options.Output, Path.GetRelativePath(_options.Root, _paths[module]));
            Directory.CreateDirectory(Path.GetDirectoryName(path));
            module.Write(path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _resolver.Dispose();
    }
}
