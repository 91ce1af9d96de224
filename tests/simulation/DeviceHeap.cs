using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using MatterNano.Devices;

namespace MatterNano.Simulation;

/// <summary>What a graph of the stack's objects takes in the managed heap of a 32-bit nanoCLR.</summary>
/// <remarks>
/// There an object is 12 bytes and 12 a field, whatever the field's type; an array of numbers 20 bytes and its packed data,
/// rounded up to 12; an array of references 20 and 12 an element; a string its UTF-8 and 13 bytes, a delegate 36.
/// </remarks>
public sealed class DeviceHeap
{
    private static readonly Assembly s_stack = typeof(MatterNode).Assembly;
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, (int Count, int Bytes)> _parts = new();

    /// <summary>Bytes of everything counted.</summary>
    public int Total { get; private set; }

    /// <summary>Bytes and count of each part: a type, or for an array the field that holds it.</summary>
    public IReadOnlyDictionary<string, (int Count, int Bytes)> Parts => _parts;

    /// <summary>Leaves an object and what only it reaches out.</summary>
    public void Skip(object value) => _seen.Add(value);

    /// <summary>Counts an object and all that it reaches inside the stack.</summary>
    public void Add(object root)
    {
        Queue<(object Value, string Holder)> queue = new();
        queue.Enqueue((root, "root"));
        while (queue.TryDequeue(out (object Value, string Holder) next))
        {
            object value = next.Value;
            Type type = value.GetType();
            if (value is string text)
            {
                // Literals lie in flash; strings made at run time are few and small.
                continue;
            }

            if (!_seen.Add(value))
            {
                continue;
            }

            if (value is Array array)
            {
                Type element = type.GetElementType();
                Count(next.Holder, element.IsPrimitive ? Round(20 + Buffer.ByteLength(array)) : 20 + (12 * array.Length));
                if (!element.IsPrimitive)
                {
                    foreach (object item in array)
                    {
                        if (item != null)
                        {
                            queue.Enqueue((item, next.Holder));
                        }
                    }
                }
            }
            else if (value is Delegate)
            {
                Count("delegate", 36);
            }
            else if (type.Assembly == s_stack)
            {
                List<FieldInfo> fields = new();
                for (Type t = type; t != typeof(object); t = t.BaseType)
                {
                    fields.AddRange(t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
                }

                Count(Name(type), 12 + (12 * fields.Count));
                foreach (FieldInfo field in fields.Where(f => !f.FieldType.IsPrimitive))
                {
                    object part = field.GetValue(value);
                    if (part != null)
                    {
                        queue.Enqueue((part, Name(field.DeclaringType) + "." + field.Name));
                    }
                }
            }
        }
    }

    /// <summary>The parts, largest first.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        _parts.OrderByDescending(p => p.Value.Bytes).Select(p => $"{p.Value.Bytes,6} {p.Value.Count,4}  {p.Key}"));

    private static int Round(int bytes) => (bytes + 11) / 12 * 12;

    private static string Name(Type type) => type.FullName.Substring("MatterNano.".Length);

    private void Count(string part, int bytes)
    {
        _parts.TryGetValue(part, out (int Count, int Bytes) sum);
        _parts[part] = (sum.Count + 1, sum.Bytes + bytes);
        Total += bytes;
    }
}
