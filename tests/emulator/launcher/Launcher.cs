using System;
using System.Reflection;
using nanoFramework.TestFramework;

namespace MatterNano.Emulator;

/// <summary>Runs on nanoCLR: every test of the assembly NFUnitTest, in a heap as small as the device's, one line each.</summary>
public static class Launcher
{
    private const int Block = 4096;

    // Of 96 KB, what the metadata of the stack and of the tests leaves.
    private const int Left = 80 * 1024;

    /// <summary>Entry.</summary>
    public static void Main()
    {
        Ballast ballast = Fill();
        Type[] types = Assembly.Load("NFUnitTest").GetTypes();
        for (int i = 0; i < types.Length; i++)
        {
            if (types[i].IsClass && Has(types[i].GetCustomAttributes(true), typeof(TestClassAttribute)))
            {
                RunClass(types[i]);
            }
        }

        Console.WriteLine(ballast == null ? "Tests finished,the heap is small" : "Tests finished,with ballast");
    }

    // Takes all memory but what the device would have: the emulator's heap may be larger.
    private static Ballast Fill()
    {
        Ballast top = null;
        try
        {
            while (true)
            {
                top = new Ballast(top, new byte[Block]);
            }
        }
        catch (OutOfMemoryException)
        {
            // Full, as intended.
        }

        for (int released = 0; released < Left && top != null; released += Block)
        {
            top = top.Below;
        }

        return top;
    }

    private static bool Has(object[] attributes, Type type)
    {
        for (int i = 0; i < attributes.Length; i++)
        {
            if (attributes[i].GetType() == type)
            {
                return true;
            }
        }

        return false;
    }

    private static void RunClass(Type type)
    {
        MethodInfo[] methods = type.GetMethods();
        for (int i = 0; i < methods.Length; i++)
        {
            object[] attributes = methods[i].GetCustomAttributes(true);
            bool rows = Has(attributes, typeof(DataRowAttribute));
            for (int k = 0; k < attributes.Length; k++)
            {
                DataRowAttribute row = attributes[k] as DataRowAttribute;
                if (row != null || (!rows && attributes[k].GetType() == typeof(TestMethodAttribute)))
                {
                    Run(type.FullName + "." + methods[i].Name + (row == null ? "" : "." + k.ToString()), methods[i], row == null ? null : row.MethodParameters);
                }
            }
        }
    }

    private static void Run(string name, MethodInfo method, object[] arguments)
    {
        // Each test finds the memory in one piece.
        nanoFramework.Runtime.Native.GC.Run(true);
        try
        {
            method.Invoke(null, arguments);
            Console.WriteLine("Test passed," + name);
        }
        catch (Exception e)
        {
            bool skipped = e.GetType() == typeof(SkipTestException);
            Console.WriteLine((skipped ? "Test skipped," : "Test failed,") + name + "," + e.GetType().FullName + ": " + e.Message);
        }
    }
}
