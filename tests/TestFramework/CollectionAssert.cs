using System.Collections;

namespace nanoFramework.TestFramework;

/// <summary>The asserts on collections of nanoFramework.TestFramework 3, with the same signatures.</summary>
public sealed class CollectionAssert
{
    /// <summary>Fails unless both hold equal elements in the same order.</summary>
    public static void AreEqual(ICollection expected, ICollection actual, string message = "")
    {
        Assert.IsTrue(Same(expected, actual), message);
    }

    /// <summary>Fails if both hold equal elements in the same order.</summary>
    public static void AreNotEqual(ICollection notExpected, ICollection actual, string message = "")
    {
        Assert.IsFalse(Same(notExpected, actual), message);
    }

    /// <summary>Fails unless there is no element.</summary>
    public static void Empty(ICollection collection, string message = "")
    {
        Assert.AreEqual(0, collection.Count, message);
    }

    /// <summary>Fails if there is no element.</summary>
    public static void NotEmpty(ICollection collection, string message = "")
    {
        Assert.AreNotEqual(0, collection.Count, message);
    }

    private static bool Same(ICollection first, ICollection second)
    {
        if (first == null || second == null)
        {
            return first == second;
        }

        if (first.Count != second.Count)
        {
            return false;
        }

        IEnumerator others = second.GetEnumerator();
        foreach (object element in first)
        {
            others.MoveNext();
            if (!Equals(element, others.Current))
            {
                return false;
            }
        }

        return true;
    }
}
