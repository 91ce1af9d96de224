using System;

namespace nanoFramework.TestFramework;

/// <summary>The asserts of nanoFramework.TestFramework 3 that the unit tests use, with the same signatures.</summary>
public sealed class Assert
{
    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(bool expected, bool actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(byte expected, byte actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(char expected, char actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(double expected, double actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(float expected, float actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(int expected, int actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(long expected, long actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(object expected, object actual, string message = "")
    {
        Fail(!Equals(expected, actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(sbyte expected, sbyte actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(short expected, short actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(string expected, string actual, string message = "")
    {
        Fail(!Equals(expected, actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(uint expected, uint actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(ulong expected, ulong actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are equal.</summary>
    public static void AreEqual(ushort expected, ushort actual, string message = "")
    {
        Fail(!expected.Equals(actual), "AreEqual", expected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(bool notExpected, bool actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(byte notExpected, byte actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(char notExpected, char actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(double notExpected, double actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(float notExpected, float actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(int notExpected, int actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(long notExpected, long actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(object notExpected, object actual, string message = "")
    {
        Fail(Equals(notExpected, actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(sbyte notExpected, sbyte actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(short notExpected, short actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(string notExpected, string actual, string message = "")
    {
        Fail(Equals(notExpected, actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(uint notExpected, uint actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(ulong notExpected, ulong actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless the values are different.</summary>
    public static void AreNotEqual(ushort notExpected, ushort actual, string message = "")
    {
        Fail(notExpected.Equals(actual), "AreNotEqual", notExpected, actual, message);
    }

    /// <summary>Fails unless both are the same object.</summary>
    public static void AreSame(object expected, object actual, string message = "")
    {
        Fail(!ReferenceEquals(expected, actual), "AreSame", expected, actual, message);
    }

    /// <summary>Fails if both are the same object.</summary>
    public static void AreNotSame(object notExpected, object actual, string message = "")
    {
        Fail(ReferenceEquals(notExpected, actual), "AreNotSame", notExpected, actual, message);
    }

    /// <summary>Fails unless the condition holds.</summary>
    public static void IsTrue(bool condition, string message = "")
    {
        Fail(!condition, "IsTrue", true, condition, message);
    }

    /// <summary>Fails if the condition holds.</summary>
    public static void IsFalse(bool condition, string message = "")
    {
        Fail(condition, "IsFalse", false, condition, message);
    }

    /// <summary>Fails unless the value is null.</summary>
    public static void IsNull(object value, string message = "")
    {
        Fail(value != null, "IsNull", null, value, message);
    }

    /// <summary>Fails if the value is null.</summary>
    public static void IsNotNull(object value, string message = "")
    {
        Fail(value == null, "IsNotNull", "a value", null, message);
    }

    /// <summary>Fails unless the value is of the type or of one derived from it.</summary>
    public static void IsInstanceOfType(object value, Type expected, string message = "")
    {
        Fail(value == null || !expected.IsInstanceOfType(value), "IsInstanceOfType", expected, value?.GetType(), message);
    }

    /// <summary>Fails if the value is of the type or of one derived from it.</summary>
    public static void IsNotInstanceOfType(object value, Type notExpected, string message = "")
    {
        Fail(value != null && notExpected.IsInstanceOfType(value), "IsNotInstanceOfType", notExpected, value?.GetType(), message);
    }

    /// <summary>Fails unless the text contains the expected text.</summary>
    public static void Contains(string expected, string value, string message = "")
    {
        Fail(value.IndexOf(expected, StringComparison.Ordinal) < 0, "Contains", expected, value, message);
    }

    /// <summary>Fails if the text contains the text that is not expected.</summary>
    public static void DoesNotContains(string notExpected, string value, string message = "")
    {
        Fail(value.IndexOf(notExpected, StringComparison.Ordinal) >= 0, "DoesNotContains", notExpected, value, message);
    }

    /// <summary>Fails unless the text begins with the expected text.</summary>
    public static void StartsWith(string expected, string value, string message = "")
    {
        Fail(!value.StartsWith(expected, StringComparison.Ordinal), "StartsWith", expected, value, message);
    }

    /// <summary>Fails unless the text ends with the expected text.</summary>
    public static void EndsWith(string expected, string value, string message = "")
    {
        Fail(!value.EndsWith(expected, StringComparison.Ordinal), "EndsWith", expected, value, message);
    }

    /// <summary>Ends the test as skipped, with the reason.</summary>
    public static void SkipTest(string message = null)
    {
        throw new SkipTestException(message);
    }

    /// <summary>Fails unless the action throws exactly this exception.</summary>
    public static void ThrowsException(Type exception, Action action, string message = "")
    {
        try
        {
            action();
        }
        catch (Exception thrown) when (thrown.GetType() == exception)
        {
            return;
        }

        Fail(true, "ThrowsException", exception, "no such exception", message);
    }

    private static void Fail(bool failed, string assert, object expected, object actual, string message)
    {
        if (failed)
        {
            throw new Xunit.Sdk.XunitException(assert + ": expected " + Show(expected) + ", found " + Show(actual) + ". " + message);
        }
    }

    private static string Show(object value)
    {
        return value == null ? "null" : value.ToString();
    }
}
