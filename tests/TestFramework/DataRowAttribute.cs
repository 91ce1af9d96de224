using System;

namespace nanoFramework.TestFramework;

/// <summary>One set of arguments for a test method.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class DataRowAttribute : Attribute
{
    /// <summary>One set of arguments.</summary>
    /// <param name="methodParameters">The arguments in order.</param>
    public DataRowAttribute(params object[] methodParameters)
    {
        MethodParameters = methodParameters;
    }

    /// <summary>The arguments in order.</summary>
    public object[] MethodParameters { get; }
}
