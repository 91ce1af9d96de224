using System.Collections.Generic;
using System.Linq;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace nanoFramework.TestFramework;

/// <summary>Makes xunit test cases of test methods: one, or one for each row of data.</summary>
public sealed class TestMethodDiscoverer : IXunitTestCaseDiscoverer
{
    private readonly IMessageSink _diagnostics;

    /// <summary>Called by xunit.</summary>
    /// <param name="diagnostics">Where xunit wants its diagnostics.</param>
    public TestMethodDiscoverer(IMessageSink diagnostics)
    {
        _diagnostics = diagnostics;
    }

    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        TestMethodDisplay display = discoveryOptions.MethodDisplayOrDefault();
        TestMethodDisplayOptions options = discoveryOptions.MethodDisplayOptionsOrDefault();
        List<IXunitTestCase> cases = new List<IXunitTestCase>();
        foreach (IAttributeInfo row in testMethod.Method.GetCustomAttributes(typeof(DataRowAttribute)))
        {
            object[] arguments = ((IEnumerable<object>)row.GetConstructorArguments().Single()).ToArray();
            cases.Add(new SkippableTestCase(_diagnostics, display, options, testMethod, arguments));
        }

        if (cases.Count == 0)
        {
            cases.Add(new SkippableTestCase(_diagnostics, display, options, testMethod, null));
        }

        return cases;
    }
}
