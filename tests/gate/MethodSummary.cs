namespace MatterNano.Gate;

/// <summary>What the callers of a method must know of the tags of its arguments and of its result.</summary>
internal sealed class MethodSummary
{
    /// <summary>Parameters (one bit each) on which the method, or one it calls, does a signed operation.</summary>
    public ulong Sensitive { get; set; }

    /// <summary>Whether a signed result may come back with an unsigned tag, as a number that may be negative.</summary>
    public bool ReturnsUnsigned { get; set; }

    /// <summary>Parameters (one bit each) whose tag the result has.</summary>
    public ulong Returned { get; set; }

    /// <summary>Adds what another method with the same slot does; tells whether that was new.</summary>
    public bool Add(ulong sensitive, bool returnsUnsigned, ulong returned)
    {
        bool changed = (sensitive & ~Sensitive) != 0 || (returnsUnsigned && !ReturnsUnsigned) || (returned & ~Returned) != 0;
        Sensitive |= sensitive;
        ReturnsUnsigned |= returnsUnsigned;
        Returned |= returned;
        return changed;
    }
}
