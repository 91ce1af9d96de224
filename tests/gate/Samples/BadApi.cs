using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;

namespace MatterNano.Gate.Samples;

internal enum Colour
{
    Red,
    Green,
}

// What nanoFramework does not have.
internal sealed class BadApi
{
    private readonly List<int> _list = new List<int>(); // gate: generics
    private readonly Func<int, int> _function; // gate: generics

    public void MissingTypes()
    {
        Stopwatch watch = new Stopwatch(); // gate: missing-api
        _ = watch.ElapsedMilliseconds; // gate: missing-api
        Hashtable table = new Hashtable(); // gate: missing-api
        table.Clear(); // gate: missing-api
    }

    public string MissingMembers(string text, byte[] data)
    {
        Array.Reverse(data); // gate: generics
        Array.Sort((Array)data); // gate: missing-api
        Buffer.BlockCopy(data, 0, data, 1, 2); // gate: missing-api
        int now = Environment.TickCount; // gate: missing-api
        text = text.Replace("a", "b"); // gate: missing-api
        text = Encoding.ASCII.GetString(data); // gate: missing-api
        Thread.Yield(); // gate: missing-api
        return text.Insert(now, "c"); // gate: missing-api
    }

    public double MissingMath(uint a, uint b)
    {
        return Math.Max(a, b); // gate: missing-api
    }

    public int Query(int[] values)
    {
        return values.Sum(); // gate: missing-api
    }

    public string Interpolated(int number)
    {
        return $"{number} of {_list}"; // gate: missing-api, generics
    }

    public int? Nullable(bool known) // gate: generics
    {
        return known ? 1 : null; // gate: generics
    }

    public (int, int) Tuple() // gate: generics
    {
        return (1, 2); // gate: generics
    }

    public IEnumerable<int> Iterator() // gate: generics
    {
        return null;
    }

    public Action<int> Action() // gate: generics
    {
        return null;
    }

    public string EnumText(Colour colour)
    {
        return colour.ToString(); // gate: enum-text
    }

    public string EnumInText(Colour colour)
    {
        return "a " + colour; // gate: enum-text
    }

    public object EnumAsObject(Colour colour)
    {
        return colour; // gate: enum-text
    }

    public object CompileOnly()
    {
        return typeof(UIntPtr); // gate: compile-only
    }

    public void Output()
    {
        Debug.WriteLine("needed"); // gate: debug-output
    }

    public override bool Equals(object other) // gate: own-equals
    {
        return other == this;
    }

    public T Generic<T>(T value) // gate: generics
    {
        return value;
    }

    public sealed class Box<T> // gate: generics
    {
        public int Number;
    }
}
