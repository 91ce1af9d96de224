using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Xunit;
using Xunit.Abstractions;

// A program's output is read from the console, which the process has one of.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace MatterNano.Shrink.Tests;

/// <summary>The stack's unit tests against the shrunk stack.</summary>
public sealed class StackTests
{
    private readonly ITestOutputHelper _output;

    public StackTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void ShrunkStack_PassesItsUnitTests()
    {
        using Workplace workplace = new(new[] { "MatterNano.dll" }, new[] { "NFUnitTest.dll" });
        _output.WriteLine(workplace.Summary);
        List<string> failed = new();
        int passed = 0;
        foreach (MethodInfo test in workplace.Load("NFUnitTest.dll").GetTypes().SelectMany(t => t.GetMethods()).Where(m => Has(m, "TestMethodAttribute")))
        {
            foreach (object[] row in Rows(test))
            {
                try
                {
                    test.Invoke(Activator.CreateInstance(test.DeclaringType), row);
                    passed++;
                }
                catch (TargetInvocationException e) when (e.InnerException.GetType().Name != "SkipTestException")
                {
                    failed.Add(test.DeclaringType.FullName + "." + test.Name + ": " + e.InnerException);
                }
                catch (TargetInvocationException)
                {
                }
            }
        }

        _output.WriteLine(passed + " passed");
        Assert.True(failed.Count == 0, string.Join(Environment.NewLine, failed));
        Assert.True(passed > 400, passed + " tests were found");
    }

    private static bool Has(MethodInfo method, string attribute)
    {
        return method.CustomAttributes.Any(a => a.AttributeType.Name == attribute);
    }

    private static List<object[]> Rows(MethodInfo test)
    {
        List<object[]> rows = test.CustomAttributes.Where(a => a.AttributeType.Name == "DataRowAttribute")
            .Select(a => ((IEnumerable<CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value).Select(v => v.Value).ToArray()).ToList();
        return rows.Count > 0 ? rows : new List<object[]> { null };
    }
}
