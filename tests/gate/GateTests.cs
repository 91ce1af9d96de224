using System;
using System.Collections.Generic;
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

    [Fact]
    public void TheUnitTestsRunOnNanoFramework()
    {
        Check(
            typeof(NFUnitTest.ByteOrderTests).Assembly.Location,
            new GateOptions
            {
                Packages = new[] { "nanoFramework.CoreLibrary", "nanoFramework.TestFramework" },
                OwnAssemblies = new[] { "MatterNano" },
                StaticBudget = 4096,
                DeviceAssembly = (type, _) => type.Namespace,
            },
            typeof(Secrets).Assembly.Location);
    }

    private static void Check(string assembly, GateOptions options, params string[] others)
    {
        IReadOnlyList<Finding> findings = GateCheck.Run(assembly, options, others);
        Assert.True(findings.Count == 0, Environment.NewLine + string.Join(Environment.NewLine, findings.Select(f => f.ToString())));
    }
}
