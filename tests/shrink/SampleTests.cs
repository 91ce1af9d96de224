using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit;

namespace MatterNano.Shrink.Tests;

/// <summary>Each rule on the sample program, whose output must stay what it is.</summary>
public sealed class SampleTests : IDisposable
{
    private static readonly string[] s_assemblies = { "SampleLibrary.dll", "Sample.dll" };

    private readonly Workplace _named = new(s_assemblies, Array.Empty<string>(), keepNames: true);
    private readonly Workplace _short = new(s_assemblies, Array.Empty<string>());

    [Fact]
    public void Output_IsThatOfTheOriginal()
    {
        string expected = Workplace.Run(Assembly.LoadFrom(Workplace.Original("Sample.dll")));
        Assert.Contains("rounded square, labelled square, square", expected);
        Assert.Equal(expected, Workplace.Run(_named.Load("Sample.dll")));
        Assert.Equal(expected, Workplace.Run(_short.Load("Sample.dll")));
    }

    [Theory]
    [InlineData("UnusedType")]
    [InlineData("IUnused")]
    public void UnreachedType_Goes(string name)
    {
        Assert.Null(_named.Type(name));
    }

    [Fact]
    public void UncalledVirtual_GoesFromTheWholeGroup()
    {
        Assert.DoesNotContain(_named.Modules.SelectMany(m => m.GetTypes()).SelectMany(t => t.Methods), m => m.Name == "NeverCalled");
    }

    [Fact]
    public void UnusedInterface_IsNotImplementedAnyMore_AndItsMethodGoes()
    {
        Assert.DoesNotContain(_named.Type("Derived").Interfaces, i => i.InterfaceType.Name == "IUnused");
        Assert.DoesNotContain(_named.Type("Derived").Methods, m => m.Name == "Unused");
    }

    [Theory]
    [InlineData("Derived", "Dispose")]
    [InlineData("Square", "ToString")]
    [InlineData("Circle", "get_Area")]
    public void WhatALibraryOrABaseMayCall_Stays(string type, string method)
    {
        Assert.Contains(_named.Type(type).Methods, m => m.Name == method);
    }

    [Theory]
    [InlineData("Square", "get_Side")]
    [InlineData("Square", "get_Writes")]
    [InlineData("Square", "set_Writes")]
    [InlineData("Square", "IsLargerThan")]
    [InlineData("Counter", "get_Value")]
    [InlineData("Counter", "set_Value")]
    [InlineData("Counter", "get_NextValue")]
    [InlineData("Counter", "Set")]
    [InlineData("Counter", "AddBackwards")]
    public void SmallMethod_IsInlined(string type, string method)
    {
        Assert.DoesNotContain(_named.Type(type).Methods, m => m.Name == method);
    }

    [Theory]
    [InlineData("Classify")]
    [InlineData("Halvings")]
    [InlineData("Split")]
    [InlineData("Count")]
    [InlineData("Last")]
    public void MethodCalledAtOnePlace_GoesIntoItsCaller(string method)
    {
        Assert.DoesNotContain(_named.Type("Calculator").Methods, m => m.Name == method);
    }

    // Values wait on the stack meanwhile (100 - ...), or a null object would be noticed too late.
    [Theory]
    [InlineData("SumTo")]
    [InlineData("Later")]
    public void MethodWhoseCallMatters_StaysACall(string method)
    {
        Assert.Contains(_named.Type("Calculator").Methods, m => m.Name == method);
    }

    [Fact]
    public void OnlyImplementation_IsCalledDirectly()
    {
        Assert.DoesNotContain(_named.Type("Only").Methods, m => m.IsVirtual);
        Assert.False(_named.Type("IOnly")?.HasMethods ?? false);
    }

    // A constant needs no object, but the call does: the null must still throw.
    [Fact]
    public void ConstantOfAnObject_StaysACall()
    {
        Assert.Contains(_named.Type("Square").Methods, m => m.Name == "get_Limit");
    }

    [Fact]
    public void StructKeepsItsFields_AndEnumItsValue()
    {
        Assert.Equal(3, _named.Type("Point").Fields.Count);
        Assert.Single(_named.Type("Color").Fields);
    }

    [Fact]
    public void NothingIsToldThatDoesNotRun()
    {
        // RefSafetyRules of newer compilers stands on the module; its type goes.
        Assert.All(_short.Modules, m => Assert.Empty(m.CustomAttributes));
        Assert.All(_short.Modules.SelectMany(m => m.GetTypes()), t =>
        {
            Assert.Empty(t.Properties);
            Assert.Empty(t.Events);
            Assert.Empty(t.CustomAttributes);
            Assert.All(t.Methods, m => Assert.Empty(m.CustomAttributes));
        });
    }

    [Fact]
    public void Names_AreShort_ButForThoseOfLibraries()
    {
        string[] stay = { "ToString", "Dispose", "Main", "Invoke", ".ctor", ".cctor" };
        List<TypeDefinition> types = _short.Modules.SelectMany(m => m.GetTypes()).Where(t => t.Name != "<Module>").ToList();
        Assert.All(types.Where(t => t.Name != "SampleException"), t => Assert.True(t.Name.Length <= 3 && t.Namespace.Length == 0, t.FullName));
        Assert.All(types.SelectMany(t => t.Methods), m => Assert.True(m.Name.Length <= 2 || stay.Contains(m.Name), m.FullName));
        Assert.All(types.SelectMany(t => t.Fields), f => Assert.True(f.Name.Length <= 2 || f.Name == "value__", f.FullName));
        Assert.Equal("MatterNano.Sample.SampleException", _short.Type("SampleException").FullName);
    }

    [Fact]
    public void Names_AreUniqueWhereNanoClrLooksForThem()
    {
        List<TypeDefinition> types = _short.Modules.SelectMany(m => m.GetTypes()).Where(t => t.Name != "<Module>").ToList();
        Assert.Equal(types.Count, types.Select(t => t.FullName).Distinct().Count());
        foreach (TypeDefinition type in types)
        {
            Assert.Equal(type.Fields.Count, type.Fields.Select(f => f.Name).Distinct().Count());
            List<MethodDefinition> methods = type.Methods.Where(m => !m.IsConstructor).ToList();
            Assert.Equal(methods.Count, methods.Select(m => m.Name).Distinct().Count());
        }

        // nanoCLR looks for a virtual method by name among all instance methods of a class and its bases.
        HashSet<string> ordinary = types.SelectMany(t => t.Methods).Where(m => !m.IsVirtual).Select(m => m.Name).ToHashSet();
        Assert.DoesNotContain(types.SelectMany(t => t.Methods).Where(m => m.IsVirtual && !m.IsRuntime), m => ordinary.Contains(m.Name));
    }

    [Fact]
    public void OverrideAndImplementation_HaveTheNameOfWhatTheyStandFor()
    {
        TypeDefinition circle = _short.Modules[1].Types.Single(t => t.BaseType is TypeReference b && b.Scope.Name == "SampleLibrary" && t.Fields.Count == 1);
        MethodDefinition area = circle.Methods.Single(m => m.IsVirtual);
        TypeDefinition shape = _short.Modules[0].GetType(circle.BaseType.FullName);
        Assert.Contains(shape.Methods, m => m.IsAbstract && m.Name == area.Name);
    }

    [Fact]
    public void GenericCode_IsRefused()
    {
        string self = Path.GetFileName(typeof(SampleTests).Assembly.Location);
        ShrinkException e = Assert.Throws<ShrinkException>(() => new Workplace(new[] { "Mono.Cecil.dll", "Sample.dll" }, Array.Empty<string>()));
        Assert.Contains("generic", e.Message);
        Assert.NotEmpty(self);
    }

    [Fact]
    public void WithoutAProgram_NothingIsDone()
    {
        ShrinkException e = Assert.Throws<ShrinkException>(() => new Workplace(new[] { "SampleLibrary.dll" }, Array.Empty<string>()));
        Assert.Contains("program", e.Message);
    }

    [Fact]
    public void KeptAssembly_KeepsItsNames()
    {
        using Workplace kept = new(new[] { "SampleLibrary.dll" }, new[] { "Sample.dll" });
        Assert.Contains(kept.Type("Program").Methods, m => m.Name == "OnChanged");
        Assert.Null(kept.Type("UnusedType"));
        Assert.Equal(Workplace.Run(_short.Load("Sample.dll")), Workplace.Run(kept.Load("Sample.dll")));
    }

    [Fact]
    public void Instructions_AreInTheirShortForms()
    {
        Assert.DoesNotContain(_short.Modules.SelectMany(m => m.GetTypes()).SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions),
            i => i.OpCode.Code is Code.Ldarg or Code.Ldloc or Code.Stloc || (i.OpCode.Code == Code.Ldc_I4 && (int)i.Operand is >= -128 and <= 127));
    }

    public void Dispose()
    {
        _named.Dispose();
        _short.Dispose();
    }
}
