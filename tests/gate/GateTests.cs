using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace MatterNano.Gate;

/// <summary>The firmware as it is.</summary>
public sealed class GateTests
{
    [Fact]
    public void TheStackRunsOnNanoFramework()
    {
        Check(typeof(Secrets).Assembly.Location, new GateOptions { DeviceAssembly = DeviceAssemblies.Of, DeviceOrder = DeviceAssemblies.Order });
    }

    /// <summary>On nanoCLR each folder of tests is an assembly by itself; what more than one needs lies in folders without tests.</summary>
    [Fact]
    public void TheUnitTestsRunOnNanoFramework()
    {
        HashSet<string> withTests = typeof(NFUnitTest.ByteOrderTests).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Tests") && t.Namespace != "NFUnitTest").Select(t => t.Namespace).ToHashSet();
        Check(
            typeof(NFUnitTest.ByteOrderTests).Assembly.Location,
            new GateOptions
            {
                Packages = new[] { "nanoFramework.CoreLibrary", "nanoFramework.TestFramework" },
                OwnAssemblies = new[] { "MatterNano" },
                StaticBudget = 4096,
                DeviceAssembly = (type, _) => type.DeclaringType == null ? type.Namespace : type.DeclaringType.Namespace,
                MayUse = (_, to) => !withTests.Contains(to),
            },
            typeof(Secrets).Assembly.Location);
    }

    /// <summary>Drivers and light, compiled over PC implementations of the packages: what they call there must be in the packages' lists.</summary>
    [Fact]
    public void TheEsp32BoardRunsOnNanoFramework()
    {
        Check(Board(), BoardOptions(BoardPackages), typeof(Secrets).Assembly.Location);
    }

    [Fact]
    public void WhatAPackageLacks_IsNamedInTheEsp32Board()
    {
        IReadOnlyList<Finding> findings = GateCheck.Run(
            Board(), BoardOptions(BoardPackages.Where(p => p != "nanoFramework.System.Device.Gpio").ToArray()), typeof(Secrets).Assembly.Location);
        Assert.NotEmpty(findings);
        Assert.All(findings, f => Assert.Equal(Rules.MissingApi, f.Rule));
        Assert.Contains(findings, f => f.File.EndsWith("Button.cs") && f.Line > 0);
        Assert.Contains(findings, f => f.File.EndsWith("LightBoard.cs") && f.Line > 0);
    }

    private static readonly string[] BoardPackages =
    {
        "nanoFramework.CoreLibrary", "nanoFramework.Device.Bluetooth", "nanoFramework.Runtime.Events", "nanoFramework.Runtime.Native",
        "nanoFramework.System.Collections", "nanoFramework.System.Device.Gpio", "nanoFramework.System.Device.Wifi",
        "nanoFramework.System.IO.FileSystem", "nanoFramework.System.IO.Streams", "nanoFramework.System.Net",
        "nanoFramework.System.Security.Cryptography", "nanoFramework.System.Text", "nanoFramework.System.Threading",
    };

    private static string Board()
    {
        return Path.Combine(AppContext.BaseDirectory, "MatterNano.Esp32.Board.dll");
    }

    private static GateOptions BoardOptions(string[] packages)
    {
        return new GateOptions
        {
            Packages = packages,
            OwnAssemblies = new[] { "MatterNano" },
            Includes = type => type.Namespace is "MatterNano.Esp32" or "MatterNano.Boards.Esp32",
            IsFake = (type, _) => !type.FullName.StartsWith("MatterNano."),
        };
    }

    private static void Check(string assembly, GateOptions options, params string[] others)
    {
        IReadOnlyList<Finding> findings = GateCheck.Run(assembly, options, others);
        Assert.True(findings.Count == 0, Environment.NewLine + string.Join(Environment.NewLine, findings.Select(f => f.ToString())));
    }
}
