using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace MatterNano.Shrink;

/// <summary>Which virtual methods stand for one another: an override and what it overrides, a method of an interface and what implements it.</summary>
/// <remarks>nanoCLR finds them by name and signature, so that one name belongs to a whole group, and to nothing else of a class.</remarks>
internal sealed class SlotGroups
{
    private readonly Image _image;
    private readonly Dictionary<MethodDefinition, MethodDefinition> _parents = new();
    private readonly Dictionary<MethodDefinition, List<MethodDefinition>> _members = new();

    /// <summary>Of all types of the image as it is now.</summary>
    public SlotGroups(Image image)
    {
        _image = image;
        foreach (TypeDefinition type in image.Types)
        {
            foreach (MethodDefinition method in type.Methods.Where(m => m.IsVirtual))
            {
                Find(method);
                foreach (MethodReference overridden in method.Overrides)
                {
                    Union(method, (MethodDefinition)image.Resolve(overridden));
                }

                if (!method.IsNewSlot)
                {
                    MethodDefinition inherited = Implementation(image.ResolveType(type.BaseType), method);
                    if (inherited != null)
                    {
                        Union(method, inherited);
                    }
                }
            }

            if (!type.IsInterface)
            {
                foreach (MethodDefinition method in Interfaces(type).SelectMany(i => i.Methods).Where(m => m.IsVirtual))
                {
                    MethodDefinition own = Implementation(type, method);
                    if (own != null)
                    {
                        Union(own, method);
                    }
                }
            }
        }

        foreach (MethodDefinition method in _parents.Keys.ToList())
        {
            MethodDefinition root = Find(method);
            if (!_members.TryGetValue(root, out List<MethodDefinition> members))
            {
                _members.Add(root, members = new List<MethodDefinition>());
            }

            members.Add(method);
        }
    }

    /// <summary>The members of each group.</summary>
    public IEnumerable<IReadOnlyList<MethodDefinition>> All => _members.Values;

    /// <summary>The group that a virtual method is in.</summary>
    public IReadOnlyList<MethodDefinition> Of(MethodDefinition method)
    {
        return _members[Find(method)];
    }

    /// <summary>True if a library has a part in the group, and may call it, by its own name.</summary>
    public bool IsForeign(IReadOnlyList<MethodDefinition> group)
    {
        return group.Any(m => !_image.Owns(m));
    }

    private IEnumerable<TypeDefinition> Interfaces(TypeDefinition type)
    {
        return type.Interfaces.Select(i => _image.ResolveType(i.InterfaceType)).SelectMany(i => Interfaces(i).Append(i)).Distinct();
    }

    private MethodDefinition Implementation(TypeDefinition type, MethodDefinition method)
    {
        for (; type != null; type = _image.ResolveType(type.BaseType))
        {
            MethodDefinition found = type.Methods.FirstOrDefault(m => m.IsVirtual && m.Overrides.Any(o => _image.Resolve(o) == method))
                ?? type.Methods.FirstOrDefault(m => m.IsVirtual && m != method && IsSame(m, method));
            if (found != null)
            {
                return found;
            }
        }

        return null;
    }

    private static bool IsSame(MethodDefinition one, MethodDefinition other)
    {
        return one.Name == other.Name && one.Parameters.Count == other.Parameters.Count
            && one.ReturnType.FullName == other.ReturnType.FullName
            && one.Parameters.Zip(other.Parameters).All(p => p.First.ParameterType.FullName == p.Second.ParameterType.FullName);
    }

    private MethodDefinition Find(MethodDefinition method)
    {
        if (!_parents.TryGetValue(method, out MethodDefinition parent))
        {
            _parents.Add(method, parent = method);
        }

        return parent == method ? method : _parents[method] = Find(parent);
    }

    private void Union(MethodDefinition one, MethodDefinition other)
    {
        _parents[Find(one)] = Find(other);
    }
}
