using System;

namespace nanoFramework.TestFramework;

/// <summary>Marks a test; xunit finds it as one of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
[Xunit.Sdk.XunitTestCaseDiscoverer("nanoFramework.TestFramework.TestMethodDiscoverer", "nanoFramework.TestFramework")]
public class TestMethodAttribute : Xunit.FactAttribute
{
}
