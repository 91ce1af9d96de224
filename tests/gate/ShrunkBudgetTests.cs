using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MatterNano.Shrink;
using Mono.Cecil;
using Xunit;
using Xunit.Abstractions;

namespace MatterNano.Gate;

/// <summary>What the stack takes on the device when it is shrunk for the light of boards/esp32, as far as that is seen without nanoFramework's packages.</summary>
/// <remarks>The real sizes are those that `dotnet build boards/esp32/Light.proj` prints; with signatures, strings and references they were 8 % above this. A limit is raised as that of <see cref="BudgetTests"/> is.</remarks>
public sealed class ShrunkBudgetTests
{
    private const int ImageLimit = 227500; // 240 KB of .pe files
    private const int MetadataLimit = 8200;

    private readonly ITestOutputHelper _output;

    public ShrunkBudgetTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void ShrunkStack_StaysInItsBudget()
    {
        string folder = Directory.CreateTempSubdirectory("budget").FullName;
        try
        {
            ShrinkOptions options = new() { Root = AppContext.BaseDirectory, Output = folder };
            options.Assemblies.Add(Path.Combine(AppContext.BaseDirectory, "MatterNano.dll"));
            options.Kept.Add(Path.Combine(AppContext.BaseDirectory, "MatterNano.Esp32.Board.dll"));
            options.References.AddRange(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")).Split(Path.PathSeparator)
                .Where(p => !options.Assemblies.Concat(options.Kept).Contains(p)));
            _output.WriteLine(Shrinker.Run(options));
            using ModuleDefinition module = ModuleDefinition.ReadModule(Path.Combine(folder, "MatterNano.dll"));
            List<TypeDefinition> types = module.GetTypes().Where(t => t.Name != "<Module>").ToList();
            int methods = types.Sum(t => t.Methods.Count);
            int fields = types.Sum(t => t.Fields.Count);
            int statics = types.Sum(t => t.Fields.Count(f => f.IsStatic));
            int data = types.SelectMany(t => t.Fields).Sum(f => f.InitialValue.Length);
            int code = types.SelectMany(t => t.Methods).Where(m => m.HasBody).Sum(m => Flow.Size(m.Body));

            // Records of the tables, and their share of the heap; references between the assemblies come on top.
            int image = code + data + (24 * types.Count) + (16 * methods) + (8 * fields);
            int metadata = (8 * types.Count) + (2 * methods) + (2 * fields) + (12 * statics);
            _output.WriteLine($"{code} bytes of instructions, {data} of data, {types.Count} types, {methods} methods, {fields} fields: {image} bytes of image, {metadata} of heap");
            Assert.True(image <= ImageLimit, $"the shrunk stack takes {image} bytes, {ImageLimit} are allowed");
            Assert.True(metadata <= MetadataLimit, $"its metadata take {metadata} bytes of heap, {MetadataLimit} are allowed");
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
