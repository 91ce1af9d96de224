using Mono.Cecil;

namespace MatterNano.Shrink;

/// <summary>Numbers of parameters.</summary>
internal static class Parameters
{
    /// <summary>The number that instructions count by: the object is 0.</summary>
    public static int Sequence(this ParameterDefinition parameter)
    {
        return parameter.Index + (((MethodReference)parameter.Method).HasThis ? 1 : 0);
    }
}
