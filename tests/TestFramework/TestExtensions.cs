using System;

namespace nanoFramework.TestFramework;

/// <summary>Comparisons for asserts.</summary>
public static class TestExtensions
{
    /// <summary>Whether both arrays hold equal elements in the same order.</summary>
    public static bool SequenceEqual(this Array a, Array b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (!Equals(a.GetValue(i), b.GetValue(i)))
            {
                return false;
            }
        }

        return true;
    }
}
