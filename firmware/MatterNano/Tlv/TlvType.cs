namespace MatterNano.Tlv;

/// <summary>Kinds of TLV elements, without the width of their value (Core appendix A.7.1).</summary>
public static class TlvType
{
    /// <summary>There is no current element.</summary>
    public const int None = -1;

    /// <summary>A signed integer of 1, 2, 4 or 8 bytes.</summary>
    public const int SignedInteger = 0x00;

    /// <summary>An unsigned integer of 1, 2, 4 or 8 bytes.</summary>
    public const int UnsignedInteger = 0x04;

    /// <summary>True or false.</summary>
    public const int Boolean = 0x08;

    /// <summary>A 32-bit IEEE 754 number.</summary>
    public const int Float = 0x0a;

    /// <summary>A 64-bit IEEE 754 number.</summary>
    public const int Double = 0x0b;

    /// <summary>A UTF-8 string.</summary>
    public const int Utf8String = 0x0c;

    /// <summary>A byte string.</summary>
    public const int ByteString = 0x10;

    /// <summary>Null.</summary>
    public const int Null = 0x14;

    /// <summary>A container whose members all have tags.</summary>
    public const int Structure = 0x15;

    /// <summary>A container whose members have no tags.</summary>
    public const int Array = 0x16;

    /// <summary>A container whose members may have tags; their order matters.</summary>
    public const int List = 0x17;

    internal const int EndOfContainer = 0x18;
}
