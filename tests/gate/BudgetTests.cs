using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Gate;

/// <summary>What the stack's program text takes on the device, so that growth is noticed. docs/HEAP.md tells how it divides.</summary>
/// <remarks>A limit is raised by whoever adds something, together with the table in docs/HEAP.md.</remarks>
public sealed class BudgetTests
{
    // Instructions an assembly, in bytes as .NET counts them; the image holds some 12 % less and at most 65,535.
    private static readonly Dictionary<string, int> s_code = new()
    {
        ["MatterNano.Core"] = 60000,
        ["MatterNano.Sessions"] = 68000,
        ["MatterNano.Interaction"] = 50000,
        ["MatterNano"] = 60000,
    };

    private const int MetadataLimit = 14500;

    private readonly ITestOutputHelper _output;

    public BudgetTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void ProgramText_StaysInItsBudget()
    {
        using ModuleDefinition module = GateCheck.Read(typeof(Secrets).Assembly.Location);
        SourceMap source = new SourceMap(module);
        List<string> over = new();
        int metadata = 0;
        foreach (IGrouping<string, TypeDefinition> assembly in module.Types
            .Where(t => !t.Name.StartsWith("<", StringComparison.Ordinal) && t.Namespace.StartsWith("MatterNano", StringComparison.Ordinal))
            .GroupBy(t => DeviceAssemblies.Of(t, source)))
        {
            List<TypeDefinition> types = assembly.SelectMany(t => t.NestedTypes.Prepend(t)).ToList();
            int methods = types.Sum(t => t.Methods.Count);
            int fields = types.Sum(t => t.Fields.Count(f => !f.IsStatic));
            int statics = types.Sum(t => t.Fields.Count(f => f.IsStatic && !f.HasConstant));
            int code = types.SelectMany(t => t.Methods).Where(m => m.HasBody).Sum(m => m.Body.CodeSize);
            HashSet<string> outside = types.SelectMany(t => t.Methods).Where(m => m.HasBody)
                .SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<MemberReference>()
                .Where(r => !IsIn(r, assembly.Key, source)).Select(r => r.FullName).ToHashSet();

            // Bytes of heap on a 32-bit CLR: the assembly 136, a type 8, a method 2, a field 2, a static 12, something of another assembly 4.
            int heap = 136 + (8 * types.Count) + (2 * methods) + (2 * fields) + (12 * statics) + (4 * outside.Count);
            metadata += heap;
            _output.WriteLine($"{assembly.Key,-20} {code,6} bytes of instructions, {types.Count} types, {methods} methods, {fields} fields, {outside.Count} references: {heap} bytes of heap");
            if (code > s_code[assembly.Key])
            {
                over.Add($"{assembly.Key}: {code} bytes of instructions, {s_code[assembly.Key]} are allowed");
            }
        }

        _output.WriteLine($"in all {metadata} bytes of heap");
        if (metadata > MetadataLimit)
        {
            over.Add($"metadata takes {metadata} bytes of heap, {MetadataLimit} are allowed");
        }

        Assert.True(over.Count == 0, string.Join(Environment.NewLine, over));
    }

    private static bool IsIn(MemberReference reference, string assembly, SourceMap source)
    {
        TypeReference type = reference as TypeReference ?? reference.DeclaringType;
        TypeDefinition definition = type?.GetElementType().Module == null ? null : type.GetElementType() as TypeDefinition;
        while (definition?.DeclaringType != null)
        {
            definition = definition.DeclaringType;
        }

        return definition != null && (definition.Name.StartsWith("<", StringComparison.Ordinal) || DeviceAssemblies.Of(definition, source) == assembly);
    }
}
