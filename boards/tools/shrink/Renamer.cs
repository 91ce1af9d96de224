using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace MatterNano.Shrink;

/// <summary>Gives short names to what the image's own assemblies define.</summary>
/// <remarks>
/// nanoCLR joins assemblies by name and signature, and finds a virtual or interface method by them. So a name is given
/// to a whole group of virtual methods and to no other method of the image, and a field's or an ordinary method's is its own within its type.
/// What a library also knows keeps its name, and so do constructors, delegates' methods, programs' entry points, and exceptions,
/// whose names reach a log.
/// </remarks>
internal sealed class Renamer
{
    private readonly Image _image;
    private readonly Dictionary<MemberReference, IMemberDefinition> _references = new();
    private readonly HashSet<string> _taken;
    private int _count;

    private Renamer(Image image)
    {
        _image = image;
        _taken = image.FixedNames().Where(n => n.Length <= 3).ToHashSet(StringComparer.Ordinal);
    }

    /// <returns>How many were renamed.</returns>
    public static int Run(Image image)
    {
        Renamer renamer = new(image);
        renamer.Collect();
        SlotGroups groups = new(image);
        StaticClasses.Merge(image);
        renamer.NameMethods(groups);
        Signatures.WidenMethods(image, groups);
        renamer.NameTypes();
        renamer.Repeat();
        return renamer._count;
    }

    // What each reference means must be known before names change.
    private void Collect()
    {
        foreach (TypeDefinition type in _image.Types)
        {
            foreach (MemberReference reference in References.OfType(type)
                .Concat(type.Fields.SelectMany(References.OfField))
                .Concat(type.Methods.SelectMany(References.OfMethod))
                .Where(r => r is not IMemberDefinition))
            {
                IMemberDefinition definition = _image.Resolve(reference);
                if (_image.Owns(definition))
                {
                    _references[reference] = definition;
                }
            }
        }
    }

    private void NameMethods(SlotGroups groups)
    {
        NameSequence shared = NameSequence.OfDigits(_taken);
        int n = 0;
        foreach (IReadOnlyList<MethodDefinition> group in groups.All.Where(g => !groups.IsForeign(g) && !g.Any(IsFixed)).OrderByDescending(g => g.Count))
        {
            foreach (MethodDefinition method in group)
            {
                method.Name = shared[n];
                _count++;
            }

            n++;
        }

        NameSequence own = NameSequence.OfLetters(_taken);
        foreach (TypeDefinition type in _image.Types.Where(t => !_image.IsKept(t.Module)))
        {
            int method = 0;
            foreach (MethodDefinition ordinary in type.Methods.Where(m => !m.IsVirtual && !IsFixed(m)))
            {
                ordinary.Name = own[method++];
                _count++;
            }

            int field = 0;
            foreach (FieldDefinition ordinary in type.Fields.Where(f => !f.IsRuntimeSpecialName))
            {
                ordinary.Name = own[field++];
                _count++;
            }
        }
    }

    private void NameTypes()
    {
        // nanoCLR runs the initialisers of types in the order of their names: it stays as it was.
        List<TypeDefinition> types = _image.Types
            .Where(t => !_image.IsKept(t.Module) && t.Name != "<Module>" && !IsException(t))
            .OrderBy(t => t.FullName, StringComparer.InvariantCulture).ToList();
        int width = 1;
        for (int room = 26; room < types.Count + _taken.Count; room *= 26)
        {
            width++;
        }

        int next = 0;
        foreach (TypeDefinition type in types)
        {
            string name;
            do
            {
                name = Word(next++, width);
            }
            while (_taken.Contains(name));
            type.Name = name;
            type.Namespace = string.Empty;
            _count++;
        }
    }

    private void Repeat()
    {
        foreach ((MemberReference reference, IMemberDefinition definition) in _references)
        {
            if (definition is TypeDefinition type)
            {
                reference.Name = type.Name;
                ((TypeReference)reference).Namespace = type.Namespace;
            }
            else
            {
                // A reference through a derived type would be looked for there first.
                if (_image.ResolveType(reference.DeclaringType) != definition.DeclaringType)
                {
                    TypeReference declaring = reference.Module.ImportReference(definition.DeclaringType);
                    if (reference is MethodReference method)
                    {
                        method.DeclaringType = declaring;
                    }
                    else
                    {
                        ((FieldReference)reference).DeclaringType = declaring;
                    }
                }

                reference.Name = definition.Name;
                if (reference is MethodReference called)
                {
                    RepeatSignature(called, (MethodDefinition)definition);
                }
            }
        }
    }

    private static void RepeatSignature(MethodReference reference, MethodDefinition definition)
    {
        reference.ReturnType = reference.Module.ImportReference(definition.ReturnType);
        for (int i = 0; i < definition.Parameters.Count; i++)
        {
            reference.Parameters[i].ParameterType = reference.Module.ImportReference(definition.Parameters[i].ParameterType);
        }
    }

    private static bool IsFixed(MethodDefinition method)
    {
        return method.IsConstructor || method.IsRuntime || method.IsInternalCall || method == method.Module.EntryPoint;
    }

    private bool IsException(TypeDefinition type)
    {
        for (; type != null; type = _image.ResolveType(type.BaseType))
        {
            if (type.FullName == "System.Exception")
            {
                return true;
            }
        }

        return false;
    }

    private static string Word(int n, int width)
    {
        char[] word = new char[width];
        for (int i = width - 1; i >= 0; i--)
        {
            word[i] = (char)('a' + (n % 26));
            n /= 26;
        }

        return new string(word);
    }
}
