namespace MatterNano.Emulator;

/// <summary>Memory that is only held.</summary>
public sealed class Ballast
{
    private readonly byte[] _memory;

    /// <summary>Puts a block on top of others.</summary>
    public Ballast(Ballast below, byte[] memory)
    {
        Below = below;
        _memory = memory;
    }

    /// <summary>The block below, or null.</summary>
    public Ballast Below { get; }

    /// <summary>Bytes held by this block.</summary>
    public int Size
    {
        get { return _memory.Length; }
    }
}
