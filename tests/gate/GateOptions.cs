using System.Collections.Generic;
using Mono.Cecil;

namespace MatterNano.Gate;

/// <summary>What an assembly may use.</summary>
public sealed class GateOptions
{
    /// <summary>nanoFramework packages it may reference (names of the lists in the folder Surface).</summary>
    public IReadOnlyList<string> Packages { get; init; } = new[] { "nanoFramework.CoreLibrary" };

    /// <summary>Assemblies of our own that may be referenced; they are checked by themselves.</summary>
    public IReadOnlyList<string> OwnAssemblies { get; init; } = System.Array.Empty<string>();

    /// <summary>Whether static fields must be readonly: many nodes run in one process in the tests.</summary>
    public bool StaticsAreReadOnly { get; init; } = true;

    /// <summary>Bytes of managed heap that static fields and what their initialisers allocate may take.</summary>
    public int StaticBudget { get; init; } = 1024;

    /// <summary>Bytes of a table of one assembly at which the gate warns; the platform's limit is 65535.</summary>
    public int TableLimit { get; init; } = 60000;

    /// <summary>Whether a type of the assembly stands for one of nanoFramework's packages, and is held against their lists as those are.</summary>
    internal System.Func<TypeDefinition, SourceMap, bool> IsFake { get; init; } = (_, _) => false;

    /// <summary>The types that are looked at.</summary>
    internal System.Func<TypeDefinition, bool> Includes { get; init; } = _ => true;

    /// <summary>The assemblies of the device in the order in which they are built; each may use those before it.</summary>
    internal IReadOnlyList<string> DeviceOrder { get; init; } = System.Array.Empty<string>();

    /// <summary>Whether one assembly of the device may use another, when that is not a matter of order.</summary>
    internal System.Func<string, string, bool> MayUse { get; init; }

    /// <summary>The assembly of the device that will hold a type: the stack is one assembly on the PC and several on the device.</summary>
    internal System.Func<TypeDefinition, SourceMap, string> DeviceAssembly { get; init; } = (type, _) => type.Module.Assembly.Name.Name;
}
