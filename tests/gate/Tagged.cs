using Mono.Cecil;

namespace MatterNano.Gate;

/// <summary>What is known of a value on the evaluation stack: how nanoCLR tags it and how large it may be.</summary>
internal sealed record Tagged
{
    /// <summary>32 or 64 for integers, 0 for anything else, -1 for floating point.</summary>
    public int Width { get; init; }

    /// <summary>The value, read as unsigned, is below two to this power; equal to <see cref="Width"/> when nothing is known.</summary>
    public int Bits { get; init; }

    /// <summary>-1 when the tag is certainly signed, else <see cref="Bits"/> of the value where the tag is unsigned.</summary>
    public int UnsignedBits { get; init; } = -1;

    /// <summary>The parameters (one bit each) whose tag the value has: the caller decides it.</summary>
    public ulong Parameters { get; init; }

    /// <summary>The value of a constant.</summary>
    public long? Constant { get; init; }

    /// <summary>The type of a reference, or null.</summary>
    public TypeReference Type { get; init; }

    /// <summary>Whether a signed operation may take a negative number for a large positive one.</summary>
    public bool IsWrongWhenSigned => Width > 0 && UnsignedBits >= Width;

    /// <summary>Whether the value is certainly not negative.</summary>
    public bool IsNotNegative => Width > 0 && Bits < Width;

    /// <summary>Anything that is not a number.</summary>
    public static Tagged Reference(TypeReference type)
    {
        return new Tagged { Type = type };
    }

    /// <summary>A floating-point number.</summary>
    public static Tagged Float()
    {
        return new Tagged { Width = -1 };
    }

    /// <summary>An integer with a signed tag.</summary>
    public static Tagged Signed(int width, int bits, ulong parameters = 0)
    {
        return new Tagged { Width = width, Bits = bits, Parameters = parameters };
    }

    /// <summary>An integer with an unsigned tag.</summary>
    public static Tagged Unsigned(int width, int bits)
    {
        return new Tagged { Width = width, Bits = bits, UnsignedBits = bits };
    }

    /// <summary>What is known where two paths meet.</summary>
    public static Tagged Merge(Tagged a, Tagged b)
    {
        if (a.Equals(b))
        {
            return a;
        }

        return new Tagged
        {
            Width = a.Width == b.Width ? a.Width : 0,
            Bits = System.Math.Max(a.Bits, b.Bits),
            UnsignedBits = System.Math.Max(a.UnsignedBits, b.UnsignedBits),
            Parameters = a.Parameters | b.Parameters,
            Constant = a.Constant == b.Constant ? a.Constant : null,
            Type = a.Type ?? b.Type,
        };
    }

    /// <summary>The result of an operation: it has the tag of this, the left operand.</summary>
    public Tagged With(int bits)
    {
        bits = System.Math.Clamp(bits, 0, Width);
        return new Tagged { Width = Width, Bits = bits, UnsignedBits = UnsignedBits < 0 ? -1 : bits, Parameters = Parameters };
    }
}
