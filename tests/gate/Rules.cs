namespace MatterNano.Gate;

/// <summary>The rules of the gate. Each has samples in the folder Samples that show what it catches.</summary>
public static class Rules
{
    /// <summary>A type or member that the packages do not have.</summary>
    public const string MissingApi = "missing-api";

    /// <summary>A type that the compiler sees and mscorlib.pe does not hold.</summary>
    public const string CompileOnly = "compile-only";

    /// <summary>A generic type or method, own or used.</summary>
    public const string Generics = "generics";

    /// <summary>A multidimensional array.</summary>
    public const string ArrayShape = "array-shape";

    /// <summary>An interface method with a body.</summary>
    public const string InterfaceBody = "interface-body";

    /// <summary>A call through a function pointer.</summary>
    public const string FunctionPointer = "function-pointer";

    /// <summary>A pointer, fixed or stackalloc.</summary>
    public const string Pointer = "pointer";

    /// <summary>Explicit layout, fixed-size buffer, inline array.</summary>
    public const string Layout = "layout";

    /// <summary>More than 255 locals, arguments or stack slots, or a body too long for 16-bit branches.</summary>
    public const string MethodSize = "method-size";

    /// <summary>A switch with more than 255 cases: its size is one byte in the image, and nanoCLR jumps astray.</summary>
    public const string SwitchSize = "switch-size";

    /// <summary>More than 255 fields or methods of a kind in a type.</summary>
    public const string TypeSize = "type-size";

    /// <summary>A table of an assembly near its limit of 64 KB.</summary>
    public const string ImageSize = "image-size";

    /// <summary>A type of an assembly that the device loads later: assemblies may not refer to each other in a circle.</summary>
    public const string AssemblyOrder = "assembly-order";

    /// <summary>Checked arithmetic: nanoCLR wraps.</summary>
    public const string Checked = "checked";

    /// <summary>A signed operation on a value that still has an unsigned tag.</summary>
    public const string UnsignedTag = "unsigned-tag";

    /// <summary>A type initialiser that depends on another type's statics.</summary>
    public const string InitializerOrder = "initializer-order";

    /// <summary>The text of an enum: nanoCLR gives the number.</summary>
    public const string EnumText = "enum-text";

    /// <summary>A class that overrides Equals: Hashtable does not call it.</summary>
    public const string OwnEquals = "own-equals";

    /// <summary>A conversion of a large floating-point number to ulong.</summary>
    public const string FloatToUlong = "float-to-ulong";

    /// <summary>A signed division whose divisor may be -1.</summary>
    public const string SignedDivision = "signed-division";

    /// <summary>Output through Debug, which release builds leave out.</summary>
    public const string DebugOutput = "debug-output";

    /// <summary>A static field that can change.</summary>
    public const string MutableStatic = "mutable-static";

    /// <summary>Statics that take too much of the heap from the start.</summary>
    public const string StaticBudget = "static-budget";
}
