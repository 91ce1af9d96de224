using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace MatterNano.Shrink;

/// <summary>Takes out what no program of the image can reach.</summary>
/// <remarks>
/// A method that a reached one mentions is reached. A virtual one is also reached when any of its group is and its type is;
/// one that a library may call, when its type is. A reached type keeps its initialiser, and a struct all its fields.
/// </remarks>
internal sealed class Reachability
{
    private readonly Image _image;
    private readonly SlotGroups _groups;
    private readonly HashSet<IMemberDefinition> _reached = new();
    private readonly HashSet<IReadOnlyList<MethodDefinition>> _called = new();
    private readonly Stack<MethodDefinition> _waiting = new();

    private Reachability(Image image)
    {
        _image = image;
        _groups = new SlotGroups(image);
    }

    /// <summary>Finds what is reached and removes the rest.</summary>
    public static void Sweep(Image image)
    {
        Reachability reachability = new(image);
        reachability.Mark();
        foreach (ModuleDefinition module in image.Modules.Where(m => !image.IsKept(m)))
        {
            reachability.Remove(module.Types);
        }
    }

    private void Mark()
    {
        foreach (ModuleDefinition module in _image.Modules)
        {
            if (_image.IsKept(module))
            {
                foreach (TypeDefinition type in module.GetTypes())
                {
                    Reach(type);
                    Reach(type.Fields);
                    Reach(type.Methods);
                }
            }

            if (module.EntryPoint != null)
            {
                Reach(module.EntryPoint);
            }
        }

        while (_waiting.TryPop(out MethodDefinition method))
        {
            Reach(References.OfMethod(method).Where(r => !IsOverride(method, r)));
            if (method.IsVirtual)
            {
                Call(_groups.Of(method));
            }
        }
    }

    // What a method overrides need not be there.
    private static bool IsOverride(MethodDefinition method, MemberReference reference)
    {
        return method.Overrides.Contains(reference);
    }

    private void Reach(IEnumerable<MemberReference> references)
    {
        foreach (MemberReference reference in references)
        {
            IMemberDefinition member = _image.Resolve(reference);
            if (_image.Owns(member))
            {
                Reach(member);
            }
        }
    }

    private void Reach(IMemberDefinition member)
    {
        if (!_reached.Add(member))
        {
            return;
        }

        switch (member)
        {
            case MethodDefinition method:
                _waiting.Push(method);
                Reach((IMemberDefinition)method.DeclaringType);
                break;
            case FieldDefinition field:
                Reach((IMemberDefinition)field.DeclaringType);
                Reach(References.OfField(field));
                break;
            case TypeDefinition type:
                ReachType(type);
                break;
        }
    }

    private void ReachType(TypeDefinition type)
    {
        Reach(References.OfType(type).Where(r => r == type.BaseType || !type.Interfaces.Any(i => i.InterfaceType == r)));
        if (type.DeclaringType != null)
        {
            Reach((IMemberDefinition)type.DeclaringType);
        }

        bool isDelegate = type.BaseType?.FullName == "System.MulticastDelegate";
        foreach (MethodDefinition method in type.Methods)
        {
            if ((method.IsConstructor && method.IsStatic)
                || (isDelegate && (method.IsConstructor || method.Name == "Invoke"))
                || (method.IsVirtual && IsCalled(_groups.Of(method))))
            {
                Reach((IMemberDefinition)method);
            }
        }

        if (type.IsValueType)
        {
            Reach(type.Fields.Where(f => !f.IsStatic));
        }
    }

    private bool IsCalled(IReadOnlyList<MethodDefinition> group)
    {
        return _called.Contains(group) || _groups.IsForeign(group);
    }

    private void Call(IReadOnlyList<MethodDefinition> group)
    {
        if (_called.Add(group))
        {
            foreach (MethodDefinition method in group.Where(m => _image.Owns(m) && _reached.Contains(m.DeclaringType)))
            {
                Reach((IMemberDefinition)method);
            }
        }
    }

    private void Remove(ICollection<TypeDefinition> types)
    {
        foreach (TypeDefinition type in types.ToList())
        {
            if (type.Name == "<Module>")
            {
                continue;
            }

            if (!_reached.Contains(type))
            {
                types.Remove(type);
                continue;
            }

            Remove(type.NestedTypes);
            Remove(type.Methods, m => !_reached.Contains(m));
            Remove(type.Fields, f => !_reached.Contains(f));
            Remove(type.Interfaces, i => IsGone(i.InterfaceType));
            foreach (MethodDefinition method in type.Methods)
            {
                Remove(method.Overrides, o => IsGone(o));
            }
        }
    }

    private bool IsGone(MemberReference reference)
    {
        IMemberDefinition member = _image.Resolve(reference);
        return _image.Owns(member) && !_image.IsKept(((MemberReference)member).Module) && !_reached.Contains(member);
    }

    private static void Remove<T>(ICollection<T> items, System.Func<T, bool> isGone)
    {
        foreach (T item in items.Where(isGone).ToList())
        {
            items.Remove(item);
        }
    }
}
