using System;
using System.IO;
using System.Linq;
using Mono.Cecil;
using Xunit;

namespace MatterNano.Shrink.Tests;

/// <summary>Stack traces of a shrunk image can be read.</summary>
public sealed class NameMapTests : IDisposable
{
    private readonly Workplace _short = new(new[] { "SampleLibrary.dll", "Sample.dll" }, Array.Empty<string>());

    // The trace is made of the names that the shrunk assembly has, in the form in which nanoCLR writes it.
    [Fact]
    public void Trace_HasTheNamesOfTheSource()
    {
        TypeDefinition exception = _short.Type("SampleException");
        MethodDefinition thrower = _short.Modules.SelectMany(m => m.GetTypes()).SelectMany(t => t.Methods)
            .Single(m => m.HasBody && m.Body.Instructions.Any(i => i.Operand is MethodReference r && r.Name == ".ctor" && r.DeclaringType.Name == exception.Name));
        string trace = "    ++++ Exception MatterNano.Sample.SampleException - 0x00000000 (1) ++++\r\n"
            + "    ++++ " + thrower.DeclaringType.FullName.Replace('/', '+') + "::" + thrower.Name + " [IP: 000a] ++++\r\n"
            + "    ++++ System.Threading.Thread::Start [IP: 0001] ++++\r\n";
        string read = NameMap.Translate(trace, File.ReadLines(_short.Map));
        Assert.Contains("    ++++ MatterNano.Sample.Program+<>c::<Main>b__", read);
        Assert.Contains(" [IP: 000a] ++++\r\n    ++++ System.Threading.Thread::Start [IP: 0001] ++++\r\n", read);
        Assert.StartsWith("    ++++ Exception MatterNano.Sample.SampleException - 0x00000000 (1) ++++\r\n", read);
    }

    [Fact]
    public void EveryMethodOfTheImage_IsInTheMap_UnderOneName()
    {
        string[] names = File.ReadLines(_short.Map).Select(l => l.Split('\t')[0]).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(_short.Modules.SelectMany(m => m.GetTypes()).Where(t => t.Name is not ("<Module>" or "SampleException")).SelectMany(t => t.Methods),
            m => Assert.Contains(m.DeclaringType.FullName.Replace('/', '+') + "::" + m.Name, names));
    }

    public void Dispose()
    {
        _short.Dispose();
    }
}
