using System;

namespace nanoFramework.TestFramework;

/// <summary>Marks a test; xunit finds it as one of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class TestMethodAttribute : Xunit.FactAttribute
{
}
